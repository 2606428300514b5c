#include "sys/log.h"

#include <assert.h>
#include <string.h>

#include "base/text.h"
#include "sys/clock.h"
#include "sys/log_batch.h"

/* Kept free at the end of a line for the mark that something is missing, and the LF. */
#define CUT_MARK " cut=true\n"

enum { ROOM_KEPT = sizeof CUT_MARK - 1 };

static bool is_name(const char *name)
{
	size_t length = 0;

	while ((name[length] >= 'a' && name[length] <= 'z') || (name[length] >= '0' && name[length] <= '9')
	       || name[length] == '_' || name[length] == '-')
		length++;
	return length > 0 && name[length] == '\0';
}

static size_t room(const struct log_line *line)
{
	return sizeof line->text - ROOM_KEPT - line->length;
}

static void put(struct log_line *line, const char *text, size_t length)
{
	memcpy(line->text + line->length, text, length);
	line->length += length;
}

static const char *level_text(enum log_level level)
{
	switch (level) {
	case LOG_INFO:
		return "info";
	case LOG_WARNING:
		return "warning";
	case LOG_ERROR:
		return "error";
	}
	return "error";
}

/* The field whole or not at all. `value` is already as it shall stand in the line. */
static void put_field(struct log_line *line, const char *name, const char *value, size_t length)
{
	size_t name_length = strlen(name);
	bool first = line->length == 0;

	assert(is_name(name));
	if (name_length + length + 2 > room(line)) {
		line->cut = true;
		return;
	}
	if (!first)
		put(line, " ", 1);
	put(line, name, name_length);
	put(line, "=", 1);
	put(line, value, length);
}

void log_begin(struct log_line *line, enum log_level level, const char *event)
{
	char now[TIME_TEXT_SIZE];

	assert(is_name(event));
	line->length = 0;
	line->cut = false;
	line->urgent = level != LOG_INFO;
	text_time(clock_wall_us(), now);
	put_field(line, "time", now, strlen(now));
	put_field(line, "level", level_text(level), strlen(level_text(level)));
	put_field(line, "event", event, strlen(event));
}

/* What may stand without quotes: printable ASCII that means nothing to a reader of logfmt. */
static bool is_plain(struct bytes value)
{
	for (size_t i = 0; i < value.length; i++) {
		char c = value.data[i];

		if (c <= ' ' || c >= 0x7f || c == '"' || c == '=' || c == '\\')
			return false;
	}
	return value.length > 0;
}

static size_t escape(char c, char out[static 4])
{
	static const char digits[] = "0123456789abcdef";
	unsigned char byte = (unsigned char)c;

	out[0] = '\\';
	out[1] = c == '\n' ? 'n' : c == '\r' ? 'r' : c == '\t' ? 't' : c;
	if (c == '"' || c == '\\' || c == '\n' || c == '\r' || c == '\t')
		return 2;
	if (byte >= ' ' && byte < 0x7f) {
		out[0] = c;
		return 1;
	}
	out[1] = 'x';
	out[2] = digits[byte >> 4];
	out[3] = digits[byte & 15];
	return 4;
}

void log_text(struct log_line *line, const char *name, struct bytes value)
{
	char quoted[LOG_VALUE_BYTES_MAX * 4 + sizeof "\"[cut]\""];
	size_t length = 0;
	bool cut = value.length > LOG_VALUE_BYTES_MAX;

	if (!cut && is_plain(value)) {
		put_field(line, name, value.data, value.length);
		return;
	}
	quoted[length++] = '"';
	for (size_t i = 0; i < (cut ? (size_t)LOG_VALUE_BYTES_MAX : value.length); i++)
		length += escape(value.data[i], quoted + length);
	if (cut) {
		memcpy(quoted + length, "[cut]", 5);
		length += 5;
	}
	quoted[length++] = '"';
	put_field(line, name, quoted, length);
}

void log_word(struct log_line *line, const char *name, const char *value)
{
	log_text(line, name, bytes_of(value));
}

void log_number(struct log_line *line, const char *name, int64_t value)
{
	char digits[21];
	size_t first = sizeof digits;
	uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

	do {
		digits[--first] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0);
	if (value < 0)
		digits[--first] = '-';
	put_field(line, name, digits + first, sizeof digits - first);
}

void log_end(struct log_line *line)
{
	if (line->cut)
		put(line, CUT_MARK, sizeof CUT_MARK - 1);
	else
		put(line, "\n", 1);
	log_batch_add((struct bytes){ line->text, line->length }, line->urgent);
}
