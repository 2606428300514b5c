/*
 * reason.h -- why something was parked, failed, dropped or recorded: a closed
 * list, since free text may hold a name.
 */
#ifndef DOMAIN_REASON_H
#define DOMAIN_REASON_H

#include <stdbool.h>

#include "base/bytes.h"

enum reason {
	REASON_NONE,
	/* what cannot be booked */
	REASON_UNKNOWN_PLEDGE,
	REASON_UNKNOWN_PAYMENT,   /* it is about a payment, refund or payout that has not been heard of yet */
	REASON_OTHER_AMOUNT,
	REASON_OTHER_CURRENCY,
	REASON_OTHER_MODE,
	REASON_OTHER_ACCOUNT,
	REASON_SECOND_PAYMENT,    /* a pledge given once was paid twice */
	REASON_NOT_LEGAL,         /* no legal move leads there */
	REASON_UNREADABLE,
	REASON_SAME_ID_OTHER_CONTENT,
	/* why a subscription ended */
	REASON_REQUESTED,
	REASON_PAYMENT_FAILED,
	REASON_PAYMENT_DISPUTED,
	/* how an offline gift came */
	REASON_CASH,
	REASON_CHEQUE,
	REASON_BANK_TRANSFER,
	/* why an operator changed something */
	REASON_CORRECTION,
	REASON_DUPLICATE,
	REASON_DONOR_REQUEST,
	REASON_FRAUD,
	REASON_FEE,
	REASON_ROUNDING,
	REASON_NOT_OURS,          /* parked money that belongs to other business of the account */
	/* why the provider did not do what was asked */
	REASON_REFUSED,
	/* what cannot be booked, once more */
	REASON_NOT_AT_PROVIDER,   /* paid past the provider: a person knows where the money is */
	/* why a pledge is written long after its session was opened */
	REASON_RECALLED,          /* its line was lost, the provider still has its terms */
	REASONS,                  /* how many there are */
};

const char *reason_name(enum reason reason); /* "unknown-pledge", … ; "" for none */
bool reason_parse(struct bytes name, enum reason *reason);

#endif
