/*
 * How an event becomes a line that lasts: delivered until acknowledged, decided, written, synced,
 * indexed, acknowledged, while the process is killed or the power fails at any point, starts included.
 * README.md says what stands for what, and what is left out.
 *
 * Promised: a payment is booked at most once; an event that was acknowledged is booked, after any crash;
 * the service never refuses to start over what a crash alone has left; and when the crashes stop, every
 * event is acknowledged. BROKEN=1..6 breaks one rule each, and each must be refuted.
 */
#ifndef BROKEN
#define BROKEN 0
#endif
#define ACKNOWLEDGED_BEFORE_THE_SYNC (BROKEN == 1)
#define INDEX_TRUSTED_AFTER_A_CRASH (BROKEN == 2)
#define READABLE_TAKEN_FOR_DURABLE (BROKEN == 3)
#define GOOD_BEHIND_BAD_IS_DAMAGE (BROKEN == 4)
#define BLIND_TO_ITS_OWN_BATCH (BROKEN == 5)
#define NOT_TOLD_AGAIN (BROKEN == 6)

#define EVENTS 3
#define PAYMENTS 2
#define PAYMENT_OF(event) (event == 0 -> 0 : event - 1) /* events 0 and 1 tell of one payment */
#define LINES 3
#define BATCH 2
#ifndef CRASHES
#define CRASHES 2
#endif
#ifndef REPEATS
#define REPEATS 1 /* deliveries of what was acknowledged already */
#endif
#define STOPS 1 /* in good order */

/* the provider */
bool acknowledged[EVENTS];
bool queued[EVENTS]; /* arrived and not yet taken: lost with the process */
byte repeats;

/* the last segment */
byte event_of[LINES];
byte says[LINES];  /* the member "synced" */
bool lost[LINES];  /* it cannot be read: its bytes never reached the disk */
byte written;      /* lines in the file as a reader sees it */
byte synced;       /* lines that are on the disk for certain */
byte hint;         /* ledger/durable */

/* the index, and whether a start may believe in it */
bool knows_event[EVENTS];
bool knows_payment[PAYMENTS];
bool stamped;

bool up;
byte crashes;
byte stops;

inline index_forget()
{
	i = 0;
	do
	:: i < EVENTS -> knows_event[i] = false; i++
	:: else -> break
	od;
	i = 0;
	do
	:: i < PAYMENTS -> knows_payment[i] = false; i++
	:: else -> break
	od
}

inline index_apply(event)
{
	knows_event[event] = true;
	knows_payment[PAYMENT_OF(event)] = true
}

/* A SIGKILL leaves the page cache; without power any part of what was not synced is gone. */
inline crash()
{
	up = false;
	i = 0;
	do
	:: i < EVENTS -> queued[i] = false; i++
	:: else -> break
	od;
	if
	:: true
	:: i = synced;
	   do
	   :: i < written -> if :: lost[i] = true :: true fi; i++
	   :: else -> break
	   od;
	   if :: hint = 0 :: true fi /* rewritten in place and never synced: an older one may be there */
	fi;
	i = 0
}

#define MAY_CRASH \
	if \
	:: crashes < CRASHES -> crashes++; goto crashed \
	:: true \
	fi

/* What must be true of the books whenever somebody may look at them. */
inline check_books()
{
	i = 0;
	do
	:: i < written ->
		j = i + 1;
		do
		:: j < written -> assert(PAYMENT_OF(event_of[i]) != PAYMENT_OF(event_of[j])); j++
		:: else -> break
		od;
		i++
	:: else -> break
	od;
	j = 0;
	do
	:: j < EVENTS ->
		i = 0;
		do
		:: i < written && PAYMENT_OF(event_of[i]) != PAYMENT_OF(j) -> i++
		:: else -> break
		od;
		assert(!acknowledged[j] || i < written);
		j++
	:: else -> break
	od;
	i = 0;
	j = 0
}

/* One a event, the first processes of all: it sends again until it is heard, and now and then once more. */
active [EVENTS] proctype provider()
{
	do
	:: atomic { up && !queued[_pid] && !acknowledged[_pid] && !(NOT_TOLD_AGAIN && crashes > 0) -> queued[_pid] = true }
	:: atomic { up && !queued[_pid] && acknowledged[_pid] && repeats < REPEATS -> repeats++; queued[_pid] = true }
	od
}

active proctype service()
{
	byte i, j, first_bad;
	byte batch[BATCH];    /* the submissions */
	byte size;
	byte fresh[BATCH];    /* those of them that become lines */
	byte lines, k;
	bool already, damaged;

starting:
	atomic {
		first_bad = 0;
		do
		:: first_bad < written && !lost[first_bad] -> first_bad++
		:: else -> break
		od;
		damaged = hint > first_bad;
		i = first_bad + 1;
		do
		:: i < written ->
			if
			:: !lost[i] && (says[i] > first_bad || GOOD_BEHIND_BAD_IS_DAMAGE) -> damaged = true
			:: else
			fi;
			i++
		:: else -> break
		od;
		i = 0;
		assert(!damaged) /* it would refuse to start */
	}
	MAY_CRASH;
	atomic {
		/* Whatever stays is written anew, synced, and put in place with one rename. */
		i = first_bad;
		do
		:: i < written -> lost[i] = false; event_of[i] = 0; says[i] = 0; i++
		:: else -> break
		od;
		written = first_bad;
		if
		:: READABLE_TAKEN_FOR_DURABLE -> if :: synced > written -> synced = written :: else fi
		:: else -> synced = written
		fi;
		first_bad = 0;
		damaged = false
	}
	MAY_CRASH;
	atomic {
		if
		:: stamped || INDEX_TRUSTED_AFTER_A_CRASH
		:: else ->
			index_forget();
			k = 0;
			do
			:: k < written -> index_apply(event_of[k]); k++
			:: else -> break
			od;
			k = 0
		fi;
		stamped = false; /* durably, before the first commit */
		check_books();
		up = true
	}

serving:
	MAY_CRASH;
	if
	:: (queued[0] || queued[1] || queued[2]) -> skip
	:: atomic {
		!(queued[0] || queued[1] || queued[2]) && stops < STOPS ->
		stops++;
		up = false;
		stamped = true /* the index is synced before it */
	   };
	   goto starting
	fi;

	/* Take what waits, in any order and as much as fits, and decide it against the index and the batch. */
	atomic {
		do
		:: size < BATCH && queued[0] -> queued[0] = false; batch[size] = 0; size++
		:: size < BATCH && queued[1] -> queued[1] = false; batch[size] = 1; size++
		:: size < BATCH && queued[2] -> queued[2] = false; batch[size] = 2; size++
		:: size > 0 -> break
		od;
		k = 0;
		do
		:: k < size ->
			already = knows_event[batch[k]] || knows_payment[PAYMENT_OF(batch[k])];
			j = 0;
			do
			:: j < lines -> already = already || (!BLIND_TO_ITS_OWN_BATCH && PAYMENT_OF(fresh[j]) == PAYMENT_OF(batch[k])); j++
			:: else -> break
			od;
			if
			:: !already -> fresh[lines] = batch[k]; lines++
			:: else
			fi;
			k++
		:: else -> break
		od;
		j = 0;
		k = 0;
		already = false
	}
	if
	:: INDEX_TRUSTED_AFTER_A_CRASH -> atomic { /* and committed before the sync */
		do
		:: k < lines -> index_apply(fresh[k]); k++
		:: else -> break
		od;
		k = 0 }
	:: else
	fi;
	if
	:: lines == 0 -> goto telling
	:: else
	fi;

	/* Write: a crash may come between any two lines. */
	do
	:: k < lines ->
		atomic {
			assert(written < LINES);
			event_of[written] = fresh[k];
			says[written] = synced;
			written++;
			k++
		}
		MAY_CRASH
	:: else -> break
	od;
	atomic {
		k = 0;
		if
		:: ACKNOWLEDGED_BEFORE_THE_SYNC ->
			do
			:: k < size -> acknowledged[batch[k]] = true; k++
			:: else -> break
			od;
			k = 0
		:: else
		fi
	}
	MAY_CRASH;

	synced = written;
	MAY_CRASH;

	atomic {
		do
		:: k < lines -> index_apply(fresh[k]); k++
		:: else -> break
		od;
		k = 0
	}
	MAY_CRASH;

	hint = synced;
	MAY_CRASH;

telling:
	/* Each submitter is told by itself: a crash may come between two of them. */
	do
	:: k < size ->
		acknowledged[batch[k]] = true;
		k++;
		MAY_CRASH
	:: else -> break
	od;
	atomic {
		k = 0;
		check_books();
		do
		:: k < size -> batch[k] = 0; fresh[k] = 0; k++
		:: else -> break
		od;
		k = 0;
		size = 0;
		lines = 0
	}
	goto serving;

crashed:
	atomic {
		crash();
		k = 0;
		do
		:: k < BATCH -> batch[k] = 0; fresh[k] = 0; k++
		:: else -> break
		od;
		k = 0;
		j = 0;
		size = 0;
		lines = 0;
		first_bad = 0;
		already = false;
		damaged = false
	}
	goto starting
}

ltl everybody_is_heard { <> (acknowledged[0] && acknowledged[1] && acknowledged[2]) }
