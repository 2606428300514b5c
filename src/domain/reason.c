#include "domain/reason.h"

static const char *const names[] = {
	[REASON_NONE] = "",
	[REASON_UNKNOWN_PLEDGE] = "unknown-pledge",
	[REASON_UNKNOWN_PAYMENT] = "unknown-payment",
	[REASON_OTHER_AMOUNT] = "other-amount",
	[REASON_OTHER_CURRENCY] = "other-currency",
	[REASON_OTHER_MODE] = "other-mode",
	[REASON_OTHER_ACCOUNT] = "other-account",
	[REASON_SECOND_PAYMENT] = "second-payment",
	[REASON_NOT_LEGAL] = "not-legal",
	[REASON_UNREADABLE] = "unreadable",
	[REASON_SAME_ID_OTHER_CONTENT] = "same-id-other-content",
	[REASON_REQUESTED] = "requested",
	[REASON_PAYMENT_FAILED] = "payment-failed",
	[REASON_PAYMENT_DISPUTED] = "payment-disputed",
	[REASON_CASH] = "cash",
	[REASON_CHEQUE] = "cheque",
	[REASON_BANK_TRANSFER] = "bank-transfer",
	[REASON_CORRECTION] = "correction",
	[REASON_DUPLICATE] = "duplicate",
	[REASON_DONOR_REQUEST] = "donor-request",
	[REASON_FRAUD] = "fraud",
	[REASON_FEE] = "fee",
	[REASON_ROUNDING] = "rounding",
	[REASON_NOT_OURS] = "not-ours",
	[REASON_REFUSED] = "refused",
	[REASON_NOT_AT_PROVIDER] = "not-at-provider",
	[REASON_RECALLED] = "recalled",
};

const char *reason_name(enum reason reason)
{
	return names[reason];
}

bool reason_parse(struct bytes name, enum reason *reason)
{
	for (int i = 1; i < REASONS; i++)
		if (bytes_is(name, names[i])) {
			*reason = (enum reason)i;
			return true;
		}
	return false;
}
