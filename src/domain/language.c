#include "domain/language.h"

#include "base/text.h"

static const struct {
	const char *tag;
	const char *title;
	const char *direction;
} languages[LANGUAGES] = {
	[LANGUAGE_EN] = { "en", "English", "ltr" },
	[LANGUAGE_DE] = { "de", "Deutsch", "ltr" },
	[LANGUAGE_FR] = { "fr", "Français", "ltr" },
	[LANGUAGE_ES] = { "es", "Español", "ltr" },
	[LANGUAGE_UK] = { "uk", "Українська", "ltr" },
	[LANGUAGE_JA] = { "ja", "日本語", "ltr" },
	[LANGUAGE_AR] = { "ar", "العربية", "rtl" },
};

const char *language_tag(enum language language)
{
	return languages[language].tag;
}

const char *language_title(enum language language)
{
	return languages[language].title;
}

const char *language_direction(enum language language)
{
	return languages[language].direction;
}

bool language_is_spaced(enum language language)
{
	return language != LANGUAGE_JA;
}

bool language_parse(struct bytes tag, enum language *language)
{
	for (unsigned i = 0; i < LANGUAGES; i++)
		if (bytes_is_nocase(tag, languages[i].tag)) {
			*language = (enum language)i;
			return true;
		}
	return false;
}

/* ---- Accept-Language ---- */

enum { WEIGHT_MAX = 1000 };

/* What stands before the next `separator`, without blanks around it; `rest` is then what follows. */
static struct bytes cut(struct bytes *rest, char separator)
{
	const char *end = rest->length > 0 ? memchr(rest->data, separator, rest->length) : NULL;
	struct bytes part = { rest->data, end != NULL ? (size_t)(end - rest->data) : rest->length };
	size_t taken = end != NULL ? part.length + 1 : part.length;

	if (taken > 0)
		*rest = (struct bytes){ rest->data + taken, rest->length - taken };
	return text_trim(part);
}

/* A weight in thousandths: "0", "0.875", "1", "1.000"; false for any other text. */
static bool read_weight(struct bytes text, unsigned *weight)
{
	unsigned value = 0;
	unsigned unit = WEIGHT_MAX;

	if (text.length == 0 || text.length > 5 || (text.length > 1 && text.data[1] != '.'))
		return false;
	for (size_t i = 0; i < text.length; i += i == 0 ? 2 : 1) {
		if (text.data[i] < '0' || text.data[i] > '9')
			return false;
		value += unit * (unsigned)(text.data[i] - '0');
		unit /= 10;
	}
	*weight = value;
	return value <= WEIGHT_MAX;
}

/* One element, "de-AT;q=0.8", as its range and weight. */
static bool read_element(struct bytes element, struct bytes *range, unsigned *weight)
{
	*range = cut(&element, ';');
	*weight = WEIGHT_MAX;
	if (range->length == 0)
		return false;
	if (text_trim(element).length == 0)
		return true;
	struct bytes name = cut(&element, '=');

	return bytes_is_nocase(name, "q") && read_weight(text_trim(element), weight);
}

/* Ours for a range, which is cut at its hyphens from the end until one is found. */
static bool look_up(struct bytes range, enum language *language)
{
	while (range.length > 0) {
		if (language_parse(range, language))
			return true;
		while (range.length > 0 && range.data[range.length - 1] != '-')
			range.length--;
		if (range.length > 0)
			range.length--;
	}
	return false;
}

/* How much one of ours is wanted, and where in the field that stands (from 1; 0: it is not named). */
struct wish {
	unsigned weight;
	size_t place;
};

struct wishes {
	struct wish ours[LANGUAGES];
	struct wish any; /* "*": whatever is not named */
};

static void read_wishes(struct bytes field, struct wishes *wishes)
{
	struct bytes range;
	enum language language;
	unsigned weight;

	for (size_t place = 1; field.length > 0; place++) {
		struct wish *wish = NULL;

		if (!read_element(cut(&field, ','), &range, &weight))
			continue;
		if (bytes_is(range, "*"))
			wish = &wishes->any;
		else if (look_up(range, &language))
			wish = &wishes->ours[language];
		if (wish != NULL && (wish->place == 0 || weight > wish->weight))
			*wish = (struct wish){ weight, place };
	}
}

bool language_accept(struct bytes field, enum language *language)
{
	struct wishes wishes = { 0 };
	struct wish best = { 0, 0 };

	read_wishes(field, &wishes);
	for (unsigned i = 0; i < LANGUAGES; i++) {
		const struct wish *wish = wishes.ours[i].place > 0 ? &wishes.ours[i] : &wishes.any;

		if (wish->weight == 0 || wish->weight < best.weight || (wish->weight == best.weight && wish->place >= best.place))
			continue;
		best = *wish;
		*language = (enum language)i;
	}
	return best.weight > 0;
}
