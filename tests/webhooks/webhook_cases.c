/*
 * webhook-cases FOLDER… -- run the deliveries in folders of cases against the adapters.
 *
 * FOLDER is named like a provider and holds account.json, {"secrets": […], "now": seconds}, and a
 * folder a case: `body` and `headers` as they arrive, `expected.json` what they tell:
 * {"events": […]}, {"same_as": case} for what reads to the very same, or {"refused": error}. One
 * line a case, the last line counts. Exit 1 when a case failed, 2 when a file cannot be read.
 */
#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "webhooks/provider.h"

enum { FILE_BYTES_MAX = 64 * 1024, PATH_BYTES_MAX = 512 };

struct file {
	char bytes[FILE_BYTES_MAX];
	size_t length;
};

struct tally {
	unsigned passed;
	unsigned failed;
};

static _Noreturn void give_up(const char *path, const char *why)
{
	fprintf(stderr, "%s: %s\n", path, why);
	exit(2);
}

static void make_path(char path[static PATH_BYTES_MAX], const char *folder, const char *name, const char *file)
{
	if (snprintf(path, PATH_BYTES_MAX, "%s/%s%s%s", folder, name, file[0] == '\0' ? "" : "/", file) >= PATH_BYTES_MAX)
		give_up(folder, "the path is too long");
}

static void read_file(const char *path, struct file *file)
{
	FILE *in = fopen(path, "rb");

	if (in == NULL)
		give_up(path, "cannot be opened");
	file->length = fread(file->bytes, 1, sizeof file->bytes, in);
	fclose(in);
	if (file->length == sizeof file->bytes)
		give_up(path, "too long");
}

static json_t *read_json(const char *path)
{
	json_error_t error;
	json_t *value = json_load_file(path, JSON_REJECT_DUPLICATES, &error);

	if (value == NULL)
		give_up(path, error.text);
	return value;
}

/* ---- an event as JSON; what it does not have is absent ---- */

static void put_text(json_t *object, const char *name, const char *text)
{
	if (text[0] != '\0')
		json_object_set_new(object, name, json_string(text));
}

static void put_refs(json_t *object, const struct event *event)
{
	json_t *refs = json_object();

	for (size_t i = 0; i < event->ref_count; i++)
		put_text(refs, ref_kind_name(event->refs[i].kind), event->refs[i].id);
	json_object_set_new(object, "refs", refs);
}

static void put_amount(json_t *object, const struct money *amount)
{
	char text[AMOUNT_TEXT_SIZE];

	if (amount->currency.code[0] == '\0')
		return;
	money_format(amount, text);
	put_text(object, "amount", text);
	put_text(object, "currency", amount->currency.code);
}

static void put_money(json_t *object, const char *name, const struct money *money)
{
	char text[AMOUNT_TEXT_SIZE];

	money_format(money, text);
	put_text(object, name, text);
}

static void put_clearing(json_t *object, const struct clearing *clearing)
{
	json_t *part = json_object();

	if (clearing->lines == 0) {
		json_decref(part);
		return;
	}
	put_money(part, "settlement", &clearing->settlement);
	put_text(part, "currency", clearing->settlement.currency.code);
	put_money(part, "fee", &clearing->fee);
	put_money(part, "net", &clearing->net);
	put_text(part, "rate", clearing->rate);
	json_object_set_new(part, "lines", json_integer(clearing->lines));
	json_object_set_new(object, "clearing", part);
}

static json_t *event_json(const struct event *event)
{
	char digest[2 * sizeof event->body_digest + 1];
	json_t *object = json_object();

	put_text(object, "kind", event_kind_name(event->kind));
	put_text(object, "id", event->id);
	put_text(object, "type", event->type);
	json_object_set_new(object, "at", json_integer(event->at_s));
	json_object_set_new(object, "live", json_boolean(event->live));
	put_text(object, "pledge", event->pledge);
	put_text(object, "payment", event->payment);
	if (event->elsewhere)
		json_object_set_new(object, "elsewhere", json_true());
	if (event->recurring)
		json_object_set_new(object, "recurring", json_true());
	put_amount(object, &event->amount);
	put_clearing(object, &event->clearing);
	put_text(object, "reference", event->reference);
	put_text(object, "reason", reason_name(event->reason));
	put_refs(object, event);
	put_text(object, event->confirm_unknown ? "confirm_unknown" : "confirm", event->confirm);
	if (event->kind == EVENT_UNREADABLE) {
		text_hex(event->body_digest, sizeof event->body_digest, digest);
		put_text(object, "digest", digest);
	}
	return object;
}

static json_t *told_json(enum err err, const struct event *events, size_t count)
{
	if (err != OK)
		return json_pack("{s:s}", "refused", err_name(err));
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, event_json(&events[i]));
	return json_pack("{s:o}", "events", list);
}

/* ---- a case ---- */

/* The lines of `headers`, which are cut up in place. */
static size_t split_fields(struct file *headers, const char *path, struct http_field fields[static HTTP_FIELDS_MAX])
{
	size_t count = 0;
	char *rest = headers->bytes;

	headers->bytes[headers->length] = '\0';
	while (*rest != '\0') {
		size_t length = strcspn(rest, "\n");
		char *colon = memchr(rest, ':', length);

		if (colon == NULL || colon[1] != ' ' || count == HTTP_FIELDS_MAX)
			give_up(path, "not lines of 'Name: value'");
		fields[count].name = (struct bytes){ rest, (size_t)(colon - rest) };
		fields[count++].value = (struct bytes){ colon + 2, length - (size_t)(colon + 2 - rest) };
		rest += length + (rest[length] == '\n');
	}
	return count;
}

static json_t *read_delivery(const struct provider *provider, const struct provider_account *account, int64_t now_s,
                             const char *folder, const char *name)
{
	static struct file headers, body;
	static struct event events[EVENTS_MAX];
	struct http_field fields[HTTP_FIELDS_MAX];
	struct authentic authentic;
	struct why why = { "" };
	char path[PATH_BYTES_MAX];
	size_t count = 0;

	make_path(path, folder, name, "body");
	read_file(path, &body);
	make_path(path, folder, name, "headers");
	read_file(path, &headers);
	struct delivery delivery = { fields, split_fields(&headers, path, fields), { body.bytes, body.length } };
	enum err err = provider->authenticate(account, &delivery, now_s, &authentic, &why);

	if (err == OK)
		err = provider->read_events(account, &authentic, events, &count, &why);
	return told_json(err, events, count);
}

static json_t *read_expected(const char *folder, const char *name)
{
	char path[PATH_BYTES_MAX];

	make_path(path, folder, name, "expected.json");
	json_t *expected = read_json(path);
	const char *other = json_string_value(json_object_get(expected, "same_as"));

	if (other == NULL)
		return expected;
	make_path(path, folder, other, "expected.json");
	json_t *same = read_json(path);

	json_decref(expected);
	return same;
}

static void run_case(const struct provider *provider, const struct provider_account *account, int64_t now_s,
                     const char *folder, const char *name, struct tally *tally)
{
	json_t *expected = read_expected(folder, name);
	json_t *told = read_delivery(provider, account, now_s, folder, name);
	bool good = json_equal(expected, told);

	printf("%s %s %s\n", good ? "ok" : "FAIL", provider->name, name);
	if (!good) {
		char *text = json_dumps(told, JSON_COMPACT);

		printf("  told: %s\n", text != NULL ? text : "?");
		free(text);
	}
	if (good)
		tally->passed++;
	else
		tally->failed++;
	json_decref(expected);
	json_decref(told);
}

/* ---- a provider's folder ---- */

static int64_t read_account(const char *folder, struct provider_account *account)
{
	char path[PATH_BYTES_MAX];
	size_t index;
	const json_t *item;

	make_path(path, folder, "account.json", "");
	json_t *file = read_json(path);

	json_array_foreach(json_object_get(file, "secrets"), index, item) {
		struct secret *secret = &account->webhook_secrets[index];

		if (index == SECRETS_MAX || json_string_length(item) >= sizeof secret->text)
			give_up(path, "the secrets do not fit");
		secret->length = json_string_length(item);
		memcpy(secret->text, json_string_value(item), secret->length + 1);
		account->webhook_secret_count++;
	}
	int64_t now_s = json_integer_value(json_object_get(file, "now"));

	json_decref(file);
	return now_s;
}

static int is_case(const struct dirent *each)
{
	return each->d_name[0] != '.' && strchr(each->d_name, '.') == NULL;
}

static void run_folder(const char *folder, struct tally *tally)
{
	const char *slash = strrchr(folder, '/');
	const struct provider *provider = provider_find(slash != NULL ? slash + 1 : folder);
	struct provider_account account = { .tolerance_s = 300 };
	struct dirent **cases = NULL;

	if (provider == NULL)
		give_up(folder, "there is no such adapter");
	int64_t now_s = read_account(folder, &account);
	int count = scandir(folder, &cases, is_case, alphasort);

	if (count < 0)
		give_up(folder, "cannot be read");
	for (int i = 0; i < count; i++) {
		run_case(provider, &account, now_s, folder, cases[i]->d_name, tally);
		free(cases[i]);
	}
	free(cases);
}

int main(int argc, char **argv)
{
	struct tally tally = { 0 };

	if (argc < 2) {
		fprintf(stderr, "usage: %s FOLDER...\n", argv[0]);
		return 2;
	}
	for (int i = 1; i < argc; i++)
		run_folder(argv[i], &tally);
	printf("%u passed, %u failed\n", tally.passed, tally.failed);
	return tally.failed == 0 && tally.passed > 0 ? 0 : 1;
}
