/*
 * log.h -- one logfmt line per event, to standard error:
 *
 *   time=2026-11-22T10:59:09.123456Z level=info event=request method=GET status=200
 *
 * A line is put together on the caller's stack and handed over whole; lines are
 * written in batches (a write costs more than a line). A value with anything but
 * plain printable ASCII is quoted and escaped, so that no bytes from outside can
 * forge a field or a line.
 * Not here: what may be logged (never a secret, never a whole body).
 */
#ifndef SYS_LOG_H
#define SYS_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"

enum log_level {
	LOG_INFO,
	LOG_WARNING, /* this and worse are written at once */
	LOG_ERROR,
};

enum {
	LOG_LINE_BYTES_MAX = 1024,
	LOG_VALUE_BYTES_MAX = 256, /* of one value; a longer one is cut and ends with "[cut]" */
};

struct log_line {
	char text[LOG_LINE_BYTES_MAX];
	size_t length;
	bool urgent;
	bool cut; /* a field did not fit; the line says cut=true */
};

/*
 * Write to `fd` from now on, in batches: at 32 KiB, after 100 ms, at a warning,
 * at log_close. Before log_open and after log_close each line goes to standard
 * error at once. ERR_SYSTEM when the thread cannot be had. The process ignores
 * SIGPIPE. log_close writes what is left.
 */
MUST_CHECK enum err log_open(int fd);
void log_close(void);

/* Write what has been handed over. Returns when it is out or lost (the reader of `fd` is gone). */
void log_flush(void);

/*
 * Put a line together, from any thread: begin, fields in the order wanted, end.
 * `event` and each `name` are texts of the program: [a-z0-9_-]+.
 */
void log_begin(struct log_line *line, enum log_level level, const char *event);
void log_text(struct log_line *line, const char *name, struct bytes value);
void log_word(struct log_line *line, const char *name, const char *value);
void log_number(struct log_line *line, const char *name, int64_t value);
void log_end(struct log_line *line);

/* How many lines were lost because `fd` took none and the memory for them was full. */
uint64_t log_lost(void);

#endif
