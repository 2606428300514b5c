#include "config/nearest.h"

enum { NAME_MAX_LENGTH = 48 };

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* How many letters to insert, delete or replace (Levenshtein). Both are NAME_MAX_LENGTH at most. */
static size_t distance(struct bytes a, struct bytes b)
{
	size_t row[NAME_MAX_LENGTH + 1];

	for (size_t j = 0; j <= b.length; j++)
		row[j] = j;
	for (size_t i = 1; i <= a.length; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= b.length; j++) {
			size_t replaced = diagonal + (a.data[i - 1] != b.data[j - 1]);

			diagonal = row[j];
			row[j] = least(replaced, 1 + least(row[j], row[j - 1]));
		}
	}
	return row[b.length];
}

const char *nearest_name(struct bytes wrong, const char *const *names, size_t count)
{
	const char *nearest = NULL;
	size_t fewest = wrong.length > 8 ? 4 : wrong.length > 3 ? 3 : 2;

	if (wrong.length > NAME_MAX_LENGTH)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		struct bytes name = bytes_of(names[i]);
		size_t changes = name.length > NAME_MAX_LENGTH ? fewest : distance(wrong, name);

		if (changes < fewest && changes < wrong.length) {
			fewest = changes;
			nearest = names[i];
		}
	}
	return nearest;
}
