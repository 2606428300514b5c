#include "sandbox/store.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"

static size_t size_of(enum kind kind)
{
	switch (kind) {
	case KIND_SESSION:
		return sizeof(struct session);
	case KIND_INTENT:
		return sizeof(struct intent);
	case KIND_CHARGE:
		return sizeof(struct charge);
	case KIND_TRANSACTION:
		return sizeof(struct transaction);
	case KIND_INVOICE:
		return sizeof(struct invoice);
	case KIND_INVOICE_PAYMENT:
		return sizeof(struct invoice_payment);
	case KIND_SUBSCRIPTION:
		return sizeof(struct subscription);
	case KIND_REFUND:
		return sizeof(struct refund);
	case KIND_DISPUTE:
		return sizeof(struct dispute);
	case KIND_PAYOUT:
		return sizeof(struct payout);
	case KIND_EVENT:
		return sizeof(struct event);
	case KINDS:
		break;
	}
	return sizeof(struct object);
}

static void object_free(struct object *object)
{
	if (object->kind == KIND_SESSION) {
		struct session *session = (struct session *)object;

		form_free(&session->form);
		free(session->lines);
	} else if (object->kind == KIND_REFUND) {
		form_free(&((struct refund *)object)->form);
	} else if (object->kind == KIND_EVENT) {
		blob_drop(&((struct event *)object)->body);
		blob_drop(&((struct event *)object)->delivered);
	}
	free(object);
}

/* ---- by id ---- */

/* FNV-1a. */
static size_t hash_of(const char *id)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (; *id != '\0'; id++)
		hash = (hash ^ (unsigned char)*id) * UINT64_C(0x100000001b3);
	return (size_t)hash;
}

/* The slot that holds the id, or the free one where it belongs. */
static size_t slot_of(const struct store *store, const char *id)
{
	size_t at = hash_of(id) & (store->slot_count - 1);

	while (store->slots[at] != NULL && strcmp(store->slots[at]->id, id) != 0)
		at = (at + 1) & (store->slot_count - 1);
	return at;
}

static enum err grow_slots(struct store *store)
{
	struct store grown = { .slot_count = store->slot_count == 0 ? 1024 : store->slot_count * 2 };

	if (store->slots_used * 2 < store->slot_count)
		return OK;
	grown.slots = calloc(grown.slot_count, sizeof *grown.slots);
	if (grown.slots == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < store->slot_count; i++)
		if (store->slots[i] != NULL)
			grown.slots[slot_of(&grown, store->slots[i]->id)] = store->slots[i];
	free(store->slots);
	store->slots = grown.slots;
	store->slot_count = grown.slot_count;
	return OK;
}

/* Take an id out; what was pushed on behind it by collisions moves up, so that it is still found. */
static void forget(struct store *store, const char *id)
{
	size_t mask = store->slot_count - 1;
	size_t hole = slot_of(store, id);

	store->slots[hole] = NULL;
	store->slots_used--;
	for (size_t at = (hole + 1) & mask; store->slots[at] != NULL; at = (at + 1) & mask) {
		size_t home = hash_of(store->slots[at]->id) & mask;

		if (((at - home) & mask) < ((at - hole) & mask))
			continue;
		store->slots[hole] = store->slots[at];
		store->slots[at] = NULL;
		hole = at;
	}
}

struct object *store_find_any(const struct store *store, const char *id)
{
	return store->slot_count == 0 ? NULL : store->slots[slot_of(store, id)];
}

struct object *store_find(const struct store *store, enum kind kind, const char *id)
{
	struct object *object = store_find_any(store, id);

	return object != NULL && object->kind == kind ? object : NULL;
}

/* ---- in order ---- */

static enum err grow_table(struct table *table)
{
	if (table->end < table->capacity)
		return OK;
	if (table->first > 0 && table->first >= table->capacity / 4) {
		memmove(table->items, table->items + table->first, (table->end - table->first) * sizeof *table->items);
		table->end -= table->first;
		table->first = 0;
		return OK;
	}
	struct object **items = grow(table->items, table->end, &table->capacity, sizeof *items);

	table->items = items != NULL ? items : table->items;
	return items != NULL ? OK : ERR_MEMORY;
}

static enum err make_room(struct store *store, enum kind kind)
{
	struct table *table = &store->tables[kind];

	if (kind == KIND_EVENT && table->end - table->first >= EVENTS_KEPT_MAX) {
		struct object *oldest = table->items[table->first++];

		forget(store, oldest->id);
		object_free(oldest);
	}
	if (table->end - table->first >= OBJECTS_MAX)
		return ERR_TOO_BIG;
	enum err err = grow_table(table);

	return err != OK ? err : grow_slots(store);
}

enum err store_add(struct store *store, enum kind kind, const char *id,
                   int64_t created_s, struct object **object)
{
	struct table *table = &store->tables[kind];
	enum err err = make_room(store, kind);

	if (err != OK)
		return err;
	struct object *added = calloc(1, size_of(kind));

	if (added == NULL)
		return ERR_MEMORY;
	assert(strlen(id) < SANDBOX_ID_SIZE);
	added->kind = kind;
	memcpy(added->id, id, strlen(id));
	added->created_s = created_s;
	store->slots[slot_of(store, id)] = added;
	store->slots_used++;
	table->items[table->end++] = added;
	*object = added;
	return OK;
}

size_t store_count(const struct store *store, enum kind kind)
{
	return store->tables[kind].end - store->tables[kind].first;
}

struct object *store_at(const struct store *store, enum kind kind, size_t i)
{
	assert(i < store_count(store, kind));
	return store->tables[kind].items[store->tables[kind].first + i];
}

void store_free(struct store *store)
{
	for (int kind = 0; kind < KINDS; kind++) {
		struct table *table = &store->tables[kind];

		for (size_t i = table->first; i < table->end; i++)
			object_free(table->items[i]);
		free(table->items);
	}
	free(store->slots);
	*store = (struct store){ 0 };
}
