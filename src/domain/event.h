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

enum event_kind {
	EVENT_PENDING,    /* the donor has finished, the money is on its way */
	EVENT_SETTLED,    /* the money is there */
	EVENT_FAILED,     /* the money will not come */
	EVENT_EXPIRED,    /* the session ended unpaid */
	EVENT_UNREADABLE, /* authentic, but not what its type promises */
};

struct event {
	enum event_kind kind;
	char id[OBJECT_ID_SIZE];      /* the provider's id of the event */
	char type[LABEL_SIZE];        /* the provider's name of its kind, for parked entries */
	int64_t at_s;                 /* when it happened, by the provider: seconds since 1970 */
	bool live;                    /* the provider's mode */
	char pledge[TOKEN_SIZE];      /* "" when the event carries none of our form */
	char payment[OBJECT_ID_SIZE]; /* the object that stands for the payment; "" for an expiry */
	bool recurring;               /* a payment of a subscription */
	struct money amount;          /* of the payment; currency "" where the event has none */
	struct ref refs[REFS_MAX];
	size_t ref_count;
	char confirm[OBJECT_ID_SIZE]; /* "" when complete, else the object to ask the provider for first */
	uint8_t body_digest[32];      /* SHA-256 of the delivery, for EVENT_UNREADABLE */
};

/* Add a ref unless the id is empty or there already. ERR_TOO_BIG when full or too long. */
MUST_CHECK enum err event_add_ref(struct event *event, enum ref_kind kind, struct bytes id);

/* The id of the ref of that kind, NULL when there is none. */
const char *event_ref(const struct event *event, enum ref_kind kind);

/* "pending", "settled", "failed", "expired", "unreadable". */
const char *event_kind_name(enum event_kind kind);
bool event_kind_parse(struct bytes name, enum event_kind *kind);

/*
 * SHA-256 over what an event says (kind, object, amount, currency, time), never
 * over raw bytes: two deliveries of one event id must have the same content.
 * `object` is the payment or, for an expiry, the session; for an unreadable
 * event the digest of its body in lower hex stands in for it. ERR_MEMORY.
 */
MUST_CHECK enum err event_content_digest(enum event_kind kind, const char *object, const struct money *amount,
                                         int64_t at_s, uint8_t digest[static 32]);

/* The same of an event. */
MUST_CHECK enum err event_digest(const struct event *event, uint8_t digest[static 32]);

#endif
