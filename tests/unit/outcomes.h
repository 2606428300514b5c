/*
 * outcomes.h -- what comes back of outgoing calls: counted, the last one kept, and waited for.
 */
#ifndef TESTS_UNIT_OUTCOMES_H
#define TESTS_UNIT_OUTCOMES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "net/https_client.h"

struct came_back {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	int count;
	int answered;   /* of these, with status 200 */
	int wordless;   /* of these, failed without a reason */
	int status;
	char failure[256];
	char fields[4096];
	char body[4096];
};

static struct came_back outcome = { .lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER };

static inline void forget_outcomes(void)
{
	outcome.count = outcome.answered = outcome.wordless = 0;
}

static inline void keep_text(char *out, size_t size, struct bytes from)
{
	size_t length = from.length < size - 1 ? from.length : size - 1;

	if (length > 0)
		memcpy(out, from.data, length);
	out[length] = '\0';
}

static inline void keep(void *context, const struct http_answer *answer)
{
	(void)context;
	pthread_mutex_lock(&outcome.lock);
	outcome.count++;
	outcome.answered += answer->status == 200;
	outcome.wordless += answer->status == 0 && answer->failure[0] == '\0';
	outcome.status = answer->status;
	keep_text(outcome.failure, sizeof outcome.failure, bytes_of(answer->failure));
	keep_text(outcome.fields, sizeof outcome.fields, answer->fields);
	keep_text(outcome.body, sizeof outcome.body, answer->body);
	pthread_cond_broadcast(&outcome.changed);
	pthread_mutex_unlock(&outcome.lock);
}

static inline void await_outcomes(int count)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += 20;
	pthread_mutex_lock(&outcome.lock);
	while (outcome.count < count)
		if (pthread_cond_clockwait(&outcome.changed, &outcome.lock, CLOCK_MONOTONIC, &until) != 0)
			break;
	int seen = outcome.count;
	pthread_mutex_unlock(&outcome.lock);
	if (seen != count)
		fail_msg("%d of %d calls came back; the last: %d %s", seen, count, outcome.status, outcome.failure);
}

#endif
