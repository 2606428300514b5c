/*
 * grow.h -- room for one more in a list on the heap that grows.
 */
#ifndef BASE_GROW_H
#define BASE_GROW_H

#include <stddef.h>

#include "base/err.h"

/*
 * A list with room for more than `count` items of `item_bytes` each, `count` being at most its capacity: the same one
 * where there is room, else twice as large at another place, `*capacity` being set. An empty list is NULL with capacity 0.
 * NULL where there is no memory or no size_t for it: the list and its capacity stay as they were. The caller owns what it
 * gets instead of what it gave, and frees it with free().
 */
MUST_CHECK void *grow(void *list, size_t count, size_t *capacity, size_t item_bytes);

#endif
