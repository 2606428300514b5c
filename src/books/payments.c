#include "books/payments.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "books/slots.h"

/* A refund or dispute, as far as later entries about it ask. */
struct object_state {
	enum event_kind status;
	int64_t at_s;
	int64_t amount;
	struct cleared cleared;
};

struct payments {
	struct slots slots;
	struct words objects;         /* "account id"; their states by number: */
	struct object_state *states;
	size_t state_capacity;
	struct words payouts;         /* "account id", and when they were paid */
	struct words choices;         /* "campaign tier" */
	bool again;                   /* the second reading has begun */
	struct known_payment before;
	struct known_payment after;
};

enum { NAME_SIZE = ID_SIZE + OBJECT_ID_SIZE };

enum err payments_new(struct payments **payments)
{
	*payments = calloc(1, sizeof **payments);
	return *payments == NULL ? ERR_MEMORY : OK;
}

/* Ids of accounts, campaigns and tiers hold no blank. */
static void name_two(const char *first, const char *second, char name[static NAME_SIZE])
{
	snprintf(name, NAME_SIZE, "%s %s", first, second);
}

/* ---- refunds and disputes ---- */

static enum err state_of(struct payments *payments, const struct entry *entry, struct object_state **state)
{
	char name[NAME_SIZE];
	uint32_t number;
	size_t before = payments->objects.count;

	name_two(entry->account, entry_object(entry), name);
	enum err err = words_number(&payments->objects, name, &number);

	if (err != OK)
		return err;
	struct object_state *grown = grow(payments->states, number - 1, &payments->state_capacity, sizeof *grown);

	if (grown == NULL)
		return ERR_MEMORY;
	payments->states = grown;
	*state = &payments->states[number - 1];
	if (payments->objects.count > before)
		**state = (struct object_state){ .status = EVENT_KINDS };
	return OK;
}

/* Whether the entry is about a refund or dispute whose state the next one about it asks for. */
static bool has_state(const struct entry *entry, enum event_kind kind)
{
	bool of_object = kind == EVENT_CLEARED || kind == EVENT_REFUNDED || kind == EVENT_REFUND_FAILED || kind == EVENT_DISPUTE_OPENED
	                 || kind == EVENT_DISPUTED || kind == EVENT_DISPUTE_WON || kind == EVENT_DISPUTE_LOST;

	return of_object && !entry->total && entry_object(entry)[0] != '\0' && strcmp(entry_object(entry), entry->payment) != 0;
}

static enum err apply(struct payments *payments, const struct entry *entry, enum event_kind kind, struct payment *payment)
{
	struct provider_object object;
	struct object_state *state = NULL;
	enum err err = has_state(entry, kind) ? state_of(payments, entry, &state) : OK;

	object_none(&object);
	if (state != NULL) {
		object.status = state->status;
		object.at_s = state->at_s;
		object.amount.minor = state->amount;
		object.cleared = state->cleared;
	}
	if (err == OK)
		err = payment_apply(payment, &object, entry);
	if (err == OK && state != NULL)
		*state = (struct object_state){ object.status, object.at_s, object.amount.minor, object.cleared };
	return err;
}

/* ---- payments ---- */

static bool is_counted(const struct payment *payment)
{
	return payment->status == PAYMENT_SETTLED && payment->standing == STANDING_COUNTED;
}

/* What an entry says of money that has settled; of other entries EVENT_KINDS. */
static enum event_kind claim_of(const struct entry *entry)
{
	enum event_kind kind;
	bool kept_only = entry->kind == ENTRY_PARKED && entry->posting_count == 0;

	if (entry->pledge[0] == '\0' || entry->payment[0] == '\0' || kept_only)
		return EVENT_KINDS;
	if (!entry_event_kind(entry, &kind) || kind == EVENT_PENDING || kind == EVENT_APPROVED || kind == EVENT_FAILED)
		return EVENT_KINDS;
	return kind;
}

/* What waited and was dropped is not a claim, and yet changes its payment. */
static bool is_of_payment(const struct entry *entry, enum event_kind claim)
{
	return claim != EVENT_KINDS || (entry->kind == ENTRY_DROPPED && entry->payment[0] != '\0' && entry->pledge[0] != '\0');
}

static enum err note_payout(struct payments *payments, const struct entry *entry, struct slot_note *note)
{
	const char *id = entry_ref(entry, REF_PAYOUT);
	char name[NAME_SIZE];

	if (id == NULL)
		return OK;
	name_two(entry->account, id, name);
	return words_number(&payments->payouts, name, &note->payout);
}

/* What the entry makes of the payment in a slot. */
static enum err follow(struct payments *payments, uint32_t number, const struct entry *entry, bool within,
                       struct payment *payment, struct slot_note *note)
{
	enum event_kind kind = claim_of(entry);
	bool counted = is_counted(payment);
	enum err err = apply(payments, entry, kind, payment);

	if (err == OK && kind == EVENT_PAID_OUT)
		err = note_payout(payments, entry, note);
	if (!counted && is_counted(payment)) {
		note->settled_us = entry->time_us;
		note->is_gift = within;
	}
	return err == OK ? slots_store(&payments->slots, number, payment, note) : err;
}

/* Of a payout: when it was paid, or sent until that is told. */
static enum err note_time(struct payments *payments, const struct entry *entry)
{
	struct slot_note note = { .payout = 0 };
	enum event_kind kind;

	if (!entry_event_kind(entry, &kind) || (kind != EVENT_PAYOUT_SENT && kind != EVENT_PAYOUT_PAID))
		return OK;
	enum err err = note_payout(payments, entry, &note);

	if (err == OK && note.payout != 0)
		words_at(&payments->payouts, note.payout)->value = entry->at_s != 0 ? entry->at_s : entry->time_us / 1000000;
	return err;
}

enum err payments_foresee(struct payments *payments, const struct entry *entry, bool within, bool counts)
{
	bool is_parked = entry->kind == ENTRY_PARKED;
	struct payment payment;
	struct slot_note note;
	uint32_t number;
	enum event_kind kind = claim_of(entry);
	enum err err = counts ? note_time(payments, entry) : OK;

	if (err != OK || !counts || !is_of_payment(entry, kind))
		return err;
	number = slots_find(&payments->slots, entry->pledge, entry->payment);
	/* Parked money may become a gift of the period whenever it came. */
	if (number == 0 && kind != EVENT_KINDS && (within || is_parked))
		err = slots_add(&payments->slots, entry->pledge, entry->payment, &number);
	if (err != OK || number == 0)
		return err;
	slots_load(&payments->slots, number, &payment, &note);
	/* One of an earlier period is followed in the second reading. */
	if (payment.status != PAYMENT_SETTLED && kind != EVENT_SETTLED)
		return OK;
	return follow(payments, number, entry, within, &payment, &note);
}

/* ---- the second reading ---- */

static enum err look_back(struct payments *payments)
{
	struct slot_note none = { .is_gift = false };
	struct payment payment;
	struct slot_note note;
	enum err err = OK;

	payments->again = true;
	words_free(&payments->objects);
	for (uint32_t number = 1; err == OK && number <= payments->slots.count; number++) {
		slots_load(&payments->slots, number, &payment, &note);
		if (note.is_gift)
			continue;
		payment_none(&payment);
		err = slots_store(&payments->slots, number, &payment, &none);
	}
	return err;
}

/* A pledge's terms go to all its payments. */
static enum err learn_terms(struct payments *payments, const struct entry *entry)
{
	char name[NAME_SIZE];
	struct payment payment;
	struct slot_note note;
	uint32_t place = 0;
	enum err err = OK;

	name_two(entry->campaign, entry->tier, name);
	for (uint32_t number; err == OK && (number = slots_next_of(&payments->slots, entry->pledge, &place)) != 0;) {
		slots_load(&payments->slots, number, &payment, &note);
		note.pledged_us = entry_pledged_us(entry);
		note.interval = entry->interval;
		if (!note.is_gift)
			err = words_number(&payments->choices, name, &note.choice);
		if (err == OK)
			err = slots_store(&payments->slots, number, &payment, &note);
	}
	return err;
}

static void describe(const struct payments *payments, const struct payment *payment, const struct slot_note *note,
                     struct known_payment *known)
{
	*known = (struct known_payment){
		.payment = *payment, .pledged_us = note->pledged_us, .interval = note->interval, .settled_us = note->settled_us,
	};
	if (note->choice != 0) {
		const char *name = words_at(&payments->choices, note->choice)->text;
		size_t length = strcspn(name, " ");

		memcpy(known->campaign, name, length);
		memcpy(known->tier, name + length + 1, strlen(name + length));
	}
	known->payment.payout[0] = '\0';
	if (note->payout != 0) {
		const struct word *payout = words_at(&payments->payouts, note->payout);
		const char *id = strchr(payout->text, ' ') + 1;

		memcpy(known->payment.payout, id, strlen(id) + 1);
		known->payout_at_s = payout->value;
	}
}

static bool differ(const struct known_payment *a, const struct known_payment *b)
{
	const struct payment *before = &a->payment;
	const struct payment *after = &b->payment;

	return payment_refunded(before) != payment_refunded(after) || before->disputed != after->disputed || before->lost != after->lost
	       || before->all.lines != after->all.lines || before->all.settlement != after->all.settlement
	       || payment_fee(before) != payment_fee(after) || strcmp(before->payout, after->payout) != 0;
}

static enum err learn_claim(struct payments *payments, const struct entry *entry, bool before, enum payment_news *news)
{
	struct payment payment;
	struct slot_note note;
	uint32_t number = slots_find(&payments->slots, entry->pledge, entry->payment);

	if (number == 0)
		return OK;
	slots_load(&payments->slots, number, &payment, &note);
	if (note.is_gift) {
		payment.given = entry->amount;
		note.settled_us = entry->time_us;
		describe(payments, &payment, &note, &payments->after);
		*news = claim_of(entry) == EVENT_SETTLED && entry->kind != ENTRY_PARKED ? PAYMENT_IS_GIFT : PAYMENT_NO_NEWS;
		return OK;
	}
	bool counted = is_counted(&payment);

	describe(payments, &payment, &note, &payments->before);
	note.is_hidden = counted ? note.is_hidden : !before;
	enum err err = follow(payments, number, entry, false, &payment, &note);

	describe(payments, &payment, &note, &payments->after);
	if (counted && !note.is_hidden && is_counted(&payment) && differ(&payments->before, &payments->after))
		*news = PAYMENT_CHANGES;
	return err;
}

enum err payments_learn(struct payments *payments, const struct entry *entry, bool before, enum payment_news *news)
{
	enum err err = payments->again ? OK : look_back(payments);

	*news = PAYMENT_NO_NEWS;
	if (err != OK)
		return err;
	if (entry->kind == ENTRY_PLEDGED)
		return learn_terms(payments, entry);
	return is_of_payment(entry, claim_of(entry)) ? learn_claim(payments, entry, before, news) : OK;
}

const struct known_payment *payments_before(const struct payments *payments)
{
	return &payments->before;
}

const struct known_payment *payments_after(const struct payments *payments)
{
	return &payments->after;
}

void payments_free(struct payments **payments)
{
	struct payments *freed = *payments;

	*payments = NULL;
	if (freed == NULL)
		return;
	slots_free(&freed->slots);
	words_free(&freed->objects);
	words_free(&freed->payouts);
	words_free(&freed->choices);
	free(freed->states);
	free(freed);
}
