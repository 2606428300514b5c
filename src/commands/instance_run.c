/* What the main thread does while the service runs: signals, publishing, and what nobody asks for. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "commands/configuration.h"
#include "commands/instance_inside.h"
#include "sys/clock.h"
#include "sys/log.h"

enum { PUBLISH_EVERY_MS = 1000, HEAR_EVERY_MS = 20 };

static int64_t wall_s(void)
{
	return clock_wall_us() / 1000000;
}

static void log_publishing(enum err err, const char *event, const char *why)
{
	struct log_line line;

	log_begin(&line, err == OK ? LOG_INFO : LOG_ERROR, event);
	if (err != OK)
		log_text(&line, "why", bytes_of(why[0] != '\0' ? why : err_name(err)));
	log_end(&line);
}

static void publish(struct instance *instance)
{
	struct why why = { "" };
	int64_t now_s = wall_s();
	enum err err = snapshots_publish(instance->service.snapshots, NULL, now_s, &why);

	instance->published_us = clock_mono_us();
	if (err == OK)
		instance->published_day = now_s / DAY_S;
	else
		log_publishing(err, "publish-failed", why.text); /* the old pages stay; the next entry tries again */
}

/* What a running service cannot change: the ledger it has open and the sockets it listens on. */
static const char *unchangeable(const struct config *old, const struct config *new)
{
	if (strcmp(old->organisation_id, new->organisation_id) != 0 || old->live != new->live)
		return "organisation and mode belong to the ledger";
	if (strcmp(old->data_dir, new->data_dir) != 0)
		return "data_dir needs a restart";
	if (strcmp(old->public_listen, new->public_listen) != 0 || strcmp(old->operator_listen, new->operator_listen) != 0)
		return "a changed listen address needs a restart";
	return NULL;
}

static void log_problems(const struct config_problems *problems)
{
	for (size_t i = 0; i < problems->count; i++) {
		struct log_line line;

		log_begin(&line, LOG_ERROR, "configuration-problem");
		log_number(&line, "line", problems->items[i].place.line);
		log_number(&line, "column", problems->items[i].place.column);
		log_text(&line, "why", bytes_of(problems->items[i].text));
		log_end(&line);
	}
}

static void reload(struct instance *instance)
{
	static struct config_problems problems;
	const struct snapshot *snapshot = snapshot_hold(instance->service.snapshots);
	struct config *config = NULL;
	struct why why = { "" };

	memset(&problems, 0, sizeof problems);
	enum err err = configuration_read(instance->options.config_path, &config, &problems);
	const char *fixed = err == OK ? unchangeable(snapshot->config, config) : NULL;

	snapshot_drop(&snapshot);
	if (err != OK)
		log_problems(&problems);
	if (fixed != NULL)
		err = why_set(&why, ERR_CONFLICT, "%s", fixed);
	if (err == OK)
		err = snapshots_publish(instance->service.snapshots, config, wall_s(), &why);
	if (err != OK)
		config_free(&config);
	log_publishing(err, err == OK ? "configuration-read" : "configuration-refused", why.text);
	owed_moved(instance->owed);
}

/* False when it is time to stop. */
static bool take_signal(struct instance *instance)
{
	struct signalfd_siginfo info;

	while (read(instance->signals, &info, sizeof info) == sizeof info) {
		if (info.ssi_signo != SIGHUP)
			return false;
		reload(instance);
	}
	return true;
}

static bool was_moved(const struct instance *instance)
{
	uint64_t count;

	return read(instance->moved, &count, sizeof count) == sizeof count;
}

static void take_wake(const struct instance *instance)
{
	uint64_t count;

	/* Empty when it was nobody: then there is nothing to take. */
	while (read(instance->due, &count, sizeof count) < 0 && errno == EINTR)
		continue;
}

static int sooner(int a_ms, int b_ms)
{
	return a_ms < 0 ? b_ms : b_ms < 0 || a_ms < b_ms ? a_ms : b_ms;
}

static int ms_until(int64_t due_us, int64_t now_us)
{
	return due_us <= now_us ? 0 : (int)((due_us - now_us + 999) / 1000);
}

/*
 * When the pages will say what is no longer so, without anything having happened: at midnight by UTC a meter may begin
 * anew, and a campaign may end before. A clock that is set back is seen at the next entry.
 */
static int64_t until_s(const struct instance *instance)
{
	int64_t midnight_s = (instance->published_day + 1) * DAY_S;
	const struct snapshot *snapshot = snapshot_hold(instance->service.snapshots);
	int64_t ends_s = snapshot->until_s;

	snapshot_drop(&snapshot);
	return ends_s != 0 && ends_s < midnight_s ? ends_s : midnight_s;
}

static int until_ms(const struct instance *instance)
{
	int64_t left_ms = until_s(instance) * 1000 - clock_wall_us() / 1000;

	return left_ms <= 0 ? 0 : (int)(left_ms < DAY_S * 1000 ? left_ms : DAY_S * 1000);
}

/*
 * A moved head is heard of at once, but at most every 20 ms (poll passes over -1); it is published at once, but at
 * most once a second. So is what only the time changes.
 */
static enum err run(struct instance *instance, uint64_t until_run, struct why *why)
{
	int64_t heard_us = 0;
	bool stale = false;

	for (;;) {
		int64_t now_us = clock_mono_us();
		bool deaf = now_us - heard_us < HEAR_EVERY_MS * 1000;
		struct pollfd polled[] = { { .fd = instance->signals, .events = POLLIN },
			                   { .fd = instance->due, .events = POLLIN },
			                   { .fd = deaf ? -1 : instance->moved, .events = POLLIN } };
		int timeout_ms = sooner(watch_look(&instance->watch, now_us), reconciler_look(instance->service.reconciler, now_us));

		/* It may just have ended: nothing more would wake us. */
		if (until_run != 0 && reconciler_ended(instance->service.reconciler) >= until_run)
			return OK;
		timeout_ms = sooner(timeout_ms, owed_look(instance->owed, now_us));
		if (deaf)
			timeout_ms = sooner(timeout_ms, ms_until(heard_us + HEAR_EVERY_MS * 1000, now_us));
		timeout_ms = sooner(timeout_ms, stale ? ms_until(instance->published_us + PUBLISH_EVERY_MS * 1000, now_us)
		                                      : until_ms(instance));
		if (poll(polled, 3, timeout_ms) < 0 && errno != EINTR)
			return why_set(why, ERR_SYSTEM, "cannot wait for events");
		if (!take_signal(instance))
			return OK;
		take_wake(instance);
		if (!deaf && was_moved(instance)) {
			heard_us = clock_mono_us();
			stale = true;
			owed_moved(instance->owed);
		}
		stale = stale || wall_s() >= until_s(instance);
		if (stale && clock_mono_us() - instance->published_us >= PUBLISH_EVERY_MS * 1000) {
			publish(instance);
			stale = false;
		}
	}
}

enum err instance_run(struct instance *instance, struct why *why)
{
	return run(instance, 0, why);
}

enum err instance_reconcile(struct instance *instance, const struct reconcile_wish *wish, struct reconciliation *result,
                            struct why *why)
{
	struct reconciler *reconciler = instance->service.reconciler;
	uint64_t number;
	enum err err = reconciler_ask(reconciler, wish, &number);

	if (err == OK)
		err = run(instance, number, why);
	if (err != OK)
		return err;
	reconciler_last(reconciler, result);
	return result->run < number ? why_set(why, ERR_BUSY, "stopped before the end") : OK;
}
