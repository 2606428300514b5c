#include "commands/data_dir.h"

#include <stdio.h>

#include "base/bytes.h"
#include "commands/command.h"
#include "commands/configuration.h"
#include "webhooks/provider.h"

static enum err read_path(const char *path, char data_dir[static PATH_SIZE])
{
	static struct config_problems problems;
	struct config *config = NULL;
	enum err err = config_read(path, false, provider_names(), &config, &problems);

	if (err == OK)
		err = bytes_copy_text(bytes_of(config->data_dir), data_dir, PATH_SIZE);
	else
		configuration_print(path, &problems);
	config_free(&config);
	return err;
}

bool data_dir_find(const char *command, const char *config, const char *data, char path[static PATH_SIZE],
                   int *code)
{
	if (config == NULL && data == NULL) {
		fprintf(stderr, "pledger %s: --config or --data is missing; see 'pledger %s --help'\n", command, command);
		*code = EXIT_CODE_USAGE;
		return false;
	}
	enum err err = data != NULL ? bytes_copy_text(bytes_of(data), path, PATH_SIZE) : read_path(config, path);

	if (err == ERR_TOO_BIG)
		fprintf(stderr, "pledger %s: the path of the data directory is too long\n", command);
	*code = err == ERR_MEMORY ? EXIT_CODE_BROKEN : EXIT_CODE_REFUSED;
	return err == OK;
}
