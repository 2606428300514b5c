#include "config/look.h"

#include <string.h>

#include "config/url.h"
#include "sys/whole_file.h"

/* ---- colours ---- */

/* What one scheme's members are read into. */
struct colours_target {
	struct palette_wish *wish;
	const struct json_node *nodes[PALETTE_CHOSEN];
};

struct look_target {
	struct config *config;
	struct palette_wish wishes[SCHEMES];
	struct colours_target schemes[SCHEMES];
};

static void read_colour(struct reader *reader, const struct json_node *node, struct colours_target *at,
                        enum palette_role role)
{
	char text[LABEL_SIZE];

	if (!reader_text(reader, node, text, sizeof text))
		return;
	at->wish->given[role] = colour_parse(bytes_of(text), &at->wish->colours[role]);
	at->nodes[role] = node;
	if (!at->wish->given[role])
		reader_problem(reader, node, "a colour is '#' and six digits of 0-9 and a-f: \"#0b5a49\"");
}

static void read_accent(struct reader *reader, const struct json_node *node, void *target)
{
	read_colour(reader, node, target, PALETTE_ACCENT);
}

static void read_page(struct reader *reader, const struct json_node *node, void *target)
{
	read_colour(reader, node, target, PALETTE_PAGE);
}

static void read_card(struct reader *reader, const struct json_node *node, void *target)
{
	read_colour(reader, node, target, PALETTE_CARD);
}

static void read_ink(struct reader *reader, const struct json_node *node, void *target)
{
	read_colour(reader, node, target, PALETTE_INK);
}

static void read_scheme(struct reader *reader, const struct json_node *node, struct look_target *at, enum scheme scheme)
{
	static const struct member members[] = {
		{ "accent", false, read_accent },
		{ "page", false, read_page },
		{ "card", false, read_card },
		{ "ink", false, read_ink },
	};

	at->config->look.has_colours = true;
	reader_members(reader, node, members, sizeof members / sizeof members[0], &at->schemes[scheme]);
}

static void read_light(struct reader *reader, const struct json_node *node, void *target)
{
	read_scheme(reader, node, target, SCHEME_LIGHT);
}

static void read_dark(struct reader *reader, const struct json_node *node, void *target)
{
	read_scheme(reader, node, target, SCHEME_DARK);
}

static void tell_flaw(struct reader *reader, const struct json_node *node, const struct palette_flaw *flaw, enum scheme scheme)
{
	char front[COLOUR_TEXT_SIZE];
	char ground[COLOUR_TEXT_SIZE];

	colour_format(flaw->front, front);
	colour_format(flaw->ground, ground);
	reader_problem(reader, node, "%s in %s: %s on %s has a contrast of %u.%02u:1, at least %u.%02u:1 is needed (WCAG 2.2)",
	               flaw->what, scheme == SCHEME_DARK ? "dark" : "light", front, ground, flaw->ratio / 100, flaw->ratio % 100,
	               flaw->least / 100, flaw->least % 100);
}

/* A pair that somebody chose himself says more than one that follows; then the one farthest from what it needs. */
static bool is_worse(const struct palette_flaw *flaw, const struct palette_flaw *than)
{
	if (than == NULL || flaw->derived != than->derived)
		return than == NULL || than->derived;
	return flaw->ratio * than->least < than->ratio * flaw->least;
}

/* One mistake a colour. */
static void check_scheme(struct reader *reader, const struct look_target *at, enum scheme scheme)
{
	struct palette_flaw flaws[PALETTE_FLAWS_MAX];
	const struct palette_flaw *worst[PALETTE_CHOSEN] = { NULL };
	size_t count = palette_check(&at->config->look.palettes[scheme], &at->wishes[scheme], scheme, flaws);

	for (size_t i = 0; i < count; i++)
		if (is_worse(&flaws[i], worst[flaws[i].chosen]))
			worst[flaws[i].chosen] = &flaws[i];
	for (unsigned i = 0; i < PALETTE_CHOSEN; i++)
		if (worst[i] != NULL)
			tell_flaw(reader, at->schemes[scheme].nodes[i], worst[i], scheme);
}

/* ---- the logo ---- */

/* What the bytes are, whatever the file is called; NULL for none that browsers show. */
static const char *type_of(struct bytes content)
{
	static const struct {
		const char *begin;
		size_t length;
		const char *type;
	} types[] = {
		{ "\x89PNG\r\n\x1a\n", 8, "image/png" },
		{ "\xff\xd8\xff", 3, "image/jpeg" },
		{ "<svg", 4, "image/svg+xml" },
		{ "<?xml", 5, "image/svg+xml" },
	};

	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		if (content.length >= types[i].length && memcmp(content.data, types[i].begin, types[i].length) == 0)
			return types[i].type;
	if (content.length >= 12 && memcmp(content.data, "RIFF", 4) == 0 && memcmp(content.data + 8, "WEBP", 4) == 0)
		return "image/webp";
	return NULL;
}

static void read_logo_file(struct reader *reader, const struct json_node *node, void *target)
{
	struct look_target *at = target;
	struct look *look = &at->config->look;
	struct whole_file file;
	struct why why = { "" };

	if (!reader_path(reader, node, look->logo_file) || !reader->read_secrets)
		return;
	enum err err = whole_file_read(look->logo_file, &look->logo, &file, &why);

	look->logo_type = err == OK ? type_of(buffer_view(&look->logo)) : NULL;
	if (err == ERR_TOO_BIG)
		reader_problem(reader, node, "%s: a logo has at most %d KiB", look->logo_file, LOGO_BYTES_MAX / 1024);
	else if (err != OK)
		reader_problem(reader, node, "%s: %s", look->logo_file, why.text);
	else if (look->logo_type == NULL)
		reader_problem(reader, node, "%s: a logo is a picture of type SVG, PNG, JPEG or WebP", look->logo_file);
}

static void read_logo_text(struct reader *reader, const struct json_node *node, void *target)
{
	struct look_target *at = target;

	reader_text(reader, node, at->config->look.logo_text, LABEL_SIZE);
}

/* ---- the foot ---- */

static void read_foot(struct reader *reader, const struct json_node *node, void *target)
{
	struct look_target *at = target;

	reader_text(reader, node, at->config->look.foot, DESCRIPTION_SIZE);
}

static void read_link_text(struct reader *reader, const struct json_node *node, void *target)
{
	struct look_link *link = target;

	reader_text(reader, node, link->text, LABEL_SIZE);
}

static void read_link_url(struct reader *reader, const struct json_node *node, void *target)
{
	struct look_link *link = target;
	struct why why;

	if (reader_text(reader, node, link->url, URL_SIZE) && url_check_link(bytes_of(link->url), &why) != OK)
		reader_problem(reader, node, "%s", why.text);
}

static void read_link(struct reader *reader, const struct json_node *node, void *target)
{
	static const struct member members[] = {
		{ "text", true, read_link_text },
		{ "url", true, read_link_url },
	};
	struct look_target *at = target;
	struct look *look = &at->config->look;

	reader_members(reader, node, members, sizeof members / sizeof members[0], &look->links[look->link_count++]);
}

static void read_links(struct reader *reader, const struct json_node *node, void *target)
{
	reader_elements(reader, node, 1, LOOK_LINKS_MAX, read_link, target);
}

/* ---- the whole ---- */

void look_read(struct reader *reader, const struct json_node *node, void *target)
{
	static const struct member members[] = {
		{ "light", false, read_light },
		{ "dark", false, read_dark },
		{ "logo_file", false, read_logo_file },
		{ "logo_text", false, read_logo_text },
		{ "foot", false, read_foot },
		{ "links", false, read_links },
	};
	struct look_target at = { .config = target };

	for (unsigned i = 0; i < SCHEMES; i++)
		at.schemes[i].wish = &at.wishes[i];
	reader_members(reader, node, members, sizeof members / sizeof members[0], &at);
	palette_make(at.wishes, at.config->look.palettes);
	for (unsigned i = 0; i < SCHEMES; i++)
		check_scheme(reader, &at, (enum scheme)i);
}

void look_default(struct config *config)
{
	static const struct palette_wish nothing[SCHEMES];

	config->look.logo = BUFFER(LOGO_BYTES_MAX);
	palette_make(nothing, config->look.palettes);
}
