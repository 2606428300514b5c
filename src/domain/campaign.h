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
};

#endif
