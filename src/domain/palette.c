#include "domain/palette.h"

#include <string.h>

enum {
	OVER_PERCENT = 20,
	WASH_PERCENT = 9,
	SOFT_PERCENT = 22,
	LINE_PERCENT = 14,
	EDGE_PERCENT_LEAST = 40,
	STEP_PERCENT = 5,
	TEXT_RATIO = 450,
	EDGE_RATIO = 300,
	GOOD_RATIO = 700, /* what the accent of dark is made to reach */
};

#define RGB(hex) { (hex) >> 16, ((hex) >> 8) & 0xff, (hex) & 0xff }

static const struct colour white = RGB(0xffffff);
static const struct colour black = RGB(0x000000);

static const char *const names[PALETTE_ROLES] = {
	[PALETTE_ACCENT] = "accent", [PALETTE_PAGE] = "page", [PALETTE_CARD] = "card", [PALETTE_INK] = "ink",
	[PALETTE_SOFT] = "soft",     [PALETTE_LINE] = "line", [PALETTE_EDGE] = "edge", [PALETTE_OVER] = "over",
	[PALETTE_ON] = "on",         [PALETTE_WASH] = "wash",
};

/* The style sheets' own (src/web/style.css). */
static const struct palette own[SCHEMES] = {
	[SCHEME_LIGHT] = { {
		[PALETTE_ACCENT] = RGB(0x0b5a49), [PALETTE_PAGE] = RGB(0xf6f4ef), [PALETTE_CARD] = RGB(0xffffff),
		[PALETTE_INK] = RGB(0x17201e),    [PALETTE_SOFT] = RGB(0x414d49), [PALETTE_LINE] = RGB(0xdcd8ce),
		[PALETTE_EDGE] = RGB(0x737d79),   [PALETTE_OVER] = RGB(0x074236), [PALETTE_ON] = RGB(0xffffff),
		[PALETTE_WASH] = RGB(0xe9f2ee),
	} },
	[SCHEME_DARK] = { {
		[PALETTE_ACCENT] = RGB(0x84dfc4), [PALETTE_PAGE] = RGB(0x0f1513), [PALETTE_CARD] = RGB(0x18211e),
		[PALETTE_INK] = RGB(0xeff4f2),    [PALETTE_SOFT] = RGB(0xb9c6c1), [PALETTE_LINE] = RGB(0x2e3a36),
		[PALETTE_EDGE] = RGB(0x7d8b86),   [PALETTE_OVER] = RGB(0xa9ecd8), [PALETTE_ON] = RGB(0x05231b),
		[PALETTE_WASH] = RGB(0x1c3029),
	} },
};

/* What the messages of problems are written in; it is not chosen. */
static const struct colour bad[SCHEMES] = { [SCHEME_LIGHT] = RGB(0x8c1a14), [SCHEME_DARK] = RGB(0xffb8ad) };

const char *palette_role_name(enum palette_role role)
{
	return names[role];
}

/* ---- making ---- */

/* Text on the accent is white or black, whichever is read better; under the pointer the accent goes away from it. */
static void follow_accent(struct palette *palette)
{
	struct colour *colours = palette->colours;
	struct colour accent = colours[PALETTE_ACCENT];
	bool light_text = colour_contrast(accent, white) >= colour_contrast(accent, black);

	colours[PALETTE_ON] = light_text ? white : black;
	colours[PALETTE_OVER] = colour_mix(accent, light_text ? black : white, OVER_PERCENT);
}

static void follow_ink(struct palette *palette)
{
	struct colour *colours = palette->colours;
	struct colour page = colours[PALETTE_PAGE];
	struct colour ink = colours[PALETTE_INK];
	unsigned percent = EDGE_PERCENT_LEAST;

	colours[PALETTE_SOFT] = colour_mix(ink, page, SOFT_PERCENT);
	colours[PALETTE_LINE] = colour_mix(page, ink, LINE_PERCENT);
	do {
		colours[PALETTE_EDGE] = colour_mix(page, ink, percent);
		percent += STEP_PERCENT;
	} while (percent <= 100
	         && (colour_contrast(colours[PALETTE_EDGE], page) < EDGE_RATIO
	             || colour_contrast(colours[PALETTE_EDGE], colours[PALETTE_CARD]) < EDGE_RATIO));
}

static void make(const struct palette_wish *wish, enum scheme scheme, struct palette *palette)
{
	*palette = own[scheme];
	for (unsigned i = 0; i < PALETTE_CHOSEN; i++)
		if (wish->given[i])
			palette->colours[i] = wish->colours[i];
	if (wish->given[PALETTE_ACCENT])
		follow_accent(palette);
	if (wish->given[PALETTE_PAGE] || wish->given[PALETTE_CARD] || wish->given[PALETTE_INK])
		follow_ink(palette);
	if (wish->given[PALETTE_ACCENT] || wish->given[PALETTE_CARD])
		palette->colours[PALETTE_WASH] = colour_mix(palette->colours[PALETTE_CARD], palette->colours[PALETTE_ACCENT], WASH_PERCENT);
}

static struct colour lighten(struct colour colour, const struct palette *dark)
{
	struct colour lighter = colour;

	for (unsigned percent = 0; percent <= 100; percent += STEP_PERCENT) {
		lighter = colour_mix(colour, white, percent);
		if (colour_contrast(lighter, dark->colours[PALETTE_PAGE]) >= GOOD_RATIO
		    && colour_contrast(lighter, dark->colours[PALETTE_CARD]) >= GOOD_RATIO)
			break;
	}
	return lighter;
}

void palette_make(const struct palette_wish wishes[static SCHEMES], struct palette palettes[static SCHEMES])
{
	struct palette_wish dark = wishes[SCHEME_DARK];

	make(&wishes[SCHEME_LIGHT], SCHEME_LIGHT, &palettes[SCHEME_LIGHT]);
	make(&dark, SCHEME_DARK, &palettes[SCHEME_DARK]);
	if (!wishes[SCHEME_LIGHT].given[PALETTE_ACCENT] || dark.given[PALETTE_ACCENT])
		return;
	dark.given[PALETTE_ACCENT] = true;
	dark.colours[PALETTE_ACCENT] = lighten(wishes[SCHEME_LIGHT].colours[PALETTE_ACCENT], &palettes[SCHEME_DARK]);
	make(&dark, SCHEME_DARK, &palettes[SCHEME_DARK]);
}

/* ---- checking ---- */

/* Which of the four a colour comes from: the first of these that was chosen. */
static const enum palette_role sources[PALETTE_ROLES][2] = {
	[PALETTE_ACCENT] = { PALETTE_ACCENT, PALETTE_ACCENT }, [PALETTE_PAGE] = { PALETTE_PAGE, PALETTE_PAGE },
	[PALETTE_CARD] = { PALETTE_CARD, PALETTE_CARD },       [PALETTE_INK] = { PALETTE_INK, PALETTE_INK },
	[PALETTE_SOFT] = { PALETTE_INK, PALETTE_PAGE },        [PALETTE_LINE] = { PALETTE_PAGE, PALETTE_INK },
	[PALETTE_EDGE] = { PALETTE_INK, PALETTE_PAGE },        [PALETTE_OVER] = { PALETTE_ACCENT, PALETTE_ACCENT },
	[PALETTE_ON] = { PALETTE_ACCENT, PALETTE_ACCENT },     [PALETTE_WASH] = { PALETTE_CARD, PALETTE_ACCENT },
};

static const struct {
	enum palette_role front;
	enum palette_role ground;
	unsigned least;
	const char *what;
} pairs[] = {
	{ PALETTE_INK, PALETTE_PAGE, TEXT_RATIO, "text on the page" },
	{ PALETTE_INK, PALETTE_CARD, TEXT_RATIO, "text on a card" },
	{ PALETTE_INK, PALETTE_WASH, TEXT_RATIO, "text of the selected tier" },
	{ PALETTE_SOFT, PALETTE_PAGE, TEXT_RATIO, "softer text on the page" },
	{ PALETTE_SOFT, PALETTE_CARD, TEXT_RATIO, "softer text on a card" },
	{ PALETTE_SOFT, PALETTE_WASH, TEXT_RATIO, "softer text of the selected tier" },
	{ PALETTE_ACCENT, PALETTE_PAGE, TEXT_RATIO, "links on the page" },
	{ PALETTE_ACCENT, PALETTE_CARD, TEXT_RATIO, "links on a card" },
	{ PALETTE_OVER, PALETTE_PAGE, TEXT_RATIO, "links under the pointer" },
	{ PALETTE_OVER, PALETTE_CARD, TEXT_RATIO, "links on a card under the pointer" },
	{ PALETTE_ON, PALETTE_ACCENT, TEXT_RATIO, "text of the button" },
	{ PALETTE_ON, PALETTE_OVER, TEXT_RATIO, "text of the button under the pointer" },
	{ PALETTE_ACCENT, PALETTE_LINE, EDGE_RATIO, "the meter's filled part beside the empty one" },
	{ PALETTE_ACCENT, PALETTE_WASH, EDGE_RATIO, "the mark of the selected tier" },
	{ PALETTE_EDGE, PALETTE_PAGE, EDGE_RATIO, "edges on the page" },
	{ PALETTE_EDGE, PALETTE_CARD, EDGE_RATIO, "edges on a card" },
};

enum { PAIRS = sizeof pairs / sizeof pairs[0] };

_Static_assert(PAIRS + 2 <= PALETTE_FLAWS_MAX, "each pair can be a flaw, and the two of messages");

static bool comes_from(enum palette_role role, const struct palette_wish *wish, enum palette_role *chosen)
{
	for (int i = 0; i < 2; i++)
		if (wish->given[sources[role][i]]) {
			*chosen = sources[role][i];
			return true;
		}
	return false;
}

size_t palette_check(const struct palette *palette, const struct palette_wish *wish, enum scheme scheme,
                     struct palette_flaw flaws[static PALETTE_FLAWS_MAX])
{
	static const enum palette_role grounds[] = { PALETTE_PAGE, PALETTE_CARD };
	const struct colour *colours = palette->colours;
	size_t count = 0;

	for (size_t i = 0; i < PAIRS; i++) {
		struct palette_flaw flaw = { pairs[i].what, pairs[i].front,
			                     pairs[i].front >= PALETTE_CHOSEN || pairs[i].ground >= PALETTE_CHOSEN,
			                     colours[pairs[i].front], colours[pairs[i].ground],
			                     colour_contrast(colours[pairs[i].front], colours[pairs[i].ground]), pairs[i].least };

		if (flaw.ratio < flaw.least
		    && (comes_from(pairs[i].front, wish, &flaw.chosen) || comes_from(pairs[i].ground, wish, &flaw.chosen)))
			flaws[count++] = flaw;
	}
	for (size_t i = 0; i < sizeof grounds / sizeof grounds[0]; i++) {
		struct palette_flaw flaw = { "messages of problems", grounds[i], true, bad[scheme], colours[grounds[i]],
			                     colour_contrast(bad[scheme], colours[grounds[i]]), TEXT_RATIO };

		if (flaw.ratio < flaw.least)
			flaws[count++] = flaw;
	}
	return count;
}
