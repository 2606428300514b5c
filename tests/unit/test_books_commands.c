/* pledger export and pledger verify as a shell sees them: what they write, where, and how they exit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "commands/balance.h"
#include "commands/export.h"
#include "commands/verify.h"
#include "tests/unit/command_run.h"
#include "tests/unit/small_ledger.h"

static void make_gift(void)
{
	struct ledger *ledger = open_ledger(0);
	struct command command = pledging(1, "press", "friend", money_of("EUR", 2500));

	book(ledger, &command, ENTRY_PLEDGED);
	command = paying(1, EVENT_SETTLED, "evt_1", money_of("EUR", 2500));
	book(ledger, &command, ENTRY_SETTLED);
	ledger_close(&ledger);
}

/* ---- verify ---- */

static void verify_tells_of_a_whole_ledger_in_one_line(void **state)
{
	(void)state;
	make_gift();
	struct run made = run(command_verify, WORDS("verify", "--data", folder));
	char first[32];
	char last[32];
	char chain[80];
	int entries;
	int to;
	int balances;

	assert_int_equal(made.code, 0);
	assert_int_equal(sscanf(made.out.data,
	                        "ok: %d entries, seq 1..%d, %31s .. %31[^,], chain %64[0-9a-f], %d balances sum to zero\n",
	                        &entries, &to, first, last, chain, &balances), 6);
	assert_int_equal(entries, 3);
	assert_int_equal(to, 3);
	assert_int_equal(balances, 2);
	assert_int_equal(strlen(first), 27);
	assert_int_equal(strlen(chain), 64);
	assert_ptr_equal(strchr(made.out.data, '\n'), made.out.data + strlen(made.out.data) - 1);
	assert_string_equal(made.err.data, "");
	run_free(&made);
}

static void verify_exits_1_for_damage_a_tail_and_no_ledger(void **state)
{
	struct buffer bytes = BUFFER(1 << 20);
	char path[128];

	(void)state;
	make_gift();
	snprintf(path, sizeof path, "%s/ledger/00000000000000000001.jsonl", folder);
	read_bytes(path, &bytes);
	buffer_text(&bytes, "{\"seq\":4");
	write_bytes(path, buffer_view(&bytes));
	expect(command_verify, WORDS("verify", "--data", folder), 1, "", "jsonl line 4 byte ");
	expect(command_verify, WORDS("verify", "--data", folder), 1, "", ": 8 bytes behind the last good line (seq 3)");
	bytes.data[100] ^= 1;
	write_bytes(path, buffer_view(&bytes));
	expect(command_verify, WORDS("verify", "--data", folder), 1, "",
	       "pledger verify: 00000000000000000001.jsonl line 1 byte 0: the chain does not hold");
	expect(command_verify, WORDS("verify", "--data", "/nonexistent"), 1, "", "there is no ledger in /nonexistent");
	expect(command_verify, WORDS("verify"), 2, "", "--config or --data is missing");
	expect(command_verify, WORDS("verify", "--data"), 2, "", "needs a value");
	buffer_free(&bytes);
}

/* ---- export ---- */

static void export_writes_csv(void **state)
{
	static const char totals[] = "totals: profile=gifts/2 as-of=3 rows=1 bytes=";

	(void)state;
	make_gift();
	expect(command_export, WORDS("export", "--data", folder), 0, "seq,kind,date,booked_at,", totals);
	expect(command_export, WORDS("export", "--data", folder), 0, ",press,friend,once,EUR,25.00,0.00,0.00,0.00,,,,,settled,stripe,", " provisional\n");
	expect(command_export, WORDS("export", "--data", folder, "--profile", "journal"), 0, ",EUR,-25.00,,25.00\r\n", "rows=2 ");
	expect(command_export, WORDS("export", "--data", folder, "--campaign", "other"), 0, "seq,kind,date,booked_at,", "rows=0 ");
	expect(command_export, WORDS("export", "--data", folder, "--from", "1970-01-01", "--to", "9999-12-31T23:59:59Z"), 0,
	       "25.00", totals);
	/* The gift was made on 2026-11-22 and booked when this test ran, later. */
	expect(command_export, WORDS("export", "--data", folder, "--by", "at", "--from", "2026-11-23"), 0, "seq,kind,date,booked_at,", "rows=0 ");
	expect(command_export, WORDS("export", "--data", folder, "--by", "time", "--from", "2026-11-23"), 0, "25.00", "rows=1 ");
	expect(command_export, WORDS("export", "--data", folder, "--as-of", "3"), 0, "25.00",
	       "balance: income:donations:press:friend EUR opening=0.00 closing=-25.00\n");
	expect(command_export, WORDS("export", "--data", folder, "--bom", "yes", "--delimiter", "semicolon", "--decimal", "comma"), 0,
	       ";press;friend;once;EUR;25,00;0,00;0,00;0,00;;;;;settled;stripe;", totals);
	expect(command_export, WORDS("export", "--data", folder, "--period", "2026", "--zone", "Europe/Berlin"), 0, "seq,",
	       "period: from=2025-12-31T23:00:00.000000Z to=2026-12-31T23:00:00.000000Z zone=Europe/Berlin\n");
	expect(command_export, WORDS("export", "--data", folder), 0, "seq,", "period: from= to= zone=UTC\n");
	expect(command_export, WORDS("export", "--data", folder, "--profile", "xero"), 0,
	       ",25.00,stripe,settled Income:Donations:Press:Friend,pi_1,\r\n", "rows=1 ");
	expect(command_export, WORDS("export", "--data", folder, "--profile", "quickbooks"), 0, ",Income:Donations:Press:Friend,,25.00,",
	       "rows=2 ");
}

static void balance_writes_what_each_account_holds(void **state)
{
	(void)state;
	make_gift();
	expect(command_balance, WORDS("balance", "--data", folder), 0,
	       "account,currency,balance\r\nassets:provider:stripe,EUR,25.00\r\nincome:donations:press:friend,EUR,-25.00\r\n", "");
	expect(command_balance, WORDS("balance", "--data", folder, "--as-of", "2"), 0, "account,currency,balance\r\n", "");
	expect(command_balance, WORDS("balance", "--data", folder, "--campaign", "press"), 0,
	       "account,currency,balance\r\nincome:donations:press:friend,EUR,-25.00\r\n", "");
	expect(command_balance, WORDS("balance", "--data", folder, "--as-of", "9"), 1, "", "there is no seq 9 yet");
	expect(command_balance, WORDS("balance", "--data", "/nonexistent"), 1, "", "there is no ledger");
}

static void export_says_what_is_wrong(void **state)
{
	(void)state;
	make_gift();
	expect(command_export, WORDS("export"), 2, "", "--config or --data is missing");
	expect(command_export, WORDS("export", "--data", folder, "--from", "22.11.2026"), 1, "", "'22.11.2026' is neither a date");
	expect(command_export, WORDS("export", "--data", folder, "--to", "1970-01-01"), 1, "", "before 1970");
	expect(command_export, WORDS("export", "--data", folder, "--as-of", "x"), 1, "", "'x' is not the seq");
	expect(command_export, WORDS("export", "--data", folder, "--as-of", "0"), 1, "", "'0' is not the seq");
	expect(command_export, WORDS("export", "--data", folder, "--as-of", "4"), 1, "", "there is no seq 4 yet");
	expect(command_export, WORDS("export", "--data", folder, "--campaign", ""), 1, "", "cannot be a campaign's id");
	expect(command_export, WORDS("export", "--data", folder, "--profile", "x"), 1, "", "there is no profile 'x'; there are gifts/2, journal/2, ");
	expect(command_export, WORDS("export", "--data", folder, "--by", "day"), 1, "", "'by' is either time or at");
	expect(command_export, WORDS("export", "--data", folder, "--currency", "EUX"), 1, "", "there is no currency 'EUX'");
	expect(command_export, WORDS("export", "--data", folder, "--account", "stripe"), 1, "", "chosen for a statement");
	expect(command_export, WORDS("export", "--data", folder, "--currency", "EUR"), 1, "", "gifts/2 is of all currencies");
	expect(command_export, WORDS("export", "--data", folder, "--profile", "quickbooks/1", "--currency", "EUR"), 1, "", "of all currencies");
	expect(command_export, WORDS("export", "--data", folder, "--delimiter", ","), 1, "", "'delimiter' is comma, semicolon or tab");
	expect(command_export, WORDS("export", "--data", folder, "--decimal", "comma"), 1, "", "needs another delimiter");
	expect(command_export, WORDS("export", "--data", folder, "--profile", "ledger", "--bom", "yes"), 1, "", "for CSV");
	expect(command_export, WORDS("export", "--data", folder, "--profile", "payouts", "--campaign", "press"), 1, "", "payouts/1 is of none");
	expect(command_export, WORDS("export", "--data", "/nonexistent"), 1, "", "there is no ledger");
}

static void undo_gives_back_what_a_cell_was(void **state)
{
	char path[128];

	(void)state;
	snprintf(path, sizeof path, "%s/gifts.csv", folder);
	write_bytes(path, BYTES_LITERAL("event;amount\r\n'=evt_1;-3,50\r\n"));
	expect(command_export, WORDS("export", "--undo", path, "--delimiter", "semicolon"), 0, "event;amount\r\n=evt_1;-3,50\r\n", "");
	expect(command_export, WORDS("export", "--undo", path, "--data", folder), 2, "", "--undo goes with --delimiter only");
	expect(command_export, WORDS("export", "--undo", "/nonexistent"), 1, "", "there is no file");
	expect(command_export, WORDS("export", "--undo", folder), 4, "", "directory");
	write_bytes(path, BYTES_LITERAL("\"event"));
	expect(command_export, WORDS("export", "--undo", path), 1, "\"event", "ends inside a quoted cell");
}

static void a_full_disk_and_a_reader_that_went_away_are_noticed(void **state)
{
	int full = open("/dev/full", O_WRONLY);
	int nobody = open("/dev/null", O_WRONLY);
	int ends[2];

	(void)state;
	make_gift();
	assert_true(full >= 0 && nobody >= 0);
	assert_int_equal(finish(start(command_export, WORDS("export", "--data", folder), full, nobody)), 4);
	assert_int_equal(finish(start(command_verify, WORDS("verify", "--data", folder), full, nobody)), 4);
	assert_int_equal(pipe(ends), 0);
	close(ends[0]);
	assert_int_equal(finish(start(command_export, WORDS("export", "--data", folder), ends[1], nobody)), 4);
	close(ends[1]);
	close(full);
	close(nobody);
}

/* The configuration says where the ledger is; its secrets, which are not there, are not asked for. */
static void the_configuration_names_the_ledger(void **state)
{
	static const char text[] =
		"{\"organisation\": {\"id\": \"example\", \"name\": \"Example\"}, \"mode\": \"test\", \"data_dir\": \".\","
		" \"public\": {\"url\": \"https://give.example.org\"}, \"operator\": {\"token_file\": \"none\"},"
		" \"accounts\": [{\"id\": \"stripe\", \"provider\": \"stripe\", \"key_file\": \"none\", \"webhook_secret_files\": [\"none\"]}],"
		" \"campaigns\": [{\"id\": \"press\", \"title\": \"Press\", \"currency\": \"EUR\","
		" \"tiers\": [{\"id\": \"friend\", \"label\": \"Friend\", \"amount\": \"25.00\", \"interval\": \"once\"}]}]}";
	char path[128];

	(void)state;
	make_gift();
	snprintf(path, sizeof path, "%s/pledger.json", folder);
	write_bytes(path, bytes_of(text));
	expect(command_export, WORDS("export", "--config", path), 0, "25.00", "totals: ");
	expect(command_verify, WORDS("verify", "--config", path), 0, "ok: 3 entries", "");
	write_bytes(path, BYTES_LITERAL("{"));
	expect(command_verify, WORDS("verify", "--config", path), 1, "", "pledger.json:1:");
	expect(command_verify, WORDS("verify", "--config", path, "--data", folder), 0, "ok: 3 entries", "");
	expect(command_verify, WORDS("verify", "--config", "/nonexistent"), 1, "", "/nonexistent");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(verify_tells_of_a_whole_ledger_in_one_line, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(verify_exits_1_for_damage_a_tail_and_no_ledger, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(export_writes_csv, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(balance_writes_what_each_account_holds, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(export_says_what_is_wrong, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(undo_gives_back_what_a_cell_was, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(a_full_disk_and_a_reader_that_went_away_are_noticed, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(the_configuration_names_the_ledger, make_folder, remove_folder),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
