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
#include "domain/token.h"

struct cursor {
	struct bytes rest;
	bool failed;
};

void put_number(struct buffer *out, int64_t number);

/* Near zero in one byte, of either sign. */
void put_small(struct buffer *out, int64_t number);

/* With its NUL, so that a reader can use it in place. */
void put_text(struct buffer *out, const char *text);

/* Of at least `room` bytes, so that it may become longer and the record does not. */
void put_text_room(struct buffer *out, const char *text, size_t room);

/* In one byte where it is `known`, which whoever reads it has, too. */
void put_text_but(struct buffer *out, const char *text, const char *known);

/* A pledge's id, or "": its 16 bytes instead of its 30 characters. */
void put_pledge_id(struct buffer *out, const char *id);
void put_money(struct buffer *out, const struct money *money);

int64_t get_number(struct cursor *cursor);
int64_t get_small(struct cursor *cursor);
void get_text(struct cursor *cursor, char *out, size_t size);
void get_text_room(struct cursor *cursor, char *out, size_t size, size_t room);
void get_text_but(struct cursor *cursor, char *out, size_t size, const char *known);
void get_pledge_id(struct cursor *cursor, char out[static TOKEN_SIZE]);
void get_money(struct cursor *cursor, struct money *money);

/* ERR_CORRUPT unless everything was read and nothing is left. */
MUST_CHECK enum err cursor_finish(const struct cursor *cursor);

#endif
