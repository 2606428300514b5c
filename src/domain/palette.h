/*
 * palette.h -- the colours of the pages, in light and in dark: four that an
 * organisation may choose, those that follow from them, and whether every text and
 * every edge can be told from its ground.
 */
#ifndef DOMAIN_PALETTE_H
#define DOMAIN_PALETTE_H

#include <stdbool.h>
#include <stddef.h>

#include "domain/colour.h"

enum palette_role {
	PALETTE_ACCENT, /* links, buttons, the meter's filled part */
	PALETTE_PAGE,   /* the ground of the page */
	PALETTE_CARD,   /* the ground of what stands out on it */
	PALETTE_INK,    /* text */
	PALETTE_CHOSEN, /* so many are chosen; the others follow */

	PALETTE_SOFT = PALETTE_CHOSEN, /* text that matters less */
	PALETTE_LINE,                  /* lines that separate, the meter's empty part */
	PALETTE_EDGE,                  /* edges of what can be used */
	PALETTE_OVER,                  /* links and buttons under the pointer */
	PALETTE_ON,                    /* text on accent */
	PALETTE_WASH,                  /* the ground of what is selected */
	PALETTE_ROLES,
};

enum scheme { SCHEME_LIGHT, SCHEME_DARK, SCHEMES };

/* What an organisation chose. All zero: nothing. */
struct palette_wish {
	bool given[PALETTE_CHOSEN];
	struct colour colours[PALETTE_CHOSEN];
};

struct palette {
	struct colour colours[PALETTE_ROLES];
};

/* As the style sheets name it: "accent". */
const char *palette_role_name(enum palette_role role);

/* Both palettes. An accent that is chosen for light alone is made lighter for dark until it is read well there. */
void palette_make(const struct palette_wish wishes[static SCHEMES], struct palette palettes[static SCHEMES]);

/* Two colours that meet, and do not differ enough. */
struct palette_flaw {
	const char *what;         /* "links on the page" */
	enum palette_role chosen; /* the one of the four that it comes from first */
	bool derived;             /* one of the two was not chosen but follows */
	struct colour front;
	struct colour ground;
	unsigned ratio;           /* in hundredths */
	unsigned least;           /* in hundredths: 450 for text, 300 for what is no text (WCAG 2.2, 1.4.3 and 1.4.11) */
};

enum { PALETTE_FLAWS_MAX = 32 };

/* What is wrong with a palette; returns how many there are. */
size_t palette_check(const struct palette *palette, const struct palette_wish *wish, enum scheme scheme,
                     struct palette_flaw flaws[static PALETTE_FLAWS_MAX]);

#endif
