#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/config.h"

static const char *const providers[] = { "stripe", "other", NULL };

/* What a test does not look at. */
#define ORGANISATION "\"organisation\":{\"id\":\"o\",\"name\":\"O\"},"
#define MODE "\"mode\":\"test\","
#define DATA_DIR "\"data_dir\":\"data\","
#define PUBLIC "\"public\":{\"url\":\"https://donate.example.org\"},"
#define OPERATOR "\"operator\":{\"token_file\":\"token\"},"
#define ACCOUNT "{\"id\":\"a\",\"provider\":\"stripe\",\"key_file\":\"key\",\"webhook_secret_files\":[\"hook\"]}"
#define ACCOUNTS "\"accounts\":[" ACCOUNT "],"
#define TIER(id, amount) "{\"id\":\"" id "\",\"label\":\"L\",\"amount\":" amount ",\"interval\":\"once\"}"
#define CAMPAIGN(id, currency, more, tiers) \
	"{\"id\":\"" id "\",\"title\":\"T\",\"currency\":\"" currency "\"," more "\"tiers\":[" tiers "]}"
#define CAMPAIGNS "\"campaigns\":[" CAMPAIGN("c", "EUR", "", TIER("t", "\"25.00\"")) "]"
#define HEAD ORGANISATION MODE DATA_DIR PUBLIC OPERATOR
#define WITH_CAMPAIGNS(list) "{" HEAD ACCOUNTS "\"campaigns\":[\n" list "]}"
#define WITH_ACCOUNTS(list) "{" HEAD "\"accounts\":[\n" list "]," CAMPAIGNS "}"

static struct config_problems problems;

static struct config *parse_good(const char *text)
{
	struct config *config = NULL;
	enum err err = config_parse(bytes_of(text), "/etc/pledger", false, providers, &config, &problems);

	if (err != OK)
		fail_msg("%u:%u: %s", problems.items[0].place.line, problems.items[0].place.column, problems.items[0].text);
	return config;
}

static void parse_bad(const char *text)
{
	struct config *config = NULL;

	assert_int_equal(config_parse(bytes_of(text), "/etc/pledger", false, providers, &config, &problems), ERR_INPUT);
	assert_null(config);
	assert_true(problems.count > 0);
}

static void assert_problem(size_t index, unsigned line, unsigned column, const char *fragment)
{
	const struct config_problem *problem = &problems.items[index];

	assert_true(index < problems.count);
	if (problem->place.line != line || problem->place.column != column || strstr(problem->text, fragment) == NULL)
		fail_msg("%u:%u: %s", problem->place.line, problem->place.column, problem->text);
}

/* ---- reading ---- */

static void what_the_file_leaves_out_has_its_default(void **state)
{
	struct config *config = parse_good("{" HEAD ACCOUNTS CAMPAIGNS "}");

	(void)state;
	assert_string_equal(config->public_listen, "127.0.0.1:8080");
	assert_string_equal(config->operator_listen, "127.0.0.1:8081");
	assert_int_equal(config->operator_host_count, 2);
	assert_string_equal(config->operator_hosts[0], "127.0.0.1:8081");
	assert_string_equal(config->operator_hosts[1], "localhost:8081");
	assert_int_equal(config->sessions_per_address, 20);
	assert_int_equal(config->sessions_total, 600);
	assert_int_equal(config->reserve_bytes, 64 << 20);
	assert_int_equal(config->segment_bytes, 64 << 20);
	assert_int_equal(config->reconcile_minutes, 15);
	assert_int_equal(config->accounts[0].tolerance_s, 300);
	assert_int_equal(config->accounts[0].quiet_hours, 6);
	assert_string_equal(config->accounts[0].api_url, "");
	assert_string_equal(config->campaigns[0].button, "");
	assert_false(config->campaigns[0].has_language);
	assert_int_equal(config->campaigns[0].goal.minor, 0);
	assert_int_equal(config->campaigns[0].default_tier, 0);
	config_free(&config);
	assert_null(config);
}

static void everything_the_file_says_is_read(void **state)
{
	struct config *config = parse_good(
		"{\"$schema\":\"config.schema.json\"," ORGANISATION "\"mode\":\"live\",\"data_dir\":\"/var/lib/pledger\","
		"\"public\":{\"url\":\"https://d.example\",\"listen\":\"systemd:0\",\"sites\":[\"https://www.example\"],"
		"\"trusted_proxies\":[\"unix\",\"::1\"]},"
		"\"operator\":{\"listen\":\"unix:/run/o.sock\",\"hosts\":[\"ops\"],\"token_file\":\"t\"},"
		"\"limits\":{\"sessions_per_address_minute\":3,\"sessions_per_minute\":4,\"free_space_mib\":5,\"segment_kib\":17},\"reconcile_minutes\":0,"
		"\"accounts\":[{\"id\":\"a\",\"provider\":\"stripe\",\"key_file\":\"k\",\"webhook_secret_files\":[\"h\"],"
		"\"label\":\"Card\",\"api_url\":\"http://127.0.0.1:1\",\"tolerance_seconds\":30,\"quiet_hours\":48}],\"campaigns\":["
		CAMPAIGN("c", "KWD", "\"text\":\"\\u00e4 b\",\"button\":\"Give\",\"goal\":\"5\",\"marks\":[\"0\",\"0.001\"],"
		         "\"default_tier\":\"u\",", TIER("t", "\"1\"") "," TIER("u", "\"1.5\"")) "]}");

	(void)state;
	assert_true(config->live);
	assert_true(config->accounts[0].live);
	assert_string_equal(config->data_dir, "/var/lib/pledger");
	assert_string_equal(config->public_listen, "systemd:0");
	assert_string_equal(config->sites[0], "https://www.example");
	assert_string_equal(config->trusted_proxies[1], "::1");
	assert_int_equal(config->operator_host_count, 1);
	assert_string_equal(config->operator_hosts[0], "ops");
	assert_int_equal(config->sessions_total, 4);
	assert_int_equal(config->reserve_bytes, 5 << 20);
	assert_int_equal(config->segment_bytes, 17 << 10);
	assert_int_equal(config->reconcile_minutes, 0);
	assert_string_equal(config->accounts[0].label, "Card");
	assert_int_equal(config->accounts[0].tolerance_s, 30);
	assert_int_equal(config->accounts[0].quiet_hours, 48);
	assert_string_equal(config->campaigns[0].text, "ä b");
	assert_int_equal(config->campaigns[0].goal.minor, 5000);
	assert_int_equal(config->campaigns[0].marks[1].minor, 1);
	assert_int_equal(config->campaigns[0].default_tier, 1);
	assert_int_equal(config->campaigns[0].tiers[1].amount.minor, 1500);
	config_free(&config);
}

static void the_order_of_members_does_not_matter(void **state)
{
	struct config *config = parse_good(
		"{\"campaigns\":[{\"default_tier\":\"t\",\"tiers\":[" TIER("t", "\"80\"") "],\"marks\":[\"0\"],\"currency\":\"JPY\","
		"\"title\":\"T\",\"id\":\"c\"}]," ACCOUNTS OPERATOR PUBLIC DATA_DIR "\"mode\":\"live\"," ORGANISATION
		"\"limits\":{}}");

	(void)state;
	assert_true(config->accounts[0].live);
	assert_int_equal(config->campaigns[0].tiers[0].amount.minor, 80);
	config_free(&config);
}

static void a_relative_path_starts_at_the_configurations_folder(void **state)
{
	struct config *config = parse_good("{" HEAD ACCOUNTS CAMPAIGNS "}");

	(void)state;
	assert_string_equal(config->data_dir, "/etc/pledger/data");
	config_free(&config);
}

static void an_operator_on_a_socket_answers_to_localhost(void **state)
{
	struct config *config = parse_good("{" ORGANISATION MODE DATA_DIR PUBLIC
		"\"operator\":{\"listen\":\"unix:/run/o.sock\",\"token_file\":\"t\"}," ACCOUNTS CAMPAIGNS "}");

	(void)state;
	assert_int_equal(config->operator_host_count, 1);
	assert_string_equal(config->operator_hosts[0], "localhost");
	config_free(&config);
}

static void campaigns_accounts_and_tiers_are_found_by_id(void **state)
{
	struct config *config = parse_good(WITH_CAMPAIGNS(
		CAMPAIGN("c", "EUR", "", TIER("t", "\"1\"")) "," CAMPAIGN("d", "USD", "", TIER("u", "\"2\""))));
	const struct campaign *campaign = NULL;

	(void)state;
	assert_ptr_equal(config_tier(config, BYTES_LITERAL("u"), &campaign), &config->campaigns[1].tiers[0]);
	assert_ptr_equal(campaign, &config->campaigns[1]);
	assert_ptr_equal(config_campaign(config, BYTES_LITERAL("c")), &config->campaigns[0]);
	assert_ptr_equal(config_account(config, BYTES_LITERAL("a")), &config->accounts[0]);
	assert_null(config_tier(config, BYTES_LITERAL("v"), &campaign));
	assert_null(config_campaign(config, BYTES_LITERAL("")));
	assert_null(config_account(config, BYTES_LITERAL("b")));
	config_free(&config);
}

/* ---- places ---- */

static void a_mistake_in_a_value_stands_at_the_value(void **state)
{
	(void)state;
	parse_bad("{\n\t\"mode\" :\n  \"prod\"," ORGANISATION DATA_DIR PUBLIC OPERATOR ACCOUNTS CAMPAIGNS "}");
	assert_int_equal(problems.count, 1);
	assert_problem(0, 3, 3, "a mode is \"test\" or \"live\"");
}

static void an_unknown_member_stands_at_its_name(void **state)
{
	(void)state;
	parse_bad("{" HEAD ACCOUNTS CAMPAIGNS ",\n \"limit\" : {}}");
	assert_problem(0, 2, 2, "unknown member \"limit\"; did you mean \"limits\"?");
}

static void a_member_that_stands_twice_is_found_at_the_second(void **state)
{
	(void)state;
	parse_bad("{" HEAD ACCOUNTS CAMPAIGNS ",\r\n  \"mode\":\"live\"}");
	assert_problem(0, 2, 3, "twice");
}

static void a_missing_member_stands_at_its_object(void **state)
{
	(void)state;
	parse_bad("{" MODE DATA_DIR PUBLIC OPERATOR ACCOUNTS CAMPAIGNS ",\n\"organisation\": {\"id\":\"o\"}}");
	assert_problem(0, 2, 17, "\"name\" is missing");
}

static void columns_are_bytes(void **state)
{
	(void)state;
	parse_bad("{\"organisation\":{\"name\":\"ä€\",\"id\":\"É\"}," MODE DATA_DIR PUBLIC OPERATOR ACCOUNTS CAMPAIGNS "}");
	assert_problem(0, 1, 38, "an id is");
}

static void a_syntax_mistake_stands_where_reading_stopped(void **state)
{
	static const struct { const char *text; unsigned line; unsigned column; } cases[] = {
		{ "", 1, 1 }, { "{", 1, 2 }, { "{}\n x", 2, 2 }, { "{\"a\":\n1e}", 2, 3 }, { "{\"a\":1,\n}", 1, 7 },
		{ "{'a':1}", 1, 2 }, { "{\"a\":01}", 1, 8 }, { "\xef\xbb\xbf{}", 1, 1 }, { "{} // no", 1, 4 },
		{ "{\"a\":\"\xff\"}", 1, 7 }, { "{\"a\":\"\\ud800#\"}", 1, 7 }, { "{\"a\":\"\\u0000\"}", 1, 7 },
		{ "[NaN]", 1, 2 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		parse_bad(cases[i].text);
		assert_problem(0, cases[i].line, cases[i].column, "");
	}
}

static void what_other_notations_have_is_said_as_what_it_is(void **state)
{
	static const struct { const char *text; unsigned column; const char *said; } cases[] = {
		{ "{} // no", 4, "JSON has no comments" }, { "{/* no */}", 2, "JSON has no comments" }, { "{\"a\": # no", 7, "JSON has no comments" },
		{ "{\"a\":1 , }", 8, "a comma in front of '}'" }, { "[1,]", 3, "a comma in front of ']'" },
		{ "{\"a\":\"\\ud800#\"}", 7, "half of a surrogate pair" }, { "[1 / 2]", 4, "neither ',' nor the closing bracket" },
		{ "[,]", 2, "no JSON value begins like this" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		parse_bad(cases[i].text);
		assert_problem(0, 1, cases[i].column, cases[i].said);
	}
}

static void a_file_that_is_no_object_has_one_mistake(void **state)
{
	static const char *const texts[] = { "[]", "null", "\"a\"", "1", "1.5", "true" };

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		parse_bad(texts[i]);
		assert_int_equal(problems.count, 1);
		assert_problem(0, 1, 1, "expected an object");
	}
}

/* ---- all mistakes ---- */

static void all_mistakes_are_told_in_the_files_order(void **state)
{
	(void)state;
	parse_bad("{\n\"campaigns\":[],\n\"accounts\":[],\n\"operator\":3,\n\"public\":{},\n\"data_dir\":\"\",\n\"mode\":1.5\n}");
	assert_int_equal(problems.count, 7);
	assert_problem(0, 1, 1, "\"organisation\" is missing");
	for (unsigned i = 1; i < 7; i++)
		assert_int_equal(problems.items[i].place.line, i + 1);
	assert_false(problems.more);
}

static void mistakes_beyond_the_bound_are_counted_as_more(void **state)
{
	struct buffer text = BUFFER(CONFIG_BYTES_MAX);
	struct config *config = NULL;

	(void)state;
	buffer_text(&text, "{");
	for (unsigned i = 0; i < 2 * CONFIG_PROBLEMS_MAX; i++)
		buffer_format(&text, "\n\"unknown%u\":0%s", i, i + 1 < 2 * CONFIG_PROBLEMS_MAX ? "," : "}");
	assert_int_equal(config_parse(buffer_view(&text), ".", false, providers, &config, &problems), ERR_INPUT);
	assert_int_equal(problems.count, CONFIG_PROBLEMS_MAX);
	assert_true(problems.more);
	assert_problem(0, 1, 1, "is missing");
	assert_int_equal(problems.items[CONFIG_PROBLEMS_MAX - 1].place.line, CONFIG_PROBLEMS_MAX - 6);
	buffer_free(&text);
}

static void lists_beyond_their_bound_are_refused(void **state)
{
	struct buffer text = BUFFER(CONFIG_BYTES_MAX);
	struct config *config = NULL;

	(void)state;
	buffer_text(&text, "{" HEAD ACCOUNTS "\"campaigns\":[");
	for (unsigned i = 0; i <= CAMPAIGNS_MAX; i++)
		buffer_format(&text, "%s\n" CAMPAIGN("c%u", "EUR", "", TIER("t%u", "\"1\"")), i > 0 ? "," : "", i, i);
	buffer_text(&text, "]}");
	assert_int_equal(config_parse(buffer_view(&text), ".", false, providers, &config, &problems), ERR_INPUT);
	assert_int_equal(problems.count, 1);
	assert_problem(0, CAMPAIGNS_MAX + 2, 1, "more than 64 elements");
	buffer_free(&text);
}

/* ---- meanings ---- */

static void ids_are_unique(void **state)
{
	(void)state;
	parse_bad(WITH_CAMPAIGNS(CAMPAIGN("c", "EUR", "", TIER("t", "\"1\"")) ",\n" CAMPAIGN("c", "EUR", "", TIER("t", "\"1\""))));
	assert_int_equal(problems.count, 2);
	assert_problem(0, 3, 7, "the campaign id \"c\" is taken on line 2");
	assert_problem(1, 3, 55, "the tier id \"t\" is taken on line 2");
	parse_bad(WITH_ACCOUNTS(ACCOUNT ",\n" ACCOUNT));
	assert_int_equal(problems.count, 1);
	assert_problem(0, 3, 7, "the account id \"a\" is taken on line 2");
}

static void a_tiers_amount_is_a_positive_decimal_string_of_its_currency(void **state)
{
	static const struct { const char *text; const char *fragment; } cases[] = {
		{ WITH_CAMPAIGNS(CAMPAIGN("c", "EUR", "", TIER("t", "25"))), "not a number" },
		{ WITH_CAMPAIGNS(CAMPAIGN("c", "EUR", "", TIER("t", "25.5"))), "not a number" },
		{ WITH_CAMPAIGNS(CAMPAIGN("c", "EUR", "", TIER("t", "null"))), "expected a string, found null" },
		{ WITH_CAMPAIGNS(CAMPAIGN("c", "EUR", "", TIER("t", "\"0.00\""))), "more than zero" },
		{ WITH_CAMPAIGNS(CAMPAIGN("c", "EUR", "", TIER("t", "\"-1\""))), "more than zero" },
		{ WITH_CAMPAIGNS(CAMPAIGN("c", "EUR", "", TIER("t", "\"1,00\""))), "not a decimal amount" },
		{ WITH_CAMPAIGNS(CAMPAIGN("c", "EUR", "", TIER("t", "\"1.000\""))), "EUR has 2 decimals" },
		{ WITH_CAMPAIGNS(CAMPAIGN("c", "JPY", "", TIER("t", "\"80.0\""))), "JPY has no decimals" },
		{ WITH_CAMPAIGNS(CAMPAIGN("c", "EUR", "", TIER("t", "\"92233720368547758.08\""))), "too large" },
		{ WITH_CAMPAIGNS(CAMPAIGN("c", "eur", "", TIER("t", "\"1\""))), "unknown currency \"eur\"" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		parse_bad(cases[i].text);
		assert_int_equal(problems.count, 1);
		assert_problem(0, 2, i + 1 == sizeof cases / sizeof cases[0] ? 34 : 80, cases[i].fragment);
	}
}

static void marks_rise_from_zero_or_more(void **state)
{
	(void)state;
	parse_bad(WITH_CAMPAIGNS(CAMPAIGN("c", "EUR", "\n\"marks\":[\"0\",\n\"2\",\n\"2\",\n\"1\",\n\"3\",\"-1\"],", TIER("t", "\"1\""))));
	assert_int_equal(problems.count, 3);
	assert_problem(0, 5, 1, "must rise");
	assert_problem(1, 6, 1, "must rise");
	assert_problem(2, 7, 5, "not less than zero");
}

static void both_listeners_on_one_address_are_refused(void **state)
{
	(void)state;
	parse_bad("{" ORGANISATION MODE DATA_DIR "\"public\":{\"url\":\"https://d.example\",\"listen\":\"127.0.0.1:8081\"},"
	          OPERATOR ACCOUNTS CAMPAIGNS "}");
	assert_problem(0, 1, 145, "where \"public\" does");
}

static void a_secret_has_its_place_in_a_file(void **state)
{
	(void)state;
	parse_bad(WITH_ACCOUNTS("{\"id\":\"a\",\"provider\":\"stripe\",\"key\":\"sk_test_1\",\"webhook_secret_files\":[\"h\"]}"));
	assert_int_equal(problems.count, 2);
	assert_problem(0, 2, 1, "\"key_file\" is missing");
	assert_problem(1, 2, 31, "unknown member \"key\"");
	for (size_t i = 0; i < problems.count; i++)
		assert_null(strstr(problems.items[i].text, "sk_test"));
}

/* ---- files ---- */

static char folder[] = "/tmp/pledger-test-XXXXXX";

static void write_file(const char *name, const char *text, mode_t mode)
{
	char path[PATH_SIZE];

	snprintf(path, sizeof path, "%s/%s", folder, name);
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, mode), 0);
}

static enum err read_folder(struct config **config)
{
	char path[PATH_SIZE];

	snprintf(path, sizeof path, "%s/pledger.json", folder);
	return config_read(path, true, providers, config, &problems);
}

static int make_folder(void **state)
{
	(void)state;
	memcpy(folder + sizeof folder - 7, "XXXXXX", 6);
	if (mkdtemp(folder) == NULL)
		return -1;
	write_file("token", "0123456789abcdef\n", 0600);
	write_file("key", "sk_test_1\n", 0600);
	write_file("hook", "whsec_1\r\n", 0400);
	write_file("pledger.json", "{" HEAD "\"accounts\":[\n" ACCOUNT "\n]," CAMPAIGNS "}", 0644);
	return 0;
}

static int remove_folder(void **state)
{
	static const char *const names[] = { "token", "key", "hook", "pledger.json", "link", "pipe", NULL };
	char path[PATH_SIZE];

	(void)state;
	for (const char *const *name = names; *name != NULL; name++) {
		snprintf(path, sizeof path, "%s/%s", folder, *name);
		unlink(path);
	}
	unsetenv("CREDENTIALS_DIRECTORY");
	return rmdir(folder);
}

static void secrets_are_read_without_the_end_of_their_line(void **state)
{
	struct config *config = NULL;

	(void)state;
	assert_int_equal(read_folder(&config), OK);
	assert_string_equal(config->accounts[0].key.text, "sk_test_1");
	assert_int_equal(config->accounts[0].key.length, 9);
	assert_string_equal(config->accounts[0].webhook_secrets[0].text, "whsec_1");
	assert_string_equal(config->operator_token.text, "0123456789abcdef");
	config_free(&config);
}

static void assert_key_refused(const char *fragment)
{
	struct config *config = NULL;

	assert_int_equal(read_folder(&config), ERR_INPUT);
	assert_int_equal(problems.count, 1);
	assert_problem(0, 2, 42, fragment);
}

static void a_secret_that_others_may_read_is_refused(void **state)
{
	static const struct { mode_t mode; const char *text; } cases[] = {
		{ 0640, "mode 0640" }, { 0604, "mode 0604" }, { 0644, "mode 0644" }, { 0620, "mode 0620" }, { 0601, "mode 0601" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		write_file("key", "sk_test_secret\n", cases[i].mode);
		assert_key_refused(cases[i].text);
		assert_non_null(strstr(problems.items[0].text, folder));
		assert_null(strstr(problems.items[0].text, "sk_test_secret"));
	}
}

static void a_secret_of_systemd_may_be_read_by_its_group(void **state)
{
	struct config *config = NULL;

	(void)state;
	write_file("key", "sk_test_1\n", 0440);
	assert_key_refused("mode 0440");
	assert_int_equal(setenv("CREDENTIALS_DIRECTORY", folder, 1), 0);
	assert_int_equal(read_folder(&config), OK);
	config_free(&config);
	write_file("key", "sk_test_1\n", 0444);
	assert_key_refused("mode 0444");
}

static void a_secret_behind_a_link_is_judged_by_what_it_leads_to(void **state)
{
	char path[PATH_SIZE];
	char link[PATH_SIZE];
	struct config *config = NULL;

	(void)state;
	snprintf(path, sizeof path, "%s/key", folder);
	snprintf(link, sizeof link, "%s/link", folder);
	assert_int_equal(rename(path, link), 0);
	assert_int_equal(symlink(link, path), 0);
	assert_int_equal(read_folder(&config), OK);
	config_free(&config);
	assert_int_equal(chmod(link, 0644), 0);
	assert_key_refused("mode 0644");
}

static void a_secret_of_another_form_is_refused(void **state)
{
	char longest[SECRET_SIZE + 2];
	char larger[2 * SECRET_SIZE];

	(void)state;
	memset(longest, 'x', sizeof longest - 1);
	longest[sizeof longest - 1] = '\0';
	memset(larger, 'x', sizeof larger - 1);
	larger[sizeof larger - 1] = '\0';
	const struct { const char *content; const char *fragment; } cases[] = {
		{ "", "is empty" }, { "\n", "is empty" }, { "sk_test_1\n\n", "one line" }, { " sk_test_1", "one line" },
		{ "sk_test_1\nsk_test_2\n", "one line" }, { "sk_test_ä", "one line" }, { longest, "at most 255 bytes" },
		{ larger, "larger than" }, { "sk_live_1", "for mode \"live\", not \"test\"" },
		{ "rk_live_1", "for mode \"live\", not \"test\"" }, { "pk_test_1", "no secret key of stripe" },
		{ "whsec_1", "no secret key of stripe" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		write_file("key", cases[i].content, 0600);
		assert_key_refused(cases[i].fragment);
	}
}

static void a_secret_that_is_no_file_is_refused_without_waiting(void **state)
{
	char path[PATH_SIZE];

	(void)state;
	snprintf(path, sizeof path, "%s/key", folder);
	assert_int_equal(unlink(path), 0);
	assert_key_refused("no such file");
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_key_refused("not a regular file");
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink("/", path), 0);
	assert_key_refused("not a regular file");
}

static void a_webhook_secret_is_none_of_another_kind(void **state)
{
	struct config *config = NULL;

	(void)state;
	write_file("hook", "sk_test_1\n", 0600);
	assert_int_equal(read_folder(&config), ERR_INPUT);
	assert_problem(0, 2, 72, "no webhook secret of stripe");
}

static void a_short_operator_token_is_refused(void **state)
{
	struct config *config = NULL;

	(void)state;
	write_file("token", "0123456789abcde\n", 0600);
	assert_int_equal(read_folder(&config), ERR_INPUT);
	assert_problem(0, 1, 142, "fewer than 16");
}

static void a_configuration_that_cannot_be_read_has_no_line(void **state)
{
	struct config *config = NULL;
	char path[2 * PATH_SIZE];

	(void)state;
	memset(path, 'a', sizeof path - 1);
	path[sizeof path - 1] = '\0';
	memcpy(path, "/a/", 3);
	path[sizeof path / 2 + 100] = '/';
	assert_int_equal(config_read(path, true, providers, &config, &problems), ERR_STORAGE);
	assert_problem(0, 0, 0, "too long");
	assert_int_equal(config_read("/nothing/pledger.json", true, providers, &config, &problems), ERR_STORAGE);
	assert_problem(0, 0, 0, "no such file");
	assert_int_equal(config_read("/", true, providers, &config, &problems), ERR_STORAGE);
	assert_int_equal(config_read(folder, true, providers, &config, &problems), ERR_STORAGE);
	assert_problem(0, 0, 0, "not a regular file");
	assert_null(config);
}

static void a_configuration_over_a_mebibyte_is_refused(void **state)
{
	struct config *config = NULL;
	char *text = malloc(CONFIG_BYTES_MAX + 2);

	(void)state;
	assert_non_null(text);
	memset(text, ' ', CONFIG_BYTES_MAX + 1);
	text[CONFIG_BYTES_MAX + 1] = '\0';
	write_file("pledger.json", text, 0644);
	free(text);
	assert_int_equal(read_folder(&config), ERR_STORAGE);
	assert_problem(0, 0, 0, "larger than 1048576 bytes");
}

#define WITH_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_the_file_leaves_out_has_its_default),
		cmocka_unit_test(everything_the_file_says_is_read),
		cmocka_unit_test(the_order_of_members_does_not_matter),
		cmocka_unit_test(a_relative_path_starts_at_the_configurations_folder),
		cmocka_unit_test(an_operator_on_a_socket_answers_to_localhost),
		cmocka_unit_test(campaigns_accounts_and_tiers_are_found_by_id),
		cmocka_unit_test(a_mistake_in_a_value_stands_at_the_value),
		cmocka_unit_test(an_unknown_member_stands_at_its_name),
		cmocka_unit_test(a_member_that_stands_twice_is_found_at_the_second),
		cmocka_unit_test(a_missing_member_stands_at_its_object),
		cmocka_unit_test(columns_are_bytes),
		cmocka_unit_test(a_syntax_mistake_stands_where_reading_stopped),
		cmocka_unit_test(what_other_notations_have_is_said_as_what_it_is),
		cmocka_unit_test(a_file_that_is_no_object_has_one_mistake),
		cmocka_unit_test(all_mistakes_are_told_in_the_files_order),
		cmocka_unit_test(mistakes_beyond_the_bound_are_counted_as_more),
		cmocka_unit_test(lists_beyond_their_bound_are_refused),
		cmocka_unit_test(ids_are_unique),
		cmocka_unit_test(a_tiers_amount_is_a_positive_decimal_string_of_its_currency),
		cmocka_unit_test(marks_rise_from_zero_or_more),
		cmocka_unit_test(both_listeners_on_one_address_are_refused),
		cmocka_unit_test(a_secret_has_its_place_in_a_file),
		WITH_FOLDER(secrets_are_read_without_the_end_of_their_line),
		WITH_FOLDER(a_secret_that_others_may_read_is_refused),
		WITH_FOLDER(a_secret_of_systemd_may_be_read_by_its_group),
		WITH_FOLDER(a_secret_behind_a_link_is_judged_by_what_it_leads_to),
		WITH_FOLDER(a_secret_of_another_form_is_refused),
		WITH_FOLDER(a_secret_that_is_no_file_is_refused_without_waiting),
		WITH_FOLDER(a_webhook_secret_is_none_of_another_kind),
		WITH_FOLDER(a_short_operator_token_is_refused),
		WITH_FOLDER(a_configuration_that_cannot_be_read_has_no_line),
		WITH_FOLDER(a_configuration_over_a_mebibyte_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
