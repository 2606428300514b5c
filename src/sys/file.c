#include "sys/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/bytes.h"

int file_open_dir(const char *path, int *fd)
{
	int opened = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (opened < 0)
		return errno;
	*fd = opened;
	return 0;
}

static int open_mode(int dir, const char *name, int flags, mode_t mode, int *fd)
{
	int opened = openat(dir, name, flags | O_CLOEXEC, mode);

	if (opened < 0)
		return errno;
	*fd = opened;
	return 0;
}

int file_open(int dir, const char *name, int flags, int *fd)
{
	return open_mode(dir, name, flags, 0600, fd);
}

int file_open_plain(int dir, const char *name, int flags, int *fd)
{
	struct stat status;
	/* A pipe would be waited for. */
	int error = file_open(dir, name, flags | O_NONBLOCK | O_NOCTTY, fd);

	if (error != 0)
		return error == ENXIO || error == EISDIR ? ENOTSUP : error; /* a pipe that nobody reads; a folder that is to be written */
	if (fstat(*fd, &status) != 0)
		error = errno;
	else if (!S_ISREG(status.st_mode))
		error = ENOTSUP;
	if (error != 0)
		file_close(fd);
	return error;
}

int file_make_dir(int dir, const char *name, int *fd)
{
	if (mkdirat(dir, name, 0700) != 0 && errno != EEXIST)
		return errno;
	return file_open(dir, name, O_RDONLY | O_DIRECTORY, fd);
}

int file_read_at(int fd, void *data, size_t size, uint64_t offset, size_t *got)
{
	size_t done = 0;

	while (done < size) {
		ssize_t count = pread(fd, (char *)data + done, size - done, (off_t)(offset + done));

		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return errno;
		if (count == 0)
			break;
		done += (size_t)count;
	}
	*got = done;
	return 0;
}

int file_append(int fd, const void *data, size_t length)
{
	const char *at = data;

	while (length > 0) {
		ssize_t count = write(fd, at, length);

		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return errno;
		at += count;
		length -= (size_t)count;
	}
	return 0;
}

int file_write_at(int fd, const void *data, size_t length, uint64_t offset)
{
	const char *at = data;

	while (length > 0) {
		ssize_t count = pwrite(fd, at, length, (off_t)offset);

		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return errno;
		at += count;
		offset += (uint64_t)count;
		length -= (size_t)count;
	}
	return 0;
}

int file_sync_data(int fd)
{
	return fdatasync(fd) == 0 ? 0 : errno;
}

int file_sync(int fd)
{
	return fsync(fd) == 0 ? 0 : errno;
}

int file_truncate(int fd, uint64_t length)
{
	return ftruncate(fd, (off_t)length) == 0 ? 0 : errno;
}

int file_allocate(int fd, uint64_t length)
{
	return posix_fallocate(fd, 0, (off_t)length);
}

int file_rename(int dir, const char *from, const char *to)
{
	return renameat(dir, from, dir, to) == 0 ? 0 : errno;
}

int file_remove(int dir, const char *name)
{
	return unlinkat(dir, name, 0) == 0 ? 0 : errno;
}

int file_size(int fd, uint64_t *size)
{
	struct stat status;

	if (fstat(fd, &status) != 0)
		return errno;
	*size = (uint64_t)status.st_size;
	return 0;
}

int file_identify(int fd, struct file_identity *identity)
{
	struct stat status;

	if (fstat(fd, &status) != 0)
		return errno;
	*identity = (struct file_identity){ (uint64_t)status.st_dev, (uint64_t)status.st_ino };
	return 0;
}

static bool is_same_file(const struct file_identity *a, const struct file_identity *b)
{
	return a->device == b->device && a->inode == b->inode;
}

/* From `here` one folder up; *top where there is none, or none that may be looked through. */
static int go_up(int *here, struct file_identity *identity, bool *top)
{
	struct file_identity below = *identity;
	int parent = -1;
	int error = file_open(*here, "..", O_PATH | O_DIRECTORY, &parent);

	*top = error == EACCES;
	if (error != 0)
		return *top ? 0 : error;
	file_close(here);
	*here = parent;
	error = file_identify(parent, identity);
	*top = error == 0 && is_same_file(identity, &below);
	return error;
}

int file_is_within(int dir, int of, bool *within)
{
	struct file_identity wanted = { 0 };
	struct file_identity identity = { 0 };
	bool top = false;
	int here = -1;
	int error = file_open(dir, ".", O_PATH | O_DIRECTORY, &here);

	if (error == 0)
		error = file_identify(of, &wanted);
	if (error == 0)
		error = file_identify(here, &identity);
	while (error == 0 && !top && !is_same_file(&identity, &wanted))
		error = go_up(&here, &identity, &top);
	*within = error == 0 && !top;
	file_close(&here);
	return error;
}

int file_owner(int fd, uid_t *owner)
{
	struct stat status;

	if (fstat(fd, &status) != 0)
		return errno;
	*owner = status.st_uid;
	return 0;
}

int file_free_bytes(int fd, uint64_t *bytes)
{
	struct statvfs status;

	if (fstatvfs(fd, &status) != 0)
		return errno;
	*bytes = (uint64_t)status.f_bavail * (uint64_t)status.f_frsize;
	return 0;
}

int file_lock(int fd)
{
	return flock(fd, LOCK_EX | LOCK_NB) == 0 ? 0 : errno;
}

int file_is_locked(int fd, bool *locked)
{
	if (flock(fd, LOCK_SH | LOCK_NB) == 0) {
		*locked = false;
		return flock(fd, LOCK_UN) == 0 ? 0 : errno;
	}
	if (errno != EWOULDBLOCK)
		return errno;
	*locked = true;
	return 0;
}

int file_list(int dir, bool (*each)(void *context, const char *name), void *context)
{
	int own = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (own < 0)
		return errno;
	DIR *stream = fdopendir(own);

	if (stream == NULL) {
		int error = errno;

		close(own);
		return error;
	}
	int error = 0;

	for (;;) {
		errno = 0;
		const struct dirent *item = readdir(stream);

		if (item == NULL) {
			error = errno;
			break;
		}
		if (!each(context, item->d_name))
			break;
	}
	closedir(stream);
	return error;
}

void file_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

enum err file_err(struct why *why, int error, const char *what)
{
	char text[128];

	return why_set(why, ERR_STORAGE, "cannot %s: %s", what, strerror_r(error, text, sizeof text));
}

int file_read_whole(int fd, struct buffer *out)
{
	char piece[4096];
	size_t got = sizeof piece;
	int error = 0;

	for (uint64_t offset = 0; error == 0 && got == sizeof piece && buffer_err(out) == OK; offset += got) {
		error = file_read_at(fd, piece, sizeof piece, offset, &got);
		if (error == 0)
			buffer_append(out, piece, got);
	}
	explicit_bzero(piece, sizeof piece);
	return error;
}

enum err file_read_all(int dir, const char *name, struct buffer *out, struct why *why)
{
	int fd = -1;
	int error = file_open(dir, name, O_RDONLY, &fd);

	if (error == ENOENT)
		return why_set(why, ERR_UNKNOWN, "there is no %s", name);
	if (error == 0)
		error = file_read_whole(fd, out);
	file_close(&fd);
	if (error != 0) {
		char what[256];

		snprintf(what, sizeof what, "read %s", name);
		return file_err(why, error, what);
	}
	if (buffer_err(out) == ERR_MEMORY)
		return why_set(why, ERR_MEMORY, "there is no memory for %s", name);
	return buffer_err(out) == OK ? OK : why_set(why, ERR_TOO_BIG, "%s is too large", name);
}

static int replace(int dir, const char *name, mode_t mode, const void *data, size_t length)
{
	char temporary[256];
	int fd = -1;

	if (snprintf(temporary, sizeof temporary, "%s.new", name) >= (int)sizeof temporary)
		return ENAMETOOLONG;
	int error = open_mode(dir, temporary, O_WRONLY | O_CREAT | O_TRUNC, mode, &fd);

	if (error == 0)
		error = file_write_at(fd, data, length, 0);
	if (error == 0)
		error = file_sync(fd);
	file_close(&fd);
	if (error == 0)
		error = file_rename(dir, temporary, name);
	return error == 0 ? file_sync(dir) : error;
}

int file_replace(int dir, const char *name, const void *data, size_t length)
{
	return replace(dir, name, 0600, data, length);
}

int file_replace_public(int dir, const char *name, const void *data, size_t length)
{
	return replace(dir, name, 0644, data, length);
}
