#include "service/snapshot.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

/* A configuration lives as long as any snapshot made with it. */
struct held_config {
	atomic_uint holds;
	struct config *config;
};

/* The public part comes first: a pointer to it is a pointer to the whole. */
struct full_snapshot {
	struct snapshot public;
	atomic_uint holds;
	struct held_config *config;
	const struct renderer *renderer;
	struct meter *meters;
	struct offer *offers;
	struct campaign_totals totals[];
};

struct snapshots {
	pthread_mutex_t mutex;
	struct full_snapshot *current;
	struct ledger *ledger;
	struct renderer renderer;
};

static void config_drop(struct held_config *held)
{
	if (atomic_fetch_sub(&held->holds, 1) != 1)
		return;
	config_free(&held->config);
	free(held);
}

static struct full_snapshot *whole(const struct snapshot *snapshot)
{
	union {
		const struct snapshot *in;
		struct full_snapshot *out;
	} pointer = { snapshot };

	return pointer.out;
}

static void release(struct full_snapshot *snapshot)
{
	if (snapshot == NULL || atomic_fetch_sub(&snapshot->holds, 1) != 1)
		return;
	if (snapshot->public.rendered != NULL)
		snapshot->renderer->drop(snapshot->public.rendered);
	config_drop(snapshot->config);
	free(snapshot->meters);
	free(snapshot->offers);
	free(snapshot);
}

static enum err read_totals(struct snapshots *snapshots, struct full_snapshot *made, int64_t now_s)
{
	const struct config *config = made->public.config;
	struct ledger_status status;
	enum err err = OK;

	/* The head first: totals that are newer than it only lead to one more snapshot. */
	ledger_status(snapshots->ledger, &status);
	made->public.head = status.head;
	for (size_t i = 0; err == OK && i < config->campaign_count; i++) {
		const struct campaign *campaign = &config->campaigns[i];

		err = ledger_totals(snapshots->ledger, campaign->id, &campaign->currency, &made->totals[i]);
		if (err == OK)
			err = meter_read(snapshots->ledger, campaign, now_s, &made->meters[i]);
	}
	return err;
}

static enum err read_offer(struct ledger *ledger, const struct campaign *campaign, const struct meter *meter,
                           int64_t now_s, struct offer *offer)
{
	enum err err = OK;

	for (size_t i = 0; err == OK && i < campaign->tier_count; i++) {
		uint64_t taken = 0;

		if (campaign->tiers[i].stock > 0)
			err = ledger_taken(ledger, campaign->tiers[i].id, &taken);
		offer_take(offer, campaign, i, taken);
	}
	offer_judge(offer, campaign, &meter->raised, now_s);
	return err;
}

static enum err read_offers(struct snapshots *snapshots, struct full_snapshot *made, int64_t now_s)
{
	const struct config *config = made->public.config;
	enum err err = OK;

	for (size_t i = 0; err == OK && i < config->campaign_count; i++) {
		int64_t ends_s = config->campaigns[i].ends_s;

		if (ends_s > now_s && (made->public.until_s == 0 || ends_s < made->public.until_s))
			made->public.until_s = ends_s;
		err = read_offer(snapshots->ledger, &config->campaigns[i], &made->meters[i], now_s, &made->offers[i]);
	}
	return err;
}

static enum err make(struct snapshots *snapshots, struct held_config *config, int64_t now_s,
                     struct full_snapshot **snapshot, struct why *why)
{
	size_t count = config->config->campaign_count;
	struct full_snapshot *made = calloc(1, sizeof *made + count * sizeof made->totals[0]);

	if (made == NULL)
		return ERR_MEMORY;
	atomic_init(&made->holds, 1);
	atomic_fetch_add(&config->holds, 1);
	made->config = config;
	made->renderer = &snapshots->renderer;
	made->public.config = config->config;
	made->public.totals = made->totals;
	made->public.meters = made->meters = calloc(count, sizeof made->meters[0]);
	made->public.offers = made->offers = calloc(count, sizeof made->offers[0]);
	enum err err = made->meters == NULL || made->offers == NULL ? ERR_MEMORY : read_totals(snapshots, made, now_s);

	if (err == OK)
		err = read_offers(snapshots, made, now_s);
	if (err == OK)
		err = snapshots->renderer.render(&made->public, &made->public.rendered, why);
	if (err != OK) {
		release(made);
		return err;
	}
	*snapshot = made;
	return OK;
}

static struct held_config *config_hold_new(struct config *config)
{
	struct held_config *held = malloc(sizeof *held);

	if (held == NULL)
		return NULL;
	atomic_init(&held->holds, 1);
	held->config = config;
	return held;
}

enum err snapshots_publish(struct snapshots *snapshots, struct config *config, int64_t now_s, struct why *why)
{
	struct held_config *held = config != NULL ? config_hold_new(config) : snapshots->current->config;
	struct full_snapshot *made;

	if (held == NULL)
		return ERR_MEMORY;
	enum err err = make(snapshots, held, now_s, &made, why);

	if (err != OK) {
		/* The configuration stays the caller's. */
		if (config != NULL)
			free(held);
		return err;
	}
	if (config != NULL)
		config_drop(held); /* the snapshot holds it now */
	pthread_mutex_lock(&snapshots->mutex);
	struct full_snapshot *old = snapshots->current;

	snapshots->current = made;
	pthread_mutex_unlock(&snapshots->mutex);
	release(old);
	return OK;
}

enum err snapshots_open(struct snapshots **snapshots, struct config *config, struct ledger *ledger,
                        const struct renderer *renderer, int64_t now_s, struct why *why)
{
	struct snapshots *made = calloc(1, sizeof *made);

	if (made == NULL)
		return ERR_MEMORY;
	pthread_mutex_init(&made->mutex, NULL);
	made->ledger = ledger;
	made->renderer = *renderer;
	enum err err = snapshots_publish(made, config, now_s, why);

	if (err != OK) {
		snapshots_close(&made);
		return err;
	}
	*snapshots = made;
	return OK;
}

const struct snapshot *snapshot_hold(struct snapshots *snapshots)
{
	pthread_mutex_lock(&snapshots->mutex);
	struct full_snapshot *current = snapshots->current;

	atomic_fetch_add(&current->holds, 1);
	pthread_mutex_unlock(&snapshots->mutex);
	return &current->public;
}

const struct snapshot *snapshot_hold_again(const struct snapshot *snapshot)
{
	atomic_fetch_add(&whole(snapshot)->holds, 1);
	return snapshot;
}

void snapshot_drop(const struct snapshot **snapshot)
{
	const struct snapshot *held = *snapshot;

	*snapshot = NULL;
	if (held != NULL)
		release(whole(held));
}

void snapshots_close(struct snapshots **snapshots)
{
	struct snapshots *closed = *snapshots;

	*snapshots = NULL;
	if (closed == NULL)
		return;
	release(closed->current);
	pthread_mutex_destroy(&closed->mutex);
	free(closed);
}
