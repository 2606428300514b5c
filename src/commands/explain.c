#include "commands/explain.h"

#include <stdio.h>

#include "books/story.h"
#include "commands/command.h"
#include "commands/data_dir.h"
#include "sys/output.h"

static int explain(const char *data_dir, const char *id)
{
	struct buffer out = BUFFER(STORY_BYTES_MAX);
	struct why why = { "" };
	enum err err = story_tell(data_dir, id, &out, &why);

	if (err == OK)
		err = output_write(buffer_view(&out), &why);
	if (err == OK)
		err = output_end(&why);
	if (err != OK)
		fprintf(stderr, "pledger explain: %s\n", why.text[0] != '\0' ? why.text : err_name(err));
	buffer_free(&out);
	return command_exit(err);
}

int command_explain(int argc, char **argv)
{
	const char *config = NULL;
	const char *data = NULL;
	const char *id = NULL;
	const struct argument arguments[] = {
		{ "ID", NULL, "a pledge, a receipt's number or a donor's link, a --ref, a seq, an event, or any object of a provider", true, &id, NULL },
		{ "--config", "FILE", "the configuration, which names the data directory", false, &config, NULL },
		{ "--data", "DIR", "the data directory, instead of the configuration's", false, &data, NULL },
		{ .name = NULL },
	};
	const struct command_line line = {
		"explain",
		"Tell everything that the ledger holds about one gift: each entry in plain words, with its ids, what\n"
		"it booked (debit is positive) and what the gift's accounts hold so far. What names several gifts, as a\n"
		"payout does, is told entry by entry with their pledges. Works while the service runs. Exit status 1:\n"
		"nothing was found.",
		arguments,
	};
	char path[PATH_SIZE];
	int code;

	if (!command_read(&line, argc, argv, &code) || !data_dir_find(line.name, config, data, path, &code))
		return code;
	output_begin();
	return explain(path, id);
}
