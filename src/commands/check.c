#include "commands/check.h"

#include <stdio.h>

#include "commands/command.h"
#include "commands/configuration.h"
#include "commands/contradiction.h"

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

/* OK, ERR_INPUT with problems, or what kept the ledger from being read. */
static enum err check_data(const struct config *config, const char *data_dir, struct config_problems *problems)
{
	struct why why = { "" };
	enum err err = contradiction_find(config, data_dir, problems, &why);

	if (err != OK)
		fprintf(stderr, "pledger check: %s\n", why.text[0] != '\0' ? why.text : err_name(err));
	else if (problems->count > 0)
		err = ERR_INPUT;
	return err;
}

static int check(const char *path, bool no_secrets, const char *data_dir)
{
	static struct config_problems problems;
	struct config *config = NULL;
	enum err err = no_secrets ? configuration_read_without_secrets(path, &config, &problems)
	                          : configuration_read(path, &config, &problems);

	if (err == ERR_MEMORY)
		fprintf(stderr, "pledger check: out of memory\n");
	/* A file that cannot be read is for whoever named it to mend. */
	if (err == ERR_STORAGE)
		err = ERR_UNKNOWN;
	if (err == OK && data_dir != NULL)
		err = check_data(config, data_dir, &problems);
	configuration_print(path, &problems);
	if (err == OK)
		print_good(path, config);
	config_free(&config);
	return command_exit(err);
}

int command_check(int argc, char **argv)
{
	const char *path = NULL;
	const char *data_dir = NULL;
	bool no_secrets = false;
	const struct argument arguments[] = {
		{ "FILE", NULL, "the configuration", true, &path, NULL },
		{ "--no-secrets", NULL, "leave the files of secrets unopened", false, NULL, &no_secrets },
		{ "--data", "DIR", "also look for what contradicts the ledger in this data directory", false, &data_dir, NULL },
		{ .name = NULL },
	};
	const struct command_line line = {
		"check", "Read a configuration and tell every mistake in it, with line and column.", arguments,
	};
	int code;

	if (!command_read(&line, argc, argv, &code))
		return code;
	return (int)check(path, no_secrets, data_dir);
}
