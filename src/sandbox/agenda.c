#include "sandbox/agenda.h"

#include <stdlib.h>

#include "base/grow.h"

static bool before(const struct agenda_item *a, const struct agenda_item *b)
{
	return a->due_ms != b->due_ms ? a->due_ms < b->due_ms : a->order < b->order;
}

static void swap(struct agenda_item *a, struct agenda_item *b)
{
	struct agenda_item kept = *a;

	*a = *b;
	*b = kept;
}

static enum err make_room(struct agenda *agenda)
{
	if (agenda->count >= AGENDA_ITEMS_MAX)
		return ERR_TOO_BIG;
	struct agenda_item *items = grow(agenda->items, agenda->count, &agenda->capacity, sizeof *items);

	agenda->items = items != NULL ? items : agenda->items;
	return items != NULL ? OK : ERR_MEMORY;
}

enum err agenda_add(struct agenda *agenda, int64_t due_ms, int what, void *subject)
{
	enum err err = make_room(agenda);

	if (err != OK)
		return err;
	size_t at = agenda->count++;

	agenda->items[at] = (struct agenda_item){ due_ms, agenda->added++, what, subject };
	while (at > 0 && before(&agenda->items[at], &agenda->items[(at - 1) / 2])) {
		swap(&agenda->items[at], &agenda->items[(at - 1) / 2]);
		at = (at - 1) / 2;
	}
	return OK;
}

static void sink(struct agenda *agenda)
{
	for (size_t at = 0;;) {
		size_t first = at;

		for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < agenda->count; child++)
			if (before(&agenda->items[child], &agenda->items[first]))
				first = child;
		if (first == at)
			return;
		swap(&agenda->items[at], &agenda->items[first]);
		at = first;
	}
}

bool agenda_take(struct agenda *agenda, int64_t now_ms, struct agenda_item *item)
{
	if (agenda_next_ms(agenda) > now_ms)
		return false;
	*item = agenda->items[0];
	agenda->items[0] = agenda->items[--agenda->count];
	sink(agenda);
	return true;
}

int64_t agenda_next_ms(const struct agenda *agenda)
{
	return agenda->count == 0 ? INT64_MAX : agenda->items[0].due_ms;
}

void agenda_free(struct agenda *agenda)
{
	free(agenda->items);
	*agenda = (struct agenda){ 0 };
}
