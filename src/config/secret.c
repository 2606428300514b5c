#include "config/secret.h"

#include <stdbool.h>
#include <string.h>

#include "base/bytes.h"
#include "sys/whole_file.h"

enum { LINE_END_MAX = 2, OTHERS = 077, OTHERS_OF_CREDENTIAL = 037 };

static struct bytes without_line_end(struct bytes text)
{
	if (text.length > 0 && text.data[text.length - 1] == '\n')
		text.length--;
	if (text.length > 0 && text.data[text.length - 1] == '\r')
		text.length--;
	return text;
}

static bool is_printable(struct bytes text)
{
	for (size_t i = 0; i < text.length; i++)
		if (text.data[i] <= ' ' || text.data[i] > '~')
			return false;
	return true;
}

static enum err check(const char *path, struct bytes text, const struct whole_file *file, struct why *why)
{
	unsigned others = file->credential ? OTHERS_OF_CREDENTIAL : OTHERS;

	if ((file->mode & others) != 0)
		return why_set(why, ERR_INPUT, "%s: others than its owner have access (mode %04o): chmod 600", path,
		               file->mode);
	if (text.length == 0)
		return why_set(why, ERR_INPUT, "%s: the file is empty", path);
	if (!is_printable(text))
		return why_set(why, ERR_INPUT, "%s: a secret is one line of printable ASCII without blanks", path);
	if (text.length >= SECRET_SIZE)
		return why_set(why, ERR_INPUT, "%s: a secret has at most %d bytes", path, SECRET_SIZE - 1);
	return OK;
}

enum err secret_read(const char *path, struct secret *secret, struct why *why)
{
	struct buffer content = BUFFER(SECRET_SIZE + LINE_END_MAX);
	struct whole_file file;
	struct why cause = { "" };
	enum err err = whole_file_read(path, &content, &file, &cause);

	if (err != OK)
		err = why_set(why, err == ERR_MEMORY ? err : ERR_INPUT, "%s: %s", path, cause.text);
	struct bytes text = without_line_end(buffer_view(&content));

	if (err == OK)
		err = check(path, text, &file, why);
	if (err == OK) {
		memcpy(secret->text, text.data, text.length);
		secret->text[text.length] = '\0';
		secret->length = text.length;
	}
	buffer_wipe(&content);
	return err;
}
