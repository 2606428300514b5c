/*
 * An account's books and what the provider told of it are read at one moment. Where they are the same all is well,
 * whatever moved in between. Where not, the reasons are looked for: postings by hand, but for those that the provider has
 * a line of as well, and settled money that the provider has answered it does not know. Do these come to the whole excess it is explained, and is a difference; what
 * they leave over is one too unless something is still owed, or the ledger has moved while the reasons were read.
 */
#include "service/reconcile_balance.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* An account in one currency, and what of its excess was found the reason of. */
struct excess {
	const struct provider_balance *balance;
	int64_t matched; /* by hand, and the provider has it too */
	int64_t found;
	bool waits;    /* something is owed that may explain the rest */
};

static enum err add(int64_t *sum, int64_t part)
{
	return __builtin_add_overflow(*sum, part, sum) ? ERR_TOO_BIG : OK;
}

static bool is_of(const struct provider_balance *balance, const char *account, const struct currency *currency)
{
	return strcmp(balance->account, account) == 0 && currency_equal(&balance->books.currency, currency);
}

/* ---- the reasons ---- */

/* Whether it explains something of that account. */
static bool counts(const struct hand *hand, const struct provider_balance *balance)
{
	return !hand->moved_back && is_of(balance, hand->moved.account, &hand->moved.amount.currency);
}

/* Settled money came, a refund went. */
static struct money amount_of(const struct owed *owed)
{
	struct money amount = owed->amount;

	if (strcmp(owed->object, owed->payment) != 0)
		amount.minor = -amount.minor;
	return amount;
}

/* The next thing of that account whose lines the provider has not told; *unknown: it has said that there is none. */
static enum err next_untold(struct ledger *ledger, const struct owed_work *work, const struct provider_balance *balance, struct owed *owed,
                            bool *unknown)
{
	enum err err;

	do {
		err = ledger_owed_next(ledger, owed);
	} while (err == OK && (owed->verb != OWED_CLEAR || !is_of(balance, owed->account, &owed->amount.currency)));
	*unknown = err == OK && owed_is_unknown(work, owed);
	return err;
}

static enum err find_by_hand(const struct hands *hands, struct excess *excess)
{
	enum err err = OK;

	for (size_t i = 0; err == OK && i < hands->count; i++) {
		const struct hand *hand = &hands->list[i];

		if (!counts(hand, excess->balance))
			continue;
		excess->waits |= hand->answer == COUNTERPART_UNASKED;
		err = add(hand->matches ? &excess->matched : &excess->found, hand->answer == COUNTERPART_UNASKED ? 0 : hand->moved.amount.minor);
	}
	return err;
}

static enum err find_untold(const struct report_wish *wish, struct excess *excess)
{
	struct owed owed = { .seq = 0 };
	bool unknown;
	enum err err = OK;
	enum err next = OK;

	while (err == OK && (next = next_untold(wish->ledger, wish->owed, excess->balance, &owed, &unknown)) == OK) {
		excess->waits |= !unknown;
		if (unknown)
			err = add(&excess->found, amount_of(&owed).minor);
	}
	return err == OK && next != ERR_UNKNOWN ? next : err;
}

static void differ(struct report *report, const struct provider_balance *balance, enum difference_reason reason, const char *object, int64_t books)
{
	struct difference difference = { .reason = reason, .provider = { 0, balance->books.currency }, .books = { books, balance->books.currency } };

	memcpy(difference.account, balance->account, sizeof difference.account);
	snprintf(difference.object, sizeof difference.object, "%s", object);
	report_differ(report, &difference);
}

static void differ_by_hand(struct report *report, const struct hand *hand)
{
	const struct by_hand *moved = &hand->moved;
	struct difference difference = { .reason = hand->reason, .provider = hand->line, .books = moved->amount };

	memcpy(difference.account, moved->account, sizeof difference.account);
	snprintf(difference.object, sizeof difference.object, "seq %" PRIu64, moved->seq);
	if (hand->answer != COUNTERPART_NONE)
		memcpy(difference.transaction, moved->reference, sizeof moved->reference);
	report_differ(report, &difference);
}

static void tell_reasons(const struct report_wish *wish, const struct hands *hands, const struct provider_balance *balance, struct report *report)
{
	struct owed owed = { .seq = 0 };
	bool unknown;

	for (size_t i = 0; i < hands->count; i++) {
		const struct hand *hand = &hands->list[i];

		if (counts(hand, balance) && !hand->matches && hand->answer != COUNTERPART_UNASKED)
			differ_by_hand(report, hand);
	}
	while (next_untold(wish->ledger, wish->owed, balance, &owed, &unknown) == OK)
		if (unknown)
			differ(report, balance, DIFFERENCE_UNKNOWN_TO_PROVIDER, owed.object, amount_of(&owed).minor);
}

/* ---- an account ---- */

uint64_t balance_head(struct ledger *ledger)
{
	struct ledger_status status;

	ledger_status(ledger, &status);
	return status.head;
}

/* *matched: what was entered by hand and is at the provider too. */
static enum err explain(const struct report_wish *wish, const struct hands *hands, const struct provider_balance *balance, uint64_t head,
                        int64_t *matched, struct report *report)
{
	struct excess excess = { .balance = balance };
	int64_t rest = balance->books.minor;
	enum err err = __builtin_sub_overflow(rest, balance->told, &rest) ? ERR_TOO_BIG : OK;

	if (err == OK)
		err = find_by_hand(hands, &excess);
	*matched = excess.matched;
	if (err == OK && __builtin_sub_overflow(rest, excess.matched, &rest))
		err = ERR_TOO_BIG;
	if (err != OK || rest == 0)
		return err;
	err = find_untold(wish, &excess);
	if (err == OK && __builtin_sub_overflow(rest, excess.found, &rest))
		err = ERR_TOO_BIG;
	if (err != OK)
		return err;
	if (excess.found != 0)
		tell_reasons(wish, hands, balance, report);
	if (rest != 0 && (excess.waits || balance_head(wish->ledger) != head))
		report->waits++;
	else if (rest != 0)
		differ(report, balance, DIFFERENCE_OTHER_BALANCE, "", rest);
	return OK;
}

/* So far the sum holds the lines that were read: what the books lack of them is there and not told yet. */
static enum err put_sum(struct report *report, const struct provider_balance *balance, int64_t matched)
{
	struct reconciled_sum *sum = report_sum(report, balance->account, &balance->books.currency);

	if (sum == NULL || __builtin_sub_overflow(sum->provider.minor, sum->books.minor, &sum->provider.minor))
		return ERR_TOO_BIG;
	sum->books = balance->books;
	enum err err = add(&sum->provider.minor, balance->told);

	return err == OK ? add(&sum->provider.minor, matched) : err;
}

enum err balance_compare(const struct report_wish *wish, const struct hands *hands, uint64_t head, struct report *report)
{
	struct provider_balance balance = { .told = 0 };
	int64_t matched = 0;
	enum err err = OK;
	enum err next = OK;

	while (err == OK && (next = ledger_provider_next(wish->ledger, &balance)) == OK) {
		err = explain(wish, hands, &balance, head, &matched, report);
		if (err == OK)
			err = put_sum(report, &balance, matched);
	}
	return err == OK && next != ERR_UNKNOWN ? next : err;
}
