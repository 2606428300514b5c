/*
 * Reading a line back. The members are fetched by name from the strict JSON reader; then the entry
 * is written again and must give the same bytes, which refuses every other spelling, order, and
 * unknown member in one go.
 */
#include <stdio.h>
#include <string.h>

#include "base/json_text.h"
#include "base/text.h"
#include "ledger/line.h"

enum { NODES_MAX = 160 };

struct source {
	struct json_text json;
	const struct json_node *object;
	const char *bad; /* the first member that could not be read */
};

static void get_text(struct source *source, const char *name, char *out, size_t size)
{
	const struct json_node *node = json_text_member(&source->json, source->object, name);

	out[0] = '\0';
	if (node != NULL && json_text_string(&source->json, node, out, size) != OK && source->bad == NULL)
		source->bad = name;
}

static uint64_t get_number(struct source *source, const char *name)
{
	const struct json_node *node = json_text_member(&source->json, source->object, name);
	int64_t number = 0;

	if ((node == NULL || json_text_integer(&source->json, node, &number) != OK || number < 0) && source->bad == NULL)
		source->bad = name;
	return (uint64_t)number;
}

static void get_money(struct source *source, const struct json_node *object, struct money *money)
{
	const struct json_node *amount = json_text_member(&source->json, object, "amount");
	const struct json_node *currency = json_text_member(&source->json, object, "currency");

	if (amount == NULL && currency == NULL)
		return;
	if (amount == NULL || currency == NULL || amount->kind != JSON_KIND_STRING || currency->kind != JSON_KIND_STRING
	    || currency_parse(json_text_raw(&source->json, currency), &money->currency) != OK
	    || money_parse_exact(json_text_raw(&source->json, amount), &money->currency, money) != OK) {
		if (source->bad == NULL)
			source->bad = "amount";
	}
}

static void get_times(struct source *source, struct entry *entry)
{
	char text[TIME_TEXT_SIZE];

	get_text(source, "time", text, sizeof text);
	if (text_parse_time(bytes_of(text), &entry->time_us) != OK && source->bad == NULL)
		source->bad = "time";
	get_text(source, "at", text, sizeof text);
	if (text[0] != '\0' && text_parse_time_s(bytes_of(text), &entry->at_s) != OK && source->bad == NULL)
		source->bad = "at";
}

static void get_refs(struct source *source, struct entry *entry)
{
	const struct json_node *refs = json_text_member(&source->json, source->object, "refs");
	const struct json_node *node = json_text_first(&source->json, refs);

	for (; node != NULL; node = json_text_next(&source->json, node)) {
		struct ref *ref = &entry->refs[entry->ref_count];
		int kind = 0;

		while (kind < REF_KINDS
		       && !bytes_is(json_text_key(&source->json, node), ref_kind_name((enum ref_kind)kind)))
			kind++;
		if (kind == REF_KINDS || entry->ref_count == REFS_MAX
		    || json_text_string(&source->json, node, ref->id, sizeof ref->id) != OK) {
			source->bad = source->bad == NULL ? "refs" : source->bad;
			return;
		}
		ref->kind = (enum ref_kind)kind;
		entry->ref_count++;
	}
}

static void get_opened(struct source *source, struct entry *entry)
{
	char mode[8];

	get_text(source, "ledger", entry->ledger, sizeof entry->ledger);
	if (entry->ledger[0] == '\0')
		return;
	get_text(source, "organisation", entry->organisation, sizeof entry->organisation);
	get_text(source, "mode", mode, sizeof mode);
	entry->live = strcmp(mode, "live") == 0;
	entry->format = (uint32_t)get_number(source, "format");
}

static void get_terms(struct source *source, struct entry *entry)
{
	char interval[8];

	get_text(source, "campaign", entry->campaign, sizeof entry->campaign);
	get_text(source, "tier", entry->tier, sizeof entry->tier);
	get_text(source, "interval", interval, sizeof interval);
	entry->has_interval = interval[0] != '\0';
	if (entry->has_interval && !interval_parse(bytes_of(interval), &entry->interval) && source->bad == NULL)
		source->bad = "interval";
	get_money(source, source->object, &entry->amount);
}

static void get_details(struct source *source, struct entry *entry)
{
	char reason[LABEL_SIZE];
	char status[LABEL_SIZE];

	get_text(source, "key", entry->key, sizeof entry->key);
	get_text(source, "reason", reason, sizeof reason);
	if (reason[0] != '\0' && !reason_parse(bytes_of(reason), &entry->reason) && source->bad == NULL)
		source->bad = "reason";
	get_text(source, "status", status, sizeof status);
	entry->has_status = status[0] != '\0';
	if (entry->has_status && !event_kind_parse(bytes_of(status), &entry->status) && source->bad == NULL)
		source->bad = "status";
	get_text(source, "type", entry->type, sizeof entry->type);
	get_text(source, "digest", entry->digest, sizeof entry->digest);
}

static void get_postings(struct source *source, struct entry *entry)
{
	const struct json_node *postings = json_text_member(&source->json, source->object, "postings");
	const struct json_node *node = json_text_first(&source->json, postings);

	for (; node != NULL; node = json_text_next(&source->json, node)) {
		struct posting *posting = &entry->postings[entry->posting_count];
		const struct json_node *account = json_text_member(&source->json, node, "account");

		if (entry->posting_count == POSTINGS_MAX || account == NULL
		    || ledger_account_parse(json_text_raw(&source->json, account), &posting->account) != OK) {
			source->bad = source->bad == NULL ? "postings" : source->bad;
			return;
		}
		get_money(source, node, &posting->amount);
		if (posting->amount.currency.code[0] == '\0' && source->bad == NULL)
			source->bad = "postings";
		entry->posting_count++;
	}
}

static void get_kind(struct source *source, struct entry *entry)
{
	char kind[LABEL_SIZE];

	get_text(source, "kind", kind, sizeof kind);
	entry->kind = entry_kind_parse(bytes_of(kind));
	if (entry->kind == ENTRY_OTHER)
		snprintf(entry->other_kind, sizeof entry->other_kind, "%s", kind);
	if (kind[0] == '\0' && source->bad == NULL)
		source->bad = "kind";
}

static void get_entry(struct source *source, struct entry *entry)
{
	entry->seq = get_number(source, "seq");
	get_times(source, entry);
	get_kind(source, entry);
	get_text(source, "account", entry->account, sizeof entry->account);
	get_text(source, "event", entry->event, sizeof entry->event);
	get_text(source, "pledge", entry->pledge, sizeof entry->pledge);
	get_text(source, "payment", entry->payment, sizeof entry->payment);
	get_refs(source, entry);
	get_opened(source, entry);
	get_terms(source, entry);
	get_details(source, entry);
	get_postings(source, entry);
	entry->synced = get_number(source, "synced");
}

/* The entry written again must give the very bytes that were read. */
static enum err compare_spelling(struct bytes line, const struct entry *entry, struct why *why)
{
	char space[LINE_BYTES_MAX + 2];
	struct buffer again = BUFFER_ON(space);
	uint8_t chain[CHAIN_BYTES] = { 0 };
	enum err err = line_write(&again, entry, chain);

	if (err != OK)
		return why_set(why, err == ERR_TOO_BIG ? ERR_CORRUPT : err, "the line is too long");
	size_t content = line.length - CHAIN_TAIL_BYTES;

	if (again.length != line.length + 1 || memcmp(again.data, line.data, content) != 0)
		return why_set(why, ERR_CORRUPT, "the line is not spelled as this program writes it");
	return OK;
}

enum err line_read(struct bytes line, struct entry *entry, struct why *why)
{
	struct json_node nodes[NODES_MAX];
	struct source source = { .bad = NULL };
	struct why json_why;

	memset(entry, 0, sizeof *entry);
	if (line.length < CHAIN_TAIL_BYTES)
		return why_set(why, ERR_CORRUPT, "the line is not an entry");
	if (json_text_read(&source.json, line, nodes, NODES_MAX, &json_why) != OK)
		return why_set(why, ERR_CORRUPT, "%s", json_why.text);
	source.object = json_text_root(&source.json);
	get_entry(&source, entry);
	const struct json_node *chain = json_text_member(&source.json, source.object, "chain");

	if (source.bad == NULL
	    && (chain == NULL || text_unhex(json_text_raw(&source.json, chain), entry->chain, CHAIN_BYTES) != OK))
		source.bad = "chain";
	if (source.bad != NULL)
		return why_set(why, ERR_CORRUPT, "the member \"%s\" cannot be read", source.bad);
	/* A later version's kind may have members that are unknown here: its bytes are the chain's to check. */
	enum err err = entry->kind == ENTRY_OTHER ? OK : compare_spelling(line, entry, why);

	if (err == OK && entry_check(entry, why) != OK)
		return ERR_CORRUPT;
	return err;
}
