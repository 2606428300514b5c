/*
 * command_run.h -- run a subcommand as a shell does, in a process of its own, and
 * see what it writes, where, and how it exits.
 */
#ifndef TESTS_COMMAND_RUN_H
#define TESTS_COMMAND_RUN_H

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

/* In a process of its own, since the command closes its output. `out` is where that goes. */
static inline pid_t start(int (*command)(int, char **), const char *const *words, int out, int err)
{
	char *arguments[24] = { NULL };
	int count = 0;

	for (; words[count] != NULL; count++)
		arguments[count] = strdup(words[count]);
	pid_t child = fork();

	if (child == 0) {
		dup2(out, STDOUT_FILENO);
		dup2(err, STDERR_FILENO);
		int code = command(count, arguments);

		fflush(stdout);
		_exit(code);
	}
	for (int i = 0; i < count; i++)
		free(arguments[i]);
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
static inline struct run run(int (*command)(int, char **), const char *const *words)
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

static inline void expect(int (*command)(int, char **), const char *const *words, int code, const char *out, const char *err)
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
