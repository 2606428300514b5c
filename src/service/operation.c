#include "service/operation.h"

#include <stdlib.h>
#include <string.h>

#include "service/operation_read.h"

/* One on its way through the writer; a retry goes there once for each event. */
struct operating {
	struct ledger *ledger;
	struct command command;
	struct operation_result result;
	uint64_t parked;   /* of a retry: the last one that was tried */
	bool single;       /* … and the only one that is meant */
	operation_done *done;
	void *context;
};

static void end(struct operating *operating, enum err err)
{
	operating->result.err = err;
	operating->done(operating->context, &operating->result);
	free(operating);
}

/* ---- what the ledger said ---- */

static enum err explain_conflict(struct operating *operating, const struct outcome *outcome)
{
	struct operation_result *result = &operating->result;

	if (outcome->seq != 0)
		return why_set(&result->why, ERR_CONFLICT, "the reference %s stands for something else: entry %llu", result->reference,
		               (unsigned long long)outcome->seq);
	return why_set(&result->why, ERR_CONFLICT,
	               "that is more than is left of it: what was given, less what was refunded, disputed or asked for before");
}

static enum err explain_unknown(struct operating *operating)
{
	struct operation_result *result = &operating->result;

	if (result->operation == OPERATION_REFUND)
		return why_set(&result->why, ERR_UNKNOWN, "the payment has not settled: there is nothing to refund");
	return why_set(&result->why, ERR_UNKNOWN, "no parked entry has the seq %llu", (unsigned long long)operating->parked);
}

/* Why the ledger did not take it, as a sentence. */
static enum err explain(struct operating *operating, const struct outcome *outcome)
{
	struct why *why = &operating->result.why;
	struct ledger_status status;

	ledger_status(operating->ledger, &status);
	switch (outcome->err) {
	case ERR_CONFLICT:
		return explain_conflict(operating, outcome);
	case ERR_UNKNOWN:
		return explain_unknown(operating);
	case ERR_BUSY:
		return why_set(why, ERR_BUSY, "the ledger takes nothing at the moment%s%s", status.problem[0] != '\0' ? ": " : "",
		               status.problem);
	case ERR_STORAGE:
		return why_set(why, ERR_STORAGE, "whether it was entered is not known (%s): the same again does no harm",
		               status.problem[0] != '\0' ? status.problem : "the disk may be full");
	case ERR_TOO_BIG:
		return why_set(why, ERR_INPUT, "an account of the books would hold more than can be reckoned with: nothing was entered");
	case OK:
	case ERR_INPUT:
	case ERR_FORGED:
	case ERR_GONE:
	case ERR_LIMITED:
	case ERR_PROVIDER:
	case ERR_CORRUPT:
	case ERR_MEMORY:
	case ERR_SYSTEM:
		break;
	}
	return why_set(why, outcome->err, "the ledger did not take it: %s", err_name(outcome->err));
}

static void on_entered(void *context, const struct outcome *outcome)
{
	struct operating *operating = context;
	struct operation_result *result = &operating->result;

	if (outcome->err != OK) {
		end(operating, explain(operating, outcome));
		return;
	}
	result->already = outcome->verdict == VERDICT_ALREADY;
	result->seq = outcome->seq;
	result->amount = outcome->amount;
	end(operating, OK);
}

/* ---- parked events once more ---- */

static void retry_next(struct operating *operating);

static void on_retried(void *context, const struct outcome *outcome)
{
	struct operating *operating = context;
	bool booked = outcome->err == OK && outcome->verdict == VERDICT_BOOK;

	/* What is refused waits on like what fits nothing; a ledger that takes nothing ends it all. */
	if (outcome->err == ERR_BUSY || outcome->err == ERR_STORAGE || outcome->err == ERR_MEMORY) {
		end(operating, explain(operating, outcome));
		return;
	}
	operating->result.booked += booked ? 1 : 0;
	operating->result.waiting += booked ? 0 : 1;
	if (operating->single)
		end(operating, OK);
	else
		retry_next(operating);
}

static void submit(struct operating *operating, ledger_done *done)
{
	struct outcome refused = { .err = ledger_submit(operating->ledger, &operating->command, done, operating) };

	/* Refused at the door, nothing was written: that is known. */
	if (refused.err == ERR_STORAGE)
		refused.err = ERR_BUSY;
	if (refused.err != OK)
		end(operating, explain(operating, &refused));
}

static void retry_next(struct operating *operating)
{
	struct parked parked = { .seq = operating->parked };
	struct event_command *event = &operating->command.u.event;
	enum err err = ledger_parked_next(operating->ledger, &parked);

	if (err != OK) {
		end(operating, err == ERR_UNKNOWN ? OK : why_set(&operating->result.why, err, "what is parked cannot be read"));
		return;
	}
	operating->parked = parked.seq;
	operating->command.kind = COMMAND_UNPARK;
	memcpy(event->account, parked.account, sizeof event->account);
	event->event = parked.event;
	event->parked = parked.seq;
	submit(operating, on_retried);
}

static void retry(struct operating *operating, uint64_t seq)
{
	struct parked parked = { .seq = seq - 1 };

	operating->single = seq != 0;
	operating->parked = seq;
	if (operating->single && (ledger_parked_next(operating->ledger, &parked) != OK || parked.seq != seq)) {
		end(operating, explain_unknown(operating));
		return;
	}
	operating->parked = seq != 0 ? seq - 1 : 0;
	retry_next(operating);
}

/* ---- the beginning ---- */

/* What the answer repeats of the command. */
static void repeat(struct operation_result *result, const struct operator_command *command)
{
	memcpy(result->reference, command->reference, sizeof result->reference);
	memcpy(result->account, command->account, sizeof result->account);
	memcpy(result->pledge, command->pledge, sizeof result->pledge);
	memcpy(result->payment, command->payment, sizeof result->payment);
	memcpy(result->campaign, command->campaign, sizeof result->campaign);
	memcpy(result->tier, command->tier, sizeof result->tier);
}

void operation_begin(struct ledger *ledger, const struct config *config, const struct operation_request *request,
                     operation_done *done, void *context)
{
	struct operating *operating = calloc(1, sizeof *operating);
	uint64_t seq = 0;

	if (operating == NULL) {
		done(context, &(struct operation_result){ .err = ERR_MEMORY, .operation = request->operation });
		return;
	}
	operating->ledger = ledger;
	operating->done = done;
	operating->context = context;
	operating->result.operation = request->operation;
	bool retried = request->operation == OPERATION_RETRY;
	struct why *why = &operating->result.why;
	enum err err = retried ? operation_read_seq(request, &seq, why) : operation_read(ledger, config, request, &operating->command, why);

	if (err != OK) {
		end(operating, err);
	} else if (retried) {
		retry(operating, seq);
	} else {
		repeat(&operating->result, &operating->command.u.operator);
		operating->parked = operating->command.u.operator.parked;
		submit(operating, on_entered);
	}
}
