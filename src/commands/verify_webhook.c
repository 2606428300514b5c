#include "commands/verify_webhook.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "commands/command.h"
#include "config/secret.h"
#include "sys/clock.h"
#include "sys/whole_file.h"
#include "webhooks/provider.h"

enum { HEADERS_BYTES_MAX = 64 * 1024, TOLERANCE_S = 300, TOLERANCE_MAX_S = 86400 * 365 };

struct request {
	const char *provider, *headers_file, *body_file, *time, *tolerance;
	const char *secret_files[SECRETS_MAX];
};

/* "Name: value" lines; a request line in front ("POST /… HTTP/1.1") is passed over. */
static enum err cut_fields(struct bytes text, struct http_field *fields, size_t *count, struct why *why)
{
	*count = 0;
	while (text.length > 0) {
		const char *end = memchr(text.data, '\n', text.length);
		struct bytes line = { text.data, end != NULL ? (size_t)(end - text.data) : text.length };
		size_t used = line.length + (end != NULL);

		text = (struct bytes){ text.data + used, text.length - used };
		if (line.length > 0 && line.data[line.length - 1] == '\r')
			line.length--;
		line = text_trim(line);
		const char *colon = line.length > 0 ? memchr(line.data, ':', line.length) : NULL;

		if (line.length == 0 || (*count == 0 && bytes_starts_with(line, "POST ")))
			continue;
		if (colon == NULL)
			return why_set(why, ERR_INPUT, "the headers file has a line without ':'");
		if (*count == HTTP_FIELDS_MAX)
			return why_set(why, ERR_INPUT, "the headers file has more than %d lines", HTTP_FIELDS_MAX);
		size_t name = (size_t)(colon - line.data);

		fields[(*count)++] = (struct http_field){ text_trim((struct bytes){ line.data, name }),
			                                  text_trim((struct bytes){ colon + 1, line.length - name - 1 }) };
	}
	return OK;
}

static enum err read_account(const struct request *request, struct provider_account *account, struct why *why)
{
	uint64_t tolerance = TOLERANCE_S;
	enum err err = OK;

	if (request->tolerance != NULL && text_unsigned(bytes_of(request->tolerance), TOLERANCE_MAX_S, &tolerance) != OK)
		return why_set(why, ERR_INPUT, "--tolerance must be a number of seconds");
	account->tolerance_s = (int)tolerance;
	for (size_t i = 0; i < SECRETS_MAX && request->secret_files[i] != NULL && err == OK; i++) {
		err = secret_read(request->secret_files[i], &account->webhook_secrets[i], why);
		account->webhook_secret_count = i + 1;
	}
	return err;
}

static enum err read_time(const struct request *request, int64_t *now_s, struct why *why)
{
	uint64_t number;

	*now_s = clock_wall_us() / 1000000;
	if (request->time == NULL || strcmp(request->time, "now") == 0)
		return OK;
	if (text_unsigned(bytes_of(request->time), 99999999999, &number) == OK) {
		*now_s = (int64_t)number;
		return OK;
	}
	if (text_parse_time_s(bytes_of(request->time), now_s) == OK)
		return OK;
	return why_set(why, ERR_INPUT, "--time must be seconds since 1970, 2026-11-22T10:59:09Z, or now");
}

static enum err read_file(const char *path, struct buffer *content, struct why *why)
{
	struct whole_file file;
	struct why cause = { "" };
	enum err err = whole_file_read(path, content, &file, &cause);

	return err == OK ? OK : why_set(why, err, "%s: %s", path, cause.text);
}

static enum err read_files(const struct request *request, struct buffer *headers, struct buffer *body, struct why *why)
{
	enum err err = read_file(request->headers_file, headers, why);

	return err == OK ? read_file(request->body_file, body, why) : err;
}

/* OK: judged, and *authentic says how. Anything else: the request itself is wrong. */
static enum err judge(const struct request *request, struct buffer *headers, struct buffer *body, bool *good,
                      unsigned *secret_index, struct why *why)
{
	const struct provider *provider = provider_find(request->provider);
	struct provider_account account = { .live = false };
	struct http_field fields[HTTP_FIELDS_MAX];
	struct delivery delivery = { .fields = fields };
	struct authentic authentic = { .secret_index = 0 };
	int64_t now_s;

	if (provider == NULL)
		return why_set(why, ERR_INPUT, "there is no provider '%.60s'", request->provider);
	enum err err = read_account(request, &account, why);

	if (err == OK)
		err = read_time(request, &now_s, why);
	if (err == OK)
		err = read_files(request, headers, body, why);
	if (err == OK)
		err = cut_fields(buffer_view(headers), fields, &delivery.field_count, why);
	if (err == OK) {
		delivery.body = buffer_view(body);
		err = provider->authenticate(&account, &delivery, now_s, &authentic, why);
		*good = err == OK;
		*secret_index = authentic.secret_index;
		err = err == ERR_FORGED ? OK : err;
	}
	memset(&account, 0, sizeof account);
	return err;
}

static int verify_webhook(const struct request *request)
{
	struct buffer headers = BUFFER(HEADERS_BYTES_MAX);
	struct buffer body = BUFFER(WEBHOOK_BODY_BYTES_MAX);
	struct why why = { "" };
	unsigned secret_index = 0;
	bool good = false;
	enum err err = judge(request, &headers, &body, &good, &secret_index, &why);

	buffer_free(&headers);
	buffer_free(&body);
	if (err != OK) {
		fprintf(stderr, "pledger verify-webhook: %s\n", why.text[0] != '\0' ? why.text : err_name(err));
		return EXIT_CODE_USAGE;
	}
	if (good)
		printf("authentic: signed with the secret in %s\n", request->secret_files[secret_index]);
	else
		printf("not authentic: %s\n", why.text);
	return good ? EXIT_CODE_OK : EXIT_CODE_REFUSED;
}

int command_verify_webhook(int argc, char **argv)
{
	struct request request = { 0 };
	const char **secrets = request.secret_files;
	const char *const secret_help = "a file with a webhook secret; up to four, as active at the same time";
	const struct argument arguments[] = {
		{ "--provider", "NAME", "whose delivery it is: stripe", true, &request.provider, NULL },
		{ "--secret-file", "FILE", secret_help, true, &secrets[0], NULL },
		{ "--secret-file", "FILE", secret_help, false, &secrets[1], NULL },
		{ "--secret-file", "FILE", secret_help, false, &secrets[2], NULL },
		{ "--secret-file", "FILE", secret_help, false, &secrets[3], NULL },
		{ "--headers-file", "FILE", "its header, a 'Name: value' line each", true, &request.headers_file, NULL },
		{ "--body-file", "FILE", "its body, byte for byte", true, &request.body_file, NULL },
		{ "--time", "TIME", "when it arrived: seconds since 1970, RFC 3339, or now (now)", false, &request.time, NULL },
		{ "--tolerance", "SECONDS", "how far its time may be from that (300)", false, &request.tolerance, NULL },
		{ NULL, NULL, NULL, false, NULL, NULL },
	};
	const struct command_line line = { "verify-webhook", "Say whether a delivery is authentic, or exactly why not.",
		                           arguments };
	int code;

	if (!command_read(&line, argc, argv, &code))
		return code;
	return verify_webhook(&request);
}
