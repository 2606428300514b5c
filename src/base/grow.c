#include "base/grow.h"

#include <stdint.h>
#include <stdlib.h>

enum { CAPACITY_FIRST = 16 };

void *grow(void *list, size_t count, size_t *capacity, size_t item_bytes)
{
	if (count < *capacity)
		return list;
	size_t more = *capacity == 0 ? CAPACITY_FIRST : 2 * *capacity;

	if (*capacity > SIZE_MAX / 2 || more > SIZE_MAX / item_bytes)
		return NULL;
	void *grown = realloc(list, more * item_bytes);

	if (grown != NULL)
		*capacity = more;
	return grown;
}
