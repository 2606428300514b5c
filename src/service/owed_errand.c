#include "service/owed_errand.h"

#include <string.h>

#include "sys/log.h"

/* ---- asking ---- */

static enum talk talk_of(enum owed_verb verb)
{
	switch (verb) {
	case OWED_CLEAR:
		return TALK_CLEAR;
	case OWED_EXPLAIN:
		return TALK_EXPLAIN;
	case OWED_REFUND:
		return TALK_REFUND;
	}
	return TALK_CLEAR;
}

static enum event_kind kind_of(enum owed_verb verb)
{
	switch (verb) {
	case OWED_CLEAR:
		return EVENT_CLEARED;
	case OWED_EXPLAIN:
		return EVENT_PAYOUT_EXPLAINED;
	case OWED_REFUND:
		return EVENT_REFUNDED;
	}
	return EVENT_CLEARED;
}

void errand_begin(struct errand *errand, struct service *service, void (*wake)(void *context), void *context)
{
	const struct owed *owed = &errand->owed;
	struct conversation conversation = { .talk = talk_of(owed->verb), .once = errand->probe };
	struct event *event = &conversation.event;

	event->kind = kind_of(owed->verb);
	memcpy(event->pledge, owed->pledge, sizeof event->pledge);
	memcpy(event->payment, owed->payment, sizeof event->payment);
	memcpy(event->refs, owed->refs, sizeof event->refs);
	event->ref_count = owed->ref_count;
	event->amount = owed->amount;
	if (owed->verb == OWED_REFUND)
		memcpy(event->reference, owed->object, sizeof event->reference);
	errand->inquiry = inquiry_begin(service, owed->account, &conversation, wake, context);
}

/* ---- the log ---- */

static const char *verb_name(enum owed_verb verb)
{
	switch (verb) {
	case OWED_CLEAR:
		return "clear";
	case OWED_EXPLAIN:
		return "explain";
	case OWED_REFUND:
		return "refund";
	}
	return "";
}

static void put_errand(struct log_line *line, const struct errand *errand)
{
	log_word(line, "what", verb_name(errand->owed.verb));
	log_word(line, "account", errand->owed.account);
	log_text(line, "object", bytes_of(errand->owed.object));
	log_number(line, "because_of", (int64_t)errand->owed.seq);
}

static void put_failure(struct log_line *line, const struct inquiry *inquiry)
{
	log_word(line, "error", err_name(inquiry->err));
	log_text(line, "why", bytes_of(inquiry->why.text));
}

void errand_log_failure(const struct errand *errand, unsigned attempts)
{
	struct log_line line;

	log_begin(&line, LOG_WARNING, "owed-failed");
	put_errand(&line, errand);
	log_number(&line, "attempts", attempts);
	put_failure(&line, errand->inquiry);
	log_end(&line);
}

void errand_log_rests(const struct errand *errand, uint64_t owed)
{
	struct log_line line;

	log_begin(&line, LOG_WARNING, "account-rests");
	put_errand(&line, errand);
	log_number(&line, "owed", (int64_t)owed);
	put_failure(&line, errand->inquiry);
	log_end(&line);
}

void errand_log_goes_on(const struct rest *rest, uint64_t owed, int64_t now_us)
{
	struct log_line line;

	log_begin(&line, LOG_INFO, "account-goes-on");
	log_word(&line, "account", rest->account);
	log_number(&line, "owed", (int64_t)owed);
	log_number(&line, "rested_seconds", (now_us - rest->since_us) / 1000000);
	log_number(&line, "failures", rest->failures);
	log_end(&line);
}
