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

static const char *const reason_names[] = {
	[REASON_NONE] = "",
	[REASON_UNKNOWN_PLEDGE] = "unknown-pledge",
	[REASON_OTHER_AMOUNT] = "other-amount",
	[REASON_OTHER_CURRENCY] = "other-currency",
	[REASON_OTHER_MODE] = "other-mode",
	[REASON_OTHER_ACCOUNT] = "other-account",
	[REASON_SECOND_PAYMENT] = "second-payment",
	[REASON_NOT_LEGAL] = "not-legal",
	[REASON_UNREADABLE] = "unreadable",
	[REASON_SAME_ID_OTHER_CONTENT] = "same-id-other-content",
};

const char *reason_name(enum reason reason)
{
	return reason_names[reason];
}

bool reason_parse(struct bytes name, enum reason *reason)
{
	for (size_t i = 1; i < sizeof reason_names / sizeof reason_names[0]; i++)
		if (bytes_is(name, reason_names[i])) {
			*reason = (enum reason)i;
			return true;
		}
	return false;
}

enum {
	FROM_PROVIDER = MEMBER_ACCOUNT | MEMBER_EVENT | MEMBER_AT,
	OF_PAYMENT = MEMBER_PLEDGE | MEMBER_PAYMENT,
};

struct entry_shape entry_shape(enum entry_kind kind)
{
	switch (kind) {
	case ENTRY_OPENED:
		return (struct entry_shape){ MEMBER_LEDGER, 0 };
	case ENTRY_PLEDGED:
		return (struct entry_shape){ MEMBER_ACCOUNT | MEMBER_PLEDGE | MEMBER_REFS | MEMBER_TERMS | MEMBER_AMOUNT, MEMBER_KEY };
	case ENTRY_PENDING:
		return (struct entry_shape){ FROM_PROVIDER | OF_PAYMENT | MEMBER_AMOUNT, MEMBER_REFS };
	case ENTRY_SETTLED:
		return (struct entry_shape){ FROM_PROVIDER | OF_PAYMENT | MEMBER_AMOUNT | MEMBER_POSTINGS, MEMBER_REFS };
	case ENTRY_FAILED:
		return (struct entry_shape){ FROM_PROVIDER | OF_PAYMENT, MEMBER_REFS | MEMBER_AMOUNT };
	case ENTRY_EXPIRED:
		return (struct entry_shape){ FROM_PROVIDER | MEMBER_PLEDGE, MEMBER_REFS };
	case ENTRY_PARKED:
		return (struct entry_shape){ MEMBER_ACCOUNT | MEMBER_EVENT | MEMBER_REASON | MEMBER_STATUS | MEMBER_TYPE,
			MEMBER_AT | OF_PAYMENT | MEMBER_REFS | MEMBER_AMOUNT | MEMBER_DIGEST | MEMBER_POSTINGS };
	case ENTRY_UNPARKED:
		return (struct entry_shape){ FROM_PROVIDER | OF_PAYMENT | MEMBER_AMOUNT | MEMBER_POSTINGS, MEMBER_REFS };
	case ENTRY_ALARM:
		return (struct entry_shape){ MEMBER_ACCOUNT | MEMBER_EVENT | MEMBER_REASON | MEMBER_TYPE | MEMBER_DIGEST,
			MEMBER_AT | OF_PAYMENT | MEMBER_REFS | MEMBER_AMOUNT };
	case ENTRY_APPROVED:
	case ENTRY_CLEARED:
	case ENTRY_SUBSCRIBED:
	case ENTRY_ENDED:
	case ENTRY_REFUNDED:
	case ENTRY_REFUND_FAILED:
	case ENTRY_DISPUTED:
	case ENTRY_DISPUTE_WON:
	case ENTRY_DISPUTE_LOST:
	case ENTRY_PAYOUT:
	case ENTRY_PAYOUT_FAILED:
	case ENTRY_RECORDED:
	case ENTRY_ADJUSTED:
	case ENTRY_DROPPED:
	case ENTRY_RESTORED:
	case ENTRY_UPGRADED:
	case ENTRY_OTHER:
		break;
	}
	/* No writer makes these: a reader takes any members. */
	return (struct entry_shape){ 0, ~0u };
}

unsigned entry_members(const struct entry *entry)
{
	return (entry->at_s != 0 ? MEMBER_AT : 0u) | (entry->account[0] != '\0' ? MEMBER_ACCOUNT : 0u)
	       | (entry->event[0] != '\0' ? MEMBER_EVENT : 0u) | (entry->pledge[0] != '\0' ? MEMBER_PLEDGE : 0u)
	       | (entry->payment[0] != '\0' ? MEMBER_PAYMENT : 0u) | (entry->ref_count > 0 ? MEMBER_REFS : 0u)
	       | (entry->ledger[0] != '\0' ? MEMBER_LEDGER : 0u) | (entry->campaign[0] != '\0' ? MEMBER_TERMS : 0u)
	       | (entry->amount.currency.code[0] != '\0' ? MEMBER_AMOUNT : 0u)
	       | (entry->key[0] != '\0' ? MEMBER_KEY : 0u) | (entry->reason != REASON_NONE ? MEMBER_REASON : 0u)
	       | (entry->type[0] != '\0' ? MEMBER_TYPE : 0u) | (entry->digest[0] != '\0' ? MEMBER_DIGEST : 0u)
	       | (entry->has_status ? MEMBER_STATUS : 0u)
	       | (entry->posting_count > 0 ? MEMBER_POSTINGS : 0u);
}

/* What the event said whose entry has this kind. */
static bool event_kind_behind(const struct entry *entry, enum event_kind *kind)
{
	if (entry->kind == ENTRY_PARKED)
		*kind = entry->status;
	else if (entry->kind == ENTRY_PENDING)
		*kind = EVENT_PENDING;
	else if (entry->kind == ENTRY_SETTLED)
		*kind = EVENT_SETTLED;
	else if (entry->kind == ENTRY_FAILED)
		*kind = EVENT_FAILED;
	else if (entry->kind == ENTRY_EXPIRED)
		*kind = EVENT_EXPIRED;
	else
		return false;
	return true;
}

enum err entry_event_digest(const struct entry *entry, bool *has_event, uint8_t digest[static 32])
{
	const char *session = entry_ref(entry, REF_SESSION);
	const char *object = entry->payment;
	enum event_kind kind;

	*has_event = event_kind_behind(entry, &kind);
	if (!*has_event)
		return OK;
	if (kind == EVENT_EXPIRED)
		object = session != NULL ? session : "";
	if (kind == EVENT_UNREADABLE)
		object = entry->digest;
	return event_content_digest(kind, object, &entry->amount, entry->at_s, digest);
}

const char *entry_ref(const struct entry *entry, enum ref_kind kind)
{
	for (size_t i = 0; i < entry->ref_count; i++)
		if (entry->refs[i].kind == kind)
			return entry->refs[i].id;
	return NULL;
}
