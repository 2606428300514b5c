#include "sandbox/calendar.h"

#include <string.h>

enum { DAY_S = 86400 };

/* Days since 1970-01-01 of a date of the Gregorian calendar (counted in years that begin in March). */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = y / 400;
	int64_t of_era = y - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static int64_t days_in(int64_t year, int64_t month)
{
	return month == 12 ? 31 : days_of(year, month + 1, 1) - days_of(year, month, 1);
}

static void date_of(int64_t days, int64_t *year, int64_t *month, int64_t *day)
{
	*year = 1970 + days / 366;
	while (days_of(*year + 1, 1, 1) <= days)
		(*year)++;
	*month = 1;
	while (*month < 12 && days_of(*year, *month + 1, 1) <= days)
		(*month)++;
	*day = days - days_of(*year, *month, 1) + 1;
}

int64_t calendar_add(int64_t anchor_s, const char *interval, int64_t count)
{
	int64_t year;
	int64_t month;
	int64_t day;

	if (strcmp(interval, "day") == 0)
		return anchor_s + count * DAY_S;
	if (strcmp(interval, "week") == 0)
		return anchor_s + count * 7 * DAY_S;
	date_of(anchor_s / DAY_S, &year, &month, &day);
	month += strcmp(interval, "year") == 0 ? count * 12 : count;
	year += (month - 1) / 12;
	month = (month - 1) % 12 + 1;
	if (day > days_in(year, month))
		day = days_in(year, month);
	return days_of(year, month, day) * DAY_S + anchor_s % DAY_S;
}
