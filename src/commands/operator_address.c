#include "commands/operator_address.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "sys/file.h"

static const char name[] = "operator.address";

enum err operator_address_write(const char *data_dir, const char *address, struct why *why)
{
	int dir = -1;
	int error = file_open_dir(data_dir, &dir);

	if (error == 0)
		error = file_replace(dir, name, address, strlen(address));
	file_close(&dir);
	if (error == 0)
		return OK;
	char what[PATH_SIZE + 32];

	snprintf(what, sizeof what, "write %s/%s", data_dir, name);
	return file_err(why, error, what);
}

enum err operator_address_read(const char *data_dir, char address[static OPERATOR_ADDRESS_SIZE], struct why *why)
{
	struct buffer content = BUFFER(OPERATOR_ADDRESS_SIZE - 1);
	struct why reason = { "" };
	int dir = -1;
	int error = file_open_dir(data_dir, &dir);
	enum err err = error == 0 ? file_read_all(dir, name, &content, &reason) : file_err(&reason, error, "open the data directory");

	if (err != OK)
		err = why_set(why, err, "%s: %s", data_dir, reason.text);
	else
		err = bytes_copy_text(buffer_view(&content), address, OPERATOR_ADDRESS_SIZE);
	buffer_free(&content);
	file_close(&dir);
	return err == ERR_TOO_BIG ? ERR_INPUT : err;
}

void operator_address_remove(const char *data_dir)
{
	int dir = -1;

	if (file_open_dir(data_dir, &dir) == 0 && file_remove(dir, name) != 0) {
		/* It stays behind like that of a service that was killed. */
	}
	file_close(&dir);
}
