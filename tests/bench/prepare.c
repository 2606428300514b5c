/* prepare DIR COUNT -- a ledger with COUNT open pledges, for `load` to pay. */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ledger/ledger.h"
#include "tests/bench/bench.h"

static atomic_uint done;

static void on_done(void *context, const struct outcome *outcome)
{
	(void)context;
	if (outcome->err != OK)
		abort();
	atomic_fetch_add(&done, 1);
}

int main(int argc, char **argv)
{
	const struct timespec pause = { .tv_nsec = 1000000 };
	struct ledger_options options = { .data_dir = argc > 1 ? argv[1] : "", .organisation = "example" };
	struct ledger *ledger = NULL;
	struct why why = { "" };

	if (argc != 3 || ledger_open(&ledger, &options, &why) != OK) {
		fprintf(stderr, "prepare: %s\n", why.text);
		return 1;
	}
	for (uint32_t i = 0; i < (uint32_t)strtoul(argv[2], NULL, 10); i++) {
		struct command command = { .kind = COMMAND_PLEDGE };
		struct pledge_command *pledge = &command.u.pledge;

		bench_pledge(i, pledge->pledge);
		strcpy(pledge->account, "stripe");
		strcpy(pledge->campaign, "press");
		strcpy(pledge->tier, "friend");
		pledge->amount = (struct money){ 2500, { "EUR" } };
		snprintf(pledge->session, sizeof pledge->session, "cs_test_bench0000000000%08u", i);
		while (ledger_submit(ledger, &command, on_done, NULL) != OK)
			nanosleep(&pause, NULL);
	}
	ledger_close(&ledger);
	return 0;
}
