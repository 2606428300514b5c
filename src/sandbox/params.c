#include "sandbox/params.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { METADATA_KEYS_MAX = 50, METADATA_KEY_MAX = 40, METADATA_VALUE_MAX = 500, URL_MAX = 5000, DIGITS_MAX = 18 };

static const char *skip_digits(const char *text)
{
	while (isdigit((unsigned char)*text))
		text++;
	return text;
}

static bool matches(const char *pattern, const char *name)
{
	while (*pattern != '\0') {
		if (*pattern == '#') {
			const char *end = skip_digits(name);

			if (end == name)
				return false;
			name = end;
		} else if (*name++ != *pattern) {
			return false;
		}
		pattern++;
	}
	return *name == '\0';
}

/* The map itself or one key under it. */
static bool matches_map(const char *pattern, const char *name)
{
	size_t length = strlen(pattern);

	if (strncmp(pattern, name, length) != 0 || name[length] != '[')
		return false;
	const char *key = name + length + 1;
	size_t key_length = strcspn(key, "[]");

	return key[key_length] == ']' && key[key_length + 1] == '\0';
}

static const struct param *find(const struct param *table, const char *name)
{
	for (; table->pattern != NULL; table++)
		if (table->type == PARAM_METADATA ? matches_map(table->pattern, name) : matches(table->pattern, name))
			return table;
	return NULL;
}

static bool is_integer(const char *value)
{
	const char *digits = value[0] == '-' ? value + 1 : value;
	const char *end = skip_digits(digits);

	return end > digits && end - digits <= DIGITS_MAX && *end == '\0';
}

static bool is_choice(const char *choices, const char *value)
{
	size_t length = strlen(value);

	if (strchr(value, ' ') != NULL)
		return false;
	for (const char *at = choices; at != NULL; at = strchr(at, ' ')) {
		at += *at == ' ';
		if (strncmp(at, value, length) == 0 && (at[length] == ' ' || at[length] == '\0'))
			return true;
	}
	return false;
}

/* http or https, a host, and no character that a URL cannot hold (braces are Stripe's own template). */
static bool is_url(const char *value)
{
	const char *host = strncmp(value, "https://", 8) == 0 ? value + 8
	                   : strncmp(value, "http://", 7) == 0 ? value + 7 : NULL;

	if (host == NULL || !isalnum((unsigned char)(*host == '[' ? host[1] : *host)) || strlen(value) > URL_MAX)
		return false;
	for (const char *c = host; *c != '\0'; c++)
		if ((unsigned char)*c <= ' ' || (unsigned char)*c >= 0x7f || strchr("\"<>\\^`|", *c) != NULL)
			return false;
	return true;
}

static bool check_metadata(const char *name, const char *value, struct refusal *refusal)
{
	const char *key = strrchr(name, '[') + 1;
	size_t length = strlen(key) - 1;

	if (length == 0 || length > METADATA_KEY_MAX)
		return refuse(refusal, 400, NULL, name,
		              "Metadata keys can have up to %d characters, but you passed in a key that is %zu characters.",
		              METADATA_KEY_MAX, length);
	if (strlen(value) > METADATA_VALUE_MAX)
		return refuse(refusal, 400, NULL, name,
		              "Metadata values can have up to %d characters, but you passed in a value that is %zu characters.",
		              METADATA_VALUE_MAX, strlen(value));
	return true;
}

static bool check_value(const struct param *param, const char *name, const char *value, struct refusal *refusal)
{
	if (param->type == PARAM_METADATA)
		return check_metadata(name, value, refusal);
	if (value[0] == '\0')
		return refuse(refusal, 400, "parameter_invalid_empty", name,
		              "You passed an empty string for '%s'. We assume empty values are an attempt to unset a value; "
		              "however '%s' cannot be unset. You should remove '%s' from your request or supply a non-empty value.",
		              name, name, name);
	switch (param->type) {
	case PARAM_METADATA:
	case PARAM_TEXT:
		return true;
	case PARAM_INTEGER:
		return is_integer(value) ||
		       refuse(refusal, 400, "parameter_invalid_integer", name, "Invalid integer: %.100s", value);
	case PARAM_BOOLEAN:
		return is_choice("true false", value) ||
		       refuse(refusal, 400, NULL, name, "Invalid boolean: %.100s", value);
	case PARAM_CHOICE:
		return is_choice(param->choices, value) ||
		       refuse(refusal, 400, NULL, name, "Invalid %s: must be one of %s", name, param->choices);
	case PARAM_URL:
		return is_url(value) || refuse(refusal, 400, "url_invalid", name, "Not a valid URL");
	}
	return true;
}

static bool check_metadata_counts(const struct form *form, const struct param *table, struct refusal *refusal)
{
	for (; table->pattern != NULL; table++) {
		struct bytes key;
		const char *value;
		size_t i = 0;
		size_t keys = 0;

		if (table->type != PARAM_METADATA)
			continue;
		while (form_next_member(form, table->pattern, &i, &key, &value))
			keys++;
		if (keys > METADATA_KEYS_MAX)
			return refuse(refusal, 400, NULL, table->pattern,
			              "You can only set up to %d metadata keys, but you passed in %zu.", METADATA_KEYS_MAX, keys);
	}
	return true;
}

bool params_check(const struct form *form, const struct param *table, struct refusal *refusal)
{
	for (size_t i = 0; i < form->count; i++) {
		const char *name = form_name(form, i);
		const struct param *param = find(table, name);

		if (param == NULL)
			return refuse(refusal, 400, "parameter_unknown", name, "Received unknown parameter: %s", name);
		if (!check_value(param, name, form_value(form, i), refusal))
			return false;
	}
	return check_metadata_counts(form, table, refusal);
}

const char *params_need(const struct form *form, const char *name, struct refusal *refusal)
{
	const char *value = form_get(form, name);

	if (value == NULL)
		refuse(refusal, 400, "parameter_missing", name, "Missing required param: %s.", name);
	return value;
}

int64_t params_integer(const char *value, int64_t otherwise)
{
	return value == NULL ? otherwise : strtoll(value, NULL, 10);
}
