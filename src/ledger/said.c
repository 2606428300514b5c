#include "ledger/said.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"

static const char *const names[] = {
	[SAID_BY_HINT] = "ledger/durable",
	[SAID_BY_STAMP] = "index.stamp",
};

enum err said_read(int data_dir, int ledger_dir, struct said *said, struct why *why)
{
	struct file_identity folder;
	int error = file_identify(ledger_dir, &folder);

	*said = (struct said){ 0 };
	if (error != 0)
		return file_err(why, error, "look at the ledger's folder");
	/* Where there is none, or another folder's, nothing is said. */
	said->hinted = durable_read(ledger_dir, &said->by[SAID_BY_HINT]);
	(void)stamp_read(data_dir, &folder, &said->by[SAID_BY_STAMP]);
	return OK;
}

static enum sayer highest(const struct said *said)
{
	return said->by[SAID_BY_STAMP].seq > said->by[SAID_BY_HINT].seq ? SAID_BY_STAMP : SAID_BY_HINT;
}

uint64_t said_seq(const struct said *said)
{
	return said->by[highest(said)].seq;
}

void said_chain(const struct said *said, char hex[static 2 * CHAIN_BYTES + 1])
{
	text_hex(said->by[highest(said)].chain, CHAIN_BYTES, hex);
}

enum err said_check_end(const struct said *said, uint64_t end_seq, struct why *why)
{
	if (said_seq(said) <= end_seq)
		return OK;
	return why_set(why, ERR_CORRUPT,
	               "acknowledged lines are gone: the ledger ends with seq %" PRIu64 ", %s says that seq %" PRIu64
	               " was durable",
	               end_seq, names[highest(said)], said_seq(said));
}

bool said_agrees(const struct said *said, const struct position *position)
{
	for (int i = 0; i < SAYERS; i++)
		if (said->by[i].seq == position->seq && memcmp(said->by[i].chain, position->chain, CHAIN_BYTES) != 0)
			return false;
	return true;
}
