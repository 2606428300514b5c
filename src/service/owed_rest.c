#include "service/owed_rest.h"

#include <stdlib.h>
#include <string.h>

enum {
	FIRST_REST_MS = 500,
	LONGEST_REST_MS = 5 * 60 * 1000,
	LONGEST_WISH_S = 3600,
};

void rests_walk(struct rests *rests)
{
	for (size_t i = 0; i < rests->count; i++) {
		struct rest *rest = &rests->accounts[i];

		rest->configured = rest->met = false;
		rest->first_us = INT64_MAX;
	}
}

static struct rest *find(const struct rests *rests, const char *account)
{
	for (size_t i = 0; i < rests->count; i++)
		if (strcmp(rests->accounts[i].account, account) == 0)
			return &rests->accounts[i];
	return NULL;
}

bool rests_take(struct rests *rests, const char *account)
{
	struct rest *rest = find(rests, account);

	if (rest == NULL) {
		struct rest *grown = realloc(rests->accounts, (rests->count + 1) * sizeof *grown);

		if (grown == NULL)
			return false;
		rests->accounts = grown;
		rest = &grown[rests->count++];
		*rest = (struct rest){ .first_us = INT64_MAX };
		memcpy(rest->account, account, strlen(account) + 1);
	}
	rest->configured = true;
	return true;
}

bool rests_find(const struct rests *rests, const char *account, unsigned *place)
{
	const struct rest *rest = find(rests, account);

	if (rest == NULL || !rest->configured)
		return false;
	*place = (unsigned)(rest - rests->accounts);
	return true;
}

void rest_failed(struct rest *rest, int64_t retry_after_s, uint32_t chance, int64_t now_us)
{
	int64_t ms = FIRST_REST_MS;
	int64_t wish_ms = (retry_after_s < LONGEST_WISH_S ? retry_after_s : LONGEST_WISH_S) * 1000;

	if (!rest->resting)
		rest->since_us = now_us;
	rest->resting = true;
	rest->failures++;
	for (unsigned i = 1; i < rest->failures && ms < LONGEST_REST_MS; i++)
		ms *= 2;
	ms = (ms < LONGEST_REST_MS ? ms : LONGEST_REST_MS) * (75 + chance % 51) / 100;
	rest->due_us = now_us + (ms > wish_ms ? ms : wish_ms) * 1000;
}

void rest_over(struct rest *rest)
{
	rest->resting = false;
	rest->failures = 0;
}

void rests_free(struct rests *rests)
{
	free(rests->accounts);
	*rests = (struct rests){ 0 };
}
