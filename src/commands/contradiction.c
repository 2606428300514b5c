#include "commands/contradiction.h"

#include <string.h>

#include "config/problems.h"
#include "ledger/scan.h"

struct finding {
	const struct config *config;
	struct config_problems *problems;
	/* A ledger repeats itself; we don't. */
	bool currency_told[CAMPAIGNS_MAX];
	bool tier_told[CAMPAIGNS_MAX][TIERS_MAX];
};

static const char *mode_name(bool live)
{
	return live ? "live" : "test";
}

static void compare_opened(struct finding *finding, const struct entry *entry)
{
	const struct config *config = finding->config;

	if (strcmp(entry->organisation, config->organisation_id) != 0)
		problems_add(finding->problems, config->places.organisation, "the ledger is that of organisation \"%s\"",
		             entry->organisation);
	if (entry->live != config->live)
		problems_add(finding->problems, config->places.mode, "the ledger's mode is \"%s\", for life",
		             mode_name(entry->live));
}

static void compare_currency(struct finding *finding, const struct entry *entry)
{
	const struct config *config = finding->config;
	const struct campaign *campaign = config_campaign(config, bytes_of(entry->campaign));

	if (campaign == NULL || currency_equal(&campaign->currency, &entry->amount.currency))
		return;
	size_t index = (size_t)(campaign - config->campaigns);

	if (finding->currency_told[index])
		return;
	finding->currency_told[index] = true;
	problems_add(finding->problems, config->places.currencies[index],
	             "the ledger has campaign \"%s\" in %s, for life", campaign->id, entry->amount.currency.code);
}

static void compare_tier(struct finding *finding, const struct entry *entry)
{
	const struct config *config = finding->config;
	const struct campaign *campaign;
	const struct tier *tier = config_tier(config, bytes_of(entry->tier), &campaign);

	if (tier == NULL || strcmp(campaign->id, entry->campaign) == 0)
		return;
	size_t index = (size_t)(campaign - config->campaigns);
	size_t of_tier = (size_t)(tier - campaign->tiers);

	if (finding->tier_told[index][of_tier])
		return;
	finding->tier_told[index][of_tier] = true;
	problems_add(finding->problems, config->places.tiers[index][of_tier],
	             "in the ledger tier \"%s\" belongs to campaign \"%s\", for life", tier->id, entry->campaign);
}

static void compare(struct finding *finding, const struct entry *entry)
{
	if (entry->kind == ENTRY_OPENED)
		compare_opened(finding, entry);
	if (entry->kind != ENTRY_PLEDGED)
		return;
	compare_currency(finding, entry);
	compare_tier(finding, entry);
}

enum err contradiction_find(const struct config *config, const char *data_dir,
                            struct config_problems *problems, struct why *why)
{
	struct finding finding = { .config = config, .problems = problems };
	struct scan *scan = NULL;
	bool more = true;
	enum err err = scan_open(&scan, data_dir, why);

	while (err == OK && more) {
		struct entry entry;

		err = scan_next(scan, &entry, &more, why);
		if (err == OK && more)
			compare(&finding, &entry);
	}
	scan_close(&scan);
	return err;
}
