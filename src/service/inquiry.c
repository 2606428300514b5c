#include "service/inquiry.h"

#include <stdlib.h>
#include <string.h>

#include "service/courier.h"
#include "service/settlement.h"

static bool tells_many(enum talk talk)
{
	return talk == TALK_EXPLAIN || talk == TALK_LIST_BALANCE || talk == TALK_LIST_EVENTS;
}

/* On the thread on which something ended: all that was written before can be read by who sees `told`. */
static void tell(struct inquiry *inquiry, enum err err, const struct why *why)
{
	void (*wake)(void *context) = inquiry->wake;
	void *context = inquiry->wake_context;

	/* Of several failures the first one is told. */
	if (err != OK && inquiry->err == OK) {
		inquiry->err = err;
		inquiry->why = *why;
	}
	inquiry->failed = err != OK;
	/* From here on the inquiry may be gone. */
	atomic_store_explicit(&inquiry->told, true, memory_order_release);
	wake(context);
}

static void on_answer(void *context, enum err err, const struct why *why, struct conversation *conversation)
{
	(void)conversation;
	tell(context, err, why);
}

static void on_taken(void *context, enum err err, const struct why *why)
{
	tell(context, err, why);
}

static void ask(struct inquiry *inquiry)
{
	inquiry->state = INQUIRY_WAITS;
	inquiry->taking = false;
	courier_talk(inquiry->service, inquiry->snapshot, inquiry->account, &inquiry->conversation, on_answer, inquiry);
}

struct inquiry *inquiry_begin(struct service *service, const char *account, const struct conversation *conversation,
                              void (*wake)(void *context), void *context)
{
	size_t page = tells_many(conversation->talk) ? PAGE_EVENTS : 0;
	struct inquiry *made = calloc(1, sizeof *made + page * sizeof(struct event));

	if (made == NULL)
		return NULL;
	made->conversation = *conversation;
	made->conversation.events = made->page;
	made->service = service;
	made->snapshot = snapshot_hold(service->snapshots);
	made->account = config_account(made->snapshot->config, bytes_of(account));
	made->wake = wake;
	made->wake_context = context;
	atomic_init(&made->told, false);
	if (made->account == NULL) {
		made->err = why_set(&made->why, ERR_UNKNOWN, "the account is not in the configuration any more");
		made->state = INQUIRY_ENDED;
		wake(context);
		return made;
	}
	made->conversation.event.live = made->account->live;
	ask(made);
	return made;
}

/* ---- steps ---- */

static void go_on(struct inquiry *inquiry)
{
	if (tells_many(inquiry->conversation.talk) && inquiry->conversation.more)
		ask(inquiry);
	else
		inquiry->state = INQUIRY_ENDED;
}

static void look_at_answer(struct inquiry *inquiry)
{
	struct conversation *conversation = &inquiry->conversation;

	if (!conversation->found) {
		inquiry->state = INQUIRY_ENDED;
		return;
	}
	bool many = tells_many(conversation->talk);

	inquiry->events = many ? conversation->events : &conversation->event;
	inquiry->event_count = many ? conversation->event_count : 1;
	inquiry->state = INQUIRY_PAGE;
}

static void hand_over(struct inquiry *inquiry, const struct event *events, size_t count)
{
	inquiry->state = INQUIRY_WAITS;
	inquiry->taking = true;
	settlement_take(inquiry->service, inquiry->snapshot, inquiry->account, events, count, on_taken, inquiry);
}

static void look_at_taken(struct inquiry *inquiry)
{
	if (!inquiry->has_last_word) {
		go_on(inquiry);
		return;
	}
	inquiry->has_last_word = false;
	hand_over(inquiry, &inquiry->events[inquiry->event_count], 1);
}

enum inquiry_state inquiry_go_on(struct inquiry *inquiry)
{
	if (inquiry->state != INQUIRY_WAITS || !atomic_exchange_explicit(&inquiry->told, false, memory_order_acquire))
		return inquiry->state;
	if (inquiry->failed && !(inquiry->taking && inquiry->carries_on))
		inquiry->state = INQUIRY_ENDED;
	else if (inquiry->taking)
		look_at_taken(inquiry);
	else
		look_at_answer(inquiry);
	return inquiry->state;
}

void inquiry_take(struct inquiry *inquiry)
{
	size_t count = inquiry->event_count;

	inquiry->has_last_word = count > 0 && inquiry->events[count - 1].kind == EVENT_PAYOUT_EXPLAINED;
	if (inquiry->has_last_word)
		inquiry->event_count = --count;
	hand_over(inquiry, inquiry->events, count);
}

void inquiry_pass(struct inquiry *inquiry)
{
	go_on(inquiry);
}

bool inquiry_is_unknown(const struct inquiry *inquiry)
{
	return inquiry->account != NULL && !inquiry->taking && inquiry->err == ERR_UNKNOWN;
}

void inquiry_free(struct inquiry **inquiry)
{
	if (*inquiry != NULL && (*inquiry)->snapshot != NULL)
		snapshot_drop(&(*inquiry)->snapshot);
	free(*inquiry);
	*inquiry = NULL;
}
