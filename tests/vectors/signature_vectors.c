/*
 * signature-vectors FILE… -- run files of signature vectors against the adapters.
 *
 * A file is an array of {provider, name, secrets[], headers[[name,value]…], body_base64, now_unix,
 * tolerance, expect}. One line a vector: ok or FAIL, provider, name, and what came out; a provider
 * that has no adapter is skipped. The last line counts. Exit 1 when a vector failed, 2 when a file
 * cannot be read.
 */
#include <jansson.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "webhooks/provider.h"

struct tally {
	unsigned passed;
	unsigned failed;
	unsigned skipped;
};

static bool decode_base64(const char *text, char **body, size_t *length)
{
	size_t size = strlen(text);
	size_t padding = size >= 1 && text[size - 1] == '=' ? (size >= 2 && text[size - 2] == '=' ? 2 : 1) : 0;
	int got;

	*body = malloc(size + 1);
	if (*body == NULL)
		return false;
	got = EVP_DecodeBlock((unsigned char *)*body, (const unsigned char *)text, (int)size);
	*length = got < 0 ? 0 : (size_t)got - padding;
	return got >= 0;
}

static bool take_secrets(const json_t *vector, struct provider_account *account)
{
	const json_t *list = json_object_get(vector, "secrets");
	size_t index;
	const json_t *item;

	json_array_foreach(list, index, item) {
		struct secret *secret = &account->webhook_secrets[account->webhook_secret_count];

		if (account->webhook_secret_count == SECRETS_MAX || json_string_length(item) >= sizeof secret->text)
			return false;
		secret->length = json_string_length(item);
		memcpy(secret->text, json_string_value(item), secret->length + 1);
		account->webhook_secret_count++;
	}
	return true;
}

static void take_fields(const json_t *vector, struct http_field fields[static HTTP_FIELDS_MAX], size_t *count)
{
	size_t index;
	const json_t *pair;

	*count = 0;
	json_array_foreach(json_object_get(vector, "headers"), index, pair) {
		const json_t *name = json_array_get(pair, 0);
		const json_t *value = json_array_get(pair, 1);

		if (*count == HTTP_FIELDS_MAX)
			break;
		fields[(*count)++] = (struct http_field){ { json_string_value(name), json_string_length(name) },
			                                  { json_string_value(value), json_string_length(value) } };
	}
}

/* Whether the adapter takes the delivery for authentic; the text says why not. */
static bool judge(const struct provider *provider, const json_t *vector, struct bytes body, struct why *why)
{
	const json_t *tolerance = json_object_get(vector, "tolerance");
	struct provider_account account = { .tolerance_s = json_is_integer(tolerance) ? (int)json_integer_value(tolerance) : 300 };
	struct http_field fields[HTTP_FIELDS_MAX];
	struct delivery delivery = { .fields = fields, .body = body };
	struct authentic authentic;

	if (!take_secrets(vector, &account))
		return false;
	take_fields(vector, fields, &delivery.field_count);
	return provider->authenticate(&account, &delivery, json_integer_value(json_object_get(vector, "now_unix")),
	                              &authentic, why) == OK;
}

static void run_vector(const json_t *vector, struct tally *tally)
{
	const char *name = json_string_value(json_object_get(vector, "name"));
	const char *scheme = json_string_value(json_object_get(vector, "provider"));
	const struct provider *provider = scheme != NULL ? provider_find(scheme) : NULL;
	bool expected = json_is_true(json_object_get(vector, "expect"));
	struct why why = { "" };
	char *body = NULL;
	size_t length = 0;

	if (provider == NULL) {
		printf("skip %s %s: no such adapter\n", scheme != NULL ? scheme : "?", name != NULL ? name : "?");
		tally->skipped++;
		return;
	}
	const char *base64 = json_string_value(json_object_get(vector, "body_base64"));
	bool readable = base64 != NULL && decode_base64(base64, &body, &length);
	bool got = readable && judge(provider, vector, (struct bytes){ body, length }, &why);
	bool good = readable && got == expected;

	printf("%s %s %s: %s%s%s\n", good ? "ok" : "FAIL", scheme, name, got ? "authentic" : "forged",
	       why.text[0] != '\0' ? ": " : "", why.text);
	if (good)
		tally->passed++;
	else
		tally->failed++;
	free(body);
}

int main(int argc, char **argv)
{
	struct tally tally = { 0 };

	if (argc < 2) {
		fprintf(stderr, "usage: %s FILE...\n", argv[0]);
		return 2;
	}
	for (int i = 1; i < argc; i++) {
		json_error_t error;
		json_t *file = json_load_file(argv[i], 0, &error);
		const json_t *vector;
		size_t index;

		if (!json_is_array(file)) {
			fprintf(stderr, "%s: %s\n", argv[i], file == NULL ? error.text : "not an array");
			json_decref(file);
			return 2;
		}
		json_array_foreach(file, index, vector)
			run_vector(vector, &tally);
		json_decref(file);
	}
	printf("%u passed, %u failed, %u skipped\n", tally.passed, tally.failed, tally.skipped);
	return tally.failed == 0 ? 0 : 1;
}
