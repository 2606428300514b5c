/* pledger backup and rebuild as a shell sees them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "commands/backup.h"
#include "commands/balance.h"
#include "commands/explain.h"
#include "commands/export.h"
#include "commands/operator_address.h"
#include "commands/rebuild.h"
#include "commands/verify.h"
#include "service/audit.h"
#include "tests/unit/command_run.h"
#include "tests/unit/small_ledger.h"

static char target[80];

static int begin(void **state)
{
	int code = make_folder(state);

	snprintf(target, sizeof target, "%s.copy", folder);
	return code;
}

static void add_gifts(struct ledger *ledger, int from, int to)
{
	for (int i = from; i < to; i++)
		add_gift(ledger, i);
}

/* ---- backup ---- */

static void expect_copy(uint64_t entries)
{
	struct audit audit;
	struct why why = { "" };

	if (audit_run(target, &audit, &why) != OK)
		fail_msg("%s", why.text);
	assert_int_equal(audit.entries, entries);
	assert_int_equal(audit.tail_bytes, 0);
	shell("cmp %s/receipt.secret %s/receipt.secret", folder, target);
}

static void a_back_up_grows_beside_the_service_and_opens_elsewhere(void **state)
{
	struct ledger *ledger = open_ledger(2000);
	struct ledger_options options = { .data_dir = target, .organisation = "example" };
	struct pledge pledge;
	char id[TOKEN_SIZE];

	(void)state;
	add_gifts(ledger, 0, 3);
	expect(command_backup, WORDS("backup", target, "--data", folder), 0, "holds seq 1..7 (7 new)", "");
	expect_copy(7);
	add_gifts(ledger, 3, 8);
	expect(command_backup, WORDS("backup", target, "--data", folder), 0, "holds seq 1..17 (10 new)", "");
	expect(command_backup, WORDS("backup", target, "--data", folder), 0, "holds seq 1..17 (0 new)", "");
	expect_copy(17);
	ledger_close(&ledger);
	shell("diff -r -x durable %s/ledger %s/ledger", folder, target);
	assert_int_equal(ledger_open(&ledger, &options, NULL), OK);
	number_pledge(7, id);
	assert_int_equal(ledger_pledge(ledger, id, &pledge), OK);
	assert_int_equal(pledge.settled_count, 1);
	expect(command_backup, WORDS("backup", target, "--data", folder), 3, "", "another process has the ledger in");
	ledger_close(&ledger);
}

static void a_back_up_that_was_broken_off_goes_on(void **state)
{
	struct ledger *ledger;

	(void)state;
	make_gifts(3);
	expect(command_backup, WORDS("backup", target, "--data", folder), 0, "(7 new)", "");
	shell("f=$(ls %s/ledger/*.jsonl | tail -1); truncate -s -10 $f", target);
	expect(command_backup, WORDS("backup", target, "--data", folder), 0, "holds seq 1..7 (1 new)", "");
	shell("f=$(ls %s/ledger/*.jsonl | tail -1); rm $f", target);
	expect(command_backup, WORDS("backup", target, "--data", folder), 0, "holds seq 1..7 (", "");
	expect_copy(7);
	ledger = open_ledger(2000);
	add_gifts(ledger, 3, 4);
	expect(command_backup, WORDS("backup", target, "--data", folder), 0, "(2 new)", "");
	ledger_close(&ledger);
	expect_copy(9);
}

static void a_back_up_is_never_put_over_anything_else(void **state)
{
	char inside_of[120];

	(void)state;
	make_gifts(3);
	expect(command_backup, WORDS("backup", folder, "--data", folder), 1, "", "is the data directory, or inside it");
	for (size_t i = 0; i < 3; i++) {
		char inside[120];

		snprintf(inside, sizeof inside, "%s/%s", folder, (const char *const[]){ "copy", "./copy//", "ledger" }[i]);
		expect(command_backup, WORDS("backup", inside, "--data", folder), 1, "", "is the data directory, or inside it");
	}
	shell("ln -s %s/ledger %s", folder, target);
	expect(command_backup, WORDS("backup", target, "--data", folder), 1, "", "is the data directory, or inside it");
	shell("rm %s && mkdir %s && mv %s %s/ledger && test ! -e %s/ledger/copy", target, target, folder, target, target);
	snprintf(inside_of, sizeof inside_of, "%s/ledger", target);
	expect(command_backup, WORDS("backup", target, "--data", inside_of), 1, "", "the data directory is inside ");
	shell("test \"$(ls %s)\" = ledger && mv %s/ledger %s && rmdir %s", target, target, folder, target);
	shell("mkdir %s && touch %s/letter.txt", target, target);
	expect(command_backup, WORDS("backup", target, "--data", folder), 1, "", "is not empty and no back-up");
	shell("test \"$(ls %s)\" = letter.txt", target);
	shell("mkdir %s/ledger", target);
	expect(command_backup, WORDS("backup", target, "--data", folder), 1, "", "is not empty and no back-up");
	/* Another ledger, and more of this one. */
	shell("rm -r %s && mv %s %s", target, folder, target);
	shell("mkdir %s", folder);
	make_gifts(2);
	expect(command_backup, WORDS("backup", target, "--data", folder), 1, "", "the ledger ends with seq 5");
	make_gifts(0);
	struct ledger *ledger = open_ledger(2000);

	add_gifts(ledger, 10, 12);
	ledger_close(&ledger);
	expect(command_backup, WORDS("backup", target, "--data", folder), 1, "", "holds another ledger: its seq 7 is not this one's");
	shell("f=$(ls %s/ledger/*.jsonl | head -1); sed -i 's/friend/fiends/' $f", target);
	expect(command_backup, WORDS("backup", target, "--data", folder), 1, "", "line 2 byte ");
	shell("rm -r %s", target);
	expect(command_backup, WORDS("backup", "/nonexistent/deep", "--data", folder), 4, "", "cannot open the back-up's folder");
}

static void of_a_damaged_ledger_what_is_good_is_saved(void **state)
{
	struct audit audit;

	(void)state;
	make_gifts(3);
	shell("f=$(ls %s/ledger/*.jsonl | head -1); sed -i '3s/EUR/EUX/' $f", folder);
	expect(command_backup, WORDS("backup", target, "--data", folder), 4, "", "line 3 byte ");
	assert_int_equal(audit_run(target, &audit, NULL), OK);
	assert_int_equal(audit.entries, 2);
}

/* ---- what is no ledger ---- */

static void a_folder_that_never_was_a_ledger_is_left_as_it_is(void **state)
{
	static command_function *const commands[] = { command_verify, command_export, command_balance, command_rebuild };

	(void)state;
	shell("mkdir %s/ledger", folder);
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
		expect(commands[i], WORDS("command", "--data", folder), 1, "", "there is no ledger in");
	expect(command_explain, WORDS("explain", "evt_1", "--data", folder), 1, "", "there is no ledger in");
	expect(command_backup, WORDS("backup", target, "--data", folder), 1, "", "there is no ledger in");
	shell("test $(find %s | wc -l) = 2", folder);
	shell("test ! -e %s", target);
}

/* ---- rebuild ---- */

static void rebuild_says_what_it_found(void **state)
{
	(void)state;
	expect(command_rebuild, WORDS("rebuild", "--data", folder), 1, "", "there is no ledger in");
	make_gifts(3);
	expect(command_rebuild, WORDS("rebuild", "--data", folder), 0, "ok: the index has read seq 1..7\n", "");
	struct ledger *ledger = open_ledger(2000);

	expect(command_rebuild, WORDS("rebuild", "--data", folder), 3, "", "another process serves the ledger in");
	ledger_close(&ledger);
	shell("f=$(ls %s/ledger/*.jsonl | tail -1); truncate -s -10 $f", folder);
	expect(command_rebuild, WORDS("rebuild", "--data", folder), 4, "", "--accept-loss");
	expect(command_rebuild, WORDS("rebuild", "--data", folder, "--accept-loss"), 0,
	       "lost: entries up to seq 7 had been durable; seq 7 says so\n", "");
	expect(command_explain, WORDS("explain", "evt_1", "--data", folder), 0, "arrived", "");
}

/* ---- words ---- */

static void one_entry_is_an_entry(void **state)
{
	(void)state;
	make_gifts(0);
	expect(command_verify, WORDS("verify", "--data", folder), 0, "ok: 1 entry, seq 1..1", "");
	shell("f=$(ls %s/ledger/*.jsonl); printf '{' >>$f", folder);
	expect(command_verify, WORDS("verify", "--data", folder), 1, "", ": 1 byte behind the last good line (seq 1) belongs to no acknowledged batch; the next start moves it to cut/\n");
	expect(command_rebuild, WORDS("rebuild", "--data", folder), 0, "\n1 byte behind the last good line was moved to cut/\n", "");
}

static void what_cannot_be_read_is_named_with_its_folder(void **state)
{
	char address[OPERATOR_ADDRESS_SIZE];
	char said[200];
	struct why why;

	(void)state;
	make_gifts(0);
	shell("rm -r %s/index && touch %s/index", folder, folder);
	snprintf(said, sizeof said, "cannot make or open %s/index: Not a directory", folder);
	expect(command_rebuild, WORDS("rebuild", "--data", folder), 4, "", said);
	shell("rm %s/receipt.secret && mkdir %s/receipt.secret %s/operator.address", folder, folder, folder);
	snprintf(said, sizeof said, "%s: cannot read receipt.secret: Is a directory", folder);
	expect(command_rebuild, WORDS("rebuild", "--data", folder), 4, "", said);
	assert_int_equal(operator_address_read(folder, address, &why), ERR_STORAGE);
	snprintf(said, sizeof said, "%s: cannot read operator.address: Is a directory", folder);
	assert_string_equal(why.text, said);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_back_up_grows_beside_the_service_and_opens_elsewhere, begin, remove_folder),
		cmocka_unit_test_setup_teardown(a_back_up_that_was_broken_off_goes_on, begin, remove_folder),
		cmocka_unit_test_setup_teardown(a_back_up_is_never_put_over_anything_else, begin, remove_folder),
		cmocka_unit_test_setup_teardown(of_a_damaged_ledger_what_is_good_is_saved, begin, remove_folder),
		cmocka_unit_test_setup_teardown(a_folder_that_never_was_a_ledger_is_left_as_it_is, begin, remove_folder),
		cmocka_unit_test_setup_teardown(rebuild_says_what_it_found, begin, remove_folder),
		cmocka_unit_test_setup_teardown(one_entry_is_an_entry, begin, remove_folder),
		cmocka_unit_test_setup_teardown(what_cannot_be_read_is_named_with_its_folder, begin, remove_folder),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
