/*
 * An account's books and what the provider told of it are read at one moment. Where they are the same all is well,
 * whatever moved in between. Where not, the reasons are looked for: postings by hand, and settled money that the
 * provider has answered it does not know. Do these come to the whole excess it is explained, and is a difference; what
 * they leave over is one too unless something is still owed, or the ledger has moved while the reasons were read.
 */
#include "service/reconcile_balance.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* An account in one currency, and what of its excess was found the reason of. */
struct excess {
	const struct provider_balance *balance;
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

static enum err find_reasons(struct ledger *ledger, const struct owed_work *work, struct excess *excess)
{
	struct by_hand moved = { .seq = 0 };
	struct owed owed = { .seq = 0 };
	bool unknown;
	enum err err = OK;
	enum err next;

	while (err == OK && (next = next_by_hand(ledger, excess->balance, &moved)) == OK)
		err = add(&excess->found, moved.amount.minor);
	if (err == OK && next != ERR_UNKNOWN)
		err = next;
	while (err == OK && (next = next_untold(ledger, work, excess->balance, &owed, &unknown)) == OK) {
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

static void tell_reasons(struct ledger *ledger, const struct owed_work *work, const struct provider_balance *balance, struct report *report)
{
	char entry[sizeof "seq 18446744073709551615"];
	struct by_hand moved = { .seq = 0 };
	struct owed owed = { .seq = 0 };
	bool unknown;

	while (next_by_hand(ledger, balance, &moved) == OK) {
		snprintf(entry, sizeof entry, "seq %" PRIu64, moved.seq);
		differ(report, balance, DIFFERENCE_BY_HAND, entry, moved.amount.minor);
	}
	while (next_untold(ledger, work, balance, &owed, &unknown) == OK)
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

static enum err explain(struct ledger *ledger, const struct owed_work *work, const struct provider_balance *balance, uint64_t head,
                        struct report *report)
{
	struct excess excess = { .balance = balance };
	int64_t rest = balance->books.minor;
	enum err err = __builtin_sub_overflow(rest, balance->told, &rest) ? ERR_TOO_BIG : OK;

	if (err != OK || rest == 0)
		return err;
	err = find_reasons(ledger, work, &excess);
	if (err == OK && __builtin_sub_overflow(rest, excess.found, &rest))
		err = ERR_TOO_BIG;
	if (err != OK)
		return err;
	if (excess.found != 0)
		tell_reasons(ledger, work, balance, report);
	if (rest != 0 && (excess.waits || head_of(ledger) != head))
		report->waits++;
	else if (rest != 0)
		differ(report, balance, DIFFERENCE_OTHER_BALANCE, "", rest);
	return OK;
}

/* So far the sum holds the lines that were read: what the books lack of them is there and not told yet. */
static enum err put_sum(struct report *report, const struct provider_balance *balance)
{
	struct reconciled_sum *sum = report_sum(report, balance->account, &balance->books.currency);

	if (sum == NULL || __builtin_sub_overflow(sum->provider.minor, sum->books.minor, &sum->provider.minor))
		return ERR_TOO_BIG;
	sum->books = balance->books;
	return add(&sum->provider.minor, balance->told);
}

enum err balance_compare(struct ledger *ledger, const struct owed_work *owed, struct report *report)
{
	struct provider_balance balance = { .told = 0 };
	uint64_t head = head_of(ledger);
	enum err err = OK;
	enum err next = OK;

	while (err == OK && (next = ledger_provider_next(ledger, &balance)) == OK) {
		err = put_sum(report, &balance);
		if (err == OK)
			err = explain(ledger, owed, &balance, head, report);
	}
	return err == OK && next != ERR_UNKNOWN ? next : err;
}
