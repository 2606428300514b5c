/*
 * err.h -- the one error type, and the text that explains a refusal.
 *
 * The values are sorted by whose move is next: first the sender's, then
 * nobody's (wait and try again), then ours. routes/problem.c turns them into
 * HTTP, commands/command.c into exit codes; both switches are exhaustive.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#define MUST_CHECK __attribute__((warn_unused_result))

enum err {
	OK = 0,
	/* the sender's move */
	ERR_INPUT,    /* malformed: it must be changed before it is sent again */
	ERR_FORGED,   /* a signature, token or secret does not hold */
	ERR_UNKNOWN,  /* names something that does not exist */
	ERR_CONFLICT, /* the same name was used before with other content */
	ERR_GONE,     /* was offered and is not any more */
	ERR_TOO_BIG,  /* over a bound of base/limits.h */
	/* wait, and try again */
	ERR_LIMITED,  /* this sender asked too often */
	ERR_BUSY,     /* a queue is full */
	ERR_PROVIDER, /* the payment provider failed or refused */
	/* ours */
	ERR_STORAGE, /* the disk refused: whether it is durable is unknown */
	ERR_CORRUPT, /* the ledger is damaged: a person must look */
	ERR_MEMORY,
	ERR_SYSTEM,  /* another call to the operating system failed */
};

/* A short name for logs: "input", "forged", … */
const char *err_name(enum err err);

/* Drop a result on purpose. Say why beside the call. */
static inline void err_ignore(enum err err)
{
	(void)err;
}

enum { WHY_SIZE = 320 };

/*
 * Why something was refused, in a sentence for the person whose move is next.
 * Never holds a secret or a donor's data. Functions that fail write it; an
 * empty text means that the error speaks for itself.
 */
struct why {
	char text[WHY_SIZE];
};

/*
 * Write the sentence, cut at the bound. It is well-formed UTF-8 without control
 * characters whatever went in: the rest becomes '?'. `why` may be NULL. Returns
 * `err`, so that a refusal is one statement: return why_set(why, ERR_INPUT, "…").
 */
enum err why_set(struct why *why, enum err err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
