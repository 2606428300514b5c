#include "service/reconcile_since.h"

#include <string.h>

#include "sys/clock.h"
#include "sys/log.h"

enum {
	LONGEST_RETRY_S = 3 * 86400, /* so long a provider tries to deliver an event */
	OVERLAP_S = 15 * 60,         /* an event may appear in the list behind a newer one */
};

static void log_not_kept(const struct why *why)
{
	struct log_line line;

	log_begin(&line, LOG_WARNING, "reconciled-not-kept");
	log_text(&line, "why", bytes_of(why->text));
	log_end(&line);
}

static void keep(struct since *since, struct service *service)
{
	const struct snapshot *snapshot = snapshot_hold(service->snapshots);
	struct why why = { "" };
	enum err err = OK;

	if (memcmp(&since->kept, &since->cursor, sizeof since->kept) != 0)
		err = reconcile_cursor_write(snapshot->config->data_dir, &since->cursor, &why);
	if (err == OK)
		since->kept = since->cursor;
	else
		log_not_kept(&why);
	snapshot_drop(&snapshot);
}

/* When the first event was made that could not be read and still waits; `newest_s` when none does. */
static int64_t oldest_unreadable_s(struct ledger *ledger, int64_t newest_s)
{
	struct parked parked = { .seq = 0 };

	while (ledger_parked_next(ledger, &parked) == OK)
		if (parked.reason == REASON_UNREADABLE && parked.event.at_s != 0 && parked.event.at_s < newest_s)
			newest_s = parked.event.at_s;
	return newest_s;
}

static int64_t sooner(int64_t a_s, int64_t b_s)
{
	return b_s != 0 && b_s < a_s ? b_s : a_s;
}

static int64_t guess_s(const struct since *since)
{
	int64_t from_s = (clock_wall_us() - (clock_boot_us() - since->began_us)) / 1000000 - LONGEST_RETRY_S;

	return from_s > 0 ? from_s : 1; /* a clock that begins in 1970 */
}

/* Before anything that can be ours at the provider; 0 when nothing can. */
static int64_t first_s(struct ledger *ledger)
{
	struct pledge first = { .id = "" };

	return ledger_pledge_next(ledger, &first) == OK ? first.pledged_us / 1000000 - LONGEST_RETRY_S : 0;
}

void since_begin(struct since *since, struct service *service)
{
	const struct snapshot *snapshot = snapshot_hold(service->snapshots);
	int64_t newest_s = ledger_newest_event_s(service->ledger);

	*since = (struct since){ .began_us = clock_boot_us() };
	if (newest_s == 0)
		since->guess_s = guess_s(since);
	int64_t from_s = newest_s > 0 ? newest_s - LONGEST_RETRY_S : since->guess_s;

	reconcile_cursor_read(snapshot->config->data_dir, &since->kept);
	since->cursor.balance_s = sooner(from_s, since->kept.balance_s != 0 ? since->kept.balance_s : first_s(service->ledger));
	since->cursor.events_s = sooner(from_s, since->kept.events_s);
	snapshot_drop(&snapshot);
	/* Before anything new is taken in. */
	if (newest_s > 0)
		keep(since, service);
	/* This version may be able to read what the one before it was not. */
	since->cursor.events_s = oldest_unreadable_s(service->ledger, since->cursor.events_s);
}

/* An earlier guess is the better one: it only reads more. */
static void guess_again(struct since *since)
{
	int64_t better_s = guess_s(since);

	if (since->guess_s == 0 || better_s >= since->guess_s)
		return;
	if (since->cursor.events_s == since->guess_s)
		since->cursor.events_s = better_s;
	if (since->cursor.balance_s == since->guess_s)
		since->cursor.balance_s = better_s;
	since->guess_s = better_s;
}

struct reconcile_cursor since_of(struct since *since)
{
	guess_again(since);
	return since->cursor;
}

void since_end(struct since *since, struct service *service, const struct reconcile_cursor *read, int64_t newest_s, const struct reconciliation *result)
{
	struct reconcile_cursor *cursor = &since->cursor;
	int64_t next_s = newest_s - OVERLAP_S;

	if (result->result != RECONCILED_FAILED && read->events_s <= cursor->events_s && next_s > cursor->events_s)
		cursor->events_s = next_s;
	/* A difference is told until it is none any more. */
	if (result->result == RECONCILED_EQUAL && read->balance_s <= cursor->balance_s && next_s > cursor->balance_s)
		cursor->balance_s = next_s;
	cursor->balance_s = sooner(cursor->balance_s, result->report.differs_from_s);
	keep(since, service);
}
