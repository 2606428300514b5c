/*
 * counters.h -- what has happened since the start, for people who watch.
 */
#ifndef SERVICE_COUNTERS_H
#define SERVICE_COUNTERS_H

#include <stdatomic.h>

struct counters {
	atomic_ulong deliveries_authentic;
	atomic_ulong deliveries_forged;
	atomic_ulong deliveries_unreadable; /* not even an id: answered 503 */
	atomic_ulong events_booked;
	atomic_ulong events_already;
	atomic_ulong events_not_ours;
	atomic_ulong sessions_opened;
	atomic_ulong sessions_failed;
	atomic_ulong sessions_limited;
};

#endif
