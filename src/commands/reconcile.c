/*
 * The good road: a service runs → ask its operator's listener for a run and look until it has ended. None runs → be
 * one for the length of a run, with the ledger's lock and without listeners. In between (a service that starts or
 * stops) both ways once more, for a few seconds.
 */
#include "commands/reconcile.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/json_write.h"
#include "base/moment.h"
#include "commands/command.h"
#include "commands/configuration.h"
#include "commands/instance.h"
#include "commands/operator_call.h"
#include "sys/clock.h"

enum {
	EXIT_CODE_EQUAL = 0,
	EXIT_CODE_DIFFERENT = 1,
	EXIT_CODE_UNKNOWN = 2, /* also for a mistake on the command line, as everywhere */
	EXIT_CODE_NOT_YET = 3,
	PATIENCE_US = 10 * 1000 * 1000,
	PAUSE_MS = 200,
	ANSWER_BYTES_MAX = 1024 * 1024,
};

struct errand {
	const char *config_path;
	const char *token_file;   /* NULL: the configuration's */
	const char *since;        /* as it was typed; NULL: not */
	bool accept_clock;
	struct reconcile_wish wish;
	const struct config *config; /* without secrets */
	struct buffer answer;     /* the result as JSON */
	struct why why;
};

static void rest(void)
{
	const struct timespec pause = { .tv_nsec = PAUSE_MS * 1000000L };

	nanosleep(&pause, NULL);
}

/* ---- through the service ---- */

static enum err call(struct errand *errand, const char *method, const char *path, struct bytes body, int *status)
{
	const struct operator_call wanted = {
		.data_dir = errand->config->data_dir,
		.host = errand->config->operator_hosts[0],
		.token_file = errand->token_file != NULL ? errand->token_file : errand->config->operator_token_file,
		.method = method,
		.path = path,
		.body = body,
	};

	buffer_clear(&errand->answer);
	return operator_call(&wanted, status, &errand->answer, &errand->why);
}

static enum err expect(struct errand *errand, int status, int wanted)
{
	return status == wanted ? OK : operator_refusal(status, buffer_view(&errand->answer), &errand->why);
}

static int64_t run_of(const struct errand *errand)
{
	json_t *root = json_loadb(errand->answer.data, errand->answer.length, 0, NULL);
	int64_t run = (int64_t)json_integer_value(json_object_get(root, "run"));

	json_decref(root);
	return run;
}

static enum err ask_for_run(struct errand *errand, int64_t *run)
{
	struct buffer body = BUFFER(1024);
	struct json_write json = JSON_WRITE(&body);
	int status = 0;

	json_write_object_open(&json, NULL);
	if (errand->since != NULL)
		json_write_text(&json, "since", errand->since);
	json_write_bool(&json, "dry_run", errand->wish.dry_run);
	json_write_object_close(&json);
	enum err err = buffer_err(&body);

	if (err == OK)
		err = call(errand, "POST", "/v1/reconcile", buffer_view(&body), &status);
	if (err == OK)
		err = expect(errand, status, 202);
	if (err == OK)
		*run = run_of(errand);
	buffer_free(&body);
	return err;
}

/* ERR_BUSY: nobody was asked. */
static enum err ask_service(struct errand *errand)
{
	int64_t run = 0;
	int status = 0;
	enum err err = ask_for_run(errand, &run);

	if (err != OK)
		return err;
	do {
		rest();
		err = call(errand, "GET", "/v1/reconciliation", (struct bytes){ "", 0 }, &status);
		if (err == OK)
			err = expect(errand, status, 200);
	} while (err == OK && run_of(errand) < run);
	/* It was asked: that it is gone by now is no reason to begin anew. */
	return err == ERR_BUSY ? ERR_PROVIDER : err;
}

/* ---- by oneself ---- */

static enum err be_one(struct errand *errand)
{
	static struct config_problems problems;
	const struct instance_options options = { .config_path = errand->config_path, .accept_clock = errand->accept_clock, .alone = true };
	struct reconciliation *result = calloc(1, sizeof *result);
	struct instance *instance = NULL;
	struct config *config = NULL;
	enum err err = result == NULL ? ERR_MEMORY : OK;

	if (err == OK) {
		err = configuration_read(errand->config_path, &config, &problems);
		configuration_print(errand->config_path, &problems);
		if (err != OK) /* it was good without its secrets */
			err = why_set(&errand->why, err, "no service runs that could be asked, and here the secrets that it would need cannot be read");
	}
	instance_signals();
	if (err == OK)
		err = instance_start(&instance, config, &options, &errand->why);
	if (err == OK)
		err = instance_reconcile(instance, &errand->wish, result, &errand->why);
	if (err == OK)
		reconciliation_write(result, &errand->answer);
	instance_stop(&instance);
	free(result);
	return err;
}

static enum err do_it(struct errand *errand)
{
	int64_t end_us = clock_mono_us() + PATIENCE_US;
	enum err err;

	for (;;) {
		err = ask_service(errand);
		if (err == ERR_BUSY) {
			buffer_clear(&errand->answer);
			errand->why.text[0] = '\0';
			err = be_one(errand);
		}
		if (err != ERR_BUSY || clock_mono_us() > end_us)
			return err;
		rest();
	}
}

/* ---- for the person at the terminal ---- */

static const char *text_of(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text != NULL ? text : "";
}

static int64_t number_of(const json_t *object, const char *name)
{
	return (int64_t)json_integer_value(json_object_get(object, name));
}

/* A line for each object of an array: its members in that order. */
static void print_rows(const json_t *root, const char *array, const char *word, const char *const *members)
{
	size_t at;
	json_t *row;

	json_array_foreach(json_object_get(root, array), at, row) {
		printf("%s:", word);
		for (size_t i = 0; members[i] != NULL; i++)
			if (json_object_get(row, members[i]) != NULL)
				printf(" %s=%s", members[i], text_of(row, members[i]));
		printf("\n");
	}
}

static void print_rest(const json_t *root, const char *array, const char *count, const char *what)
{
	int64_t left = number_of(root, count) - (int64_t)json_array_size(json_object_get(root, array));

	if (left > 0)
		printf("and %" PRId64 " more %s\n", left, what);
}

static int exit_code_of(const char *result)
{
	if (strcmp(result, "equal") == 0)
		return EXIT_CODE_EQUAL;
	if (strcmp(result, "not-yet") == 0)
		return EXIT_CODE_NOT_YET;
	return strcmp(result, "different") == 0 ? EXIT_CODE_DIFFERENT : EXIT_CODE_UNKNOWN;
}

static int print_result(const struct bytes json)
{
	static const char *const balance[] = { "account", "currency", "provider", "books", NULL };
	static const char *const payout[] = { "account", "payout", "currency", "amount", "ours", "others", NULL };
	static const char *const difference[] = { "reason", "account", "object", "transaction", "currency", "provider", "books", NULL };
	json_t *root = json_loadb(json.data != NULL ? json.data : "", json.length, 0, NULL);
	const char *result = text_of(root, "result");

	printf("since %s: events=%" PRId64 " sessions=%" PRId64 " recalled=%" PRId64 " owed=%" PRId64 " lines=%" PRId64 " ours=%" PRId64 "\n",
	       text_of(root, "since"), number_of(root, "events"), number_of(root, "sessions"), number_of(root, "recalled"),
	       number_of(root, "owed"), number_of(root, "lines"), number_of(root, "lines_ours"));
	print_rows(root, "balances", "balance", balance);
	print_rows(root, "payouts", "payout", payout);
	print_rest(root, "payouts", "payout_count", "payouts");
	print_rows(root, "differences", "difference", difference);
	print_rest(root, "differences", "difference_count", "differences");
	printf("books and provider: %s%s%s\n", result, text_of(root, "why")[0] != '\0' ? ": " : "", text_of(root, "why"));
	int code = exit_code_of(result);

	json_decref(root);
	return code;
}

static int reconcile(struct errand *errand)
{
	static struct config_problems problems;
	struct config *config = NULL;
	int code = EXIT_CODE_UNKNOWN;
	int64_t since_us = 0;
	const struct zone utc = { 0 };
	enum err err = errand->since == NULL ? OK : moment_parse(bytes_of(errand->since), &utc, &since_us, &errand->why);

	errand->wish.since_s = since_us / 1000000;
	if (err == OK)
		err = reconcile_wish_check(&errand->wish, clock_wall_us() / 1000000, &errand->why);
	errand->answer = (struct buffer){ .max = ANSWER_BYTES_MAX };
	if (err == OK) {
		err = configuration_read_without_secrets(errand->config_path, &config, &problems);
		configuration_print(errand->config_path, &problems);
	}
	errand->config = config;
	if (err == OK)
		err = do_it(errand);
	if (err == OK)
		code = print_result(buffer_view(&errand->answer));
	else
		fprintf(stderr, "pledger reconcile: %s\n", errand->why.text[0] != '\0' ? errand->why.text : err_name(err));
	buffer_free(&errand->answer);
	config_free(&config);
	return code;
}

int command_reconcile(int argc, char **argv)
{
	struct errand errand = { .config_path = NULL };
	const struct argument arguments[] = {
		{ "--config", "FILE", "the configuration", true, &errand.config_path, NULL },
		{ "--since", "TIME", "read the provider from here on: 2026-11-01, 2026-11-01T00:00:00+01:00; else from where the last run has ended", false,
			&errand.since, NULL },
		{ "--dry-run", NULL, "compare only: nothing is booked, nothing owed is done", false, NULL, &errand.wish.dry_run },
		{ "--token-file", "FILE", "the operator's token, where the configuration's file cannot be read", false, &errand.token_file, NULL },
		{ "--accept-clock", NULL, "where no service runs: the clock is right, whatever the last entry says", false, NULL, &errand.accept_clock },
		{ .name = NULL },
	};
	const struct command_line line = {
		"reconcile",
		"Read the provider's own list of events, do what is owed, and compare each line of the provider's balance with\n"
		"the ledger. Through the running service or, where none runs, by itself. Exit status: 0 when books and provider\n"
		"are equal, 1 when there are differences, 2 when that cannot be known, 3 when there are none but something is owed or\n"
		"has just come, which the next run finds booked.",
		arguments,
	};
	int code;

	return command_read(&line, argc, argv, &code) ? reconcile(&errand) : code;
}
