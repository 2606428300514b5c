#include "domain/event.h"

#include <string.h>

#include "base/bytes.h"
#include "base/digest.h"

const char *ref_kind_name(enum ref_kind kind)
{
	switch (kind) {
	case REF_SESSION:
		return "session";
	case REF_PAYMENT_INTENT:
		return "payment_intent";
	case REF_CHARGE:
		return "charge";
	case REF_INVOICE:
		return "invoice";
	case REF_SUBSCRIPTION:
		return "subscription";
	case REF_REFUND:
		return "refund";
	case REF_DISPUTE:
		return "dispute";
	case REF_PAYOUT:
		return "payout";
	case REF_BALANCE_TRANSACTION:
		return "balance_transaction";
	case REF_KINDS:
		break;
	}
	return "";
}

static const char *find_ref(const struct ref *refs, size_t count, enum ref_kind kind)
{
	for (size_t i = 0; i < count; i++)
		if (refs[i].kind == kind)
			return refs[i].id;
	return NULL;
}

const char *event_ref(const struct event *event, enum ref_kind kind)
{
	return find_ref(event->refs, event->ref_count, kind);
}

/* The first of two kinds that is there, else `otherwise`. */
static const char *either_ref(const struct ref *refs, size_t count, enum ref_kind first, enum ref_kind second, const char *otherwise)
{
	const char *found = find_ref(refs, count, first);

	if (found == NULL)
		found = find_ref(refs, count, second);
	return found != NULL ? found : otherwise;
}

const char *event_object_of(enum event_kind kind, const char *payment, const struct ref *refs, size_t ref_count)
{
	switch (kind) {
	case EVENT_PENDING:
	case EVENT_SETTLED:
	case EVENT_FAILED:
	case EVENT_APPROVED:
		return payment;
	case EVENT_EXPIRED:
		return either_ref(refs, ref_count, REF_SESSION, REF_SESSION, "");
	case EVENT_REFUNDED:
	case EVENT_REFUND_FAILED:
		return either_ref(refs, ref_count, REF_REFUND, REF_CHARGE, payment);
	case EVENT_DISPUTE_OPENED:
	case EVENT_DISPUTED:
	case EVENT_DISPUTE_WON:
	case EVENT_DISPUTE_LOST:
		return either_ref(refs, ref_count, REF_DISPUTE, REF_DISPUTE, "");
	case EVENT_CLEARED:
		return either_ref(refs, ref_count, REF_REFUND, REF_DISPUTE, payment);
	case EVENT_ENDED:
		return either_ref(refs, ref_count, REF_SUBSCRIPTION, REF_SUBSCRIPTION, "");
	case EVENT_PAYOUT_SENT:
	case EVENT_PAYOUT_PAID:
	case EVENT_PAYOUT_FAILED:
	case EVENT_PAYOUT_EXPLAINED:
		return either_ref(refs, ref_count, REF_PAYOUT, REF_PAYOUT, "");
	case EVENT_PAID_OUT:
	case EVENT_ADJUSTED:
		return either_ref(refs, ref_count, REF_BALANCE_TRANSACTION, REF_BALANCE_TRANSACTION, "");
	case EVENT_UNREADABLE:
	case EVENT_KINDS:
		break;
	}
	return "";
}

const char *event_object(const struct event *event)
{
	return event_object_of(event->kind, event->payment, event->refs, event->ref_count);
}

/* Refs are kept sorted by kind, as an entry has them. */
enum err event_add_ref(struct event *event, enum ref_kind kind, struct bytes id)
{
	struct ref ref = { .kind = kind };
	size_t at = event->ref_count;

	if (id.length == 0 || event_ref(event, kind) != NULL)
		return OK;
	if (event->ref_count == REFS_MAX)
		return ERR_TOO_BIG;
	enum err err = bytes_copy_text(id, ref.id, sizeof ref.id);

	if (err != OK)
		return err;
	while (at > 0 && event->refs[at - 1].kind > kind) {
		event->refs[at] = event->refs[at - 1];
		at--;
	}
	event->refs[at] = ref;
	event->ref_count++;
	return OK;
}

static const char *const kind_names[] = {
	[EVENT_PENDING] = "pending", [EVENT_SETTLED] = "settled",       [EVENT_FAILED] = "failed",
	[EVENT_EXPIRED] = "expired", [EVENT_UNREADABLE] = "unreadable",
	[EVENT_APPROVED] = "approved",
	[EVENT_CLEARED] = "cleared",
	[EVENT_REFUNDED] = "refunded",
	[EVENT_REFUND_FAILED] = "refund_failed",
	[EVENT_DISPUTE_OPENED] = "dispute_opened",
	[EVENT_DISPUTED] = "disputed",
	[EVENT_DISPUTE_WON] = "dispute_won",
	[EVENT_DISPUTE_LOST] = "dispute_lost",
	[EVENT_ENDED] = "ended",
	[EVENT_PAYOUT_SENT] = "payout_sent",
	[EVENT_PAYOUT_PAID] = "payout_paid",
	[EVENT_PAYOUT_FAILED] = "payout_failed",
	[EVENT_PAYOUT_EXPLAINED] = "payout_explained",
	[EVENT_PAID_OUT] = "paid_out",
	[EVENT_ADJUSTED] = "adjusted",
};

const char *event_kind_name(enum event_kind kind)
{
	return kind_names[kind];
}

bool event_kind_parse(struct bytes name, enum event_kind *kind)
{
	for (size_t i = 0; i < EVENT_KINDS; i++)
		if (bytes_is(name, kind_names[i])) {
			*kind = (enum event_kind)i;
			return true;
		}
	return false;
}

enum err event_content_digest(enum event_kind kind, const char *object, const struct money *amount, int64_t at_s,
                              uint8_t digest[static 32])
{
	/* An expiry is about its session, and of an unreadable event only its type is known: neither has an amount. */
	bool has_amount = kind != EVENT_EXPIRED && kind != EVENT_UNREADABLE;
	const char *code = has_amount ? amount->currency.code : "";
	int64_t minor = has_amount ? amount->minor : 0;
	struct bytes pieces[] = {
		{ kind_names[kind], strlen(kind_names[kind]) + 1 },
		{ object, strlen(object) + 1 },
		{ code, strlen(code) + 1 },
		{ (const char *)&minor, sizeof minor },
		{ (const char *)&at_s, sizeof at_s },
	};

	return digest_sha256(pieces, sizeof pieces / sizeof pieces[0], digest);
}

enum err event_was_unreadable(const struct event *event, const uint8_t *digest, size_t length, bool *was)
{
	const struct {
		const char *type;
		int64_t at_s;
	} guesses[] = { { event->type, event->at_s }, { event->type, 0 }, { EVENT_TYPE_UNKNOWN, 0 } };
	const struct money none = { 0 };
	uint8_t guessed[32];

	*was = false;
	for (size_t i = 0; !*was && i < sizeof guesses / sizeof guesses[0]; i++) {
		enum err err = event_content_digest(EVENT_UNREADABLE, guesses[i].type, &none, guesses[i].at_s, guessed);

		if (err != OK)
			return err;
		*was = memcmp(guessed, digest, length) == 0;
	}
	return OK;
}

enum err event_digest(const struct event *event, uint8_t digest[static 32])
{
	const char *object = event->kind == EVENT_UNREADABLE ? event->type : event_object(event);

	return event_content_digest(event->kind, object, &event->amount, event->at_s, digest);
}
