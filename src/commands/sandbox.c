#include "commands/sandbox.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "commands/command.h"
#include "sandbox/sandbox.h"
#include "sys/whole_file.h"

enum { SECRETS_FILE_BYTES_MAX = 4096, SCRIPT_BYTES_MAX = 64 * 1024 };

/* What the command line names. */
struct request {
	const char *listen, *public_url, *merchant, *seed;
	const char *key_file, *webhook_url, *secret_file, *misbehave_file, *ca_file;
};

/* The files behind it; the options point into them. */
struct files {
	struct buffer key, secrets, script;
};

static enum err read_file(const char *path, struct buffer *content, struct why *why)
{
	struct whole_file file;

	return path == NULL ? OK : whole_file_read(path, content, &file, why);
}

/* Cut a text into its lines in place; empty ones do not count. False when there are more than `max`. */
static bool cut_lines(struct buffer *text, const char *lines[], size_t max, size_t *count)
{
	char *rest = text->data;

	*count = 0;
	for (char *line; text->length > 0 && (line = strsep(&rest, "\r\n")) != NULL;) {
		if (line[0] == '\0')
			continue;
		if (*count == max)
			return false;
		lines[(*count)++] = line;
	}
	return true;
}

static enum err read_files(const struct request *request, struct files *files, struct sandbox_options *options,
                           struct why *why)
{
	const char *keys[1];
	size_t key_count = 0;
	enum err err = read_file(request->key_file, &files->key, why);

	if (err == OK)
		err = read_file(request->secret_file, &files->secrets, why);
	if (err == OK)
		err = read_file(request->misbehave_file, &files->script, why);
	if (err != OK)
		return err;
	if (!cut_lines(&files->key, keys, 1, &key_count) || key_count != 1)
		return why_set(why, ERR_INPUT, "%s must hold one line, the API key", request->key_file);
	if (!cut_lines(&files->secrets, options->webhook_secrets, SECRETS_MAX, &options->webhook_secret_count))
		return why_set(why, ERR_INPUT, "%s must hold at most %d lines, a secret each", request->secret_file, SECRETS_MAX);
	options->api_key = keys[0];
	options->misbehaviour = buffer_view(&files->script);
	return OK;
}

static enum err read_options(const struct request *request, struct files *files, struct sandbox_options *options,
                             struct why *why)
{
	*options = (struct sandbox_options){
		.listen = request->listen != NULL ? request->listen : "127.0.0.1:8090",
		.public_url = request->public_url,
		.merchant = request->merchant,
		.webhook_url = request->webhook_url,
		.ca_file = request->ca_file,
	};
	if (request->seed != NULL && text_unsigned(bytes_of(request->seed), UINT64_MAX, &options->seed) != OK)
		return why_set(why, ERR_INPUT, "--seed must be a number");
	return read_files(request, files, options, why);
}

/* Serve until a signal comes. The signals are blocked in all threads, so that only this one hears them. */
static enum err serve(const struct sandbox_options *options, struct why *why)
{
	struct sandbox *sandbox = NULL;
	sigset_t signals;
	int signal_number;

	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	pthread_sigmask(SIG_BLOCK, &signals, NULL);
	signal(SIGPIPE, SIG_IGN);
	enum err err = sandbox_start(&sandbox, options, why);

	if (err != OK)
		return err;
	printf("sandbox: %s\n", sandbox_url(sandbox));
	fflush(stdout);
	sigwait(&signals, &signal_number);
	sandbox_stop(&sandbox);
	return OK;
}

int command_sandbox(int argc, char **argv)
{
	struct request request = { 0 };
	const struct argument arguments[] = {
		{ "--listen", "ADDRESS", "where, on loopback (127.0.0.1:8090)", false, &request.listen, NULL },
		{ "--key-file", "FILE", "the API key that it accepts (sk_test_...)", true, &request.key_file, NULL },
		{ "--webhook-url", "URL", "where it sends its events", false, &request.webhook_url, NULL },
		{ "--webhook-secret-file", "FILE", "what it signs them with, a secret a line", false, &request.secret_file, NULL },
		{ "--misbehave", "FILE", "how it misbehaves, as JSON", false, &request.misbehave_file, NULL },
		{ "--merchant", "NAME", "the name on its payment page", false, &request.merchant, NULL },
		{ "--public-url", "URL", "where browsers find its payment page", false, &request.public_url, NULL },
		{ "--ca-file", "FILE", "whom it trusts for an https webhook URL", false, &request.ca_file, NULL },
		{ "--seed", "NUMBER", "makes the same ids each time", false, &request.seed, NULL },
		{ .name = NULL },
	};
	const struct command_line line = {
		"sandbox", "Run a stand-in payment provider that speaks Stripe's wire format, in memory, on loopback.", arguments,
	};
	struct files files = { BUFFER(SECRETS_FILE_BYTES_MAX), BUFFER(SECRETS_FILE_BYTES_MAX), BUFFER(SCRIPT_BYTES_MAX) };
	struct sandbox_options options;
	struct why why = { "" };
	int code;

	if (!command_read(&line, argc, argv, &code))
		return code;
	enum err err = read_options(&request, &files, &options, &why);

	if (err == OK)
		err = serve(&options, &why);
	if (err != OK)
		fprintf(stderr, "pledger sandbox: %s\n", why.text[0] != '\0' ? why.text : err_name(err));
	buffer_free(&files.key);
	buffer_free(&files.secrets);
	buffer_free(&files.script);
	return (int)command_exit(err);
}
