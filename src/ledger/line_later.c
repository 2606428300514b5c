#include "ledger/line_later.h"

#include "base/json_text.h"

enum { NODES_MAX = 1024 };

static bool read_text(const struct json_text *json, const struct json_node *object, const char *name, struct bytes *text)
{
	const struct json_node *node = json_text_member(json, object, name);

	if (node == NULL || node->kind != JSON_KIND_STRING)
		return false;
	*text = json_text_raw(json, node);
	return true;
}

static bool read_posting(const struct json_text *json, const struct json_node *node, struct posting *posting)
{
	struct bytes account;
	struct bytes currency;
	struct bytes amount;

	return node->kind == JSON_KIND_OBJECT && read_text(json, node, "account", &account)
	       && read_text(json, node, "currency", &currency) && read_text(json, node, "amount", &amount)
	       && ledger_account_parse(account, &posting->account) == OK
	       && money_parse_pair(amount, currency, &posting->amount) == OK;
}

static bool read_postings(const struct json_text *json, const struct json_node *postings, struct entry *entry)
{
	if (postings == NULL)
		return true;
	if (postings->kind != JSON_KIND_ARRAY)
		return false;
	for (const struct json_node *node = json_text_first(json, postings); node != NULL; node = json_text_next(json, node))
		if (entry->posting_count == POSTINGS_MAX || !read_posting(json, node, &entry->postings[entry->posting_count++]))
			return false;
	return true;
}

enum err line_later_read(struct bytes line, struct entry *entry, struct why *why)
{
	struct json_node nodes[NODES_MAX];
	struct json_text json;
	struct why json_why = { "" };
	int64_t synced = 0;

	if (json_text_read(&json, line, nodes, NODES_MAX, &json_why) != OK)
		return why_set(why, ERR_CORRUPT, "%s", json_why.text);
	const struct json_node *root = json_text_root(&json);
	const struct json_node *node = json_text_member(&json, root, "synced");

	if (!read_postings(&json, json_text_member(&json, root, "postings"), entry))
		return why_set(why, ERR_CORRUPT, "the member \"postings\" cannot be read");
	if (node == NULL || json_text_integer(&json, node, &synced) != OK || synced < 0)
		return why_set(why, ERR_CORRUPT, "the member \"synced\" cannot be read");
	entry->synced = (uint64_t)synced;
	return OK;
}
