/*
 * Every call of sys/ that the log, standard output, whole files and the configuration make fails once and from
 * then on, at n = 1, 2, … until none is left to fail. A line is written whole or counted as lost; what was said
 * to be written is; a file is read whole or not at all, and why not is said truly.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "commands/configuration.h"
#include "commands/demo_files.h"
#include "config/secret.h"
#include "sys/file.h"
#include "sys/log.h"
#include "sys/output.h"
#include "tests/faults/window.h"
#include "tests/unit/small_ledger.h"

enum { EVERY_CALL = CALL_READ | CALL_WRITE | CALL_SYNC | CALL_SOCKET | CALL_SYSTEM };

static const struct plan plans[] = {
	{ "EIO, once", EVERY_CALL, EIO, false, NULL },
	{ "EIO, for ever", EVERY_CALL, EIO, true, NULL },
	{ "EINTR, once", EVERY_CALL, EINTR, false, NULL },
	{ "no memory, once", CALL_MEMORY, ENOMEM, false, NULL },
	{ "no memory, for ever", CALL_MEMORY, ENOMEM, true, NULL },
};

static const struct plan *plan; /* the one that is armed */

/* ---- the log ---- */

enum { LINES = 40, PIPE_BYTES = 4096 };

static struct {
	int ends[2];
	char text[64 * 1024];
	size_t length;
} heard;

/* Slowly enough that the writer finds the pipe full. */
static void *hear(void *unused)
{
	const struct timespec pause = { .tv_nsec = 2000000 };
	ssize_t got;

	(void)unused;
	window_outside();
	do {
		nanosleep(&pause, NULL);
		got = read(heard.ends[0], heard.text + heard.length, sizeof heard.text - 1 - heard.length);
		heard.length += got > 0 ? (size_t)got : 0;
	} while (got > 0);
	heard.text[heard.length] = '\0';
	return NULL;
}

static void log_one(int number)
{
	char filling[200];
	struct log_line line;

	memset(filling, 'x', sizeof filling);
	log_begin(&line, number == LINES / 2 ? LOG_WARNING : LOG_INFO, "test");
	log_text(&line, "filling", (struct bytes){ filling, sizeof filling });
	log_number(&line, "n", number);
	log_end(&line);
}

static bool has_line(const char *end)
{
	return strstr(heard.text, end) != NULL;
}

/* A line that was torn ended there: none begins inside another. */
static void check_beginnings(void)
{
	for (const char *at = heard.text; (at = strstr(at, "time=")) != NULL; at++)
		assert_true(at == heard.text || at[-1] == '\n');
}

static void check_lines(uint64_t lost)
{
	unsigned missing = 0;

	check_beginnings();
	for (int i = 0; i < LINES; i++) {
		char end[16];

		snprintf(end, sizeof end, " n=%d\n", i);
		missing += !has_line(end);
	}
	if (missing > lost || (plan->error == EINTR && lost > 0))
		fail_msg("%s, %s failed: %u lines are missing, %llu were lost", plan->name, window_failed(), missing,
		         (unsigned long long)lost);
}

/* Without its thread nothing goes there: the line below goes to standard error, which is not wanted here. */
static void log_unopened(void)
{
	window_outside();
	int kept = dup(STDERR_FILENO);
	int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);

	dup2(nowhere, STDERR_FILENO);
	log_one(LINES);
	dup2(kept, STDERR_FILENO);
	close(nowhere);
	close(kept);
	window_inside();
}

static void run_log(void)
{
	pthread_t reader;
	uint64_t lost = log_lost();

	window_outside();
	heard.length = 0;
	assert_int_equal(pipe2(heard.ends, O_CLOEXEC), 0);
	assert_true(fcntl(heard.ends[1], F_SETPIPE_SZ, PIPE_BYTES) >= 0);
	assert_int_equal(fcntl(heard.ends[1], F_SETFL, O_NONBLOCK), 0);
	assert_int_equal(pthread_create(&reader, NULL, hear, NULL), 0);
	window_inside();
	bool opened = log_open(heard.ends[1]) == OK;

	if (opened)
		for (int i = 0; i < LINES; i++)
			log_one(i);
	else
		log_unopened();
	log_close();
	window_outside();
	close(heard.ends[1]);
	pthread_join(reader, NULL);
	close(heard.ends[0]);
	window_inside();
	if (opened)
		check_lines(log_lost() - lost);
	else
		assert_int_equal(heard.length, 0);
}

/* ---- standard output ---- */

static const char rows[] = "seq,date\r\n1,2026-11-25\r\n";

/* Whether all went well by the program's own account. */
static bool write_rows(void)
{
	struct why why = { "" };

	output_begin();
	enum err err = output_write(BYTES_LITERAL(rows), &why);

	if (err == OK)
		err = output_write(BYTES_LITERAL(rows), &why);
	enum err last = output_end(&why);

	err = err == OK ? last : err;
	if (err != OK && (err != ERR_STORAGE || why.text[0] == '\0'))
		fail_msg("%s, %s failed: %s: \"%s\"", plan->name, window_failed(), err_name(err), why.text);
	return err == OK;
}

static void run_output(void)
{
	char path[128];
	char text[4 * sizeof rows] = "";

	window_outside();
	fflush(stdout);
	snprintf(path, sizeof path, "%s/rows", folder);
	int kept = dup(STDOUT_FILENO);
	int file = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(kept >= 0 && file >= 0 && dup2(file, STDOUT_FILENO) == STDOUT_FILENO);
	window_inside();
	bool written = write_rows();

	window_outside();
	dup2(kept, STDOUT_FILENO);
	assert_true(pread(file, text, sizeof text - 1, 0) >= 0);
	if (written || plan->error == EINTR)
		assert_string_equal(text, "seq,date\r\n1,2026-11-25\r\nseq,date\r\n1,2026-11-25\r\n");
	close(kept);
	close(file);
	window_inside();
}

/* ---- whole files ---- */

static struct demo_files files;

static void check_why(enum err err, const char *text)
{
	bool of_memory = plan->error == ENOMEM;

	if (text[0] == '\0' || strstr(text, "too l") != NULL || (of_memory && strstr(text, "memory") == NULL))
		fail_msg("%s, %s failed: %s: \"%s\"", plan->name, window_failed(), err_name(err), text);
}

/* A file that is replaced is the old one or the new one, and read whole or not at all. */
static void run_file(void)
{
	static char content[10000];
	struct buffer read = BUFFER(sizeof content);
	struct why why = { "" };
	int dir = -1;
	char path[128];

	window_outside();
	snprintf(path, sizeof path, "%s/data", folder);
	assert_int_equal(mkdir(path, 0700) == 0 || errno == EEXIST, 1);
	assert_int_equal(file_open_dir(path, &dir), 0);
	memset(content, 'o', sizeof content);
	assert_int_equal(file_replace(dir, "whole", content, sizeof content), 0);
	window_inside();
	memset(content, 'n', sizeof content);
	bool replaced = file_replace(dir, "whole", content, sizeof content) == 0;
	enum err err = file_read_all(dir, "whole", &read, &why);

	if (err != OK)
		check_why(err, why.text);
	window_outside();
	buffer_free(&read);
	read = BUFFER(sizeof content);
	assert_int_equal(file_read_all(dir, "whole", &read, &why), OK);
	assert_int_equal(read.length, sizeof content);
	assert_true(read.data[0] == 'n' || (!replaced && read.data[0] == 'o'));
	assert_int_equal(read.data[0], read.data[sizeof content - 1]);
	buffer_free(&read);
	file_close(&dir);
	window_inside();
}

static void run_secret(void)
{
	char path[PATH_SIZE + 32];
	struct secret secret = { .length = 0 };
	struct why why = { "" };

	snprintf(path, sizeof path, "%s/stripe-key", files.directory);
	enum err err = secret_read(path, &secret, &why);

	if (err == OK) {
		assert_string_equal(secret.text, files.api_key);
		return;
	}
	check_why(err, why.text);
	assert_int_equal(secret.length, 0);
	assert_non_null(strstr(why.text, "stripe-key"));
	assert_null(strstr(why.text, files.api_key));
}

/* The whole configuration with its secrets, or every reason why not. */
static void run_configuration(void)
{
	static struct config_problems problems;
	struct config *config = NULL;
	enum err err = configuration_read(files.config, &config, &problems);

	if (err == OK) {
		assert_string_equal(config->operator_token.text, files.token);
		assert_string_equal(config->accounts[0].key.text, files.api_key);
	} else {
		assert_null(config);
		assert_true(err == ERR_MEMORY || problems.count > 0);
	}
	for (size_t i = 0; i < problems.count; i++)
		check_why(err, problems.items[i].text);
	config_free(&config);
}

/* ---- the roads ---- */

static const struct road {
	const char *name;
	void (*run)(void);
} roads[] = {
	{ "the log", run_log },
	{ "standard output", run_output },
	{ "a file", run_file },
	{ "a secret", run_secret },
	{ "the configuration", run_configuration },
};

static void walk_road(const struct road *road)
{
	bool fired = true;
	unsigned n;

	for (n = 1; fired; n++) {
		window_arm(plan, n);
		road->run();
		fired = window_disarm();
	}
	printf("n = %u (%s: %s)\n", n - 2, road->name, plan->name);
	fflush(stdout);
}

static void what_is_said_is_true_whatever_fails(void **state)
{
	struct why why = { "" };
	char path[128];

	(void)state;
	snprintf(path, sizeof path, "%s/demo", folder);
	assert_int_equal(demo_files_make(path, &files, &why), OK);
	for (size_t i = 0; i < sizeof roads / sizeof roads[0]; i++)
		for (plan = plans; plan < plans + sizeof plans / sizeof plans[0]; plan++)
			walk_road(&roads[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_is_said_is_true_whatever_fails, make_folder, remove_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
