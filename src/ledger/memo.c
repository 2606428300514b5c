#include "ledger/memo.h"

#include <string.h>

void memo_clear(struct memo *memo)
{
	memo->count = 0;
}

/* Its number, or memo->count. */
static unsigned find(const struct memo *memo, unsigned table, struct bytes key)
{
	unsigned i = 0;

	for (; i < memo->count; i++) {
		const struct memo_slot *slot = &memo->slots[i];

		if (slot->table == table && slot->key_length == key.length && memcmp(slot->key, key.data, key.length) == 0)
			break;
	}
	return i;
}

bool memo_get(const struct memo *memo, unsigned table, struct bytes key, bool *known, struct bytes *value)
{
	unsigned i = find(memo, table, key);

	if (i == memo->count)
		return false;
	*known = memo->slots[i].known;
	*value = (struct bytes){ memo->slots[i].value, memo->slots[i].length };
	return true;
}

/* A full memo begins anew: what is wanted soon was asked for lately. */
static struct memo_slot *add(struct memo *memo, unsigned table, struct bytes key)
{
	if (memo->count == MEMO_SLOTS)
		memo->count = 0;
	struct memo_slot *slot = &memo->slots[memo->count++];

	slot->table = table;
	slot->key_length = (uint8_t)key.length;
	memcpy(slot->key, key.data, key.length);
	return slot;
}

void memo_set(struct memo *memo, unsigned table, struct bytes key, const struct bytes *value)
{
	if (key.length > MEMO_KEY_BYTES)
		return;
	unsigned i = find(memo, table, key);

	if (value != NULL && value->length > MEMO_VALUE_BYTES) {
		if (i < memo->count)
			memo->slots[i] = memo->slots[--memo->count];
		return;
	}
	struct memo_slot *slot = i < memo->count ? &memo->slots[i] : add(memo, table, key);

	slot->known = value != NULL;
	slot->length = value != NULL ? (uint16_t)value->length : 0;
	if (value != NULL)
		memmove(slot->value, value->data, value->length);
}
