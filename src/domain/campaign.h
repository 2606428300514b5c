/*
 * campaign.h -- what is collected for, and the preset amounts.
 */
#ifndef DOMAIN_CAMPAIGN_H
#define DOMAIN_CAMPAIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "domain/language.h"
#include "domain/money.h"

enum interval {
	INTERVAL_ONCE,
	INTERVAL_MONTH,
	INTERVAL_YEAR,
};

enum { INTERVALS = INTERVAL_YEAR + 1 };

/* "once", "month", "year". */
const char *interval_name(enum interval interval);
bool interval_parse(struct bytes text, enum interval *interval);

/* Whether a text is a campaign's, tier's or provider account's id: [a-z][a-z0-9-]{0,31}. */
bool id_is_valid(struct bytes text);

struct tier {
	char id[ID_SIZE];          /* unique in the whole configuration, for life */
	char label[LABEL_SIZE];
	char text[DESCRIPTION_SIZE]; /* may be "" */
	struct money amount;
	enum interval interval;
	uint32_t stock;            /* how many there are; 0: any number */
};

/* When a campaign's meter begins anew, by UTC. */
enum meter_reset {
	METER_FOR_EVER,
	METER_MONTHLY,
	METER_YEARLY,
};

struct campaign {
	char id[ID_SIZE];
	char title[LABEL_SIZE];
	char text[DESCRIPTION_SIZE]; /* may be "" */
	char button[LABEL_SIZE];     /* "": each language's own word, "Support" */
	bool has_language;           /* its pages are in `language` unless somebody asks for another */
	enum language language;
	struct currency currency;
	struct money goal;           /* minor 0: none */
	struct money marks[MARKS_MAX]; /* of the meter, rising */
	size_t mark_count;
	bool meter_net;              /* the meter shows what is left when providers took their fees */
	enum meter_reset meter_reset;
	struct tier tiers[TIERS_MAX];
	size_t tier_count;
	size_t default_tier;         /* index into tiers */
	int64_t ends_s;              /* when it closes, in seconds since 1970; 0: it does not */
	bool closes_at_goal;
};

/* Whether a campaign takes gifts, and why not. */
enum campaign_state {
	CAMPAIGN_OPEN,
	CAMPAIGN_ENDED,    /* its time is over */
	CAMPAIGN_REACHED,  /* it has its goal and wants no more */
	CAMPAIGN_SOLD_OUT, /* nothing is left of any tier */
};

/* "open", "ended", "reached", "sold-out". */
const char *campaign_state_name(enum campaign_state state);

/* What can still be given to a campaign. */
struct offer {
	enum campaign_state state;
	bool limited[TIERS_MAX];   /* the tier has a stock … */
	uint32_t left[TIERS_MAX];  /* … of which that much is left */
};

/* Whether that tier of the campaign can be given. */
bool offer_has(const struct offer *offer, size_t tier);

/* What is left of a tier of which `taken` are taken: more than there are when money came after a pledge had expired. */
void offer_take(struct offer *offer, const struct campaign *campaign, size_t tier, uint64_t taken);

/* Say the state, after every tier's stock was looked at. */
void offer_judge(struct offer *offer, const struct campaign *campaign, const struct money *settled, int64_t now_s);

#endif
