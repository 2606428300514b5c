/* What finance gets: the same bytes from the same lines, every gift once, books that balance. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "books/export.h"
#include "tests/unit/hand_clock.h"
#include "tests/unit/random_entry.h"

/* ---- exporting ---- */

static enum err export_text(const struct export_options *options, struct buffer *out, struct why *why)
{
	struct export *export = NULL;
	bool more = true;
	enum err err = export_open(&export, options, why);

	while (err == OK && more)
		err = export_next(export, out, &more, why);
	export_close(&export);
	return err;
}

static void assert_export(const struct export_options *options, const char *expected)
{
	struct buffer out = BUFFER(1 << 20);
	struct why why = { "" };

	if (export_text(options, &out, &why) != OK)
		fail_msg("%s", why.text);
	assert_string_equal(out.data, expected);
	buffer_free(&out);
}

static void assert_refused(const struct export_options *options, enum err expected)
{
	struct buffer out = BUFFER(1 << 20);
	struct why why = { "" };

	assert_int_equal(export_text(options, &out, &why), expected);
	assert_true(why.text[0] != '\0');
	buffer_free(&out);
}

#define GIFTS_HEADER \
	"seq,date,booked_at,occurred_at,pledged_at,pledge,payment,campaign,tier,interval,currency,amount,status," \
	"provider_account,session,payment_intent,charge,invoice,subscription,event\r\n"
#define JOURNAL_HEADER \
	"seq,posting,date,booked_at,occurred_at,kind,provider_account,event,pledge,payment,account,currency,amount,debit," \
	"credit\r\n"
#define JOURNAL_2_HEADER \
	"seq,posting,date,booked_at,occurred_at,kind,provider_account,event,pledge,payment,reference,reason,account,currency," \
	"amount,debit,credit\r\n"

static char pledge_ids[10][TOKEN_SIZE];

/*
 * Times: the opening is at 08:00:00, each later entry a second behind the one before. Seq 2 to 4: a gift
 * given once, with a delay. 5: other money that fits nothing. 6 to 8: a monthly one in another campaign,
 * paid twice. 9 to 11: a payment told before its pledge.
 */
static struct ledger *make_books(void)
{
	struct ledger *ledger = open_ledger(0);
	struct command command = pledging(1, "press", "friend", money_of("EUR", 2500));

	for (int i = 0; i < 10; i++)
		number_pledge(i, pledge_ids[i]);
	book(ledger, &command, ENTRY_PLEDGED);
	command = paying(1, EVENT_PENDING, "evt_1", money_of("EUR", 2500));
	book(ledger, &command, ENTRY_PENDING);
	command = paying(1, EVENT_SETTLED, "evt_2", money_of("EUR", 2500));
	book(ledger, &command, ENTRY_SETTLED);
	command = paying(1, EVENT_SETTLED, "evt_3", money_of("EUR", 2500));
	strcpy(command.u.event.event.payment, "pi_again");
	book(ledger, &command, ENTRY_PARKED);

	command = pledging(2, "library", "shelf", money_of("JPY", 80));
	command.u.pledge.interval = INTERVAL_MONTH;
	book(ledger, &command, ENTRY_PLEDGED);
	command = paying(2, EVENT_SETTLED, "=evt_4", money_of("JPY", 80));
	strcpy(command.u.event.event.payment, "in_1");
	assert_int_equal(event_add_ref(&command.u.event.event, REF_INVOICE, BYTES_LITERAL("in_1")), OK);
	assert_int_equal(event_add_ref(&command.u.event.event, REF_SUBSCRIPTION, BYTES_LITERAL("sub_1")), OK);
	book(ledger, &command, ENTRY_SETTLED);
	strcpy(command.u.event.event.payment, "in_2");
	strcpy(command.u.event.event.id, "evt_5");
	strcpy(command.u.event.event.refs[2].id, "in_2");
	book(ledger, &command, ENTRY_SETTLED);

	command = paying(3, EVENT_SETTLED, "evt_6", money_of("EUR", 100));
	book(ledger, &command, ENTRY_PARKED);
	command = pledging(3, "press", "coffee", money_of("EUR", 100));
	book(ledger, &command, ENTRY_PLEDGED);
	return ledger;
}

/* A text in which %N stands for the id of pledge N. */
static char *with_ids(const char *text)
{
	static char made[16 * 1024];
	struct buffer out = BUFFER_ON(made);

	made[0] = '\0';
	for (; *text != '\0'; text++)
		if (text[0] == '%')
			buffer_text(&out, pledge_ids[*++text - '0']);
		else
			buffer_char(&out, *text);
	assert_int_equal(buffer_err(&out), OK);
	return made;
}

#define GIFT_1 \
	"4,2026-11-22,2026-11-22T08:00:03.000000Z,2026-11-22T08:00:00Z,2026-11-22T08:00:01.000000Z,%1,pi_1,press,friend," \
	"once,EUR,25.00,settled,stripe,cs_test_1,pi_1,,,,evt_2\r\n"
#define GIFT_2 \
	"7,2026-11-22,2026-11-22T08:00:06.000000Z,2026-11-22T08:00:00Z,2026-11-22T08:00:05.000000Z,%2,in_1,library,shelf," \
	"month,JPY,80,settled,stripe,cs_test_2,pi_2,,in_1,sub_1,'=evt_4\r\n"
#define GIFT_3 \
	"8,2026-11-22,2026-11-22T08:00:07.000000Z,2026-11-22T08:00:00Z,2026-11-22T08:00:05.000000Z,%2,in_2,library,shelf," \
	"month,JPY,80,settled,stripe,cs_test_2,pi_2,,in_2,sub_1,evt_5\r\n"
#define GIFT_4 \
	"11,2026-11-22,2026-11-22T08:00:10.000000Z,2026-11-22T08:00:00Z,2026-11-22T08:00:09.000000Z,%3,pi_3,press,coffee," \
	"once,EUR,1.00,settled,stripe,cs_test_3,pi_3,,,,evt_6\r\n"

static void a_gift_is_one_row_with_what_finance_asks_for(void **state)
{
	struct ledger *ledger = make_books();
	struct export_options options = { .data_dir = folder, .profile = EXPORT_GIFTS_1 };

	(void)state;
	ledger_close(&ledger);
	assert_export(&options, with_ids(GIFTS_HEADER GIFT_1 GIFT_2 GIFT_3 GIFT_4));
}

static void every_posting_is_a_row_of_the_journal(void **state)
{
	struct ledger *ledger = make_books();
	struct export_options options = { .data_dir = folder, .profile = EXPORT_JOURNAL_1 };

	(void)state;
	ledger_close(&ledger);
	options.as_of = 7;
	assert_export(&options, with_ids(JOURNAL_HEADER
		"4,1,2026-11-22,2026-11-22T08:00:03.000000Z,2026-11-22T08:00:00Z,settled,stripe,evt_2,%1,pi_1,assets:provider:stripe,EUR,25.00,25.00,\r\n"
		"4,2,2026-11-22,2026-11-22T08:00:03.000000Z,2026-11-22T08:00:00Z,settled,stripe,evt_2,%1,pi_1,income:donations:press:friend,EUR,-25.00,,25.00\r\n"
		"5,1,2026-11-22,2026-11-22T08:00:04.000000Z,2026-11-22T08:00:00Z,parked,stripe,evt_3,%1,pi_again,assets:provider:stripe,EUR,25.00,25.00,\r\n"
		"5,2,2026-11-22,2026-11-22T08:00:04.000000Z,2026-11-22T08:00:00Z,parked,stripe,evt_3,%1,pi_again,liabilities:unidentified:stripe,EUR,-25.00,,25.00\r\n"
		"7,1,2026-11-22,2026-11-22T08:00:06.000000Z,2026-11-22T08:00:00Z,settled,stripe,'=evt_4,%2,in_1,assets:provider:stripe,JPY,80,80,\r\n"
		"7,2,2026-11-22,2026-11-22T08:00:06.000000Z,2026-11-22T08:00:00Z,settled,stripe,'=evt_4,%2,in_1,income:donations:library:shelf,JPY,-80,,80\r\n"));
}

static void a_period_holds_its_first_moment_and_not_its_last(void **state)
{
	struct ledger *ledger = make_books();
	struct export_options options = { .data_dir = folder, .profile = EXPORT_GIFTS_1 };

	(void)state;
	ledger_close(&ledger);
	options.from_us = FIRST_TIME + 6000000;
	options.to_us = FIRST_TIME + 7000000;
	assert_export(&options, with_ids(GIFTS_HEADER GIFT_2));
	options.from_us++;
	options.to_us++;
	assert_export(&options, with_ids(GIFTS_HEADER GIFT_3));
	options.to_us = 0;
	assert_export(&options, with_ids(GIFTS_HEADER GIFT_3 GIFT_4));
	options.from_us = FIRST_TIME + 86400 * INT64_C(1000000);
	assert_export(&options, GIFTS_HEADER);
	options.to_us = options.from_us;
	assert_refused(&options, ERR_INPUT);
}

static void a_campaign_is_shown_alone(void **state)
{
	struct ledger *ledger = make_books();
	struct export_options options = { .data_dir = folder, .profile = EXPORT_GIFTS_1 };
	struct buffer out = BUFFER(1 << 20);

	(void)state;
	ledger_close(&ledger);
	strcpy(options.campaign, "press");
	assert_export(&options, with_ids(GIFTS_HEADER GIFT_1 GIFT_4));
	strcpy(options.campaign, "library");
	assert_export(&options, with_ids(GIFTS_HEADER GIFT_2 GIFT_3));
	strcpy(options.campaign, "never-heard-of");
	assert_export(&options, GIFTS_HEADER);
	options.profile = EXPORT_JOURNAL_1;
	assert_export(&options, JOURNAL_HEADER);
	strcpy(options.campaign, "library");
	assert_int_equal(export_text(&options, &out, NULL), OK);
	assert_non_null(strstr(out.data, "assets:provider:stripe,JPY,80,80,"));
	assert_null(strstr(out.data, "EUR"));
	buffer_free(&out);
	strcpy(options.campaign, "Press");
	assert_refused(&options, ERR_INPUT);
}

static void an_export_as_of_a_seq_never_changes(void **state)
{
	struct ledger *ledger = make_books();
	struct export_options options = { .data_dir = folder, .profile = EXPORT_GIFTS_1, .as_of = 7 };
	struct export_options period = { .data_dir = folder, .profile = EXPORT_GIFTS_1, .to_us = FIRST_TIME + 7000000 };
	struct command command = pledging(4, "press", "friend", money_of("EUR", 2500));
	char copy[80];

	(void)state;
	assert_export(&options, with_ids(GIFTS_HEADER GIFT_1 GIFT_2)); /* beside the service */
	assert_export(&period, with_ids(GIFTS_HEADER GIFT_1 GIFT_2));
	book(ledger, &command, ENTRY_PLEDGED);
	command = paying(4, EVENT_SETTLED, "evt_7", money_of("EUR", 2500));
	book(ledger, &command, ENTRY_SETTLED);
	assert_export(&options, with_ids(GIFTS_HEADER GIFT_1 GIFT_2));
	ledger_close(&ledger);
	assert_export(&options, with_ids(GIFTS_HEADER GIFT_1 GIFT_2));
	assert_export(&period, with_ids(GIFTS_HEADER GIFT_1 GIFT_2));
	copy_folder(copy);
	options.data_dir = period.data_dir = copy;
	assert_export(&options, with_ids(GIFTS_HEADER GIFT_1 GIFT_2)); /* on another machine */
	options.as_of = 13;
	assert_export(&options, with_ids(GIFTS_HEADER GIFT_1 GIFT_2 GIFT_3 GIFT_4
		"13,2026-11-22,2026-11-22T08:00:12.000000Z,2026-11-22T08:00:00Z,2026-11-22T08:00:11.000000Z,%4,pi_4,press,friend,"
		"once,EUR,25.00,settled,stripe,cs_test_4,pi_4,,,,evt_7\r\n"));
	options.as_of = 14;
	assert_refused(&options, ERR_UNKNOWN);
}

static void a_new_ledger_is_a_header(void **state)
{
	struct ledger *ledger = open_ledger(0);
	struct export_options options = { .data_dir = folder, .profile = EXPORT_GIFTS_1 };

	(void)state;
	assert_export(&options, GIFTS_HEADER);
	options.profile = EXPORT_JOURNAL_1;
	assert_export(&options, JOURNAL_HEADER);
	ledger_close(&ledger);
	options.data_dir = "/nonexistent";
	assert_refused(&options, ERR_UNKNOWN);
}

static void a_damaged_ledger_is_not_exported(void **state)
{
	struct ledger *ledger = make_books();
	struct export_options options = { .data_dir = folder, .profile = EXPORT_GIFTS_1 };
	struct buffer bytes = BUFFER(1 << 20);
	char path[128];

	(void)state;
	ledger_close(&ledger);
	snprintf(path, sizeof path, "%s/ledger/00000000000000000001.jsonl", folder);
	read_bytes(path, &bytes);
	memcpy(strstr(bytes.data, "\"25.00\""), "\"95.00\"", 7);
	write_bytes(path, buffer_view(&bytes));
	assert_refused(&options, ERR_CORRUPT);
	buffer_free(&bytes);
}

static void money_of_a_later_kind_is_refused_as_a_gift_and_shown_in_the_journal(void **state)
{
	struct forge forge = forge_begin();
	struct entry entry = { .kind = ENTRY_ADJUSTED, .amount = money_of("EUR", 500), .reason = REASON_CORRECTION, .posting_count = 2 };
	struct export_options options = { .data_dir = folder, .profile = EXPORT_GIFTS_1 };

	(void)state;
	forge_opened(&forge);
	strcpy(entry.reference, "slip/9");
	entry.postings[0] = (struct posting){ ledger_account_make(ACCOUNT_REFUNDS, "press", "friend"), money_of("EUR", 500) };
	entry.postings[1] = (struct posting){ ledger_account_make(ACCOUNT_PROVIDER, "stripe", ""), money_of("EUR", -500) };
	forge_add(&forge, &entry);
	forge_end(&forge);
	assert_refused(&options, ERR_UNKNOWN);
	strcpy(options.campaign, "library");
	assert_export(&options, GIFTS_HEADER); /* it is none of that campaign's */
	strcpy(options.campaign, "press");
	options.profile = EXPORT_JOURNAL_1;
	assert_export(&options, JOURNAL_HEADER
		"2,1,2026-11-22,2026-11-22T08:00:00.000001Z,,adjusted,,,,,income:refunds:press:friend,EUR,5.00,5.00,\r\n"
		"2,2,2026-11-22,2026-11-22T08:00:00.000001Z,,adjusted,,,,,assets:provider:stripe,EUR,-5.00,,5.00\r\n");
	options.profile = EXPORT_JOURNAL;
	assert_export(&options, JOURNAL_2_HEADER
		"2,1,2026-11-22,2026-11-22T08:00:00.000001Z,,adjusted,,,,,slip/9,correction,income:refunds:press:friend,EUR,5.00,5.00,\r\n"
		"2,2,2026-11-22,2026-11-22T08:00:00.000001Z,,adjusted,,,,,slip/9,correction,assets:provider:stripe,EUR,-5.00,,5.00\r\n");
}

/* ---- many ---- */

/* A cell of a row by its place; the cells of these exports hold no commas. */
static struct bytes cell(const char *row, int place)
{
	while (place-- > 0)
		row = strchr(row, ',') + 1;
	return (struct bytes){ row, strcspn(row, ",\r") };
}

/* A pledge of somebody, and by chance its gift; what was given. */
static int64_t forge_gift(struct forge *forge, struct dice *dice)
{
	struct entry entry = { .kind = ENTRY_PLEDGED, .ref_count = 1 };

	random_pledge(dice, entry.pledge);
	random_terms(dice, &entry);
	entry.amount = money_of("EUR", 1 + (int64_t)dice_roll(dice, 100000));
	strcpy(entry.account, "stripe");
	strcpy(entry.refs[0].id, "cs");
	forge_add(forge, &entry);
	if (dice_roll(dice, 2) == 0)
		return 0;
	entry.kind = ENTRY_SETTLED;
	entry.at_s = 1795334400;
	strcpy(entry.event, "evt");
	strcpy(entry.payment, "pi");
	entry.postings[0] = (struct posting){ ledger_account_make(ACCOUNT_PROVIDER, "stripe", ""), entry.amount };
	entry.postings[1] = (struct posting){ ledger_account_make(ACCOUNT_DONATIONS, entry.campaign, entry.tier),
		money_of("EUR", -entry.amount.minor) };
	entry.posting_count = 2;
	entry.has_interval = false;
	entry.campaign[0] = entry.tier[0] = '\0';
	forge_add(forge, &entry);
	return entry.amount.minor;
}

/* The sum of the amounts, for each of which its pledge was found. */
static int64_t sum_rows(const char *text, int *rows)
{
	int64_t sum = 0;

	*rows = 0;
	for (const char *row = strchr(text, '\n') + 1; *row != '\0'; row = strchr(row, '\n') + 1) {
		struct money amount;

		assert_int_equal(money_parse_exact(cell(row, 11), &(struct currency){ "EUR" }, &amount), OK);
		assert_true(cell(row, 4).length > 0); /* pledged_at */
		sum += amount.minor;
		(*rows)++;
	}
	return sum;
}

static void thousands_of_gifts_come_in_pieces_and_sum_up(void **state)
{
	struct dice dice = dice_from_environment();
	struct forge forge = forge_begin();
	struct export_options options = { .data_dir = folder, .profile = EXPORT_GIFTS_1 };
	struct buffer out = BUFFER(16 << 20);
	struct export *export = NULL;
	int64_t given = 0;
	int gifts = 0;
	int rows;
	bool more = true;

	(void)state;
	forge_opened(&forge);
	for (int i = 0; i < 5000; i++) {
		int64_t gift = forge_gift(&forge, &dice);

		given += gift;
		gifts += gift > 0;
	}
	forge_end(&forge);
	assert_int_equal(export_open(&export, &options, NULL), OK);
	for (size_t before = 0; more; before = out.length) {
		assert_int_equal(export_next(export, &out, &more, NULL), OK);
		assert_true(out.length - before <= EXPORT_PIECE_BYTES_MAX);
	}
	export_close(&export);
	assert_int_equal(sum_rows(out.data, &rows), given);
	assert_int_equal(rows, gifts);
	buffer_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_gift_is_one_row_with_what_finance_asks_for, begin, remove_folder),
		cmocka_unit_test_setup_teardown(every_posting_is_a_row_of_the_journal, begin, remove_folder),
		cmocka_unit_test_setup_teardown(a_period_holds_its_first_moment_and_not_its_last, begin, remove_folder),
		cmocka_unit_test_setup_teardown(a_campaign_is_shown_alone, begin, remove_folder),
		cmocka_unit_test_setup_teardown(an_export_as_of_a_seq_never_changes, begin, remove_folder),
		cmocka_unit_test_setup_teardown(a_new_ledger_is_a_header, begin, remove_folder),
		cmocka_unit_test_setup_teardown(a_damaged_ledger_is_not_exported, begin, remove_folder),
		cmocka_unit_test_setup_teardown(money_of_a_later_kind_is_refused_as_a_gift_and_shown_in_the_journal, begin, remove_folder),
		cmocka_unit_test_setup_teardown(thousands_of_gifts_come_in_pieces_and_sum_up, begin, remove_folder),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
