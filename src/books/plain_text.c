/*
 * The books as plain-text accounting tools read them: hledger, ledger and beancount. An account or
 * currency is declared just before its first use, so that the tools' strict modes accept a stream.
 *
 * Account names: all three want a capital at the beginning of each part only because beancount does;
 * the rule is one for all, and a name in lower case is the ledger's again.
 */
#include "books/profile.h"

#include <string.h>

#include "base/text.h"

enum { ACCOUNT_COLUMN = 64, AMOUNT_COLUMN = 16 };

void sheet_account_name(const struct ledger_account *account, char name[static LEDGER_ACCOUNT_TEXT_SIZE])
{
	bool first = true;

	ledger_account_format(account, name);
	for (char *at = name; *at != '\0'; at++) {
		if (first && *at >= 'a' && *at <= 'z')
			*at = (char)(*at - 'a' + 'A');
		first = *at == ':';
	}
}

static void put_date(struct sheet *sheet, int64_t time_us)
{
	char text[TIME_TEXT_SIZE];

	sheet_local(sheet, time_us, text);
	buffer_append(sheet->csv.out, text, sizeof "2026-11-22" - 1);
}

static enum err declare(struct sheet *sheet, const char *name, bool *is_new, struct why *why)
{
	size_t before = sheet->words.count;
	uint32_t number;
	enum err err = words_number(&sheet->words, name, &number);

	*is_new = sheet->words.count > before;
	return err == ERR_TOO_BIG ? why_set(why, err, "the ledger has too many accounts for one export") : err;
}

/* "    Income:Donations:Box:Box-100      -100.00 USD", the amounts' ends below each other. */
static void put_posting(struct buffer *out, const struct posting *posting, const char *indent)
{
	char account[LEDGER_ACCOUNT_TEXT_SIZE];
	char amount[AMOUNT_TEXT_SIZE];

	sheet_account_name(&posting->account, account);
	money_format(&posting->amount, amount);
	buffer_format(out, "%s%-*s  %*s %s\n", indent, ACCOUNT_COLUMN, account, AMOUNT_COLUMN, amount,
	              posting->amount.currency.code);
}

/* What an entry says besides its postings, by the names of tags. */
static size_t list_tags(const struct entry *entry, char at[static TIME_TEXT_SIZE], const char *(*tags)[2])
{
	const char *const given[][2] = {
		{ "at", at }, { "provider", entry->account }, { "event", entry->event }, { "pledge", entry->pledge },
		{ "payment", entry->payment },
	};
	size_t count = 0;

	at[0] = '\0';
	if (entry->at_s != 0)
		text_time_s(entry->at_s, at);
	for (size_t i = 0; i < sizeof given / sizeof given[0]; i++)
		if (given[i][1][0] != '\0') {
			tags[count][0] = given[i][0];
			tags[count++][1] = given[i][1];
		}
	return count;
}

enum { TAGS_MAX = 5 };

/* ---- hledger and ledger, whose journals are one language here ---- */

static const char *const tag_names[] = { "at", "provider", "event", "pledge", "payment" };

static void put_journal_header(struct sheet *sheet, const char *name)
{
	struct buffer *out = sheet->csv.out;

	buffer_format(out, "; %s, made by pledger from its ledger: the code of a transaction is its seq\n\n", name);
	for (size_t i = 0; i < sizeof tag_names / sizeof tag_names[0]; i++)
		buffer_format(out, "tag %s\n", tag_names[i]);
}

static void put_hledger_header(struct sheet *sheet)
{
	put_journal_header(sheet, profile_hledger.name);
}

static void put_ledger_header(struct sheet *sheet)
{
	put_journal_header(sheet, profile_ledger.name);
}

static enum err declare_in_journal(struct sheet *sheet, const struct entry *entry, struct why *why)
{
	struct buffer *out = sheet->csv.out;
	char name[LEDGER_ACCOUNT_TEXT_SIZE];

	for (size_t i = 0; i < entry->posting_count; i++) {
		const char *code = entry->postings[i].amount.currency.code;
		bool new_currency = false;
		bool new_account = false;
		enum err err = declare(sheet, code, &new_currency, why);

		sheet_account_name(&entry->postings[i].account, name);
		if (err == OK)
			err = declare(sheet, name, &new_account, why);
		if (err != OK)
			return err;
		if (new_currency)
			buffer_format(out, "\ncommodity %s\n", code);
		if (new_account)
			buffer_format(out, "\naccount %s\n", name);
	}
	return OK;
}

/* A comment ends with its line: what an id must not bring in is a line's end. */
static void put_comment_text(struct buffer *out, const char *text)
{
	for (; *text != '\0'; text++)
		buffer_char(out, (unsigned char)*text < ' ' || *text == 0x7f ? ' ' : *text);
}

static enum err put_journal_entry(struct sheet *sheet, const struct entry *entry, struct why *why)
{
	struct buffer *out = sheet->csv.out;
	const char *tags[TAGS_MAX][2];
	char at[TIME_TEXT_SIZE];

	if (entry->posting_count == 0)
		return OK;
	enum err err = declare_in_journal(sheet, entry, why);

	if (err != OK)
		return err;
	buffer_char(out, '\n');
	put_date(sheet, entry->time_us);
	buffer_format(out, " * (%llu) %s\n", (unsigned long long)entry->seq, sheet_kind(entry));
	size_t count = list_tags(entry, at, tags);

	for (size_t i = 0; i < count; i++) {
		buffer_format(out, "    ; %s: ", tags[i][0]);
		put_comment_text(out, tags[i][1]);
		buffer_char(out, '\n');
	}
	for (size_t i = 0; i < entry->posting_count; i++)
		put_posting(out, &entry->postings[i], "    ");
	sheet->rows++;
	return OK;
}

const struct profile profile_hledger = {
	.name = "hledger/1",
	.extension = "journal",
	.media_type = "text/plain; charset=utf-8",
	.header = put_hledger_header,
	.rows = put_journal_entry,
};

const struct profile profile_ledger = {
	.name = "ledger/1",
	.extension = "ledger",
	.media_type = "text/plain; charset=utf-8",
	.header = put_ledger_header,
	.rows = put_journal_entry,
};

/* ---- beancount ---- */

static void put_beancount_header(struct sheet *sheet)
{
	buffer_format(sheet->csv.out, "; %s, made by pledger from its ledger\n", profile_beancount.name);
}

/* An account is opened on the day of its first entry. */
static enum err open_in_beancount(struct sheet *sheet, const struct entry *entry, struct why *why)
{
	struct buffer *out = sheet->csv.out;
	char name[LEDGER_ACCOUNT_TEXT_SIZE];

	for (size_t i = 0; i < entry->posting_count; i++) {
		bool is_new = false;

		sheet_account_name(&entry->postings[i].account, name);
		enum err err = declare(sheet, name, &is_new, why);

		if (err != OK)
			return err;
		if (!is_new)
			continue;
		buffer_char(out, '\n');
		put_date(sheet, entry->time_us);
		buffer_format(out, " open %s\n", name);
	}
	return OK;
}

static void put_quoted(struct buffer *out, const char *text)
{
	buffer_char(out, '"');
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			buffer_char(out, '\\');
		buffer_char(out, (unsigned char)*text < ' ' || *text == 0x7f ? ' ' : *text);
	}
	buffer_char(out, '"');
}

static void put_metadata(struct buffer *out, const char *name, const char *text)
{
	buffer_format(out, "  %s: ", name);
	put_quoted(out, text);
	buffer_char(out, '\n');
}

static enum err put_beancount_entry(struct sheet *sheet, const struct entry *entry, struct why *why)
{
	struct buffer *out = sheet->csv.out;
	const char *tags[TAGS_MAX][2];
	char at[TIME_TEXT_SIZE];

	if (entry->posting_count == 0)
		return OK;
	enum err err = open_in_beancount(sheet, entry, why);

	if (err != OK)
		return err;
	buffer_char(out, '\n');
	put_date(sheet, entry->time_us);
	buffer_text(out, " * ");
	put_quoted(out, sheet_kind(entry));
	buffer_format(out, "\n  seq: %llu\n", (unsigned long long)entry->seq);
	size_t count = list_tags(entry, at, tags);

	for (size_t i = 0; i < count; i++)
		put_metadata(out, tags[i][0], tags[i][1]);
	for (size_t i = 0; i < entry->posting_count; i++)
		put_posting(out, &entry->postings[i], "  ");
	sheet->rows++;
	return OK;
}

const struct profile profile_beancount = {
	.name = "beancount/1",
	.extension = "beancount",
	.media_type = "text/plain; charset=utf-8",
	.header = put_beancount_header,
	.rows = put_beancount_entry,
};
