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

static const char *const tag_names[] = { "at", "provider", "event", "pledge", "payment", "reference", "reason" };

/* Version 1 has nothing of what an operator enters. */
enum { TAGS_1 = 5, TAGS_MAX = sizeof tag_names / sizeof tag_names[0] };

struct tags {
	const char *texts[TAGS_MAX]; /* by the place of their names; "" for what the entry does not have */
	size_t count;                /* of the version */
	char at[TIME_TEXT_SIZE];
};

/* What an entry says besides its postings. */
static void list_tags(const struct entry *entry, size_t count, struct tags *tags)
{
	*tags = (struct tags){
		.texts = { tags->at, entry->account, entry->event, entry->pledge, entry->payment, entry->reference, reason_name(entry->reason) },
		.count = count,
	};
	if (entry->at_s != 0)
		text_time_s(entry->at_s, tags->at);
}

/* ---- hledger and ledger, whose journals are one language here ---- */

static void put_journal_header(struct sheet *sheet, const char *name, size_t tags)
{
	struct buffer *out = sheet->csv.out;

	buffer_format(out, "; %s, made by pledger from its ledger: the code of a transaction is its seq\n\n", name);
	for (size_t i = 0; i < tags; i++)
		buffer_format(out, "tag %s\n", tag_names[i]);
}

static void put_hledger_header(struct sheet *sheet)
{
	put_journal_header(sheet, profile_hledger.name, TAGS_MAX);
}

static void put_hledger_header_1(struct sheet *sheet)
{
	put_journal_header(sheet, profile_hledger_1.name, TAGS_1);
}

static void put_ledger_header(struct sheet *sheet)
{
	put_journal_header(sheet, profile_ledger.name, TAGS_MAX);
}

static void put_ledger_header_1(struct sheet *sheet)
{
	put_journal_header(sheet, profile_ledger_1.name, TAGS_1);
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

static enum err put_journal_entry_with(struct sheet *sheet, const struct entry *entry, size_t tag_count, struct why *why)
{
	struct buffer *out = sheet->csv.out;
	struct tags tags;

	if (entry->posting_count == 0)
		return OK;
	enum err err = declare_in_journal(sheet, entry, why);

	if (err != OK)
		return err;
	buffer_char(out, '\n');
	put_date(sheet, entry->time_us);
	buffer_format(out, " * (%llu) %s\n", (unsigned long long)entry->seq, sheet_kind(entry));
	list_tags(entry, tag_count, &tags);
	for (size_t i = 0; i < tags.count; i++) {
		if (tags.texts[i][0] == '\0')
			continue;
		buffer_format(out, "    ; %s: ", tag_names[i]);
		put_comment_text(out, tags.texts[i]);
		buffer_char(out, '\n');
	}
	for (size_t i = 0; i < entry->posting_count; i++)
		put_posting(out, &entry->postings[i], "    ");
	sheet->rows++;
	return OK;
}

static enum err put_journal_entry(struct sheet *sheet, const struct entry *entry, struct why *why)
{
	return put_journal_entry_with(sheet, entry, TAGS_MAX, why);
}

static enum err put_journal_entry_1(struct sheet *sheet, const struct entry *entry, struct why *why)
{
	return put_journal_entry_with(sheet, entry, TAGS_1, why);
}

const struct profile profile_hledger = {
	.name = "hledger/2",
	.extension = "journal",
	.media_type = "text/plain; charset=utf-8",
	.header = put_hledger_header,
	.rows = put_journal_entry,
};

const struct profile profile_hledger_1 = {
	.name = "hledger/1",
	.extension = "journal",
	.media_type = "text/plain; charset=utf-8",
	.header = put_hledger_header_1,
	.rows = put_journal_entry_1,
};

const struct profile profile_ledger = {
	.name = "ledger/2",
	.extension = "ledger",
	.media_type = "text/plain; charset=utf-8",
	.header = put_ledger_header,
	.rows = put_journal_entry,
};

const struct profile profile_ledger_1 = {
	.name = "ledger/1",
	.extension = "ledger",
	.media_type = "text/plain; charset=utf-8",
	.header = put_ledger_header_1,
	.rows = put_journal_entry_1,
};

/* ---- beancount ---- */

static void put_beancount_header(struct sheet *sheet)
{
	buffer_format(sheet->csv.out, "; %s, made by pledger from its ledger\n", profile_beancount.name);
}

static void put_beancount_header_1(struct sheet *sheet)
{
	buffer_format(sheet->csv.out, "; %s, made by pledger from its ledger\n", profile_beancount_1.name);
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

static enum err put_beancount_entry_with(struct sheet *sheet, const struct entry *entry, size_t tag_count, struct why *why)
{
	struct buffer *out = sheet->csv.out;
	struct tags tags;

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
	list_tags(entry, tag_count, &tags);
	for (size_t i = 0; i < tags.count; i++)
		if (tags.texts[i][0] != '\0')
			put_metadata(out, tag_names[i], tags.texts[i]);
	for (size_t i = 0; i < entry->posting_count; i++)
		put_posting(out, &entry->postings[i], "  ");
	sheet->rows++;
	return OK;
}

static enum err put_beancount_entry(struct sheet *sheet, const struct entry *entry, struct why *why)
{
	return put_beancount_entry_with(sheet, entry, TAGS_MAX, why);
}

static enum err put_beancount_entry_1(struct sheet *sheet, const struct entry *entry, struct why *why)
{
	return put_beancount_entry_with(sheet, entry, TAGS_1, why);
}

const struct profile profile_beancount = {
	.name = "beancount/2",
	.extension = "beancount",
	.media_type = "text/plain; charset=utf-8",
	.header = put_beancount_header,
	.rows = put_beancount_entry,
};

const struct profile profile_beancount_1 = {
	.name = "beancount/1",
	.extension = "beancount",
	.media_type = "text/plain; charset=utf-8",
	.header = put_beancount_header_1,
	.rows = put_beancount_entry_1,
};
