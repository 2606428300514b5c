/*
 * donors.h -- donors who give through a ledger that may fail, what each was told, and whether the books hold it.
 */
#ifndef TESTS_FAULTS_DONORS_H
#define TESTS_FAULTS_DONORS_H

#include <dirent.h>
#include <ftw.h>

#include "ledger/scan.h"
#include "service/audit.h"
#include "tests/faults/window.h"
#include "tests/unit/small_ledger.h"

enum { DONORS = 8, ALONE = 2, SEGMENT_BYTES = 2500 };

/* What was heard of each donor's two submissions. */
static struct {
	bool pledged[DONORS];
	bool settled[DONORS];
} acknowledged;

static struct ledger *ledger;
static const struct ledger_options options = {
	.data_dir = folder, .organisation = "example", .segment_bytes = SEGMENT_BYTES,
};

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
	(void)status;
	(void)kind;
	return place->level == 0 ? 0 : remove(path);
}

/* Without a shell: thousands of rounds would pay for it. */
static void remove_all_of(const char *name)
{
	char path[128];

	snprintf(path, sizeof path, "%s/%s", folder, name);
	assert_int_equal(nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

static void empty_folder(void)
{
	remove_all_of("");
	memset(&acknowledged, 0, sizeof acknowledged);
}

/* ---- submissions ---- */

static struct command pledge_of(int donor)
{
	return pledging(donor, "press", "friend", money_of("EUR", 2500));
}

static struct command payment_of(int donor)
{
	char event[32];

	snprintf(event, sizeof event, "evt_%d", donor);
	return paying(donor, EVENT_SETTLED, event, money_of("EUR", 2500));
}

static void one_alone(int donor)
{
	struct command pledge = pledge_of(donor);
	struct command payment = payment_of(donor);

	acknowledged.pledged[donor] |= submit(ledger, &pledge).err == OK;
	acknowledged.settled[donor] |= submit(ledger, &payment).err == OK;
}

struct crowd {
	pthread_mutex_t mutex;
	pthread_cond_t told;
	int waiting;
};

struct member {
	struct crowd *crowd;
	bool *acknowledged;
};

static void on_member_done(void *context, const struct outcome *outcome)
{
	struct member *member = context;

	pthread_mutex_lock(&member->crowd->mutex);
	*member->acknowledged |= outcome->err == OK;
	member->crowd->waiting--;
	pthread_cond_signal(&member->crowd->told);
	pthread_mutex_unlock(&member->crowd->mutex);
}

/* Without waiting for each other: the writer takes what there is as a batch. */
static void all_at_once(int first, struct command (*command_of)(int donor), bool *told)
{
	static struct member members[DONORS];
	struct crowd crowd = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0 };

	for (int donor = first; donor < DONORS; donor++) {
		struct command command = command_of(donor);

		members[donor] = (struct member){ &crowd, &told[donor] };
		pthread_mutex_lock(&crowd.mutex);
		crowd.waiting++;
		pthread_mutex_unlock(&crowd.mutex);
		if (ledger_submit(ledger, &command, on_member_done, &members[donor]) == OK)
			continue;
		pthread_mutex_lock(&crowd.mutex);
		crowd.waiting--;
		pthread_mutex_unlock(&crowd.mutex);
	}
	pthread_mutex_lock(&crowd.mutex);
	while (crowd.waiting > 0)
		pthread_cond_wait(&crowd.told, &crowd.mutex);
	pthread_mutex_unlock(&crowd.mutex);
}

static void everybody_gives(void)
{
	for (int donor = 0; donor < ALONE; donor++)
		one_alone(donor);
	all_at_once(ALONE, pledge_of, acknowledged.pledged);
	all_at_once(ALONE, payment_of, acknowledged.settled);
}

static void open_or_fail(void)
{
	struct why why = { "" };

	if (ledger_open(&ledger, &options, &why) != OK)
		fail_msg("after %s: %s", window_failed(), why.text);
}

/* ---- what must hold afterwards ---- */

static struct {
	int pledged[DONORS];
	int settled[DONORS];
	int parked[DONORS]; /* money whose pledge was not booked; it is settled by unparking */
} lines;

static int donor_of(const char *pledge)
{
	for (int donor = 0; donor < DONORS; donor++) {
		char id[TOKEN_SIZE];

		number_pledge(donor, id);
		if (strcmp(id, pledge) == 0)
			return donor;
	}
	fail_msg("a pledge of nobody: %s", pledge);
	return 0;
}

static void count_lines(void)
{
	struct entry *entry = malloc(sizeof *entry);
	struct scan *scan = NULL;
	struct why why = { "" };
	bool more = true;

	memset(&lines, 0, sizeof lines);
	assert_non_null(entry);
	assert_int_equal(scan_open(&scan, folder, &why), OK);
	while (scan_next(scan, entry, &more, &why) == OK && more) {
		if (entry->kind == ENTRY_PLEDGED)
			lines.pledged[donor_of(entry->pledge)]++;
		if (entry->kind == ENTRY_SETTLED || entry->kind == ENTRY_UNPARKED)
			lines.settled[donor_of(entry->pledge)]++;
		if (entry->kind == ENTRY_PARKED)
			lines.parked[donor_of(entry->pledge)]++;
	}
	assert_string_equal(why.text, "");
	scan_close(&scan);
	free(entry);
}

static void check_books(void)
{
	struct audit audit;
	struct why why = { "" };

	if (audit_run(folder, &audit, &why) != OK)
		fail_msg("after %s: %s", window_failed(), why.text);
	count_lines();
}

/* Opened without faults: nothing is lost; sent again: nothing is booked twice. */
static void check_ledger(void)
{
	open_or_fail();
	check_books();
	for (int donor = 0; donor < DONORS; donor++) {
		assert_in_range(lines.pledged[donor], acknowledged.pledged[donor], 1);
		assert_in_range(lines.settled[donor], 0, 1);
		assert_in_range(lines.parked[donor], 0, 1);
		assert_true(!acknowledged.settled[donor] || lines.settled[donor] + lines.parked[donor] > 0);
	}
	everybody_gives();
	ledger_close(&ledger);
	check_books();
	for (int donor = 0; donor < DONORS; donor++) {
		assert_int_equal(lines.pledged[donor], 1);
		assert_int_equal(lines.settled[donor], 1);
	}
}

#endif
