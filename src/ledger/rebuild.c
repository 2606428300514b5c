#include "ledger/rebuild.h"

#include <stdlib.h>

#include "ledger/walk.h"

enum err rebuild_take(struct index *index, const struct entry *entry, struct why *why)
{
	if (entry->kind == ENTRY_OTHER)
		return why_set(why, ERR_CONFLICT, "seq %llu is a \"%s\": a later version of this program wrote to this ledger",
		               (unsigned long long)entry->seq, entry->other_kind);
	return index_apply(index, entry, why);
}

/* As many entries as can be gathered. */
static enum err take_batch(struct walk *walk, struct index *index, struct entry *entry, bool *more, struct why *why)
{
	enum err err = index_begin(index, why);

	if (err != OK)
		return err;
	*more = true;
	while (err == OK && *more && !index_gather_is_full(index)) {
		err = walk_next_good(walk, entry, more, why);
		if (err == OK && *more)
			err = rebuild_take(index, entry, why);
	}
	if (err != OK) {
		index_abort(index);
		/* LMDB's reads have no words of their own. */
		return err == ERR_STORAGE && why->text[0] == '\0' ? why_set(why, err, "the new index cannot be read") : err;
	}
	return index_commit(index, &walk->position, why);
}

enum err rebuild(int ledger_dir, struct index *index, size_t run_bytes, struct why *why)
{
	static const struct position beginning;
	struct entry *entry = malloc(sizeof *entry);
	struct walk walk;
	bool more = true;

	if (entry == NULL)
		return ERR_MEMORY;
	enum err err = walk_open(&walk, ledger_dir, &beginning, why);

	if (err == OK)
		err = index_gather_begin(index, run_bytes, why);
	while (err == OK && more)
		err = take_batch(&walk, index, entry, &more, why);
	if (err == OK)
		err = index_gather_end(index, why);
	walk_close(&walk);
	free(entry);
	return err;
}
