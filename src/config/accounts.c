#include "config/accounts.h"

#include <string.h>

#include "config/nearest.h"
#include "config/url.h"

enum { TOLERANCE_S = 300, TOLERANCE_S_MIN = 30, TOLERANCE_S_MAX = 3600, QUIET_HOURS = 6, QUIET_HOURS_MAX = 720, PROVIDERS_MAX = 64 };

/*
 * How a provider's keys tell their mode. A key of the other mode would take real
 * money for a rehearsal, or none for a campaign.
 */
static const struct {
	const char *provider;
	const char *live[3];
	const char *test[3];
	const char *webhook; /* how its webhook secrets begin */
} spellings[] = {
	{ "stripe", { "sk_live_", "rk_live_", NULL }, { "sk_test_", "rk_test_", NULL }, "whsec_" },
};

enum { SPELLINGS = sizeof spellings / sizeof spellings[0] };

static bool begins_like_one(const struct secret *secret, const char *const *prefixes)
{
	for (; *prefixes != NULL; prefixes++)
		if (bytes_starts_with((struct bytes){ secret->text, secret->length }, *prefixes))
			return true;
	return false;
}

static void check_key(struct reader *reader, const struct json_node *node, const struct provider_account *account)
{
	for (size_t i = 0; i < SPELLINGS; i++) {
		if (strcmp(account->provider, spellings[i].provider) != 0)
			continue;
		bool live = begins_like_one(&account->key, spellings[i].live);

		if (!live && !begins_like_one(&account->key, spellings[i].test))
			reader_problem(reader, node, "no secret key of %s is in that file: one begins with \"%s\" or \"%s\"",
			               account->provider, spellings[i].test[0], spellings[i].live[0]);
		else if (reader->mode_known && live != account->live)
			reader_problem(reader, node, "the key in that file is for mode \"%s\", not \"%s\"",
			               live ? "live" : "test", account->live ? "live" : "test");
	}
}

static void check_webhook_secret(struct reader *reader, const struct json_node *node,
                                 const struct provider_account *account, const struct secret *secret)
{
	for (size_t i = 0; i < SPELLINGS; i++)
		if (strcmp(account->provider, spellings[i].provider) == 0
		    && !bytes_starts_with((struct bytes){ secret->text, secret->length }, spellings[i].webhook))
			reader_problem(reader, node, "no webhook secret of %s is in that file: one begins with \"%s\"",
			               account->provider, spellings[i].webhook);
}

static void read_id(struct reader *reader, const struct json_node *node, void *target)
{
	struct provider_account *account = target;
	struct config *config = reader->config;
	size_t index = (size_t)(account - config->accounts);

	if (!reader_id(reader, node, account->id))
		return;
	config->places.accounts[index] = reader_place(reader, node);
	for (size_t i = 0; i < index; i++)
		if (strcmp(config->accounts[i].id, account->id) == 0)
			reader_problem(reader, node, "the account id \"%s\" is taken on line %u", account->id,
			               config->places.accounts[i].line);
}

static void refuse_provider(struct reader *reader, const struct json_node *node, const char *name)
{
	struct buffer known = BUFFER(WHY_SIZE);
	size_t count = 0;

	for (; reader->providers[count] != NULL && count < PROVIDERS_MAX; count++)
		buffer_format(&known, "%s\"%s\"", count == 0 ? "" : ", ", reader->providers[count]);
	const char *nearest = nearest_name(bytes_of(name), reader->providers, count);

	reader_problem(reader, node, "unknown provider \"%s\"; known: %s%s%s%s", name,
	               buffer_err(&known) == OK && known.length > 0 ? known.data : "none",
	               nearest == NULL ? "" : "; did you mean \"", nearest == NULL ? "" : nearest,
	               nearest == NULL ? "" : "\"?");
	buffer_free(&known);
}

static void read_provider(struct reader *reader, const struct json_node *node, void *target)
{
	struct provider_account *account = target;

	if (!reader_id(reader, node, account->provider))
		return;
	for (const char *const *name = reader->providers; *name != NULL; name++)
		if (strcmp(*name, account->provider) == 0)
			return;
	refuse_provider(reader, node, account->provider);
}

static void read_key(struct reader *reader, const struct json_node *node, void *target)
{
	struct provider_account *account = target;
	char path[PATH_SIZE];

	if (reader_secret(reader, node, path, &account->key))
		check_key(reader, node, account);
}

static void read_webhook_secret(struct reader *reader, const struct json_node *node, void *target)
{
	struct provider_account *account = target;
	struct secret *secret = &account->webhook_secrets[account->webhook_secret_count];
	char path[PATH_SIZE];

	if (!reader_secret(reader, node, path, secret))
		return;
	check_webhook_secret(reader, node, account, secret);
	account->webhook_secret_count++;
}

static void read_webhook_secrets(struct reader *reader, const struct json_node *node, void *target)
{
	reader_elements(reader, node, 1, SECRETS_MAX, read_webhook_secret, target);
}

static void read_label(struct reader *reader, const struct json_node *node, void *target)
{
	struct provider_account *account = target;

	reader_text(reader, node, account->label, LABEL_SIZE);
}

static void read_api_url(struct reader *reader, const struct json_node *node, void *target)
{
	struct provider_account *account = target;
	struct why why;

	if (reader_text(reader, node, account->api_url, URL_SIZE)
	    && url_check_api(bytes_of(account->api_url), &why) != OK)
		reader_problem(reader, node, "%s", why.text);
}

static void read_portal_url(struct reader *reader, const struct json_node *node, void *target)
{
	struct provider_account *account = target;

	if (reader_text(reader, node, account->portal_url, URL_SIZE) && !bytes_starts_with(bytes_of(account->portal_url), "https://"))
		reader_problem(reader, node, "expected a URL that begins with \"https://\"");
}

static void read_tolerance(struct reader *reader, const struct json_node *node, void *target)
{
	struct provider_account *account = target;
	int64_t tolerance_s = TOLERANCE_S;

	reader_integer(reader, node, TOLERANCE_S_MIN, TOLERANCE_S_MAX, &tolerance_s);
	account->tolerance_s = (int)tolerance_s;
}

static void read_quiet(struct reader *reader, const struct json_node *node, void *target)
{
	struct provider_account *account = target;
	int64_t quiet_hours = QUIET_HOURS;

	reader_integer(reader, node, 1, QUIET_HOURS_MAX, &quiet_hours);
	account->quiet_hours = (int)quiet_hours;
}

static void read_account(struct reader *reader, const struct json_node *node, void *target)
{
	static const struct member members[] = {
		{ "id", true, read_id },
		{ "provider", true, read_provider },
		{ "label", false, read_label },
		{ "key_file", true, read_key },
		{ "webhook_secret_files", true, read_webhook_secrets },
		{ "api_url", false, read_api_url },
		{ "portal_url", false, read_portal_url },
		{ "tolerance_seconds", false, read_tolerance },
		{ "quiet_hours", false, read_quiet },
	};
	struct config *config = target;
	struct provider_account *account = &config->accounts[config->account_count++];

	account->live = config->live;
	account->tolerance_s = TOLERANCE_S;
	account->quiet_hours = QUIET_HOURS;
	reader_members(reader, node, members, sizeof members / sizeof members[0], account);
}

void accounts_read(struct reader *reader, const struct json_node *node, void *target)
{
	reader_elements(reader, node, 1, ACCOUNTS_MAX, read_account, target);
}
