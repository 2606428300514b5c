#include "service/books_names.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { CAPACITY_FIRST = 32 };

/* Where the name is or belongs. */
static size_t find(const struct names *names, const char *name, bool *found)
{
	size_t low = 0;
	size_t high = names->count;

	*found = false;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(names->sorted[middle], name);

		if (order == 0) {
			*found = true;
			return middle;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static enum err grow(struct names *names)
{
	size_t capacity = names->capacity == 0 ? CAPACITY_FIRST : 2 * names->capacity;
	char(*grown)[NAME_SIZE];

	if (names->count == NAMES_MAX)
		return ERR_TOO_BIG;
	grown = realloc(names->sorted, capacity * sizeof *grown);
	if (grown == NULL)
		return ERR_MEMORY;
	names->sorted = grown;
	names->capacity = capacity;
	return OK;
}

enum err names_add(struct names *names, const char *name, bool *is_new)
{
	size_t length = strlen(name);
	bool found;
	size_t at = find(names, name, &found);
	enum err err = !found && names->count == names->capacity ? grow(names) : OK;

	assert(length < NAME_SIZE);
	if (err != OK)
		return err;
	*is_new = !found;
	if (found)
		return OK;
	memmove(names->sorted + at + 1, names->sorted + at, (names->count - at) * NAME_SIZE);
	memcpy(names->sorted[at], name, length + 1);
	names->count++;
	return OK;
}

void names_free(struct names *names)
{
	free(names->sorted);
	*names = (struct names){ 0 };
}
