/*
 * Any bytes as an Accept-Language field: one of ours or none, and the same when
 * the field is written twice, since every repeated wish comes later.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "domain/language.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *twice = malloc(2 * size + 1);
	enum language once_language = LANGUAGES;
	enum language twice_language = LANGUAGES;

	if (twice == NULL)
		return 0;
	memcpy(twice, data, size);
	twice[size] = ',';
	memcpy(twice + size + 1, data, size);
	bool once_found = language_accept((struct bytes){ twice, size }, &once_language);
	bool twice_found = language_accept((struct bytes){ twice, 2 * size + 1 }, &twice_language);

	if (once_found != twice_found || once_language != twice_language || once_found != (once_language < LANGUAGES))
		abort();
	free(twice);
	return 0;
}
