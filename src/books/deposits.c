#include "books/deposits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "books/words.h"

struct deposits {
	struct words ids; /* "account payout"; by number: */
	struct deposit *list;
	size_t capacity;
};

enum err deposits_new(struct deposits **deposits)
{
	*deposits = calloc(1, sizeof **deposits);
	return *deposits == NULL ? ERR_MEMORY : OK;
}

int64_t deposit_ours(const struct deposit_sums *sums)
{
	return sums->gross - sums->refunded - sums->disputed + sums->adjusted + sums->returned - sums->fee;
}

/* ---- finding ---- */

static enum err make_room(struct deposits *deposits, uint32_t number)
{
	struct deposit *grown = grow(deposits->list, number - 1, &deposits->capacity, sizeof *grown);

	deposits->list = grown != NULL ? grown : deposits->list;
	return grown != NULL ? OK : ERR_MEMORY;
}

/* Account ids hold no blank. */
static void name_deposit(const struct entry *entry, char name[static ID_SIZE + OBJECT_ID_SIZE])
{
	const char *id = entry_ref(entry, REF_PAYOUT);

	snprintf(name, ID_SIZE + OBJECT_ID_SIZE, "%s %s", entry->account, id != NULL ? id : "");
}

static enum err find(struct deposits *deposits, const struct entry *entry, struct deposit **found)
{
	char name[ID_SIZE + OBJECT_ID_SIZE];
	size_t before = deposits->ids.count;
	uint32_t number;

	name_deposit(entry, name);
	enum err err = words_number(&deposits->ids, name, &number);

	if (err == OK)
		err = make_room(deposits, number);
	if (err != OK)
		return err;
	*found = &deposits->list[number - 1];
	if (deposits->ids.count == before)
		return OK;
	**found = (struct deposit){ .status = EVENT_KINDS };
	memcpy((*found)->account, entry->account, sizeof entry->account);
	snprintf((*found)->id, sizeof (*found)->id, "%s", strchr(name, ' ') + 1);
	return OK;
}

/* ---- what an entry says ---- */

static enum err add(int64_t *sum, int64_t amount)
{
	return __builtin_add_overflow(*sum, amount, sum) ? ERR_TOO_BIG : OK;
}

/* The line's source says what it is: of gifts there is only the charge. */
static enum err add_line(struct deposit_sums *sums, const struct entry *entry)
{
	int64_t settlement = entry->clearing.settlement.minor;
	enum err err = add(&sums->fee, entry->clearing.fee.minor);

	sums->lines++;
	if (err != OK)
		return err;
	if (entry->pledge[0] == '\0')
		return add(&sums->returned, settlement);
	if (entry_ref(entry, REF_DISPUTE) != NULL)
		return add(&sums->disputed, -settlement);
	if (entry_ref(entry, REF_REFUND) != NULL)
		return add(&sums->refunded, -settlement);
	return add(settlement < 0 ? &sums->adjusted : &sums->gross, settlement);
}

static void take_status(struct deposit *deposit, const struct entry *entry, enum event_kind kind)
{
	int64_t at_s = entry->at_s != 0 ? entry->at_s : entry->time_us / 1000000;

	deposit->status = kind;
	deposit->amount = entry->amount;
	deposit->after.deposited = kind == EVENT_PAYOUT_PAID ? entry->amount.minor : 0;
	if (kind == EVENT_PAYOUT_SENT)
		deposit->sent_at_s = at_s;
	else if (kind == EVENT_PAYOUT_PAID)
		deposit->paid_at_s = at_s;
	else
		deposit->failed_at_s = at_s;
}

static enum err take(struct deposit *deposit, const struct entry *entry, enum event_kind kind)
{
	if (kind == EVENT_PAID_OUT)
		return add_line(&deposit->after, entry);
	if (kind == EVENT_PAYOUT_EXPLAINED)
		deposit->after.explained = true;
	else
		take_status(deposit, entry, kind);
	return OK;
}

static bool is_of_payout(enum event_kind kind)
{
	return kind == EVENT_PAYOUT_SENT || kind == EVENT_PAYOUT_PAID || kind == EVENT_PAYOUT_FAILED || kind == EVENT_PAYOUT_EXPLAINED
	       || kind == EVENT_PAID_OUT;
}

enum err deposits_foresee(struct deposits *deposits, const struct entry *entry, enum deposit_when when)
{
	struct deposit *deposit;
	enum event_kind kind;

	if (!entry_event_kind(entry, &kind) || !is_of_payout(kind) || entry->kind == ENTRY_PARKED)
		return OK;
	enum err err = find(deposits, entry, &deposit);

	if (err != OK)
		return err;
	bool is_new = deposit->status == EVENT_KINDS;
	bool of_period = deposit->row_seq != 0 && !deposit->is_change;

	if (when == DEPOSIT_BEHIND && !of_period)
		return OK;
	if (when == DEPOSIT_WITHIN && !of_period) {
		deposit->row_seq = entry->seq;
		deposit->is_change = !is_new;
	}
	err = take(deposit, entry, kind);
	if (when == DEPOSIT_BEFORE)
		deposit->before = deposit->after;
	return err;
}

const struct deposit *deposits_row(const struct deposits *deposits, const struct entry *entry)
{
	char name[ID_SIZE + OBJECT_ID_SIZE];

	name_deposit(entry, name);
	uint32_t number = words_find(&deposits->ids, name);

	return number != 0 && deposits->list[number - 1].row_seq == entry->seq ? &deposits->list[number - 1] : NULL;
}

void deposits_free(struct deposits **deposits)
{
	struct deposits *freed = *deposits;

	*deposits = NULL;
	if (freed == NULL)
		return;
	words_free(&freed->ids);
	free(freed->list);
	free(freed);
}
