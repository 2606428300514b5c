#include "service/pulse_file.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/text.h"
#include "sys/file.h"

enum { WAITED_S_MAX = 1000000000 }; /* thirty years: no sum overflows */

static const char name[] = "unheard";
static const int64_t second_us = 1000000;

/* The text up to the next `end`, which is taken off with it; all of it where there is none. */
static struct bytes cut(struct bytes *text, char end)
{
	const char *found = text->length == 0 ? NULL : memchr(text->data, end, text->length);
	struct bytes piece = { text->data, found == NULL ? text->length : (size_t)(found - text->data) };
	size_t taken = piece.length + (found != NULL);

	*text = (struct bytes){ text->data + taken, text->length - taken };
	return piece;
}

static void recall(struct pulse *pulse, const struct config *config, struct bytes line, int64_t now_us)
{
	const struct provider_account *account = config_account(config, cut(&line, ' '));
	struct bytes opened_text = cut(&line, ' ');
	uint64_t opened;
	uint64_t waited_s;

	if (account == NULL || text_unsigned(opened_text, INT64_MAX, &opened) != OK || opened == 0
	    || text_unsigned(line, WAITED_S_MAX, &waited_s) != OK)
		return;
	pulse_recall(pulse, account->id, opened, (int64_t)waited_s * second_us, now_us);
}

void pulse_file_read(struct pulse_file *file, struct pulse *pulse, const struct config *config, int64_t now_us)
{
	struct buffer content = BUFFER_ON(file->text);
	struct why ignored = { "" };
	int dir = -1;
	int error = file_open_dir(config->data_dir, &dir);

	file->text[0] = '\0';
	enum err err = error == 0 ? file_read_all(dir, name, &content, &ignored) : ERR_STORAGE;
	struct bytes rest = buffer_view(&content);

	file_close(&dir);
	if (err != OK)
		file->text[0] = '\0';
	while (err == OK && rest.length > 0)
		recall(pulse, config, cut(&rest, '\n'), now_us);
}

/* In the configuration's order. */
static void put_accounts(struct buffer *out, struct pulse *pulse, const struct config *config, int64_t step_s, int64_t now_us)
{
	for (size_t i = 0; i < config->account_count; i++) {
		const char *account = config->accounts[i].id;
		struct pulse_reading reading = pulse_read(pulse, account);
		int64_t waited_s = reading.opened == 0 ? 0 : (now_us - reading.opened_us) / second_us / step_s * step_s;

		if (waited_s > 0)
			buffer_format(out, "%s %llu %lld\n", account, (unsigned long long)reading.opened, (long long)waited_s);
	}
}

enum err pulse_file_write(struct pulse_file *file, struct pulse *pulse, const struct config *config, int64_t step_s, int64_t now_us,
                          struct why *why)
{
	char text[PULSE_FILE_SIZE] = "";
	struct buffer out = BUFFER_ON(text);
	int dir = -1;

	put_accounts(&out, pulse, config, step_s, now_us);
	if (strcmp(text, file->text) == 0)
		return OK;
	int error = file_open_dir(config->data_dir, &dir);

	if (error == 0)
		error = file_replace(dir, name, text, out.length);
	file_close(&dir);
	if (error != 0)
		return file_err(why, error, "write how long no event has come");
	memcpy(file->text, text, sizeof file->text);
	return OK;
}
