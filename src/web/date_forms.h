/*
 * date_forms.h -- how each language writes a date at length, as Unicode's CLDR has
 * it: the table behind dates.h.
 */
#ifndef WEB_DATE_FORMS_H
#define WEB_DATE_FORMS_H

#include "domain/language.h"

struct date_forms {
	const char *order;      /* "D" stands for the day, "M" for the month, "Y" for the year, anything else for itself */
	const char *months[12]; /* their names in the form that they have beside a day */
};

extern const struct date_forms date_forms[LANGUAGES];

#endif
