/*
 * Where a dispute stands follows from its object, whichever event brings it: its status says what was decided, its
 * lines of the balance what has moved. Nothing counts as taken or given back before the balance says so.
 */
#include <string.h>

#include "webhooks/stripe/stripe.h"

/* What the status says: still open, decided for us (or never a dispute), decided against us. */
enum course { COURSE_OPEN, COURSE_OURS, COURSE_LOST };

static enum err read_course(const struct json_text *json, const struct json_node *status, enum course *course)
{
	static const struct {
		const char *status;
		enum course course;
	} courses[] = {
		{ "needs_response", COURSE_OPEN },         { "under_review", COURSE_OPEN },
		{ "warning_needs_response", COURSE_OPEN }, { "warning_under_review", COURSE_OPEN },
		{ "appeal_needs_response", COURSE_OPEN },  { "appeal_under_review", COURSE_OPEN },
		{ "won", COURSE_OURS },                    { "warning_closed", COURSE_OURS },
		{ "prevented", COURSE_OURS },              { "lost", COURSE_LOST },
	};

	for (size_t i = 0; i < sizeof courses / sizeof courses[0]; i++)
		if (json_text_is(json, status, courses[i].status)) {
			*course = courses[i].course;
			return OK;
		}
	return ERR_INPUT;
}

/* What is out by the balance's lines, in the dispute's own currency. */
static int64_t out_of(const struct event *sum)
{
	const struct clearing *clearing = &sum->clearing;

	if (currency_equal(&clearing->settlement.currency, &sum->amount.currency))
		return -clearing->settlement.minor;
	return -sum->amount.minor;
}

static enum event_kind kind_of(enum course course, uint32_t lines, int64_t out)
{
	if (lines == 0)
		return course == COURSE_OURS ? EVENT_DISPUTE_WON : EVENT_DISPUTE_OPENED;
	if (out <= 0)
		return EVENT_DISPUTE_WON;
	/* Some of it was given back, and that was all. */
	if (course == COURSE_LOST || (course == COURSE_OURS && lines > 1))
		return EVENT_DISPUTE_LOST;
	return EVENT_DISPUTED;
}

static enum err read_money(const struct json_text *json, const struct json_node *object, enum course course, struct event *event)
{
	const struct json_node *lines = json_text_member(json, object, "balance_transactions");
	struct event sum = { .at_s = 0 };
	enum err err = stripe_member_amount(json, object, "amount", &event->amount);

	if (err != OK || lines == NULL || lines->kind != JSON_KIND_ARRAY
	    || stripe_sum_lines(json, lines, &event->amount, &sum) != OK)
		return ERR_INPUT;
	int64_t out = sum.clearing.lines > 0 ? out_of(&sum) : 0;

	event->kind = kind_of(course, sum.clearing.lines, out);
	event->clearing = sum.clearing;
	if (out > 0)
		event->amount.minor = out;
	return OK;
}

enum err stripe_read_dispute(const struct json_text *json, const struct json_node *object, struct event *event, bool *moves)
{
	enum course course;
	enum err err = stripe_member_ref(json, object, "id", REF_DISPUTE, event);

	if (err == OK)
		err = stripe_member_ref(json, object, "charge", REF_CHARGE, event);
	if (err == OK)
		err = stripe_member_ref(json, object, "payment_intent", REF_PAYMENT_INTENT, event);
	if (err == OK)
		err = read_course(json, json_text_member(json, object, "status"), &course);
	if (err == OK)
		err = read_money(json, object, course, event);
	*moves = true;
	return err == OK && event_ref(event, REF_DISPUTE) != NULL ? OK : ERR_INPUT;
}
