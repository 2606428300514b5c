/*
 * kill_at.so, loaded before everything else: the process is killed at a call that the test names while
 * it runs. The program under test knows nothing of it.
 *
 * The file that KILL_AT names holds "CALL before|after|hold COUNT WHAT"; while it is not there, nothing
 * happens. A call that is held waits until the order is another, and is then made. CALL is write (pwrite and writev too), sync (fdatasync, fsync, msync), name (renameat,
 * unlinkat), resize (ftruncate, posix_fallocate), any of these, or answer (bytes that go to a socket).
 * WHAT must occur in the path of the file, or at the start of an answer's bytes. COUNT is of matching
 * calls since the file was written.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { ORDER_SIZE = 512 };

struct order {
	char call[16], when[16], what[256];
	unsigned long count;
};

static atomic_ulong matched;

static bool read_order(struct order *order)
{
	const char *path = getenv("KILL_AT");
	char text[ORDER_SIZE];
	int fd = path != NULL ? (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC) : -1;

	if (fd < 0)
		return false;
	long length = syscall(SYS_read, fd, text, sizeof text - 1);

	syscall(SYS_close, fd);
	text[length > 0 ? length : 0] = '\0';
	return sscanf(text, "%15s %15s %lu %255[^\n]", order->call, order->when, &order->count, order->what) == 4;
}

static bool is_hold(const struct order *order)
{
	return strcmp(order->when, "hold") == 0;
}

static bool is_meant(const struct order *order, const char *call, const char *when, const char *subject)
{
	if (strcmp(is_hold(order) ? "before" : order->when, when) != 0 || strstr(subject, order->what) == NULL)
		return false;
	return strcmp(order->call, call) == 0 || (strcmp(order->call, "any") == 0 && strcmp(call, "answer") != 0);
}

static void reach(const char *call, const char *when, const char *subject)
{
	struct order order;

	if (!read_order(&order) || !is_meant(&order, call, when, subject))
		return;
	if (is_hold(&order)) {
		while (read_order(&order) && is_hold(&order))
			usleep(1000);
		return;
	}
	if (atomic_fetch_add(&matched, 1) + 1 < order.count)
		return;
	syscall(SYS_kill, syscall(SYS_getpid), SIGKILL);
	pause();
}

static void path_of(int fd, char path[static 512])
{
	char link[64];

	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	long length = syscall(SYS_readlinkat, AT_FDCWD, link, path, 511);

	path[length > 0 ? length : 0] = '\0';
}

static void reach_file(const char *call, const char *when, int fd)
{
	char path[512];

	path_of(fd, path);
	if (path[0] == '/')
		reach(call, when, path);
}

static void reach_answer(const char *when, const void *data, size_t length)
{
	char start[64];

	snprintf(start, sizeof start, "%.*s", (int)(length < 40 ? length : 40), (const char *)data);
	if (strncmp(start, "HTTP/1.1 ", 9) == 0)
		reach("answer", when, start);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define ON_FILE(kind, fd, call) \
	reach_file(kind, "before", fd); \
	__auto_type result = call; \
	reach_file(kind, "after", fd); \
	return result

ssize_t write(int fd, const void *data, size_t length)
{
	ON_FILE("write", fd, REAL(write)(fd, data, length));
}

ssize_t pwrite(int fd, const void *data, size_t length, off_t offset)
{
	ON_FILE("write", fd, REAL(pwrite)(fd, data, length, offset));
}

ssize_t writev(int fd, const struct iovec *pieces, int count)
{
	ON_FILE("write", fd, REAL(writev)(fd, pieces, count));
}

int fdatasync(int fd)
{
	ON_FILE("sync", fd, REAL(fdatasync)(fd));
}

int fsync(int fd)
{
	ON_FILE("sync", fd, REAL(fsync)(fd));
}

int ftruncate(int fd, off_t length)
{
	ON_FILE("resize", fd, REAL(ftruncate)(fd, length));
}

int posix_fallocate(int fd, off_t offset, off_t length)
{
	ON_FILE("resize", fd, REAL(posix_fallocate)(fd, offset, length));
}

int renameat(int from_dir, const char *from, int to_dir, const char *to)
{
	ON_FILE("name", to_dir, REAL(renameat)(from_dir, from, to_dir, to));
}

int unlinkat(int dir, const char *name, int flags)
{
	ON_FILE("name", dir, REAL(unlinkat)(dir, name, flags));
}

ssize_t send(int fd, const void *data, size_t length, int flags)
{
	reach_answer("before", data, length);
	ssize_t result = REAL(send)(fd, data, length, flags);

	reach_answer("after", data, length);
	return result;
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
	const struct iovec *first = message->msg_iovlen > 0 ? &message->msg_iov[0] : &(struct iovec){ "", 0 };

	reach_answer("before", first->iov_base, first->iov_len);
	ssize_t result = REAL(sendmsg)(fd, message, flags);

	reach_answer("after", first->iov_base, first->iov_len);
	return result;
}
