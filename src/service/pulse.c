#include "service/pulse.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* Accounts that a SIGHUP takes out stay until others need their room. */
enum { BEATS_MAX = 2 * ACCOUNTS_MAX };

static const int64_t hour_us = INT64_C(3600) * 1000000;

struct beat {
	char account[ID_SIZE]; /* "" when free */
	int64_t touched_us;
	struct pulse_reading reading;
};

struct pulse {
	pthread_mutex_t mutex;
	struct beat beats[BEATS_MAX];
};

struct pulse *pulse_new(void)
{
	struct pulse *pulse = calloc(1, sizeof *pulse);

	if (pulse != NULL && pthread_mutex_init(&pulse->mutex, NULL) != 0) {
		free(pulse);
		return NULL;
	}
	return pulse;
}

void pulse_free(struct pulse **pulse)
{
	if (*pulse == NULL)
		return;
	pthread_mutex_destroy(&(*pulse)->mutex);
	free(*pulse);
	*pulse = NULL;
}

static struct beat *find(struct pulse *pulse, const char *account)
{
	for (size_t i = 0; i < BEATS_MAX; i++)
		if (strcmp(pulse->beats[i].account, account) == 0)
			return &pulse->beats[i];
	return NULL;
}

/* The account's own, or the one that was touched the longest ago (a free one was never). */
static struct beat *take(struct pulse *pulse, const char *account, int64_t now_us)
{
	struct beat *found = find(pulse, account);
	struct beat *oldest = &pulse->beats[0];

	for (size_t i = 1; found == NULL && i < BEATS_MAX; i++)
		if (pulse->beats[i].touched_us < oldest->touched_us)
			oldest = &pulse->beats[i];
	if (found == NULL) {
		found = oldest;
		memset(found, 0, sizeof *found);
		memcpy(found->account, account, strlen(account) + 1);
	}
	found->touched_us = now_us;
	return found;
}

void pulse_session(struct pulse *pulse, const char *account, int64_t now_us)
{
	pthread_mutex_lock(&pulse->mutex);
	struct pulse_reading *reading = &take(pulse, account, now_us)->reading;

	if (reading->opened++ == 0)
		reading->opened_us = now_us;
	pthread_mutex_unlock(&pulse->mutex);
}

void pulse_delivery(struct pulse *pulse, const char *account, unsigned secret, int64_t now_us)
{
	pthread_mutex_lock(&pulse->mutex);
	struct pulse_reading *reading = &take(pulse, account, now_us)->reading;

	reading->heard_us = now_us;
	reading->opened = 0;
	reading->opened_us = 0;
	reading->deliveries[secret]++;
	if (secret > 0)
		reading->old_secret_us = now_us;
	pthread_mutex_unlock(&pulse->mutex);
}

void pulse_recall(struct pulse *pulse, const char *account, uint64_t opened, int64_t waited_us, int64_t now_us)
{
	pthread_mutex_lock(&pulse->mutex);
	struct pulse_reading *reading = &take(pulse, account, now_us)->reading;

	reading->opened = opened;
	reading->opened_us = now_us - waited_us;
	pthread_mutex_unlock(&pulse->mutex);
}

void pulse_rests(struct pulse *pulse, const char *account, bool rests, int64_t now_us)
{
	pthread_mutex_lock(&pulse->mutex);
	take(pulse, account, now_us)->reading.rests = rests;
	pthread_mutex_unlock(&pulse->mutex);
}

struct pulse_reading pulse_read(struct pulse *pulse, const char *account)
{
	struct pulse_reading reading = { .heard_us = 0 };

	pthread_mutex_lock(&pulse->mutex);
	const struct beat *beat = find(pulse, account);

	if (beat != NULL)
		reading = beat->reading;
	pthread_mutex_unlock(&pulse->mutex);
	return reading;
}

bool pulse_is_quiet(const struct pulse_reading *reading, const struct provider_account *account, int64_t now_us)
{
	return reading->opened > 0 && now_us - reading->opened_us >= account->quiet_hours * hour_us;
}

bool pulse_is_resting(const struct pulse_reading *reading, const struct provider_account *account, int64_t now_us)
{
	(void)account;
	(void)now_us;
	return reading->rests;
}

bool pulse_old_secret(const struct pulse_reading *reading, const struct provider_account *account, int64_t now_us)
{
	return account->webhook_secret_count > 1 && reading->old_secret_us != 0 && now_us - reading->old_secret_us < 24 * hour_us;
}
