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

#include "service/reconcile_counterpart.h"

/* An account in one currency, and what of its excess was found the reason of. */
struct excess {
	const struct provider_balance *balance;
	int64_t matched; /* by hand, and the provider has it too */
	int64_t found;
	bool waits;    /* something is owed that may explain the rest */
};

/* What the provider has said of a line that was entered by hand. */
struct line_of_hand {
	enum counterpart_answer answer;
	struct money amount; /* of the line, in the currency that was entered; zero where it is another */
	bool matches;        /* it is what was entered */
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

/* What is behind a posting by hand. */
static enum difference_reason judge(const struct report_wish *wish, const struct by_hand *moved, struct line_of_hand *line)
{
	const struct event *event;

	*line = (struct line_of_hand){ .amount = { 0, moved->amount.currency } };
	line->answer = counterparts_find(wish->counterparts, moved, &event);
	if (line->answer == COUNTERPART_MISSING)
		return DIFFERENCE_NO_SUCH_LINE;
	if (line->answer != COUNTERPART_THERE)
		return DIFFERENCE_BY_HAND;
	const struct money *net = &event->clearing.net;
	bool is_payout = event->kind == EVENT_PAYOUT_SENT || event->kind == EVENT_PAYOUT_FAILED;

	if (is_payout || report_is_ours(wish->ledger, moved->account, event))
		return DIFFERENCE_BOOKED_TWICE;
	if (!currency_equal(&net->currency, &moved->amount.currency))
		return DIFFERENCE_OTHER_CURRENCY;
	line->amount = *net;
	line->matches = net->minor == moved->amount.minor;
	return DIFFERENCE_OTHER_AMOUNT;
}

/* The next posting by hand of that account. */
static enum err next_by_hand(struct ledger *ledger, const struct provider_balance *balance, struct by_hand *moved)
{
	enum err err;

	do {
		err = ledger_by_hand_next(ledger, moved);
	} while (err == OK && !is_of(balance, moved->account, &moved->amount.currency));
	return err;
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

static enum err find_by_hand(const struct report_wish *wish, struct excess *excess)
{
	struct by_hand moved = { .seq = 0 };
	struct line_of_hand line;
	enum err err = OK;
	enum err next = OK;

	while (err == OK && (next = next_by_hand(wish->ledger, excess->balance, &moved)) == OK) {
		(void)judge(wish, &moved, &line);
		excess->waits |= line.answer == COUNTERPART_UNASKED;
		err = add(line.matches ? &excess->matched : &excess->found, line.answer == COUNTERPART_UNASKED ? 0 : moved.amount.minor);
	}
	return err == OK && next != ERR_UNKNOWN ? next : err;
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

static void differ_by_hand(struct report *report, const struct by_hand *moved, enum difference_reason reason, const struct line_of_hand *line)
{
	struct difference difference = { .reason = reason, .provider = line->amount, .books = moved->amount };

	memcpy(difference.account, moved->account, sizeof difference.account);
	snprintf(difference.object, sizeof difference.object, "seq %" PRIu64, moved->seq);
	if (line->answer != COUNTERPART_NONE)
		memcpy(difference.transaction, moved->reference, sizeof moved->reference);
	report_differ(report, &difference);
}

static void tell_reasons(const struct report_wish *wish, const struct provider_balance *balance, struct report *report)
{
	struct by_hand moved = { .seq = 0 };
	struct owed owed = { .seq = 0 };
	struct line_of_hand line;
	bool unknown;

	while (next_by_hand(wish->ledger, balance, &moved) == OK) {
		enum difference_reason reason = judge(wish, &moved, &line);

		if (!line.matches && line.answer != COUNTERPART_UNASKED)
			differ_by_hand(report, &moved, reason, &line);
	}
	while (next_untold(wish->ledger, wish->owed, balance, &owed, &unknown) == OK)
		if (unknown)
			differ(report, balance, DIFFERENCE_UNKNOWN_TO_PROVIDER, owed.object, amount_of(&owed).minor);
}

/* ---- an account ---- */

static uint64_t head_of(struct ledger *ledger)
{
	struct ledger_status status;

	ledger_status(ledger, &status);
	return status.head;
}

/* *matched: what was entered by hand and is at the provider too. */
static enum err explain(const struct report_wish *wish, const struct provider_balance *balance, uint64_t head, int64_t *matched,
                        struct report *report)
{
	struct excess excess = { .balance = balance };
	int64_t rest = balance->books.minor;
	enum err err = __builtin_sub_overflow(rest, balance->told, &rest) ? ERR_TOO_BIG : OK;

	if (err == OK)
		err = find_by_hand(wish, &excess);
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
		tell_reasons(wish, balance, report);
	if (rest != 0 && (excess.waits || head_of(wish->ledger) != head))
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

enum err balance_compare(const struct report_wish *wish, struct report *report)
{
	struct provider_balance balance = { .told = 0 };
	uint64_t head = head_of(wish->ledger);
	int64_t matched = 0;
	enum err err = OK;
	enum err next = OK;

	while (err == OK && (next = ledger_provider_next(wish->ledger, &balance)) == OK) {
		err = explain(wish, &balance, head, &matched, report);
		if (err == OK)
			err = put_sum(report, &balance, matched);
	}
	return err == OK && next != ERR_UNKNOWN ? next : err;
}
