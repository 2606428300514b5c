#include "service/reconcile_counterpart.h"

#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "service/reconcile_steps.h"
#include "webhooks/provider.h"

enum { QUESTIONS_MAX = 400 }; /* in one run */

struct counterpart {
	uint64_t seq; /* of the entry by hand, and the how-manieth posting of it */
	uint8_t posting;
	enum counterpart_answer answer;
	struct event *line;
};

struct counterparts {
	struct counterpart *list;
	size_t count;
	size_t capacity;
};

/* ---- what is known ---- */

enum err counterparts_new(struct counterparts **counterparts)
{
	*counterparts = calloc(1, sizeof **counterparts);
	return *counterparts == NULL ? ERR_MEMORY : OK;
}

void counterparts_free(struct counterparts **counterparts)
{
	struct counterparts *freed = *counterparts;

	*counterparts = NULL;
	if (freed == NULL)
		return;
	for (size_t i = 0; i < freed->count; i++)
		free(freed->list[i].line);
	free(freed->list);
	free(freed);
}

static struct counterpart *find(const struct counterparts *counterparts, const struct by_hand *moved)
{
	for (size_t i = 0; i < counterparts->count; i++)
		if (counterparts->list[i].seq == moved->seq && counterparts->list[i].posting == moved->posting)
			return &counterparts->list[i];
	return NULL;
}

static enum err make_room(struct counterparts *counterparts)
{
	struct counterpart *grown = grow(counterparts->list, counterparts->count, &counterparts->capacity, sizeof *grown);

	counterparts->list = grown != NULL ? grown : counterparts->list;
	return grown != NULL ? OK : ERR_MEMORY;
}

enum err counterparts_add(struct counterparts *counterparts, const struct by_hand *moved, enum counterpart_answer answer,
                          const struct event *line)
{
	struct counterpart *known = find(counterparts, moved);
	struct event *kept = NULL;
	enum err err = known == NULL ? make_room(counterparts) : OK;

	if (err == OK && line != NULL) {
		kept = malloc(sizeof *kept);
		err = kept == NULL ? ERR_MEMORY : OK;
	}
	if (err != OK)
		return err;
	if (kept != NULL)
		*kept = *line;
	if (known == NULL)
		known = &counterparts->list[counterparts->count++];
	else
		free(known->line);
	*known = (struct counterpart){ moved->seq, moved->posting, answer, kept };
	return OK;
}

static bool may_be_line(const struct by_hand *moved)
{
	for (size_t i = 0; providers[i] != NULL; i++)
		if (providers[i]->is_line(bytes_of(moved->reference)))
			return true;
	return false;
}

enum counterpart_answer counterparts_find(const struct counterparts *counterparts, const struct by_hand *moved, const struct event **line)
{
	const struct counterpart *known = find(counterparts, moved);

	*line = known != NULL ? known->line : NULL;
	if (known != NULL)
		return known->answer;
	return may_be_line(moved) ? COUNTERPART_UNASKED : COUNTERPART_NONE;
}

/* ---- asking ---- */

/* The next one that the provider is to be asked for. What it did not have may be there by now. */
static bool next_question(struct run *run)
{
	const struct event *line;

	while (ledger_by_hand_next(run->service->ledger, &run->moved) == OK) {
		enum counterpart_answer answer = counterparts_find(run->counterparts, &run->moved, &line);

		if (answer == COUNTERPART_UNASKED || answer == COUNTERPART_MISSING)
			return true;
	}
	return false;
}

static void keep(struct run *run, enum counterpart_answer answer, const struct event *line)
{
	enum err err = counterparts_add(run->counterparts, &run->moved, answer, line);

	if (err != OK)
		run_failed(run, run->moved.account, err, &(struct why){ "there is no memory for what the provider said of a line" });
}

static void begin_question(struct run *run)
{
	struct conversation conversation = { .talk = TALK_READ_LINE };
	const struct provider_account *account = config_account(run->snapshot->config, bytes_of(run->moved.account));

	if (account == NULL || !provider_find(account->provider)->is_line(bytes_of(run->moved.reference))) {
		keep(run, COUNTERPART_NONE, NULL);
		return;
	}
	if (strcmp(account->id, run->down) == 0)
		return;
	err_ignore(event_add_ref(&conversation.event, REF_BALANCE_TRANSACTION, bytes_of(run->moved.reference))); /* the first one fits */
	run->inquiry = run_begin_inquiry(run, account->id, &conversation);
	run->lines_asked++;
}

static void look_at_answer(struct run *run)
{
	bool found = run->inquiry->conversation.found;

	if (run->inquiry->err == OK)
		keep(run, found ? COUNTERPART_THERE : COUNTERPART_MISSING, found ? &run->inquiry->conversation.event : NULL);
	(void)run_end_inquiry(run, run->moved.account);
}

bool run_counterparts(struct run *run, int64_t now_us)
{
	(void)now_us;
	do {
		if (run->inquiry != NULL) {
			if (!run_inquiry_has_ended(run))
				return false;
			look_at_answer(run);
		}
		if (run->lines_asked == QUESTIONS_MAX || !next_question(run))
			return true;
		begin_question(run);
	} while (true);
}
