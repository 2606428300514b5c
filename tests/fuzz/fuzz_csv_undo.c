/*
 * Any bytes as a CSV of which formulas are to be made live again: taken or refused, the same in one piece and in two, and
 * only apostrophes go.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv_undo.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum err undo(struct bytes text, size_t cut, struct buffer *out)
{
	struct csv_undo state = CSV_UNDO(',');
	enum err err = csv_undo_next(&state, (struct bytes){ text.data, cut }, out, NULL);

	if (err == OK)
		err = csv_undo_next(&state, (struct bytes){ text.data + cut, text.length - cut }, out, NULL);
	return err == OK ? csv_undo_end(&state, NULL) : err;
}

static size_t apostrophes(struct bytes text)
{
	size_t count = 0;

	for (size_t i = 0; i < text.length; i++)
		count += text.data[i] == '\'';
	return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes text = { (const char *)data, size };
	struct buffer once = BUFFER(size + 1);
	struct buffer twice = BUFFER(size + 1);
	enum err err = undo(text, 0, &once);

	if (err != undo(text, size / 2, &twice))
		abort();
	if (err == OK && (once.length != twice.length || (once.length > 0 && memcmp(once.data, twice.data, once.length) != 0)))
		abort();
	if (err == OK && size - once.length != apostrophes(text) - apostrophes(buffer_view(&once)))
		abort();
	buffer_free(&once);
	buffer_free(&twice);
	return 0;
}
