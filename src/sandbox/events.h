/*
 * events.h -- events: a change told once, in bytes that stay the same for ever.
 */
#ifndef SANDBOX_EVENTS_H
#define SANDBOX_EVENTS_H

#include "sandbox/state.h"

/*
 * Tell that `object` is now as it is: an event of that (static) type is stored
 * and put into the outbox. As at the original, the list of events speaks the
 * account's version, a delivery that of its endpoint, and neither changes any
 * more.
 */
MUST_CHECK enum err event_tell(struct state *state, const char *type, const struct object *object);

/*
 * The same with what the object said before, in data.previous_attributes: members
 * as render_constants takes them.
 */
MUST_CHECK enum err event_tell_change(struct state *state, const char *type, const struct object *object,
                                      const char *previous);

/* The first for several types in a row, ended by NULL; the first failure ends it. */
MUST_CHECK enum err event_tell_all(struct state *state, const char *const types[], const struct object *object);

/* The event as the API shows it: the stored bytes with the present count of pending webhooks. */
void event_show(const struct event *event, struct buffer *out);

/* An event's delivery came to its end. Does nothing when the event is forgotten. */
void event_delivered(struct state *state, const char *id);

#endif
