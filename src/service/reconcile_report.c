#include "service/reconcile_report.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/grow.h"
#include "service/reconcile_balance.h"

enum { LINES_MAX = 500 * 1000, TEXT_BYTES_MAX = 256 * 1024 * 1024 };

/* A line of ours, or what lines about the same object add up to. */
struct line {
	uint32_t account;     /* texts, by where they begin */
	uint32_t object;
	uint32_t transaction;
	enum event_kind kind; /* EVENT_CLEARED, EVENT_ADJUSTED or EVENT_PAYOUT_SENT */
	bool beneath;         /* a refund or dispute, not the payment itself */
	struct currency currency;
	int64_t net;
	int64_t fee;
	int64_t at_s;         /* of the latest */
	int64_t from_s;       /* of the earliest */
	uint32_t count;
};

struct report_lines {
	struct line *lines;
	size_t count;
	size_t capacity;
	uint64_t read;        /* with those that are not ours */
	struct buffer texts;
};

const char *difference_reason_name(enum difference_reason reason)
{
	switch (reason) {
	case DIFFERENCE_NOT_BOOKED:
		return "not-booked";
	case DIFFERENCE_OTHER_AMOUNT:
		return "other-amount";
	case DIFFERENCE_OTHER_CURRENCY:
		return "other-currency";
	case DIFFERENCE_BY_HAND:
		return "by-hand";
	case DIFFERENCE_NO_SUCH_LINE:
		return "no-such-line";
	case DIFFERENCE_BOOKED_TWICE:
		return "booked-twice";
	case DIFFERENCE_UNKNOWN_TO_PROVIDER:
		return "unknown-to-provider";
	case DIFFERENCE_OTHER_BALANCE:
		return "other-balance";
	case DIFFERENCE_NOT_EXPLAINED:
		return "not-explained";
	}
	return "";
}

enum err report_lines_new(struct report_lines **lines)
{
	struct report_lines *made = calloc(1, sizeof *made);

	if (made == NULL)
		return ERR_MEMORY;
	made->texts = (struct buffer){ .max = TEXT_BYTES_MAX };
	*lines = made;
	return OK;
}

void report_lines_free(struct report_lines **lines)
{
	if (*lines != NULL) {
		free((*lines)->lines);
		buffer_free(&(*lines)->texts);
	}
	free(*lines);
	*lines = NULL;
}

/* ---- collecting ---- */

bool report_is_ours(struct ledger *ledger, const char *account, const struct event *line)
{
	struct payment payment;
	struct pledge pledge;

	for (size_t i = 0; i < line->ref_count; i++)
		if (line->refs[i].kind != REF_PAYOUT && line->refs[i].kind != REF_BALANCE_TRANSACTION
		    && ledger_payment(ledger, account, line->refs[i].id, &payment) == OK)
			return payment.standing != STANDING_FOREIGN;
	return line->pledge[0] != '\0' && ledger_pledge(ledger, line->pledge, &pledge) == OK;
}

/* What a line is about: the refund or dispute, else what leads to the payment; of a correction the line itself. */
static const char *object_of(const struct event *event, bool *beneath)
{
	static const enum ref_kind kinds[] = { REF_REFUND, REF_DISPUTE, REF_CHARGE, REF_PAYMENT_INTENT, REF_INVOICE };

	*beneath = false;
	if (event->kind == EVENT_PAYOUT_SENT)
		return event_ref(event, REF_PAYOUT);
	if (event->kind == EVENT_ADJUSTED)
		return event_ref(event, REF_BALANCE_TRANSACTION);
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		const char *id = event_ref(event, kinds[i]);

		if (id == NULL)
			continue;
		*beneath = kinds[i] == REF_REFUND || kinds[i] == REF_DISPUTE;
		return id;
	}
	return NULL;
}

bool report_is_booked(struct ledger *ledger, const char *account, const struct event *line)
{
	struct provider_object known;
	struct payment payment;
	bool beneath;
	const char *object = object_of(line, &beneath);

	if (object == NULL || !report_is_ours(ledger, account, line))
		return false;
	if (line->kind == EVENT_ADJUSTED || beneath)
		return ledger_provider_object(ledger, account, object, &known) == OK && known.status != EVENT_KINDS;
	return ledger_payment(ledger, account, object, &payment) == OK && (payment.given_s != 0 || payment.own.lines > 0);
}

static uint32_t keep_text(struct report_lines *lines, const char *text)
{
	size_t at = lines->texts.length;

	buffer_append(&lines->texts, text != NULL ? text : "", text != NULL ? strlen(text) + 1 : 1);
	return (uint32_t)at;
}

static enum err make_room(struct report_lines *lines)
{
	if (lines->count >= LINES_MAX)
		return ERR_TOO_BIG;
	struct line *grown = grow(lines->lines, lines->count, &lines->capacity, sizeof *grown);

	lines->lines = grown != NULL ? grown : lines->lines;
	return grown != NULL ? OK : ERR_MEMORY;
}

enum err report_add(struct report_lines *lines, struct ledger *ledger, const char *account, const struct event *event)
{
	bool beneath;
	const char *object = object_of(event, &beneath);
	bool is_payout = event->kind == EVENT_PAYOUT_SENT;

	lines->read++;
	/* That a payout came back is the payout's own story; what nobody's object has is other business. */
	if (event->kind == EVENT_PAYOUT_FAILED || object == NULL || (!is_payout && !report_is_ours(ledger, account, event)))
		return OK;
	enum err err = make_room(lines);

	if (err != OK)
		return err;
	lines->lines[lines->count++] = (struct line){
		.account = keep_text(lines, account),
		.object = keep_text(lines, object),
		.transaction = keep_text(lines, event_ref(event, REF_BALANCE_TRANSACTION)),
		.kind = event->kind,
		.beneath = beneath,
		.currency = event->clearing.settlement.currency,
		.net = event->clearing.net.minor,
		.fee = event->clearing.fee.minor,
		.at_s = event->at_s,
		.from_s = event->at_s,
		.count = 1,
	};
	return buffer_err(&lines->texts);
}

/* ---- putting together what is about the same object ---- */

static const char *text_at(const struct report_lines *lines, uint32_t at)
{
	return lines->texts.data + at;
}

static int compare(const void *a, const void *b, void *context)
{
	const struct report_lines *lines = context;
	const struct line *left = a;
	const struct line *right = b;
	int order = strcmp(text_at(lines, left->account), text_at(lines, right->account));

	return order != 0 ? order : strcmp(text_at(lines, left->object), text_at(lines, right->object));
}

static enum err add(int64_t *sum, int64_t part)
{
	return __builtin_add_overflow(*sum, part, sum) ? ERR_TOO_BIG : OK;
}

/* What an operator has entered is told with the account's whole balance. */
static void take_out(struct report_lines *lines, const struct hands *hands, struct report *report)
{
	size_t kept = 0;

	for (size_t i = 0; i < lines->count; i++) {
		const struct line *line = &lines->lines[i];

		if (line->kind != EVENT_PAYOUT_SENT && hands_hold(hands, text_at(lines, line->account), text_at(lines, line->transaction)))
			report->lines_ours++;
		else
			lines->lines[kept++] = *line;
	}
	lines->count = kept;
}

static enum err merge(struct report_lines *lines)
{
	size_t kept = 0;
	enum err err = OK;

	if (lines->count > 0)
		qsort_r(lines->lines, lines->count, sizeof *lines->lines, compare, lines);
	for (size_t i = 0; i < lines->count && err == OK; i++) {
		struct line *last = kept > 0 ? &lines->lines[kept - 1] : NULL;
		const struct line *line = &lines->lines[i];

		if (last == NULL || compare(last, line, lines) != 0) {
			lines->lines[kept++] = *line;
			continue;
		}
		last->count += line->count;
		last->at_s = line->at_s > last->at_s ? line->at_s : last->at_s;
		last->from_s = line->from_s < last->from_s ? line->from_s : last->from_s;
		err = add(&last->net, line->net);
		if (err == OK)
			err = add(&last->fee, line->fee);
	}
	lines->count = kept;
	return err;
}

/* ---- comparing ---- */

struct comparison {
	struct report_lines *lines;
	const struct report_wish *wish;
	struct report *report;
};

static void copy(char *to, size_t size, const char *from)
{
	err_ignore(bytes_copy_text(bytes_of(from), to, size)); /* it came out of a text of the same size */
}

static void differ(struct comparison *comparison, const struct line *line, enum difference_reason reason, int64_t provider, int64_t books)
{
	struct difference difference = { .reason = reason, .provider = { provider, line->currency }, .books = { books, line->currency } };

	copy(difference.account, sizeof difference.account, text_at(comparison->lines, line->account));
	copy(difference.object, sizeof difference.object, text_at(comparison->lines, line->object));
	copy(difference.transaction, sizeof difference.transaction, text_at(comparison->lines, line->transaction));
	report_differ(comparison->report, &difference);
	if (comparison->report->differs_from_s == 0 || line->from_s < comparison->report->differs_from_s)
		comparison->report->differs_from_s = line->from_s;
}

void report_differ(struct report *report, const struct difference *difference)
{
	if (report->difference_count++ < DIFFERENCES_MAX)
		report->differences[report->difference_count - 1] = *difference;
}

struct reconciled_sum *report_sum(struct report *report, const char *account, const struct currency *currency)
{
	for (size_t i = 0; i < report->sum_count; i++)
		if (strcmp(report->sums[i].account, account) == 0 && currency_equal(&report->sums[i].provider.currency, currency))
			return &report->sums[i];
	if (report->sum_count == SUMS_MAX)
		return NULL;
	struct reconciled_sum *sum = &report->sums[report->sum_count++];

	*sum = (struct reconciled_sum){ .provider = { 0, *currency }, .books = { 0, *currency } };
	copy(sum->account, sizeof sum->account, account);
	return sum;
}

/* What the books say of a line's object. */
struct booked {
	uint32_t lines;
	struct currency currency;
	int64_t net;
	int64_t fee;
};

static struct booked look_up(struct comparison *comparison, const struct line *line)
{
	const char *account = text_at(comparison->lines, line->account);
	const char *object = text_at(comparison->lines, line->object);
	struct provider_object known;
	struct payment payment;
	struct booked booked = { .lines = 0 };
	const struct cleared *cleared = &payment.own;

	/* Of a correction only that it was booked is known, not its sum. */
	if (line->kind == EVENT_ADJUSTED) {
		if (ledger_provider_object(comparison->wish->ledger, account, object, &known) == OK && known.status == EVENT_ADJUSTED)
			booked = (struct booked){ line->count, line->currency, line->net, line->fee };
		return booked;
	}
	if (ledger_payment(comparison->wish->ledger, account, object, &payment) != OK)
		return booked;
	if (line->beneath) {
		if (ledger_provider_object(comparison->wish->ledger, account, object, &known) != OK)
			return booked;
		cleared = &known.cleared;
	}
	if (cleared->lines > 0)
		booked = (struct booked){ cleared->lines, payment.settlement, cleared->settlement - cleared->fee, cleared->fee };
	return booked;
}

/* Whether what the books lack of it is owed, or has just come, or is asked for by somebody else at this moment. */
static bool may_not_be_booked_yet(struct comparison *comparison, const struct line *line)
{
	const char *account = text_at(comparison->lines, line->account);
	const char *object = text_at(comparison->lines, line->object);
	struct ledger *ledger = comparison->wish->ledger;
	struct payment payment;

	if (comparison->wish->news_s > 0 && line->at_s >= comparison->wish->news_s)
		return true;
	if (!line->beneath && ledger_payment(ledger, account, object, &payment) == OK)
		object = payment.id;
	return ledger_is_owed(ledger, OWED_CLEAR, account, object) == OK;
}

static enum err compare_line(struct comparison *comparison, const struct line *line)
{
	bool waits = may_not_be_booked_yet(comparison, line); /* before what is booked: it may come in between */
	struct booked booked = look_up(comparison, line);
	struct reconciled_sum *sum = report_sum(comparison->report, text_at(comparison->lines, line->account), &line->currency);
	bool same_currency = booked.lines == 0 || currency_equal(&booked.currency, &line->currency);

	comparison->report->lines_ours += line->count;
	/* The books know of more lines: those before the time from which lines were read. */
	bool is_part = booked.lines > line->count;
	int64_t books = !same_currency ? 0 : is_part ? line->net : booked.net;

	if (booked.lines < line->count && waits)
		comparison->report->waits++;
	else if (booked.lines < line->count)
		differ(comparison, line, DIFFERENCE_NOT_BOOKED, line->net, books);
	else if (!same_currency)
		differ(comparison, line, DIFFERENCE_OTHER_CURRENCY, line->net, books);
	else if (!is_part && (booked.net != line->net || booked.fee != line->fee))
		differ(comparison, line, DIFFERENCE_OTHER_AMOUNT, line->net, books);
	if (sum == NULL)
		return ERR_TOO_BIG;
	enum err err = add(&sum->provider.minor, line->net);

	return err == OK ? add(&sum->books.minor, books) : err;
}

/* A payout's own line: so much has left the balance. What it holds is told by the payout. */
static void compare_payout(struct comparison *comparison, const struct line *line)
{
	const char *account = text_at(comparison->lines, line->account);
	const char *payout = text_at(comparison->lines, line->object);
	struct report *report = comparison->report;
	struct provider_object known;
	bool is_known = ledger_provider_object(comparison->wish->ledger, account, payout, &known) == OK;

	if (!is_known && comparison->wish->news_s > 0 && line->at_s >= comparison->wish->news_s)
		report->waits++;
	else if (!is_known)
		differ(comparison, line, DIFFERENCE_NOT_BOOKED, -line->net, 0);
	else if (!known.explained && known.status != EVENT_PAYOUT_SENT) /* on its way the provider cannot tell yet */
		differ(comparison, line, DIFFERENCE_NOT_EXPLAINED, -line->net, known.share);
	if (report->payout_count++ >= PAYOUTS_MAX)
		return;
	struct reconciled_payout *shown = &report->payouts[report->payout_count - 1];
	int64_t ours = is_known ? known.share : 0;

	*shown = (struct reconciled_payout){
		.explained = is_known && known.explained,
		.amount = { -line->net, line->currency }, .ours = { ours, line->currency }, .others = { -line->net - ours, line->currency },
	};
	copy(shown->account, sizeof shown->account, account);
	copy(shown->payout, sizeof shown->payout, payout);
}

enum err report_make(struct report_lines *lines, const struct report_wish *wish, struct report *report)
{
	struct comparison comparison = { lines, wish, report };
	uint64_t head = balance_head(wish->ledger);
	struct hands hands;
	enum err err = hands_read(&hands, wish);

	memset(report, 0, sizeof *report);
	report->lines = lines->read;
	take_out(lines, &hands, report);
	if (err == OK)
		err = merge(lines);
	for (size_t i = 0; i < lines->count && err == OK; i++) {
		if (lines->lines[i].kind == EVENT_PAYOUT_SENT)
			compare_payout(&comparison, &lines->lines[i]);
		else
			err = compare_line(&comparison, &lines->lines[i]);
	}
	if (err == OK)
		err = balance_compare(wish, &hands, head, report);
	hands_free(&hands);
	return err;
}
