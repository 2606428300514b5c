#include "commands/export_undo.h"

#include <errno.h>
#include <fcntl.h>

#include "base/csv_undo.h"
#include "sys/file.h"
#include "sys/output.h"

enum { PIECE_BYTES = 64 * 1024 };

static enum err write_piece(struct csv_undo *undo, struct bytes piece, struct why *why)
{
	struct buffer out = BUFFER(PIECE_BYTES);
	enum err err = csv_undo_next(undo, piece, &out, why);

	if (err == OK)
		err = output_write(buffer_view(&out), why);
	buffer_free(&out);
	return err;
}

static enum err write_all(int fd, struct csv_undo *undo, struct why *why)
{
	static char piece[PIECE_BYTES];
	uint64_t offset = 0;
	size_t got;
	enum err err = OK;

	do {
		int error = file_read_at(fd, piece, sizeof piece, offset, &got);

		if (error != 0)
			return file_err(why, error, "read the file");
		err = write_piece(undo, (struct bytes){ piece, got }, why);
		offset += got;
	} while (err == OK && got > 0);
	return err == OK ? csv_undo_end(undo, why) : err;
}

enum err export_undo(const char *file, char delimiter, struct why *why)
{
	struct csv_undo undo = CSV_UNDO(delimiter != 0 ? delimiter : ',');
	int fd = -1;
	int error = file_open(AT_FDCWD, file, O_RDONLY | O_CLOEXEC, &fd);

	if (error == ENOENT)
		return why_set(why, ERR_UNKNOWN, "there is no file %s", file);
	if (error != 0)
		return file_err(why, error, "open the file");
	output_begin();
	enum err err = write_all(fd, &undo, why);

	file_close(&fd);
	return err == OK ? output_end(why) : err;
}
