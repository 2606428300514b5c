/*
 * event.h -- what an authentic delivery says, in our own words.
 *
 * The same fact told twice, through another event or in another API version,
 * reads to the same object, status, amount and currency.
 */
#ifndef DOMAIN_EVENT_H
#define DOMAIN_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/limits.h"
#include "domain/money.h"
#include "domain/reason.h"

/* The kinds of object that later events may name. */
enum ref_kind {
	REF_SESSION,
	REF_PAYMENT_INTENT,
	REF_CHARGE,
	REF_INVOICE,
	REF_SUBSCRIPTION,
	REF_REFUND,
	REF_DISPUTE,
	REF_PAYOUT,
	REF_BALANCE_TRANSACTION,
	REF_KINDS, /* how many there are */
};

/* "session", "payment_intent", … as the ledger's lines spell them. */
const char *ref_kind_name(enum ref_kind kind);

struct ref {
	enum ref_kind kind;
	char id[OBJECT_ID_SIZE];
};

/* Each kind is about one object: event_object says which. */
enum event_kind {
	/* about a payment or its session */
	EVENT_PENDING,          /* the donor has finished, the money is on its way */
	EVENT_SETTLED,          /* the money is there */
	EVENT_FAILED,           /* the money will not come */
	EVENT_EXPIRED,          /* the session ended unpaid */
	EVENT_UNREADABLE,       /* authentic, but not what its type promises */
	EVENT_APPROVED,         /* the donor has agreed, the money must be asked for */
	EVENT_CLEARED,          /* what the provider's balance says of a payment, a refund or a dispute */
	/* about a refund; with `total` about all refunds of a payment */
	EVENT_REFUNDED,         /* it has left the provider's balance */
	EVENT_REFUND_FAILED,    /* it came back, or never left */
	/* about a dispute */
	EVENT_DISPUTE_OPENED,   /* asked about, no money moved yet */
	EVENT_DISPUTED,         /* the money was taken back until it is decided */
	EVENT_DISPUTE_WON,      /* the money is ours again, or never left */
	EVENT_DISPUTE_LOST,     /* the money is gone */
	/* about a subscription */
	EVENT_ENDED,            /* nothing more will be paid */
	/* about a payout */
	EVENT_PAYOUT_SENT,      /* it has left the provider's balance */
	EVENT_PAYOUT_PAID,      /* it is at the bank */
	EVENT_PAYOUT_FAILED,    /* it came back, or never left */
	EVENT_PAYOUT_EXPLAINED, /* everything of ours in it was told */
	/* about a line of the provider's balance */
	EVENT_PAID_OUT,         /* a payout holds it; its source is a payment, refund, dispute or failed payout */
	EVENT_ADJUSTED,         /* the provider has taken or given something for a payment of ours */
	EVENT_KINDS,            /* how many there are */
};

/*
 * What the provider's balance says of an object, summed over the balance's lines about it so far (a refund that came
 * back has two). Signed as the balance moved: a payment adds, a refund takes. net = settlement - fee.
 */
struct clearing {
	struct money settlement; /* in the currency that the provider keeps; currency "": there is none */
	struct money fee;        /* what the provider kept, in that currency */
	struct money net;
	char rate[RATE_SIZE];    /* decimal; "" when the currency is the payment's own */
	uint32_t lines;          /* how many lines are summed: more of them is newer */
};

/* The type of an unreadable event whose type cannot be read either. */
#define EVENT_TYPE_UNKNOWN "unknown"

struct event {
	enum event_kind kind;
	char id[OBJECT_ID_SIZE];      /* the provider's id of the event */
	char type[LABEL_SIZE];        /* the provider's name of its kind, for parked entries */
	int64_t at_s;                 /* when it happened, by the provider: seconds since 1970 */
	bool live;                    /* the provider's mode */
	char pledge[TOKEN_SIZE];      /* "" when the event carries none of our form */
	char payment[OBJECT_ID_SIZE]; /* the object that stands for the payment; "" for an expiry */
	bool recurring;               /* a payment of a subscription */
	bool elsewhere;               /* paid, but past the provider: nothing of it is in its balance */
	struct money amount;          /* of the object, in the payment's currency; currency "" where the event has none */
	bool total;                   /* `amount` is the sum of all refunds of the payment so far */
	struct clearing clearing;     /* of EVENT_CLEARED, EVENT_ADJUSTED and EVENT_PAID_OUT */
	char reference[REFERENCE_SIZE]; /* of a refund that an operator asked for */
	enum reason reason;           /* why it ended; mostly REASON_NONE */
	struct ref refs[REFS_MAX];
	size_t ref_count;
	char confirm[OBJECT_ID_SIZE]; /* "" when complete, else the object to ask the provider for first */
	bool confirm_unknown;         /* … only while no object that the event names is known to be ours */
	uint8_t body_digest[32];      /* SHA-256 of its text as it came, for EVENT_UNREADABLE */
};

/*
 * The id of the object that an event of that kind is about: the payment, or among the refs the session of an
 * expiry, the refund (the charge, when all its refunds are meant), the dispute, the subscription, the payout, the
 * line of the balance. A clearing is about the refund or dispute among the refs, else the payment. "" when it is
 * not there.
 */
const char *event_object_of(enum event_kind kind, const char *payment, const struct ref *refs, size_t ref_count);
const char *event_object(const struct event *event);

/*
 * Whether a digest (the head of one) is what the event would have had, had it not been readable: in that case its id,
 * its type and mostly its time are all that was known. ERR_MEMORY.
 */
MUST_CHECK enum err event_was_unreadable(const struct event *event, const uint8_t *digest, size_t length, bool *was);

/* Add a ref unless the id is empty or there already. ERR_TOO_BIG when full or too long. */
MUST_CHECK enum err event_add_ref(struct event *event, enum ref_kind kind, struct bytes id);

/* The id of the ref of that kind, NULL when there is none. */
const char *event_ref(const struct event *event, enum ref_kind kind);

/* "pending", "refund_failed", …: the word of the enum in lower case. */
const char *event_kind_name(enum event_kind kind);
bool event_kind_parse(struct bytes name, enum event_kind *kind);

/*
 * SHA-256 over what an event says (kind, object, amount, currency, time), never
 * over raw bytes: two deliveries of one event id must have the same content.
 * `object` is event_object; for an unreadable event its type stands in for it,
 * since a provider's list may spell the same event otherwise than its delivery.
 * ERR_MEMORY.
 */
MUST_CHECK enum err event_content_digest(enum event_kind kind, const char *object, const struct money *amount,
                                         int64_t at_s, uint8_t digest[static 32]);

/* The same of an event. */
MUST_CHECK enum err event_digest(const struct event *event, uint8_t digest[static 32]);

#endif
