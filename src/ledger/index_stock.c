/*
 * How many of each tier are taken. All are counted, whether or not the configuration limits them: it may do so
 * later.
 */
#include <string.h>

#include "ledger/index_store.h"

enum err stock_taken(struct index *index, MDB_txn *txn, const char *tier, uint64_t *taken)
{
	*taken = 0;
	enum err err = store_get_fixed(index, txn, TABLE_STOCK, bytes_of(tier), taken, sizeof *taken);

	return err == ERR_UNKNOWN ? OK : err;
}

enum err stock_apply(struct index *index, const char *tier, bool before, bool after, struct why *why)
{
	uint64_t taken;

	if (before == after)
		return OK;
	enum err err = stock_taken(index, index->batch, tier, &taken);

	if (err != OK)
		return why_set(why, err, "what is taken of a tier cannot be read");
	taken += (uint64_t)after - (uint64_t)before;
	return store_put(index, TABLE_STOCK, bytes_of(tier), (struct bytes){ (const char *)&taken, sizeof taken }, why);
}

enum err index_taken(struct index *index, const char *tier, uint64_t *taken)
{
	MDB_txn *txn;
	enum err err = store_read_begin(index, &txn);

	if (err != OK)
		return err;
	err = stock_taken(index, txn, tier, taken);
	store_read_end(index, txn);
	return err;
}
