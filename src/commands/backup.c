#include "commands/backup.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/text.h"
#include "commands/command.h"
#include "commands/data_dir.h"
#include "service/backup.h"

static int back_up(const char *data_dir, const char *target)
{
	struct backup_report report;
	struct why why = { "" };
	char chain[2 * sizeof report.chain + 1];
	char time[TIME_TEXT_SIZE];
	enum err err = backup_run(data_dir, target, &report, &why);

	if (err != OK) {
		fprintf(stderr, "pledger backup: %s\n", why.text[0] != '\0' ? why.text : err_name(err));
		return command_exit(err);
	}
	text_hex(report.chain, sizeof report.chain, chain);
	text_time(report.last_us, time);
	printf("ok: %s holds seq 1..%" PRIu64 " (%" PRIu64 " new), the last of %s, chain %s\n", target, report.head,
	       report.added, time, chain);
	return EXIT_CODE_OK;
}

int command_backup(int argc, char **argv)
{
	const char *config = NULL;
	const char *data = NULL;
	const char *target = NULL;
	const struct argument arguments[] = {
		{ "DIR", NULL, "where the copy goes: a new or empty folder, or an earlier back-up, which grows", true, &target, NULL },
		{ "--config", "FILE", "the configuration, which names the data directory", false, &config, NULL },
		{ "--data", "DIR", "the data directory, instead of the configuration's", false, &data, NULL },
		{ .name = NULL },
	};
	const struct command_line line = {
		"backup",
		"Copy the ledger up to its last durable entry, check every line on the way and the whole copy at the\n"
		"end. Works while the service runs. The copy is a data directory that opens anywhere: the ledger's\n"
		"lines and the receipt secret, which keeps the donors' links good: guard it as the service's own.\n"
		"Not in it: the index (made at the first start), what recovery cut off (cut/), the configuration and\n"
		"the files that it names (keys, tokens).",
		arguments,
	};
	char path[PATH_SIZE];
	int code;

	if (!command_read(&line, argc, argv, &code) || !data_dir_find(line.name, config, data, path, &code))
		return code;
	return back_up(path, target);
}
