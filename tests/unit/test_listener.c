/* Listening sockets: forms of addresses, what is in the way, what systemd passes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "net/listener.h"

static char path[64];
static char unix_address[80];

static int make_path(void **state)
{
	(void)state;
	snprintf(path, sizeof path, "/tmp/pledger-listener-%d.sock", (int)getpid());
	snprintf(unix_address, sizeof unix_address, "unix:%s", path);
	unlink(path);
	return 0;
}

static int remove_path(void **state)
{
	(void)state;
	unlink(path);
	return 0;
}

static void only_addresses_in_digits_paths_and_numbers_are_accepted(void **state)
{
	(void)state;
	static const char *const good[] = {
		"127.0.0.1:8080", "0.0.0.0:80", "127.0.0.1:0", "[::1]:8080", "[::]:65535", "unix:/run/a.sock", "systemd:0", "systemd:63",
	};
	static const char *const bad[] = {
		"", "8080", ":8080", "localhost:8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:08",
		"127.0.0.1:80x", "127.1:80", "::1:8080", "[::1]", "[::1:80", "[127.0.0.1]:80", "[]:80", "[::1%lo]:80",
		"unix:", "unix:a.sock", "systemd:", "systemd:64", "systemd:x", "systemd:-1",
		"unix:/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	};
	struct why why;

	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		if (listener_check(good[i], &why) != OK)
			fail_msg("refused: %s", good[i]);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (listener_check(bad[i], &why) != ERR_INPUT)
			fail_msg("accepted: %s", bad[i]);
}

static void the_actual_address_is_told_and_belongs_to_one(void **state)
{
	(void)state;
	static const char *const addresses[] = { "127.0.0.1:0", "[::1]:0" };
	char actual[64];
	char again[64];
	struct why why = { "" };
	int fd;
	int second = -1;

	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(listener_open(addresses[i], &fd, actual, sizeof actual, &why), OK);
		assert_memory_equal(actual, addresses[i], strlen(addresses[i]) - 1);
		assert_string_not_equal(actual, addresses[i]);
		assert_true((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
		assert_true((fcntl(fd, F_GETFL) & O_NONBLOCK) != 0);
		assert_int_equal(listener_open(actual, &second, again, sizeof again, &why), ERR_CONFLICT);
		assert_int_equal(second, -1);
		close(fd);
		assert_int_equal(listener_open(actual, &fd, again, sizeof again, &why), OK);
		assert_string_equal(actual, again);
		close(fd);
	}
}

static void an_address_that_is_not_ours_is_refused(void **state)
{
	(void)state;
	char actual[64];
	struct why why = { "" };
	int fd = -1;

	assert_int_equal(listener_open("192.0.2.1:8080", &fd, actual, sizeof actual, &why), ERR_SYSTEM);
	assert_string_not_equal(why.text, "");
	assert_int_equal(listener_open("unix:/nonexistent/a.sock", &fd, actual, sizeof actual, &why), ERR_SYSTEM);
	assert_int_equal(listener_open("127.0.0.1:0", &fd, actual, 5, &why), ERR_TOO_BIG);
	assert_int_equal(fd, -1);
}

static void an_old_socket_is_replaced_but_not_one_that_lives(void **state)
{
	(void)state;
	char actual[80];
	struct why why = { "" };
	struct stat file;
	int fd;
	int second = -1;

	assert_int_equal(listener_open(unix_address, &fd, actual, sizeof actual, &why), OK);
	assert_string_equal(actual, unix_address);
	assert_int_equal(stat(path, &file), 0);
	assert_int_equal(file.st_mode & 0777, 0660);
	assert_int_equal(listener_open(unix_address, &second, actual, sizeof actual, &why), ERR_CONFLICT);
	close(fd);
	assert_int_equal(listener_open(unix_address, &fd, actual, sizeof actual, &why), OK);
	close(fd);
}

static void a_file_at_the_path_is_left_alone(void **state)
{
	(void)state;
	char actual[80];
	struct why why = { "" };
	int fd = -1;
	int file = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

	assert_true(file >= 0);
	close(file);
	assert_int_equal(listener_open(unix_address, &fd, actual, sizeof actual, &why), ERR_CONFLICT);
	assert_int_equal(access(path, F_OK), 0);
	assert_int_equal(fd, -1);
}

/* In a child, as systemd starts it: fd 3 is a socket, LISTEN_PID names the child. 0 when all is as promised. */
static int passed_child(const char *count, bool listening, enum err expected)
{
	char pid[16];
	char actual[64];
	struct why why = { "" };
	int fd = -1;
	int passed = socket(AF_INET, SOCK_STREAM, 0);

	if (listening && listen(passed, 1) != 0)
		return 10;
	if (dup2(passed, 3) != 3)
		return 11;
	snprintf(pid, sizeof pid, "%d", (int)getpid());
	setenv("LISTEN_PID", pid, 1);
	setenv("LISTEN_FDS", count, 1);
	enum err err = listener_open("systemd:0", &fd, actual, sizeof actual, &why);

	if (err != expected)
		return 12;
	if (err != OK)
		return fd == -1 && why.text[0] != '\0' ? 0 : 13;
	return (fcntl(fd, F_GETFL) & O_NONBLOCK) != 0 && strncmp(actual, "0.0.0.0:", 8) == 0 ? 0 : 14;
}

static void expect_passed(const char *count, bool listening, enum err expected)
{
	int status;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0)
		_exit(passed_child(count, listening, expected));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void a_socket_passed_by_systemd_is_taken(void **state)
{
	(void)state;
	expect_passed("1", true, OK);
}

static void what_was_not_passed_or_does_not_listen_is_refused(void **state)
{
	(void)state;
	char actual[64];
	struct why why = { "" };
	int fd = -1;

	expect_passed("0", true, ERR_SYSTEM);
	expect_passed("x", true, ERR_SYSTEM);
	expect_passed("1", false, ERR_SYSTEM);
	setenv("LISTEN_PID", "1", 1);
	setenv("LISTEN_FDS", "1", 1);
	assert_int_equal(listener_open("systemd:0", &fd, actual, sizeof actual, &why), ERR_SYSTEM);
	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDS");
	assert_int_equal(listener_open("systemd:0", &fd, actual, sizeof actual, &why), ERR_SYSTEM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_addresses_in_digits_paths_and_numbers_are_accepted),
		cmocka_unit_test(the_actual_address_is_told_and_belongs_to_one),
		cmocka_unit_test(an_address_that_is_not_ours_is_refused),
		cmocka_unit_test_setup_teardown(an_old_socket_is_replaced_but_not_one_that_lives, make_path, remove_path),
		cmocka_unit_test_setup_teardown(a_file_at_the_path_is_left_alone, make_path, remove_path),
		cmocka_unit_test(a_socket_passed_by_systemd_is_taken),
		cmocka_unit_test(what_was_not_passed_or_does_not_listen_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
