#include "ledger/ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "ledger/rebuild.h"
#include "ledger/recover.h"
#include "ledger/walk.h"
#include "ledger/writer.h"
#include "sys/clock.h"
#include "sys/random.h"

enum { SEGMENT_MIB = 64, RESERVE_MIB = 64, LOCK_TRIES = 20, LOCK_PAUSE_MS = 25 };

static const char secret_name[] = "receipt.secret";

/* ---- opening, step by step ---- */

static enum err open_folders(struct ledger *ledger, struct why *why)
{
	int error = file_open_dir(ledger->data_path, &ledger->data_dir);

	if (error == 0)
		error = file_make_dir(ledger->data_dir, "ledger", &ledger->ledger_dir);
	if (error == 0)
		error = file_sync(ledger->data_dir);
	if (error == 0)
		error = file_identify(ledger->ledger_dir, &ledger->folder);
	return error == 0 ? OK : file_err(why, error, "open the data directory");
}

/* A reader may look at the lock for a moment: try again before giving up. */
static enum err take_lock(struct ledger *ledger, struct why *why)
{
	const struct timespec pause = { .tv_nsec = LOCK_PAUSE_MS * 1000000L };
	int error = file_open(ledger->data_dir, "lock", O_RDWR | O_CREAT, &ledger->lock);

	if (error == 0)
		error = file_lock(ledger->lock);
	for (int i = 0; error == EWOULDBLOCK && i < LOCK_TRIES; i++) {
		nanosleep(&pause, NULL);
		error = file_lock(ledger->lock);
	}
	if (error == EWOULDBLOCK)
		return why_set(why, ERR_BUSY, "another process serves the ledger in %s", ledger->data_path);
	return error == 0 ? OK : file_err(why, error, "lock the ledger");
}

/* The secret behind the donors' links; losing it only makes old links useless. */
static enum err load_secret(struct ledger *ledger, struct why *why)
{
	struct buffer text = BUFFER(RECEIPT_SECRET_BYTES);
	enum err err = file_read_all(ledger->data_dir, secret_name, &text, why);

	if (err == OK && text.length == RECEIPT_SECRET_BYTES) {
		memcpy(ledger->secret, text.data, RECEIPT_SECRET_BYTES);
	} else if (err == ERR_UNKNOWN) {
		err = random_bytes(ledger->secret, sizeof ledger->secret);
		int error = err == OK ? file_replace(ledger->data_dir, secret_name, ledger->secret, sizeof ledger->secret) : 0;

		if (error != 0)
			err = file_err(why, error, "write the receipt secret");
	} else if (err == OK) {
		err = why_set(why, ERR_CORRUPT, "%s/%s is not %d bytes long", ledger->data_path, secret_name,
		              RECEIPT_SECRET_BYTES);
	}
	buffer_wipe(&text);
	return err;
}

static enum err open_index(struct ledger *ledger, bool clean, struct why *why)
{
	if (clean) {
		enum err err = index_open(&ledger->index, ledger->data_dir, ledger->data_path, false, ledger->secret, why);

		if (err == OK && index_is_usable(ledger->index, &ledger->end))
			return stamp_remove(ledger->data_dir) == 0 ? OK : why_set(why, ERR_STORAGE, "cannot remove the index's stamp");
		err_ignore(index_close(&ledger->index, false, NULL)); /* it is deleted next */
	}
	int error = stamp_remove(ledger->data_dir);

	if (error != 0)
		return file_err(why, error, "remove the index's stamp");
	enum err err = index_open(&ledger->index, ledger->data_dir, ledger->data_path, true, ledger->secret, why);

	return err == OK ? rebuild(ledger->ledger_dir, ledger->index, why) : err;
}

/* The first line says whose ledger this is, for life. */
static enum err check_owner(struct ledger *ledger, struct why *why)
{
	static const struct position beginning;
	struct entry *entry = malloc(sizeof *entry);
	struct walk walk;
	bool more;

	if (entry == NULL)
		return ERR_MEMORY;
	enum err err = walk_open(&walk, ledger->ledger_dir, &beginning, why);

	if (err == OK)
		err = walk_next(&walk, entry, &more, why);
	if (err == OK && (strcmp(entry->organisation, ledger->options.organisation) != 0))
		err = why_set(why, ERR_CONFLICT, "the ledger in %s belongs to the organisation \"%s\", not \"%s\"",
		              ledger->data_path, entry->organisation, ledger->options.organisation);
	if (err == OK && entry->live != ledger->options.live)
		err = why_set(why, ERR_CONFLICT, "the ledger in %s is a %s ledger for life, the configuration says %s",
		              ledger->data_path, entry->live ? "live" : "test", ledger->options.live ? "live" : "test");
	walk_close(&walk);
	free(entry);
	return err;
}

static enum err open_segment(struct ledger *ledger, struct why *why)
{
	char name[SEGMENT_NAME_SIZE];
	bool new_ledger = ledger->end.segment == 0;

	if (new_ledger)
		ledger->end.segment = 1;
	segment_name(ledger->end.segment, name);
	int error = file_open(ledger->ledger_dir, name, O_WRONLY | O_APPEND | (new_ledger ? O_CREAT : 0), &ledger->segment);

	if (error == 0 && new_ledger)
		error = file_sync(ledger->ledger_dir);
	if (error == 0)
		error = durable_open(ledger->ledger_dir, &ledger->durable);
	if (error == 0)
		error = durable_write(ledger->durable, &ledger->end, &ledger->folder);
	return error == 0 ? OK : file_err(why, error, "open the ledger's last segment");
}

/* The first line of a new ledger. */
static enum err write_opened(struct ledger *ledger, struct why *why)
{
	struct submission submission = { .command.kind = COMMAND_OPEN };
	struct open_command *command = &submission.command.u.open;
	uint8_t id[16];
	enum err err = random_bytes(id, sizeof id);

	if (err != OK)
		return err;
	text_hex(id, sizeof id, command->ledger);
	snprintf(command->organisation, sizeof command->organisation, "%s", ledger->options.organisation);
	command->live = ledger->options.live;
	writer_batch(ledger, &submission);
	if (submission.outcome.err != OK)
		return why_set(why, submission.outcome.err, "cannot write the first line of the ledger%s%s",
		               ledger->status.problem[0] != '\0' ? ": " : "", ledger->status.problem);
	return OK;
}

static void start_clock(struct ledger *ledger)
{
	struct why why = { "" };

	clock_guard_start(&ledger->clock, writer_clocks(), ledger->end.time_us, ledger->options.accept_clock, &why);
	ledger->status.clock_waits = ledger->clock.waits;
	memcpy(ledger->status.problem, why.text, sizeof why.text);
}

static enum err open_parts(struct ledger *ledger, struct why *why)
{
	struct recovery recovery;
	enum err err = open_folders(ledger, why);

	if (err == OK)
		err = take_lock(ledger, why);
	if (err == OK)
		err = load_secret(ledger, why);
	if (err == OK)
		err = recover(ledger->data_dir, ledger->ledger_dir, &recovery, why);
	if (err != OK)
		return err;
	ledger->end = recovery.end;
	start_clock(ledger);
	if (ledger->end.seq > 0)
		err = check_owner(ledger, why);
	if (err == OK)
		err = open_index(ledger, recovery.clean && ledger->end.seq > 0, why);
	if (err == OK)
		err = open_segment(ledger, why);
	if (err == OK && ledger->end.seq == 0)
		err = write_opened(ledger, why);
	return err;
}

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

enum err ledger_open(struct ledger **ledger, const struct ledger_options *options, struct why *why)
{
	struct ledger *made = ledger_new(options);

	if (made == NULL)
		return ERR_MEMORY;
	enum err err = made->decision == NULL || made->known == NULL ? ERR_MEMORY : open_parts(made, why);

	if (err == OK) {
		made->status.head = made->end.seq;
		writer_unpark(made);
		writer_batch(made, NULL); /* nothing to write: fills in the status */
		err = start_writer(made);
	}
	if (err != OK) {
		ledger_drop(made, false);
		return err;
	}
	*ledger = made;
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
	ledger_drop(closed, !closed->status.halted);
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

	if (err == OK) {
		if (ledger->last != NULL)
			ledger->last->next = submission;
		else
			ledger->first = submission;
		ledger->last = submission;
		if (ledger->waiting++ == 0)
			pthread_cond_signal(&ledger->wake);
	}
	pthread_mutex_unlock(&ledger->mutex);
	if (err != OK)
		free(submission);
	return err;
}

/* ---- reading ---- */

enum err ledger_pledge(struct ledger *ledger, const char *id, struct pledge *pledge)
{
	return index_pledge(ledger->index, id, pledge);
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

enum err ledger_token(struct ledger *ledger, const char *pledge, char token[static TOKEN_SIZE])
{
	return token_receipt(ledger->secret, pledge, "", token);
}

enum err ledger_totals(struct ledger *ledger, const char *campaign, const struct currency *currency,
                       struct campaign_totals *totals)
{
	return index_totals(ledger->index, campaign, currency, totals);
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

void ledger_status(struct ledger *ledger, struct ledger_status *status)
{
	pthread_mutex_lock(&ledger->mutex);
	*status = ledger->status;
	pthread_mutex_unlock(&ledger->mutex);
}
