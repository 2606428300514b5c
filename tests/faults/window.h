/*
 * window.h -- the calls out of the program, each of which can be made to fail.
 *
 * tests/faults/window_*.c stand between our objects and the libraries (ld's
 * --wrap): a call that the plan is about is counted, and the n-th one fails, once
 * or from then on. LMDB's own calls to the system are not seen, its results are.
 */
#ifndef TESTS_FAULTS_WINDOW_H
#define TESTS_FAULTS_WINDOW_H

#include <stdbool.h>

enum {
	CALL_READ = 1,    /* open, list, look at, read */
	CALL_WRITE = 2,   /* make, write, cut, rename, remove, allocate */
	CALL_SYNC = 4,
	CALL_INDEX = 8,   /* LMDB */
	CALL_MEMORY = 16,
	CALL_SYSTEM = 32, /* threads, locks, random bytes */
	CALL_SOCKET = 64, /* sockets, their addresses and files, events, limits */
	CALL_HTTP = 128,  /* libmicrohttpd and libcurl */
};

struct plan {
	const char *name;
	unsigned calls; /* of these kinds */
	int error;      /* an errno value */
	bool forever;   /* the n-th call and every later one */
	const char *only; /* of these, the calls of this name alone; NULL: all */
};

/* From now on the n-th call (from 1) fails as planned. */
void window_arm(const struct plan *plan, unsigned n);

/* Everything works again. Whether a call failed since window_arm. */
bool window_disarm(void);

/* The name of the call that failed first, its kind (0: none did), and how many failed. */
const char *window_failed(void);
unsigned window_failed_kind(void);
unsigned window_failures(void);

/* Before each call that a thread makes inside, `look` is called, itself outside. NULL: no more. */
void window_watch(void (*look)(void));

/* What this thread calls is the test's own: it works, and nobody counts it. */
void window_outside(void);
void window_inside(void);

/* How often a file was written or synced again after its sync had failed. */
unsigned window_trusted_again(void);

/* ---- for the windows ---- */

/* Count a call. True when it shall fail; errno is then set. */
bool window_fails(unsigned call, const char *name);

/* A sync of `fd` failed; `fd` is written or synced; it is closed. */
void window_sync_failed(int fd);
void window_used(int fd);
void window_closed(int fd);

/* Declares and begins a wrapper that fails with -1 and errno. */
#define WRAP(type, name, ...) \
	type __real_##name(__VA_ARGS__); \
	type __wrap_##name(__VA_ARGS__); \
	type __wrap_##name(__VA_ARGS__)

#endif
