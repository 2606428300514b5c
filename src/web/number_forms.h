/*
 * number_forms.h -- how each language writes numbers, as Unicode's CLDR has it:
 * the table behind numbers.h.
 */
#ifndef WEB_NUMBER_FORMS_H
#define WEB_NUMBER_FORMS_H

#include <stddef.h>

#include "base/limits.h"
#include "domain/language.h"

/* What stands around an amount's digits; "$" is where the currency's symbol stands. */
struct number_frame {
	const char *before;
	const char *behind;
	const char *before_negative;
	const char *behind_negative;
};

/* A currency that has a symbol other than its code, or another frame than most. */
struct number_symbol {
	char code[CURRENCY_SIZE];
	const char *symbol;
	unsigned frame;
};

struct number_forms {
	const char *decimal;
	const char *group;
	const char *percent;        /* what follows the number */
	size_t least_grouped;       /* fewer digits than that are not grouped */
	const struct number_frame *frames; /* the first one is for whatever is not in `symbols` */
	const struct number_symbol *symbols;
	size_t symbol_count;
};

extern const struct number_forms number_forms[LANGUAGES];

#endif
