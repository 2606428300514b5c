#include "commands/park.h"

#include <stdio.h>
#include <string.h>

#include "commands/operate.h"

static int list(int argc, char **argv)
{
	struct operate parked = { .command = "park list", .path = "/v1/parked" };
	const struct argument arguments[] = { OPERATE_ARGUMENTS(parked), { .name = NULL } };
	const struct command_line line = { "park list", "List what is parked as CSV, the oldest first.", arguments };
	int code;

	return command_read(&line, argc, argv, &code) ? operate_list(&parked) : code;
}

static int retry(int argc, char **argv)
{
	struct operate again = { .command = "park retry", .path = "/v1/parked/retry", .request.operation = OPERATION_RETRY };
	const struct argument arguments[] = {
		{ "SEQ", NULL, "the entry that was parked; else each of them", false, &again.request.texts[OPERATION_SEQ], NULL },
		OPERATE_ARGUMENTS(again),
		{ .name = NULL },
	};
	const struct command_line line = {
		"park retry",
		"Try to book parked events once more. What they waited for is looked for by itself whenever something is\n"
		"booked; this is for what was mended otherwise.",
		arguments,
	};
	int code;

	return command_read(&line, argc, argv, &code) ? operate(&again) : code;
}

static int drop(int argc, char **argv)
{
	struct operate gone = { .command = "park drop", .path = "/v1/parked/drop", .request.operation = OPERATION_DROP };
	const char **texts = gone.request.texts;
	const struct argument arguments[] = {
		{ "SEQ", NULL, "the entry that was parked", true, &texts[OPERATION_SEQ], NULL },
		OPERATE_ARGUMENTS(gone),
		{ "--reason", "WHY", "not-ours, duplicate, fraud or correction", true, &texts[OPERATION_REASON], NULL },
		{ "--ref", "REF", "your own name for this, unique for life", true, &texts[OPERATION_REF], NULL },
		{ .name = NULL },
	};
	const struct command_line line = {
		"park drop",
		"Say that a parked event will never be booked: a new entry. The parked one stays in the ledger for ever; money\n"
		"that it held leaves the books.",
		arguments,
	};
	int code;

	return command_read(&line, argc, argv, &code) ? operate(&gone) : code;
}

int command_park(int argc, char **argv)
{
	static const struct subcommand subcommands[] = {
		{ "list", list, "list what is parked" },
		{ "retry", retry, "try to book it once more" },
		{ "drop", drop, "say that it will never be booked" },
	};
	bool help = argc >= 2 && strcmp(argv[1], "--help") == 0;

	for (size_t i = 0; argc >= 2 && i < sizeof subcommands / sizeof subcommands[0]; i++)
		if (strcmp(argv[1], subcommands[i].name) == 0)
			return subcommands[i].run(argc - 1, argv + 1);
	fprintf(help ? stdout : stderr, "usage: pledger park list|retry|drop [ARGUMENT]...\n\n");
	for (size_t i = 0; i < sizeof subcommands / sizeof subcommands[0]; i++)
		fprintf(help ? stdout : stderr, "  %-8s %s\n", subcommands[i].name, subcommands[i].help);
	return help ? EXIT_CODE_OK : EXIT_CODE_USAGE;
}
