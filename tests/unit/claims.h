/*
 * claims.h -- what comes after a gift, as commands: refunds, disputes, lines of the provider's balance, payouts.
 */
#ifndef TESTS_CLAIMS_H
#define TESTS_CLAIMS_H

#include "tests/unit/small_ledger.h"

static inline struct command claim(enum event_kind kind, const char *id, int64_t at_s, int64_t minor)
{
	struct command command = { .kind = COMMAND_EVENT };
	struct event *event = &command.u.event.event;

	strcpy(command.u.event.account, "stripe");
	event->kind = kind;
	snprintf(event->id, sizeof event->id, "%s", id);
	strcpy(event->type, "test");
	event->at_s = 1795334400 + at_s;
	strcpy(event->payment, "pi_1");
	event->amount = money_of("EUR", minor);
	return command;
}

static inline struct command about(struct command command, enum ref_kind kind, const char *object)
{
	assert_int_equal(event_add_ref(&command.u.event.event, kind, bytes_of(object)), OK);
	return command;
}

/* All refunds of the charge so far. */
static inline struct command refunded_in_all(const char *id, int64_t minor)
{
	struct command command = about(claim(EVENT_REFUNDED, id, 1, minor), REF_CHARGE, "ch_1");

	command.u.event.event.total = true;
	return command;
}

static inline struct command clearing(struct command command, const char *currency, int64_t settlement, int64_t fee, uint32_t lines)
{
	command.u.event.event.clearing = (struct clearing){
		.settlement = money_of(currency, settlement), .fee = money_of(currency, fee),
		.net = money_of(currency, settlement - fee), .lines = lines,
	};
	if (strcmp(currency, "EUR") != 0)
		strcpy(command.u.event.event.clearing.rate, "1.1");
	return command;
}

#endif
