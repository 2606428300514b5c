#include "commands/rebuild.h"

#include <inttypes.h>
#include <stdio.h>

#include "commands/command.h"
#include "commands/data_dir.h"
#include "ledger/ledger.h"

static int rebuild_in(const char *data_dir, bool accept_loss, bool accept_clock)
{
	struct rebuild_report report;
	struct why why = { "" };
	enum err err = ledger_rebuild(data_dir, accept_loss, accept_clock, &report, &why);

	if (err == ERR_CORRUPT && !accept_loss)
		fprintf(stderr, "pledger rebuild: %s\nPut a back-up in its place, or see 'pledger rebuild --help' on --accept-loss.\n",
		        why.text);
	else if (err != OK)
		fprintf(stderr, "pledger rebuild: %s\n", why.text[0] != '\0' ? why.text : err_name(err));
	if (err != OK)
		return command_exit(err);
	printf("ok: the index has read seq 1..%" PRIu64 "\n", report.head);
	if (report.cut_bytes > 0)
		printf("%" PRIu64 " %s moved to cut/\n", report.cut_bytes,
		       report.cut_bytes == 1 ? "byte behind the last good line was" : "bytes behind the last good line were");
	if (report.lost_seq > 0)
		printf("lost: entries up to seq %" PRIu64 " had been durable; seq %" PRIu64 " says so\n", report.lost_seq, report.head);
	return EXIT_CODE_OK;
}

int command_rebuild(int argc, char **argv)
{
	const char *config = NULL;
	const char *data = NULL;
	bool accept_loss = false;
	bool accept_clock = false;
	const struct argument arguments[] = {
		{ "--config", "FILE", "the configuration, which names the data directory", false, &config, NULL },
		{ "--data", "DIR", "the data directory, instead of the configuration's", false, &data, NULL },
		{ "--accept-loss", NULL, "go on although acknowledged entries are gone; the ledger will say so", false, NULL, &accept_loss },
		{ "--accept-clock", NULL, "with a loss: the clock is right, whatever the last entry says", false, NULL, &accept_clock },
		{ .name = NULL },
	};
	const struct command_line line = {
		"rebuild",
		"Read the ledger from its first line and make the index anew. Not while the service runs, which\n"
		"does this by itself after an unclean stop.\n\n"
		"The service does not start when entries that it had acknowledged are gone from the ledger's end:\n"
		"an older copy was put back, or a disk lost them. Where no better copy exists, --accept-loss goes on\n"
		"with what is there and appends an entry \"restored\". Damage before the last segment, or to the first line, is never accepted.",
		arguments,
	};
	char path[PATH_SIZE];
	int code;

	if (!command_read(&line, argc, argv, &code) || !data_dir_find(line.name, config, data, path, &code))
		return code;
	return rebuild_in(path, accept_loss, accept_clock);
}
