/*
 * operation.h -- what an operator enters: an offline gift, a correction, a refund
 * that the provider is to be asked for, and what becomes of parked events.
 *
 * The same use case behind the operator's doors and, where no service runs,
 * behind the commands. Each entry carries a reference of the operator's: the same
 * one again is already done, with other content it is a conflict, so whoever does
 * not know what became of a request sends it again.
 */
#ifndef SERVICE_OPERATION_H
#define SERVICE_OPERATION_H

#include "config/config.h"
#include "ledger/ledger.h"

enum operation {
	OPERATION_RECORD, /* an offline gift */
	OPERATION_ADJUST, /* a correction between two accounts */
	OPERATION_REFUND, /* the provider is to be asked to give back */
	OPERATION_RETRY,  /* parked events once more: one, or all */
	OPERATION_DROP,   /* a parked event will never be booked */
	OPERATIONS,
};

/* What an operation may be told, as somebody typed it. */
enum operation_wish {
	OPERATION_REF,
	OPERATION_REASON,
	OPERATION_TIER,
	OPERATION_AMOUNT,
	OPERATION_CURRENCY,
	OPERATION_AT,
	OPERATION_DEBIT,
	OPERATION_CREDIT,
	OPERATION_PAYMENT,
	OPERATION_PLEDGE,
	OPERATION_ACCOUNT,
	OPERATION_SEQ,
	OPERATION_WISHES,
};

enum { OPERATION_TEXT_SIZE = OBJECT_ID_SIZE }; /* of each, its NUL included */

/* The member's name at a door: "ref". On a command line it has dashes: "--ref". */
const char *operation_wish_name(enum operation_wish wish);

struct operation_request {
	enum operation operation;
	const char *texts[OPERATION_WISHES]; /* NULL where nothing was given; lent until operation_begin returns */
};

/* Whether the operation knows that wish, and whether it cannot do without. */
bool operation_takes(enum operation operation, enum operation_wish wish);
bool operation_needs(enum operation operation, enum operation_wish wish);

struct operation_result {
	enum err err;             /* OK, or ERR_INPUT, ERR_UNKNOWN, ERR_CONFLICT, ERR_BUSY, ERR_STORAGE (unknown: ask again
	                             with the same reference), ERR_MEMORY, ERR_SYSTEM */
	struct why why;           /* of an error: a sentence for the operator */
	enum operation operation;
	bool already;             /* the reference was used for just this before */
	uint64_t seq;             /* of the entry, also of the earlier one */
	char reference[REFERENCE_SIZE];
	/* of what was booked now */
	char account[ID_SIZE];
	char pledge[TOKEN_SIZE];
	char payment[OBJECT_ID_SIZE];
	char campaign[ID_SIZE];
	char tier[ID_SIZE];
	struct money amount;
	/* of OPERATION_RETRY: parked events that are booked now, and that still wait */
	uint64_t booked;
	uint64_t waiting;
};

/* Called exactly once, from inside operation_begin or later on the writer's thread. */
typedef void operation_done(void *context, const struct operation_result *result);

/* `config` is needed until it returns. */
void operation_begin(struct ledger *ledger, const struct config *config, const struct operation_request *request,
                     operation_done *done, void *context);

/* A result that is OK as JSON (schemas/operation-answer.schema.json, schemas/retry-answer.schema.json). */
void operation_write(const struct operation_result *result, struct buffer *out);

enum { PARKED_PAGE_MAX = 100 };

/*
 * The parked events behind the entry `after` as JSON (schemas/parked.schema.json), at most PARKED_PAGE_MAX of them.
 * As ledger_parked_next.
 */
MUST_CHECK enum err operation_write_parked(struct ledger *ledger, uint64_t after, struct buffer *out);

#endif
