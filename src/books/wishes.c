#include "books/wishes.h"

#include <string.h>

#include "base/moment.h"
#include "base/text.h"
#include "books/period.h"

static const char *const names[WISHES] = {
	[WISH_PROFILE] = "profile",   [WISH_ZONE] = "zone",           [WISH_FISCAL_YEAR_START] = "fiscal_year_start",
	[WISH_FROM] = "from",         [WISH_TO] = "to",               [WISH_PERIOD] = "period",
	[WISH_AS_OF] = "as_of",       [WISH_BY] = "by",               [WISH_CAMPAIGN] = "campaign",
	[WISH_ACCOUNT] = "account",   [WISH_CURRENCY] = "currency",   [WISH_DELIMITER] = "delimiter",
	[WISH_DECIMAL] = "decimal",   [WISH_BOM] = "bom",
};

const char *wish_name(enum wish wish)
{
	return names[wish];
}

static enum err read_profile(const char *text, struct export_options *options, struct why *why)
{
	char known[WHY_SIZE] = "";
	struct buffer list = BUFFER_ON(known);

	if (export_profile_parse(bytes_of(text), &options->profile))
		return OK;
	for (int i = 0; i < EXPORT_PROFILES; i++)
		buffer_format(&list, "%s%s", i > 0 ? ", " : "", export_profile_name((enum export_profile)i));
	return why_set(why, ERR_INPUT, "there is no profile '%.40s'; there are %s", text, known);
}

static enum err read_zone(const char *text, struct export_options *options, struct why *why)
{
	enum err err = period_zone_read(text, &options->zone, why);

	if (err == OK)
		memcpy(options->zone_name, text, strlen(text) + 1); /* a zone's name is shorter than that */
	return err;
}

static enum err read_from(const char *text, struct export_options *options, struct why *why)
{
	return moment_parse(bytes_of(text), &options->zone, &options->from_us, why);
}

static enum err read_to(const char *text, struct export_options *options, struct why *why)
{
	enum err err = moment_parse(bytes_of(text), &options->zone, &options->to_us, why);

	return err == OK && options->to_us == 0 ? why_set(why, ERR_INPUT, "nothing happened before 1970") : err;
}

static enum err read_as_of(const char *text, struct export_options *options, struct why *why)
{
	if (text_unsigned(bytes_of(text), INT64_MAX, &options->as_of) != OK || options->as_of == 0)
		return why_set(why, ERR_INPUT, "'%.40s' is not the seq of an entry", text);
	return OK;
}

/* One of two words; *second says which. */
static enum err read_either(enum wish wish, const char *text, const char *const words[2], bool *second,
                            struct why *why)
{
	if (strcmp(text, words[0]) != 0 && strcmp(text, words[1]) != 0)
		return why_set(why, ERR_INPUT, "'%s' is either %s or %s, not '%.40s'", names[wish], words[0], words[1], text);
	*second = strcmp(text, words[1]) == 0;
	return OK;
}

static enum err read_by(const char *text, struct export_options *options, struct why *why)
{
	return read_either(WISH_BY, text, (const char *const[2]){ "time", "at" }, &options->by_at, why);
}

static enum err read_id(const char *text, const char *of, char id[static ID_SIZE], struct why *why)
{
	if (!id_is_valid(bytes_of(text)) || bytes_copy_text(bytes_of(text), id, ID_SIZE) != OK)
		return why_set(why, ERR_INPUT, "'%.40s' cannot be %s's id", text, of);
	return OK;
}

static enum err read_campaign(const char *text, struct export_options *options, struct why *why)
{
	return read_id(text, "a campaign", options->campaign, why);
}

static enum err read_account(const char *text, struct export_options *options, struct why *why)
{
	return read_id(text, "a provider account", options->account, why);
}

static enum err read_currency(const char *text, struct export_options *options, struct why *why)
{
	struct currency currency;

	if (currency_parse(bytes_of(text), &currency) != OK)
		return why_set(why, ERR_INPUT, "there is no currency '%.40s'", text);
	memcpy(options->currency, currency.code, sizeof options->currency);
	return OK;
}

static enum err read_delimiter(const char *text, struct export_options *options, struct why *why)
{
	static const struct {
		const char *word;
		char delimiter;
	} known[] = { { "comma", ',' }, { "semicolon", ';' }, { "tab", '\t' } };

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (strcmp(text, known[i].word) == 0) {
			options->delimiter = known[i].delimiter;
			return OK;
		}
	return why_set(why, ERR_INPUT, "'delimiter' is comma, semicolon or tab, not '%.40s'", text);
}

static enum err read_decimal(const char *text, struct export_options *options, struct why *why)
{
	bool comma = false;
	enum err err = read_either(WISH_DECIMAL, text, (const char *const[2]){ "point", "comma" }, &comma, why);

	if (err == OK)
		options->decimal_mark = comma ? ',' : '.';
	return err;
}

static enum err read_bom(const char *text, struct export_options *options, struct why *why)
{
	return read_either(WISH_BOM, text, (const char *const[2]){ "no", "yes" }, &options->bom, why);
}

/* A named period instead of a beginning and an end. */
static enum err read_period(const struct wishes *wishes, struct export_options *options, struct why *why)
{
	const char *period = wishes->texts[WISH_PERIOD];
	const char *start = wishes->texts[WISH_FISCAL_YEAR_START];
	int month = 1;
	int day = 1;
	enum err err = start != NULL ? period_year_start_read(start, &month, &day, why) : OK;

	if (err == OK && start != NULL && period == NULL)
		return why_set(why, ERR_INPUT, "a fiscal year's start is for a 'period' like 2026 or 2026-Q2");
	if (err != OK || period == NULL)
		return err;
	if (wishes->texts[WISH_FROM] != NULL || wishes->texts[WISH_TO] != NULL)
		return why_set(why, ERR_INPUT, "a 'period' has its own beginning and end: it goes without 'from' and 'to'");
	err = period_read(period, month, day, &options->zone, &options->from_us, &options->to_us, why);
	if (err == OK)
		memcpy(options->period_name, period, strlen(period) + 1); /* no name is longer than a month's */
	return err;
}

enum err wishes_read(const struct wishes *wishes, struct export_options *options, struct why *why)
{
	static enum err (*const readers[WISHES])(const char *, struct export_options *, struct why *) = {
		[WISH_PROFILE] = read_profile,     [WISH_ZONE] = read_zone,         [WISH_FROM] = read_from,
		[WISH_TO] = read_to,
		[WISH_AS_OF] = read_as_of,         [WISH_BY] = read_by,             [WISH_CAMPAIGN] = read_campaign,
		[WISH_ACCOUNT] = read_account,     [WISH_CURRENCY] = read_currency, [WISH_DELIMITER] = read_delimiter,
		[WISH_DECIMAL] = read_decimal,     [WISH_BOM] = read_bom,
	};
	enum err err = OK;

	for (int i = 0; err == OK && i < WISHES; i++)
		if (wishes->texts[i] != NULL && readers[i] != NULL)
			err = readers[i](wishes->texts[i], options, why);
	return err == OK ? read_period(wishes, options, why) : err;
}
