#include "commands/serve.h"

#include <stdio.h>
#include <unistd.h>

#include "commands/command.h"
#include "commands/configuration.h"
#include "commands/instance.h"
#include "sys/log.h"

static void log_event(enum log_level level, const char *event, const char *name, const char *value)
{
	struct log_line line;

	log_begin(&line, level, event);
	if (value[0] != '\0')
		log_text(&line, name, bytes_of(value));
	log_end(&line);
}

static enum err run(struct config *config, const char *path, bool accept_clock)
{
	const struct instance_options options = { .config_path = path, .accept_clock = accept_clock };
	struct instance *instance = NULL;
	struct why why = { "" };
	enum err err = instance_start(&instance, config, &options, &why);

	if (err == OK) {
		log_event(LOG_INFO, "serving", "public", instance_public(instance));
		log_event(LOG_INFO, "serving", "operator", instance_operator(instance));
		log_flush();
		err = instance_run(instance, &why);
		log_event(LOG_INFO, "stopping", "", "");
	}
	if (err != OK)
		log_event(LOG_ERROR, "cannot-serve", "why", why.text[0] != '\0' ? why.text : err_name(err));
	instance_stop(&instance);
	if (err == OK)
		log_event(LOG_INFO, "stopped", "", "");
	return err;
}

int command_serve(int argc, char **argv)
{
	static struct config_problems problems;
	const char *path = NULL;
	bool accept_clock = false;
	const struct argument arguments[] = {
		{ "--config", "FILE", "the configuration", true, &path, NULL },
		{ "--accept-clock", NULL, "the clock is right, whatever the ledger's last entry says", false, NULL, &accept_clock },
		{ NULL, NULL, NULL, false, NULL, NULL },
	};
	const struct command_line line = { "serve", "Serve donors, webhooks and the operator until SIGTERM.", arguments };
	struct config *config = NULL;
	int code;

	if (!command_read(&line, argc, argv, &code))
		return code;
	enum err err = configuration_read(path, &config, &problems);

	configuration_print(path, &problems);
	if (err != OK)
		return command_exit(err);
	instance_signals();
	err = log_open(STDERR_FILENO);
	if (err == OK)
		err = run(config, path, accept_clock);
	log_close();
	return command_exit(err);
}
