/*
 * instance.h -- a whole service put together: ledger, provider client, both
 * listeners. What `serve` and `demo` run.
 */
#ifndef COMMANDS_INSTANCE_H
#define COMMANDS_INSTANCE_H

#include "base/err.h"
#include "config/config.h"
#include "routes/site.h"
#include "service/reconcile.h"

struct instance;

struct instance_options {
	const char *config_path;        /* read again on SIGHUP; lent */
	bool accept_clock;              /* the operator vouches for the wall clock */
	bool alone;                     /* without listeners: for instance_reconcile */
	bool demo;                      /* donors' pages may show the commands */
	struct shown_commands commands; /* ready to be typed; lent */
};

/*
 * Start everything. `config` is taken over in any case. On OK the caller owns
 * `*instance`. ERR_BUSY when another
 * process has the ledger, ERR_CONFLICT when an address is in use, and what
 * ledger_open says.
 */
MUST_CHECK enum err instance_start(struct instance **instance, struct config *config,
                                   const struct instance_options *options, struct why *why);

/* The addresses really bound. */
const char *instance_public(const struct instance *instance);
const char *instance_operator(const struct instance *instance);

/*
 * Serve until SIGTERM or SIGINT; SIGHUP reads the configuration again, keeping
 * the old one when the new one is bad. These signals must be blocked in every
 * thread (instance_signals).
 */
MUST_CHECK enum err instance_run(struct instance *instance, struct why *why);

/*
 * Reconcile once, as an instance that is alone. ERR_BUSY when a SIGTERM or SIGINT came before the end; else as
 * instance_run.
 */
MUST_CHECK enum err instance_reconcile(struct instance *instance, const struct reconcile_wish *wish, struct reconciliation *result,
                                       struct why *why);

/* Block the signals that instance_run waits for, and ignore SIGPIPE; before any thread starts. */
void instance_signals(void);

/* Answer what was asked, stop, free and null. Does nothing with NULL. */
void instance_stop(struct instance **instance);

#endif
