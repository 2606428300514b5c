#include "ledger/index_store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "sys/file.h"

/*
 * The map is written through (MDB_WRITEMAP), which is four times cheaper than LMDB's own writes, but
 * a page that the disk has no room for would then be a SIGBUS: so the file is allocated in full, in
 * steps, before it is mapped.
 */
enum { STEP_MIB = 64, ROOM_MIB = 24, INDEX_FORMAT = 9, INDEX_PATH_SIZE = PATH_SIZE + 16 };

static const char folder[] = "index";

static enum err remove_old(int dir, struct why *why)
{
	static const char *const names[] = { "data.mdb", "lock.mdb" };

	for (size_t i = 0; i < 2; i++) {
		int error = file_remove(dir, names[i]);

		if (error != 0 && error != ENOENT)
			return file_err(why, error, "remove the old index");
	}
	return OK;
}

/* The file must be as long as the map before the map is touched. */
static enum err allocate(struct index *index, size_t bytes, struct why *why)
{
	mdb_filehandle_t fd;
	int result = mdb_env_get_fd(index->environment, &fd);

	if (result != 0)
		return store_err(why, result, "find its file");
	int error = file_allocate(fd, bytes);

	return error == 0 ? OK : file_err(why, error, "make room for the index");
}

static enum err open_tables(struct index *index, struct why *why)
{
	static const char *const names[TABLES] = {
		[TABLE_EVENTS] = "events",     [TABLE_OBJECTS] = "objects", [TABLE_PLEDGES] = "pledges",
		[TABLE_RECEIPTS] = "receipts", [TABLE_KEYS] = "keys",       [TABLE_TOTALS] = "totals",
		[TABLE_PARKED] = "parked",     [TABLE_META] = "meta",       [TABLE_WAITING] = "waiting",
		[TABLE_OWED] = "owed",         [TABLE_BALANCES] = "balances", [TABLE_STOCK] = "stock",
		[TABLE_GIFTS] = "gifts",
		[TABLE_TOLD] = "told",         [TABLE_BY_HAND] = "by-hand",
	};
	MDB_txn *txn;
	int result = mdb_txn_begin(index->environment, NULL, 0, &txn);

	if (result != 0)
		return store_err(why, result, "begin");
	for (int i = 0; i < TABLES && result == 0; i++)
		result = mdb_dbi_open(txn, names[i], MDB_CREATE, &index->tables[i]);
	if (result != 0) {
		mdb_txn_abort(txn);
		return store_err(why, result, "open its tables");
	}
	result = mdb_txn_commit(txn);
	return result == 0 ? OK : store_err(why, result, "commit");
}

static enum err open_environment(struct index *index, const char *path, bool through_map, struct why *why)
{
	const unsigned flags = (through_map ? MDB_WRITEMAP : 0u) | MDB_NOSYNC | MDB_NOMETASYNC | MDB_NOTLS | MDB_NORDAHEAD;
	MDB_envinfo info;
	int result = mdb_env_create(&index->environment);

	if (result == 0)
		result = mdb_env_set_maxdbs(index->environment, TABLES);
	if (result == 0)
		result = mdb_env_set_maxreaders(index->environment, 1024);
	if (result == 0)
		result = mdb_env_set_mapsize(index->environment, (size_t)STEP_MIB << 20);
	if (result == 0)
		result = mdb_env_open(index->environment, path, flags, 0600);
	if (result == 0)
		result = mdb_env_info(index->environment, &info);
	if (result != 0) {
		char what[INDEX_PATH_SIZE + 8];

		snprintf(what, sizeof what, "open %s", path);
		return store_err(why, result, what);
	}
	return allocate(index, info.me_mapsize, why);
}

/* How long the file is before LMDB sees it, which makes it as long as the map. 0 where there is none. */
static uint64_t file_bytes(int dir)
{
	uint64_t bytes = 0;
	int fd = -1;

	if (file_open(dir, "data.mdb", O_RDONLY, &fd) == 0 && file_size(fd, &bytes) != 0)
		bytes = 0;
	file_close(&fd);
	return bytes;
}

/* A file that was cut short is not a shorter index: what is gone reads as zeros. */
static bool is_whole(struct index *index, uint64_t bytes)
{
	MDB_envinfo info;
	MDB_stat stat;

	return mdb_env_info(index->environment, &info) == 0 && mdb_env_stat(index->environment, &stat) == 0
	       && bytes / stat.ms_psize > info.me_last_pgno;
}

enum err store_reopen(struct index *index, bool through_map, struct why *why)
{
	char path[INDEX_PATH_SIZE];
	const char *lent;
	int result = mdb_env_get_path(index->environment, &lent);

	if (result != 0)
		return store_err(why, result, "find its folder");
	enum err err = bytes_copy_text(bytes_of(lent), path, sizeof path);

	if (err != OK)
		return err;
	mdb_env_close(index->environment);
	index->environment = NULL;
	err = open_environment(index, path, through_map, why);
	return err == OK ? open_tables(index, why) : err;
}

static enum err open_parts(struct index *index, int data_dir, const char *data_path, bool fresh, struct why *why)
{
	char path[INDEX_PATH_SIZE];
	int dir = -1;
	int error = file_make_dir(data_dir, folder, &dir);

	if (error != 0) {
		char what[PATH_SIZE + 32];

		snprintf(what, sizeof what, "make or open %s/%s", data_path, folder);
		return file_err(why, error, what);
	}
	uint64_t bytes = file_bytes(dir);
	enum err err = fresh ? remove_old(dir, why) : OK;

	file_close(&dir);
	if (err == OK && snprintf(path, sizeof path, "%s/%s", data_path, folder) >= (int)sizeof path)
		err = why_set(why, ERR_TOO_BIG, "the data directory's path is too long");
	if (err == OK)
		err = open_environment(index, path, true, why);
	if (err == OK && !fresh && !is_whole(index, bytes))
		err = why_set(why, ERR_CORRUPT, "index: its file was cut short");
	return err == OK ? open_tables(index, why) : err;
}

/* A new index says of itself by what version and secret it is made. */
static enum err describe(struct index *index, struct why *why)
{
	const uint32_t format = INDEX_FORMAT;
	uint8_t digest[DIGEST_BYTES];
	struct bytes secret = { (const char *)index->secret, sizeof index->secret };
	enum err err = digest_sha256(&secret, 1, digest);

	if (err == OK)
		err = index_begin(index, why);
	if (err != OK)
		return err;
	err = store_put(index, TABLE_META, BYTES_LITERAL("format"), (struct bytes){ (const char *)&format, sizeof format }, why);
	if (err == OK)
		err = store_put(index, TABLE_META, BYTES_LITERAL("secret"), (struct bytes){ (const char *)digest, sizeof digest }, why);
	if (err != OK) {
		index_abort(index);
		return err;
	}
	static const struct position beginning;

	return index_commit(index, &beginning, why);
}

enum err index_open(struct index **index, int data_dir, const char *data_path, bool fresh,
                    const uint8_t secret[static RECEIPT_SECRET_BYTES], struct why *why)
{
	struct index *made = calloc(1, sizeof *made);

	if (made == NULL)
		return ERR_MEMORY;
	if (pthread_rwlock_init(&made->growing, NULL) != 0) {
		free(made);
		return ERR_MEMORY;
	}
	memcpy(made->secret, secret, sizeof made->secret);
	enum err err = open_parts(made, data_dir, data_path, fresh, why);

	if (err == OK && fresh)
		err = describe(made, why);
	if (err != OK) {
		err_ignore(index_close(&made, false, NULL)); /* the first failure is the one to report */
		return err;
	}
	*index = made;
	return OK;
}

static bool has_read(struct index *index, MDB_txn *txn, const struct position *end)
{
	struct head_record head;

	if (store_get_fixed(index, txn, TABLE_META, BYTES_LITERAL("head"), &head, sizeof head) != OK)
		return false;
	index->newest_at_s = head.newest_at_s;
	return head.seq == end->seq && memcmp(head.chain, end->chain, CHAIN_BYTES) == 0;
}

bool index_is_usable(struct index *index, const struct position *end)
{
	uint32_t format = 0;
	uint8_t said[DIGEST_BYTES];
	uint8_t own[DIGEST_BYTES];
	struct bytes secret = { (const char *)index->secret, sizeof index->secret };
	struct bytes mode;
	MDB_txn *txn;

	if (digest_sha256(&secret, 1, own) != OK || store_read_begin(index, &txn) != OK)
		return false;
	bool usable = store_get_fixed(index, txn, TABLE_META, BYTES_LITERAL("format"), &format, sizeof format) == OK
	              && store_get_fixed(index, txn, TABLE_META, BYTES_LITERAL("secret"), said, sizeof said) == OK
	              && format == INDEX_FORMAT && memcmp(said, own, sizeof own) == 0 && has_read(index, txn, end);

	if (usable && store_get(index, txn, TABLE_META, BYTES_LITERAL("mode"), &mode) == OK) {
		index->opened = true;
		index->live = bytes_is(mode, "live");
	}
	store_read_end(index, txn);
	return usable;
}

/* Whether so much of the map is unused that a batch surely fits. */
static bool has_room(const MDB_envinfo *info, const MDB_stat *stat)
{
	size_t used = (info->me_last_pgno + 1) * stat->ms_psize;

	return info->me_mapsize - used >= (size_t)ROOM_MIB << 20;
}

static enum err grow(struct index *index, size_t bytes, struct why *why)
{
	enum err err = allocate(index, bytes, why);

	if (err != OK)
		return err;
	pthread_rwlock_wrlock(&index->growing);
	int result = mdb_env_set_mapsize(index->environment, bytes);

	pthread_rwlock_unlock(&index->growing);
	return result == 0 ? OK : store_err(why, result, "grow");
}

enum err store_make_room(struct index *index, struct why *why)
{
	MDB_envinfo info;
	MDB_stat stat;
	int result = mdb_env_info(index->environment, &info);

	if (result == 0)
		result = mdb_env_stat(index->environment, &stat);
	if (result != 0)
		return store_err(why, result, "measure its file");
	return has_room(&info, &stat) ? OK : grow(index, info.me_mapsize + ((size_t)STEP_MIB << 20), why);
}

enum err index_close(struct index **index, bool orderly, struct why *why)
{
	struct index *closed = *index;
	int result = 0;

	*index = NULL;
	if (closed == NULL)
		return OK;
	index_abort(closed);
	gather_free(&closed->gather);
	if (orderly)
		result = mdb_env_sync(closed->environment, 1);
	if (closed->environment != NULL)
		mdb_env_close(closed->environment);
	pthread_rwlock_destroy(&closed->growing);
	memset(closed->secret, 0, sizeof closed->secret);
	free(closed);
	return result == 0 ? OK : store_err(why, result, "sync");
}
