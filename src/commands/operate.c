/*
 * The good road: no service has the ledger's lock → take it, enter, close. A service has it → ask its operator's
 * listener. The bad ones: it has the lock and does not listen yet, or no more, or another such command has it for a
 * moment → both ways once more, for a few seconds. No whole answer comes → it may have been entered: said so, and
 * the same again does no harm, since the reference is the same.
 */
#include "commands/operate.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/json_write.h"
#include "commands/configuration.h"
#include "commands/latch.h"
#include "commands/operate_answer.h"
#include "commands/operator_call.h"
#include "sys/clock.h"
#include "sys/log.h"

enum { PATIENCE_US = 10 * 1000 * 1000, PAUSE_MS = 50, BODY_BYTES_MAX = 8 * 1024, ANSWER_BYTES_MAX = 1024 * 1024 };

/* One try, in either way: what came of it as the doors have it. */
struct attempt {
	const struct operate *operate;
	const struct config *config;
	uint64_t after;         /* of a list: what was listed already */
	bool list;
	int status;             /* of a door's answer */
	struct buffer answer;   /* a door's body */
	struct why why;
};

/* ---- by oneself ---- */

static enum err open_ledger(const struct attempt *attempt, struct ledger **ledger, struct why *why)
{
	const struct config *config = attempt->config;
	const struct ledger_options options = {
		.data_dir = config->data_dir,
		.organisation = config->organisation_id,
		.live = config->live,
		.segment_bytes = config->segment_bytes,
		.reserve_bytes = config->reserve_bytes,
		.impatient = true, /* whoever has it can be asked; patience is attempt_it's */
		.accept_clock = attempt->operate->accept_clock,
	};

	return ledger_open(ledger, &options, why);
}

struct entering {
	struct latch latch;
	struct operation_result result;
};

static void on_entered(void *context, const struct operation_result *result)
{
	struct entering *entering = context;

	entering->result = *result;
	latch_open(&entering->latch);
}

static enum err enter(struct attempt *attempt, struct ledger *ledger)
{
	struct entering entering = { .latch = LATCH };

	operation_begin(ledger, attempt->config, &attempt->operate->request, on_entered, &entering);
	latch_wait(&entering.latch);
	if (entering.result.err == OK)
		operation_write(&entering.result, &attempt->answer);
	attempt->why = entering.result.why;
	return entering.result.err;
}

/* *locked says that another process has the ledger: nothing was done. */
static enum err do_it(struct attempt *attempt, bool *locked)
{
	struct ledger *ledger = NULL;
	enum err err = open_ledger(attempt, &ledger, &attempt->why);

	*locked = err == ERR_BUSY;
	if (err == OK)
		err = attempt->list ? operation_write_parked(ledger, attempt->after, &attempt->answer) : enter(attempt, ledger);
	ledger_close(&ledger);
	return err;
}

/* ---- through the service ---- */

static void write_body(const struct operation_request *request, struct buffer *body)
{
	struct json_write json = JSON_WRITE(body);

	json_write_object_open(&json, NULL);
	for (int i = 0; i < OPERATION_WISHES; i++)
		if (request->texts[i] != NULL && i == OPERATION_SEQ)
			json_write_integer(&json, operation_wish_name((enum operation_wish)i), (int64_t)strtoull(request->texts[i], NULL, 10));
		else if (request->texts[i] != NULL)
			json_write_text(&json, operation_wish_name((enum operation_wish)i), request->texts[i]);
	json_write_object_close(&json);
}

static enum err ask_for_it(struct attempt *attempt)
{
	const struct operate *operate = attempt->operate;
	struct buffer body = BUFFER(BODY_BYTES_MAX);
	char path[64];

	snprintf(path, sizeof path, attempt->list ? "%s?after=%" PRIu64 : "%s", operate->path, attempt->after);
	if (!attempt->list)
		write_body(&operate->request, &body);
	const struct operator_call call = {
		.data_dir = attempt->config->data_dir,
		.host = attempt->config->operator_hosts[0],
		.token_file = operate->token_file != NULL ? operate->token_file : attempt->config->operator_token_file,
		.method = attempt->list ? "GET" : "POST",
		.path = path,
		.body = buffer_view(&body),
	};
	enum err err = buffer_err(&body);

	if (err == OK)
		err = operator_call(&call, &attempt->status, &attempt->answer, &attempt->why);
	buffer_free(&body);
	return err;
}

/* ---- the one way or the other ---- */

static enum err attempt_once(struct attempt *attempt, bool *again)
{
	bool locked;

	attempt->status = 0;
	attempt->why.text[0] = '\0';
	buffer_clear(&attempt->answer);
	enum err err = do_it(attempt, &locked);

	*again = locked;
	if (!locked)
		return err;
	err = ask_for_it(attempt);
	*again = err == ERR_BUSY;
	return err;
}

static enum err attempt_it(struct attempt *attempt)
{
	const struct timespec pause = { .tv_nsec = PAUSE_MS * 1000000L };
	int64_t end_us = clock_mono_us() + PATIENCE_US;
	bool again;
	enum err err = attempt_once(attempt, &again);

	while (again && clock_mono_us() < end_us) {
		nanosleep(&pause, NULL);
		err = attempt_once(attempt, &again);
	}
	return err;
}

/* The exit code, with all that there is to say on stderr where it is not OK. */
static int judge(struct attempt *attempt, enum err err)
{
	const char *command = attempt->operate->command;
	bool unknown = err == ERR_PROVIDER;

	if (err == OK && attempt->status != 0 && attempt->status != 200 && attempt->status != 201)
		err = operator_refusal(attempt->status, buffer_view(&attempt->answer), &attempt->why);
	if (unknown)
		fprintf(stderr, "pledger %s: %s\nWhether it was entered is not known: the same again does no harm.\n", command, attempt->why.text);
	else if (err != OK)
		fprintf(stderr, "pledger %s: %s\n", command, attempt->why.text[0] != '\0' ? attempt->why.text : err_name(err));
	return command_exit(err);
}

static struct config *read_config(const struct operate *operate, int *code)
{
	static struct config_problems problems;
	struct config *config = NULL;
	enum err err = configuration_read_without_secrets(operate->config, &config, &problems);

	configuration_print(operate->config, &problems);
	*code = command_exit(err);
	return config;
}

int operate(const struct operate *operate)
{
	int code;
	struct config *config = read_config(operate, &code);
	struct attempt attempt = { .operate = operate, .config = config, .answer = BUFFER(ANSWER_BYTES_MAX) };

	if (config == NULL)
		return code;
	code = judge(&attempt, attempt_it(&attempt));
	if (code == EXIT_CODE_OK)
		code = answer_print(operate->command, buffer_view(&attempt.answer));
	buffer_free(&attempt.answer);
	config_free(&config);
	return code;
}

int operate_list(const struct operate *operate)
{
	int code;
	struct config *config = read_config(operate, &code);
	struct attempt attempt = { .operate = operate, .config = config, .list = true, .answer = BUFFER(ANSWER_BYTES_MAX) };
	struct parked_list list = { .first = true, .more = config != NULL };

	while (list.more) {
		attempt.after = list.last;
		code = judge(&attempt, attempt_it(&attempt));
		list.more = false;
		if (code == EXIT_CODE_OK)
			code = answer_print_parked(operate->command, buffer_view(&attempt.answer), &list);
	}
	buffer_free(&attempt.answer);
	config_free(&config);
	return code;
}
