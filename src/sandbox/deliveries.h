/*
 * deliveries.h -- webhooks on their way: sent several at once, tried again with
 * growing pauses until the other side says 2xx, and remembered for the curious.
 *
 * Nothing here locks: the owner holds one mutex around every call, and takes it
 * in `answered`, which comes on the client's thread.
 */
#ifndef SANDBOX_DELIVERIES_H
#define SANDBOX_DELIVERIES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/json_write.h"
#include "net/https_client.h"
#include "sandbox/agenda.h"
#include "sandbox/signature.h"
#include "sandbox/state.h"

enum { ATTEMPTS_KEPT_MAX = 2000, ATTEMPT_FAILURE_SIZE = 96, DELIVERIES_MAX = 100 * 1000 };

struct delivery;

/* What became of one attempt. */
struct attempt {
	char event[SANDBOX_ID_SIZE];
	const char *type;
	unsigned number;               /* of the delivery, from 1 */
	int64_t at_ms, duration_ms;    /* by everybody's clock */
	int status;                    /* 0: no answer */
	char failure[ATTEMPT_FAILURE_SIZE];
	bool forged, stale;
};

struct deliveries {
	struct https_client *client;   /* lent */
	char url[URL_SIZE];            /* "": nobody listens */
	struct signing_secrets secrets;
	int64_t retry_first_ms, retry_most_ms;
	unsigned tries_max;
	bool paused;
	bool stopping;

	/* Called on the client's thread when an answer came; leads to deliveries_answered. */
	https_client_done *answered;
	void *owner;

	struct agenda agenda;          /* by the clock that never goes back */
	struct delivery *first, *last; /* the oldest and the newest */
	size_t live, in_flight;
	bool flush_planned;            /* of what is held back to be reordered */
	struct attempt *attempts;      /* a ring of ATTEMPTS_KEPT_MAX */
	size_t attempt_count;          /* ever */
	uint64_t delivered, given_up, dropped;
};

/* Handed to `answered` as its context. */
struct delivery {
	struct deliveries *deliveries;
	struct delivery *next, *previous;
	struct outgoing outgoing;      /* its body is held */
	unsigned tries;
	bool held;                     /* waits to be reordered */
	bool forged, stale;            /* the attempt under way */
	int64_t sent_ms, sent_wall_ms;
};

/*
 * Take over the state's outbox. What the knobs drop, what is over
 * DELIVERIES_MAX, and everything while there is no URL, is not delivered.
 */
void deliveries_take(struct deliveries *deliveries, struct state *state, int64_t mono_ms);

/* Deliver an event once more. ERR_UNKNOWN when there is no such event, ERR_BUSY, ERR_MEMORY. */
MUST_CHECK enum err deliveries_resend(struct deliveries *deliveries, const struct state *state, const char *event,
                                      int64_t mono_ms);

/* Send what is due. */
void deliveries_send(struct deliveries *deliveries, struct state *state, int64_t mono_ms, int64_t wall_ms);

/*
 * An answer came. The delivery is over or tried again. Writes the id of the
 * event into `event`.
 */
void deliveries_answered(struct delivery *delivery, struct state *state, const struct http_answer *answer,
                         int64_t mono_ms, char event[static SANDBOX_ID_SIZE]);

/* Whether the first attempt for the event is still to come or under way, and will come. */
bool deliveries_expects(const struct deliveries *deliveries, const char *event);

/* {"waiting": …, "attempts": […]}: the last `limit` attempts (of the event, when it is not NULL), newest first. */
void deliveries_write(const struct deliveries *deliveries, struct json_write *w, const char *key,
                      const char *event, size_t limit);

/* After the client has stopped. */
void deliveries_free(struct deliveries *deliveries);

#endif
