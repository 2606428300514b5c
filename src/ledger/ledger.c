#include "ledger/ledger.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/opening.h"
#include "ledger/writer.h"

enum { SEGMENT_MIB = 64, RESERVE_MIB = 64 };

static enum err start_writer(struct ledger *ledger)
{
	if (pthread_create(&ledger->thread, NULL, writer_run, ledger) != 0)
		return ERR_SYSTEM;
	ledger->running = true;
	return OK;
}

static struct ledger *ledger_new(const struct ledger_options *options)
{
	struct ledger *ledger = calloc(1, sizeof *ledger);

	if (ledger == NULL)
		return NULL;
	ledger->options = *options;
	if (ledger->options.segment_bytes == 0)
		ledger->options.segment_bytes = (uint64_t)SEGMENT_MIB << 20;
	if (ledger->options.reserve_bytes == 0)
		ledger->options.reserve_bytes = (uint64_t)RESERVE_MIB << 20;
	snprintf(ledger->data_path, sizeof ledger->data_path, "%s", options->data_dir);
	ledger->data_dir = ledger->ledger_dir = ledger->lock = ledger->segment = ledger->durable = -1;
	/* A batch has one line more than fits at the worst; its ceiling is what a batch may take, twice over. */
	ledger->batch = BUFFER((size_t)BATCH_BYTES_MAX * LINE_BYTES_MAX / 1024);
	ledger->decision = malloc(sizeof *ledger->decision);
	ledger->known = malloc(sizeof *ledger->known);
	pthread_mutex_init(&ledger->mutex, NULL);
	pthread_cond_init(&ledger->wake, NULL);
	return ledger;
}

/* Free what there is, without stamp: what the next start must not trust. */
static void ledger_drop(struct ledger *ledger, bool orderly)
{
	bool synced = index_close(&ledger->index, orderly, NULL) == OK;

	if (orderly && synced && stamp_write(ledger->data_dir, &ledger->end, &ledger->folder) != 0) {
		/* Without a stamp the next start walks the lines and rebuilds the index. */
	}
	file_close(&ledger->durable);
	file_close(&ledger->segment);
	file_close(&ledger->ledger_dir);
	file_close(&ledger->lock);
	file_close(&ledger->data_dir);
	buffer_free(&ledger->batch);
	free(ledger->decision);
	free(ledger->known);
	pthread_cond_destroy(&ledger->wake);
	pthread_mutex_destroy(&ledger->mutex);
	memset(ledger->secret, 0, sizeof ledger->secret);
	free(ledger);
}

/* Up to the writing thread. On OK the caller owns `*ledger`. */
static enum err open_quiet(struct ledger **ledger, const struct ledger_options *options,
                           const struct opening_wishes *wishes, struct recovery *recovery, struct why *why)
{
	struct ledger *made = ledger_new(options);

	if (made == NULL)
		return ERR_MEMORY;
	enum err err = made->decision == NULL || made->known == NULL ? ERR_MEMORY : opening_run(made, wishes, recovery, why);

	if (err != OK) {
		ledger_drop(made, false);
		return err;
	}
	made->status.head = made->end.seq;
	made->status.cut_bytes = recovery->cut_bytes;
	made->status.cut_seq = recovery->cut_bytes > 0 ? recovery->end.seq + 1 : 0;
	*ledger = made;
	return OK;
}

enum err ledger_open(struct ledger **ledger, const struct ledger_options *options, struct why *why)
{
	const struct opening_wishes wishes = { .fresh_index = false };
	struct recovery recovery;
	struct ledger *made = NULL;
	enum err err = open_quiet(&made, options, &wishes, &recovery, why);

	if (err == OK) {
		writer_unpark(made);
		writer_batch(made, NULL); /* nothing to write: fills in the status */
		err = start_writer(made);
	}
	if (err != OK) {
		if (made != NULL)
			ledger_drop(made, false);
		return err;
	}
	*ledger = made;
	return OK;
}

enum err ledger_rebuild(const char *data_dir, bool accept_loss, bool accept_clock, struct rebuild_report *report,
                        struct why *why)
{
	const struct ledger_options options = { .data_dir = data_dir, .accept_clock = accept_clock };
	const struct opening_wishes wishes = { .fresh_index = true, .accept_loss = accept_loss };
	struct recovery recovery;
	struct ledger *ledger = NULL;
	enum err err = open_quiet(&ledger, &options, &wishes, &recovery, why);

	if (err != OK)
		return err;
	*report = (struct rebuild_report){ ledger->end.seq, recovery.cut_bytes, recovery.lost_seq };
	ledger_drop(ledger, true);
	return OK;
}

void ledger_close(struct ledger **ledger)
{
	struct ledger *closed = *ledger;

	*ledger = NULL;
	if (closed == NULL)
		return;
	pthread_mutex_lock(&closed->mutex);
	closed->stopping = true;
	pthread_cond_signal(&closed->wake);
	pthread_mutex_unlock(&closed->mutex);
	pthread_join(closed->thread, NULL);
	bool damaged = writer_doubts(closed);

	ledger_drop(closed, !damaged && !closed->status.halted);
}

/* ---- submitting ---- */

static size_t command_bytes(enum command_kind kind)
{
	size_t head = offsetof(struct submission, command) + offsetof(struct command, u);

	switch (kind) {
	case COMMAND_OPEN:
		return head + sizeof(struct open_command);
	case COMMAND_PLEDGE:
		return head + sizeof(struct pledge_command);
	case COMMAND_RESTORE:
		return head + sizeof(struct restore_command);
	case COMMAND_DROP:
	case COMMAND_RECORD:
	case COMMAND_ADJUST:
	case COMMAND_REFUND:
		return head + sizeof(struct operator_command);
	case COMMAND_EVENT:
	case COMMAND_UNPARK:
		break;
	}
	return sizeof(struct submission);
}

static enum err refusal(const struct ledger *ledger, const struct command *command)
{
	if (ledger->status.halted || ledger->stopping)
		return ERR_STORAGE;
	if (ledger->status.low_space && command->kind == COMMAND_PLEDGE)
		return ERR_STORAGE;
	return ledger->status.clock_waits || ledger->waiting >= SUBMISSIONS_MAX ? ERR_BUSY : OK;
}

enum err ledger_submit(struct ledger *ledger, const struct command *command, ledger_done *done, void *context)
{
	size_t bytes = command_bytes(command->kind);
	struct submission *submission = malloc(bytes);

	if (submission == NULL)
		return ERR_MEMORY;
	submission->next = NULL;
	submission->done = done;
	submission->context = context;
	memcpy(&submission->command, command, bytes - offsetof(struct submission, command));
	pthread_mutex_lock(&ledger->mutex);
	enum err err = refusal(ledger, command);
	bool first = err == OK && ledger->waiting == 0;

	if (err == OK) {
		if (ledger->last != NULL)
			ledger->last->next = submission;
		else
			ledger->first = submission;
		ledger->last = submission;
		ledger->waiting++;
	}
	pthread_mutex_unlock(&ledger->mutex);
	/* Not under the lock, on which the writer would only wait again. */
	if (first)
		pthread_cond_signal(&ledger->wake);
	if (err != OK)
		free(submission);
	return err;
}

/* ---- reading ---- */

enum err ledger_pledge(struct ledger *ledger, const char *id, struct pledge *pledge)
{
	return index_pledge(ledger->index, id, pledge);
}

enum err ledger_pledge_next(struct ledger *ledger, struct pledge *pledge)
{
	return index_pledge_next(ledger->index, pledge);
}

bool ledger_knows_event(struct ledger *ledger, const char *account, const struct event *event)
{
	return index_knows_event(ledger->index, account, event);
}

int64_t ledger_newest_event_s(struct ledger *ledger)
{
	return index_newest_event_s(ledger->index);
}

enum err ledger_receipt(struct ledger *ledger, const char *token, struct pledge *pledge)
{
	return index_receipt(ledger->index, token, pledge);
}

enum err ledger_key(struct ledger *ledger, const char *key, struct pledge *pledge)
{
	return index_key(ledger->index, key, pledge);
}

enum err ledger_object(struct ledger *ledger, const char *account, const char *object, struct pledge *pledge)
{
	return index_object(ledger->index, account, object, pledge);
}

enum err ledger_payment(struct ledger *ledger, const char *account, const char *object, struct payment *payment)
{
	return index_payment(ledger->index, account, object, payment);
}

enum err ledger_provider_object(struct ledger *ledger, const char *account, const char *object, struct provider_object *known)
{
	return index_provider_object(ledger->index, account, object, known);
}

enum err ledger_owed_next(struct ledger *ledger, struct owed *owed)
{
	return index_owed_next(ledger->index, owed, false);
}

enum err ledger_owed_next_kind(struct ledger *ledger, struct owed *owed)
{
	return index_owed_next(ledger->index, owed, true);
}

enum err ledger_parked_next(struct ledger *ledger, struct parked *parked)
{
	return index_parked_next(ledger->index, parked);
}

enum err ledger_balance_next(struct ledger *ledger, struct account_balance *balance)
{
	return index_balance_next(ledger->index, balance);
}

enum err ledger_provider_next(struct ledger *ledger, struct provider_balance *balance)
{
	return index_provider_next(ledger->index, balance);
}

enum err ledger_by_hand_next(struct ledger *ledger, struct by_hand *moved)
{
	return index_by_hand_next(ledger->index, moved);
}

enum err ledger_is_owed(struct ledger *ledger, enum owed_verb verb, const char *account, const char *object)
{
	return index_is_owed(ledger->index, verb, account, object);
}

enum err ledger_taken(struct ledger *ledger, const char *tier, uint64_t *taken)
{
	return index_taken(ledger->index, tier, taken);
}

enum err ledger_gift(struct ledger *ledger, const char *token, struct pledge *pledge, struct payment *payment)
{
	return index_gift(ledger->index, token, pledge, payment);
}

enum err ledger_gift_next(struct ledger *ledger, const struct pledge *pledge, struct payment *payment,
                          char receipt[static TOKEN_SIZE])
{
	return index_gift_next(ledger->index, pledge, payment, receipt);
}

enum err ledger_token(struct ledger *ledger, const char *pledge, char token[static TOKEN_SIZE])
{
	return token_receipt(ledger->secret, pledge, "", token);
}

enum err ledger_seal(struct ledger *ledger, const struct pledge_command *pledge, char seal[static SEAL_SIZE])
{
	return seal_make(ledger->secret, pledge, seal);
}

enum err ledger_seal_holds(struct ledger *ledger, const struct pledge_command *pledge, const char *seal, bool *holds)
{
	return seal_holds(ledger->secret, pledge, seal, holds);
}

enum err ledger_totals(struct ledger *ledger, const char *campaign, const struct currency *currency,
                       struct campaign_totals *totals)
{
	return index_totals(ledger->index, campaign, currency, "", totals);
}

enum err ledger_totals_since(struct ledger *ledger, const char *campaign, const struct currency *currency,
                             const char *month, struct campaign_totals *totals)
{
	return index_totals(ledger->index, campaign, currency, month, totals);
}

void ledger_hear_date(struct ledger *ledger, int64_t date_s)
{
	pthread_mutex_lock(&ledger->mutex);
	if (clock_guard_hear(&ledger->clock, writer_clocks(), date_s * 1000000)) {
		ledger->status.clock_waits = false;
		if (!ledger->status.halted)
			ledger->status.problem[0] = '\0';
	}
	pthread_mutex_unlock(&ledger->mutex);
}

void ledger_look(struct ledger *ledger)
{
	bool low_space = writer_low_space(ledger);
	struct clock_reading now = writer_clocks();

	(void)writer_doubts(ledger);
	pthread_mutex_lock(&ledger->mutex);
	ledger->status.low_space = low_space;
	if (!ledger->status.halted)
		(void)writer_believes(ledger, now);
	pthread_mutex_unlock(&ledger->mutex);
}

void ledger_status(struct ledger *ledger, struct ledger_status *status)
{
	pthread_mutex_lock(&ledger->mutex);
	*status = ledger->status;
	status->waiting = ledger->waiting;
	pthread_mutex_unlock(&ledger->mutex);
}
