#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/contradiction.h"
#include "ledger/ledger.h"

static char folder[64];
static struct config_problems problems;

static void on_done(void *context, const struct outcome *outcome)
{
	enum err *err = context;

	*err = outcome->err;
}

/* A ledger of organisation "example" in mode test, with pledges to "press" in EUR. */
static int make_ledger(void **state)
{
	struct command command = { .kind = COMMAND_PLEDGE };
	struct pledge_command *pledge = &command.u.pledge;
	struct ledger *ledger = NULL;
	enum err err[2] = { ERR_BUSY, ERR_BUSY };

	(void)state;
	snprintf(folder, sizeof folder, "/tmp/pledger-test-XXXXXX");
	if (mkdtemp(folder) == NULL)
		return -1;
	const struct ledger_options options = { .data_dir = folder, .organisation = "example" };

	if (ledger_open(&ledger, &options, NULL) != OK)
		return -1;
	strcpy(pledge->account, "stripe");
	strcpy(pledge->campaign, "press");
	strcpy(pledge->tier, "friend");
	pledge->amount = (struct money){ 2500, { "EUR" } };
	for (uint8_t i = 0; i < 2; i++) {
		token_pledge(1795334400000, (const uint8_t[10]){ i }, pledge->pledge);
		snprintf(pledge->session, sizeof pledge->session, "cs_test_%u", i);
		if (ledger_submit(ledger, &command, on_done, &err[i]) != OK)
			return -1;
	}
	ledger_close(&ledger);
	return err[0] != OK || err[1] != OK;
}

static int remove_ledger(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof command, "rm -rf %s", folder);
	return system(command);
}

/* A configuration that goes on with that ledger; each test changes one thing. */
static struct config *make_config(void)
{
	struct config *config = calloc(1, sizeof *config);

	assert_non_null(config);
	config->campaigns = calloc(2, sizeof config->campaigns[0]);
	assert_non_null(config->campaigns);
	strcpy(config->organisation_id, "example");
	strcpy(config->campaigns[0].id, "other");
	strcpy(config->campaigns[0].tiers[0].id, "mate");
	strcpy(config->campaigns[0].currency.code, "USD");
	strcpy(config->campaigns[1].id, "press");
	strcpy(config->campaigns[1].tiers[0].id, "friend");
	strcpy(config->campaigns[1].currency.code, "EUR");
	config->campaign_count = 2;
	config->campaigns[0].tier_count = 1;
	config->campaigns[1].tier_count = 1;
	config->places.organisation = (struct config_place){ 1, 1 };
	config->places.mode = (struct config_place){ 2, 1 };
	config->places.currencies[1] = (struct config_place){ 3, 1 };
	config->places.tiers[0][0] = (struct config_place){ 4, 1 };
	problems.count = 0;
	return config;
}

static void assert_one_problem(struct config *config, unsigned line, const char *text)
{
	assert_int_equal(contradiction_find(config, folder, &problems, NULL), OK);
	assert_int_equal(problems.count, 1);
	assert_int_equal(problems.items[0].place.line, line);
	assert_string_equal(problems.items[0].text, text);
	config_free(&config);
}

static void the_configuration_that_made_the_ledger_contradicts_nothing(void **state)
{
	struct config *config = make_config();

	(void)state;
	assert_int_equal(contradiction_find(config, folder, &problems, NULL), OK);
	assert_int_equal(problems.count, 0);
	config_free(&config);
}

static void another_organisation_contradicts(void **state)
{
	struct config *config = make_config();

	(void)state;
	strcpy(config->organisation_id, "somebody");
	assert_one_problem(config, 1, "the ledger is that of organisation \"example\"");
}

static void another_mode_contradicts(void **state)
{
	struct config *config = make_config();

	(void)state;
	config->live = true;
	assert_one_problem(config, 2, "the ledger's mode is \"test\", for life");
}

static void another_currency_contradicts_once(void **state)
{
	struct config *config = make_config();

	(void)state;
	strcpy(config->campaigns[1].currency.code, "CHF");
	assert_one_problem(config, 3, "the ledger has campaign \"press\" in EUR, for life");
}

static void a_tier_that_moved_contradicts_once(void **state)
{
	struct config *config = make_config();

	(void)state;
	strcpy(config->campaigns[0].tiers[0].id, "friend");
	strcpy(config->campaigns[1].tiers[0].id, "mate");
	assert_one_problem(config, 4, "in the ledger tier \"friend\" belongs to campaign \"press\", for life");
}

static void what_is_no_longer_named_contradicts_nothing(void **state)
{
	struct config *config = make_config();

	(void)state;
	config->campaign_count = 1;
	assert_int_equal(contradiction_find(config, folder, &problems, NULL), OK);
	assert_int_equal(problems.count, 0);
	config_free(&config);
}

static void a_folder_without_a_ledger_is_told(void **state)
{
	struct config *config = make_config();
	struct why why = { "" };

	(void)state;
	assert_int_equal(contradiction_find(config, "/tmp", &problems, &why), ERR_UNKNOWN);
	assert_string_not_equal(why.text, "");
	config_free(&config);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_configuration_that_made_the_ledger_contradicts_nothing),
		cmocka_unit_test(another_organisation_contradicts),
		cmocka_unit_test(another_mode_contradicts),
		cmocka_unit_test(another_currency_contradicts_once),
		cmocka_unit_test(a_tier_that_moved_contradicts_once),
		cmocka_unit_test(what_is_no_longer_named_contradicts_nothing),
		cmocka_unit_test(a_folder_without_a_ledger_is_told),
	};

	return cmocka_run_group_tests(tests, make_ledger, remove_ledger);
}
