#include "routes/published.h"

#include <stdio.h>
#include <string.h>

#include "routes/rendered.h"

enum { NAME_SIZE = 96 };

static const struct {
	enum rendered_kind kind;
	const char *word;
	const char *ending;
	bool has_languages;
} files[] = {
	{ RENDERED_METER, "meter", "json", false },
	{ RENDERED_PICTURE, "meter", "svg", true },
	{ RENDERED_FRAGMENT, "fragment", "html", true },
};

static const char tiers_name[] = "tiers.json"; /* of all campaigns */

enum { FILES = sizeof files / sizeof files[0] };

/* "ID.meter.svg", or with a language "ID.meter.de.svg". */
static void file_name(const char *id, size_t which, const char *language, char name[static NAME_SIZE])
{
	snprintf(name, NAME_SIZE, "%s.%s%s%s.%s", id, files[which].word, language == NULL ? "" : ".",
	         language == NULL ? "" : language, files[which].ending);
}

struct writing {
	struct mirror *mirror;
	const struct snapshot *snapshot;
	bool every_language;
	struct published_report *report;
};

static enum err put(const struct writing *writing, const char *name, const struct ready_body *body, struct why *why)
{
	writing->report->files++;
	return mirror_put(writing->mirror, name, blob_view(body->plain), why);
}

static enum err put_campaign_file(const struct writing *writing, size_t which, size_t index, enum language language,
                                  const char *tag, struct why *why)
{
	const struct ready_body *body;
	char name[NAME_SIZE];
	enum err err = rendered_campaign(writing->snapshot, files[which].kind, index, language, &body);

	file_name(writing->snapshot->config->campaigns[index].id, which, tag, name);
	return err == OK ? put(writing, name, body, why) : err;
}

static enum err put_campaign(const struct writing *writing, size_t index, struct why *why)
{
	enum language own = page_language_own(&writing->snapshot->config->campaigns[index]);
	enum err err = OK;

	for (size_t which = 0; err == OK && which < FILES; which++) {
		err = put_campaign_file(writing, which, index, own, NULL, why);
		if (!files[which].has_languages || !writing->every_language)
			continue;
		for (unsigned i = 0; err == OK && i < LANGUAGES; i++)
			err = put_campaign_file(writing, which, index, (enum language)i, language_tag((enum language)i), why);
	}
	return err;
}

/* ---- what is not published any more ---- */

/* Whether it is a name of ours, with or without a language. */
static bool is_named(const char *id, struct bytes name, bool *has_language)
{
	char ours[NAME_SIZE];

	for (size_t which = 0; which < FILES; which++) {
		*has_language = false;
		file_name(id, which, NULL, ours);
		if (bytes_is(name, ours))
			return true;
		*has_language = true;
		for (unsigned i = 0; files[which].has_languages && i < LANGUAGES; i++) {
			file_name(id, which, language_tag((enum language)i), ours);
			if (bytes_is(name, ours))
				return true;
		}
	}
	return false;
}

static enum mirror_use use_of(void *context, struct bytes name)
{
	const struct writing *writing = context;
	const char *dot = memchr(name.data, '.', name.length);
	struct bytes stem = { name.data, dot == NULL ? 0 : (size_t)(dot - name.data) };
	char id[ID_SIZE];
	bool has_language;

	if (bytes_is(name, tiers_name))
		return MIRROR_WANTED;
	if (!id_is_valid(stem) || bytes_copy_text(stem, id, sizeof id) != OK || !is_named(id, name, &has_language))
		return MIRROR_FOREIGN;
	if (config_campaign(writing->snapshot->config, stem) == NULL || (has_language && !writing->every_language))
		return MIRROR_STALE;
	return MIRROR_WANTED;
}

enum err published_write(struct mirror *mirror, const struct snapshot *snapshot, bool every_language,
                         struct published_report *report, struct why *why)
{
	struct writing writing = { mirror, snapshot, every_language, report };
	enum err err = OK;

	*report = (struct published_report){ .files = 0 };
	mirror->written = mirror->removed = 0;
	for (size_t i = 0; err == OK && i < snapshot->config->campaign_count; i++)
		err = put_campaign(&writing, i, why);
	if (err == OK)
		err = put(&writing, tiers_name, &rendered_of(snapshot)->tiers, why);
	if (err == OK)
		err = mirror_sweep(mirror, use_of, &writing, why);
	report->written = mirror->written;
	report->removed = mirror->removed;
	return err;
}
