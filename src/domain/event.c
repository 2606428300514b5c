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

const char *event_ref(const struct event *event, enum ref_kind kind)
{
	for (size_t i = 0; i < event->ref_count; i++)
		if (event->refs[i].kind == kind)
			return event->refs[i].id;
	return NULL;
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

enum err event_digest(const struct event *event, uint8_t digest[static 32])
{
	const char *session = event_ref(event, REF_SESSION);
	char kind = (char)('0' + (int)event->kind);
	char live = event->live ? 'L' : 'T';
	struct bytes pieces[] = {
		{ &kind, 1 },
		{ &live, 1 },
		{ event->pledge, strlen(event->pledge) + 1 },
		{ event->payment, strlen(event->payment) + 1 },
		{ event->amount.currency.code, strlen(event->amount.currency.code) + 1 },
		{ (const char *)&event->amount.minor, sizeof event->amount.minor },
		{ (const char *)&event->at_s, sizeof event->at_s },
		/* An expiry has no payment: its session is what it is about. */
		bytes_of(event->payment[0] == '\0' && session != NULL ? session : ""),
	};

	return digest_sha256(pieces, sizeof pieces / sizeof pieces[0], digest);
}
