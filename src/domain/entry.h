/*
 * entry.h -- one line of the ledger as a value. Never changed once booked.
 *
 * Which members a kind has is in entry_shape; an entry whose members do not fit
 * its kind is a mistake of ours and is never written.
 * Not here: how a line is spelled (ledger/line.h).
 */
#ifndef DOMAIN_ENTRY_H
#define DOMAIN_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/limits.h"
#include "domain/campaign.h"
#include "domain/event.h"
#include "domain/money.h"
#include "domain/posting.h"
#include "domain/reason.h"

/*
 * What each kind says. Postings are what the entry changes, and an entry that an event led to may change nothing.
 *
 * opened: the first line. pledged: a session was opened (`at` that time, where the line is written anew after a loss). approved, pending, settled, failed: of a payment. cleared:
 * what the provider's balance says of a payment, or of the refund or dispute among the refs. expired: of a session.
 * subscribed, ended: of a subscription. refunded, refund_failed: of a refund; with `total` the amount is the sum of
 * all refunds of the payment so far. disputed (its status says whether money moved), dispute_won, dispute_lost.
 * payout (its status says sent, paid or explained), payout_failed; paid_out: a payout holds a line of the balance
 * that is ours. refund_asked: an operator wants a refund, which is owed until `refunded` or `refund_failed` carries
 * the same reference. recorded: an offline gift. adjusted: a correction, by an operator or by the provider. parked,
 * unparked (its status says what is booked now), dropped: what waited, or waits no longer. alarm. restored: lines
 * that were promised are gone. upgraded: the format changed.
 */
enum entry_kind {
	ENTRY_OPENED,
	ENTRY_PLEDGED,
	ENTRY_APPROVED,
	ENTRY_PENDING,
	ENTRY_SETTLED,
	ENTRY_CLEARED,
	ENTRY_FAILED,
	ENTRY_EXPIRED,
	ENTRY_SUBSCRIBED,
	ENTRY_ENDED,
	ENTRY_REFUNDED,
	ENTRY_REFUND_FAILED,
	ENTRY_DISPUTED,
	ENTRY_DISPUTE_WON,
	ENTRY_DISPUTE_LOST,
	ENTRY_PAYOUT,
	ENTRY_PAYOUT_FAILED,
	ENTRY_RECORDED,
	ENTRY_ADJUSTED,
	ENTRY_PARKED,
	ENTRY_UNPARKED,
	ENTRY_DROPPED,
	ENTRY_ALARM,
	ENTRY_RESTORED,
	ENTRY_UPGRADED,
	ENTRY_PAID_OUT,
	ENTRY_REFUND_ASKED,
	ENTRY_OTHER, /* a kind of a later version: frame and sums are checked, the rest is passed over */
};

/* "opened", "pledged", …; ENTRY_OTHER has none. */
const char *entry_kind_name(enum entry_kind kind);
enum entry_kind entry_kind_parse(struct bytes name);

struct entry {
	uint64_t seq;
	int64_t time_us;               /* when booked: microseconds since 1970, never goes back */
	enum entry_kind kind;
	char other_kind[LABEL_SIZE];   /* the name behind ENTRY_OTHER */
	int64_t at_s;                  /* when it happened, by the provider; 0: not said */
	char account[ID_SIZE];         /* provider account */
	char event[OBJECT_ID_SIZE];
	char pledge[TOKEN_SIZE];
	char payment[OBJECT_ID_SIZE];
	size_t ref_count;              /* of `refs`, below */

	/* opened */
	char ledger[33];               /* the ledger's random 128-bit id in lower hex */
	char organisation[ID_SIZE];    /* its id, not its name */
	bool live;
	uint32_t format;               /* the format's version: 1 */

	/* pledged (the terms as they were), and what later entries repeat of them */
	char campaign[ID_SIZE];
	char tier[ID_SIZE];
	bool has_interval;
	enum interval interval;
	struct money amount;           /* currency "": the entry has none */
	bool total;                    /* the amount is the sum of all refunds of the payment so far */
	char key[65];                  /* SHA-256 of the idempotency key in lower hex, or "" */

	/* cleared, paid_out, adjusted: what the provider's balance says */
	struct clearing clearing;

	/* by an operator */
	char reference[REFERENCE_SIZE]; /* unique for life: the same one again is already done */
	uint64_t parked;               /* unparked, dropped: the seq of the entry that was parked */
	uint64_t was;                  /* restored: the seq that had been promised; upgraded: the format before */

	/* pledged, parked, failed, ended, recorded, adjusted, dropped, alarm */
	enum reason reason;
	bool has_status;
	enum event_kind status;        /* what the event said, where the kind does not say it all */
	char type[LABEL_SIZE];         /* the provider's name of the event's kind */
	char digest[65];               /* SHA-256 in lower hex: of an unreadable body, of an event's content */

	size_t posting_count;          /* of `postings` */

	uint64_t synced;               /* durable up to this seq when the line was written */

	/* Large, and last: what stands behind their counts means nothing and is not cleared. */
	struct ref refs[REFS_MAX];     /* sorted by kind, at most one of a kind */
	struct posting postings[POSTINGS_MAX];
};

/* The members that a kind may have, as a set of these. */
enum entry_member {
	MEMBER_AT = 1 << 0,
	MEMBER_ACCOUNT = 1 << 1,
	MEMBER_EVENT = 1 << 2,
	MEMBER_PLEDGE = 1 << 3,
	MEMBER_PAYMENT = 1 << 4,
	MEMBER_REFS = 1 << 5,
	MEMBER_LEDGER = 1 << 6,   /* ledger, organisation, mode, format */
	MEMBER_TERMS = 1 << 7,    /* campaign, tier, interval */
	MEMBER_AMOUNT = 1 << 8,
	MEMBER_KEY = 1 << 9,
	MEMBER_REASON = 1 << 10,
	MEMBER_TYPE = 1 << 11,
	MEMBER_DIGEST = 1 << 12,
	MEMBER_POSTINGS = 1 << 13,
	MEMBER_STATUS = 1 << 14,
	MEMBER_TOTAL = 1 << 15,
	MEMBER_CLEARING = 1 << 16,  /* settlement, settlement_currency, fee, net, rate, lines */
	MEMBER_REFERENCE = 1 << 17,
	MEMBER_PARKED = 1 << 18,
	MEMBER_WAS = 1 << 19,
};

struct entry_shape {
	unsigned required;
	unsigned allowed; /* besides the required ones */
};

/* The table of members by kind; for ENTRY_OTHER everything is allowed. */
struct entry_shape entry_shape(enum entry_kind kind);

/* Which members the entry has. */
unsigned entry_members(const struct entry *entry);

/*
 * Whether the members fit the kind, each has its form (so that its line can be
 * read back) and the postings balance. Of an ENTRY_OTHER only the last. ERR_INPUT
 * with `why` when not, ERR_TOO_BIG for a sum beyond 64 bits.
 */
MUST_CHECK enum err entry_check(const struct entry *entry, struct why *why);

/* The same of an entry that was read, each member in its form: no form is looked at again. */
MUST_CHECK enum err entry_check_read(const struct entry *entry, struct why *why);

/* Whether the entry books an event of that kind, be it that it was parked before. */
bool entry_books(const struct entry *entry, enum event_kind kind);

/*
 * What the entry tells of a payment, refund, dispute, subscription or payout: the kind of event that led to it, of
 * `parked` and `unparked` the one that was parked. False for a kind that no event leads to.
 */
bool entry_event_kind(const struct entry *entry, enum event_kind *kind);

/* The id of the object that the entry is about, as event_object has it; "" for none. */
const char *entry_object(const struct entry *entry);

/*
 * What the event behind the entry said, as event_digest has it; false for an
 * entry that no event with an id led to, and for an alarm. ERR_MEMORY.
 */
MUST_CHECK enum err entry_event_digest(const struct entry *entry, bool *has_event, uint8_t digest[static 32]);

/* Whether a text is what an operator may call an entry: [A-Za-z0-9._/-]{1,40}. */
bool reference_is_valid(struct bytes text);

/* When the session of a `pledged` entry was opened: when it was booked, but for one that was recalled. */
int64_t entry_pledged_us(const struct entry *entry);

/* Whether the parts of what a balance says stand together, in one currency, and net = settlement - fee. */
bool clearing_is_good(const struct clearing *clearing);

/* The id of the ref of that kind, NULL when there is none. */
const char *entry_ref(const struct entry *entry, enum ref_kind kind);

#endif
