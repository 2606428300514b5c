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
	ENTRY_OTHER, /* a kind of a later version: frame and sums are checked, the rest is passed over */
};

/* "opened", "pledged", …; ENTRY_OTHER has none. */
const char *entry_kind_name(enum entry_kind kind);
enum entry_kind entry_kind_parse(struct bytes name);

/* Why something was parked, failed or raised: a closed list, since free text may hold a name. */
enum reason {
	REASON_NONE,
	REASON_UNKNOWN_PLEDGE,
	REASON_OTHER_AMOUNT,
	REASON_OTHER_CURRENCY,
	REASON_OTHER_MODE,
	REASON_OTHER_ACCOUNT,
	REASON_SECOND_PAYMENT, /* a pledge given once was paid twice */
	REASON_NOT_LEGAL,      /* no legal move leads there */
	REASON_UNREADABLE,
	REASON_SAME_ID_OTHER_CONTENT,
};

const char *reason_name(enum reason reason); /* "unknown-pledge", … ; "" for none */
bool reason_parse(struct bytes name, enum reason *reason);

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
	struct ref refs[REFS_MAX];     /* sorted by kind, at most one of a kind */
	size_t ref_count;

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
	char key[65];                  /* SHA-256 of the idempotency key in lower hex, or "" */

	/* parked, failed, alarm */
	enum reason reason;
	bool has_status;
	enum event_kind status;        /* what the parked event said */
	char type[LABEL_SIZE];         /* the provider's name of the event's kind */
	char digest[65];               /* SHA-256 in lower hex: of an unreadable body, of an event's content */

	struct posting postings[POSTINGS_MAX];
	size_t posting_count;

	uint64_t synced;               /* durable up to this seq when the line was written */
	uint8_t chain[32];
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

/*
 * What the event behind the entry said, as event_digest has it; false for an
 * entry that no event led to, and for an alarm. ERR_MEMORY.
 */
MUST_CHECK enum err entry_event_digest(const struct entry *entry, bool *has_event, uint8_t digest[static 32]);

/* The id of the ref of that kind, NULL when there is none. */
const char *entry_ref(const struct entry *entry, enum ref_kind kind);

#endif
