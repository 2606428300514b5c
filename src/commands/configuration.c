#include "commands/configuration.h"

#include <stdio.h>

#include "config/problems.h"
#include "webhooks/provider.h"

static void fill_api_urls(struct config *config)
{
	for (size_t i = 0; i < config->account_count; i++) {
		struct provider_account *account = &config->accounts[i];

		if (account->api_url[0] == '\0')
			snprintf(account->api_url, sizeof account->api_url, "%s",
			         provider_find(account->provider)->api_url);
	}
}

/* Whether any account can ask for the amount; if not, `why` is the last one's. */
static bool is_payable(const struct config *config, const struct money *amount, struct why *why)
{
	for (size_t i = 0; i < config->account_count; i++)
		if (provider_find(config->accounts[i].provider)->check_amount(amount, why) == OK)
			return true;
	return false;
}

static void check_amounts(const struct config *config, struct config_problems *problems)
{
	for (size_t i = 0; i < config->campaign_count; i++)
		for (size_t j = 0; j < config->campaigns[i].tier_count; j++) {
			struct why why = { "" };

			if (!is_payable(config, &config->campaigns[i].tiers[j].amount, &why))
				problems_add(problems, config->places.amounts[i][j], "no account can take this: %s",
				             why.text);
		}
}

static enum err read_and_check(const char *path, bool read_secrets, struct config **config,
                               struct config_problems *problems)
{
	struct config *read = NULL;
	enum err err = config_read(path, read_secrets, provider_names(), &read, problems);

	if (err != OK)
		return err;
	fill_api_urls(read);
	check_amounts(read, problems);
	if (problems->count > 0) {
		config_free(&read);
		return ERR_INPUT;
	}
	*config = read;
	return OK;
}

enum err configuration_read(const char *path, struct config **config, struct config_problems *problems)
{
	return read_and_check(path, true, config, problems);
}

enum err configuration_read_without_secrets(const char *path, struct config **config,
                                            struct config_problems *problems)
{
	return read_and_check(path, false, config, problems);
}

void configuration_print(const char *path, const struct config_problems *problems)
{
	for (size_t i = 0; i < problems->count; i++) {
		const struct config_problem *problem = &problems->items[i];

		if (problem->place.line == 0)
			fprintf(stderr, "%s: %s\n", path, problem->text);
		else
			fprintf(stderr, "%s:%u:%u: %s\n", path, problem->place.line, problem->place.column,
			        problem->text);
	}
	if (problems->more)
		fprintf(stderr, "%s: there are more mistakes than these %d\n", path, CONFIG_PROBLEMS_MAX);
}
