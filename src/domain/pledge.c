#include "domain/pledge.h"

const char *pledge_status_name(enum pledge_status status)
{
	static const char *const names[] = {
		[PLEDGE_OPEN] = "open",     [PLEDGE_PENDING] = "pending", [PLEDGE_ACTIVE] = "active",
		[PLEDGE_ENDED] = "ended",   [PLEDGE_EXPIRED] = "expired",
	};

	return names[status];
}

const char *payment_status_name(enum payment_status status)
{
	static const char *const names[] = {
		[PAYMENT_NONE] = "none",
		[PAYMENT_PENDING] = "pending",
		[PAYMENT_FAILED] = "failed",
		[PAYMENT_SETTLED] = "settled",
	};

	return names[status];
}

/* Rows: from; columns: to. */
bool payment_may_become(enum payment_status from, enum payment_status to)
{
	static const bool legal[4][4] = {
		[PAYMENT_NONE] = { [PAYMENT_PENDING] = true, [PAYMENT_FAILED] = true, [PAYMENT_SETTLED] = true },
		[PAYMENT_PENDING] = { [PAYMENT_FAILED] = true, [PAYMENT_SETTLED] = true },
		[PAYMENT_FAILED] = { [PAYMENT_SETTLED] = true },
		[PAYMENT_SETTLED] = { [PAYMENT_NONE] = false },
	};

	return legal[from][to];
}

bool pledge_may_become(enum pledge_status from, enum pledge_status to)
{
	static const bool legal[5][5] = {
		[PLEDGE_OPEN] = { [PLEDGE_PENDING] = true, [PLEDGE_ACTIVE] = true, [PLEDGE_ENDED] = true, [PLEDGE_EXPIRED] = true },
		[PLEDGE_PENDING] = { [PLEDGE_ACTIVE] = true, [PLEDGE_ENDED] = true },
		[PLEDGE_ACTIVE] = { [PLEDGE_ENDED] = true },
		[PLEDGE_ENDED] = { [PLEDGE_PENDING] = true, [PLEDGE_ACTIVE] = true },
		[PLEDGE_EXPIRED] = { [PLEDGE_PENDING] = true, [PLEDGE_ACTIVE] = true, [PLEDGE_ENDED] = true },
	};

	return legal[from][to];
}

enum pledge_status pledge_status_of(const struct pledge *pledge)
{
	if (pledge->ended)
		return PLEDGE_ENDED;
	if (pledge->settled_count > 0)
		return pledge->interval == INTERVAL_ONCE ? PLEDGE_ENDED : PLEDGE_ACTIVE;
	if (pledge->pending_count > 0)
		return PLEDGE_PENDING;
	if (pledge->failed)
		return PLEDGE_ENDED;
	return pledge->expired ? PLEDGE_EXPIRED : PLEDGE_OPEN;
}

const char *receipt_state_name(enum receipt_state state)
{
	static const char *const names[] = {
		[RECEIPT_RECEIVED] = "received",
		[RECEIPT_ON_ITS_WAY] = "on-its-way",
		[RECEIPT_WAITING] = "waiting",
		[RECEIPT_NOT_COMPLETED] = "not-completed",
	};

	return names[state];
}

enum receipt_state receipt_state(const struct pledge *pledge)
{
	if (pledge->settled_count > 0)
		return RECEIPT_RECEIVED;
	if (pledge->status == PLEDGE_PENDING || pledge->payment_status == PAYMENT_PENDING)
		return RECEIPT_ON_ITS_WAY;
	return pledge->status == PLEDGE_OPEN ? RECEIPT_WAITING : RECEIPT_NOT_COMPLETED;
}

bool receipt_state_changes(enum receipt_state state)
{
	return state == RECEIPT_WAITING || state == RECEIPT_ON_ITS_WAY;
}

bool pledge_takes(const struct pledge *pledge)
{
	if (pledge->id[0] == '\0')
		return false;
	return pledge->settled_count > 0 || (pledge->status != PLEDGE_EXPIRED && pledge->status != PLEDGE_ENDED);
}
