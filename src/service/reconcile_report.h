/*
 * reconcile_report.h -- "books = provider": what the provider's balance says, line by line, beside what the
 * ledger knows of the same objects, and what the accounts hold beside what the provider has told of them so far.
 *
 * Lines are collected by the payment, refund or dispute that they are about, because the ledger knows their sum;
 * payouts stand beside them with what of ours they hold.
 */
#ifndef SERVICE_RECONCILE_REPORT_H
#define SERVICE_RECONCILE_REPORT_H

#include <stdint.h>

#include "domain/event.h"
#include "ledger/ledger.h"

enum { SUMS_MAX = 128, DIFFERENCES_MAX = 100, PAYOUTS_MAX = 100 };

enum difference_reason {
	DIFFERENCE_NOT_BOOKED,     /* the provider's balance has it, the books have not, or have less lines of it */
	DIFFERENCE_OTHER_AMOUNT,   /* both have it, with other sums */
	DIFFERENCE_OTHER_CURRENCY,
	DIFFERENCE_BY_HAND,        /* an operator moved it, at the provider it did not move */
	DIFFERENCE_NO_SUCH_LINE,   /* … under the id of a line that the provider does not have */
	DIFFERENCE_BOOKED_TWICE,   /* … under the id of a line that the books have by themselves */
	DIFFERENCE_UNKNOWN_TO_PROVIDER, /* settled by an event, but asked for it the provider knows of none */
	DIFFERENCE_OTHER_BALANCE,  /* the account holds so much more or less than the provider told, for no reason that is known */
	DIFFERENCE_NOT_EXPLAINED,  /* what of ours a payout holds is not known, though it is not on its way any more */
};

/* "not-booked", … */
const char *difference_reason_name(enum difference_reason reason);

struct difference {
	enum difference_reason reason;
	char account[ID_SIZE];         /* provider account */
	char transaction[OBJECT_ID_SIZE]; /* the latest line of the balance about it; "": there is none */
	char object[OBJECT_ID_SIZE];   /* the payment, refund, dispute or payout; of what was moved by hand "seq " and its entry's */
	struct money provider;         /* net, as the balance moved */
	struct money books;            /* the same by our books; nothing known: zero */
};

/* One currency of one account. */
struct reconciled_sum {
	char account[ID_SIZE];
	struct money provider; /* ours there: by all lines that were ever booked, and those of now that were not */
	struct money books;    /* what assets:provider:<account> holds */
};

struct reconciled_payout {
	char account[ID_SIZE];
	char payout[OBJECT_ID_SIZE];
	struct money amount;
	bool explained;      /* what of ours it holds is known: */
	struct money ours;
	struct money others; /* what else it holds: one sum */
};

struct report {
	uint64_t lines;       /* of the balance that were read */
	uint64_t lines_ours;
	uint64_t waits;       /* what the books cannot have yet: it is owed, or has just come */
	struct reconciled_sum sums[SUMS_MAX];
	size_t sum_count;
	struct difference differences[DIFFERENCES_MAX]; /* the first ones */
	uint64_t difference_count;                      /* of all */
	int64_t differs_from_s;                         /* the earliest line of those that differ; 0: none does */
	struct reconciled_payout payouts[PAYOUTS_MAX];  /* the newest ones */
	uint64_t payout_count;                          /* of all */
};

/* Lines that were read and wait to be compared. */
struct report_lines;

struct owed_work;
struct counterparts;

/* What a report is made by. */
struct report_wish {
	struct ledger *ledger;
	const struct owed_work *owed; /* knows what the provider does not know */
	const struct counterparts *counterparts; /* knows the lines that an operator has entered */
	int64_t news_s; /* what came at that time or later may not be booked yet; 0: nothing may */
};

/* On OK the caller owns it. ERR_MEMORY. */
MUST_CHECK enum err report_lines_new(struct report_lines **lines);
void report_lines_free(struct report_lines **lines);

/* Whether a line of the balance belongs to a payment of ours, one that no operator has dropped as not ours, or to a pledge. */
bool report_is_ours(struct ledger *ledger, const char *account, const struct event *line);

/* Whether the books have it by themselves, by what the provider told of its object. */
bool report_is_booked(struct ledger *ledger, const char *account, const struct event *line);

/*
 * Take in a line of an account's balance, as TALK_LIST_BALANCE tells it. ERR_MEMORY; ERR_TOO_BIG when there are more
 * than can be compared at once.
 */
MUST_CHECK enum err report_add(struct report_lines *lines, struct ledger *ledger, const char *account, const struct event *line);

/*
 * Compare everything with what the ledger knows now; for the thread that calls owed_look. ERR_MEMORY, ERR_TOO_BIG for a
 * sum beyond 64 bits or too many currencies; what the ledger's index answers.
 */
MUST_CHECK enum err report_make(struct report_lines *lines, const struct report_wish *wish, struct report *report);

/* For the parts of the report: count a difference and keep it among the first ones; the sum of that account and currency, NULL when there is no room. */
void report_differ(struct report *report, const struct difference *difference);
struct reconciled_sum *report_sum(struct report *report, const char *account, const struct currency *currency);

#endif
