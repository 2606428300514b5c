#include "ledger/line.h"

#include <string.h>

#include "base/digest.h"
#include "base/plain.h"
#include "base/text.h"

static void put_escaped(struct buffer *out, struct bytes text)
{
	for (size_t i = 0; i < text.length; i++) {
		unsigned char c = (unsigned char)text.data[i];

		if (c < 0x20)
			buffer_format(out, "\\u%04x", (unsigned)c);
		else if (c == '"' || c == '\\')
			buffer_char(out, '\\');
		if (c >= 0x20)
			buffer_char(out, (char)c);
	}
}

/* Nearly all are plain from end to end. */
static void put_string(struct buffer *out, const char *text)
{
	struct bytes rest = bytes_of(text);
	size_t plain = plain_length(rest.data, rest.length);

	buffer_char(out, '"');
	buffer_append(out, rest.data, plain);
	if (plain < rest.length)
		put_escaped(out, (struct bytes){ rest.data + plain, rest.length - plain });
	buffer_char(out, '"');
}

/* `"name":` with the comma that parts it from the member before. `name` is ours and needs no escapes. */
static void put_name(struct buffer *out, const char *name)
{
	buffer_text(out, ",\"");
	buffer_text(out, name);
	buffer_text(out, "\":");
}

/* Absent rather than empty. */
static void put_member(struct buffer *out, const char *name, const char *value)
{
	if (value[0] == '\0')
		return;
	put_name(out, name);
	put_string(out, value);
}

static void put_number(struct buffer *out, const char *name, uint64_t number)
{
	put_name(out, name);
	buffer_unsigned(out, number);
}

static void put_at(struct buffer *out, int64_t at_s)
{
	char text[TIME_TEXT_SIZE];

	if (at_s == 0)
		return;
	text_time_s(at_s, text);
	put_member(out, "at", text);
}

static void put_refs(struct buffer *out, const struct entry *entry)
{
	if (entry->ref_count == 0)
		return;
	put_name(out, "refs");
	for (size_t i = 0; i < entry->ref_count; i++) {
		buffer_text(out, i == 0 ? "{\"" : ",\"");
		buffer_text(out, ref_kind_name(entry->refs[i].kind));
		buffer_text(out, "\":");
		put_string(out, entry->refs[i].id);
	}
	buffer_char(out, '}');
}

static void put_opened(struct buffer *out, const struct entry *entry)
{
	if (entry->ledger[0] == '\0')
		return;
	put_member(out, "ledger", entry->ledger);
	put_member(out, "organisation", entry->organisation);
	put_member(out, "mode", entry->live ? "live" : "test");
	put_number(out, "format", entry->format);
}

static void put_amount(struct buffer *out, const struct money *amount)
{
	char text[AMOUNT_TEXT_SIZE];

	if (amount->currency.code[0] == '\0')
		return;
	money_format(amount, text);
	put_member(out, "amount", text);
	put_member(out, "currency", amount->currency.code);
}

static void put_clearing(struct buffer *out, const struct clearing *clearing)
{
	char text[AMOUNT_TEXT_SIZE];

	if (clearing->settlement.currency.code[0] == '\0')
		return;
	money_format(&clearing->settlement, text);
	put_member(out, "settlement", text);
	put_member(out, "settlement_currency", clearing->settlement.currency.code);
	money_format(&clearing->fee, text);
	put_member(out, "fee", text);
	money_format(&clearing->net, text);
	put_member(out, "net", text);
	put_member(out, "rate", clearing->rate);
	put_number(out, "lines", clearing->lines);
}

static void put_operator(struct buffer *out, const struct entry *entry)
{
	put_member(out, "reference", entry->reference);
	if (entry->parked != 0)
		put_number(out, "parked", entry->parked);
	if (entry->was != 0)
		put_number(out, "was", entry->was);
}

static void put_postings(struct buffer *out, const struct entry *entry)
{
	if (entry->posting_count == 0)
		return;
	put_name(out, "postings");
	for (size_t i = 0; i < entry->posting_count; i++) {
		char account[LEDGER_ACCOUNT_TEXT_SIZE];
		char amount[AMOUNT_TEXT_SIZE];

		ledger_account_format(&entry->postings[i].account, account);
		money_format(&entry->postings[i].amount, amount);
		buffer_text(out, i == 0 ? "[{\"account\":" : ",{\"account\":");
		put_string(out, account);
		put_member(out, "currency", entry->postings[i].amount.currency.code);
		put_member(out, "amount", amount);
		buffer_char(out, '}');
	}
	buffer_char(out, ']');
}

static void put_entry(struct buffer *out, const struct entry *entry)
{
	char time[TIME_TEXT_SIZE];

	text_time(entry->time_us, time);
	buffer_text(out, "{\"seq\":");
	buffer_unsigned(out, entry->seq);
	put_member(out, "time", time);
	put_member(out, "kind", entry_kind_name(entry->kind));
	put_at(out, entry->at_s);
	put_member(out, "account", entry->account);
	put_member(out, "event", entry->event);
	put_member(out, "pledge", entry->pledge);
	put_member(out, "payment", entry->payment);
	put_refs(out, entry);
	put_opened(out, entry);
	put_member(out, "campaign", entry->campaign);
	put_member(out, "tier", entry->tier);
	if (entry->has_interval)
		put_member(out, "interval", interval_name(entry->interval));
	put_amount(out, &entry->amount);
	if (entry->total) {
		put_name(out, "total");
		buffer_text(out, "true");
	}
	put_member(out, "key", entry->key);
	put_clearing(out, &entry->clearing);
	put_operator(out, entry);
	put_member(out, "reason", reason_name(entry->reason));
	if (entry->has_status)
		put_member(out, "status", event_kind_name(entry->status));
	put_member(out, "type", entry->type);
	put_member(out, "digest", entry->digest);
	put_postings(out, entry);
	put_number(out, "synced", entry->synced);
}

static enum err next_chain(struct bytes content, const uint8_t before[static CHAIN_BYTES],
                           uint8_t chain[static CHAIN_BYTES])
{
	struct bytes pieces[] = { { (const char *)before, CHAIN_BYTES }, content };

	return digest_sha256(pieces, 2, chain);
}

enum err line_write(struct buffer *out, const struct entry *entry, uint8_t chain[static CHAIN_BYTES])
{
	size_t start = out->length;
	uint8_t own[CHAIN_BYTES];
	char hex[2 * CHAIN_BYTES + 1];

	put_entry(out, entry);
	enum err err = buffer_err(out);

	if (err == OK)
		err = next_chain((struct bytes){ out->data + start, out->length - start }, chain, own);
	if (err == OK) {
		text_hex(own, CHAIN_BYTES, hex);
		put_member(out, "chain", hex);
		buffer_text(out, "}\n");
		err = buffer_err(out);
	}
	if (err == OK && out->length - start - 1 > LINE_BYTES_MAX)
		err = ERR_TOO_BIG;
	if (err != OK) {
		out->length = start;
		out->err = OK;
		return err;
	}
	memcpy(chain, own, CHAIN_BYTES);
	return OK;
}

enum err line_check_chain(struct bytes line, const uint8_t before[static CHAIN_BYTES],
                          uint8_t chain[static CHAIN_BYTES], struct why *why)
{
	static const char head[] = "{\"seq\":";
	static const char tail[] = ",\"chain\":\"";
	char hex[2 * CHAIN_BYTES + 1];
	uint8_t own[CHAIN_BYTES];

	if (line.length > LINE_BYTES_MAX)
		return why_set(why, ERR_CORRUPT, "the line is longer than %d bytes", LINE_BYTES_MAX);
	if (line.length < sizeof head - 1 + CHAIN_TAIL_BYTES || !bytes_starts_with(line, head))
		return why_set(why, ERR_CORRUPT, "the line is not an entry");
	struct bytes content = { line.data, line.length - CHAIN_TAIL_BYTES };
	const char *end = line.data + content.length;
	enum err err = next_chain(content, before, own);

	if (err != OK)
		return err;
	if (memcmp(end, tail, sizeof tail - 1) != 0 || memcmp(line.data + line.length - 2, "\"}", 2) != 0)
		return why_set(why, ERR_CORRUPT, "the line does not end with its chain");
	text_hex(own, CHAIN_BYTES, hex);
	if (memcmp(hex, end + sizeof tail - 1, sizeof hex - 1) != 0)
		return why_set(why, ERR_CORRUPT, "the chain does not hold: this line or an earlier one was changed");
	memcpy(chain, own, CHAIN_BYTES);
	return OK;
}
