#include "service/reconcile_cursor.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/text.h"
#include "sys/file.h"

/* Two times, a blank between them and a line's end behind them: "2026-11-25T18:20:39Z 2026-11-25T18:20:39Z". */
enum { TIME_LENGTH = 20, FILE_LENGTH = 2 * TIME_LENGTH + 2 };

static const char name[] = "reconciled";

static enum err parse(struct bytes text, struct reconcile_cursor *cursor)
{
	struct reconcile_cursor read;

	if (text.length != FILE_LENGTH || text.data[TIME_LENGTH] != ' ' || text.data[FILE_LENGTH - 1] != '\n')
		return ERR_INPUT;
	enum err err = text_parse_time_s((struct bytes){ text.data, TIME_LENGTH }, &read.events_s);

	if (err == OK)
		err = text_parse_time_s((struct bytes){ text.data + TIME_LENGTH + 1, TIME_LENGTH }, &read.balance_s);
	if (err == OK)
		*cursor = read;
	return err;
}

void reconcile_cursor_read(const char *data_dir, struct reconcile_cursor *cursor)
{
	struct buffer content = BUFFER(FILE_LENGTH);
	struct why ignored = { "" };
	int dir = -1;
	int error = file_open_dir(data_dir, &dir);
	enum err err = error == 0 ? file_read_all(dir, name, &content, &ignored) : ERR_STORAGE;

	*cursor = (struct reconcile_cursor){ .events_s = 0 };
	if (err == OK)
		err_ignore(parse(buffer_view(&content), cursor)); /* it is only ever a reason to read more */
	buffer_free(&content);
	file_close(&dir);
}

enum err reconcile_cursor_write(const char *data_dir, const struct reconcile_cursor *cursor, struct why *why)
{
	char events[TIME_TEXT_SIZE];
	char balance[TIME_TEXT_SIZE];
	char text[2 * TIME_TEXT_SIZE + 2];
	int dir = -1;

	text_time_s(cursor->events_s, events);
	text_time_s(cursor->balance_s, balance);
	int length = snprintf(text, sizeof text, "%s %s\n", events, balance);
	int error = file_open_dir(data_dir, &dir);

	if (error == 0)
		error = file_replace(dir, name, text, (size_t)length);
	file_close(&dir);
	return error == 0 ? OK : file_err(why, error, "write how far was reconciled");
}
