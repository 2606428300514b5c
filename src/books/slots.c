#include "books/slots.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"

enum { SLOTS_CHUNK = 4096, INDEX_FIRST = 1024, INTERVAL_BITS = 2, CURRENCIES_MAX = UINT16_MAX };

struct slot {
	uint8_t pledge[TOKEN_BYTES];
	uint16_t payment[3];   /* of its id's hash */
	uint16_t currency;     /* of the settlement, 0: not known */
	uint64_t terms;        /* when it was pledged and how often it pays, plus one */
	int64_t settlement;
	int64_t fee;
	uint32_t payout;
	unsigned extra : 30;   /* 0: none is needed */
	unsigned is_gift : 1;
	unsigned is_cleared : 1; /* of its own lines one was told, and of others none: where there is no extra */
};

_Static_assert(sizeof(struct slot) == 56, "what docs/export.md promises of an export's memory");

struct slot_extra {
	int64_t refunds;
	int64_t refunds_total;
	int64_t refunds_failed;
	int64_t disputed;
	int64_t lost;
	int64_t adjusted;
	int64_t own_settlement;
	int64_t own_fee;
	int64_t given;
	int64_t settled_us;
	uint32_t own_lines;
	uint32_t all_lines;
	uint32_t choice;
	uint16_t given_currency;
	uint8_t status;
	uint8_t standing;
	bool is_hidden;
};

_Static_assert(sizeof(struct slot_extra) == 104, "the same");

static struct slot *slot_at(const struct slots *slots, uint32_t number)
{
	assert(number > 0);
	assert(number <= slots->count);
	return &slots->chunks[(number - 1) / SLOTS_CHUNK][(number - 1) % SLOTS_CHUNK];
}

/* ---- finding ---- */

/* The last bytes of a pledge's id are random; the factor spreads them where they are not. */
static size_t first_place(const struct slots *slots, const uint8_t pledge[static TOKEN_BYTES])
{
	uint64_t tail;

	memcpy(&tail, pledge + TOKEN_BYTES - sizeof tail, sizeof tail);
	return (size_t)(tail * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (slots->index_size - 1);
}

static void payment_bits(const char *payment, uint16_t bits[static 3])
{
	uint64_t hash = words_hash(payment);

	for (int i = 0; i < 3; i++)
		bits[i] = (uint16_t)(hash >> 16 * i);
}

uint32_t slots_next_of(const struct slots *slots, const char *pledge, uint32_t *place)
{
	uint8_t key[TOKEN_BYTES];

	if (slots->index_size == 0)
		return 0;
	token_bytes(pledge, key);
	for (size_t i = first_place(slots, key) + *place;; i++) {
		uint32_t number = slots->index[i & (slots->index_size - 1)];

		++*place;
		if (number == 0 || memcmp(slot_at(slots, number)->pledge, key, TOKEN_BYTES) == 0)
			return number;
	}
}

uint32_t slots_find(const struct slots *slots, const char *pledge, const char *payment)
{
	uint16_t bits[3];
	uint32_t place = 0;
	uint32_t number = slots_next_of(slots, pledge, &place);

	payment_bits(payment, bits);
	while (number != 0 && memcmp(slot_at(slots, number)->payment, bits, sizeof bits) != 0)
		number = slots_next_of(slots, pledge, &place);
	return number;
}

/* ---- growing ---- */

static void put_in_index(struct slots *slots, uint32_t number)
{
	size_t at = first_place(slots, slot_at(slots, number)->pledge);

	while (slots->index[at] != 0)
		at = (at + 1) & (slots->index_size - 1);
	slots->index[at] = number;
}

static enum err grow_index(struct slots *slots)
{
	size_t size = slots->index_size == 0 ? INDEX_FIRST : 2 * slots->index_size;
	uint32_t *index = calloc(size, sizeof *index);

	if (index == NULL)
		return ERR_MEMORY;
	free(slots->index);
	slots->index = index;
	slots->index_size = size;
	for (uint32_t number = 1; number <= slots->count; number++)
		put_in_index(slots, number);
	return OK;
}

static enum err grow_chunks(struct slots *slots)
{
	size_t chunks = slots->count / SLOTS_CHUNK;
	struct slot **grown = realloc(slots->chunks, (chunks + 1) * sizeof(struct slot *));

	if (grown == NULL)
		return ERR_MEMORY;
	slots->chunks = grown;
	grown[chunks] = calloc(SLOTS_CHUNK, sizeof *grown[chunks]);
	return grown[chunks] == NULL ? ERR_MEMORY : OK;
}

enum err slots_add(struct slots *slots, const char *pledge, const char *payment, uint32_t *number)
{
	enum err err = OK;

	if (slots->count == SLOTS_MAX)
		return ERR_TOO_BIG;
	/* At most seven eighths full. */
	if (8 * (slots->count + 1) > 7 * slots->index_size)
		err = grow_index(slots);
	if (err == OK && slots->count % SLOTS_CHUNK == 0)
		err = grow_chunks(slots);
	if (err != OK)
		return err;
	*number = (uint32_t)++slots->count;
	struct slot *slot = slot_at(slots, *number);

	token_bytes(pledge, slot->pledge);
	payment_bits(payment, slot->payment);
	put_in_index(slots, *number);
	return OK;
}

/* ---- unpacking ---- */

static void load_currency(const struct slots *slots, uint16_t number, struct currency *currency)
{
	if (number != 0)
		memcpy(currency->code, words_at(&slots->currencies, number)->text, strlen(words_at(&slots->currencies, number)->text) + 1);
}

static void load_plain(const struct slot *slot, struct payment *payment)
{
	payment->status = slot->is_gift ? PAYMENT_SETTLED : PAYMENT_NONE;
	payment->standing = STANDING_COUNTED;
	payment->own = (struct cleared){ slot->is_cleared, slot->settlement, slot->fee, 0 };
	payment->all = payment->own;
}

static void load_extra(const struct slots *slots, const struct slot *slot, struct payment *payment, struct slot_note *note)
{
	const struct slot_extra *extra = &slots->extras[slot->extra - 1];

	payment->status = (enum payment_status)extra->status;
	payment->standing = (enum standing)extra->standing;
	payment->given.minor = extra->given;
	load_currency(slots, extra->given_currency, &payment->given.currency);
	payment->refunds = extra->refunds;
	payment->refunds_total = extra->refunds_total;
	payment->refunds_failed = extra->refunds_failed;
	payment->disputed = extra->disputed;
	payment->lost = extra->lost;
	payment->adjusted = extra->adjusted;
	payment->own = (struct cleared){ extra->own_lines, extra->own_settlement, extra->own_fee, 0 };
	payment->all = (struct cleared){ extra->all_lines, slot->settlement, slot->fee, 0 };
	note->settled_us = extra->settled_us;
	note->choice = extra->choice;
	note->is_hidden = extra->is_hidden;
}

void slots_load(const struct slots *slots, uint32_t number, struct payment *payment, struct slot_note *note)
{
	const struct slot *slot = slot_at(slots, number);

	payment_none(payment);
	*note = (struct slot_note){ .is_gift = slot->is_gift, .payout = slot->payout };
	load_currency(slots, slot->currency, &payment->settlement);
	if (slot->extra == 0)
		load_plain(slot, payment);
	else
		load_extra(slots, slot, payment, note);
	if (slot->terms != 0) {
		note->pledged_us = (int64_t)(slot->terms - 1) >> INTERVAL_BITS;
		note->interval = (enum interval)((slot->terms - 1) & ((1u << INTERVAL_BITS) - 1));
	}
}

/* ---- packing ---- */

static bool is_plain(const struct payment *payment, const struct slot_note *note)
{
	const struct cleared *own = &payment->own;
	const struct cleared *all = &payment->all;
	bool alone = own->lines <= 1 && all->lines == own->lines && all->settlement == own->settlement && all->fee == own->fee;
	bool quiet = payment->refunds == 0 && payment->refunds_total == 0 && payment->refunds_failed == 0 && payment->disputed == 0
	             && payment->lost == 0 && payment->adjusted == 0;

	return note->is_gift && alone && quiet;
}

static enum err add_extra(struct slots *slots, struct slot *slot)
{
	struct slot_extra *grown = grow(slots->extras, slots->extra_count, &slots->extra_capacity, sizeof *grown);

	if (grown == NULL)
		return ERR_MEMORY;
	slots->extras = grown;
	slot->extra = (unsigned)++slots->extra_count & 0x3fffffffu;
	return OK;
}

static enum err number_currency(struct slots *slots, const struct currency *currency, uint16_t *number)
{
	uint32_t found = 0;
	enum err err = currency->code[0] == '\0' ? OK : words_number(&slots->currencies, currency->code, &found);

	*number = (uint16_t)found;
	return err == OK && found > CURRENCIES_MAX ? ERR_TOO_BIG : err;
}

static enum err store_extra(struct slots *slots, struct slot *slot, const struct payment *payment, const struct slot_note *note)
{
	uint16_t currency;
	enum err err = number_currency(slots, &payment->given.currency, &currency);

	if (err == OK && slot->extra == 0)
		err = add_extra(slots, slot);
	if (err != OK)
		return err;
	slots->extras[slot->extra - 1] = (struct slot_extra){
		.refunds = payment->refunds, .refunds_total = payment->refunds_total, .refunds_failed = payment->refunds_failed,
		.disputed = payment->disputed, .lost = payment->lost, .adjusted = payment->adjusted,
		.own_lines = payment->own.lines, .own_settlement = payment->own.settlement, .own_fee = payment->own.fee,
		.all_lines = payment->all.lines, .given = payment->given.minor, .given_currency = currency,
		.status = (uint8_t)payment->status, .standing = (uint8_t)payment->standing,
		.settled_us = note->settled_us, .choice = note->choice, .is_hidden = note->is_hidden,
	};
	return OK;
}

enum err slots_store(struct slots *slots, uint32_t number, const struct payment *payment, const struct slot_note *note)
{
	struct slot *slot = slot_at(slots, number);
	enum err err = number_currency(slots, &payment->settlement, &slot->currency);

	slot->is_gift = note->is_gift;
	slot->is_cleared = payment->own.lines > 0;
	slot->settlement = payment->all.settlement;
	slot->fee = payment->all.fee;
	slot->payout = note->payout;
	slot->terms = note->pledged_us == 0 ? 0 : ((uint64_t)note->pledged_us << INTERVAL_BITS | (uint64_t)note->interval) + 1;
	if (err != OK || (slot->extra == 0 && is_plain(payment, note)))
		return err;
	return store_extra(slots, slot, payment, note);
}

void slots_free(struct slots *slots)
{
	for (size_t i = 0; i * SLOTS_CHUNK < slots->count; i++)
		free(slots->chunks[i]);
	free(slots->chunks);
	free(slots->index);
	free(slots->extras);
	words_free(&slots->currencies);
	*slots = (struct slots){ 0 };
}
