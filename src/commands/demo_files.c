#include "commands/demo_files.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/text.h"
#include "net/listener.h"
#include "sys/file.h"
#include "sys/random.h"

/* The sample configuration that is installed, byte for byte. */
extern const char demo_sample_start[];
extern const char demo_sample_end[];

__asm__(".section .rodata\n"
        ".global demo_sample_start\n"
        "demo_sample_start:\n"
        ".incbin \"etc/pledger.json\"\n"
        ".global demo_sample_end\n"
        "demo_sample_end:\n"
        ".byte 0\n"
        ".text\n");

enum { PUBLIC_PORT = 8080, OPERATOR_PORT = 8081, SANDBOX_PORT = 8090, RANDOM_BYTES = 20 };

/* ---- ports ---- */

/* The usual port, or a free one where that is taken. It is let go again: who starts next takes it. */
static enum err choose_port(unsigned usual, unsigned *port, struct why *why)
{
	char address[64];
	char actual[64];
	int fd = -1;

	snprintf(address, sizeof address, "127.0.0.1:%u", usual);
	enum err err = listener_open(address, &fd, actual, sizeof actual, why);

	if (err == ERR_CONFLICT)
		err = listener_open("127.0.0.1:0", &fd, actual, sizeof actual, why);
	if (err != OK)
		return err;
	file_close(&fd);
	const char *colon = strrchr(actual, ':');
	uint64_t number = 0;

	if (colon == NULL || text_unsigned(bytes_of(colon + 1), 65535, &number) != OK)
		return ERR_SYSTEM;
	*port = (unsigned)number;
	return OK;
}

/* ---- secrets ---- */

static enum err make_secret(const char *prefix, char *out, size_t size)
{
	uint8_t bytes[RANDOM_BYTES];
	char hex[2 * RANDOM_BYTES + 1];
	enum err err = random_bytes(bytes, sizeof bytes);

	text_hex(bytes, sizeof bytes, hex);
	snprintf(out, size, "%s%s", prefix, hex);
	return err;
}

static enum err make_secrets(struct demo_files *files)
{
	enum err err = make_secret("sk_test_", files->api_key, sizeof files->api_key);

	if (err == OK)
		err = make_secret("whsec_", files->webhook_secret, sizeof files->webhook_secret);
	return err == OK ? make_secret("", files->token, sizeof files->token) : err;
}

static enum err write_line(int dir, const char *name, const char *text, struct why *why)
{
	char line[80];
	int length = snprintf(line, sizeof line, "%s\n", text);
	int error = file_replace(dir, name, line, (size_t)length);

	return error == 0 ? OK : file_err(why, error, name);
}

static enum err write_secrets(int dir, const struct demo_files *files, struct why *why)
{
	enum err err = write_line(dir, "stripe-key", files->api_key, why);

	if (err == OK)
		err = write_line(dir, "stripe-webhook", files->webhook_secret, why);
	return err == OK ? write_line(dir, "operator-token", files->token, why) : err;
}

/* ---- configuration ---- */

static json_t *url_of(unsigned port)
{
	return json_sprintf("http://127.0.0.1:%u", port);
}

static json_t *address_of(unsigned port)
{
	return json_sprintf("127.0.0.1:%u", port);
}

/* Replace what depends on the machine; the campaigns stay as they are. False when out of memory. */
static bool fit(json_t *root, const struct demo_files *files)
{
	json_t *public = json_pack("{s:o, s:o, s:[o]}", "listen", address_of(files->public_port), "url",
	                           url_of(files->public_port), "sites", url_of(files->public_port));
	json_t *operator = json_pack("{s:o, s:s}", "listen", address_of(files->operator_port), "token_file", "operator-token");
	json_t *accounts = json_pack("[{s:s, s:s, s:s, s:[s], s:o}]", "id", "stripe", "provider", "stripe", "key_file",
	                             "stripe-key", "webhook_secret_files", "stripe-webhook", "api_url",
	                             url_of(files->sandbox_port));

	/* Each takes its value over, whatever becomes of it: all are put, then all are judged. */
	int failures = json_object_set_new(root, "public", public) + json_object_set_new(root, "operator", operator)
	               + json_object_set_new(root, "accounts", accounts)
	               + json_object_set_new(root, "data_dir", json_string("data"));

	json_object_del(root, "$schema");
	return failures == 0;
}

static enum err write_config(int dir, const struct demo_files *files, struct why *why)
{
	json_t *root = json_loadb(demo_sample_start, (size_t)(demo_sample_end - demo_sample_start), 0, NULL);
	char *text = root != NULL && fit(root, files) ? json_dumps(root, JSON_INDENT(2)) : NULL;
	enum err err = text != NULL ? OK : ERR_MEMORY;

	if (err == OK) {
		int error = file_replace(dir, "pledger.json", text, strlen(text));

		err = error == 0 ? OK : file_err(why, error, "write the demo's configuration");
	}
	free(text);
	json_decref(root);
	return err;
}

/* ---- directory ---- */

static bool is_not_empty(void *context, const char *name)
{
	bool *found = context;

	*found |= strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
	return !*found;
}

static enum err make_directory(const char *wanted, struct demo_files *files, int *dir, struct why *why)
{
	const char *temporary = getenv("TMPDIR");
	bool filled = false;

	if (wanted != NULL) {
		snprintf(files->directory, sizeof files->directory, "%s", wanted);
		if (mkdir(wanted, 0700) != 0 && errno != EEXIST)
			return file_err(why, errno, "make the demo's directory");
	} else {
		snprintf(files->directory, sizeof files->directory, "%s/pledger-demo-XXXXXX",
		         temporary != NULL && temporary[0] == '/' ? temporary : "/tmp");
		if (mkdtemp(files->directory) == NULL)
			return file_err(why, errno, "make the demo's directory");
	}
	int error = file_open_dir(files->directory, dir);

	if (error == 0)
		error = file_list(*dir, is_not_empty, &filled);
	if (error != 0)
		return file_err(why, error, "open the demo's directory");
	return filled ? why_set(why, ERR_INPUT, "%s is not empty: the demo starts fresh", wanted) : OK;
}

enum err demo_files_make(const char *wanted, struct demo_files *files, struct why *why)
{
	int dir = -1;
	enum err err = make_directory(wanted, files, &dir, why);

	if (err == OK)
		err = choose_port(PUBLIC_PORT, &files->public_port, why);
	if (err == OK)
		err = choose_port(OPERATOR_PORT, &files->operator_port, why);
	if (err == OK)
		err = choose_port(SANDBOX_PORT, &files->sandbox_port, why);
	if (err == OK)
		err = make_secrets(files);
	if (err == OK)
		err = write_secrets(dir, files, why);
	if (err == OK)
		err = write_config(dir, files, why);
	file_close(&dir);
	snprintf(files->config, sizeof files->config, "%s/pledger.json", files->directory);
	return err;
}
