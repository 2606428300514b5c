#include "routes/meter_json.h"

#include <stdio.h>

static void write_money(struct json_write *json, const char *name, const struct money *money)
{
	char amount[AMOUNT_TEXT_SIZE];

	money_format(money, amount);
	json_write_text(json, name, amount);
}

static void write_since(struct json_write *json, const struct meter *meter)
{
	char day[METER_MONTH_SIZE + sizeof "-01"];

	if (meter->since[0] == '\0')
		return;
	snprintf(day, sizeof day, "%s-01", meter->since);
	json_write_text(json, "since", day);
}

void meter_json_member(struct json_write *json, const struct campaign *campaign, const struct meter *meter)
{
	json_write_object_open(json, "meter");
	write_money(json, "raised", &meter->raised);
	write_money(json, "settled", &meter->settled);
	write_money(json, "refunded", &meter->refunded);
	write_money(json, "lost", &meter->lost);
	if (campaign->meter_net)
		write_money(json, "fees", &meter->fees);
	write_money(json, "pending", &meter->pending);
	write_money(json, "disputed", &meter->disputed);
	json_write_integer(json, "gifts", meter->gifts > INT64_MAX ? INT64_MAX : (int64_t)meter->gifts);
	write_since(json, meter);
	if (campaign->goal.minor > 0) {
		write_money(json, "goal", &campaign->goal);
		json_write_integer(json, "percent", money_permille(&meter->raised, &campaign->goal) / 10);
	}
	json_write_array_open(json, "marks");
	for (size_t i = 0; i < campaign->mark_count; i++)
		write_money(json, NULL, &campaign->marks[i]);
	json_write_array_close(json);
	json_write_object_close(json);
}

void meter_json_write(struct buffer *out, const struct campaign *campaign, const struct meter *meter)
{
	struct json_write json = JSON_WRITE(out);

	json_write_object_open(&json, NULL);
	json_write_text(&json, "campaign", campaign->id);
	json_write_text(&json, "title", campaign->title);
	json_write_text(&json, "currency", campaign->currency.code);
	meter_json_member(&json, campaign, meter);
	json_write_object_close(&json);
	buffer_char(out, '\n');
}
