/*
 * file.h -- the window to the disk: every call of ours that touches a file.
 *
 * The functions return 0 or an errno value, because what may still be promised
 * depends on it (a full disk is not a broken one); file_err turns it into the
 * common error. Interrupted calls are repeated, short ones continued. Names are
 * relative to a directory that is held open.
 */
#ifndef SYS_FILE_H
#define SYS_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

/* Who a file is: the same on every name of it, another for every copy. */
struct file_identity {
	uint64_t device;
	uint64_t inode;
};

MUST_CHECK int file_open_dir(const char *path, int *fd);

/* `flags` as open(2); files are made with mode 0600, descriptors are close-on-exec. */
MUST_CHECK int file_open(int dir, const char *name, int flags, int *fd);

/* The same for what must be a plain file: ENOTSUP for a pipe, device or folder, at once; with O_NOFOLLOW ELOOP for a link. */
MUST_CHECK int file_open_plain(int dir, const char *name, int flags, int *fd);

/* Make a directory (mode 0700) and open it; one that is there is opened. */
MUST_CHECK int file_make_dir(int dir, const char *name, int *fd);

/* Read up to `size` bytes at `offset`; fewer only at the end of the file. */
MUST_CHECK int file_read_at(int fd, void *data, size_t size, uint64_t offset, size_t *got);

/* Write everything, at the end of an O_APPEND file or at `offset`. */
MUST_CHECK int file_append(int fd, const void *data, size_t length);
MUST_CHECK int file_write_at(int fd, const void *data, size_t length, uint64_t offset);

MUST_CHECK int file_sync_data(int fd); /* fdatasync */
MUST_CHECK int file_sync(int fd);      /* fsync, for directories too */
MUST_CHECK int file_truncate(int fd, uint64_t length);
MUST_CHECK int file_allocate(int fd, uint64_t length);
MUST_CHECK int file_rename(int dir, const char *from, const char *to);
MUST_CHECK int file_remove(int dir, const char *name);
MUST_CHECK int file_size(int fd, uint64_t *size);
MUST_CHECK int file_identify(int fd, struct file_identity *identity);

/*
 * Whether the folder `dir` is the folder `of` or below it, whatever names or links lead there. An ancestor that may not
 * be looked through ends the way up.
 */
MUST_CHECK int file_is_within(int dir, int of, bool *within);

MUST_CHECK int file_owner(int fd, uid_t *owner);
MUST_CHECK int file_free_bytes(int fd, uint64_t *bytes);

/* Take the lock of a file for this process without waiting: EWOULDBLOCK when another has it. */
MUST_CHECK int file_lock(int fd);

/* Whether another process has it. Takes nothing that lasts. */
MUST_CHECK int file_is_locked(int fd, bool *locked);

/*
 * Call `each` with every name in the directory until it returns false. The order
 * is the directory's.
 */
MUST_CHECK int file_list(int dir, bool (*each)(void *context, const char *name), void *context);

/* Close unless it is -1, and make it -1. What close says is not heard: what mattered was synced before. */
void file_close(int *fd);

/* ERR_STORAGE, with the reason in words: "cannot WHAT: No space left on device". */
enum err file_err(struct why *why, int error, const char *what);

struct buffer;

/* Append all of a file, from its first byte; what the buffer could not take, its own error says. */
MUST_CHECK int file_read_whole(int fd, struct buffer *out);

/*
 * Append a whole file to a buffer, whose ceiling is the file's. ERR_UNKNOWN
 * when there is none, ERR_TOO_BIG, ERR_MEMORY, ERR_STORAGE; with `why`.
 */
MUST_CHECK enum err file_read_all(int dir, const char *name, struct buffer *out, struct why *why);

/*
 * Put a whole file in place durably: written under another name, synced,
 * renamed, the directory synced.
 */
MUST_CHECK int file_replace(int dir, const char *name, const void *data, size_t length);

/* The same for what everybody may read, as far as the umask lets them. */
MUST_CHECK int file_replace_public(int dir, const char *name, const void *data, size_t length);

#endif
