/*
 * decide_parts.h -- private to deciding: the parts of decide.c, one file for each
 * sort of command.
 */
#ifndef DOMAIN_DECIDE_PARTS_H
#define DOMAIN_DECIDE_PARTS_H

#include "domain/decide.h"

/* Both sides have the same bound by their types; a text that does not fit is a mistake of ours. */
void decide_copy(char *to, size_t size, const char *from);

/* Nothing is booked: there is a conflict. */
void decide_refuse(struct decision *decision, enum err err);

/*
 * Begin an entry with what the event says, as far as the kind has such members. While parked money is being booked
 * the kind is `unparked` and the event's kind its status.
 */
void decide_begin(const struct knowledge *known, const struct event_command *command, enum entry_kind kind,
                  struct decision *decision);

/* Post what the entry changes in the books of its payment; refuse what no sum can hold. */
void decide_post(const struct knowledge *known, struct decision *decision);

/* Keep an event that cannot be booked. */
void decide_park(const struct knowledge *known, const struct event_command *command, enum reason reason,
                 struct decision *decision);

/* decide_event.c: an event, after it was found to be new. */
void decide_event(const struct knowledge *known, const struct event_command *command, struct decision *decision);

/* decide_object.c: news of a refund, a dispute, a payout, a line of the balance. */
void decide_claim(const struct knowledge *known, const struct event_command *command, struct decision *decision);
void decide_payout(const struct knowledge *known, const struct event_command *command, struct decision *decision);
void decide_paid_out(const struct knowledge *known, const struct event_command *command, struct decision *decision);

/* decide_operator.c */
void decide_operator(const struct knowledge *known, enum command_kind kind, const struct operator_command *command,
                     struct decision *decision);

#endif
