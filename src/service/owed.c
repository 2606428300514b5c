/*
 * The good road: walk the list of what is owed → something due → ask the provider → hand what it said to the
 * ledger → durable, and with that it is off the list. The bad ones: the provider cannot say yet, or refuses this one
 * thing, or the ledger refuses → this one again after twice the time. The provider does not answer, or answers nobody
 * → its account rests as a whole: the walk passes over what is owed to it, but for one thing at a time that asks
 * whether it is back. That is another one each time, since it may be the thing that the provider stumbles over.
 *
 * A thing is known by the seq of the entry because of which it is owed. The main thread alone reads and writes the
 * tables here.
 */
#include "service/owed.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "service/owed_again.h"
#include "service/owed_errand.h"
#include "service/owed_rest.h"
#include "sys/clock.h"
#include "sys/random.h"

enum {
	UNDER_WAY_MAX = 8,
	LIST_AGAIN_MS = 250, /* when the list could not be read */
	REST_MS = 20,        /* between two walks of the list */
	UNKNOWN_AFTER = 3,   /* so often it was said */
	REST_FACTOR = 50,    /* … and so many times as long as the last walk took: what waits costs 2 % of a processor at most */
};

struct owed_work {
	struct service *service;
	void (*wake)(void *context);
	void *wake_context;
	struct errand errands[UNDER_WAY_MAX];
	struct again_table again;
	struct rests rests;
	struct owed at;           /* how far the walk has come */
	unsigned walk;            /* which one it is */
	int64_t walk_from_us;     /* when it began */
	bool walking;
	bool news;                /* the list may have grown behind the walk */
	int64_t spent_us;         /* on the walk */
	int64_t rest_until_us;
	int64_t due_us;           /* when the first of those that wait has its time */
};

static struct rest *rest_of(struct owed_work *work, unsigned account)
{
	return &work->rests.accounts[account];
}

/* ---- an account rests, an account goes on ---- */

static uint64_t count_owed(const struct owed_work *work)
{
	struct ledger_status status;

	ledger_status(work->service->ledger, &status);
	return status.owed;
}

static void end_rest(struct owed_work *work, struct rest *rest, int64_t now_us)
{
	errand_log_goes_on(rest, count_owed(work), now_us);
	rest_over(rest);
	pulse_rests(work->service->pulse, rest->account, false, now_us);
}

/* Of those that were under way together, the first one tells and the others only fail. */
static void account_failed(struct owed_work *work, const struct errand *errand, int64_t now_us)
{
	struct rest *rest = rest_of(work, errand->account);
	uint32_t chance = 0;

	if (rest->resting && !errand->probe)
		return;
	if (!rest->resting) {
		errand_log_rests(errand, count_owed(work));
		pulse_rests(work->service->pulse, rest->account, true, now_us);
	}
	err_ignore(random_bytes(&chance, sizeof chance)); /* then all wait alike */
	rest_failed(rest, errand->inquiry->conversation.retry_after_s, chance, now_us);
}

/* ---- ends ---- */

/* Whatever came of it, the list says whether it is done. If not: again, later. */
static void take_end(struct owed_work *work, struct errand *errand, int64_t now_us)
{
	struct again *again = again_find(&work->again, errand->owed.seq);
	struct rest *rest = rest_of(work, errand->account);
	const struct inquiry *inquiry = errand->inquiry;

	if (again != NULL) {
		again->under_way = false;
		again->unknown = inquiry_is_unknown(inquiry) ? again->unknown + 1 : 0;
		again_later(again, now_us);
	}
	if (errand->probe)
		rest->probing = false;
	if (inquiry->conversation.down)
		account_failed(work, errand, now_us);
	else if (errand->probe)
		end_rest(work, rest, now_us);
	/* What the provider has not done yet it cannot tell yet: that is no failure. */
	if (inquiry->err != OK && !inquiry->conversation.down)
		errand_log_failure(errand, again != NULL ? again->attempts : 1);
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

/* ---- the walk ---- */

enum meeting {
	MEETING_GO_ON,
	MEETING_PASS, /* nothing of the kind is to be begun at its account */
	MEETING_WAIT, /* there is no free place */
};

static struct errand *free_place(struct owed_work *work)
{
	for (size_t i = 0; i < UNDER_WAY_MAX; i++)
		if (work->errands[i].inquiry == NULL)
			return &work->errands[i];
	return NULL;
}

static void begin_errand(struct owed_work *work, struct errand *place, const struct owed *owed, struct again *again, int64_t now_us)
{
	struct rest *rest = rest_of(work, again->account);

	*place = (struct errand){ .owed = *owed, .account = again->account, .probe = rest->resting };
	errand_begin(place, work->service, work->wake, work->wake_context);
	again->under_way = place->inquiry != NULL;
	rest->probing = place->probe && again->under_way;
	if (place->inquiry == NULL)
		again_later(again, now_us);
}

static enum meeting meet(struct owed_work *work, const struct owed *owed, int64_t now_us)
{
	struct again *again = again_find(&work->again, owed->seq);
	struct errand *place = free_place(work);
	unsigned account;

	if (!rests_find(&work->rests, owed->account, &account))
		return MEETING_PASS;
	struct rest *rest = rest_of(work, account);

	rest->met = true;
	if (again != NULL)
		again->walk = work->walk;
	if (rest->resting && (rest->probing || rest->due_us > work->walk_from_us))
		return MEETING_PASS;
	if (again != NULL && (again->under_way || again->due_us > now_us))
		return MEETING_GO_ON;
	if (place == NULL)
		return MEETING_WAIT;
	if (again == NULL)
		again = again_add(&work->again, owed->seq);
	if (again == NULL)
		return MEETING_GO_ON;
	again->walk = work->walk;
	again->account = account;
	begin_errand(work, place, owed, again, now_us);
	return MEETING_GO_ON;
}

/* Accounts that are configured now: what is owed to others is passed over. */
static bool take_accounts(struct owed_work *work)
{
	const struct snapshot *snapshot = snapshot_hold(work->service->snapshots);
	bool good = true;

	rests_walk(&work->rests);
	for (size_t i = 0; i < snapshot->config->account_count; i++)
		good &= rests_take(&work->rests, snapshot->config->accounts[i].id);
	snapshot_drop(&snapshot);
	return good;
}

static void begin_walk(struct owed_work *work, int64_t now_us)
{
	if (!take_accounts(work)) {
		work->rest_until_us = now_us + LIST_AGAIN_MS * 1000;
		return;
	}
	memset(&work->at, 0, sizeof work->at);
	work->walk++;
	work->walk_from_us = now_us;
	work->walking = true;
	work->news = false;
	work->spent_us = 0;
}

/* What a whole walk did not meet is done, if the walk did not pass over its account. */
static void drop_done(struct owed_work *work)
{
	size_t kept = 0;

	for (size_t i = 0; i < work->again.count; i++) {
		const struct again *each = &work->again.things[i];
		struct rest *rest = rest_of(work, each->account);

		if (each->walk != work->walk && !each->under_way && !(rest->resting && rest->met))
			continue;
		if (!each->under_way && each->due_us < rest->first_us)
			rest->first_us = each->due_us;
		work->again.things[kept++] = *each;
	}
	work->again.count = kept;
}

/* When the next walk may find something to begin at the account. */
static int64_t next_due(const struct owed_work *work, const struct rest *rest)
{
	if (!rest->resting)
		return rest->first_us;
	if (rest->probing)
		return OWED_NEVER; /* its end is news */
	return rest->due_us > work->walk_from_us ? rest->due_us : rest->first_us;
}

static void look_at_rests(struct owed_work *work, int64_t now_us)
{
	drop_done(work);
	work->due_us = OWED_NEVER;
	for (size_t i = 0; i < work->rests.count; i++) {
		struct rest *rest = rest_of(work, (unsigned)i);

		if (rest->resting && !rest->met && !rest->probing)
			end_rest(work, rest, now_us); /* nothing is owed to it any more */
		int64_t due_us = next_due(work, rest);

		work->due_us = due_us < work->due_us ? due_us : work->due_us;
	}
}

static void end_walk(struct owed_work *work, enum err err, int64_t now_us)
{
	work->walking = false;
	work->rest_until_us = now_us + (work->spent_us * REST_FACTOR > REST_MS * 1000 ? work->spent_us * REST_FACTOR : REST_MS * 1000);
	if (err == ERR_UNKNOWN)
		look_at_rests(work, now_us);
	else
		work->due_us = now_us + LIST_AGAIN_MS * 1000;
}

/* As far as there are free places; then from there, when an errand has ended. */
static void walk(struct owed_work *work, int64_t now_us)
{
	int64_t from_us = clock_mono_us();
	enum meeting meeting = MEETING_GO_ON;
	struct owed owed = work->at;
	enum err err = ledger_owed_next(work->service->ledger, &owed);

	while (err == OK && (meeting = meet(work, &owed, now_us)) != MEETING_WAIT) {
		work->at = owed;
		err = meeting == MEETING_PASS ? ledger_owed_next_kind(work->service->ledger, &owed)
		                              : ledger_owed_next(work->service->ledger, &owed);
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
		begin_walk(work, now_us);
	if (work->walking)
		walk(work, now_us);
	if (work->walking)
		return -1;
	if (work->news)
		return ms_until(work->rest_until_us, now_us);
	return work->due_us == OWED_NEVER ? -1 : ms_until(work->due_us, now_us);
}

void owed_moved(struct owed_work *work)
{
	work->news = true;
}

void owed_hurry(struct owed_work *work)
{
	for (size_t i = 0; i < work->again.count; i++)
		work->again.things[i].due_us = 0;
	for (size_t i = 0; i < work->rests.count; i++)
		work->rests.accounts[i].due_us = 0;
	work->due_us = 0;
	work->news = true;
}

bool owed_rests(const struct owed_work *work)
{
	for (size_t i = 0; i < UNDER_WAY_MAX; i++)
		if (work->errands[i].inquiry != NULL)
			return false;
	return !work->walking && !work->news && work->due_us > 0;
}

bool owed_is_unknown(const struct owed_work *work, const struct owed *owed)
{
	const struct again *again = again_find(&work->again, owed->seq);

	return again != NULL && again->unknown >= UNKNOWN_AFTER;
}

bool owed_doubts(const struct owed_work *work)
{
	for (size_t i = 0; i < work->again.count; i++)
		if (work->again.things[i].unknown > 0 && work->again.things[i].unknown < UNKNOWN_AFTER)
			return true;
	return false;
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
	made->due_us = OWED_NEVER;
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
	again_free(&closed->again);
	rests_free(&closed->rests);
	free(closed);
}
