/* A line is an entry and an entry is a line: one spelling, and no byte of it can change unseen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "ledger/line.h"
#include "tests/unit/random_entry.h"

static const uint8_t beginning[CHAIN_BYTES];

/* Where an entry stands: behind another one, at some time. */
static void place(struct dice *dice, struct entry *entry)
{
	entry->seq = entry->kind == ENTRY_OPENED ? 1 : 2 + dice_roll(dice, 1u << 30);
	entry->time_us = (int64_t)dice_roll(dice, 1u << 31) * 1000000 + dice_roll(dice, 1000000);
	entry->synced = dice_roll(dice, (unsigned)entry->seq);
}

/* Write it behind `before`; the line without its LF. */
static struct bytes write_line(struct buffer *out, const struct entry *entry, const uint8_t before[static CHAIN_BYTES],
                               uint8_t chain[static CHAIN_BYTES])
{
	struct why why = { "" };

	buffer_clear(out);
	memcpy(chain, before, CHAIN_BYTES);
	if (entry_check(entry, &why) != OK)
		fail_msg("%s: %s", entry_kind_name(entry->kind), why.text);
	assert_int_equal(line_write(out, entry, chain), OK);
	assert_int_equal(out->data[out->length - 1], '\n');
	return (struct bytes){ out->data, out->length - 1 };
}

static void assert_same_money(const struct money *a, const struct money *b)
{
	assert_string_equal(a->currency.code, b->currency.code);
	assert_int_equal(a->minor, b->minor);
}

static void assert_same_postings(const struct entry *a, const struct entry *b)
{
	assert_int_equal(a->posting_count, b->posting_count);
	for (size_t i = 0; i < a->posting_count; i++) {
		assert_int_equal(a->postings[i].account.kind, b->postings[i].account.kind);
		assert_string_equal(a->postings[i].account.first, b->postings[i].account.first);
		assert_string_equal(a->postings[i].account.second, b->postings[i].account.second);
		assert_same_money(&a->postings[i].amount, &b->postings[i].amount);
	}
}

static void assert_same_refs(const struct entry *a, const struct entry *b)
{
	assert_int_equal(a->ref_count, b->ref_count);
	for (size_t i = 0; i < a->ref_count; i++) {
		assert_int_equal(a->refs[i].kind, b->refs[i].kind);
		assert_string_equal(a->refs[i].id, b->refs[i].id);
	}
}

static void assert_same(const struct entry *a, const struct entry *b)
{
	assert_int_equal(a->seq, b->seq);
	assert_int_equal(a->time_us, b->time_us);
	assert_int_equal(a->kind, b->kind);
	assert_int_equal(a->at_s, b->at_s);
	assert_string_equal(a->account, b->account);
	assert_string_equal(a->event, b->event);
	assert_string_equal(a->pledge, b->pledge);
	assert_string_equal(a->payment, b->payment);
	assert_same_refs(a, b);
	assert_string_equal(a->ledger, b->ledger);
	assert_string_equal(a->organisation, b->organisation);
	assert_int_equal(a->live, b->live);
	assert_int_equal(a->format, b->format);
	assert_string_equal(a->campaign, b->campaign);
	assert_string_equal(a->tier, b->tier);
	assert_int_equal(a->has_interval, b->has_interval);
	assert_int_equal(a->interval, b->interval);
	assert_same_money(&a->amount, &b->amount);
	assert_int_equal(a->total, b->total);
	assert_string_equal(a->key, b->key);
	assert_same_money(&a->clearing.settlement, &b->clearing.settlement);
	assert_same_money(&a->clearing.fee, &b->clearing.fee);
	assert_same_money(&a->clearing.net, &b->clearing.net);
	assert_string_equal(a->clearing.rate, b->clearing.rate);
	assert_int_equal(a->clearing.lines, b->clearing.lines);
	assert_string_equal(a->reference, b->reference);
	assert_int_equal(a->parked, b->parked);
	assert_int_equal(a->was, b->was);
	assert_int_equal(a->reason, b->reason);
	assert_int_equal(a->has_status, b->has_status);
	assert_int_equal(a->status, b->status);
	assert_string_equal(a->type, b->type);
	assert_string_equal(a->digest, b->digest);
	assert_same_postings(a, b);
	assert_int_equal(a->synced, b->synced);
}

static void any_entry_reads_back_as_it_was(void **state)
{
	struct dice dice = dice_from_environment();
	struct buffer out = BUFFER(2 * LINE_BYTES_MAX);
	uint8_t chain[CHAIN_BYTES] = { 0 };
	struct entry entry;
	struct entry back;
	struct why why = { "" };

	(void)state;
	for (int round = 0; round < 20000; round++) {
		uint8_t before[CHAIN_BYTES];
		uint8_t read[CHAIN_BYTES];

		memcpy(before, chain, CHAIN_BYTES);
		random_entry(&dice, (enum entry_kind)(round % ENTRY_OTHER), &entry);
		place(&dice, &entry);
		struct bytes line = write_line(&out, &entry, before, chain);

		assert_int_equal(line_check_chain(line, before, read, &why), OK);
		assert_memory_equal(read, chain, CHAIN_BYTES);
		if (line_read(line, &back, &why) != OK)
			fail_msg("%s: %.*s", why.text, (int)line.length, line.data);
		assert_same(&entry, &back);
	}
	buffer_free(&out);
}

static void refuse_change(struct bytes line, size_t at, const char *what)
{
	uint8_t chain[CHAIN_BYTES];

	if (line_check_chain(line, beginning, chain, NULL) != ERR_CORRUPT)
		fail_msg("byte %zu %s: %.*s", at, what, (int)line.length, line.data);
}

/* Each byte with each other value, each byte left out, and a byte put in at each place. */
static void change_every_byte(struct bytes line)
{
	char *copy = malloc(line.length + 1);

	assert_non_null(copy);
	memcpy(copy, line.data, line.length);
	for (size_t at = 0; at < line.length; at++) {
		for (int other = 1; other < 256; other++) {
			copy[at] = (char)(line.data[at] ^ other);
			refuse_change((struct bytes){ copy, line.length }, at, "changed");
		}
		copy[at] = line.data[at];
	}
	for (size_t at = 0; at < line.length; at++) {
		memcpy(copy, line.data, at);
		memcpy(copy + at, line.data + at + 1, line.length - at - 1);
		refuse_change((struct bytes){ copy, line.length - 1 }, at, "left out");
		copy[at] = ' ';
		memcpy(copy + at + 1, line.data + at, line.length - at);
		refuse_change((struct bytes){ copy, line.length + 1 }, at, "put in");
	}
	free(copy);
}

static void no_byte_of_a_line_can_change_unseen(void **state)
{
	struct dice dice = dice_from_environment();
	struct buffer out = BUFFER(2 * LINE_BYTES_MAX);
	struct entry entry;

	(void)state;
	for (size_t kind = 0; kind < ENTRY_OTHER; kind++) {
		uint8_t chain[CHAIN_BYTES];
		struct bytes line;

		/* Long ones take long and say nothing new. */
		do {
			random_entry(&dice, (enum entry_kind)kind, &entry);
			place(&dice, &entry);
			line = write_line(&out, &entry, beginning, chain);
		} while (line.length > 1000);
		change_every_byte(line);
	}
	buffer_free(&out);
}

static void a_line_follows_one_line_only(void **state)
{
	struct dice dice = { 1 };
	struct buffer out = BUFFER(2 * LINE_BYTES_MAX);
	struct entry entry;
	uint8_t before[CHAIN_BYTES] = { 0 };
	uint8_t chain[CHAIN_BYTES];

	(void)state;
	random_entry(&dice, ENTRY_OPENED, &entry);
	place(&dice, &entry);
	struct bytes line = write_line(&out, &entry, beginning, chain);

	for (size_t bit = 0; bit < 8 * CHAIN_BYTES; bit++) {
		before[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_int_equal(line_check_chain(line, before, chain, NULL), ERR_CORRUPT);
		before[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	assert_int_equal(line_check_chain(line, before, chain, NULL), OK);
	buffer_free(&out);
}

/* ---- spellings ---- */

#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"

/* A line that is read; what it means is pinned here, byte for byte. */
static const char settled_line[] =
	"{\"seq\":3,\"time\":\"2026-11-22T10:59:09.123456Z\",\"kind\":\"settled\",\"at\":\"2026-11-22T10:59:08Z\","
	"\"account\":\"stripe\",\"event\":\"evt_1\\u000a\\\"\",\"pledge\":\"plg_01k8d2xxjte9m9kztmzq4cqn3r\",\"payment\":\"pi_1\","
	"\"refs\":{\"session\":\"cs_1\",\"payment_intent\":\"pi_1\"},\"amount\":\"25.00\",\"currency\":\"EUR\","
	"\"postings\":[{\"account\":\"assets:provider:stripe\",\"currency\":\"EUR\",\"amount\":\"25.00\"},"
	"{\"account\":\"income:donations:press:friend\",\"currency\":\"EUR\",\"amount\":\"-25.00\"}],"
	"\"synced\":2,\"chain\":\"" ZEROS "\"}";

static enum err read_text(const char *text, struct entry *entry, struct why *why)
{
	/* An exact copy, so that the sanitizer sees any byte read beyond the end. */
	size_t length = strlen(text);
	char *copy = malloc(length);

	assert_non_null(copy);
	memcpy(copy, text, length);
	enum err err = line_read((struct bytes){ copy, length }, entry, why);

	free(copy);
	return err;
}

/* The line with one text in it replaced. */
static char *replace(const char *line, const char *from, const char *to)
{
	const char *at = strstr(line, from);
	size_t size = strlen(line) + strlen(to) + 1;
	char *made = malloc(size);

	assert_non_null(made);
	if (at == NULL)
		fail_msg("no %s in the line", from);
	snprintf(made, size, "%.*s%s%s", (int)(at - line), line, to, at + strlen(from));
	return made;
}

static void the_one_spelling_is_read(void **state)
{
	struct entry entry;
	struct why why = { "" };

	(void)state;
	if (read_text(settled_line, &entry, &why) != OK)
		fail_msg("%s", why.text);
	assert_string_equal(entry.event, "evt_1\n\"");
	assert_int_equal(entry.amount.minor, 2500);
	assert_int_equal(entry.refs[1].kind, REF_PAYMENT_INTENT);
	assert_int_equal(entry.postings[1].account.kind, ACCOUNT_DONATIONS);
	assert_string_equal(entry.postings[1].account.first, "press");
	assert_int_equal(entry.synced, 2);
}

static void every_other_spelling_is_refused(void **state)
{
	static const char *const changes[][2] = {
		{ "{\"seq\"", " {\"seq\"" }, { "{\"seq\":", "{\"seq\": " }, { "{\"seq\":3", "{\"seq\":03" },
		{ "{\"seq\":3", "{\"seq\":3.0" }, { "{\"seq\":3", "{\"seq\":3e0" }, { "{\"seq\":3", "{\"seq\":-3" },
		{ "{\"seq\":3", "{\"seq\":\"3\"" }, { "{\"seq\":3", "{\"seq\":null" }, { "\"seq\":3,", "" },
		{ "{\"seq\":3", "{\"seq\":9223372036854775808" }, { "\"seq\":3", "\"s\\u0065q\":3" },
		{ "09.123456Z", "09.123Z" }, { "09.123456Z", "09Z" }, { "09.123456Z", "09.123456+00:00" },
		{ "T10:59:09.1", "t10:59:09.1" }, { "2026-11-22T10:59:09", "2026-02-30T10:59:09" }, { "2026-11-22T10:59:09", "2026-11-22T24:00:00" },
		{ "\"kind\":\"settled\"", "\"kind\":\"\"" }, { "\"kind\":\"settled\",", "" }, { "\"kind\":\"settled\"", "\"kind\":1" },
		{ "08Z\"", "08.000000Z\"" }, { "\"account\":\"stripe\"", "\"account\":\"Stripe\"" },
		{ "\"account\":\"stripe\"", "\"account\":\"\"" }, { "\"account\":\"stripe\"", "\"account\":null" },
		{ "\"account\":\"stripe\"", "\"account\":\"str\\u0069pe\"" }, { "\"account\":\"stripe\",", "" },
		{ "\\u000a", "\\n" }, { "\\u000a", "\\u000A" }, { "\\u000a", "\\u0020" }, { "\\u000a", "\\/" }, { "\\u000a", "\n" },
		{ "\\u000a", "\\u0000" }, { "evt_1", "evt_\\u00e4" }, { "evt_1", "evt_\xff" }, { "evt_1", "evt_\xc3" },
		{ "plg_01k8d2xxjte9m9kztmzq4cqn3r", "plg_01k8d2xxjte9m9kztmzq4cqn3" }, { "plg_01k8", "plg_01K8" }, { "plg_01k8", "plg_01l8" },
		{ "plg_01k8", "rcp_01k8" }, { "plg_01k8", "plg_81k8" },
		{ "\"session\":\"cs_1\",\"payment_intent\":\"pi_1\"", "\"payment_intent\":\"pi_1\",\"session\":\"cs_1\"" },
		{ "\"session\":\"cs_1\",", "\"session\":\"cs_1\",\"session\":\"cs_1\"," }, { "\"session\":\"cs_1\"", "\"session\":\"\"" },
		{ "\"session\":\"cs_1\"", "\"customer\":\"cs_1\"" }, { "\"session\":\"cs_1\"", "\"session\":1" },
		{ "{\"session\":\"cs_1\",\"payment_intent\":\"pi_1\"}", "{}" },
		{ "{\"session\":\"cs_1\",\"payment_intent\":\"pi_1\"}", "[\"cs_1\"]" },
		{ "\"amount\":\"25.00\"", "\"amount\":\"25.0\"" }, { "\"amount\":\"25.00\"", "\"amount\":\"25\"" },
		{ "\"amount\":\"25.00\"", "\"amount\":\"025.00\"" }, { "\"amount\":\"25.00\"", "\"amount\":\"+25.00\"" },
		{ "\"amount\":\"25.00\"", "\"amount\":25.00" }, { "\"amount\":\"25.00\"", "\"amount\":\"25.000\"" },
		{ "\"amount\":\"25.00\"", "\"amount\":\"-0.00\"" }, { "\"amount\":\"25.00\"", "\"amount\":\"25,00\"" },
		{ "\"amount\":\"25.00\"", "\"amount\":\"92233720368547758.08\"" },
		{ "\"amount\":\"25.00\",\"currency\":\"EUR\"", "\"currency\":\"EUR\",\"amount\":\"25.00\"" },
		{ "\"currency\":\"EUR\"", "\"currency\":\"eur\"" }, { "\"currency\":\"EUR\"", "\"currency\":\"EU\"" },
		{ "\"currency\":\"EUR\"", "\"currency\":\"JPY\"" }, { "\"currency\":\"EUR\"", "\"currency\":\"XXX\"" }, { "\"currency\":\"EUR\",", "" },
		{ "provider:stripe", "provider" }, { "provider:stripe", "provider:stripe:x" }, { "assets:provider:stripe", "assets:elsewhere" },
		{ "provider:stripe", "provider:St" }, { "donations:press:friend", "donations:press" },
		{ "\"-25.00\"", "\"-25.01\"" }, { "\"-25.00\"", "\"25.00\"" }, { "],\"synced\"", ",{}],\"synced\"" },
		{ "],\"synced\"", ",1],\"synced\"" }, { "\"synced\":2", "\"synced\":02" }, { "\"synced\":2", "\"synced\":-1" },
		{ "\"synced\":2,", "" }, { "\"synced\":2", "\"note\":\"x\",\"synced\":2" }, { "\"synced\":2", "\"synced\":2,\"note\":\"x\"" },
		{ "\"synced\":2", "\"reason\":\"unreadable\",\"synced\":2" }, { "\"synced\":2", "\"reason\":\"whatever\",\"synced\":2" },
		{ "\"kind\":\"settled\"", "\"kind\":\"opened\"" }, { "\"kind\":\"settled\"", "\"kind\":\"expired\"" },
		{ "\"chain\":\"0", "\"chain\":\"G" }, { "\"chain\":\"0", "\"chain\":\"A" }, { "\"chain\":\"0", "\"chain\":\"" }, { "\"}", "\",\"x\":1}" },
		{ "\"kind\":\"settled\",\"at\":\"2026-11-22T10:59:08Z\"", "\"at\":\"2026-11-22T10:59:08Z\",\"kind\":\"settled\"" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
		char *line = replace(settled_line, changes[i][0], changes[i][1]);
		struct entry entry;
		struct why why = { "" };

		if (read_text(line, &entry, &why) != ERR_CORRUPT)
			fail_msg("read: %s", line);
		assert_true(why.text[0] != '\0');
		free(line);
	}
}

static void a_kind_of_a_later_version_is_checked_as_far_as_it_is_known(void **state)
{
	char *later = replace(settled_line, "\"kind\":\"settled\"", "\"kind\":\"matched\"");
	char *more = replace(later, "\"synced\":2", "\"sponsor\":{\"share\":[1,2]},\"synced\":2");
	char *unbalanced = replace(later, "\"-25.00\"", "\"-24.00\"");
	struct entry entry;
	struct why why = { "" };

	(void)state;
	assert_int_equal(read_text(later, &entry, &why), OK);
	assert_int_equal(entry.kind, ENTRY_OTHER);
	assert_string_equal(entry.other_kind, "matched");
	assert_int_equal(read_text(more, &entry, &why), OK);
	assert_int_equal(entry.posting_count, 2);
	assert_int_equal(read_text(unbalanced, &entry, &why), ERR_CORRUPT);
	free(later);
	free(more);
	free(unbalanced);
}

static void what_could_not_be_read_back_is_never_written(void **state)
{
	struct entry good;
	struct entry bad;
	struct why why = { "" };

	(void)state;
	assert_int_equal(read_text(settled_line, &good, &why), OK);
	assert_int_equal(entry_check(&good, &why), OK);
#define REFUSED(change) do { bad = good; change; assert_int_equal(entry_check(&bad, &why), ERR_INPUT); } while (0)
	REFUSED(bad.at_s = -1);
	REFUSED(bad.at_s = 253402300800);
	REFUSED(bad.at_s = 0);
	REFUSED(bad.time_us = -1);
	REFUSED(bad.time_us = INT64_C(253402300800) * 1000000);
	REFUSED(strcpy(bad.account, "Stripe"));
	REFUSED(strcpy(bad.event, "evt_\xff"));
	REFUSED(strcpy(bad.pledge, "plg_"));
	REFUSED(strcpy(bad.payment, "pi_\xc3"));
	REFUSED(strcpy(bad.refs[0].id, "\xed\xa0\x80"));
	REFUSED(bad.refs[0].id[0] = '\0');
	REFUSED(bad.refs[1].kind = REF_SESSION);
	REFUSED(bad.refs[0].kind = REF_PAYOUT);
	REFUSED(strcpy(bad.amount.currency.code, "XXX"));
	REFUSED(strcpy(bad.key, "abc"));
	REFUSED(strcpy(bad.postings[0].amount.currency.code, "eur"));
	REFUSED(strcpy(bad.postings[0].account.first, ""));
	REFUSED(strcpy(bad.postings[1].account.second, "Friend"));
	REFUSED(bad.postings[1].amount.minor = -2499);
	REFUSED(bad.posting_count = 0);
	REFUSED(bad.has_status = true);
#undef REFUSED
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_entry_reads_back_as_it_was),
		cmocka_unit_test(no_byte_of_a_line_can_change_unseen),
		cmocka_unit_test(a_line_follows_one_line_only),
		cmocka_unit_test(the_one_spelling_is_read),
		cmocka_unit_test(every_other_spelling_is_refused),
		cmocka_unit_test(a_kind_of_a_later_version_is_checked_as_far_as_it_is_known),
		cmocka_unit_test(what_could_not_be_read_back_is_never_written),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
