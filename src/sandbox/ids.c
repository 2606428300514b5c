#include "sandbox/ids.h"

#include <assert.h>
#include <string.h>

/* SplitMix64: any seed will do, zero included. */
static uint64_t next(struct ids *ids)
{
	uint64_t z = ids->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

void id_mint(struct ids *ids, const char *prefix, size_t letters, char id[static SANDBOX_ID_SIZE])
{
	static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	size_t length = strlen(prefix);

	assert(length + letters < SANDBOX_ID_SIZE);
	memcpy(id, prefix, length);
	for (size_t i = 0; i < letters; i++)
		id[length + i] = alphabet[next(ids) % (sizeof alphabet - 1)];
	id[length + letters] = '\0';
}
