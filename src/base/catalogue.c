#include "base/catalogue.h"

#include "base/plural.h"

#define MAGIC 0x950412deU

/* A number of 32 bits; false outside the file. */
static bool read_number(struct bytes file, uint64_t at, uint32_t *number)
{
	if (at + sizeof *number > file.length)
		return false;
	memcpy(number, file.data + at, sizeof *number);
	return true;
}

/* The i-th text of a table of lengths and offsets. */
static bool read_text(const struct catalogue *catalogue, uint32_t table, uint32_t i, struct bytes *text)
{
	uint32_t length;
	uint32_t offset;
	uint64_t at = (uint64_t)table + 8 * (uint64_t)i;

	if (!read_number(catalogue->file, at, &length) || !read_number(catalogue->file, at + 4, &offset)
	    || (uint64_t)offset + length > catalogue->file.length)
		return false;
	*text = (struct bytes){ catalogue->file.data + offset, length };
	return true;
}

/* The part of a text before its first NUL, or all of it; `rest` is what follows. */
static struct bytes first_part(struct bytes text, struct bytes *rest)
{
	const char *end = text.length > 0 ? memchr(text.data, '\0', text.length) : NULL;
	struct bytes part = { text.data, end != NULL ? (size_t)(end - text.data) : text.length };

	*rest = end != NULL ? (struct bytes){ end + 1, text.length - part.length - 1 } : (struct bytes){ text.data, 0 };
	return part;
}

static int compare(struct bytes a, struct bytes b)
{
	size_t shorter = a.length < b.length ? a.length : b.length;
	int order = shorter > 0 ? memcmp(a.data, b.data, shorter) : 0;

	if (order != 0)
		return order;
	return a.length < b.length ? -1 : a.length > b.length;
}

/* The place of a message in both tables, which are sorted by what was written. */
static bool find(const struct catalogue *catalogue, struct bytes message, uint32_t *place)
{
	uint32_t from = 0;
	uint32_t to = catalogue->count;

	while (from < to) {
		uint32_t middle = from + (to - from) / 2;
		struct bytes original;
		struct bytes plural;

		if (!read_text(catalogue, catalogue->originals, middle, &original))
			return false;
		int order = compare(message, first_part(original, &plural));

		*place = middle;
		if (order == 0)
			return true;
		if (order < 0)
			to = middle;
		else
			from = middle + 1;
	}
	return false;
}

bool catalogue_find(const struct catalogue *catalogue, struct bytes message, uint64_t count, struct bytes *translation)
{
	struct bytes forms;
	uint32_t place;
	unsigned form = 0;

	if (!find(catalogue, message, &place) || !read_text(catalogue, catalogue->translations, place, &forms))
		return false;
	struct bytes found = first_part(forms, &forms);

	if (forms.length > 0 && plural_form(catalogue->plurals, count, &form) != OK)
		return false;
	for (unsigned i = 0; i < form; i++) {
		if (forms.length == 0)
			return false;
		found = first_part(forms, &forms);
	}
	*translation = found;
	return found.length > 0;
}

/* The header is the translation of nothing. */
static bool read_header(struct catalogue *catalogue)
{
	static const char name[] = "\nPlural-Forms: ";
	struct bytes header;
	uint32_t place;

	if (!find(catalogue, (struct bytes){ "", 0 }, &place)
	    || !read_text(catalogue, catalogue->translations, place, &header))
		return false;
	const char *start = memmem(header.data, header.length, name, sizeof name - 1);

	if (start == NULL)
		return false;
	start += sizeof name - 1;
	size_t left = header.length - (size_t)(start - header.data);
	const char *end = memchr(start, '\n', left);

	catalogue->plurals = (struct bytes){ start, end != NULL ? (size_t)(end - start) : left };
	return true;
}

enum err catalogue_open(struct bytes file, struct catalogue *catalogue)
{
	struct catalogue opened = { .file = file };
	uint32_t magic;
	uint32_t revision;

	if (!read_number(file, 0, &magic) || magic != MAGIC || !read_number(file, 4, &revision) || revision >> 16 != 0
	    || !read_number(file, 8, &opened.count) || !read_number(file, 12, &opened.originals)
	    || !read_number(file, 16, &opened.translations) || !read_header(&opened))
		return ERR_INPUT;
	*catalogue = opened;
	return OK;
}
