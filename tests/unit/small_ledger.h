/*
 * small_ledger.h -- ledgers for tests: made in a folder of their own through the
 * real writer, or line by line where they must be what the writer never makes.
 */
#ifndef TESTS_SMALL_LEDGER_H
#define TESTS_SMALL_LEDGER_H

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger/ledger.h"
#include "ledger/line.h"

static char folder[64];

static inline int make_folder(void **state)
{
	(void)state;
	snprintf(folder, sizeof folder, "/tmp/pledger-test-XXXXXX");
	return mkdtemp(folder) == NULL;
}

/* A command that must succeed. */
__attribute__((format(printf, 1, 2))) static inline void shell(const char *format, ...)
{
	char command[400];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(command, sizeof command, format, arguments);
	va_end(arguments);
	assert_int_equal(system(command), 0);
}

static inline int remove_folder(void **state)
{
	char command[256];

	(void)state;
	snprintf(command, sizeof command, "rm -rf %s %s.copy", folder, folder);
	return system(command);
}

/* ---- submitting, and waiting for it ---- */

struct waiter {
	pthread_mutex_t mutex;
	pthread_cond_t told;
	int count;
	struct outcome outcome;
};

static inline void on_done(void *context, const struct outcome *outcome)
{
	struct waiter *waiter = context;

	pthread_mutex_lock(&waiter->mutex);
	waiter->outcome = *outcome;
	waiter->count++;
	pthread_cond_signal(&waiter->told);
	pthread_mutex_unlock(&waiter->mutex);
}

static inline struct outcome submit(struct ledger *ledger, const struct command *command)
{
	struct waiter waiter = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, { 0 } };
	enum err err = ledger_submit(ledger, command, on_done, &waiter);

	if (err != OK)
		return (struct outcome){ .err = err };
	pthread_mutex_lock(&waiter.mutex);
	while (waiter.count == 0)
		pthread_cond_wait(&waiter.told, &waiter.mutex);
	pthread_mutex_unlock(&waiter.mutex);
	return waiter.outcome;
}

/* Book it, or fail the test. */
static inline void book(struct ledger *ledger, const struct command *command, enum entry_kind kind)
{
	struct outcome outcome = submit(ledger, command);

	assert_int_equal(outcome.err, OK);
	assert_int_equal(outcome.verdict, VERDICT_BOOK);
	assert_int_equal(outcome.kind, kind);
}

/* What a test wants to be told of each ledger that it opens; NULL: nothing. */
static void (*on_moved)(void *context, uint64_t head);

static inline struct ledger *open_ledger(uint64_t segment_bytes)
{
	const struct ledger_options options = {
		.data_dir = folder, .organisation = "example", .segment_bytes = segment_bytes, .moved = on_moved,
	};
	struct ledger *ledger = NULL;
	struct why why = { "" };
	enum err err = ledger_open(&ledger, &options, &why);

	if (err != OK)
		fail_msg("%s: %s", err_name(err), why.text);
	return ledger;
}

/* ---- commands ---- */

static inline void number_pledge(int number, char id[static TOKEN_SIZE])
{
	uint8_t entropy[10] = { (uint8_t)(number >> 8), (uint8_t)number };

	token_pledge(1795334400000, entropy, id);
}

static inline struct money money_of(const char *currency, int64_t minor)
{
	struct money money = { .minor = minor };

	snprintf(money.currency.code, sizeof money.currency.code, "%s", currency);
	return money;
}

static inline struct command pledging(int number, const char *campaign, const char *tier, struct money amount)
{
	struct command command = { .kind = COMMAND_PLEDGE };
	struct pledge_command *pledge = &command.u.pledge;

	number_pledge(number, pledge->pledge);
	strcpy(pledge->account, "stripe");
	snprintf(pledge->campaign, ID_SIZE, "%s", campaign);
	snprintf(pledge->tier, ID_SIZE, "%s", tier);
	pledge->amount = amount;
	snprintf(pledge->session, OBJECT_ID_SIZE, "cs_test_%d", number);
	return command;
}

static inline struct command paying(int number, enum event_kind kind, const char *event_id, struct money amount)
{
	struct command command = { .kind = COMMAND_EVENT };
	struct event *event = &command.u.event.event;
	char object[64];

	strcpy(command.u.event.account, "stripe");
	event->kind = kind;
	snprintf(event->id, sizeof event->id, "%s", event_id);
	strcpy(event->type, "checkout.session.completed");
	event->at_s = 1795334400;
	number_pledge(number, event->pledge);
	snprintf(object, sizeof object, "cs_test_%d", number);
	assert_int_equal(event_add_ref(event, REF_SESSION, bytes_of(object)), OK);
	if (kind == EVENT_EXPIRED)
		return command;
	snprintf(event->payment, sizeof event->payment, "pi_%d", number);
	assert_int_equal(event_add_ref(event, REF_PAYMENT_INTENT, bytes_of(event->payment)), OK);
	event->amount = amount;
	return command;
}

/* ---- files ---- */

static inline void read_bytes(const char *path, struct buffer *out)
{
	FILE *file = fopen(path, "rb");
	char piece[4096];
	size_t got;

	if (file == NULL)
		fail_msg("cannot open %s", path);
	while ((got = fread(piece, 1, sizeof piece, file)) > 0)
		buffer_append(out, piece, got);
	fclose(file);
	assert_int_equal(buffer_err(out), OK);
}

static inline void write_bytes(const char *path, struct bytes bytes)
{
	FILE *file = fopen(path, "wb");

	if (file == NULL)
		fail_msg("cannot write %s", path);
	assert_int_equal(fwrite(bytes.data, 1, bytes.length, file), bytes.length);
	assert_int_equal(fclose(file), 0);
}

/* The folder under another name: files alike, but none of them the same file. */
static inline void copy_folder(char copy[static 80])
{
	snprintf(copy, 80, "%s.copy", folder);
	shell("rm -rf %s && cp -r %s %s", copy, folder, copy);
}

/* ---- a ledger written line by line, in one segment ---- */

/* A gift of 25 EUR, pledged and settled. */
static inline void add_gift(struct ledger *ledger, int number)
{
	struct command command = pledging(number, "press", "friend", money_of("EUR", 2500));
	char event[32];

	book(ledger, &command, ENTRY_PLEDGED);
	snprintf(event, sizeof event, "evt_%d", number);
	command = paying(number, EVENT_SETTLED, event, money_of("EUR", 2500));
	book(ledger, &command, ENTRY_SETTLED);
}

/* A ledger of so many. */
static inline void make_gifts(int count)
{
	struct ledger *ledger = open_ledger(2000);

	for (int i = 0; i < count; i++)
		add_gift(ledger, i);
	ledger_close(&ledger);
}

struct forge {
	struct buffer lines;
	uint8_t chain[CHAIN_BYTES];
	uint64_t seq;
	int64_t time_us;
};

static inline struct forge forge_begin(void)
{
	struct forge forge = { .lines = BUFFER(1 << 28), .time_us = INT64_C(1795334400000000) };

	return forge;
}

static inline void forge_add(struct forge *forge, struct entry *entry)
{
	entry->seq = ++forge->seq;
	entry->time_us = forge->time_us++;
	entry->synced = entry->seq - 1;
	assert_int_equal(line_write(&forge->lines, entry, forge->chain), OK);
}

static inline void forge_opened(struct forge *forge)
{
	struct entry entry = { .kind = ENTRY_OPENED, .format = 1 };

	strcpy(entry.ledger, "00112233445566778899aabbccddeeff");
	strcpy(entry.organisation, "example");
	forge_add(forge, &entry);
}

static inline void forge_end(struct forge *forge)
{
	char path[128];

	snprintf(path, sizeof path, "%s/ledger", folder);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof path, "%s/ledger/00000000000000000001.jsonl", folder);
	write_bytes(path, buffer_view(&forge->lines));
	buffer_free(&forge->lines);
}

#endif
