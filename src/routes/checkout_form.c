#include "routes/checkout_form.h"

#include <stdio.h>
#include <string.h>

#include "base/digest.h"
#include "base/text.h"
#include "routes/json_body.h"
#include "web/messages.h"

enum { KEY_SIZE = 256 };

/* What was read, before it is judged. */
struct reading {
	struct checkout_request *checkout;
	char key[KEY_SIZE];  /* a form's own idempotency_key */
	struct why *why;
};

/* `name` is the member's, or NULL where the sentence stands alone. The status carries the error. */
static int refuse(struct reading *reading, const char *name, const char *sentence)
{
	if (name != NULL)
		err_ignore(why_set(reading->why, ERR_INPUT, "\"%.60s\" %s", name, sentence));
	else
		err_ignore(why_set(reading->why, ERR_INPUT, "%s", sentence));
	return 400;
}

static bool is_money(const char *name)
{
	static const char *const names[] = { "amount", "currency", "price", "unit_amount", "interval" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

static int put(struct reading *reading, const char *name, char *place, size_t size, const char *value)
{
	if (place[0] != '\0')
		return refuse(reading, name, "is given twice.");
	if (value[0] == '\0')
		return refuse(reading, name, "is empty.");
	if (bytes_copy_text(bytes_of(value), place, size) != OK)
		return refuse(reading, name, "is too long.");
	return 0;
}

static int put_language(struct reading *reading, const char *name, const char *value)
{
	char *place = reading->checkout->language;
	enum language language;
	int status = put(reading, name, place, LANGUAGE_TAG_SIZE, value);

	if (status != 0 || language_parse(bytes_of(value), &language))
		return status;
	place[0] = '\0';
	return refuse(reading, name, "is a language that is not spoken here.");
}

static int take(struct reading *reading, const char *name, const char *value, bool form)
{
	struct checkout_request *checkout = reading->checkout;

	if (strcmp(name, "tier") == 0)
		return put(reading, name, checkout->tier, sizeof checkout->tier, value);
	/* A form's empty choice of an account means none. */
	if (strcmp(name, "account") == 0)
		return form && value[0] == '\0' ? 0 : put(reading, name, checkout->account, sizeof checkout->account, value);
	if (form && strcmp(name, "campaign") == 0)
		return put(reading, name, checkout->campaign, sizeof checkout->campaign, value);
	if (strcmp(name, "lang") == 0)
		return put_language(reading, name, value);
	if (form && strcmp(name, "idempotency_key") == 0)
		return put(reading, name, reading->key, sizeof reading->key, value);
	if (is_money(name))
		return refuse(reading, name, "cannot be chosen: the tier decides what is given.");
	return refuse(reading, name, "is not known here.");
}

static int read_form(struct reading *reading, struct bytes body)
{
	char name[64];
	char value[KEY_SIZE];
	bool more = true;
	int status = 0;

	while (status == 0) {
		if (http_form_next(&body, &more, name, sizeof name, value, sizeof value) != OK)
			return refuse(reading, NULL, MESSAGE("The form cannot be read."));
		if (!more)
			break;
		status = take(reading, name, value, true);
	}
	return status;
}

static int take_member(struct reading *reading, const struct json_body *read, const struct json_node *member)
{
	char name[JSON_BODY_NAME_SIZE];
	char value[KEY_SIZE];

	json_body_name(read, member, name);
	enum err err = is_money(name) ? OK : json_text_string(&read->json, member, value, sizeof value);

	if (err != OK)
		return refuse(reading, name, err == ERR_TOO_BIG ? "is too long." : "is not a string.");
	return take(reading, name, is_money(name) ? "" : value, false);
}

static int read_json(struct reading *reading, struct bytes body)
{
	struct json_body read;
	int status = 0;

	if (json_body_read(&read, body, reading->why) != OK)
		return 400;
	for (const struct json_node *member = json_body_first(&read); status == 0 && member != NULL; member = json_body_next(&read, member))
		status = take_member(reading, &read, member);
	return status;
}

/* The digest of a key: a header's stands for itself, a form's belongs to its tier and account. */
static int digest_key(struct reading *reading, struct bytes header, bool form)
{
	const struct checkout_request *checkout = reading->checkout;
	struct bytes pieces[] = {
		form ? BYTES_LITERAL("form") : BYTES_LITERAL("header"),
		form ? bytes_of(reading->key) : header,
		{ form ? checkout->tier : "", form ? strlen(checkout->tier) + 1 : 0 },
		{ form ? checkout->account : "", form ? strlen(checkout->account) + 1 : 0 },
	};
	uint8_t digest[DIGEST_BYTES];

	if (digest_sha256(pieces, 4, digest) != OK)
		return 503;
	text_hex(digest, sizeof digest, reading->checkout->key);
	return 0;
}

static int read_key(struct reading *reading, const struct http_request *request)
{
	struct bytes header = { "", 0 };
	size_t count = http_request_field_count(request, "Idempotency-Key");

	if (count == 0)
		return reading->key[0] != '\0' ? digest_key(reading, header, true) : 0;
	if (count > 1 || !http_request_field(request, "Idempotency-Key", &header) || header.length == 0
	    || header.length >= KEY_SIZE)
		return refuse(reading, NULL, "The Idempotency-Key must be given once, with 1 to 255 characters.");
	for (size_t i = 0; i < header.length; i++)
		if (header.data[i] <= ' ' || header.data[i] > '~')
			return refuse(reading, NULL, "The Idempotency-Key has a character that cannot stand in one.");
	return digest_key(reading, header, false);
}

void checkout_form_read(const struct http_request *request, struct checkout_request *checkout, bool *form, int *status,
                        struct why *why)
{
	struct reading reading = { .checkout = checkout, .why = why };

	memset(checkout, 0, sizeof *checkout);
	*form = http_request_is_type(request, "application/x-www-form-urlencoded");
	if (!*form && !http_request_is_type(request, "application/json")) {
		err_ignore(why_set(why, ERR_INPUT, "Send application/json or a form (application/x-www-form-urlencoded)."));
		*status = 415;
		return;
	}
	*status = *form ? read_form(&reading, request->body) : read_json(&reading, request->body);
	if (*status == 0 && checkout->tier[0] == '\0')
		*status = refuse(&reading, NULL, MESSAGE("Choose a tier."));
	if (*status == 0)
		*status = read_key(&reading, request);
}
