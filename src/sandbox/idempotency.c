#include "sandbox/idempotency.h"

#include <stdlib.h>
#include <string.h>

enum { NEIGHBOURS = 8 };

static size_t home_of(const char *key)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (; *key != '\0'; key++)
		hash = (hash ^ (unsigned char)*key) * UINT64_C(0x100000001b3);
	return (size_t)(hash % IDEMPOTENCY_SLOTS);
}

static struct remembered **slot(const struct idempotency *memory, size_t home, size_t i)
{
	return &memory->slots[(home + i) % IDEMPOTENCY_SLOTS];
}

const struct remembered *idempotency_find(const struct idempotency *memory, const char *key, int64_t now_ms)
{
	size_t home = home_of(key);

	for (size_t i = 0; memory->slots != NULL && i < NEIGHBOURS; i++) {
		const struct remembered *answer = *slot(memory, home, i);

		if (answer == NULL || strcmp(answer->key, key) != 0)
			continue;
		return answer->at_ms + (int64_t)IDEMPOTENCY_KEEP_S * 1000 < now_ms ? NULL : answer;
	}
	return NULL;
}

static void forget(struct remembered **place)
{
	if (*place != NULL)
		blob_drop(&(*place)->body);
	free(*place);
	*place = NULL;
}

/* The slot of the same key, else a free one, else that of the oldest neighbour. */
static struct remembered **place_for(const struct idempotency *memory, const char *key)
{
	size_t home = home_of(key);
	struct remembered **best = slot(memory, home, 0);

	for (size_t i = 0; i < NEIGHBOURS; i++) {
		struct remembered **at = slot(memory, home, i);

		if (*at != NULL && strcmp((*at)->key, key) == 0)
			return at;
		if (*best != NULL && (*at == NULL || (*at)->at_ms < (*best)->at_ms))
			best = at;
	}
	return best;
}

enum err idempotency_keep(struct idempotency *memory, const struct remembered *answer)
{
	if (memory->slots == NULL)
		memory->slots = calloc(IDEMPOTENCY_SLOTS, sizeof *memory->slots);
	struct remembered *copy = malloc(sizeof *copy);

	if (memory->slots == NULL || copy == NULL) {
		free(copy);
		return ERR_MEMORY;
	}
	struct remembered **place = place_for(memory, answer->key);

	forget(place);
	*copy = *answer;
	*place = copy;
	return OK;
}

void idempotency_free(struct idempotency *memory)
{
	for (size_t i = 0; memory->slots != NULL && i < IDEMPOTENCY_SLOTS; i++)
		forget(&memory->slots[i]);
	free(memory->slots);
	memory->slots = NULL;
}
