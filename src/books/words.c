#include "books/words.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"

enum { SLOTS_FIRST = 32 };

uint64_t words_hash(const char *text)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (; *text != '\0'; text++)
		hash = (hash ^ (uint8_t)*text) * UINT64_C(0x100000001b3);
	return hash ^ hash >> 32;
}

/* Where the text's number is or belongs. */
static size_t find_slot(const struct words *words, const char *text)
{
	size_t at = (size_t)words_hash(text) & (words->slot_count - 1);

	while (words->slots[at] != 0 && strcmp(words->list[words->slots[at] - 1].text, text) != 0)
		at = (at + 1) & (words->slot_count - 1);
	return at;
}

static enum err grow_slots(struct words *words)
{
	size_t count = words->slot_count == 0 ? SLOTS_FIRST : 2 * words->slot_count;
	uint32_t *slots = calloc(count, sizeof *slots);

	if (slots == NULL)
		return ERR_MEMORY;
	free(words->slots);
	words->slots = slots;
	words->slot_count = count;
	for (size_t i = 0; i < words->count; i++)
		slots[find_slot(words, words->list[i].text)] = (uint32_t)i + 1;
	return OK;
}

static enum err grow_list(struct words *words)
{
	struct word *grown = grow(words->list, words->count, &words->capacity, sizeof *grown);

	words->list = grown != NULL ? grown : words->list;
	return grown != NULL ? OK : ERR_MEMORY;
}

uint32_t words_find(const struct words *words, const char *text)
{
	return words->slot_count == 0 ? 0 : words->slots[find_slot(words, text)];
}

enum err words_number(struct words *words, const char *text, uint32_t *number)
{
	uint32_t found = words_find(words, text);
	enum err err = OK;

	if (found != 0) {
		*number = found;
		return OK;
	}
	if (words->count == WORDS_MAX)
		return ERR_TOO_BIG;
	if (2 * (words->count + 1) > words->slot_count)
		err = grow_slots(words);
	if (err == OK)
		err = grow_list(words);
	char *copy = err == OK ? strdup(text) : NULL;

	if (copy == NULL)
		return ERR_MEMORY;
	words->slots[find_slot(words, text)] = (uint32_t)words->count + 1;
	words->list[words->count++] = (struct word){ .text = copy };
	*number = (uint32_t)words->count;
	return OK;
}

struct word *words_at(const struct words *words, uint32_t number)
{
	assert(number > 0);
	assert(number <= words->count);
	return &words->list[number - 1];
}

void words_free(struct words *words)
{
	for (size_t i = 0; i < words->count; i++)
		free(words->list[i].text);
	free(words->list);
	free(words->slots);
	*words = (struct words){ 0 };
}
