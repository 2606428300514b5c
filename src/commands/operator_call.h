/*
 * operator_call.h -- ask the running service, at its operator's listener.
 */
#ifndef COMMANDS_OPERATOR_CALL_H
#define COMMANDS_OPERATOR_CALL_H

#include "base/bytes.h"
#include "config/config.h"

struct operator_call {
	const char *data_dir;   /* of the service: where it says how it is reached */
	const char *host;       /* a host name that it answers to */
	const char *token_file;
	const char *method;     /* static */
	const char *path;       /* with the query */
	struct bytes body;      /* JSON; empty for a GET */
};

/*
 * Ask, and wait for the answer: its status and body. ERR_BUSY when nobody answers at the address (it starts or stops),
 * nothing was asked then. ERR_PROVIDER when no whole answer came: what became of the request is unknown. ERR_INPUT for
 * a token that cannot be read; ERR_SYSTEM, ERR_MEMORY, ERR_STORAGE.
 */
MUST_CHECK enum err operator_call(const struct operator_call *call, int *status, struct buffer *answer, struct why *why);

/*
 * Why a door refused, in its own words where the answer is a problem (RFC 9457), and whose move is next by its status:
 * ERR_BUSY for 503, ERR_LIMITED, ERR_PROVIDER (502), ERR_SYSTEM (500), else ERR_INPUT.
 */
MUST_CHECK enum err operator_refusal(int status, struct bytes answer, struct why *why);

#endif
