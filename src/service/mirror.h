/*
 * mirror.h -- a folder that is kept as somebody says: a file is written when it is
 * another one than before, whole or not at all, and one that is not wanted any more
 * is removed.
 */
#ifndef SERVICE_MIRROR_H
#define SERVICE_MIRROR_H

#include <stdbool.h>

#include "base/bytes.h"
#include "base/err.h"

/* What a name in the folder is. */
enum mirror_use {
	MIRROR_FOREIGN, /* none of ours: not touched */
	MIRROR_WANTED,
	MIRROR_STALE,   /* ours, but not wanted any more */
};

struct mirror {
	int dir;
	unsigned written; /* so far; who counts sets them back */
	unsigned removed;
};

/* The folder exists. On OK the caller closes it. ERR_STORAGE. */
MUST_CHECK enum err mirror_open(struct mirror *mirror, const char *path, struct why *why);

/*
 * See to it that the file holds these bytes. One that does is not touched; any other is replaced in one step and
 * durably, and whoever reads meanwhile has the old one or the new one. ERR_STORAGE, ERR_MEMORY.
 */
MUST_CHECK enum err mirror_put(struct mirror *mirror, const char *name, struct bytes content, struct why *why);

/* Remove each file that is stale, and of any of ours what a broken-off replacement left ("NAME.new"). ERR_STORAGE. */
MUST_CHECK enum err mirror_sweep(struct mirror *mirror, enum mirror_use (*use_of)(void *context, struct bytes name),
                                 void *context, struct why *why);

/* Does nothing with one that is not open. */
void mirror_close(struct mirror *mirror);

#endif
