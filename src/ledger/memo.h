/*
 * memo.h -- what a batch of the index was asked for lately and what it then
 * put, so that deciding on a submission and applying it look each record up
 * once. It stands in front of one write transaction and is cleared with it.
 */
#ifndef LEDGER_MEMO_H
#define LEDGER_MEMO_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"

enum { MEMO_SLOTS = 16, MEMO_KEY_BYTES = 96, MEMO_VALUE_BYTES = 512 };

struct memo {
	unsigned count;
	struct memo_slot {
		unsigned table;
		bool known; /* false: there is no such key */
		uint8_t key_length;
		uint16_t length;
		char key[MEMO_KEY_BYTES];
		char value[MEMO_VALUE_BYTES];
	} slots[MEMO_SLOTS];
};

void memo_clear(struct memo *memo);

/* Whether the memo can say: false when it cannot. Then `*known` says whether there is such a key, and the bytes are lent until the memo changes. */
bool memo_get(const struct memo *memo, unsigned table, struct bytes key, bool *known, struct bytes *value);

/* `value` NULL: there is no such key. What is too long to remember is not remembered. */
void memo_set(struct memo *memo, unsigned table, struct bytes key, const struct bytes *value);

#endif
