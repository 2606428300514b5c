/*
 * watch.h -- the service's own troubles, told and worked on: a ledger that takes
 * nothing is told to the log once a minute, the free space and the clocks are looked
 * at once a second, though nobody gives anything, and a clock that is not believed is
 * compared with the providers' until it is.
 * A provider that tells nothing while sessions are opened, or that still signs with an
 * old secret, is told of once an hour; how long it has told nothing outlives a restart.
 */
#ifndef SERVICE_WATCH_H
#define SERVICE_WATCH_H

#include "service/pulse_file.h"
#include "service/service.h"

struct watch {
	struct service *service;
	bool troubled;      /* when last looked */
	int64_t told_us;    /* by the monotonic clock */
	int64_t asked_us;   /* when a provider was last asked what time it is; 0: never */
	int64_t told_quiet_us[ACCOUNTS_MAX];  /* … of each account, by its place in the configuration; 0: not */
	int64_t told_secret_us[ACCOUNTS_MAX];
	bool keeps;               /* between watch_begin and watch_end */
	int64_t kept_us;          /* when that was last tried */
	struct pulse_file kept;
};

/*
 * Before the first delivery: take up how long sessions have waited for one, and keep that in the data directory until
 * watch_end. A watch that is not begun, of a process that nobody delivers to, leaves it as it is.
 */
void watch_begin(struct watch *watch, int64_t now_us);
void watch_end(struct watch *watch, int64_t now_us);

/*
 * Look, at any time and often; `now_us` by the monotonic clock. Logs when trouble
 * begins, once a minute while it lasts, and when it ends. Says in how many
 * milliseconds to look again.
 */
int watch_look(struct watch *watch, int64_t now_us);

#endif
