#include "sys/random.h"

#include <errno.h>
#include <unistd.h>

enum { CHUNK_BYTES_MAX = 256 }; /* of getentropy(3) */

enum err random_bytes(void *bytes, size_t length)
{
	char *at = bytes;

	while (length > 0) {
		size_t chunk = length < CHUNK_BYTES_MAX ? length : CHUNK_BYTES_MAX;

		if (getentropy(at, chunk) == 0) {
			at += chunk;
			length -= chunk;
		} else if (errno != EINTR) {
			return ERR_SYSTEM;
		}
	}
	return OK;
}
