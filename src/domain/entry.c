#include "domain/entry.h"

static const char *const kind_names[] = {
	[ENTRY_OPENED] = "opened",
	[ENTRY_PLEDGED] = "pledged",
	[ENTRY_APPROVED] = "approved",
	[ENTRY_PENDING] = "pending",
	[ENTRY_SETTLED] = "settled",
	[ENTRY_CLEARED] = "cleared",
	[ENTRY_FAILED] = "failed",
	[ENTRY_EXPIRED] = "expired",
	[ENTRY_SUBSCRIBED] = "subscribed",
	[ENTRY_ENDED] = "ended",
	[ENTRY_REFUNDED] = "refunded",
	[ENTRY_REFUND_FAILED] = "refund_failed",
	[ENTRY_DISPUTED] = "disputed",
	[ENTRY_DISPUTE_WON] = "dispute_won",
	[ENTRY_DISPUTE_LOST] = "dispute_lost",
	[ENTRY_PAYOUT] = "payout",
	[ENTRY_PAYOUT_FAILED] = "payout_failed",
	[ENTRY_RECORDED] = "recorded",
	[ENTRY_ADJUSTED] = "adjusted",
	[ENTRY_PARKED] = "parked",
	[ENTRY_UNPARKED] = "unparked",
	[ENTRY_DROPPED] = "dropped",
	[ENTRY_ALARM] = "alarm",
	[ENTRY_RESTORED] = "restored",
	[ENTRY_UPGRADED] = "upgraded",
	[ENTRY_PAID_OUT] = "paid_out",
	[ENTRY_REFUND_ASKED] = "refund_asked",
	[ENTRY_OTHER] = "",
};

const char *entry_kind_name(enum entry_kind kind)
{
	return kind_names[kind];
}

enum entry_kind entry_kind_parse(struct bytes name)
{
	for (int kind = 0; kind < ENTRY_OTHER; kind++)
		if (bytes_is(name, kind_names[kind]))
			return (enum entry_kind)kind;
	return ENTRY_OTHER;
}

enum {
	FROM_PROVIDER = MEMBER_ACCOUNT | MEMBER_EVENT | MEMBER_AT,
	/* What the provider was asked for has no event's id, and its time is the asking's. */
	ASKED_OR_TOLD = MEMBER_EVENT | MEMBER_AT,
	OF_PAYMENT = MEMBER_PLEDGE | MEMBER_PAYMENT,
	BY_OPERATOR = MEMBER_REFERENCE | MEMBER_REASON,
};

static const struct entry_shape shapes[] = {
	[ENTRY_OPENED] = { MEMBER_LEDGER, 0 },
	/* With a time and a reason: its first line was lost, and it was read again from the provider. */
	[ENTRY_PLEDGED] = { MEMBER_ACCOUNT | MEMBER_PLEDGE | MEMBER_REFS | MEMBER_TERMS | MEMBER_AMOUNT, MEMBER_KEY | MEMBER_AT | MEMBER_REASON },
	[ENTRY_APPROVED] = { FROM_PROVIDER | OF_PAYMENT | MEMBER_AMOUNT, MEMBER_REFS },
	[ENTRY_PENDING] = { MEMBER_ACCOUNT | MEMBER_AT | OF_PAYMENT | MEMBER_AMOUNT, MEMBER_EVENT | MEMBER_REFS },
	[ENTRY_SETTLED] = { MEMBER_ACCOUNT | MEMBER_AT | OF_PAYMENT | MEMBER_AMOUNT | MEMBER_POSTINGS, MEMBER_EVENT | MEMBER_REFS },
	[ENTRY_CLEARED] = { MEMBER_ACCOUNT | OF_PAYMENT | MEMBER_AMOUNT | MEMBER_CLEARING, ASKED_OR_TOLD | MEMBER_REFS | MEMBER_POSTINGS },
	[ENTRY_FAILED] = { MEMBER_ACCOUNT | MEMBER_AT | OF_PAYMENT, MEMBER_EVENT | MEMBER_REFS | MEMBER_AMOUNT | MEMBER_REASON },
	[ENTRY_EXPIRED] = { MEMBER_ACCOUNT | MEMBER_AT | MEMBER_PLEDGE, MEMBER_EVENT | MEMBER_REFS },
	[ENTRY_SUBSCRIBED] = { MEMBER_ACCOUNT | MEMBER_PLEDGE | MEMBER_REFS, ASKED_OR_TOLD },
	[ENTRY_ENDED] = { MEMBER_ACCOUNT | MEMBER_PLEDGE | MEMBER_REFS, ASKED_OR_TOLD | MEMBER_REASON },
	[ENTRY_REFUNDED] = { MEMBER_ACCOUNT | OF_PAYMENT | MEMBER_REFS | MEMBER_AMOUNT,
		ASKED_OR_TOLD | MEMBER_TOTAL | MEMBER_REFERENCE | MEMBER_POSTINGS },
	/* Without a refund's id: the provider would not make the one that was asked for. */
	[ENTRY_REFUND_FAILED] = { MEMBER_ACCOUNT | OF_PAYMENT,
		ASKED_OR_TOLD | MEMBER_REFS | MEMBER_AMOUNT | MEMBER_REFERENCE | MEMBER_REASON | MEMBER_POSTINGS },
	[ENTRY_DISPUTED] = { MEMBER_ACCOUNT | OF_PAYMENT | MEMBER_REFS | MEMBER_AMOUNT | MEMBER_STATUS,
		ASKED_OR_TOLD | MEMBER_CLEARING | MEMBER_POSTINGS },
	[ENTRY_DISPUTE_WON] = { MEMBER_ACCOUNT | OF_PAYMENT | MEMBER_REFS | MEMBER_AMOUNT,
		ASKED_OR_TOLD | MEMBER_CLEARING | MEMBER_POSTINGS },
	[ENTRY_DISPUTE_LOST] = { MEMBER_ACCOUNT | OF_PAYMENT | MEMBER_REFS | MEMBER_AMOUNT,
		ASKED_OR_TOLD | MEMBER_CLEARING | MEMBER_POSTINGS },
	[ENTRY_PAYOUT] = { MEMBER_ACCOUNT | MEMBER_REFS | MEMBER_AMOUNT | MEMBER_STATUS, ASKED_OR_TOLD | MEMBER_POSTINGS },
	[ENTRY_PAYOUT_FAILED] = { MEMBER_ACCOUNT | MEMBER_REFS | MEMBER_AMOUNT, ASKED_OR_TOLD | MEMBER_POSTINGS },
	[ENTRY_RECORDED] = { MEMBER_PLEDGE | MEMBER_TERMS | MEMBER_AMOUNT | BY_OPERATOR | MEMBER_POSTINGS, MEMBER_AT },
	[ENTRY_ADJUSTED] = { MEMBER_AMOUNT | MEMBER_REASON | MEMBER_POSTINGS,
		MEMBER_ACCOUNT | ASKED_OR_TOLD | OF_PAYMENT | MEMBER_REFS | MEMBER_CLEARING | MEMBER_REFERENCE },
	[ENTRY_PARKED] = { MEMBER_ACCOUNT | MEMBER_REASON | MEMBER_STATUS,
		ASKED_OR_TOLD | OF_PAYMENT | MEMBER_REFS | MEMBER_AMOUNT | MEMBER_TOTAL | MEMBER_CLEARING | MEMBER_REFERENCE | MEMBER_TYPE
			| MEMBER_DIGEST | MEMBER_POSTINGS },
	[ENTRY_UNPARKED] = { MEMBER_ACCOUNT | MEMBER_PARKED | MEMBER_STATUS,
		ASKED_OR_TOLD | OF_PAYMENT | MEMBER_REFS | MEMBER_AMOUNT | MEMBER_TOTAL | MEMBER_CLEARING | MEMBER_REFERENCE | MEMBER_POSTINGS },
	/* Without a reference: the ledger itself found that it says nothing new. */
	[ENTRY_DROPPED] = { MEMBER_ACCOUNT | MEMBER_PARKED | MEMBER_REASON, MEMBER_REFERENCE | OF_PAYMENT | MEMBER_POSTINGS },
	[ENTRY_ALARM] = { MEMBER_ACCOUNT | MEMBER_EVENT | MEMBER_REASON | MEMBER_TYPE | MEMBER_DIGEST,
		MEMBER_AT | OF_PAYMENT | MEMBER_REFS | MEMBER_AMOUNT | MEMBER_TOTAL },
	[ENTRY_RESTORED] = { MEMBER_WAS, MEMBER_DIGEST },
	[ENTRY_UPGRADED] = { MEMBER_WAS, 0 },
	[ENTRY_PAID_OUT] = { MEMBER_ACCOUNT | MEMBER_REFS | MEMBER_CLEARING, MEMBER_AT | OF_PAYMENT | MEMBER_POSTINGS },
	[ENTRY_REFUND_ASKED] = { MEMBER_ACCOUNT | OF_PAYMENT | MEMBER_AMOUNT | BY_OPERATOR, MEMBER_REFS },
	[ENTRY_OTHER] = { 0, ~0u }, /* a reader takes any members */
};

struct entry_shape entry_shape(enum entry_kind kind)
{
	return shapes[kind];
}

unsigned entry_members(const struct entry *entry)
{
	return (entry->at_s != 0 ? MEMBER_AT : 0u) | (entry->account[0] != '\0' ? MEMBER_ACCOUNT : 0u)
	       | (entry->event[0] != '\0' ? MEMBER_EVENT : 0u) | (entry->pledge[0] != '\0' ? MEMBER_PLEDGE : 0u)
	       | (entry->payment[0] != '\0' ? MEMBER_PAYMENT : 0u) | (entry->ref_count > 0 ? MEMBER_REFS : 0u)
	       | (entry->ledger[0] != '\0' ? MEMBER_LEDGER : 0u) | (entry->campaign[0] != '\0' ? MEMBER_TERMS : 0u)
	       | (entry->amount.currency.code[0] != '\0' ? MEMBER_AMOUNT : 0u) | (entry->total ? MEMBER_TOTAL : 0u)
	       | (entry->key[0] != '\0' ? MEMBER_KEY : 0u) | (entry->reason != REASON_NONE ? MEMBER_REASON : 0u)
	       | (entry->type[0] != '\0' ? MEMBER_TYPE : 0u) | (entry->digest[0] != '\0' ? MEMBER_DIGEST : 0u)
	       | (entry->clearing.settlement.currency.code[0] != '\0' ? MEMBER_CLEARING : 0u)
	       | (entry->reference[0] != '\0' ? MEMBER_REFERENCE : 0u) | (entry->parked != 0 ? MEMBER_PARKED : 0u)
	       | (entry->was != 0 ? MEMBER_WAS : 0u) | (entry->has_status ? MEMBER_STATUS : 0u)
	       | (entry->posting_count > 0 ? MEMBER_POSTINGS : 0u);
}

/* The event that leads to each kind; EVENT_KINDS where there is none, or where the status says it. */
static enum event_kind event_of(enum entry_kind kind)
{
	static const enum event_kind events[] = {
		[ENTRY_OPENED] = EVENT_KINDS,
		[ENTRY_PLEDGED] = EVENT_KINDS,
		[ENTRY_APPROVED] = EVENT_APPROVED,
		[ENTRY_PENDING] = EVENT_PENDING,
		[ENTRY_SETTLED] = EVENT_SETTLED,
		[ENTRY_CLEARED] = EVENT_CLEARED,
		[ENTRY_FAILED] = EVENT_FAILED,
		[ENTRY_EXPIRED] = EVENT_EXPIRED,
		[ENTRY_SUBSCRIBED] = EVENT_KINDS,
		[ENTRY_ENDED] = EVENT_ENDED,
		[ENTRY_REFUNDED] = EVENT_REFUNDED,
		[ENTRY_REFUND_FAILED] = EVENT_REFUND_FAILED,
		[ENTRY_DISPUTED] = EVENT_KINDS,
		[ENTRY_DISPUTE_WON] = EVENT_DISPUTE_WON,
		[ENTRY_DISPUTE_LOST] = EVENT_DISPUTE_LOST,
		[ENTRY_PAYOUT] = EVENT_KINDS,
		[ENTRY_PAYOUT_FAILED] = EVENT_PAYOUT_FAILED,
		[ENTRY_RECORDED] = EVENT_KINDS,
		[ENTRY_ADJUSTED] = EVENT_ADJUSTED,
		[ENTRY_PARKED] = EVENT_KINDS,
		[ENTRY_UNPARKED] = EVENT_KINDS,
		[ENTRY_DROPPED] = EVENT_KINDS,
		[ENTRY_ALARM] = EVENT_KINDS,
		[ENTRY_RESTORED] = EVENT_KINDS,
		[ENTRY_UPGRADED] = EVENT_KINDS,
		[ENTRY_PAID_OUT] = EVENT_PAID_OUT,
		[ENTRY_REFUND_ASKED] = EVENT_KINDS,
		[ENTRY_OTHER] = EVENT_KINDS,
	};

	return events[kind];
}

bool entry_event_kind(const struct entry *entry, enum event_kind *kind)
{
	*kind = entry->has_status ? entry->status : event_of(entry->kind);
	return *kind != EVENT_KINDS;
}

bool entry_books(const struct entry *entry, enum event_kind kind)
{
	enum event_kind said;

	return entry->kind != ENTRY_PARKED && entry->kind != ENTRY_ALARM && entry_event_kind(entry, &said) && said == kind;
}

const char *entry_object(const struct entry *entry)
{
	enum event_kind kind;

	return entry_event_kind(entry, &kind) ? event_object_of(kind, entry->payment, entry->refs, entry->ref_count) : "";
}

enum err entry_event_digest(const struct entry *entry, bool *has_event, uint8_t digest[static 32])
{
	enum event_kind kind;

	*has_event = entry_event_kind(entry, &kind) && entry->event[0] != '\0' && entry->kind != ENTRY_UNPARKED;
	if (!*has_event)
		return OK;
	return event_content_digest(kind, kind == EVENT_UNREADABLE ? entry->type : entry_object(entry), &entry->amount,
	                            entry->at_s, digest);
}

int64_t entry_pledged_us(const struct entry *entry)
{
	return entry->at_s != 0 ? entry->at_s * 1000000 : entry->time_us;
}

const char *entry_ref(const struct entry *entry, enum ref_kind kind)
{
	for (size_t i = 0; i < entry->ref_count; i++)
		if (entry->refs[i].kind == kind)
			return entry->refs[i].id;
	return NULL;
}
