/*
 * docs/states.md says what the tables of legal moves in src/domain say. With STATES_WRITE=1 in the environment its
 * tables are written anew.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "domain/payment.h"

static const char path[] = "docs/states.md";

enum { PAGE_BYTES_MAX = 64 * 1024, STATES_MAX = 8 };

/* ---- the tables ---- */

static void put_head(struct buffer *out, const char *const *names, size_t count)
{
	buffer_text(out, "| from \\ to |");
	for (size_t i = 0; i < count; i++)
		buffer_format(out, " `%s` |", names[i]);
	buffer_text(out, "\n|---|");
	for (size_t i = 0; i < count; i++)
		buffer_text(out, "---|");
	buffer_char(out, '\n');
}

static void put_pledge(struct buffer *out)
{
	const char *names[STATES_MAX];

	for (int i = 0; i <= PLEDGE_EXPIRED; i++)
		names[i] = pledge_status_name((enum pledge_status)i);
	put_head(out, names, PLEDGE_EXPIRED + 1);
	for (int from = 0; from <= PLEDGE_EXPIRED; from++) {
		buffer_format(out, "| `%s` |", names[from]);
		for (int to = 0; to <= PLEDGE_EXPIRED; to++)
			buffer_text(out, pledge_may_become((enum pledge_status)from, (enum pledge_status)to) ? " yes |" : " |");
		buffer_char(out, '\n');
	}
}

static void put_payment(struct buffer *out)
{
	const char *names[STATES_MAX];

	for (int i = 0; i <= PAYMENT_SETTLED; i++)
		names[i] = payment_status_name((enum payment_status)i);
	put_head(out, names, PAYMENT_SETTLED + 1);
	for (int from = 0; from <= PAYMENT_SETTLED; from++) {
		buffer_format(out, "| `%s` |", names[from]);
		for (int to = 0; to <= PAYMENT_SETTLED; to++)
			buffer_text(out, payment_may_become((enum payment_status)from, (enum payment_status)to) ? " yes |" : " |");
		buffer_char(out, '\n');
	}
}

/* When news of `to` moves an object that stands at `from`, by the provider's times of both. */
static const char *object_move(enum event_kind from, enum event_kind to)
{
	const struct provider_object before = { .status = from, .at_s = 1000 };
	bool earlier = object_may_become(&before, to, 999);
	bool same = object_may_become(&before, to, 1000);
	bool later = object_may_become(&before, to, 1001);

	if (earlier && same && later)
		return " yes |";
	if (!earlier && same && later)
		return " not if earlier |";
	if (!earlier && !same && later)
		return " if later |";
	return earlier || same || later ? " ? |" : " |";
}

static void put_object(struct buffer *out, const enum event_kind *kinds, size_t count)
{
	const char *names[STATES_MAX];

	for (size_t i = 0; i < count; i++)
		names[i] = event_kind_name(kinds[i]);
	put_head(out, names, count);
	for (size_t from = 0; from <= count; from++) {
		buffer_format(out, from == 0 ? "| %s |" : "| `%s` |", from == 0 ? "nothing" : names[from - 1]);
		for (size_t to = 0; to < count; to++)
			buffer_text(out, object_move(from == 0 ? EVENT_KINDS : kinds[from - 1], kinds[to]));
		buffer_char(out, '\n');
	}
}

static void put_table(struct buffer *out, struct bytes name)
{
	static const enum event_kind refund[] = { EVENT_REFUNDED, EVENT_REFUND_FAILED };
	static const enum event_kind dispute[] = { EVENT_DISPUTE_OPENED, EVENT_DISPUTED, EVENT_DISPUTE_WON, EVENT_DISPUTE_LOST };
	static const enum event_kind payout[] = { EVENT_PAYOUT_SENT, EVENT_PAYOUT_PAID, EVENT_PAYOUT_FAILED };
	static const enum event_kind line[] = { EVENT_PAID_OUT };
	static const enum event_kind adjustment[] = { EVENT_ADJUSTED };

	if (bytes_is(name, "pledge"))
		put_pledge(out);
	else if (bytes_is(name, "payment"))
		put_payment(out);
	else if (bytes_is(name, "refund"))
		put_object(out, refund, sizeof refund / sizeof refund[0]);
	else if (bytes_is(name, "dispute"))
		put_object(out, dispute, sizeof dispute / sizeof dispute[0]);
	else if (bytes_is(name, "payout"))
		put_object(out, payout, sizeof payout / sizeof payout[0]);
	else if (bytes_is(name, "line"))
		put_object(out, line, sizeof line / sizeof line[0]);
	else if (bytes_is(name, "adjustment"))
		put_object(out, adjustment, sizeof adjustment / sizeof adjustment[0]);
	else
		fail_msg("there is no table \"%.*s\"", (int)name.length, name.data);
}

/* ---- the page ---- */

static void read_page(struct buffer *page)
{
	FILE *file = fopen(path, "rb");
	char piece[4096];
	size_t got;

	if (file == NULL)
		fail_msg("cannot read %s: the test runs in the top folder", path);
	while ((got = fread(piece, 1, sizeof piece, file)) > 0)
		buffer_append(page, piece, got);
	fclose(file);
	buffer_char(page, '\0');
	assert_int_equal(buffer_err(page), OK);
}

/* The page with each table as the code has it: between "<!-- table: NAME -->" and "<!-- end -->". */
static int rewrite(const char *rest, struct buffer *out)
{
	static const char begin[] = "<!-- table: ";
	static const char end[] = "<!-- end -->";
	int tables = 0;

	for (const char *mark = strstr(rest, begin); mark != NULL; mark = strstr(rest, begin)) {
		const char *name = mark + strlen(begin);
		const char *behind = strstr(name, " -->\n");
		const char *close = strstr(name, end);

		assert_non_null(behind);
		assert_non_null(close);
		buffer_append(out, rest, (size_t)(behind + 5 - rest));
		put_table(out, (struct bytes){ name, (size_t)(behind - name) });
		rest = close;
		tables++;
	}
	buffer_text(out, rest);
	return tables;
}

static void the_page_says_what_the_code_does(void **state)
{
	struct buffer page = BUFFER(PAGE_BYTES_MAX);
	struct buffer right = BUFFER(PAGE_BYTES_MAX);

	(void)state;
	read_page(&page);
	assert_int_equal(rewrite(page.data, &right), 7);
	assert_int_equal(buffer_err(&right), OK);
	if (getenv("STATES_WRITE") != NULL) {
		FILE *file = fopen(path, "wb");

		assert_non_null(file);
		assert_int_equal(fwrite(right.data, 1, right.length, file), right.length);
		assert_int_equal(fclose(file), 0);
	} else if (strcmp(page.data, right.data) != 0) {
		fail_msg("%s does not say what src/domain does; STATES_WRITE=1 writes it anew:\n%s", path, right.data);
	}
	buffer_free(&page);
	buffer_free(&right);
}

/* A pledge's status follows from what has happened to it, so every change of it has to be one of the table. */
static void what_follows_for_a_pledge_is_a_legal_move(void **state)
{
	(void)state;
	for (int bits = 0; bits < 64; bits++)
		for (int more = 0; more < 6; more++) {
			struct pledge pledge = {
				.interval = (bits & 1) != 0 ? INTERVAL_MONTH : INTERVAL_ONCE, .settled_count = (bits & 2) != 0, .pending_count = (bits & 4) != 0,
				.failed = (bits & 8) != 0, .expired = (bits & 16) != 0, .ended = (bits & 32) != 0,
			};
			enum pledge_status from = pledge_status_of(&pledge);

			/* What an entry may add. */
			pledge.settled_count += more == 0;
			pledge.pending_count += more == 1;
			pledge.failed |= more == 2;
			pledge.expired |= more == 3;
			pledge.ended |= more == 4;
			if (more == 5 && pledge.pending_count > 0) {
				pledge.pending_count--;
				pledge.settled_count++;
			}
			enum pledge_status to = pledge_status_of(&pledge);

			if (from != to && !pledge_may_become(from, to))
				fail_msg("%s becomes %s", pledge_status_name(from), pledge_status_name(to));
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_page_says_what_the_code_does),
		cmocka_unit_test(what_follows_for_a_pledge_is_a_legal_move),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
