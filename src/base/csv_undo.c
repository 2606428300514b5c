#include "base/csv_undo.h"

#include <stdbool.h>

static enum err refuse(const struct csv_undo *undo, struct why *why)
{
	return why_set(why, ERR_INPUT, "line %llu is no CSV: a quote stands where none can", (unsigned long long)undo->line + 1);
}

/* A byte order mark stands before the first cell and is none of it. */
static bool is_mark(struct csv_undo *undo, char c)
{
	static const char mark[] = "\xef\xbb\xbf";

	if (undo->mark >= sizeof mark - 1 || c != mark[undo->mark]) {
		undo->mark = sizeof mark;
		return false;
	}
	undo->mark++;
	return true;
}

static bool ends_cell(const struct csv_undo *undo, char c)
{
	return c == undo->delimiter || c == '\r' || c == '\n';
}

/* Whether the byte stays. */
static enum err step(struct csv_undo *undo, char c, bool *stays, struct why *why)
{
	*stays = true;
	switch (undo->state) {
	case CSV_UNDO_CELL:
		if (is_mark(undo, c) || ends_cell(undo, c))
			break;
		*stays = c != '\'';
		undo->state = c == '"' ? CSV_UNDO_OPENED : CSV_UNDO_PLAIN;
		break;
	case CSV_UNDO_OPENED:
		*stays = c != '\'';
		undo->state = c == '"' ? CSV_UNDO_QUOTE : CSV_UNDO_QUOTED;
		break;
	case CSV_UNDO_PLAIN:
		if (c == '"')
			return refuse(undo, why);
		if (ends_cell(undo, c))
			undo->state = CSV_UNDO_CELL;
		break;
	case CSV_UNDO_QUOTED:
		if (c == '"')
			undo->state = CSV_UNDO_QUOTE;
		break;
	case CSV_UNDO_QUOTE:
		if (c != '"' && !ends_cell(undo, c))
			return refuse(undo, why);
		undo->state = c == '"' ? CSV_UNDO_QUOTED : CSV_UNDO_CELL;
		break;
	}
	undo->line += c == '\n';
	return OK;
}

enum err csv_undo_next(struct csv_undo *undo, struct bytes piece, struct buffer *out, struct why *why)
{
	size_t kept = 0; /* up to here it was given out */

	for (size_t i = 0; i < piece.length; i++) {
		bool stays;
		enum err err = step(undo, piece.data[i], &stays, why);

		if (err != OK)
			return err;
		if (stays)
			continue;
		buffer_append(out, piece.data + kept, i - kept);
		kept = i + 1;
	}
	buffer_append(out, piece.data + kept, piece.length - kept);
	return buffer_err(out);
}

enum err csv_undo_end(const struct csv_undo *undo, struct why *why)
{
	if (undo->state == CSV_UNDO_OPENED || undo->state == CSV_UNDO_QUOTED)
		return why_set(why, ERR_INPUT, "the file ends inside a quoted cell");
	return OK;
}
