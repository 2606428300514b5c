/*
 * dates.h -- dates as people read them in their language: "November 25, 2026",
 * "25 de noviembre de 2026", "2026年11月25日".
 *
 * The order and the months' names are Unicode CLDR's long form (date_forms.h), which
 * nobody takes for another day. What machines read is text_time.
 */
#ifndef WEB_DATES_H
#define WEB_DATES_H

#include <stdint.h>

#include "domain/language.h"

enum { DATE_TEXT_SIZE = 64 };

/* The day, by UTC, of a time in seconds since 1970; years 1970 to 9999. */
void dates_long(enum language language, int64_t time_s, char text[static DATE_TEXT_SIZE]);

#endif
