#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * Whatever the bytes: a line that is read is one that passes the entry's check and, but for a kind of a later
 * version, is written again as the same bytes up to its chain.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char space[LINE_BYTES_MAX + 2];
	static const uint8_t beginning[CHAIN_BYTES];
	struct bytes line = { (const char *)data, size };
	uint8_t chain[CHAIN_BYTES];
	struct entry entry;
	struct why why = { "" };

	if (line_check_chain(line, beginning, chain, &why) == ERR_CORRUPT && why.text[0] == '\0')
		abort();
	enum err err = line_read(line, &entry, &why);

	if (err == ERR_CORRUPT && why.text[0] != '\0')
		return 0;
	if (err != OK || entry_check(&entry, &why) != OK)
		abort();
	if (entry.kind == ENTRY_OTHER)
		return 0;
	struct buffer again = BUFFER_ON(space);

	memset(chain, 0, sizeof chain);
	if (line_write(&again, &entry, chain) != OK || again.length != size + 1
	    || memcmp(again.data, data, size - CHAIN_TAIL_BYTES) != 0)
		abort();
	return 0;
}
