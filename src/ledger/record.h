/*
 * record.h -- the index's values as bytes, and its keys. Host byte order: the
 * index is never moved to another machine, only rebuilt there.
 */
#ifndef LEDGER_RECORD_H
#define LEDGER_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "domain/decide.h"
#include "domain/entry.h"
#include "domain/payment.h"
#include "domain/pledge.h"
#include "ledger/ledger.h"

enum { KEY_BYTES_MAX = 96, DIGEST_KEY_BYTES = 16, RECORD_BYTES_MAX = 8 * 1024 };

struct record_key {
	size_t length;
	char bytes[KEY_BYTES_MAX];
};

/*
 * The two texts with a NUL between them: providers make ids that ascend with time, and neighbours in time are then
 * neighbours in the table (docs/decisions/0008). Texts too long for that are the SHA-256 of both behind a byte that
 * no text begins with. ERR_MEMORY.
 */
MUST_CHECK enum err record_key_of(const char *first, const char *second, struct record_key *key);

struct bytes record_key_view(const struct record_key *key);

/* What an event id was booked with. */
struct event_record {
	uint8_t digest[16]; /* head of its content's */
	uint64_t seq;
};

/* What is known of a provider's object: exactly one of these. */
enum known_sort {
	KNOWN_LINK = 'l',    /* it belongs to a pledge, and perhaps to one of its payments */
	KNOWN_PAYMENT = 'p', /* it stands for a payment */
	KNOWN_OBJECT = 'o',  /* a refund, dispute, payout or line of the balance */
};

struct known_object {
	enum known_sort sort;
	union {
		struct {
			char pledge[TOKEN_SIZE];
			char payment[OBJECT_ID_SIZE];
		} link;
		struct payment payment;
		struct provider_object object;
	} u;
};

/* ERR_CORRUPT when the bytes are not such a record. */
MUST_CHECK enum err record_put_pledge(struct buffer *out, const struct pledge *pledge);
MUST_CHECK enum err record_get_pledge(struct bytes bytes, struct pledge *pledge);
MUST_CHECK enum err record_put_known(struct buffer *out, const struct known_object *known);
MUST_CHECK enum err record_get_known(struct bytes bytes, struct known_object *known);
MUST_CHECK enum err record_put_parked(struct buffer *out, const struct entry *entry);
MUST_CHECK enum err record_get_parked(struct bytes bytes, struct parked *parked);
MUST_CHECK enum err record_put_owed(struct buffer *out, const struct owed *owed);
MUST_CHECK enum err record_get_owed(struct bytes bytes, struct owed *owed);

#endif
