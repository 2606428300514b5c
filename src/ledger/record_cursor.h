/*
 * record_cursor.h -- private to the index's records: values as bytes, put one
 * behind the other and read back front to back. A failed reader stays failed and
 * gives zeros.
 */
#ifndef LEDGER_RECORD_CURSOR_H
#define LEDGER_RECORD_CURSOR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "domain/money.h"

struct cursor {
	struct bytes rest;
	bool failed;
};

void put_number(struct buffer *out, int64_t number);

/* Near zero in one byte, of either sign. */
void put_small(struct buffer *out, int64_t number);

/* With its NUL, so that a reader can use it in place. */
void put_text(struct buffer *out, const char *text);
void put_money(struct buffer *out, const struct money *money);

int64_t get_number(struct cursor *cursor);
int64_t get_small(struct cursor *cursor);
void get_text(struct cursor *cursor, char *out, size_t size);
void get_money(struct cursor *cursor, struct money *money);

/* ERR_CORRUPT unless everything was read and nothing is left. */
MUST_CHECK enum err cursor_finish(const struct cursor *cursor);

#endif
