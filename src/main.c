#include <stddef.h>

#include "commands/check.h"
#include "commands/command.h"
#include "commands/sandbox.h"

int main(int argc, char **argv)
{
	static const struct subcommand subcommands[] = {
		{ "check", command_check, "tell every mistake in a configuration" },
		{ "sandbox", command_sandbox, "run a stand-in payment provider" },
		{ NULL, NULL, NULL },
	};

	return command_run(subcommands, argc, argv);
}
