/*
 * Files. Of a write that fails the first half lands: a full disk takes what it still can. What works is not
 * really synced: nobody cuts the power here.
 */
#include "tests/faults/window.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

WRAP(int, open, const char *path, int flags, ...)
{
	return window_fails(CALL_READ, "open") ? -1 : __real_open(path, flags);
}

WRAP(int, openat, int dir, const char *name, int flags, ...)
{
	mode_t mode = 0;

	if ((flags & O_CREAT) != 0) {
		va_list more;

		va_start(more, flags);
		mode = va_arg(more, mode_t);
		va_end(more);
	}
	if (window_fails((flags & O_CREAT) != 0 ? CALL_WRITE : CALL_READ, "openat"))
		return -1;
	return __real_openat(dir, name, flags, mode);
}

WRAP(DIR *, fdopendir, int fd)
{
	return window_fails(CALL_READ, "fdopendir") ? NULL : __real_fdopendir(fd);
}

WRAP(struct dirent *, readdir, DIR *stream)
{
	return window_fails(CALL_READ, "readdir") ? NULL : __real_readdir(stream);
}

WRAP(ssize_t, pread, int fd, void *data, size_t size, off_t offset)
{
	return window_fails(CALL_READ, "pread") ? -1 : __real_pread(fd, data, size, offset);
}

WRAP(ssize_t, read, int fd, void *data, size_t size)
{
	return window_fails(CALL_READ, "read") ? -1 : __real_read(fd, data, size);
}

WRAP(int, fstat, int fd, struct stat *status)
{
	return window_fails(CALL_READ, "fstat") ? -1 : __real_fstat(fd, status);
}

WRAP(int, fstatvfs, int fd, struct statvfs *status)
{
	return window_fails(CALL_READ, "fstatvfs") ? -1 : __real_fstatvfs(fd, status);
}

WRAP(int, flock, int fd, int operation)
{
	return window_fails(CALL_READ, "flock") ? -1 : __real_flock(fd, operation);
}

WRAP(char *, mkdtemp, char *template)
{
	return window_fails(CALL_WRITE, "mkdtemp") ? NULL : __real_mkdtemp(template);
}

WRAP(int, mkdirat, int dir, const char *name, mode_t mode)
{
	return window_fails(CALL_WRITE, "mkdirat") ? -1 : __real_mkdirat(dir, name, mode);
}

ssize_t __real_write(int fd, const void *data, size_t length);
ssize_t __real_pwrite(int fd, const void *data, size_t length, off_t offset);

WRAP(ssize_t, write, int fd, const void *data, size_t length)
{
	window_used(fd);
	if (!window_fails(CALL_WRITE, "write"))
		return __real_write(fd, data, length);
	int error = errno;

	if (error == EINTR) /* comes before anything was written */
		return -1;
	if (length > 1 && __real_write(fd, data, length / 2) < 0)
		return -1;
	errno = error;
	return -1;
}

WRAP(ssize_t, pwrite, int fd, const void *data, size_t length, off_t offset)
{
	window_used(fd);
	if (!window_fails(CALL_WRITE, "pwrite"))
		return __real_pwrite(fd, data, length, offset);
	int error = errno;

	if (error == EINTR)
		return -1;
	if (length > 1 && __real_pwrite(fd, data, length / 2, offset) < 0)
		return -1;
	errno = error;
	return -1;
}

WRAP(int, ftruncate, int fd, off_t length)
{
	window_used(fd);
	return window_fails(CALL_WRITE, "ftruncate") ? -1 : __real_ftruncate(fd, length);
}

WRAP(int, posix_fallocate, int fd, off_t offset, off_t length)
{
	return window_fails(CALL_WRITE, "posix_fallocate") ? errno : __real_posix_fallocate(fd, offset, length);
}

WRAP(int, renameat, int from_dir, const char *from, int to_dir, const char *to)
{
	return window_fails(CALL_WRITE, "renameat") ? -1 : __real_renameat(from_dir, from, to_dir, to);
}

WRAP(int, unlinkat, int dir, const char *name, int flags)
{
	return window_fails(CALL_WRITE, "unlinkat") ? -1 : __real_unlinkat(dir, name, flags);
}

WRAP(int, fdatasync, int fd)
{
	window_used(fd);
	if (!window_fails(CALL_SYNC, "fdatasync"))
		return 0;
	window_sync_failed(fd);
	return -1;
}

WRAP(int, fsync, int fd)
{
	window_used(fd);
	if (!window_fails(CALL_SYNC, "fsync"))
		return 0;
	window_sync_failed(fd);
	return -1;
}

/* A descriptor is gone whatever close says. */
WRAP(int, close, int fd)
{
	bool fails = window_fails(CALL_WRITE, "close");
	int error = errno;
	int result = __real_close(fd);

	window_closed(fd);
	if (!fails)
		return result;
	errno = error;
	return -1;
}
