/*
 * knobs.h -- how the stand-in is told to misbehave (docs/sandbox.md lists them).
 */
#ifndef SANDBOX_KNOBS_H
#define SANDBOX_KNOBS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/json_write.h"

/* What a refused API request has done before it was refused. */
enum api_stage {
	API_BEFORE,  /* nothing, and nothing is remembered: the same key may try again */
	API_STORED,  /* nothing, but the refusal is remembered under the idempotency key */
	API_AFTER,   /* everything; only the answer got lost */
};

struct knobs {
	/* what the provider's books say */
	int64_t wrong_amount;      /* so many payments have another amount than was asked for */
	int64_t wrong_currency;    /* … another currency */
	int64_t wrong_livemode;    /* so many events say the other mode */
	int64_t unreadable;        /* so many events have an object without sense */
	bool twin_events;          /* each change is told by two events */
	int64_t expires_min_s;     /* the least a session may last */
	int64_t slow_debit_ms;
	int64_t slow_balance_ms;   /* a charge's balance transaction comes so much after it */
	int64_t slow_refund;       /* so many refunds are pending first; -1: all */
	int64_t slow_refund_ms;
	int64_t refund_fails;      /* so many refunds that were pending come back; -1: all */
	int64_t renewal_fails;     /* so many attempts of the clock to renew are declined; -1: all */

	/* what the wire does to webhooks */
	int64_t duplicate;         /* each event is delivered so many times more */
	bool reorder;              /* events of one moment are sent latest first */
	int64_t delay_ms;
	int64_t drop;              /* so many events are never delivered; -1: all */
	int64_t forge;             /* so many attempts have a wrong signature */
	int64_t stale;             /* so many attempts are signed an hour ago */

	/* what the API does to requests */
	int64_t api_count;         /* so many requests are refused */
	int64_t api_status;        /* with this; 0: the connection breaks */
	enum api_stage api_stage;
	char api_path[128];        /* those whose path begins so */
	int64_t answer_delay_ms;
};

enum { EXPIRES_MIN_S = 30 * 60, EXPIRES_MAX_S = 24 * 60 * 60, SLOW_DEBIT_MS = 5000,
       SLOW_REFUND_MS = 5000 };

/* Behaves. */
struct knobs knobs_init(void);

/*
 * Change what the JSON object names; the rest stays. ERR_INPUT with `why` for an
 * unknown member or a value that makes no sense; `knobs` is then unchanged.
 */
MUST_CHECK enum err knobs_read(struct knobs *knobs, struct bytes json, struct why *why);

void knobs_write(const struct knobs *knobs, struct json_write *w, const char *key);

/* Whether a counted misbehaviour happens now; counts it down. */
bool knob_strikes(int64_t *count);

#endif
