/*
 * A record is a head, its key and room for its value, one behind the other in one piece of memory. A table of
 * slots finds them by their hash, open addressing, never more than half full. A value that becomes longer than its
 * room has is put again behind the others, and the old one is left. Of what was cleared a bit is left, by its hash:
 * of sixty million keys most new ones are still told from old ones.
 */
#include "ledger/gather.h"

#include <assert.h>
#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "base/plain.h"

enum {
	ALIGNMENT = 8,
	SLOTS_MIN = 256,
	BYTES_MIN = 16 * 1024,
	GATHER_TABLES = 32,
	MARKS = 1 << 26, /* bits; 8 MiB, touched as they are set */
	WORD_BITS = 64,
	AHEAD = 8, /* records whose memory is fetched before they are given */
};

struct head {
	uint8_t table;
	uint8_t key_length;
	uint16_t length;
	uint16_t room;
	bool deleted;
	bool left; /* put again behind the others */
};

/* A record in the order of its key, among those of its table. */
struct item {
	uint64_t first; /* bytes of its key as a number, from where it may differ from the others */
	uint64_t second;
	uint32_t place;
};

/* The hash stands here, so that a record is looked at only where it is the one. */
struct slot {
	uint32_t hash;
	uint32_t place; /* in `bytes`, in units of ALIGNMENT and one more; 0: free */
};

struct gather {
	char *bytes;
	size_t had;  /* of the memory that it may have */
	size_t size;
	size_t used;
	struct slot *slots;
	size_t slot_count; /* a power of two */
	size_t count;
	size_t counts[GATHER_TABLES]; /* of each table */
	uint64_t *marks; /* a bit for the hash of each key that was ever set */
	struct item *items; /* in order, once sorted */
};

enum err gather_new(struct gather **gather, size_t bytes)
{
	struct gather *made = calloc(1, sizeof *made);

	assert(bytes / ALIGNMENT < UINT32_MAX);
	if (made == NULL)
		return ERR_MEMORY;
	made->slot_count = SLOTS_MIN;
	made->size = bytes;
	made->had = bytes < BYTES_MIN ? bytes : BYTES_MIN;
	made->bytes = malloc(made->had);
	made->slots = calloc(made->slot_count, sizeof *made->slots);
	made->marks = calloc(MARKS / WORD_BITS, sizeof *made->marks);
	if (made->bytes == NULL || made->slots == NULL || made->marks == NULL) {
		gather_free(&made);
		return ERR_MEMORY;
	}
	*gather = made;
	return OK;
}

void gather_free(struct gather **gather)
{
	struct gather *freed = *gather;

	*gather = NULL;
	if (freed == NULL)
		return;
	free(freed->bytes);
	free(freed->slots);
	free(freed->marks);
	free(freed->items);
	free(freed);
}

static struct head *head_at(const struct gather *gather, uint32_t place)
{
	return (struct head *)(void *)(gather->bytes + (size_t)(place - 1) * ALIGNMENT);
}

static char *key_of(struct head *head)
{
	return (char *)(head + 1);
}

static uint32_t hash_of(unsigned table, struct bytes key)
{
	uint64_t mixed = (key.length ^ (uint64_t)table << 32) * 0x9e3779b97f4a7c15;
	uint64_t rest = 0;
	size_t at = 0;

	for (; key.length - at >= 8; at += 8)
		mixed = ((mixed ^ plain_load(key.data + at)) * 0x9e3779b97f4a7c15) ^ mixed >> 29;
	memcpy(&rest, key.data + at, key.length - at);
	mixed = ((mixed ^ rest) * 0x9e3779b97f4a7c15) ^ mixed >> 29;
	return (uint32_t)(mixed >> 32) ^ (uint32_t)mixed >> 7;
}

/* The slot of the key, or the free one where it belongs. */
static struct slot *find(const struct gather *gather, unsigned table, struct bytes key, uint32_t hash)
{
	size_t mask = gather->slot_count - 1;

	for (size_t i = hash & mask;; i = (i + 1) & mask) {
		struct slot *slot = &gather->slots[i];

		if (slot->place == 0)
			return slot;
		if (slot->hash != hash)
			continue;
		struct head *head = head_at(gather, slot->place);

		if (head->table == table && head->key_length == key.length && memcmp(key_of(head), key.data, key.length) == 0)
			return slot;
	}
}

static struct gathered record_of(struct head *head)
{
	return (struct gathered){ .table = head->table,
		                  .deleted = head->deleted,
		                  .key = { key_of(head), head->key_length },
		                  .value = { key_of(head) + head->key_length, head->length } };
}

/* The word of a hash's mark, and the mark in it. */
static uint64_t *mark_of(const struct gather *gather, uint32_t hash, uint64_t *bit)
{
	uint32_t mark = hash % MARKS;

	*bit = UINT64_C(1) << mark % WORD_BITS;
	return &gather->marks[mark / WORD_BITS];
}

enum gather_known gather_get(const struct gather *gather, unsigned table, struct bytes key, struct gathered *record)
{
	uint32_t hash = hash_of(table, key);
	const struct slot *slot = find(gather, table, key, hash);
	uint64_t bit;

	if (slot->place == 0)
		return (*mark_of(gather, hash, &bit) & bit) != 0 ? GATHER_HAD : GATHER_NEVER;
	*record = record_of(head_at(gather, slot->place));
	return GATHER_HAS;
}

/* As many slots again. The hashes are there. */
static enum err more_slots(struct gather *gather)
{
	size_t mask = gather->slot_count * 2 - 1;
	struct slot *slots = calloc(gather->slot_count * 2, sizeof *slots);

	if (slots == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < gather->slot_count; i++) {
		size_t to = gather->slots[i].hash & mask;

		if (gather->slots[i].place == 0)
			continue;
		while (slots[to].place != 0)
			to = (to + 1) & mask;
		slots[to] = gather->slots[i];
	}
	free(gather->slots);
	gather->slots = slots;
	gather->slot_count *= 2;
	return OK;
}

static size_t record_bytes(size_t key_length, size_t room)
{
	size_t bytes = sizeof(struct head) + key_length + room;

	return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

/* Memory for so many bytes more, twice as much as there is, but no more than may be had. */
static bool make_room(struct gather *gather, size_t bytes)
{
	size_t had = gather->had;

	if (bytes > gather->size - gather->used)
		return false;
	while (had - gather->used < bytes)
		had = had < gather->size / 2 ? had * 2 : gather->size;
	char *moved = had > gather->had ? realloc(gather->bytes, had) : gather->bytes;

	if (moved == NULL)
		return false;
	gather->bytes = moved;
	gather->had = had;
	return true;
}

/* A new record behind the others; NULL when there is no room. */
static struct head *append(struct gather *gather, struct slot *slot, unsigned table, struct bytes key, uint32_t hash, size_t room)
{
	size_t bytes = record_bytes(key.length, room);
	bool is_new = slot->place == 0;
	uint64_t bit;

	if (!make_room(gather, bytes))
		return NULL;
	if (is_new)
		*mark_of(gather, hash, &bit) |= bit;
	else
		head_at(gather, slot->place)->left = true;
	*slot = (struct slot){ hash, (uint32_t)(gather->used / ALIGNMENT) + 1 };
	struct head *head = head_at(gather, slot->place);

	*head = (struct head){ .table = (uint8_t)table, .key_length = (uint8_t)key.length, .room = (uint16_t)room };
	memcpy(key_of(head), key.data, key.length);
	gather->used += bytes;
	gather->count += is_new;
	gather->counts[table] += is_new;
	return head;
}

enum err gather_set(struct gather *gather, unsigned table, struct bytes key, const struct bytes *value)
{
	uint32_t hash = hash_of(table, key);
	enum err err = gather->count >= gather->slot_count / 2 ? more_slots(gather) : OK;

	if (err != OK)
		return err;
	struct slot *slot = find(gather, table, key, hash);
	struct head *head = slot->place != 0 ? head_at(gather, slot->place) : NULL;
	size_t length = value != NULL ? value->length : 0;

	assert(key.length <= UINT8_MAX && length <= UINT16_MAX && table < GATHER_TABLES);
	if (head == NULL || head->room < length)
		head = append(gather, slot, table, key, hash, length);
	if (head == NULL)
		return ERR_MEMORY;
	head->deleted = value == NULL;
	head->length = (uint16_t)length;
	if (length > 0)
		memcpy(key_of(head) + key.length, value->data, length);
	return OK;
}

size_t gather_size(const struct gather *gather)
{
	return gather->size;
}

bool gather_is_full(const struct gather *gather, size_t bytes)
{
	return gather->size - gather->used < bytes;
}

/*
 * ---- in order ----
 *
 * Ids of a kind begin alike and many come in ascending order. So each table's records are listed as they came, and sorted
 * only where that is not their order: by sixteen bytes of their keys behind what is alike in all of them; and where
 * that leaves some alike, these by the bytes that follow.
 */

static uint64_t bytes_from(struct bytes key, size_t from)
{
	uint64_t number = 0;

	if (key.length >= from + sizeof number)
		memcpy(&number, key.data + from, sizeof number);
	else if (key.length > from)
		memcpy(&number, key.data + from, key.length - from);
	return be64toh(number);
}

static struct bytes key_at(const struct gather *gather, const struct item *item)
{
	struct head *head = head_at(gather, item->place);

	return (struct bytes){ key_of(head), head->key_length };
}

static bool same_bytes(const struct item *one, const struct item *other)
{
	return one->first == other->first && one->second == other->second;
}

static int compare_bytes(const void *a, const void *b)
{
	const struct item *one = a;
	const struct item *other = b;

	if (one->first != other->first)
		return one->first < other->first ? -1 : 1;
	if (one->second != other->second)
		return one->second < other->second ? -1 : 1;
	return one->place < other->place ? -1 : one->place > other->place;
}

static int compare_keys(const void *a, const void *b, void *gather)
{
	struct bytes one = key_at(gather, a);
	struct bytes other = key_at(gather, b);
	int order = memcmp(one.data, other.data, one.length < other.length ? one.length : other.length);

	return order != 0 ? order : (one.length > other.length) - (one.length < other.length);
}

/* How many bytes all the keys begin with alike. */
static size_t alike(const struct gather *gather, const struct item *items, size_t count)
{
	struct bytes first = key_at(gather, &items[0]);
	size_t length = first.length;

	for (size_t i = 1; i < count && length > 0; i++) {
		struct bytes key = key_at(gather, &items[i]);
		size_t same = 0;

		length = key.length < length ? key.length : length;
		if (memcmp(first.data, key.data, length) == 0)
			continue;
		while (first.data[same] == key.data[same])
			same++;
		length = same;
	}
	return length;
}

/* The items of a table, or some of them. Each time all that are still alike are fewer, and begin alike for longer. */
static void order(struct gather *gather, struct item *items, size_t count)
{
	size_t ordered = 1;

	while (ordered < count && compare_keys(&items[ordered - 1], &items[ordered], gather) < 0)
		ordered++;
	if (ordered >= count)
		return;
	size_t from = alike(gather, items, count);

	for (size_t i = 0; i < count; i++) {
		struct bytes key = key_at(gather, &items[i]);

		items[i].first = bytes_from(key, from);
		items[i].second = bytes_from(key, from + sizeof items->first);
	}
	qsort(items, count, sizeof *items, compare_bytes);
	for (size_t first = 0, end = 0; first < count; first = end) {
		while (end < count && same_bytes(&items[first], &items[end]))
			end++;
		/* One that ends where the others go on with NULs: no bytes tell them apart. */
		if (end - first == count)
			qsort_r(items, count, sizeof *items, compare_keys, gather);
		else
			order(gather, items + first, end - first);
	}
}

/* Table by table, and in each as the records came. `ends` says where each table's items end. */
static void list_items(const struct gather *gather, struct item *items, size_t ends[static GATHER_TABLES])
{
	size_t from = 0;

	for (unsigned table = 0; table < GATHER_TABLES; table++) {
		ends[table] = from;
		from += gather->counts[table];
	}
	for (size_t at = 0; at < gather->used;) {
		uint32_t place = (uint32_t)(at / ALIGNMENT) + 1;
		struct head *head = head_at(gather, place);

		if (!head->left)
			items[ends[head->table]++].place = place;
		at += record_bytes(head->key_length, head->room);
	}
}

enum err gather_sort(struct gather *gather, size_t *count)
{
	struct item *items = realloc(gather->items, (gather->count + 1) * sizeof *items);
	size_t ends[GATHER_TABLES];
	size_t from = 0;

	if (items == NULL)
		return ERR_MEMORY;
	gather->items = items;
	*count = gather->count;
	list_items(gather, items, ends);
	for (unsigned table = 0; table < GATHER_TABLES; from = ends[table++])
		order(gather, items + from, ends[table] - from);
	return OK;
}

struct gathered gather_at(const struct gather *gather, size_t i)
{
	if (i + AHEAD < gather->count)
		__builtin_prefetch(head_at(gather, gather->items[i + AHEAD].place));
	return record_of(head_at(gather, gather->items[i].place));
}

void gather_clear(struct gather *gather)
{
	memset(gather->slots, 0, gather->slot_count * sizeof *gather->slots);
	memset(gather->counts, 0, sizeof gather->counts);
	gather->used = 0;
	gather->count = 0;
}
