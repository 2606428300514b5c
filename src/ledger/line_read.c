/*
 * Reading a line back, front to back: a line of ours can be spelled in one way only, so each next byte
 * is either the expected one or a reason to refuse. Nothing is allocated and no byte is looked at
 * twice, so each member is asked for its form as it is taken. What comes out would pass what goes in
 * (entry_check), and written again it gives the same bytes: tests and the fuzz target hold it to that.
 */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "domain/token.h"
#include "ledger/line.h"
#include "ledger/line_later.h"
#include "ledger/line_pieces.h"

static const char chain_head[] = ",\"chain\":\"";

/* ---- members ---- */

static bool take_money(struct reader *reader, struct bytes amount, struct money *money)
{
	struct bytes currency;

	return take_plain(reader, &currency) && money_parse_pair(amount, currency, money) == OK;
}

static bool take_at(struct reader *reader, struct entry *entry)
{
	struct bytes text;

	/* 1970 begins with 0, which stands for "not said". */
	return take_plain(reader, &text) && text_parse_time_s(text, &entry->at_s) == OK && entry->at_s != 0;
}

/* Of a campaign, tier, organisation or provider account. */
static bool take_id(struct reader *reader, char id[static ID_SIZE])
{
	struct bytes text;

	if (!take_plain(reader, &text) || !id_is_valid(text))
		return false;
	memcpy(id, text.data, text.length);
	id[text.length] = '\0';
	return true;
}

/* Lower-case hexadecimal digits, just so many. */
static bool take_hex(struct reader *reader, char *hex, size_t digits)
{
	struct bytes text;

	if (!take_plain(reader, &text) || text.length != digits || !text_is_hex(text))
		return false;
	memcpy(hex, text.data, digits);
	hex[digits] = '\0';
	return true;
}

static bool take_account(struct reader *reader, struct entry *entry)
{
	return take_id(reader, entry->account);
}

static bool take_event(struct reader *reader, struct entry *entry)
{
	return take_string(reader, entry->event, sizeof entry->event);
}

static bool take_pledge(struct reader *reader, struct entry *entry)
{
	struct bytes text;

	if (!take_plain(reader, &text) || !token_is_pledge(text))
		return false;
	memcpy(entry->pledge, text.data, TOKEN_SIZE - 1);
	entry->pledge[TOKEN_SIZE - 1] = '\0';
	return true;
}

static bool take_payment(struct reader *reader, struct entry *entry)
{
	return take_string(reader, entry->payment, sizeof entry->payment);
}

static bool take_ref(struct reader *reader, struct entry *entry)
{
	struct ref *ref = &entry->refs[entry->ref_count];
	struct bytes name;

	if (entry->ref_count == REFS_MAX || !take_plain(reader, &name))
		return false;
	/* They stand in the order of their kinds, each at most once. */
	int kind = entry->ref_count > 0 ? (int)ref[-1].kind + 1 : 0;

	while (kind < REF_KINDS && !bytes_is(name, ref_kind_name((enum ref_kind)kind)))
		kind++;
	ref->kind = (enum ref_kind)kind;
	entry->ref_count++;
	return kind < REF_KINDS && take(reader, BYTES_LITERAL(":")) && take_string(reader, ref->id, sizeof ref->id);
}

static bool take_refs(struct reader *reader, struct entry *entry)
{
	if (!take(reader, BYTES_LITERAL("{")))
		return false;
	do {
		if (!take_ref(reader, entry))
			return false;
	} while (take(reader, BYTES_LITERAL(",")));
	return take(reader, BYTES_LITERAL("}"));
}

/* The ledger's id, and what stands behind it in the first line. */
static bool take_ledger(struct reader *reader, struct entry *entry)
{
	uint64_t format;

	if (!take_hex(reader, entry->ledger, sizeof entry->ledger - 1) || !take(reader, BYTES_LITERAL(",\"organisation\":"))
	    || !take_id(reader, entry->organisation))
		return false;
	entry->live = take(reader, BYTES_LITERAL(",\"mode\":\"live\""));
	if ((!entry->live && !take(reader, BYTES_LITERAL(",\"mode\":\"test\""))) || !take(reader, BYTES_LITERAL(",\"format\":"))
	    || !take_number(reader, &format) || format != 1)
		return false;
	entry->format = (uint32_t)format;
	return true;
}

/* The terms, which stand together: campaign, tier and interval. */
static bool take_campaign(struct reader *reader, struct entry *entry)
{
	struct bytes text;

	entry->has_interval = true;
	return take_id(reader, entry->campaign) && take(reader, BYTES_LITERAL(",\"tier\":")) && take_id(reader, entry->tier)
	       && take(reader, BYTES_LITERAL(",\"interval\":")) && take_plain(reader, &text) && interval_parse(text, &entry->interval);
}

static bool take_amount(struct reader *reader, struct entry *entry)
{
	struct bytes amount;

	return take_plain(reader, &amount) && take(reader, BYTES_LITERAL(",\"currency\":")) && take_money(reader, amount, &entry->amount);
}

static bool take_key(struct reader *reader, struct entry *entry)
{
	return take_hex(reader, entry->key, sizeof entry->key - 1);
}

static bool take_total(struct reader *reader, struct entry *entry)
{
	entry->total = true;
	return take(reader, BYTES_LITERAL("true"));
}

/* Another amount in the currency of the settlement. */
static bool take_part(struct reader *reader, struct bytes head, const struct currency *currency, struct money *money)
{
	struct bytes amount;

	return take(reader, head) && take_plain(reader, &amount) && money_parse_exact(amount, currency, money) == OK;
}

/* What the balance says, from "settlement" to "lines". */
static bool take_settlement(struct reader *reader, struct entry *entry)
{
	struct clearing *clearing = &entry->clearing;
	const struct currency *currency = &clearing->settlement.currency;
	struct bytes amount;
	uint64_t lines;

	if (!take_plain(reader, &amount) || !take(reader, BYTES_LITERAL(",\"settlement_currency\":"))
	    || !take_money(reader, amount, &clearing->settlement)
	    || !take_part(reader, BYTES_LITERAL(",\"fee\":"), currency, &clearing->fee)
	    || !take_part(reader, BYTES_LITERAL(",\"net\":"), currency, &clearing->net))
		return false;
	if (take(reader, BYTES_LITERAL(",\"rate\":")) && !take_string(reader, clearing->rate, sizeof clearing->rate))
		return false;
	if (!take(reader, BYTES_LITERAL(",\"lines\":")) || !take_number(reader, &lines) || lines > UINT32_MAX)
		return false;
	clearing->lines = (uint32_t)lines;
	return clearing_is_good(clearing);
}

static bool take_reference(struct reader *reader, struct entry *entry)
{
	return take_string(reader, entry->reference, sizeof entry->reference) && reference_is_valid(bytes_of(entry->reference));
}

/* Zero stands for "none" and is never written. */
static bool take_parked(struct reader *reader, struct entry *entry)
{
	return take_number(reader, &entry->parked) && entry->parked != 0;
}

static bool take_was(struct reader *reader, struct entry *entry)
{
	return take_number(reader, &entry->was) && entry->was != 0;
}

static bool take_reason(struct reader *reader, struct entry *entry)
{
	struct bytes text;

	return take_plain(reader, &text) && reason_parse(text, &entry->reason);
}

static bool take_status(struct reader *reader, struct entry *entry)
{
	struct bytes text;

	entry->has_status = true;
	return take_plain(reader, &text) && event_kind_parse(text, &entry->status);
}

static bool take_type(struct reader *reader, struct entry *entry)
{
	return take_string(reader, entry->type, sizeof entry->type);
}

static bool take_digest(struct reader *reader, struct entry *entry)
{
	return take_hex(reader, entry->digest, sizeof entry->digest - 1);
}

static bool take_posting(struct reader *reader, struct entry *entry)
{
	struct posting *posting = &entry->postings[entry->posting_count];
	struct bytes account;
	struct bytes currency;
	struct bytes amount;

	if (entry->posting_count == POSTINGS_MAX || !take(reader, BYTES_LITERAL("{\"account\":")) || !take_plain(reader, &account)
	    || !take(reader, BYTES_LITERAL(",\"currency\":")) || !take_plain(reader, &currency)
	    || !take(reader, BYTES_LITERAL(",\"amount\":")) || !take_plain(reader, &amount))
		return false;
	entry->posting_count++;
	return ledger_account_parse(account, &posting->account) == OK
	       && money_parse_pair(amount, currency, &posting->amount) == OK
	       && take(reader, BYTES_LITERAL("}"));
}

static bool take_postings(struct reader *reader, struct entry *entry)
{
	if (!take(reader, BYTES_LITERAL("[")))
		return false;
	do {
		if (!take_posting(reader, entry))
			return false;
	} while (take(reader, BYTES_LITERAL(",")));
	return take(reader, BYTES_LITERAL("]"));
}

/* The members between "kind" and "synced" in the order in which line_write has them, each there or not; some take those behind them too. */
static const struct member {
	struct bytes head;
	bool (*take)(struct reader *reader, struct entry *entry);
} members[] = {
#define MEMBER(name) { { ",\"" #name "\":", sizeof ",\"" #name "\":" - 1 }, take_##name }
	MEMBER(at),     MEMBER(account),  MEMBER(event),  MEMBER(pledge), MEMBER(payment), MEMBER(refs),
	MEMBER(ledger), MEMBER(campaign), MEMBER(amount), MEMBER(total),
	MEMBER(key), MEMBER(settlement), MEMBER(reference), MEMBER(parked), MEMBER(was),
	MEMBER(reason), MEMBER(status),   MEMBER(type),   MEMBER(digest), MEMBER(postings),
#undef MEMBER
};

enum { MEMBERS = sizeof members / sizeof members[0] };

/* ---- the line ---- */

/* The name of the member that the reader stands in front of, for the message. */
static enum err refuse_at(const char *member, struct why *why)
{
	char name[32];
	size_t length = strcspn(member + 2, "\"");

	snprintf(name, sizeof name, "%.*s", (int)length, member + 2);
	return why_set(why, ERR_CORRUPT, "the member \"%s\" cannot be read", name);
}

static enum err take_frame(struct reader *reader, struct entry *entry, struct why *why)
{
	struct bytes text = { 0 };

	if (!take(reader, BYTES_LITERAL("{\"seq\":")) || !take_number(reader, &entry->seq))
		return refuse_at(",\"seq\":", why);
	if (!take(reader, BYTES_LITERAL(",\"time\":")) || !take_plain(reader, &text) || text_parse_time(text, &entry->time_us) != OK)
		return refuse_at(",\"time\":", why);
	if (!take(reader, BYTES_LITERAL(",\"kind\":")) || !take_plain(reader, &text) || text.length == 0)
		return refuse_at(",\"kind\":", why);
	entry->kind = entry_kind_parse(text);
	if (entry->kind == ENTRY_OTHER && bytes_copy_text(text, entry->other_kind, sizeof entry->other_kind) != OK)
		return refuse_at(",\"kind\":", why);
	return OK;
}

static enum err take_members(struct reader *reader, struct entry *entry, struct why *why)
{
	for (size_t i = 0; i < MEMBERS; i++) {
		struct bytes head = members[i].head;

		/* The first letter tells most apart; the chain's member behind the content makes sure that there is one. */
		if (reader->at[2] == head.data[2] && take(reader, head) && !members[i].take(reader, entry))
			return refuse_at(head.data, why);
	}
	if (!take(reader, BYTES_LITERAL(",\"synced\":")))
		return why_set(why, ERR_CORRUPT, "a member that is unknown or out of order");
	if (!take_number(reader, &entry->synced) || reader->at != reader->end)
		return refuse_at(",\"synced\":", why);
	return OK;
}

static enum err check_chain_form(struct bytes line, struct why *why)
{
	const char *tail = line.data + line.length - CHAIN_TAIL_BYTES;
	struct bytes hex = { tail + sizeof chain_head - 1, (size_t)(2 * CHAIN_BYTES) };

	if (memcmp(tail, chain_head, sizeof chain_head - 1) != 0 || memcmp(hex.data + hex.length, "\"}", 2) != 0
	    || !text_is_hex(hex))
		return refuse_at(chain_head, why);
	return OK;
}

enum err line_read(struct bytes line, struct entry *entry, struct why *why)
{
	memset(entry, 0, offsetof(struct entry, refs));
	if (line.length < CHAIN_TAIL_BYTES)
		return why_set(why, ERR_CORRUPT, "the line is not an entry");
	if (line.length > LINE_BYTES_MAX)
		return why_set(why, ERR_CORRUPT, "the line is longer than %d bytes", LINE_BYTES_MAX);
	struct reader reader = { line.data, line.data + line.length - CHAIN_TAIL_BYTES };
	enum err err = check_chain_form(line, why);

	if (err == OK)
		err = take_frame(&reader, entry, why);
	if (err == OK)
		err = entry->kind == ENTRY_OTHER ? line_later_read(line, entry, why) : take_members(&reader, entry, why);
	if (err == OK && entry_check_read(entry, why) != OK)
		return ERR_CORRUPT;
	return err;
}
