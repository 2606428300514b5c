/*
 * reconcile_report.h -- "books = provider": what the provider's balance says, line by line, beside what the
 * ledger knows of the same objects.
 *
 * Lines are collected by the payment, refund or dispute that they are about, because the ledger knows their sum;
 * payouts stand beside them with what of ours they hold.
 */
#ifndef SERVICE_RECONCILE_REPORT_H
#define SERVICE_RECONCILE_REPORT_H

#include <stdint.h>

#include "domain/event.h"
#include "ledger/ledger.h"

enum { SUMS_MAX = 32, DIFFERENCES_MAX = 100, PAYOUTS_MAX = 100 };

enum difference_reason {
	DIFFERENCE_NOT_BOOKED,     /* the provider's balance has it, the books have not, or have less lines of it */
	DIFFERENCE_OTHER_AMOUNT,   /* both have it, with other sums */
	DIFFERENCE_OTHER_CURRENCY,
	DIFFERENCE_NOT_EXPLAINED,  /* what of ours a payout holds is not known, though it is not on its way any more */
};

/* "not-booked", … */
const char *difference_reason_name(enum difference_reason reason);

struct difference {
	enum difference_reason reason;
	char account[ID_SIZE];         /* provider account */
	char transaction[OBJECT_ID_SIZE]; /* the latest line of the balance about it */
	char object[OBJECT_ID_SIZE];   /* the payment, refund, dispute or payout */
	struct money provider;         /* net, as the balance moved */
	struct money books;            /* the same by our books; nothing known: zero */
};

/* Ours in one currency of one account: over all lines that were read. */
struct reconciled_sum {
	char account[ID_SIZE];
	struct money provider;
	struct money books;
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
	struct reconciled_sum sums[SUMS_MAX];
	size_t sum_count;
	struct difference differences[DIFFERENCES_MAX]; /* the first ones */
	uint64_t difference_count;                      /* of all */
	struct reconciled_payout payouts[PAYOUTS_MAX];  /* the newest ones */
	uint64_t payout_count;                          /* of all */
};

/* Lines that were read and wait to be compared. */
struct report_lines;

/* On OK the caller owns it. ERR_MEMORY. */
MUST_CHECK enum err report_lines_new(struct report_lines **lines);
void report_lines_free(struct report_lines **lines);

/* Whether a line of the balance belongs to a pledge of ours. */
bool report_is_ours(struct ledger *ledger, const char *account, const struct event *line);

/*
 * Take in a line of an account's balance, as TALK_LIST_BALANCE tells it. ERR_MEMORY; ERR_TOO_BIG when there are more
 * than can be compared at once.
 */
MUST_CHECK enum err report_add(struct report_lines *lines, struct ledger *ledger, const char *account, const struct event *line);

/* Compare everything with what the ledger knows now. ERR_MEMORY, ERR_TOO_BIG for a sum beyond 64 bits. */
MUST_CHECK enum err report_make(struct report_lines *lines, struct ledger *ledger, struct report *report);

#endif
