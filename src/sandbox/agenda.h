/*
 * agenda.h -- what is to happen when: the earliest first, and of two at the
 * same time the one that was added first.
 */
#ifndef SANDBOX_AGENDA_H
#define SANDBOX_AGENDA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct agenda_item {
	int64_t due_ms;
	uint64_t order;
	int what;        /* the owner's own kinds */
	void *subject;   /* lent */
};

struct agenda {
	struct agenda_item *items;
	size_t count;
	size_t capacity;
	uint64_t added;
};

/* ERR_TOO_BIG beyond AGENDA_ITEMS_MAX, ERR_MEMORY. */
enum { AGENDA_ITEMS_MAX = 1024 * 1024 };
MUST_CHECK enum err agenda_add(struct agenda *agenda, int64_t due_ms, int what, void *subject);

/* Take out the next item that is due at `now_ms`. False when there is none. */
bool agenda_take(struct agenda *agenda, int64_t now_ms, struct agenda_item *item);

/* When the next item is due; INT64_MAX when there is none. */
int64_t agenda_next_ms(const struct agenda *agenda);

void agenda_free(struct agenda *agenda);

#endif
