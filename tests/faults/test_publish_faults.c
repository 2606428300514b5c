/*
 * Every call of `pledger publish` fails once, and from then on, at n = 1, 2, … until none is left to fail. What it
 * reads beside the service it reads again where it stopped; a file that it writes is the old one or the new one, never
 * less; and the next run makes good what a failed one left.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>

#include "ledger/follower.h"
#include "routes/published.h"
#include "routes/rendered.h"
#include "tests/faults/window.h"
#include "tests/unit/page_checks.h"
#include "tests/unit/small_ledger.h"

enum { EVERY_CALL = CALL_READ | CALL_WRITE | CALL_SYNC | CALL_INDEX | CALL_SYSTEM, GIFTS = 4, NOW_S = 1795334400, PLANS_SHORT = 3 };

#define PRESS \
	"{\"id\":\"press\",\"title\":\"The press\",\"currency\":\"EUR\",\"goal\":\"500\"," \
	"\"tiers\":[{\"id\":\"friend\",\"label\":\"Friend\",\"amount\":\"25\",\"interval\":\"once\"}]}"

static const struct plan plans[] = {
	{ "EIO, once", EVERY_CALL, EIO, false, NULL },
	{ "EIO, for ever", EVERY_CALL, EIO, true, NULL },
	{ "no memory, once", CALL_MEMORY, ENOMEM, false, NULL },
	{ "ENOSPC, once", CALL_WRITE | CALL_SYNC | CALL_INDEX, ENOSPC, false, NULL },
};

/* The first ones fail every call that there is; the last tells errors apart and takes LONG=1. */
static size_t plan_count(void)
{
	return getenv("LONG") != NULL ? sizeof plans / sizeof plans[0] : PLANS_SHORT;
}

static const char *const names[] = { "press.meter.json", "press.meter.svg", "press.fragment.html", "tiers.json" };

enum { NAMES = sizeof names / sizeof names[0] };

static void check_refusal(const struct plan *plan, enum err err, const struct why *why)
{
	if (err != OK && err != ERR_STORAGE && err != ERR_MEMORY && err != ERR_SYSTEM)
		fail_msg("%s, %s failed: %s: \"%s\"", plan->name, window_failed(), err_name(err), why->text);
}

static int setup(void **state)
{
	if (make_folder(state) != 0)
		return -1;
	struct ledger *ledger = open_ledger(0);

	for (int i = 0; i < GIFTS; i++) {
		struct command pledge = pledging(i, "press", "friend", money_of("EUR", 2500));
		char event[32];

		snprintf(event, sizeof event, "evt_%d", i);
		struct command payment = paying(i, EVENT_SETTLED, event, pledge.u.pledge.amount);

		book(ledger, &pledge, ENTRY_PLEDGED);
		book(ledger, &payment, ENTRY_SETTLED);
	}
	ledger_close(&ledger);
	return setenv("TMPDIR", folder, 1);
}

/* ---- reading beside the service ---- */

static void check_totals(struct follower *follower)
{
	struct campaign_totals totals;
	struct currency currency = money_of("EUR", 0).currency;

	assert_int_equal(ledger_totals(follower_ledger(follower), "press", &currency, &totals), OK);
	assert_int_equal(totals.settled.minor, GIFTS * 2500);
	assert_int_equal(totals.gifts, GIFTS);
}

static unsigned scratches(void)
{
	struct dirent **found;
	int count = scandir(folder, &found, NULL, NULL);
	unsigned scratch = 0;

	assert_true(count >= 0);
	for (int i = 0; i < count; i++) {
		scratch += strncmp(found[i]->d_name, "pledger-", 8) == 0;
		free(found[i]);
	}
	free(found);
	return scratch;
}

static bool follow(const struct plan *plan, unsigned n)
{
	struct follower *follower = NULL;
	struct why why = { "" };

	window_arm(plan, n);
	enum err err = follower_open(&follower, folder, &why);
	bool opened = err == OK;

	if (opened)
		err = follower_go_on(follower, &why);
	bool fired = window_disarm();

	check_refusal(plan, err, &why);
	if (opened && follower_go_on(follower, &why) != OK)
		fail_msg("%s, %s failed: it does not go on: \"%s\"", plan->name, window_failed(), why.text);
	if (opened)
		check_totals(follower);
	follower_close(&follower);
	return fired;
}

static void a_follower_goes_on_where_it_failed(void **state)
{
	(void)state;
	for (size_t k = 0; k < plan_count(); k++) {
		unsigned n = 1;

		while (follow(&plans[k], n))
			n++;
		printf("n = %u (follow: %s)\n", n - 1, plans[k].name);
	}
	assert_int_equal(scratches(), 0);
}

/* ---- writing ---- */

struct publishing {
	struct mirror mirror;
	struct follower *follower;
	struct buffer whole[NAMES]; /* what is to be published */
};

static void path_of(const char *name, char path[static 160])
{
	snprintf(path, 160, "%s/published/%s", folder, name);
}

static struct snapshots *take_snapshot(struct publishing *publishing)
{
	struct snapshots *snapshots = NULL;
	struct why why = { "" };
	struct config *config = configuration(FRAME("test", ACCOUNT("stripe"), PRESS));

	assert_int_equal(snapshots_open(&snapshots, config, follower_ledger(publishing->follower), &rendered_renderer, NOW_S, &why), OK);
	return snapshots;
}

static enum err write_all(struct publishing *publishing, const struct plan *plan, unsigned n, bool *fired, struct why *why)
{
	struct snapshots *snapshots = take_snapshot(publishing);
	const struct snapshot *snapshot = snapshot_hold(snapshots);
	struct published_report report;

	if (plan != NULL)
		window_arm(plan, n);
	enum err err = published_write(&publishing->mirror, snapshot, false, &report, why);

	if (plan != NULL)
		*fired = window_disarm();
	snapshot_drop(&snapshot);
	snapshots_close(&snapshots);
	return err;
}

/* An earlier state of each file, what somebody broke off, and a campaign that is gone. */
static void put_old(void)
{
	const char *const gone[] = { "gone.meter.svg", "press.meter.svg.new" };
	char path[160];

	for (size_t i = 0; i < NAMES; i++) {
		path_of(names[i], path);
		write_bytes(path, BYTES_LITERAL("old"));
	}
	for (size_t i = 0; i < 2; i++) {
		path_of(gone[i], path);
		write_bytes(path, BYTES_LITERAL("ol"));
	}
}

static void check_each_whole(const struct publishing *publishing, bool new)
{
	char path[160];

	for (size_t i = 0; i < NAMES; i++) {
		struct buffer content = BUFFER(1 << 20);

		path_of(names[i], path);
		read_bytes(path, &content);
		assert_true(bytes_equal(buffer_view(&content), buffer_view(&publishing->whole[i]))
		            || (!new && bytes_is(buffer_view(&content), "old")));
		buffer_free(&content);
	}
}

static bool is_there(const char *name)
{
	char path[160];

	path_of(name, path);
	return access(path, F_OK) == 0;
}

static bool publish(struct publishing *publishing, const struct plan *plan, unsigned n)
{
	struct why why = { "" };
	bool fired;

	put_old();
	enum err err = write_all(publishing, plan, n, &fired, &why);

	check_refusal(plan, err, &why);
	assert_int_equal(window_trusted_again(), 0);
	check_each_whole(publishing, err == OK);
	assert_int_equal(write_all(publishing, NULL, 0, NULL, &why), OK);
	check_each_whole(publishing, true);
	for (size_t i = 0; i < NAMES; i++) {
		char broken_off[64];

		snprintf(broken_off, sizeof broken_off, "%s.new", names[i]);
		assert_false(is_there(broken_off));
	}
	assert_false(is_there("gone.meter.svg"));
	return fired;
}

static void a_file_is_the_old_one_or_the_new_one(void **state)
{
	struct publishing publishing = { .mirror = { .dir = -1 } };
	struct why why = { "" };
	char path[160];

	(void)state;
	path_of("", path);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(mirror_open(&publishing.mirror, path, &why), OK);
	assert_int_equal(follower_open(&publishing.follower, folder, &why), OK);
	assert_int_equal(follower_go_on(publishing.follower, &why), OK);
	assert_int_equal(write_all(&publishing, NULL, 0, NULL, &why), OK);
	for (size_t i = 0; i < NAMES; i++) {
		publishing.whole[i] = BUFFER(1 << 20);
		path_of(names[i], path);
		read_bytes(path, &publishing.whole[i]);
	}
	for (size_t k = 0; k < plan_count(); k++) {
		unsigned n = 1;

		while (publish(&publishing, &plans[k], n))
			n++;
		printf("n = %u (publish: %s)\n", n - 1, plans[k].name);
	}
	for (size_t i = 0; i < NAMES; i++)
		buffer_free(&publishing.whole[i]);
	follower_close(&publishing.follower);
	mirror_close(&publishing.mirror);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_follower_goes_on_where_it_failed),
		cmocka_unit_test(a_file_is_the_old_one_or_the_new_one),
	};

	return cmocka_run_group_tests(tests, setup, remove_folder);
}
