/*
 * Token buckets in a table of fixed size. Addresses are placed by a keyed hash, so that nobody can
 * aim at a place; two that share one share its budget, which with many places is rare and harmless.
 * No address is kept: a place knows only its hash.
 */
#include "service/budget.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "sys/random.h"

enum { PLACES = 8192, MINUTE_US = 60000000 };

struct bucket {
	uint64_t who;        /* hash of the address */
	int64_t spent_us;    /* how far the bucket is emptied, as time that must pass to fill it */
	int64_t seen_us;
};

struct budget {
	pthread_mutex_t mutex;
	uint8_t key[16];
	struct bucket all;
	struct bucket places[PLACES];
};

struct budget *budget_new(void)
{
	struct budget *made = calloc(1, sizeof *made);

	if (made == NULL)
		return NULL;
	if (random_bytes(made->key, sizeof made->key) != OK) {
		free(made);
		return NULL;
	}
	pthread_mutex_init(&made->mutex, NULL);
	return made;
}

/* The network part that one person is likely to hold: a whole IPv4 address, the /64 of an IPv6 one. */
static struct bytes network_of(const char *address, uint8_t binary[static 16])
{
	if (inet_pton(AF_INET, address, binary) == 1)
		return (struct bytes){ (const char *)binary, 4 };
	if (inet_pton(AF_INET6, address, binary) == 1)
		return (struct bytes){ (const char *)binary, 8 };
	return bytes_of(address);
}

static uint64_t hash_of(const struct budget *budget, const char *address)
{
	uint8_t binary[16];
	uint8_t mac[DIGEST_BYTES];
	uint64_t hash = 0;
	struct bytes network = network_of(address, binary);

	/* Without memory for the hash everybody shares one place: stricter, never looser. */
	if (digest_hmac((struct bytes){ (const char *)budget->key, sizeof budget->key }, &network, 1, mac) == OK)
		memcpy(&hash, mac, sizeof hash);
	return hash;
}

/* What has filled again since the bucket was last seen. */
static void fill(struct bucket *bucket, int64_t now_us)
{
	int64_t passed_us = now_us - bucket->seen_us;

	bucket->seen_us = now_us;
	bucket->spent_us = passed_us >= bucket->spent_us ? 0 : bucket->spent_us - passed_us;
}

static bool has(const struct bucket *bucket, unsigned per_minute)
{
	return per_minute > 0 && bucket->spent_us + MINUTE_US / per_minute <= MINUTE_US;
}

bool budget_take(struct budget *budget, const char *address, unsigned per_address_minute, unsigned total_minute,
                 int64_t now_us)
{
	uint64_t who = hash_of(budget, address);
	struct bucket *own = &budget->places[who % PLACES];

	pthread_mutex_lock(&budget->mutex);
	fill(own, now_us);
	fill(&budget->all, now_us);
	if (own->who != who && own->spent_us == 0)
		own->who = who;
	bool taken = has(own, per_address_minute) && has(&budget->all, total_minute);

	if (taken) {
		own->spent_us += MINUTE_US / per_address_minute;
		budget->all.spent_us += MINUTE_US / total_minute;
	}
	pthread_mutex_unlock(&budget->mutex);
	return taken;
}

void budget_free(struct budget **budget)
{
	struct budget *freed = *budget;

	*budget = NULL;
	if (freed == NULL)
		return;
	pthread_mutex_destroy(&freed->mutex);
	free(freed);
}
