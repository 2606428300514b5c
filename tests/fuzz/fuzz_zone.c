/*
 * Any bytes as a file of the tz database, and as a rule: refused, or a zone whose clocks can be asked at any time of ours.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/zone.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ask(const struct zone *zone)
{
	/* The years 1970 to 9999. */
	for (int64_t time_s = 0; time_s < INT64_C(253402300800); time_s += INT64_C(7919000001)) {
		int64_t until_s;
		int64_t offset = zone_offset(zone, time_s, &until_s);
		int64_t moment_s = zone_moment(zone, time_s);

		if (until_s <= time_s || offset > 2 * 86400 || offset < -2 * 86400)
			abort();
		if (moment_s + zone_offset(zone, moment_s, &until_s) < time_s)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes bytes = { (const char *)data, size };
	static struct zone zone;

	if (zone_parse(bytes, &zone) == OK)
		ask(&zone);
	if (zone_rule_parse(bytes, &zone) == OK)
		ask(&zone);
	return 0;
}
