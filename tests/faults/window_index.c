/* LMDB: a full disk is MDB_MAP_FULL, everything else the plan's error. */
#include "tests/faults/window.h"

#include <errno.h>
#include <lmdb.h>

static int result(void)
{
	return errno == ENOSPC || errno == EDQUOT ? MDB_MAP_FULL : errno;
}

#define WRAP_RESULT(name, parameters, arguments) \
	int __real_##name parameters; \
	int __wrap_##name parameters; \
	int __wrap_##name parameters \
	{ \
		return window_fails(CALL_INDEX, #name) ? result() : __real_##name arguments; \
	} \
	_Static_assert(1, "")

WRAP_RESULT(mdb_env_create, (MDB_env **environment), (environment));
WRAP_RESULT(mdb_env_set_maxdbs, (MDB_env *environment, MDB_dbi count), (environment, count));
WRAP_RESULT(mdb_env_set_maxreaders, (MDB_env *environment, unsigned count), (environment, count));
WRAP_RESULT(mdb_env_set_mapsize, (MDB_env *environment, size_t bytes), (environment, bytes));
WRAP_RESULT(mdb_env_open, (MDB_env *environment, const char *path, unsigned flags, mdb_mode_t mode),
            (environment, path, flags, mode));
WRAP_RESULT(mdb_env_info, (MDB_env *environment, MDB_envinfo *info), (environment, info));
WRAP_RESULT(mdb_env_stat, (MDB_env *environment, MDB_stat *stat), (environment, stat));
WRAP_RESULT(mdb_env_get_fd, (MDB_env *environment, mdb_filehandle_t *fd), (environment, fd));
WRAP_RESULT(mdb_txn_begin, (MDB_env *environment, MDB_txn *parent, unsigned flags, MDB_txn **txn),
            (environment, parent, flags, txn));
WRAP_RESULT(mdb_dbi_open, (MDB_txn *txn, const char *name, unsigned flags, MDB_dbi *table), (txn, name, flags, table));
WRAP_RESULT(mdb_stat, (MDB_txn *txn, MDB_dbi table, MDB_stat *stat), (txn, table, stat));
WRAP_RESULT(mdb_get, (MDB_txn *txn, MDB_dbi table, MDB_val *key, MDB_val *value), (txn, table, key, value));
WRAP_RESULT(mdb_put, (MDB_txn *txn, MDB_dbi table, MDB_val *key, MDB_val *value, unsigned flags),
            (txn, table, key, value, flags));
WRAP_RESULT(mdb_del, (MDB_txn *txn, MDB_dbi table, MDB_val *key, MDB_val *value), (txn, table, key, value));
WRAP_RESULT(mdb_cursor_open, (MDB_txn *txn, MDB_dbi table, MDB_cursor **cursor), (txn, table, cursor));
WRAP_RESULT(mdb_cursor_get, (MDB_cursor *cursor, MDB_val *key, MDB_val *value, MDB_cursor_op operation),
            (cursor, key, value, operation));
WRAP_RESULT(mdb_cursor_put, (MDB_cursor *cursor, MDB_val *key, MDB_val *value, unsigned flags), (cursor, key, value, flags));
WRAP_RESULT(mdb_cursor_del, (MDB_cursor *cursor, unsigned flags), (cursor, flags));

/* Not really synced, as in window_disk.c. */
WRAP(int, mdb_env_sync, MDB_env *environment, int force)
{
	(void)environment;
	(void)force;
	return window_fails(CALL_INDEX, "mdb_env_sync") ? result() : 0;
}

/* A transaction is gone whatever its commit says. */
WRAP(int, mdb_txn_commit, MDB_txn *txn)
{
	if (!window_fails(CALL_INDEX, "mdb_txn_commit"))
		return __real_mdb_txn_commit(txn);
	int error = result();

	mdb_txn_abort(txn);
	return error;
}
