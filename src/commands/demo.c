#include "commands/demo.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "commands/command.h"
#include "commands/configuration.h"
#include "commands/demo_files.h"
#include "commands/instance.h"
#include "sandbox/sandbox.h"
#include "sys/log.h"

enum { COMMAND_SIZE = 2 * PATH_SIZE + 64 };

struct demo {
	struct demo_files files;
	char export[COMMAND_SIZE];
	char verify[COMMAND_SIZE];
	struct sandbox *sandbox;
	struct instance *instance;
	int log;
};

/* The commands name this very program, so that they can be typed as they are shown. */
static void write_commands(struct demo *demo)
{
	char program[PATH_SIZE] = "pledger";
	ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);

	if (length > 0)
		program[length] = '\0';
	snprintf(demo->export, sizeof demo->export, "%s export --config %s", program, demo->files.config);
	snprintf(demo->verify, sizeof demo->verify, "%s verify --config %s", program, demo->files.config);
}

static enum err open_log(struct demo *demo, struct why *why)
{
	char path[PATH_SIZE + 16];

	snprintf(path, sizeof path, "%s/log", demo->files.directory);
	demo->log = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (demo->log < 0)
		return why_set(why, ERR_STORAGE, "cannot write %s", path);
	return log_open(demo->log);
}

static enum err start_sandbox(struct demo *demo, struct why *why)
{
	char listen[64];
	char webhook_url[96];
	const struct sandbox_options options = {
		.listen = listen,
		.api_key = demo->files.api_key,
		.merchant = "Example Association",
		.webhook_url = webhook_url,
		.webhook_secrets = { demo->files.webhook_secret },
		.webhook_secret_count = 1,
	};

	snprintf(listen, sizeof listen, "127.0.0.1:%u", demo->files.sandbox_port);
	snprintf(webhook_url, sizeof webhook_url, "http://127.0.0.1:%u/webhooks/stripe", demo->files.public_port);
	return sandbox_start(&demo->sandbox, &options, why);
}

static enum err start_instance(struct demo *demo, struct why *why)
{
	static struct config_problems problems;
	const struct instance_options options = {
		.config_path = demo->files.config,
		.demo = true,
		.commands = { .export_gifts = demo->export, .verify = demo->verify },
	};
	struct config *config = NULL;
	enum err err = configuration_read(demo->files.config, &config, &problems);

	configuration_print(demo->files.config, &problems);
	return err == OK ? instance_start(&demo->instance, config, &options, why) : err;
}

static void print_addresses(const struct demo *demo)
{
	printf("support page: http://%s/\n", instance_public(demo->instance));
	printf("operator: http://%s/\n", instance_operator(demo->instance));
	printf("operator token: %s\n", demo->files.token);
	printf("sandbox: %s\n", sandbox_url(demo->sandbox));
	printf("data: %s/data\n", demo->files.directory);
	printf("\nPress a tier on the support page and pay on the sandbox's. Then, while this runs:\n\n");
	printf("  %s\n  %s\n\nCtrl-C stops it.\n", demo->export, demo->verify);
	fflush(stdout);
}

static enum err run(struct demo *demo, const char *directory, struct why *why)
{
	enum err err = demo_files_make(directory, &demo->files, why);

	if (err != OK)
		return err;
	write_commands(demo);
	instance_signals();
	err = open_log(demo, why);
	if (err == OK)
		err = start_sandbox(demo, why);
	if (err == OK)
		err = start_instance(demo, why);
	if (err != OK)
		return err;
	print_addresses(demo);
	return instance_run(demo->instance, why);
}

int command_demo(int argc, char **argv)
{
	const char *directory = NULL;
	const struct argument arguments[] = {
		{ "--dir", "DIR", "where to keep it; must be empty or missing (a new one in /tmp)", false, &directory, NULL },
		{ NULL, NULL, NULL, false, NULL, NULL },
	};
	const struct command_line line = { "demo",
		                           "Run service, sandbox provider and sample configuration in a fresh directory.",
		                           arguments };
	struct demo demo = { .log = -1 };
	struct why why = { "" };
	int code;

	if (!command_read(&line, argc, argv, &code))
		return code;
	enum err err = run(&demo, directory, &why);

	if (err != OK)
		fprintf(stderr, "pledger demo: %s\n", why.text[0] != '\0' ? why.text : err_name(err));
	/* The sandbox first: its deliveries are answered by the service. */
	sandbox_stop(&demo.sandbox);
	instance_stop(&demo.instance);
	log_close();
	if (demo.log >= 0)
		close(demo.log);
	if (err == OK)
		printf("stopped; everything is still in %s\n", demo.files.directory);
	return command_exit(err);
}
