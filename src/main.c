#include <stddef.h>

#include "commands/check.h"
#include "commands/command.h"

int main(int argc, char **argv)
{
	static const struct subcommand subcommands[] = {
		{ "check", command_check, "tell every mistake in a configuration" },
		{ NULL, NULL, NULL },
	};

	return command_run(subcommands, argc, argv);
}
