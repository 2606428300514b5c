#include "commands/check.h"

#include <stdio.h>

#include "commands/command.h"
#include "commands/configuration.h"

static const char *plural(size_t count)
{
	return count == 1 ? "" : "s";
}

static void print_good(const char *path, const struct config *config)
{
	size_t tiers = 0;

	for (size_t i = 0; i < config->campaign_count; i++)
		tiers += config->campaigns[i].tier_count;
	printf("%s: ok (%zu campaign%s, %zu tier%s, %zu account%s, %s)\n", path, config->campaign_count,
	       plural(config->campaign_count), tiers, plural(tiers), config->account_count,
	       plural(config->account_count), config->live ? "live" : "test");
}

int command_check(int argc, char **argv)
{
	static struct config_problems problems;
	const char *path = NULL;
	const struct argument arguments[] = {
		{ "FILE", NULL, "the configuration", true, &path, NULL },
		{ .name = NULL },
	};
	const struct command_line line = {
		"check", "Read a configuration and tell every mistake in it, with line and column.", arguments,
	};
	struct config *config = NULL;
	int code;

	if (!command_read(&line, argc, argv, &code))
		return code;
	enum err err = configuration_read(path, &config, &problems);

	if (err == OK)
		print_good(path, config);
	else if (err == ERR_MEMORY)
		fprintf(stderr, "pledger check: out of memory\n");
	else
		configuration_print(path, &problems);
	config_free(&config);
	return err == OK ? EXIT_CODE_OK : EXIT_CODE_REFUSED;
}
