#include "ledger/record.h"

#include <string.h>

#include "base/digest.h"
#include "ledger/record_cursor.h"

/* An open pledge has room for the id of its payment: paid, it is as long as before, and no page of the table splits. */
enum { PAYMENT_ROOM = 32 };

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

enum err record_put_pledge(struct buffer *out, const struct pledge *pledge)
{
	put_small(out, (int64_t)pledge->status);
	put_small(out, (int64_t)pledge->interval);
	put_small(out, (int64_t)pledge->payment_status);
	put_small(out, (int64_t)pledge->settled_count);
	put_small(out, (int64_t)pledge->pending_count);
	put_small(out, (int64_t)pledge->failed | (int64_t)pledge->expired << 1 | (int64_t)pledge->ended << 2);
	put_number(out, pledge->pledged_us);
	put_number(out, pledge->changed_us);
	put_money(out, &pledge->amount);
	put_pledge_id(out, pledge->id);
	put_text(out, pledge->account);
	put_text(out, pledge->campaign);
	put_text(out, pledge->tier);
	put_text(out, pledge->session);
	put_text_room(out, pledge->payment, PAYMENT_ROOM);
	return buffer_err(out);
}

enum err record_get_pledge(struct bytes bytes, struct pledge *pledge)
{
	struct cursor cursor = { .rest = bytes };

	pledge->status = (enum pledge_status)get_small(&cursor);
	pledge->interval = (enum interval)get_small(&cursor);
	pledge->payment_status = (enum payment_status)get_small(&cursor);
	pledge->settled_count = (uint32_t)get_small(&cursor);
	pledge->pending_count = (uint32_t)get_small(&cursor);
	int64_t facts = get_small(&cursor);

	pledge->failed = (facts & 1) != 0;
	pledge->expired = (facts & 2) != 0;
	pledge->ended = (facts & 4) != 0;
	pledge->pledged_us = get_number(&cursor);
	pledge->changed_us = get_number(&cursor);
	get_money(&cursor, &pledge->amount);
	get_pledge_id(&cursor, pledge->id);
	get_text(&cursor, pledge->account, sizeof pledge->account);
	get_text(&cursor, pledge->campaign, sizeof pledge->campaign);
	get_text(&cursor, pledge->tier, sizeof pledge->tier);
	get_text(&cursor, pledge->session, sizeof pledge->session);
	get_text_room(&cursor, pledge->payment, sizeof pledge->payment, PAYMENT_ROOM);
	return cursor_finish(&cursor);
}
