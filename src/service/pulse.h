/*
 * pulse.h -- whether a provider still tells us anything: when its last authentic
 * delivery came, how many sessions were opened since, and by which webhook secrets.
 *
 * And whether it answers what we ask it.
 *
 * Every session ends with an event, be it its expiry: sessions without any event
 * for hours mean that the deliveries do not arrive. By the monotonic clock, from
 * the start of the process on but for what pulse_recall says; safe from any thread.
 */
#ifndef SERVICE_PULSE_H
#define SERVICE_PULSE_H

#include <stdbool.h>
#include <stdint.h>

#include "domain/provider_account.h"

struct pulse;

struct pulse_reading {
	int64_t heard_us;                  /* when the last authentic delivery came; 0: none since the start */
	uint64_t opened;                   /* sessions opened since then */
	int64_t opened_us;                 /* when the first of them was; 0 without any */
	uint64_t deliveries[SECRETS_MAX];  /* authentic ones by the secret that matched */
	int64_t old_secret_us;             /* when one matched another secret than the first; 0: never */
	bool rests;                        /* it does not answer what it is asked (owed.h) */
};

/* NULL when out of memory. */
struct pulse *pulse_new(void);

/* Free and null. Does nothing with NULL. */
void pulse_free(struct pulse **pulse);

/* A session was opened at the account; an authentic delivery came, by the secret of that number. */
void pulse_session(struct pulse *pulse, const char *account, int64_t now_us);
void pulse_delivery(struct pulse *pulse, const char *account, unsigned secret, int64_t now_us);

/*
 * So many sessions were opened under an earlier process, the first of them `waited_us` of service ago, and no delivery has
 * come since. Before anything else is told of the account.
 */
void pulse_recall(struct pulse *pulse, const char *account, uint64_t opened, int64_t waited_us, int64_t now_us);

/* What is owed to the account rests, or does so no longer. */
void pulse_rests(struct pulse *pulse, const char *account, bool rests, int64_t now_us);

/* All zero where nothing has happened. */
struct pulse_reading pulse_read(struct pulse *pulse, const char *account);

/* Whether no event has come for longer than the account's configuration allows, while sessions were opened. */
bool pulse_is_quiet(const struct pulse_reading *reading, const struct provider_account *account, int64_t now_us);

/* Whether what is owed to the account rests because it does not answer. */
bool pulse_is_resting(const struct pulse_reading *reading, const struct provider_account *account, int64_t now_us);

/* Whether the provider has signed with another secret than the first one of several in the last day. */
bool pulse_old_secret(const struct pulse_reading *reading, const struct provider_account *account, int64_t now_us);

#endif
