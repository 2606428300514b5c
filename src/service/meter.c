#include "service/meter.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

enum { YEAR_CHARACTERS = 4, MONTH_CHARACTERS = 7 };

/* The month that a meter counts from: "2026-11", "2026-01", or "". */
static void begin(enum meter_reset reset, int64_t now_s, char since[static METER_MONTH_SIZE])
{
	char time[TIME_TEXT_SIZE];

	since[0] = '\0';
	text_time_s(now_s, time);
	if (reset == METER_MONTHLY)
		snprintf(since, METER_MONTH_SIZE, "%.*s", (int)MONTH_CHARACTERS, time);
	else if (reset == METER_YEARLY)
		snprintf(since, METER_MONTH_SIZE, "%.*s-01", (int)YEAR_CHARACTERS, time);
}

static struct money full(const struct campaign *campaign)
{
	struct money most = campaign->goal;

	if (campaign->mark_count > 0 && campaign->marks[campaign->mark_count - 1].minor > most.minor)
		most = campaign->marks[campaign->mark_count - 1];
	return most;
}

enum err meter_make(const struct campaign *campaign, const struct campaign_totals *totals, struct meter *meter)
{
	struct meter made = {
		.raised = totals->settled, .pending = totals->pending, .refunded = totals->refunded, .lost = totals->lost,
		.disputed = totals->disputed, .fees = totals->fees, .settled = totals->settled, .gifts = totals->gifts,
		.full = full(campaign),
	};
	enum err err = money_subtract(&made.raised, &made.refunded, &made.raised);

	if (err == OK)
		err = money_subtract(&made.raised, &made.lost, &made.raised);
	if (err == OK && campaign->meter_net)
		err = money_subtract(&made.raised, &made.fees, &made.raised);
	if (err == OK)
		*meter = made;
	return err;
}

enum err meter_read(struct ledger *ledger, const struct campaign *campaign, int64_t now_s, struct meter *meter)
{
	char since[METER_MONTH_SIZE];
	struct campaign_totals totals;

	begin(campaign->meter_reset, now_s, since);
	enum err err = ledger_totals_since(ledger, campaign->id, &campaign->currency, since, &totals);

	if (err == OK)
		err = meter_make(campaign, &totals, meter);
	if (err == OK)
		memcpy(meter->since, since, sizeof since);
	return err;
}
