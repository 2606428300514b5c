#include "domain/event.h"

#include <string.h>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/text.h"

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

static const char *const kind_names[] = {
	[EVENT_PENDING] = "pending", [EVENT_SETTLED] = "settled",       [EVENT_FAILED] = "failed",
	[EVENT_EXPIRED] = "expired", [EVENT_UNREADABLE] = "unreadable",
};

const char *event_kind_name(enum event_kind kind)
{
	return kind_names[kind];
}

bool event_kind_parse(struct bytes name, enum event_kind *kind)
{
	for (size_t i = 0; i < sizeof kind_names / sizeof kind_names[0]; i++)
		if (bytes_is(name, kind_names[i])) {
			*kind = (enum event_kind)i;
			return true;
		}
	return false;
}

enum err event_content_digest(enum event_kind kind, const char *object, const struct money *amount, int64_t at_s,
                              uint8_t digest[static 32])
{
	/* An expiry is about its session and an unreadable event about its bytes: neither has an amount. */
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

enum err event_digest(const struct event *event, uint8_t digest[static 32])
{
	const char *session = event_ref(event, REF_SESSION);
	const char *object = event->payment;
	char body[2 * DIGEST_BYTES + 1];

	if (event->kind == EVENT_EXPIRED)
		object = session != NULL ? session : "";
	if (event->kind == EVENT_UNREADABLE) {
		text_hex(event->body_digest, DIGEST_BYTES, body);
		object = body;
	}
	return event_content_digest(event->kind, object, &event->amount, event->at_s, digest);
}
