/*
 * provider.h -- what an adapter is: a payment provider's language, spoken and
 * heard, as pure functions of values. An adapter never sends, waits, stores,
 * logs or reads the clock.
 *
 * A provider is a folder here and a line in providers.c.
 */
#ifndef WEBHOOKS_PROVIDER_H
#define WEBHOOKS_PROVIDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/http_message.h"
#include "base/limits.h"
#include "domain/campaign.h"
#include "domain/event.h"
#include "domain/provider_account.h"
#include "domain/seal.h"

/* One request to a webhook endpoint: raw bytes, lent. */
struct delivery {
	const struct http_field *fields;
	size_t field_count;
	struct bytes body;
};

/* A delivery whose signature held. Only `authenticate` makes one. */
struct authentic {
	struct bytes body;     /* the delivery's, lent */
	unsigned secret_index; /* which of the account's secrets matched */
};

/* What an open session was asked for. */
struct session_terms {
	char pledge[TOKEN_SIZE];
	char campaign[ID_SIZE];
	char tier[ID_SIZE];
	char label[LABEL_SIZE];     /* what the donor reads at the provider */
	enum interval interval;
	struct money amount;
	char success_url[URL_SIZE];
	char cancel_url[URL_SIZE];
	int64_t now_s;              /* fixes the session's expiry, so that repeats are the same bytes; of a recalled one when it was opened */
	char seal[SEAL_SIZE];       /* what proves later that it is ours (domain/seal.h) */
};

enum session_status {
	SESSION_OPEN,
	SESSION_COMPLETE,
	SESSION_EXPIRED,
};

enum talk {
	TALK_OPEN_SESSION,  /* terms → session and url */
	TALK_READ_SESSION,  /* session → session_status, url when open */
	TALK_CLOSE_SESSION, /* session → session_status: expired, or complete when the donor was faster */
	/* event, that lacks something → complete; of an expiry, that nobody told of → found, and how the session stands */
	TALK_CONFIRM,
	/* event: payment, refs, amount of a payment, refund or dispute → found, and event is EVENT_CLEARED over all lines */
	TALK_CLEAR,
	/* event: the payout → found, and pages of EVENT_PAID_OUT, of every line in it, ended by one EVENT_PAYOUT_EXPLAINED */
	TALK_EXPLAIN,
	/* event: payment, refs, amount, reference → found, and event is EVENT_REFUNDED or EVENT_REFUND_FAILED */
	TALK_REFUND,
	/* since_s → pages of a value for each line of the provider's balance, the newest first */
	TALK_LIST_BALANCE,
	/* since_s → pages of what read_events made of the deliveries, the newest page first, each from old to new */
	TALK_LIST_EVENTS,
	/* session or what it led to (`by` says which) → found, and session, terms as they were when it was opened */
	TALK_RECALL_SESSION,
	/* event: a line of the provider's balance among the refs → found, and event as of TALK_LIST_BALANCE */
	TALK_READ_LINE,
	TALKS,              /* how many there are */
};

/* So many events fit on a page. */
enum { PAGE_EVENTS = 25 };

/*
 * A conversation with a provider: given the last answer, what to ask next. The
 * caller fills the upper part, the adapter the lower one; the struct is bounded
 * and owned by the caller, and all zero below before the first step.
 *
 * What comes in pages: while `more` is set at the end, the same conversation is
 * gone on with by a step without an answer, which begins the next page. A page
 * may be empty. What the provider was asked for has no event's id.
 *
 * A failure is the account's when nobody answers, or whoever asks is refused whatever is asked for: its key is not
 * taken, it asks too often, the provider has a failure of its own.
 *
 * A recalled session is one that was completed; its terms are what it carries, but the amount is what the provider asked for.
 *
 * A refund that the provider refuses is EVENT_REFUND_FAILED without a refund
 * among its refs; it is made once, however often it is asked for. Of the balance's
 * lines, those about a payment, refund or dispute are EVENT_CLEARED, a payout's own
 * EVENT_PAYOUT_SENT or EVENT_PAYOUT_FAILED, all others EVENT_ADJUSTED; `type` is the
 * provider's word, and each has the clearing of that line alone. A line carries the
 * pledge where the provider has it there.
 */
struct conversation {
	enum talk talk;
	char session[OBJECT_ID_SIZE];    /* asked for, or the one that was opened */
	enum ref_kind by;                /* TALK_RECALL_SESSION: what `session` names when it is asked for: REF_SESSION, REF_SUBSCRIPTION, REF_PAYMENT_INTENT */
	int64_t since_s;                 /* of what is listed: from this second on */
	bool once;                       /* nothing is repeated: the caller asks again by itself */
	struct event *events;            /* of what comes in pages: room for PAGE_EVENTS */
	union {
		struct {
			struct session_terms terms; /* TALK_OPEN_SESSION; of the answer of TALK_RECALL_SESSION, without label and URLs */
			char url[2048];             /* of the answer: where the donor pays */
		};
		struct event event;          /* TALK_CONFIRM, TALK_CLEAR, TALK_REFUND: completed in place */
	};

	unsigned stage;
	unsigned attempts;
	int64_t waited_ms;               /* spent in delays so far */
	enum session_status session_status;
	bool down;                       /* of a failure: the account's, not the object's */
	int64_t retry_after_s;           /* … for so long the provider wants to be left alone; 0: it does not say */
	bool found;                      /* the provider knows it by now; else ask again later */
	bool more;                       /* another page follows */
	size_t event_count;              /* on this page */
	char cursor[OBJECT_ID_SIZE];     /* where the next page begins */
	char mark[OBJECT_ID_SIZE];       /* where an earlier page began: pages that go in a circle come by it again */
	unsigned pages;                  /* that came so far */
};

enum step {
	STEP_MORE, /* send `next` and come back with its answer */
	STEP_DONE,
	STEP_FAIL, /* `err` and `why` say how */
};

struct provider {
	const char *name; /* as the configuration's "provider" */

	/* Where the provider's API is when the configuration does not say. */
	const char *api_url;

	/*
	 * Whether the delivery is the provider's, judged over its raw bytes against
	 * every active secret. OK, or ERR_FORGED with `why` (which never holds a
	 * secret or an expected signature).
	 */
	enum err (*authenticate)(const struct provider_account *account,
	                         const struct delivery *delivery, int64_t now_s,
	                         struct authentic *authentic, struct why *why);

	/*
	 * What the delivery tells of: none, one or several events; kinds that move
	 * nothing of ours are none. OK with EVENT_UNREADABLE when its id could be
	 * read but its content could not; ERR_INPUT when not even that.
	 */
	enum err (*read_events)(const struct provider_account *account,
	                        const struct authentic *authentic,
	                        struct event events[static EVENTS_MAX], size_t *count,
	                        struct why *why);

	/*
	 * Go on with a conversation. `last` is NULL at the first step, and at the first
	 * of each page. On STEP_MORE
	 * the caller owns `next`. On STEP_FAIL `err` is ERR_PROVIDER (it failed or
	 * refused), ERR_UNKNOWN (it does not know the object), ERR_INPUT or
	 * ERR_MEMORY.
	 */
	enum step (*step)(const struct provider_account *account, struct conversation *conversation,
	                  const struct http_answer *last, struct http_call *next,
	                  enum err *err, struct why *why);

	/*
	 * Whether an amount can be asked for: ERR_INPUT with `why` for a currency
	 * that the provider does not take or an amount below its least.
	 */
	enum err (*check_amount)(const struct money *amount, struct why *why);

	/* Whether a text has the form of an id of a line of the provider's balance. */
	bool (*is_line)(struct bytes text);
};

/* Every adapter, ended by NULL. */
extern const struct provider *const providers[];

/* NULL when there is none of that name. */
const struct provider *provider_find(const char *name);

/* The names of all adapters, ended by NULL. */
const char *const *provider_names(void);

/* ---- shared by the adapters ---- */

/*
 * The one field of that name. ERR_FORGED with `why` when it is missing or
 * repeated: no provider served here repeats its signature field.
 */
MUST_CHECK enum err delivery_field(const struct delivery *delivery, const char *name,
                                   struct bytes *value, struct why *why);

/*
 * Read a delivery's time: 1 to 12 ASCII digits without a leading zero; and
 * compare it with ours, in both directions. ERR_FORGED with `why`.
 */
MUST_CHECK enum err delivery_time(struct bytes text, int64_t now_s, int tolerance_s,
                                  struct why *why);

#endif
