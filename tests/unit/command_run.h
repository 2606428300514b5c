/*
 * command_run.h -- run a subcommand as a shell does, in a process of its own, and
 * see what it writes, where, and how it exits.
 */
#ifndef TESTS_COMMAND_RUN_H
#define TESTS_COMMAND_RUN_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/bytes.h"

/* What a command left behind. */
struct run {
	int code;
	struct buffer out;
	struct buffer err;
};

static inline void read_pipe(int fd, struct buffer *out)
{
	char piece[4096];
	ssize_t got;

	while ((got = read(fd, piece, sizeof piece)) > 0)
		buffer_append(out, piece, (size_t)got);
	buffer_char(out, '\0'); /* so that an empty one is a text, too */
	close(fd);
}

typedef int command_function(int argc, char **argv);

/* Where a command is, as seen from here: the same in every process of this program, wherever it is loaded. */
static inline intptr_t way_to(command_function *command)
{
	return (intptr_t)command - (intptr_t)way_to;
}

/* Before main: whether this process was started to be a command. */
__attribute__((constructor))
static void be_a_command(int argc, char **argv)
{
	if (argc < 3 || strcmp(argv[1], "--command") != 0)
		return;
	command_function *command = (command_function *)((intptr_t)way_to + (intptr_t)strtoll(argv[2], NULL, 10));
	int code = command(argc - 3, argv + 3);

	fflush(stdout);
	_exit(code);
}

/*
 * In a process of its own, since the command closes its output; this program anew, since a forked one would keep the locks
 * that threads of the ledger have just then. `out` is where its output goes.
 */
static inline pid_t start(command_function *command, const char *const *words, int out, int err)
{
	char way[24];
	char *arguments[24] = { (char *)"command", (char *)"--command", way };

	snprintf(way, sizeof way, "%lld", (long long)way_to(command));
	for (int i = 0; words[i] != NULL; i++)
		arguments[3 + i] = (char *)(intptr_t)words[i];
	pid_t child = fork();

	if (child == 0) {
		dup2(out, STDOUT_FILENO);
		dup2(err, STDERR_FILENO);
		execv("/proc/self/exe", arguments);
		_exit(126);
	}
	return child;
}

static inline int finish(pid_t child)
{
	int status;

	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* The small outputs of these tests fit into a pipe. */
static inline struct run run(command_function *command, const char *const *words)
{
	struct run made = { .out = BUFFER(1 << 20), .err = BUFFER(1 << 20) };
	int out[2];
	int err[2];

	assert_int_equal(pipe(out), 0);
	assert_int_equal(pipe(err), 0);
	pid_t child = start(command, words, out[1], err[1]);

	close(out[1]);
	close(err[1]);
	read_pipe(out[0], &made.out);
	read_pipe(err[0], &made.err);
	made.code = finish(child);
	return made;
}

static inline void run_free(struct run *made)
{
	buffer_free(&made->out);
	buffer_free(&made->err);
}

#define WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static inline void expect(command_function *command, const char *const *words, int code, const char *out, const char *err)
{
	struct run made = run(command, words);

	if (made.code != code || strstr(made.out.data, out) == NULL || strstr(made.err.data, err) == NULL)
		fail_msg("exit %d\n%s\n%s", made.code, made.out.data, made.err.data);
	/* A product goes to standard output, everything else to standard error. */
	assert_true(out[0] != '\0' || made.out.data[0] == '\0');
	assert_true(err[0] != '\0' || made.err.data[0] == '\0');
	run_free(&made);
}

#endif
