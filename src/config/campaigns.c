#include "config/campaigns.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "config/nearest.h"

enum { STOCK_MAX = 1000000 };

static size_t index_of(const struct reader *reader, const struct campaign *campaign)
{
	return (size_t)(campaign - reader->config->campaigns);
}

/* ---- amounts ---- */

/*
 * An amount in the campaign's currency. Where that could not be read, the form
 * is checked all the same, with the most decimals that there are.
 */
static bool read_amount(struct reader *reader, const struct json_node *node, const struct campaign *campaign,
                        struct money *money)
{
	static const struct currency finest = { "BTC" };
	bool known = campaign->currency.code[0] != '\0';
	char text[LABEL_SIZE];
	struct why why;

	if (node->kind == JSON_KIND_INTEGER || node->kind == JSON_KIND_REAL) {
		reader_problem(reader, node, "an amount is a string like \"25.00\", not a number");
		return false;
	}
	if (!reader_text(reader, node, text, sizeof text))
		return false;
	if (money_parse(bytes_of(text), known ? &campaign->currency : &finest, money, &why) == OK)
		return true;
	reader_problem(reader, node, "%s", why.text);
	return false;
}

static void read_goal(struct reader *reader, const struct json_node *node, void *target)
{
	struct campaign *campaign = target;

	if (!read_amount(reader, node, campaign, &campaign->goal))
		return;
	if (campaign->goal.minor <= 0)
		reader_problem(reader, node, "a goal is more than zero; leave it out when there is none");
}

static void read_mark(struct reader *reader, const struct json_node *node, void *target)
{
	struct campaign *campaign = target;
	struct money *mark = &campaign->marks[campaign->mark_count];

	if (!read_amount(reader, node, campaign, mark))
		return;
	if (mark->minor < 0)
		reader_problem(reader, node, "a mark is not less than zero");
	else if (campaign->mark_count > 0 && mark->minor <= mark[-1].minor)
		reader_problem(reader, node, "the marks must rise: this one is not more than the one before");
	campaign->mark_count++;
}

static void read_marks(struct reader *reader, const struct json_node *node, void *target)
{
	reader_elements(reader, node, 1, MARKS_MAX, read_mark, target);
}

/* ---- the meter ---- */

static void read_meter_sum(struct reader *reader, const struct json_node *node, void *target)
{
	struct campaign *campaign = target;
	char text[LABEL_SIZE];

	if (!reader_text(reader, node, text, sizeof text))
		return;
	campaign->meter_net = strcmp(text, "net") == 0;
	if (!campaign->meter_net && strcmp(text, "gross") != 0)
		reader_problem(reader, node, "a meter's sum is \"gross\" or \"net\"");
}

static void read_meter_reset(struct reader *reader, const struct json_node *node, void *target)
{
	struct campaign *campaign = target;
	char text[LABEL_SIZE];

	if (!reader_text(reader, node, text, sizeof text))
		return;
	if (strcmp(text, "month") == 0)
		campaign->meter_reset = METER_MONTHLY;
	else if (strcmp(text, "year") == 0)
		campaign->meter_reset = METER_YEARLY;
	else if (strcmp(text, "never") != 0)
		reader_problem(reader, node, "a meter's reset is \"never\", \"month\" or \"year\"");
}

static void read_meter(struct reader *reader, const struct json_node *node, void *target)
{
	static const struct member members[] = {
		{ "sum", false, read_meter_sum },
		{ "reset", false, read_meter_reset },
	};

	reader_members(reader, node, members, sizeof members / sizeof members[0], target);
}

/* ---- tiers ---- */

/* What a tier's members are read into. */
struct tier_target {
	struct campaign *campaign;
	struct tier *tier;
	size_t index; /* of the tier in its campaign */
};

static void read_tier_id(struct reader *reader, const struct json_node *node, void *target)
{
	struct tier_target *at = target;
	struct config_places *places = &reader->config->places;
	const struct campaign *other;

	if (!reader_id(reader, node, at->tier->id))
		return;
	places->tiers[index_of(reader, at->campaign)][at->index] = reader_place(reader, node);
	const struct tier *first = config_tier(reader->config, bytes_of(at->tier->id), &other);

	if (first != at->tier)
		reader_problem(reader, node, "the tier id \"%s\" is taken on line %u", at->tier->id,
		               places->tiers[index_of(reader, other)][first - other->tiers].line);
}

static void read_label(struct reader *reader, const struct json_node *node, void *target)
{
	struct tier_target *at = target;

	reader_text(reader, node, at->tier->label, LABEL_SIZE);
}

static void read_tier_text(struct reader *reader, const struct json_node *node, void *target)
{
	struct tier_target *at = target;

	reader_text(reader, node, at->tier->text, DESCRIPTION_SIZE);
}

static void read_tier_amount(struct reader *reader, const struct json_node *node, void *target)
{
	struct tier_target *at = target;
	struct config_places *places = &reader->config->places;

	places->amounts[index_of(reader, at->campaign)][at->index] = reader_place(reader, node);
	if (read_amount(reader, node, at->campaign, &at->tier->amount) && at->tier->amount.minor <= 0)
		reader_problem(reader, node, "a tier's amount is more than zero");
}

static void read_interval(struct reader *reader, const struct json_node *node, void *target)
{
	struct tier_target *at = target;
	char text[LABEL_SIZE];

	if (reader_text(reader, node, text, sizeof text) && !interval_parse(bytes_of(text), &at->tier->interval))
		reader_problem(reader, node, "an interval is \"once\", \"month\" or \"year\"");
}

static void read_stock(struct reader *reader, const struct json_node *node, void *target)
{
	struct tier_target *at = target;
	int64_t stock = 0;

	reader_integer(reader, node, 1, STOCK_MAX, &stock);
	at->tier->stock = (uint32_t)stock;
}

static void read_tier(struct reader *reader, const struct json_node *node, void *target)
{
	static const struct member members[] = {
		{ "id", true, read_tier_id },
		{ "label", true, read_label },
		{ "text", false, read_tier_text },
		{ "amount", true, read_tier_amount },
		{ "interval", true, read_interval },
		{ "stock", false, read_stock },
	};
	struct campaign *campaign = target;
	size_t index = campaign->tier_count++;
	struct tier_target at = { campaign, &campaign->tiers[index], index };

	reader_members(reader, node, members, sizeof members / sizeof members[0], &at);
}

static void read_tiers(struct reader *reader, const struct json_node *node, void *target)
{
	reader_elements(reader, node, 1, TIERS_MAX, read_tier, target);
}

static void read_default_tier(struct reader *reader, const struct json_node *node, void *target)
{
	struct campaign *campaign = target;
	const char *names[TIERS_MAX];
	char id[ID_SIZE];

	if (!reader_id(reader, node, id))
		return;
	for (size_t i = 0; i < campaign->tier_count; i++) {
		names[i] = campaign->tiers[i].id;
		if (strcmp(names[i], id) != 0)
			continue;
		campaign->default_tier = i;
		return;
	}
	const char *nearest = nearest_name(bytes_of(id), names, campaign->tier_count);

	reader_problem(reader, node, "the campaign has no tier \"%s\"%s%s%s", id,
	               nearest == NULL ? "" : "; did you mean \"", nearest == NULL ? "" : nearest,
	               nearest == NULL ? "" : "\"?");
}

/* ---- campaigns ---- */

static void read_id(struct reader *reader, const struct json_node *node, void *target)
{
	struct campaign *campaign = target;
	struct config_places *places = &reader->config->places;

	if (!reader_id(reader, node, campaign->id))
		return;
	places->campaigns[index_of(reader, campaign)] = reader_place(reader, node);
	const struct campaign *first = config_campaign(reader->config, bytes_of(campaign->id));

	if (first != campaign)
		reader_problem(reader, node, "the campaign id \"%s\" is taken on line %u", campaign->id,
		               places->campaigns[index_of(reader, first)].line);
}

static void read_title(struct reader *reader, const struct json_node *node, void *target)
{
	struct campaign *campaign = target;

	reader_text(reader, node, campaign->title, LABEL_SIZE);
}

static void read_text(struct reader *reader, const struct json_node *node, void *target)
{
	struct campaign *campaign = target;

	reader_text(reader, node, campaign->text, DESCRIPTION_SIZE);
}

static void read_button(struct reader *reader, const struct json_node *node, void *target)
{
	struct campaign *campaign = target;

	reader_text(reader, node, campaign->button, LABEL_SIZE);
}

static void read_language(struct reader *reader, const struct json_node *node, void *target)
{
	struct campaign *campaign = target;
	char text[LABEL_SIZE];

	if (!reader_text(reader, node, text, sizeof text))
		return;
	campaign->has_language = language_parse(bytes_of(text), &campaign->language)
		&& strcmp(language_tag(campaign->language), text) == 0;
	if (!campaign->has_language)
		reader_problem(reader, node, "a language is \"en\", \"de\", \"fr\", \"es\", \"uk\", \"ja\" or \"ar\"");
}

static void read_ends(struct reader *reader, const struct json_node *node, void *target)
{
	struct campaign *campaign = target;
	char text[LABEL_SIZE];

	if (reader_text(reader, node, text, sizeof text) && text_parse_time_s(bytes_of(text), &campaign->ends_s) != OK)
		reader_problem(reader, node, "a time is like \"2026-12-31T23:00:00Z\", in UTC");
}

static void read_closes_at_goal(struct reader *reader, const struct json_node *node, void *target)
{
	struct campaign *campaign = target;

	reader_truth(reader, node, &campaign->closes_at_goal);
	if (campaign->closes_at_goal && campaign->goal.minor <= 0)
		reader_problem(reader, node, "a campaign without a goal cannot close at it");
}

static void read_currency(struct reader *reader, const struct json_node *node, void *target)
{
	struct campaign *campaign = target;
	char text[LABEL_SIZE];

	reader->config->places.currencies[index_of(reader, campaign)] = reader_place(reader, node);
	if (reader_text(reader, node, text, sizeof text)
	    && currency_parse(bytes_of(text), &campaign->currency) != OK)
		reader_problem(reader, node, "unknown currency \"%s\": expected a code of ISO 4217 like \"EUR\"", text);
}

static void read_campaign(struct reader *reader, const struct json_node *node, void *target)
{
	/* In this order: amounts need the currency, the default needs the tiers. */
	static const struct member members[] = {
		{ "id", true, read_id },
		{ "title", true, read_title },
		{ "text", false, read_text },
		{ "button", false, read_button },
		{ "language", false, read_language },
		{ "currency", true, read_currency },
		{ "goal", false, read_goal },
		{ "closes_at_goal", false, read_closes_at_goal },
		{ "ends", false, read_ends },
		{ "marks", false, read_marks },
		{ "meter", false, read_meter },
		{ "tiers", true, read_tiers },
		{ "default_tier", false, read_default_tier },
	};
	struct config *config = target;
	struct campaign *campaign = &config->campaigns[config->campaign_count++];

	reader_members(reader, node, members, sizeof members / sizeof members[0], campaign);
	campaign->goal.currency = campaign->currency;
}

/* Room for those that are there: a whole list of the longest would be some megabytes. */
void campaigns_read(struct reader *reader, const struct json_node *node, void *target)
{
	struct config *config = target;
	size_t count = node->count < CAMPAIGNS_MAX ? node->count : CAMPAIGNS_MAX;

	config->campaigns = calloc(count + 1, sizeof config->campaigns[0]);
	reader->no_memory = config->campaigns == NULL;
	if (reader->no_memory)
		return;
	reader_elements(reader, node, 1, CAMPAIGNS_MAX, read_campaign, target);
}
