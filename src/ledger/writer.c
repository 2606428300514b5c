/*
 * The good road of a batch: take what waits → decide each submission against the index, this batch
 * included → encode → append → fdatasync → commit the index → tell each submitter.
 *
 * The bad ones: the wall clock was set → nothing is written, everyone hears ERR_BUSY, until it is
 * believed again. The index cannot begin or take an entry → nothing was written, everyone hears
 * ERR_STORAGE. The disk is full → the file is cut back to what was durable; if that works the ledger
 * stays open. Any other failed write, a failed cut, a failed sync → halt: what the file holds is
 * unknown, and a sync that failed once is never believed again. The index fails after the sync → the
 * entries are durable and their submitters hear so, then halt: the next start rebuilds it. Anybody finds
 * the index damaged → nothing is written, halt, and the same.
 */
#include "ledger/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ledger/line.h"
#include "sys/clock.h"

enum { PACE_US = 2000, FEW_WAITING = 8 };

/* What a batch has become so far, beside the buffer of lines. */
struct batch {
	struct position end;   /* behind the last line of the batch */
	uint64_t entries;
	bool awaited; /* a pledge or payment was booked, which parked events may have waited for */
};

static void halt(struct ledger *ledger, const char *problem)
{
	pthread_mutex_lock(&ledger->mutex);
	if (!ledger->status.halted)
		snprintf(ledger->status.problem, sizeof ledger->status.problem, "%s", problem);
	ledger->status.halted = true;
	pthread_mutex_unlock(&ledger->mutex);
}

bool writer_doubts(struct ledger *ledger)
{
	bool damaged = index_is_damaged(ledger->index);

	if (damaged)
		halt(ledger, "the index is damaged, the next start makes it anew");
	return damaged;
}

/* ---- decide and encode ---- */

static void complete_entry(const struct ledger *ledger, const struct batch *batch, struct entry *entry)
{
	entry->seq = batch->end.seq + 1;
	entry->time_us = ledger->now_us > batch->end.time_us ? ledger->now_us : batch->end.time_us;
	entry->synced = ledger->end.seq;
}

static enum err encode(struct ledger *ledger, struct batch *batch, struct entry *entry, struct why *why)
{
	size_t before = ledger->batch.length;
	uint8_t chain[CHAIN_BYTES];

	complete_entry(ledger, batch, entry);
	memcpy(chain, batch->end.chain, CHAIN_BYTES);
	enum err err = entry_check(entry, why);

	if (err == OK)
		err = line_write(&ledger->batch, entry, chain);
	if (err != OK)
		return err;
	batch->end.seq = entry->seq;
	batch->end.time_us = entry->time_us;
	batch->end.synced = entry->synced;
	batch->end.offset += ledger->batch.length - before;
	batch->end.line++;
	memcpy(batch->end.chain, chain, CHAIN_BYTES);
	batch->entries++;
	/* A gift that is parked with its money is a payment, too. */
	batch->awaited |= entry->kind == ENTRY_PLEDGED || entry->kind == ENTRY_SETTLED
	                  || (entry->kind == ENTRY_PARKED && entry->posting_count > 0);
	return OK;
}

/* One submission: ERR_STORAGE or ERR_MEMORY spoil the batch; everything else is the submitter's. */
static enum err decide_one(struct ledger *ledger, struct batch *batch, struct submission *submission, struct why *why)
{
	struct decision *decision = ledger->decision;
	struct outcome *outcome = &submission->outcome;
	enum err err = index_know(ledger->index, &submission->command, ledger->known, why);

	if (err != OK)
		return err;
	decide(ledger->known, &submission->command, decision);
	*outcome = (struct outcome){ .verdict = decision->verdict };
	if (decision->verdict == VERDICT_REFUSE)
		outcome->err = decision->err;
	outcome->seq = ledger->known->reference_seq;
	if (decision->verdict != VERDICT_BOOK)
		return OK;
	err = index_has_room(ledger->index, &decision->entry, why);
	if (err == OK)
		err = encode(ledger, batch, &decision->entry, why);
	if (err != OK) {
		/* Only this one: a balance or a line that is too long, or members that do not fit its kind. */
		outcome->err = err;
		return err == ERR_MEMORY || err == ERR_STORAGE ? err : OK;
	}
	outcome->seq = decision->entry.seq;
	outcome->kind = decision->entry.kind;
	outcome->reason = decision->entry.reason;
	outcome->amount = decision->entry.amount;
	return index_apply(ledger->index, &decision->entry, why);
}

static enum err decide_all(struct ledger *ledger, struct batch *batch, struct submission *list, struct why *why)
{
	enum err err = index_begin(ledger->index, why);

	for (struct submission *at = list; err == OK && at != NULL; at = at->next)
		err = decide_one(ledger, batch, at, why);
	/* Whoever found it: what was decided may rest on it. */
	return err == OK && index_is_damaged(ledger->index) ? ERR_STORAGE : err;
}

/* ---- append ---- */

static bool is_full(int error)
{
	return error == ENOSPC || error == EDQUOT;
}

/* Close the segment, whose last batch is synced, and begin the next one. */
static int roll(struct ledger *ledger)
{
	char name[SEGMENT_NAME_SIZE];
	int fd = -1;

	segment_name(ledger->end.seq + 1, name);
	int error = file_open(ledger->ledger_dir, name, O_WRONLY | O_CREAT | O_EXCL | O_APPEND, &fd);

	if (error != 0)
		return error;
	error = file_sync(ledger->ledger_dir);
	if (error != 0) {
		file_close(&fd);
		return EIO; /* whether the name is there is unknown: not a matter of space */
	}
	file_close(&ledger->segment);
	ledger->segment = fd;
	ledger->end.segment = ledger->end.seq + 1;
	ledger->end.offset = 0;
	ledger->end.line = 0;
	return 0;
}

static int roll_when_full(struct ledger *ledger, struct batch *batch)
{
	uint64_t length = ledger->batch.length;

	if (ledger->end.offset == 0 || ledger->end.offset + length <= ledger->options.segment_bytes)
		return 0;
	int error = roll(ledger);

	batch->end.segment = ledger->end.segment;
	batch->end.offset = ledger->end.offset + (error == 0 ? length : 0);
	batch->end.line = error == 0 ? batch->entries : 0;
	return error;
}

/* Write and sync the batch. On an error *still_open says whether the ledger may go on. */
static int append(struct ledger *ledger, struct batch *batch, bool *still_open)
{
	*still_open = false;
	int error = roll_when_full(ledger, batch);

	if (error != 0) {
		*still_open = is_full(error);
		return error;
	}
	error = file_append(ledger->segment, ledger->batch.data, ledger->batch.length);
	if (error != 0) {
		*still_open = is_full(error) && file_truncate(ledger->segment, ledger->end.offset) == 0;
		return error;
	}
	return file_sync_data(ledger->segment);
}

static enum err make_durable(struct ledger *ledger, struct batch *batch, struct why *why)
{
	bool still_open;
	int error = append(ledger, batch, &still_open);

	if (error != 0) {
		err_ignore(file_err(why, error, "append to the ledger"));
		index_abort(ledger->index);
		if (!still_open)
			halt(ledger, why->text);
		return ERR_STORAGE;
	}
	ledger->end = batch->end;
	if (index_commit(ledger->index, &ledger->end, why) != OK)
		halt(ledger, why->text);
	if (durable_write(ledger->durable, &ledger->end, &ledger->folder) != 0) {
		/* Readers see less than they could; the next batch tries again. */
	}
	return OK;
}

/* ---- tell ---- */

bool writer_low_space(const struct ledger *ledger)
{
	uint64_t free_bytes;

	/* Unknown free space is taken for enough: the write itself will say. */
	return file_free_bytes(ledger->ledger_dir, &free_bytes) == 0 && free_bytes < ledger->options.reserve_bytes;
}

static void update_status(struct ledger *ledger)
{
	bool low_space = writer_low_space(ledger);
	uint64_t parked = 0;
	uint64_t owed = 0;

	(void)writer_doubts(ledger);
	/* Of an index that cannot be read nothing is known. */
	err_ignore(index_counts(ledger->index, &parked, &owed));
	pthread_mutex_lock(&ledger->mutex);
	ledger->status.head = ledger->end.seq;
	ledger->status.parked = parked;
	ledger->status.owed = owed;
	ledger->status.low_space = low_space;
	pthread_mutex_unlock(&ledger->mutex);
}

static void spoil(struct submission *list, enum err err)
{
	for (struct submission *at = list; at != NULL; at = at->next)
		at->outcome = (struct outcome){ .err = err };
}

static void tell(struct submission *list)
{
	while (list != NULL) {
		struct submission *next = list->next;

		if (list->done != NULL) {
			list->done(list->context, &list->outcome);
			free(list);
		}
		list = next;
	}
}

struct clock_reading writer_clocks(void)
{
	return (struct clock_reading){ clock_wall_us(), clock_boot_us() };
}

bool writer_believes(struct ledger *ledger, struct clock_reading now)
{
	struct why why = { "" };
	bool believed = clock_guard_check(&ledger->clock, now, &why);

	if (why.text[0] != '\0')
		memcpy(ledger->status.problem, why.text, sizeof why.text);
	ledger->status.clock_waits = !believed;
	return believed;
}

/* Whether a batch may be written now: ERR_STORAGE when halted, ERR_BUSY when the clock is not believed. */
static enum err may_append(struct ledger *ledger)
{
	struct clock_reading now = writer_clocks();

	pthread_mutex_lock(&ledger->mutex);
	enum err err = ledger->status.halted ? ERR_STORAGE : writer_believes(ledger, now) ? OK : ERR_BUSY;

	pthread_mutex_unlock(&ledger->mutex);
	ledger->now_us = now.wall_us;
	return err;
}

void writer_batch(struct ledger *ledger, struct submission *list)
{
	struct batch batch = { .end = ledger->end };
	struct why why = { "" };
	enum err err = may_append(ledger);
	bool waits = err == ERR_BUSY;

	if (err == OK)
		err = decide_all(ledger, &batch, list, &why);
	if (err == OK && batch.entries > 0)
		err = make_durable(ledger, &batch, &why);
	else
		index_abort(ledger->index);
	if (err != OK)
		spoil(list, waits || err == ERR_MEMORY ? err : ERR_STORAGE);
	bool moved = err == OK && batch.entries > 0;

	buffer_clear(&ledger->batch);
	ledger->synced_us = clock_mono_us();
	ledger->may_unpark |= waits || (moved && batch.awaited);
	update_status(ledger);
	tell(list);
	if ((moved || err != OK) && ledger->options.moved != NULL)
		ledger->options.moved(ledger->options.moved_context, ledger->end.seq);
}

/* What one of them brings may be what another waits for: until a whole round books nothing. */
void writer_unpark(struct ledger *ledger)
{
	struct submission submission = { .next = NULL };
	uint64_t head;

	ledger->may_unpark = false;
	do {
		uint64_t cursor = 0;

		head = ledger->end.seq;
		while (index_next_unpark(ledger->index, &cursor, &submission.command) == OK)
			writer_batch(ledger, &submission);
	} while (ledger->end.seq != head);
}

/* ---- the thread ---- */

/* Take from the queue what fits one batch: a line is at most LINE_BYTES_MAX, most are 1 KiB. */
static struct submission *take(struct ledger *ledger)
{
	enum { TAKE_MAX = BATCH_BYTES_MAX / 1024 };
	struct submission *list = ledger->first;
	struct submission *last = list;
	size_t count = 1;

	while (count < TAKE_MAX && last->next != NULL) {
		last = last->next;
		count++;
	}
	ledger->first = last->next;
	if (ledger->first == NULL)
		ledger->last = NULL;
	last->next = NULL;
	ledger->waiting -= count;
	ledger->last_taken = count;
	return list;
}

/*
 * Under load a sync for every few submissions would cost more than it gives: with more than a few
 * waiting, now or the last time, 2 ms pass between syncs so that more gather. One that waits alone is
 * never held up.
 */
static void pace(const struct ledger *ledger, size_t waiting)
{
	int64_t pause_us = ledger->synced_us + PACE_US - clock_mono_us();
	struct timespec pause = { .tv_nsec = pause_us * 1000 };
	size_t many = waiting > ledger->last_taken ? waiting : ledger->last_taken;

	if (many > FEW_WAITING && pause_us > 0 && pause_us <= PACE_US)
		nanosleep(&pause, NULL);
}

void *writer_run(void *context)
{
	struct ledger *ledger = context;

	pthread_mutex_lock(&ledger->mutex);
	for (;;) {
		while (ledger->first == NULL && !ledger->stopping)
			pthread_cond_wait(&ledger->wake, &ledger->mutex);
		if (ledger->first == NULL)
			break;
		size_t waiting = ledger->waiting;

		pthread_mutex_unlock(&ledger->mutex);
		pace(ledger, waiting);
		pthread_mutex_lock(&ledger->mutex);
		struct submission *list = take(ledger);

		pthread_mutex_unlock(&ledger->mutex);
		writer_batch(ledger, list);
		if (ledger->may_unpark)
			writer_unpark(ledger);
		pthread_mutex_lock(&ledger->mutex);
	}
	pthread_mutex_unlock(&ledger->mutex);
	return NULL;
}
