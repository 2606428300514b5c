/*
 * The good road: walk the list of what is owed → something due → ask the provider → hand what it said to the
 * ledger → durable, and with that it is off the list. The bad ones: the provider fails, or cannot say yet, or the
 * ledger refuses → the same again after twice the time.
 *
 * A thing is known by the seq of the entry because of which it is owed. The main thread alone reads and writes the
 * tables here.
 */
#include "service/owed.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "service/inquiry.h"
#include "sys/clock.h"
#include "sys/log.h"

enum {
	UNDER_WAY_MAX = 8,
	AGAIN_MAX = 65536,          /* things that are remembered while they wait */
	FIRST_WAIT_MS = 250,
	LONGEST_WAIT_MS = 15 * 60 * 1000,
	REST_MS = 20,               /* between two walks of the list */
	REST_FACTOR = 10,           /* … and so many times as long as the last walk took */
};

#define NEVER INT64_MAX

/* Something that was tried and is to be tried again, unless it is off the list by then. */
struct again {
	uint64_t seq;
	int64_t due_us;
	unsigned attempts;
	unsigned walk;   /* the last one that met it */
	bool under_way;
};

struct errand {
	struct owed owed;
	struct inquiry *inquiry; /* NULL: a free place */
};

struct owed_work {
	struct service *service;
	void (*wake)(void *context);
	void *wake_context;
	struct errand errands[UNDER_WAY_MAX];
	struct again *again;      /* by seq */
	size_t again_count;
	size_t again_size;
	struct owed at;           /* how far the walk has come */
	unsigned walk;            /* which one it is */
	bool walking;
	bool news;                /* the list may have grown behind the walk */
	int64_t spent_us;         /* on the walk */
	int64_t rest_until_us;
	int64_t due_us;           /* when the first of those that wait has its time */
};

/* ---- what waits for its next time ---- */

/* Where a seq stands or belongs. */
static size_t again_place(const struct owed_work *work, uint64_t seq)
{
	size_t low = 0;
	size_t high = work->again_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (work->again[middle].seq < seq)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct again *again_find(struct owed_work *work, uint64_t seq)
{
	size_t place = again_place(work, seq);

	return place < work->again_count && work->again[place].seq == seq ? &work->again[place] : NULL;
}

static bool again_make_room(struct owed_work *work)
{
	if (work->again_count < work->again_size)
		return true;
	size_t size = work->again_size == 0 ? 64 : work->again_size * 2;
	struct again *grown = size > AGAIN_MAX ? NULL : realloc(work->again, size * sizeof *grown);

	if (grown == NULL)
		return false;
	work->again = grown;
	work->again_size = size;
	return true;
}

/* NULL when there is no room: it must wait until others are done. */
static struct again *again_add(struct owed_work *work, uint64_t seq)
{
	size_t place = again_place(work, seq);

	if (!again_make_room(work))
		return NULL;
	memmove(&work->again[place + 1], &work->again[place], (work->again_count - place) * sizeof *work->again);
	work->again_count++;
	work->again[place] = (struct again){ .seq = seq };
	return &work->again[place];
}

/* After a whole walk: what it did not meet is done. */
static void again_drop_done(struct owed_work *work)
{
	size_t kept = 0;

	work->due_us = NEVER;
	for (size_t i = 0; i < work->again_count; i++) {
		const struct again *each = &work->again[i];

		if (each->walk != work->walk && !each->under_way)
			continue;
		if (!each->under_way && each->due_us < work->due_us)
			work->due_us = each->due_us;
		work->again[kept++] = *each;
	}
	work->again_count = kept;
}

static int64_t wait_us(unsigned attempts)
{
	int64_t ms = FIRST_WAIT_MS;

	for (unsigned i = 1; i < attempts && ms < LONGEST_WAIT_MS; i++)
		ms *= 2;
	return (ms < LONGEST_WAIT_MS ? ms : LONGEST_WAIT_MS) * 1000;
}

/* ---- ends ---- */

static const char *verb_name(enum owed_verb verb)
{
	switch (verb) {
	case OWED_CLEAR:
		return "clear";
	case OWED_EXPLAIN:
		return "explain";
	case OWED_REFUND:
		return "refund";
	}
	return "";
}

static void log_failure(const struct errand *errand, unsigned attempts)
{
	struct log_line line;

	log_begin(&line, LOG_WARNING, "owed-failed");
	log_word(&line, "what", verb_name(errand->owed.verb));
	log_word(&line, "account", errand->owed.account);
	log_text(&line, "object", bytes_of(errand->owed.object));
	log_number(&line, "because_of", (int64_t)errand->owed.seq);
	log_number(&line, "attempts", attempts);
	log_word(&line, "error", err_name(errand->inquiry->err));
	log_text(&line, "why", bytes_of(errand->inquiry->why.text));
	log_end(&line);
}

/* Whatever came of it, the list says whether it is done. If not: again, later. */
static void take_end(struct owed_work *work, struct errand *errand, int64_t now_us)
{
	struct again *again = again_find(work, errand->owed.seq);

	if (again != NULL) {
		again->under_way = false;
		again->attempts++;
		again->due_us = now_us + wait_us(again->attempts);
		/* What the provider has not done yet it cannot tell yet: that is no failure. */
		if (errand->inquiry->err != OK)
			log_failure(errand, again->attempts);
	}
	inquiry_free(&errand->inquiry);
	work->news = true;
}

static void take_ends(struct owed_work *work, int64_t now_us)
{
	for (size_t i = 0; i < UNDER_WAY_MAX; i++) {
		struct errand *errand = &work->errands[i];
		enum inquiry_state state = errand->inquiry == NULL ? INQUIRY_WAITS : inquiry_go_on(errand->inquiry);

		if (state == INQUIRY_PAGE)
			inquiry_take(errand->inquiry);
		if (state == INQUIRY_ENDED)
			take_end(work, errand, now_us);
	}
}

/* ---- the beginning of one ---- */

static enum talk talk_of(enum owed_verb verb)
{
	switch (verb) {
	case OWED_CLEAR:
		return TALK_CLEAR;
	case OWED_EXPLAIN:
		return TALK_EXPLAIN;
	case OWED_REFUND:
		return TALK_REFUND;
	}
	return TALK_CLEAR;
}

static enum event_kind kind_of(enum owed_verb verb)
{
	switch (verb) {
	case OWED_CLEAR:
		return EVENT_CLEARED;
	case OWED_EXPLAIN:
		return EVENT_PAYOUT_EXPLAINED;
	case OWED_REFUND:
		return EVENT_REFUNDED;
	}
	return EVENT_CLEARED;
}

static struct inquiry *begin(struct owed_work *work, const struct owed *owed)
{
	struct conversation conversation = { .talk = talk_of(owed->verb) };
	struct event *event = &conversation.event;

	event->kind = kind_of(owed->verb);
	memcpy(event->pledge, owed->pledge, sizeof event->pledge);
	memcpy(event->payment, owed->payment, sizeof event->payment);
	memcpy(event->refs, owed->refs, sizeof event->refs);
	event->ref_count = owed->ref_count;
	event->amount = owed->amount;
	if (owed->verb == OWED_REFUND)
		memcpy(event->reference, owed->object, sizeof event->reference);
	return inquiry_begin(work->service, owed->account, &conversation, work->wake, work->wake_context);
}

/* ---- the walk ---- */

static struct errand *free_place(struct owed_work *work)
{
	for (size_t i = 0; i < UNDER_WAY_MAX; i++)
		if (work->errands[i].inquiry == NULL)
			return &work->errands[i];
	return NULL;
}

/* False when it must wait for a free place. */
static bool meet(struct owed_work *work, const struct owed *owed, int64_t now_us)
{
	struct again *again = again_find(work, owed->seq);
	struct errand *place = free_place(work);

	if (again != NULL) {
		again->walk = work->walk;
		if (again->under_way || again->due_us > now_us)
			return true;
	}
	if (place == NULL)
		return false;
	if (again == NULL)
		again = again_add(work, owed->seq);
	if (again == NULL)
		return true;
	again->walk = work->walk;
	again->under_way = true;
	place->owed = *owed;
	place->inquiry = begin(work, owed);
	if (place->inquiry == NULL) {
		again->under_way = false;
		again->due_us = now_us + wait_us(++again->attempts);
	}
	return true;
}

static void begin_walk(struct owed_work *work)
{
	memset(&work->at, 0, sizeof work->at);
	work->walk++;
	work->walking = true;
	work->news = false;
	work->spent_us = 0;
}

static void end_walk(struct owed_work *work, enum err err, int64_t now_us)
{
	work->walking = false;
	work->rest_until_us = now_us + (work->spent_us * REST_FACTOR > REST_MS * 1000 ? work->spent_us * REST_FACTOR : REST_MS * 1000);
	if (err == ERR_UNKNOWN)
		again_drop_done(work);
	else
		work->due_us = now_us + wait_us(1); /* the list could not be read */
}

/* As far as there are free places; then from there, when an errand has ended. */
static void walk(struct owed_work *work, int64_t now_us)
{
	int64_t from_us = clock_mono_us();
	struct owed owed = work->at;
	enum err err = ledger_owed_next(work->service->ledger, &owed);

	while (err == OK && meet(work, &owed, now_us)) {
		work->at = owed;
		err = ledger_owed_next(work->service->ledger, &owed);
	}
	work->spent_us += clock_mono_us() - from_us;
	if (err != OK)
		end_walk(work, err, now_us);
}

static int ms_until(int64_t due_us, int64_t now_us)
{
	return due_us <= now_us ? 0 : (int)((due_us - now_us + 999) / 1000);
}

int owed_look(struct owed_work *work, int64_t now_us)
{
	take_ends(work, now_us);
	if (!work->walking && now_us >= work->rest_until_us && (work->news || work->due_us <= now_us))
		begin_walk(work);
	if (work->walking)
		walk(work, now_us);
	if (work->walking)
		return -1;
	if (work->news)
		return ms_until(work->rest_until_us, now_us);
	return work->due_us == NEVER ? -1 : ms_until(work->due_us, now_us);
}

void owed_moved(struct owed_work *work)
{
	work->news = true;
}

void owed_hurry(struct owed_work *work)
{
	for (size_t i = 0; i < work->again_count; i++)
		work->again[i].due_us = 0;
	work->due_us = 0;
	work->news = true;
}

void owed_state(const struct owed_work *work, struct owed_state *state)
{
	*state = (struct owed_state){ .counted = !work->walking && !work->news };
	for (size_t i = 0; i < UNDER_WAY_MAX; i++)
		state->under_way += work->errands[i].inquiry != NULL;
	state->waiting = work->again_count - state->under_way;
	state->resting = state->counted && state->under_way == 0 && work->due_us > 0;
}

/* ---- the beginning and the end ---- */

enum err owed_open(struct owed_work **work, struct service *service, void (*wake)(void *context), void *context)
{
	struct owed_work *made = calloc(1, sizeof *made);

	if (made == NULL)
		return ERR_MEMORY;
	made->service = service;
	made->wake = wake;
	made->wake_context = context;
	made->news = true; /* what was owed when the last service ended */
	made->due_us = NEVER;
	*work = made;
	return OK;
}

void owed_close(struct owed_work **work)
{
	struct owed_work *closed = *work;

	*work = NULL;
	if (closed == NULL)
		return;
	for (size_t i = 0; i < UNDER_WAY_MAX; i++)
		inquiry_free(&closed->errands[i].inquiry);
	free(closed->again);
	free(closed);
}
