/* What each kind of entry means to somebody who does not know the ledger. */
#include <inttypes.h>

#include "books/story.h"

static void put_amount(struct buffer *out, const struct entry *entry)
{
	char text[AMOUNT_TEXT_SIZE];

	if (entry->amount.currency.code[0] == '\0') {
		buffer_text(out, "an amount that is not said");
		return;
	}
	money_format(&entry->amount, text);
	buffer_text(out, text);
	buffer_char(out, ' ');
	buffer_text(out, entry->amount.currency.code);
}

static void put_with_amount(struct buffer *out, const char *before, const struct entry *entry, const char *after)
{
	buffer_text(out, before);
	put_amount(out, entry);
	buffer_text(out, after);
}

static const char *how_often(const struct entry *entry)
{
	switch (entry->interval) {
	case INTERVAL_ONCE:
		return "once";
	case INTERVAL_MONTH:
		return "every month";
	case INTERVAL_YEAR:
		return "every year";
	}
	return "";
}

/* Of what waits; the other reasons are words by themselves. */
static const char *reason_words(enum reason reason)
{
	static const char *const words[REASONS] = {
		[REASON_NONE] = "no reason is said",
		[REASON_UNKNOWN_PLEDGE] = "the pledge that it names is not known",
		[REASON_UNKNOWN_PAYMENT] = "what it is about has not been heard of",
		[REASON_OTHER_AMOUNT] = "its amount is not the one that was pledged or told before",
		[REASON_OTHER_CURRENCY] = "its currency is not the one that was pledged or told before",
		[REASON_OTHER_MODE] = "it is of the provider's other mode",
		[REASON_OTHER_ACCOUNT] = "it came through another account than the pledge",
		[REASON_SECOND_PAYMENT] = "the pledge, which pays once, had been paid",
		[REASON_NOT_LEGAL] = "it does not follow from what was booked before",
		[REASON_NOT_AT_PROVIDER] = "it was paid past the provider",
		[REASON_RECALLED] = "its line was lost",
		[REASON_UNREADABLE] = "it is not what its type promises",
		[REASON_SAME_ID_OTHER_CONTENT] = "its id had come before with other content",
	};

	return words[reason] != NULL ? words[reason] : reason_name(reason);
}

static void put_money(struct buffer *out, const char *before, const struct money *money)
{
	char text[AMOUNT_TEXT_SIZE];

	money_format(money, text);
	buffer_format(out, "%s%s %s", before, text, money->currency.code);
}

/* What the provider's balance says of it. */
static void put_cleared(struct buffer *out, const char *before, const struct clearing *clearing)
{
	buffer_text(out, before);
	if (clearing->settlement.currency.code[0] != '\0') {
		put_money(out, ": it counts ", &clearing->settlement);
		put_money(out, ", keeps a fee of ", &clearing->fee);
		put_money(out, " and owes ", &clearing->net);
	}
	buffer_char(out, '.');
}

static void put_pledged(struct buffer *out, const struct entry *entry)
{
	put_with_amount(out, "A donor chose ", entry, "");
	buffer_format(out, " %s (campaign %s, tier %s), and a session was opened at the provider%s.", how_often(entry), entry->campaign,
	              entry->tier, entry->reason == REASON_RECALLED ? ": the line that said so was lost, and the provider still knew it" : "");
}

static void put_parked(struct buffer *out, const struct entry *entry)
{
	buffer_format(out, "The provider told of \"%s\"", entry->has_status ? event_kind_name(entry->status) : "something");
	if (entry->amount.currency.code[0] != '\0')
		put_with_amount(out, " (", entry, ")");
	buffer_format(out, ", which could not be booked: %s. It waits%s.", reason_words(entry->reason),
	              entry->posting_count > 0 ? "; its money counts as unidentified until then" : "");
}

/* Whether money moved, or a bank only asks. */
static void put_disputed(struct buffer *out, const struct entry *entry)
{
	if (entry->has_status && entry->status == EVENT_DISPUTE_OPENED)
		put_with_amount(out, "The donor's bank asks about the payment: it may dispute ", entry, ", and has moved nothing yet.");
	else
		put_with_amount(out, "The donor's bank disputes the payment: ", entry, " is held by the provider.");
}

static void put_payout(struct buffer *out, const struct entry *entry)
{
	if (entry->has_status && entry->status == EVENT_PAYOUT_EXPLAINED)
		put_with_amount(out, "Everything of ours in the payout of ", entry, " was told.");
	else if (entry->has_status && entry->status == EVENT_PAYOUT_PAID)
		put_with_amount(out, "A payout of ", entry, " arrived at the bank.");
	else
		put_with_amount(out, "The provider paid out ", entry, ".");
}

static void put_recorded(struct buffer *out, const struct entry *entry)
{
	put_with_amount(out, "A gift of ", entry, " that came by another way was recorded");
	buffer_format(out, " (campaign %s, tier %s).", entry->campaign, entry->tier);
}

static void put_adjusted(struct buffer *out, const struct entry *entry)
{
	put_with_amount(out, entry->reference[0] != '\0' ? "A person corrected the books by " : "The provider corrected its balance by ", entry, ".");
}

static void put_unparked(struct buffer *out, const struct entry *entry)
{
	if (entry->status == EVENT_SETTLED) {
		put_with_amount(out, "What waited could be booked: ", entry, " is the gift's.");
		return;
	}
	buffer_format(out, "What waited could be booked: \"%s\"", event_kind_name(entry->status));
	if (entry->amount.currency.code[0] != '\0')
		put_with_amount(out, " (", entry, ")");
	buffer_char(out, '.');
}

/* Without an amount and without choices. */
static const char *plain_words(enum entry_kind kind)
{
	switch (kind) {
	case ENTRY_APPROVED:
		return "The donor agreed; the provider is asked to take the money.";
	case ENTRY_EXPIRED:
		return "The session ended without a payment.";
	case ENTRY_SUBSCRIBED:
		return "The repeated payments were set up at the provider.";
	case ENTRY_ENDED:
		return "The repeated payments ended.";
	case ENTRY_DISPUTE_WON:
		return "The dispute was decided for us: the money is back.";
	case ENTRY_DISPUTE_LOST:
		return "The dispute was decided for the donor: the money is gone.";
	case ENTRY_ALARM:
		return "ALARM: an event came again under an id that was booked, with other content. Nothing was booked.";
	case ENTRY_DROPPED:
		return "A person decided that what was kept aside will never be booked.";
	case ENTRY_UPGRADED:
		return "A new version of the program took over the ledger.";
	case ENTRY_OTHER:
		return "An entry of a later version of the program.";
	case ENTRY_OPENED:
	case ENTRY_PLEDGED:
	case ENTRY_PENDING:
	case ENTRY_SETTLED:
	case ENTRY_CLEARED:
	case ENTRY_PAID_OUT:
	case ENTRY_REFUND_ASKED:
	case ENTRY_FAILED:
	case ENTRY_REFUNDED:
	case ENTRY_REFUND_FAILED:
	case ENTRY_DISPUTED:
	case ENTRY_PAYOUT:
	case ENTRY_PAYOUT_FAILED:
	case ENTRY_RECORDED:
	case ENTRY_ADJUSTED:
	case ENTRY_PARKED:
	case ENTRY_UNPARKED:
	case ENTRY_RESTORED:
		break;
	}
	return "";
}

void story_sentence(struct buffer *out, const struct entry *entry)
{
	switch (entry->kind) {
	case ENTRY_OPENED:
		buffer_format(out, "The %s ledger of %s was opened.", entry->live ? "live" : "test", entry->organisation);
		break;
	case ENTRY_PLEDGED:
		put_pledged(out, entry);
		break;
	case ENTRY_PENDING:
		put_with_amount(out, "The donor has paid; ", entry, " is on its way.");
		break;
	case ENTRY_SETTLED:
		put_with_amount(out, "", entry, " arrived at the provider.");
		break;
	case ENTRY_FAILED:
		buffer_text(out, "The payment failed: its money will not come.");
		break;
	case ENTRY_REFUNDED:
		put_with_amount(out, "", entry, entry->total ? " went back to the donor altogether." : " went back to the donor.");
		break;
	case ENTRY_REFUND_FAILED:
		put_with_amount(out, "A refund did not go through: ", entry, " is ours again.");
		break;
	case ENTRY_DISPUTED:
		put_disputed(out, entry);
		break;
	case ENTRY_PAYOUT:
		put_payout(out, entry);
		break;
	case ENTRY_PAYOUT_FAILED:
		put_with_amount(out, "A payout of ", entry, " came back.");
		break;
	case ENTRY_RECORDED:
		put_recorded(out, entry);
		break;
	case ENTRY_ADJUSTED:
		put_adjusted(out, entry);
		break;
	case ENTRY_PARKED:
		put_parked(out, entry);
		break;
	case ENTRY_UNPARKED:
		put_unparked(out, entry);
		break;
	case ENTRY_RESTORED:
		buffer_format(out, "The ledger goes on behind a loss: entries up to seq %" PRIu64 " had been durable and are gone.", entry->was);
		break;
	case ENTRY_CLEARED:
		put_cleared(out, "The provider's account of it is settled", &entry->clearing);
		break;
	case ENTRY_PAID_OUT:
		put_cleared(out, "A payout holds it", &entry->clearing);
		break;
	case ENTRY_REFUND_ASKED:
		put_with_amount(out, "An operator asked the provider to give ", entry, " back.");
		break;
	case ENTRY_APPROVED:
	case ENTRY_EXPIRED:
	case ENTRY_SUBSCRIBED:
	case ENTRY_ENDED:
	case ENTRY_DISPUTE_WON:
	case ENTRY_DISPUTE_LOST:
	case ENTRY_ALARM:
	case ENTRY_DROPPED:
	case ENTRY_UPGRADED:
	case ENTRY_OTHER:
		buffer_text(out, plain_words(entry->kind));
		break;
	}
}
