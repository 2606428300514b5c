#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "config/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever the bytes: either a configuration or at least one mistake at a place in the file. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const providers[] = { "stripe", "sandbox", NULL };
	static struct config_problems problems;
	struct config *config = NULL;
	enum err err = config_parse((struct bytes){ (const char *)data, size }, "/etc/pledger", false, providers,
	                            &config, &problems);

	if (err == ERR_INPUT && (problems.count == 0 || config != NULL))
		abort();
	if (err == OK && (problems.count != 0 || config == NULL || config->campaign_count == 0))
		abort();
	for (size_t i = 0; i < problems.count; i++)
		if (problems.items[i].place.line == 0 || problems.items[i].place.column == 0)
			abort();
	config_free(&config);
	return 0;
}
