#include "service/reconcile_hand.h"

#include <stdlib.h>
#include <string.h>

#include "base/grow.h"

static enum err make_room(struct hands *hands)
{
	struct hand *grown = grow(hands->list, hands->count, &hands->capacity, sizeof *grown);

	hands->list = grown != NULL ? grown : hands->list;
	return grown != NULL ? OK : ERR_MEMORY;
}

/* What is behind it. */
static void judge(struct hand *hand, const struct report_wish *wish)
{
	const struct by_hand *moved = &hand->moved;
	const struct event *event;

	hand->line = (struct money){ 0, moved->amount.currency };
	hand->answer = counterparts_find(wish->counterparts, moved, &event);
	hand->reason = hand->answer == COUNTERPART_MISSING ? DIFFERENCE_NO_SUCH_LINE : DIFFERENCE_BY_HAND;
	if (hand->answer != COUNTERPART_THERE)
		return;
	const struct money *net = &event->clearing.net;
	bool is_payout = event->kind == EVENT_PAYOUT_SENT || event->kind == EVENT_PAYOUT_FAILED;

	if (is_payout || report_is_booked(wish->ledger, moved->account, event)) {
		hand->reason = DIFFERENCE_BOOKED_TWICE;
	} else if (!currency_equal(&net->currency, &moved->amount.currency)) {
		hand->reason = DIFFERENCE_OTHER_CURRENCY;
	} else {
		hand->reason = DIFFERENCE_OTHER_AMOUNT;
		hand->line = *net;
		hand->matches = net->minor == moved->amount.minor;
	}
}

static bool are_opposite(const struct by_hand *a, const struct by_hand *b)
{
	return (a->amount.minor < 0) != (b->amount.minor < 0) && a->amount.minor + b->amount.minor == 0
	       && currency_equal(&a->amount.currency, &b->amount.currency) && strcmp(a->account, b->account) == 0;
}

/* Two that have a line each are two things that happened. */
static void pair(struct hands *hands, bool with_a_line)
{
	for (size_t i = 0; i < hands->count; i++) {
		struct hand *a = &hands->list[i];

		for (size_t k = i + 1; k < hands->count && !a->moved_back; k++) {
			struct hand *b = &hands->list[k];

			if (!b->moved_back && a->matches + b->matches == with_a_line && are_opposite(&a->moved, &b->moved))
				a->moved_back = b->moved_back = true;
		}
	}
}

enum err hands_read(struct hands *hands, const struct report_wish *wish)
{
	struct by_hand moved = { .seq = 0 };
	enum err next;

	*hands = (struct hands){ .count = 0 };
	while ((next = ledger_by_hand_next(wish->ledger, &moved)) == OK) {
		enum err err = make_room(hands);

		if (err != OK)
			return err;
		hands->list[hands->count] = (struct hand){ .moved = moved };
		judge(&hands->list[hands->count++], wish);
	}
	pair(hands, false);
	pair(hands, true);
	return next == ERR_UNKNOWN ? OK : next;
}

void hands_free(struct hands *hands)
{
	free(hands->list);
	*hands = (struct hands){ .count = 0 };
}

bool hands_hold(const struct hands *hands, const char *account, const char *transaction)
{
	for (size_t i = 0; i < hands->count; i++) {
		const struct hand *hand = &hands->list[i];

		if (!hand->moved_back && (hand->matches || hand->answer == COUNTERPART_UNASKED)
		    && strcmp(hand->moved.reference, transaction) == 0 && strcmp(hand->moved.account, account) == 0)
			return true;
	}
	return false;
}
