#include "ledger/record.h"

#include <string.h>

#include "base/digest.h"

static enum err digest_key(struct bytes first, struct bytes second, struct record_key *key)
{
	uint8_t digest[DIGEST_BYTES];
	struct bytes pieces[] = { first, second };
	enum err err = digest_sha256(pieces, 2, digest);

	if (err != OK)
		return err;
	key->bytes[0] = '\xff';
	memcpy(key->bytes + 1, digest, DIGEST_BYTES);
	key->length = 1 + DIGEST_BYTES;
	return OK;
}

enum err record_key_of(const char *first, const char *second, struct record_key *key)
{
	size_t first_length = strlen(first) + 1; /* with its NUL */
	size_t second_length = strlen(second);

	if (first_length + second_length > sizeof key->bytes)
		return digest_key((struct bytes){ first, first_length }, (struct bytes){ second, second_length }, key);
	memcpy(key->bytes, first, first_length);
	memcpy(key->bytes + first_length, second, second_length);
	key->length = first_length + second_length;
	return OK;
}

struct bytes record_key_view(const struct record_key *key)
{
	return (struct bytes){ key->bytes, key->length };
}

static void put_number(struct buffer *out, int64_t number)
{
	buffer_append(out, &number, sizeof number);
}

/* With its NUL, so that a reader can use it in place. */
static void put_text(struct buffer *out, const char *text)
{
	buffer_append(out, text, strlen(text) + 1);
}

static void put_money(struct buffer *out, const struct money *money)
{
	put_text(out, money->currency.code);
	put_number(out, money->minor);
}

struct cursor {
	struct bytes rest;
	bool failed;
};

static int64_t get_number(struct cursor *cursor)
{
	int64_t number = 0;

	if (cursor->failed || cursor->rest.length < sizeof number) {
		cursor->failed = true;
		return 0;
	}
	memcpy(&number, cursor->rest.data, sizeof number);
	cursor->rest.data += sizeof number;
	cursor->rest.length -= sizeof number;
	return number;
}

static void get_text(struct cursor *cursor, char *out, size_t size)
{
	const char *end = cursor->rest.length > 0 ? memchr(cursor->rest.data, '\0', cursor->rest.length) : NULL;

	out[0] = '\0';
	if (cursor->failed || end == NULL || (size_t)(end - cursor->rest.data) >= size) {
		cursor->failed = true;
		return;
	}
	size_t length = (size_t)(end - cursor->rest.data) + 1;

	memcpy(out, cursor->rest.data, length);
	cursor->rest.data += length;
	cursor->rest.length -= length;
}

static void get_money(struct cursor *cursor, struct money *money)
{
	get_text(cursor, money->currency.code, sizeof money->currency.code);
	money->minor = get_number(cursor);
}

static enum err finish(const struct cursor *cursor)
{
	return cursor->failed || cursor->rest.length != 0 ? ERR_CORRUPT : OK;
}

enum err record_put_pledge(struct buffer *out, const struct pledge *pledge)
{
	put_number(out, (int64_t)pledge->status << 32 | (int64_t)pledge->interval << 16 | (int64_t)pledge->payment_status);
	put_number(out, (int64_t)pledge->settled_count);
	put_number(out, pledge->pledged_us);
	put_number(out, pledge->changed_us);
	put_money(out, &pledge->amount);
	put_text(out, pledge->id);
	put_text(out, pledge->account);
	put_text(out, pledge->campaign);
	put_text(out, pledge->tier);
	put_text(out, pledge->session);
	put_text(out, pledge->payment);
	return buffer_err(out);
}

enum err record_get_pledge(struct bytes bytes, struct pledge *pledge)
{
	struct cursor cursor = { .rest = bytes };
	int64_t states = get_number(&cursor);

	pledge->status = (enum pledge_status)(states >> 32 & 0xff);
	pledge->interval = (enum interval)(states >> 16 & 0xff);
	pledge->payment_status = (enum payment_status)(states & 0xff);
	pledge->settled_count = (uint32_t)get_number(&cursor);
	pledge->pledged_us = get_number(&cursor);
	pledge->changed_us = get_number(&cursor);
	get_money(&cursor, &pledge->amount);
	get_text(&cursor, pledge->id, sizeof pledge->id);
	get_text(&cursor, pledge->account, sizeof pledge->account);
	get_text(&cursor, pledge->campaign, sizeof pledge->campaign);
	get_text(&cursor, pledge->tier, sizeof pledge->tier);
	get_text(&cursor, pledge->session, sizeof pledge->session);
	get_text(&cursor, pledge->payment, sizeof pledge->payment);
	return finish(&cursor);
}

enum err record_put_parked(struct buffer *out, const struct entry *entry)
{
	put_number(out, (int64_t)entry->status);
	put_number(out, entry->at_s);
	put_money(out, &entry->amount);
	put_text(out, entry->account);
	put_text(out, entry->event);
	put_text(out, entry->type);
	put_text(out, entry->pledge);
	put_text(out, entry->payment);
	put_number(out, (int64_t)entry->ref_count);
	for (size_t i = 0; i < entry->ref_count; i++) {
		put_number(out, (int64_t)entry->refs[i].kind);
		put_text(out, entry->refs[i].id);
	}
	return buffer_err(out);
}

enum err record_get_parked(struct bytes bytes, struct event_command *command)
{
	struct cursor cursor = { .rest = bytes };
	struct event *event = &command->event;

	memset(command, 0, sizeof *command);
	event->kind = (enum event_kind)get_number(&cursor);
	event->at_s = get_number(&cursor);
	get_money(&cursor, &event->amount);
	get_text(&cursor, command->account, sizeof command->account);
	get_text(&cursor, event->id, sizeof event->id);
	get_text(&cursor, event->type, sizeof event->type);
	get_text(&cursor, event->pledge, sizeof event->pledge);
	get_text(&cursor, event->payment, sizeof event->payment);
	int64_t count = get_number(&cursor);

	for (int64_t i = 0; i < count && i < REFS_MAX; i++) {
		struct ref *ref = &event->refs[event->ref_count++];

		ref->kind = (enum ref_kind)get_number(&cursor);
		get_text(&cursor, ref->id, sizeof ref->id);
	}
	return finish(&cursor);
}
