#include <stddef.h>

#include "commands/check.h"
#include "commands/command.h"
#include "commands/export.h"
#include "commands/verify.h"

int main(int argc, char **argv)
{
	static const struct subcommand subcommands[] = {
		{ "check", command_check, "tell every mistake in a configuration" },
		{ "export", command_export, "write the ledger as CSV" },
		{ "verify", command_verify, "check that the ledger is whole" },
		{ NULL, NULL, NULL },
	};

	return command_run(subcommands, argc, argv);
}
