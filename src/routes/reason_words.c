#include "routes/reason_words.h"

#include <stddef.h>

#include "web/messages.h"

const char *reason_words_parked(enum reason reason)
{
	switch (reason) {
	case REASON_UNKNOWN_PLEDGE:
		return MESSAGE("The pledge that it names is not known.");
	case REASON_UNKNOWN_PAYMENT:
		return MESSAGE("What it is about has not been heard of yet.");
	case REASON_OTHER_AMOUNT:
		return MESSAGE("Its amount is not the one that was pledged or told before.");
	case REASON_OTHER_CURRENCY:
		return MESSAGE("Its currency is not the one that was pledged or told before.");
	case REASON_OTHER_MODE:
		return MESSAGE("It is of the provider’s other mode, test or live.");
	case REASON_OTHER_ACCOUNT:
		return MESSAGE("It came through another account than the pledge.");
	case REASON_SECOND_PAYMENT:
		return MESSAGE("The pledge, which pays once, had been paid already.");
	case REASON_NOT_LEGAL:
		return MESSAGE("It does not follow from what was booked before: its payment is of another pledge.");
	case REASON_NOT_AT_PROVIDER:
		return MESSAGE("It was paid past the provider, whose balance has nothing of it.");
	case REASON_UNREADABLE:
		return MESSAGE("It could not be read: it is not what its type promises.");
	case REASON_NONE:
	case REASON_SAME_ID_OTHER_CONTENT: /* an alarm, which does not wait */
	case REASON_REQUESTED:
	case REASON_PAYMENT_FAILED:
	case REASON_PAYMENT_DISPUTED:
	case REASON_CASH:
	case REASON_CHEQUE:
	case REASON_BANK_TRANSFER:
	case REASON_CORRECTION:
	case REASON_DUPLICATE:
	case REASON_DONOR_REQUEST:
	case REASON_FRAUD:
	case REASON_FEE:
	case REASON_ROUNDING:
	case REASON_NOT_OURS:
	case REASON_REFUSED:
	case REASON_RECALLED:
	case REASONS:
		break;
	}
	return NULL;
}

const char *reason_words_difference(enum difference_reason reason)
{
	switch (reason) {
	case DIFFERENCE_NOT_BOOKED:
		return MESSAGE("The provider has it, the books lack it or a part of it.");
	case DIFFERENCE_OTHER_AMOUNT:
		return MESSAGE("Both have it, with different amounts.");
	case DIFFERENCE_OTHER_CURRENCY:
		return MESSAGE("Both have it, in different currencies.");
	case DIFFERENCE_BY_HAND:
		return MESSAGE("A person moved it in the books, and at the provider nothing moved.");
	case DIFFERENCE_NO_SUCH_LINE:
		return MESSAGE("A person moved it in the books and named a line of the provider’s balance that does not exist.");
	case DIFFERENCE_BOOKED_TWICE:
		return MESSAGE("A person moved it in the books and named a line of the provider’s balance that is booked by itself.");
	case DIFFERENCE_UNKNOWN_TO_PROVIDER:
		return MESSAGE("A signed event told of it, but the provider knows no such payment.");
	case DIFFERENCE_OTHER_BALANCE:
		return MESSAGE("The account holds more or less than the provider told, and nothing known explains it.");
	case DIFFERENCE_NOT_EXPLAINED:
		return MESSAGE("A deposit has arrived, and the provider does not tell what it holds.");
	}
	return NULL;
}
