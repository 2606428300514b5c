#include "ledger/follower.h"

#include <stdlib.h>
#include <string.h>

#include "ledger/index.h"
#include "ledger/rebuild.h"
#include "ledger/scan.h"
#include "ledger/writer.h"
#include "sys/scratch.h"

enum { BATCH_ENTRIES = 1024 };

struct follower {
	struct ledger ledger;     /* of which only the index and the status are used */
	struct position position; /* behind what the index holds */
	char data_dir[PATH_SIZE];
};

/* The files go as soon as they are open: whoever is killed leaves nothing behind. */
static enum err open_index(struct index **index, struct why *why)
{
	/* Nobody is shown a receipt by a follower: its tokens open nothing. */
	static const uint8_t secret[RECEIPT_SECRET_BYTES];
	struct scratch scratch;
	enum err err = scratch_make(&scratch, why);

	if (err != OK)
		return err;
	err = index_open(index, scratch.dir, scratch.path, true, secret, why);
	scratch_remove(&scratch);
	return err;
}

enum err follower_open(struct follower **follower, const char *data_dir, struct why *why)
{
	struct follower *made = calloc(1, sizeof *made);

	if (made == NULL)
		return ERR_MEMORY;
	pthread_mutex_init(&made->ledger.mutex, NULL);
	enum err err = bytes_copy_text(bytes_of(data_dir), made->data_dir, sizeof made->data_dir);

	if (err == OK)
		err = open_index(&made->ledger.index, why);
	if (err != OK) {
		follower_close(&made);
		return err;
	}
	*follower = made;
	return OK;
}

/* Up to a batch of entries in one transaction. */
static enum err take_batch(struct follower *follower, struct scan *scan, struct entry *entry, bool *more, struct why *why)
{
	struct index *index = follower->ledger.index;
	enum err err = index_begin(index, why);

	if (err != OK)
		return err;
	*more = true;
	for (int i = 0; i < BATCH_ENTRIES && err == OK && *more; i++) {
		err = scan_next(scan, entry, more, why);
		if (err == OK && *more)
			err = rebuild_take(index, entry, why);
	}
	if (err != OK) {
		index_abort(index);
		return err;
	}
	err = index_commit(index, scan_position(scan), why);
	if (err == OK)
		follower->position = *scan_position(scan);
	return err;
}

enum err follower_go_on(struct follower *follower, struct why *why)
{
	struct entry *entry = malloc(sizeof *entry);
	struct scan *scan = NULL;
	bool more = true;
	enum err err = entry == NULL ? ERR_MEMORY : scan_open_behind(&scan, follower->data_dir, &follower->position, why);

	while (err == OK && more)
		err = take_batch(follower, scan, entry, &more, why);
	scan_close(&scan);
	free(entry);
	pthread_mutex_lock(&follower->ledger.mutex);
	follower->ledger.status.head = follower->position.seq;
	pthread_mutex_unlock(&follower->ledger.mutex);
	return err;
}

struct ledger *follower_ledger(struct follower *follower)
{
	return &follower->ledger;
}

void follower_close(struct follower **follower)
{
	struct follower *closed = *follower;

	*follower = NULL;
	if (closed == NULL)
		return;
	err_ignore(index_close(&closed->ledger.index, false, NULL)); /* it is nobody's any more */
	pthread_mutex_destroy(&closed->ledger.mutex);
	free(closed);
}
