#include "config/config.h"

#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

#include "config/accounts.h"
#include "config/campaigns.h"
#include "config/listeners.h"
#include "config/look.h"
#include "config/organisation.h"
#include "config/problems.h"
#include "config/reader.h"
#include "sys/whole_file.h"

enum {
	SESSIONS_MAX = 1000000,
	SESSIONS_PER_ADDRESS = 20,
	SESSIONS_TOTAL = 600,
	FREE_SPACE_MIB = 64,
	FREE_SPACE_MIB_MAX = 1024 * 1024,
	SEGMENT_KIB = 64 * 1024,
	SEGMENT_KIB_MIN = 16,
	SEGMENT_KIB_MAX = 1024 * 1024,
	RECONCILE_MINUTES = 15,
	RECONCILE_MINUTES_MAX = 24 * 60,
};

/* ---- the members of the whole ---- */

static void read_schema(struct reader *reader, const struct json_node *node, void *target)
{
	char ignored[PATH_SIZE];

	(void)target;
	reader_text(reader, node, ignored, sizeof ignored);
}

static void read_mode(struct reader *reader, const struct json_node *node, void *target)
{
	struct config *config = target;
	char text[LABEL_SIZE];

	config->places.mode = reader_place(reader, node);
	if (!reader_text(reader, node, text, sizeof text))
		return;
	config->live = strcmp(text, "live") == 0;
	reader->mode_known = config->live || strcmp(text, "test") == 0;
	if (!reader->mode_known)
		reader_problem(reader, node, "a mode is \"test\" or \"live\"");
}

static void read_data_dir(struct reader *reader, const struct json_node *node, void *target)
{
	struct config *config = target;

	reader_path(reader, node, config->data_dir);
}

static void read_sessions_per_address(struct reader *reader, const struct json_node *node, void *target)
{
	struct config *config = target;
	int64_t number = config->sessions_per_address;

	reader_integer(reader, node, 1, SESSIONS_MAX, &number);
	config->sessions_per_address = (unsigned)number;
}

static void read_sessions_total(struct reader *reader, const struct json_node *node, void *target)
{
	struct config *config = target;
	int64_t number = config->sessions_total;

	reader_integer(reader, node, 1, SESSIONS_MAX, &number);
	config->sessions_total = (unsigned)number;
}

static void read_free_space(struct reader *reader, const struct json_node *node, void *target)
{
	struct config *config = target;
	int64_t mib = (int64_t)(config->reserve_bytes >> 20);

	reader_integer(reader, node, 1, FREE_SPACE_MIB_MAX, &mib);
	config->reserve_bytes = (uint64_t)mib << 20;
}

static void read_segment_size(struct reader *reader, const struct json_node *node, void *target)
{
	struct config *config = target;
	int64_t kib = (int64_t)(config->segment_bytes >> 10);

	reader_integer(reader, node, SEGMENT_KIB_MIN, SEGMENT_KIB_MAX, &kib);
	config->segment_bytes = (uint64_t)kib << 10;
}

static void read_limits(struct reader *reader, const struct json_node *node, void *target)
{
	static const struct member members[] = {
		{ "sessions_per_address_minute", false, read_sessions_per_address },
		{ "sessions_per_minute", false, read_sessions_total },
		{ "free_space_mib", false, read_free_space },
		{ "segment_kib", false, read_segment_size },
	};
	struct config *config = target;

	reader_members(reader, node, members, sizeof members / sizeof members[0], target);
	if (config->sessions_per_address > config->sessions_total)
		reader_problem(reader, node, "one address may open more sessions (%u) than all together (%u)",
		               config->sessions_per_address, config->sessions_total);
}

static void read_reconcile_minutes(struct reader *reader, const struct json_node *node, void *target)
{
	struct config *config = target;
	int64_t minutes = config->reconcile_minutes;

	reader_integer(reader, node, 0, RECONCILE_MINUTES_MAX, &minutes);
	config->reconcile_minutes = (unsigned)minutes;
}

static void read_root(struct reader *reader)
{
	/* In this order: keys need the mode, the operator's listener needs the public one. */
	static const struct member members[] = {
		{ "$schema", false, read_schema },
		{ "organisation", true, organisation_read },
		{ "mode", true, read_mode },
		{ "data_dir", true, read_data_dir },
		{ "public", true, listeners_read_public },
		{ "operator", true, listeners_read_operator },
		{ "limits", false, read_limits },
		{ "reconcile_minutes", false, read_reconcile_minutes },
		{ "look", false, look_read },
		{ "accounts", true, accounts_read },
		{ "campaigns", true, campaigns_read },
	};

	reader->config->sessions_per_address = SESSIONS_PER_ADDRESS;
	reader->config->sessions_total = SESSIONS_TOTAL;
	reader->config->reconcile_minutes = RECONCILE_MINUTES;
	reader->config->reserve_bytes = (uint64_t)FREE_SPACE_MIB << 20;
	reader->config->segment_bytes = (uint64_t)SEGMENT_KIB << 10;
	listeners_default(reader->config);
	look_default(reader->config);
	reader_members(reader, json_text_root(&reader->json), members, sizeof members / sizeof members[0],
	               reader->config);
}

/* ---- the whole ---- */

/* What people write who know other notations, said as what it is. Inside a string nothing is refused at such a byte. */
static void tell_syntax(struct reader *reader, const char *why)
{
	struct bytes text = reader->text;
	size_t stopped = reader->json.stopped;
	char at = stopped < text.length ? text.data[stopped] : '\0';
	char next = stopped + 1 < text.length ? text.data[stopped + 1] : '\0';
	size_t before = stopped;

	while (before > 0 && memchr(" \t\r\n", text.data[before - 1], 4) != NULL)
		before--;
	if (at == '#' || (at == '/' && (next == '/' || next == '*')))
		reader_problem_at(reader, stopped, "JSON has no comments");
	else if ((at == '}' || at == ']') && before > 0 && text.data[before - 1] == ',')
		reader_problem_at(reader, before - 1, "JSON: a comma in front of '%c', with nothing behind it", at);
	else
		reader_problem_at(reader, stopped, "%s", why);
}

static enum err read_text(struct reader *reader)
{
	/* A value takes a character at least. */
	size_t length = reader->text.length;
	uint32_t most = length < JSON_NODES_MAX ? (uint32_t)length + 1 : JSON_NODES_MAX;
	struct json_node *nodes = malloc(most * sizeof *nodes);
	struct why why;

	if (nodes == NULL)
		return ERR_MEMORY;
	if (bytes_starts_with(reader->text, "\xef\xbb\xbf"))
		reader_problem_at(reader, 0, "the file begins with a byte order mark; save it without");
	else if (json_text_read(&reader->json, reader->text, nodes, most, &why) != OK)
		tell_syntax(reader, why.text);
	else
		read_root(reader);
	free(nodes);
	if (reader->no_memory)
		return ERR_MEMORY;
	return reader->problems->count > 0 ? ERR_INPUT : OK;
}

enum err config_parse(struct bytes text, const char *folder, bool read_secrets, const char *const *providers,
                      struct config **config, struct config_problems *problems)
{
	struct config *read = calloc(1, sizeof *read);
	struct reader reader = {
		.text = text,
		.config = read,
		.problems = problems,
		.folder = folder,
		.providers = providers,
		.read_secrets = read_secrets,
	};

	problems->count = 0;
	problems->more = false;
	enum err err = read == NULL ? ERR_MEMORY : read_text(&reader);

	if (err == OK)
		*config = read;
	else
		config_free(&read);
	return err;
}

/* The part of the path before its last '/', "." where there is none. ERR_TOO_BIG. */
static enum err folder_of(const char *path, char folder[static PATH_SIZE])
{
	const char *slash = strrchr(path, '/');
	struct bytes part = { path, slash == NULL ? 0 : (size_t)(slash - path) };

	if (slash == NULL)
		part = BYTES_LITERAL(".");
	else if (slash == path)
		part.length = 1;
	return bytes_copy_text(part, folder, PATH_SIZE);
}

static enum err refuse_file(struct config_problems *problems, enum err err, const char *text)
{
	problems->count = 0;
	problems->more = false;
	problems_add(problems, (struct config_place){ 0, 0 }, "%s", text);
	return err == ERR_MEMORY ? err : ERR_STORAGE;
}

enum err config_read(const char *path, bool read_secrets, const char *const *providers,
                     struct config **config, struct config_problems *problems)
{
	struct buffer content = BUFFER(CONFIG_BYTES_MAX);
	struct whole_file file;
	struct why why = { "the path is too long" };
	char folder[PATH_SIZE];
	enum err err = folder_of(path, folder);

	if (err == OK)
		err = whole_file_read(path, &content, &file, &why);
	if (err != OK)
		err = refuse_file(problems, err, why.text);
	else
		err = config_parse(buffer_view(&content), folder, read_secrets, providers, config, problems);
	buffer_free(&content);
	return err;
}

void config_free(struct config **config)
{
	if (*config == NULL)
		return;
	OPENSSL_cleanse((*config)->accounts, sizeof (*config)->accounts);
	OPENSSL_cleanse(&(*config)->operator_token, sizeof (*config)->operator_token);
	buffer_free(&(*config)->look.logo);
	free((*config)->campaigns);
	free(*config);
	*config = NULL;
}

/* ---- finding ---- */

const struct campaign *config_campaign(const struct config *config, struct bytes id)
{
	for (size_t i = 0; i < config->campaign_count; i++)
		if (bytes_is(id, config->campaigns[i].id))
			return &config->campaigns[i];
	return NULL;
}

const struct provider_account *config_account(const struct config *config, struct bytes id)
{
	for (size_t i = 0; i < config->account_count; i++)
		if (bytes_is(id, config->accounts[i].id))
			return &config->accounts[i];
	return NULL;
}

const struct tier *config_tier(const struct config *config, struct bytes id, const struct campaign **campaign)
{
	for (size_t i = 0; i < config->campaign_count; i++)
		for (size_t j = 0; j < config->campaigns[i].tier_count; j++)
			if (bytes_is(id, config->campaigns[i].tiers[j].id)) {
				*campaign = &config->campaigns[i];
				return &config->campaigns[i].tiers[j];
			}
	return NULL;
}
