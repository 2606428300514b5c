/*
 * books_table.h -- an export as a table of cells, found by the names of its columns. None of these exports' cells
 * holds a comma.
 */
#ifndef TESTS_BOOKS_TABLE_H
#define TESTS_BOOKS_TABLE_H

#include <stdlib.h>
#include <string.h>

#include "books/export.h"

/* The bytes of an export; its totals with their balances are handed to `look` before it is closed. */
static inline enum err export_whole(const struct export_options *options, struct buffer *out,
                                    void (*look)(void *context, const struct export_totals *totals), void *context, struct why *why)
{
	struct export *export = NULL;
	struct export_totals totals;
	bool more = true;
	enum err err = export_open(&export, options, why);

	while (err == OK && more)
		err = export_next(export, out, &more, why);
	if (err == OK)
		err = export_totals(export, &totals);
	if (err == OK && look != NULL)
		look(context, &totals);
	export_close(&export);
	return err;
}

/* Where the column stands. */
static inline int column_of(const char *text, const char *name)
{
	size_t length = strlen(name);
	int place = 0;

	for (const char *at = text;; at += strcspn(at, ",\r") + 1, place++) {
		size_t cell = strcspn(at, ",\r");

		if (cell == length && memcmp(at, name, length) == 0)
			return place;
		if (at[cell] != ',')
			fail_msg("no column %s", name);
	}
}

/* The next row behind `row` (first the text itself); NULL behind the last one. */
static inline const char *row_behind(const char *row)
{
	const char *next = strchr(row, '\n');

	return next == NULL || next[1] == '\0' ? NULL : next + 1;
}

/* A copy of a cell, in one of a few places that are used in turn. */
static inline const char *cell_of(const char *text, const char *row, const char *name)
{
	static char copies[16][300];
	static int next;
	char *copy = copies[next++ % 16];

	for (int place = column_of(text, name); place > 0; place--)
		row = strchr(row, ',') + 1;
	snprintf(copy, sizeof copies[0], "%.*s", (int)strcspn(row, ",\r"), row);
	return copy;
}

/* An amount in minor units, 0 where the cell is empty: its point goes. */
static inline int64_t minor_of(const char *cell)
{
	char digits[40];
	size_t count = 0;

	for (; *cell != '\0' && count < sizeof digits - 1; cell++)
		if (*cell != '.')
			digits[count++] = *cell;
	digits[count] = '\0';
	return strtoll(digits, NULL, 10);
}

#endif
