/*
 * prepare DIR COUNT open|paid -- a ledger with COUNT pledges, which `load` pays, or which are paid for already:
 * then it has two entries for each.
 */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ledger/ledger.h"
#include "tests/bench/bench.h"

static const struct money amount = { 2500, { "EUR" } };

static void on_done(void *context, const struct outcome *outcome)
{
	(void)context;
	if (outcome->err != OK || outcome->verdict != VERDICT_BOOK) {
		fprintf(stderr, "prepare: an entry was not booked\n");
		abort();
	}
}

static void submit(struct ledger *ledger, const struct command *command)
{
	const struct timespec pause = { .tv_nsec = 1000000 };

	while (ledger_submit(ledger, command, on_done, NULL) != OK)
		nanosleep(&pause, NULL);
}

static void pledge(struct ledger *ledger, unsigned number)
{
	struct command command = { .kind = COMMAND_PLEDGE };
	struct pledge_command *pledge = &command.u.pledge;

	bench_pledge(number, pledge->pledge);
	strcpy(pledge->account, "stripe");
	strcpy(pledge->campaign, "press");
	strcpy(pledge->tier, "friend");
	pledge->amount = amount;
	snprintf(pledge->session, sizeof pledge->session, "cs_test_bench0000000000%08u", number);
	submit(ledger, &command);
}

/* What event.json says of that pledge. */
static void pay(struct ledger *ledger, unsigned number)
{
	struct command command = { .kind = COMMAND_EVENT };
	struct event *event = &command.u.event.event;

	strcpy(command.u.event.account, "stripe");
	event->kind = EVENT_SETTLED;
	event->at_s = 1795334400;
	event->amount = amount;
	event->ref_count = 2;
	event->refs[0].kind = REF_SESSION;
	event->refs[1].kind = REF_PAYMENT_INTENT;
	bench_pledge(number, event->pledge);
	snprintf(event->id, sizeof event->id, "evt_bench00000000000000%08u", number);
	snprintf(event->payment, sizeof event->payment, "pi_bench000000000000000%08u", number);
	snprintf(event->refs[0].id, sizeof event->refs[0].id, "cs_test_bench0000000000%08u", number);
	memcpy(event->refs[1].id, event->payment, sizeof event->payment);
	submit(ledger, &command);
}

int main(int argc, char **argv)
{
	struct ledger_options options = { .data_dir = argc > 1 ? argv[1] : "", .organisation = "example" };
	struct ledger *ledger = NULL;
	struct why why = { "" };

	if (argc != 4 || ledger_open(&ledger, &options, &why) != OK) {
		fprintf(stderr, "prepare: %s\n", why.text);
		return 1;
	}
	for (unsigned i = 0; i < (unsigned)strtoul(argv[2], NULL, 10); i++) {
		pledge(ledger, i);
		if (strcmp(argv[3], "paid") == 0)
			pay(ledger, i);
	}
	ledger_close(&ledger);
	return 0;
}
