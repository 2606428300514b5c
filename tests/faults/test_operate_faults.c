/*
 * A command that enters something, beside a service that has the ledger: the road of commands/operate.c through
 * operator_address.c and operator_call.c. The service is in a process of its own, where nothing fails; every call of
 * the command fails once, at n = 1, 2, … until none is left to fail. It says that the gift was entered only when it
 * was, and the same again enters it exactly once.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "commands/command.h"
#include "commands/configuration.h"
#include "commands/demo_files.h"
#include "commands/instance.h"
#include "commands/record.h"
#include "ledger/scan.h"
#include "sys/log.h"
#include "tests/faults/window.h"
#include "tests/unit/small_ledger.h"

static const struct plan plans[] = {
	{ "EIO, once", CALL_READ | CALL_WRITE | CALL_SYNC | CALL_INDEX | CALL_SYSTEM | CALL_SOCKET | CALL_HTTP, EIO, false, NULL },
	{ "no memory, once", CALL_MEMORY, ENOMEM, false, NULL },
};

static struct demo_files files;
static pid_t service;
static unsigned number;        /* of the gift */
static unsigned promised;      /* gifts that the failing command said were entered */

/* ---- the service ---- */

/* The child: serve until killed, and write a byte when it can be asked. */
static void serve(int ready)
{
	static struct config_problems problems;
	const struct instance_options options = { .config_path = files.config };
	struct instance *instance = NULL;
	struct config *config = NULL;
	struct why why = { "" };
	char path[96];

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	snprintf(path, sizeof path, "%s/log", folder);
	if (log_open(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600)) != OK || configuration_read(files.config, &config, &problems) != OK
	    || instance_start(&instance, config, &options, &why) != OK || write(ready, "", 1) != 1)
		_exit(1);
	for (;;)
		pause();
}

static int setup(void **state)
{
	char path[96];
	char byte;
	int ready[2];
	struct why why = { "" };

	(void)make_folder(state);
	snprintf(path, sizeof path, "%s/demo", folder);
	assert_int_equal(demo_files_make(path, &files, &why), OK);
	instance_signals();
	assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
	service = fork();
	assert_true(service >= 0);
	if (service == 0)
		serve(ready[1]);
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	return 0;
}

static int teardown(void **state)
{
	kill(service, SIGKILL);
	waitpid(service, NULL, 0);
	return remove_folder(state);
}

/* ---- the command ---- */

/* What it prints goes nowhere: this test's own lines are few. */
static int record(void)
{
	char reference[32];
	char *arguments[] = {
		"record", "--config", files.config, "--tier", "box-100", "--reason", "cash", "--ref", reference, NULL,
	};

	snprintf(reference, sizeof reference, "gift-%u", number);
	return command_record((int)(sizeof arguments / sizeof arguments[0]) - 1, arguments);
}

/* How many entries have this reference. */
static unsigned count_of(unsigned wanted)
{
	char data_dir[PATH_SIZE + 8];
	char reference[32];
	struct entry *entry = malloc(sizeof *entry);
	struct scan *scan = NULL;
	struct why why = { "" };
	unsigned count = 0;
	bool more = true;

	assert_non_null(entry);
	snprintf(data_dir, sizeof data_dir, "%s/data", files.directory);
	snprintf(reference, sizeof reference, "gift-%u", wanted);
	assert_int_equal(scan_open(&scan, data_dir, &why), OK);
	while (scan_next(scan, entry, &more, &why) == OK && more)
		count += entry->kind == ENTRY_RECORDED && strcmp(entry->reference, reference) == 0;
	assert_string_equal(why.text, "");
	scan_close(&scan);
	free(entry);
	return count;
}

static int screen[2];

static void silence(void)
{
	int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);

	assert_true(nowhere >= 0);
	for (int i = 0; i < 2; i++) {
		fflush(i == 0 ? stdout : stderr);
		screen[i] = fcntl(1 + i, F_DUPFD_CLOEXEC, 3);
		assert_int_equal(dup2(nowhere, 1 + i), 1 + i);
	}
	close(nowhere);
}

static void speak(void)
{
	for (int i = 0; i < 2; i++) {
		fflush(i == 0 ? stdout : stderr);
		assert_int_equal(dup2(screen[i], 1 + i), 1 + i);
		close(screen[i]);
	}
}

static bool walk_once(const struct plan *plan, unsigned n)
{
	number++;
	silence();
	window_arm(plan, n);
	int code = record();
	bool fired = window_disarm();

	speak();
	if (!fired)
		assert_int_equal(code, EXIT_CODE_OK);
	if (code == EXIT_CODE_OK) {
		promised++;
		if (count_of(number) != 1)
			fail_msg("%s, %s failed: said to be entered, and it is not", plan->name, window_failed());
	}
	silence();
	code = record();
	speak();
	if (code != EXIT_CODE_OK || count_of(number) != 1)
		fail_msg("%s, %s failed: the same again ends with %d and %u entries", plan->name, window_failed(), code, count_of(number));
	return fired;
}

static void what_is_said_to_be_entered_is_and_once(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof plans / sizeof plans[0]; i++) {
		unsigned n = 1;

		while (walk_once(&plans[i], n))
			n++;
		printf("n = %u (record: %s), %u of them entered all the same\n", n - 1, plans[i].name, promised - 1);
		fflush(stdout);
		promised = 0;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_said_to_be_entered_is_and_once),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
