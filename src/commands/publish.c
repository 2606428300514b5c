#include "commands/publish.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "commands/command.h"
#include "commands/configuration.h"
#include "ledger/follower.h"
#include "routes/published.h"
#include "routes/rendered.h"
#include "service/apart.h"
#include "sys/clock.h"

enum { LOOK_EVERY_S = 1, DAY_S = 86400 };

struct publishing {
	const char *config_path;
	bool every_language;
	struct mirror mirror;
	struct follower *follower;
	struct snapshots *snapshots; /* NULL until the ledger was read */
	uint64_t head;               /* what the folder shows, */
	int64_t until_s;             /* and until when: a meter begins anew with a day of UTC, a campaign ends */
};

static enum err read_config(const char *path, struct config **config)
{
	static struct config_problems problems;

	memset(&problems, 0, sizeof problems);
	enum err err = configuration_read_without_secrets(path, config, &problems);

	configuration_print(path, &problems);
	return err;
}

/* Write what has changed. `config` (NULL: the present one) is taken over on OK. */
static enum err show(struct publishing *publishing, struct config *config, bool tell, struct why *why)
{
	int64_t now_s = clock_wall_us() / 1000000;
	enum err err = publishing->snapshots != NULL
	                       ? snapshots_publish(publishing->snapshots, config, now_s, why)
	                       : snapshots_open(&publishing->snapshots, config, follower_ledger(publishing->follower),
	                                        &rendered_renderer, now_s, why);

	if (err != OK) {
		config_free(&config);
		return err;
	}
	const struct snapshot *snapshot = snapshot_hold(publishing->snapshots);
	struct published_report report;

	err = published_write(&publishing->mirror, snapshot, publishing->every_language, &report, why);
	publishing->head = snapshot->head;
	publishing->until_s = (now_s / DAY_S + 1) * DAY_S;
	if (snapshot->until_s != 0 && snapshot->until_s < publishing->until_s)
		publishing->until_s = snapshot->until_s;
	snapshot_drop(&snapshot);
	if (err == OK && (tell || report.written + report.removed > 0)) {
		printf("ok: seq %" PRIu64 ", %u files, %u written, %u removed\n", publishing->head, report.files,
		       report.written, report.removed);
		fflush(stdout);
	}
	return err;
}

/* ---- keeping at it ---- */

static void block_signals(sigset_t *signals)
{
	sigemptyset(signals);
	sigaddset(signals, SIGINT);
	sigaddset(signals, SIGTERM);
	sigaddset(signals, SIGHUP);
	sigprocmask(SIG_BLOCK, signals, NULL);
}

/* A refused configuration changes nothing: what is wrong with it was told, and the old one stays. */
static enum err take_config(struct publishing *publishing, struct why *why)
{
	struct config *config = NULL;

	if (read_config(publishing->config_path, &config) != OK)
		return OK;
	const struct snapshot *snapshot = snapshot_hold(publishing->snapshots);
	bool same_ledger = strcmp(snapshot->config->data_dir, config->data_dir) == 0;

	snapshot_drop(&snapshot);
	if (same_ledger)
		return show(publishing, config, true, why);
	fprintf(stderr, "%s: another data_dir needs a restart\n", publishing->config_path);
	config_free(&config);
	return OK;
}

static enum err look(struct publishing *publishing, struct why *why)
{
	struct ledger_status status;
	enum err err = follower_go_on(publishing->follower, why);

	/* A service that is just starting has it in a moment. */
	if (err != OK)
		return err == ERR_BUSY ? OK : err;
	ledger_status(follower_ledger(publishing->follower), &status);
	if (status.head == publishing->head && clock_wall_us() / 1000000 < publishing->until_s)
		return OK;
	return show(publishing, NULL, false, why);
}

static enum err watch(struct publishing *publishing, const sigset_t *signals, struct why *why)
{
	const struct timespec pause = { .tv_sec = LOOK_EVERY_S };
	enum err err = OK;

	while (err == OK) {
		int signal = sigtimedwait(signals, NULL, &pause);

		if (signal == SIGINT || signal == SIGTERM)
			return OK;
		err = signal == SIGHUP ? take_config(publishing, why) : look(publishing, why);
	}
	return err;
}

/* ---- the command ---- */

static enum err begin(struct publishing *publishing, const char *path, struct why *why)
{
	struct config *config = NULL;
	enum err err = read_config(publishing->config_path, &config);

	if (err == OK)
		err = mirror_open(&publishing->mirror, path, why);
	if (err == OK)
		err = follower_open(&publishing->follower, config->data_dir, why);
	if (err == OK)
		err = follower_go_on(publishing->follower, why);
	if (err == OK)
		err = apart_check(publishing->mirror.dir, path, config->data_dir, why);
	if (err == OK)
		return show(publishing, config, true, why);
	config_free(&config);
	return err;
}

static int publish(struct publishing *publishing, const char *path, bool keeps_at_it)
{
	struct why why = { "" };
	sigset_t signals;

	/* Before anything is read: a SIGHUP that comes early is taken when there is something to read anew. */
	if (keeps_at_it)
		block_signals(&signals);
	enum err err = begin(publishing, path, &why);

	if (err == OK && keeps_at_it)
		err = watch(publishing, &signals, &why);
	if (err != OK)
		fprintf(stderr, "pledger publish: %s\n", why.text[0] != '\0' ? why.text : err_name(err));
	snapshots_close(&publishing->snapshots);
	follower_close(&publishing->follower);
	mirror_close(&publishing->mirror);
	return command_exit(err);
}

int command_publish(int argc, char **argv)
{
	struct publishing publishing = { .mirror = { .dir = -1 } };
	const char *path = NULL;
	bool keeps_at_it = false;
	const struct argument arguments[] = {
		{ "DIR", NULL, "a folder that exists; it belongs to this installation alone", true, &path, NULL },
		{ "--config", "FILE", "the configuration", true, &publishing.config_path, NULL },
		{ "--languages", NULL, "also each picture and fragment in every language, as ID.meter.de.svg", false, NULL, &publishing.every_language },
		{ "--watch", NULL, "keep at it until SIGTERM: look once a second; SIGHUP reads the configuration again", false, NULL, &keeps_at_it },
		{ .name = NULL },
	};
	const struct command_line line = {
		"publish",
		"Write what donors see of each campaign as files, for a CDN or a static site: ID.meter.json,\n"
		"ID.meter.svg, ID.fragment.html (meter and form, for a page of yours) and tiers.json. Each is put in\n"
		"place in one step; one that has not changed is not touched; those of a campaign that is not in the\n"
		"configuration any more are removed. Works while the service runs; reads no secret.",
		arguments,
	};
	int code;

	return command_read(&line, argc, argv, &code) ? publish(&publishing, path, keeps_at_it) : code;
}
