#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "commands/command.h"

struct taken {
	const char *file;
	const char *data;
	bool force;
	int code;
	bool go_on;
};

static struct taken take(int argc, const char *const *words)
{
	struct taken taken = { 0 };
	const struct argument arguments[] = {
		{ "FILE", NULL, "a file", true, &taken.file, NULL },
		{ "--data", "DIR", "a folder", false, &taken.data, NULL },
		{ "--force", NULL, "a flag", false, NULL, &taken.force },
		{ .name = NULL },
	};
	const struct command_line line = { "try", "For a test.", arguments };
	char *argv[8];

	for (int i = 0; i < argc; i++)
		argv[i] = (char *)(uintptr_t)words[i];
	taken.go_on = command_read(&line, argc, argv, &taken.code);
	return taken;
}

#define TAKE(...) \
	take((int)(sizeof((const char *const[]){ "try", __VA_ARGS__ }) / sizeof(char *)), \
	     (const char *const[]){ "try", __VA_ARGS__ })

static void options_stand_before_or_behind_and_in_both_spellings(void **state)
{
	struct taken before = TAKE("--data", "d", "--force", "f");
	struct taken behind = TAKE("f", "--data=d");

	(void)state;
	assert_true(before.go_on);
	assert_string_equal(before.file, "f");
	assert_string_equal(before.data, "d");
	assert_true(before.force);
	assert_true(behind.go_on);
	assert_string_equal(behind.data, "d");
	assert_false(behind.force);
}

static void two_dashes_end_the_options(void **state)
{
	struct taken taken = TAKE("--", "--force");

	(void)state;
	assert_true(taken.go_on);
	assert_string_equal(taken.file, "--force");
	assert_false(taken.force);
}

static void a_single_dash_and_an_empty_value_are_values(void **state)
{
	struct taken taken = TAKE("-", "--data=");

	(void)state;
	assert_true(taken.go_on);
	assert_string_equal(taken.file, "-");
	assert_string_equal(taken.data, "");
}

static void a_wrong_line_exits_with_2(void **state)
{
	const struct taken wrong[] = {
		TAKE("--force"), TAKE("f", "g"), TAKE("f", "--data"), TAKE("f", "--data", "a", "--data=b"),
		TAKE("f", "--dat=a"), TAKE("f", "--data2=a"), TAKE("f", "--force=1"), TAKE("f", "-f"),
	};

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		assert_false(wrong[i].go_on);
		assert_int_equal(wrong[i].code, EXIT_CODE_USAGE);
	}
}

static void help_exits_with_0_whatever_else_is_wrong(void **state)
{
	struct taken taken = TAKE("--nothing", "--help");

	(void)state;
	assert_false(taken.go_on);
	assert_int_equal(taken.code, EXIT_CODE_OK);
}

static void exit_codes_tell_whose_move_is_next(void **state)
{
	(void)state;
	assert_int_equal(command_exit(OK), 0);
	for (enum err err = ERR_INPUT; err <= ERR_TOO_BIG; err++)
		assert_int_equal(command_exit(err), 1);
	assert_int_equal(command_exit(ERR_BUSY), 3);
	assert_int_equal(command_exit(ERR_PROVIDER), 3);
	for (enum err err = ERR_STORAGE; err <= ERR_SYSTEM; err++)
		assert_int_equal(command_exit(err), 4);
}

static int run(int argc, char **argv)
{
	return argc == 2 && argv[0][0] == 't' ? 42 : 1;
}

static void the_table_runs_the_command_that_is_named(void **state)
{
	static const struct subcommand table[] = { { "other", NULL, "" }, { "try", run, "" }, { NULL, NULL, NULL } };
	char *good[] = { (char[]){ "pledger" }, (char[]){ "try" }, (char[]){ "f" }, NULL };
	char *bad[] = { (char[]){ "pledger" }, (char[]){ "tr" }, NULL };

	(void)state;
	assert_int_equal(command_run(table, 3, good), 42);
	assert_int_equal(command_run(table, 2, bad), EXIT_CODE_USAGE);
	assert_int_equal(command_run(table, 1, bad), EXIT_CODE_USAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_stand_before_or_behind_and_in_both_spellings),
		cmocka_unit_test(two_dashes_end_the_options),
		cmocka_unit_test(a_single_dash_and_an_empty_value_are_values),
		cmocka_unit_test(a_wrong_line_exits_with_2),
		cmocka_unit_test(help_exits_with_0_whatever_else_is_wrong),
		cmocka_unit_test(exit_codes_tell_whose_move_is_next),
		cmocka_unit_test(the_table_runs_the_command_that_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
