#include <stdlib.h>

#include "routes/doors.h"
#include "routes/rendered.h"
#include "service/settlement.h"
#include "sys/log.h"

struct waiting {
	struct visit visit;
	const struct provider_account *account;
};

/* A failure is logged once, here where account and reason are known. */
static void log_refusal(const struct waiting *waiting, enum err err, const struct why *why)
{
	struct log_line line;

	log_begin(&line, err == ERR_FORGED ? LOG_WARNING : LOG_ERROR, "delivery-refused");
	log_word(&line, "account", waiting->account->id);
	log_word(&line, "error", err_name(err));
	log_text(&line, "why", bytes_of(why->text));
	log_end(&line);
}

static void on_settled(void *context, enum err err, const struct why *why)
{
	struct waiting *waiting = context;
	struct http_reply reply;

	if (err != OK) {
		log_refusal(waiting, err, why);
		visit_problem(&waiting->visit, status_of(err, true),
		              err == ERR_FORGED ? why->text : "Not recorded: please deliver this event again.", NULL);
		free(waiting);
		return;
	}
	http_reply_init(&reply, 200);
	http_reply_field(&reply, "Content-Type", "application/json");
	reply.shared = blob_hold(rendered_of(waiting->visit.snapshot)->received);
	visit_reply_plain(&waiting->visit, &reply);
	free(waiting);
}

void door_webhook(struct visit *visit)
{
	const struct provider_account *account = config_account(visit->snapshot->config, visit->parameter);
	struct delivery delivery = {
		.fields = visit->request->fields,
		.field_count = visit->request->field_count,
		.body = visit->request->body,
	};

	if (account == NULL) {
		visit_problem(visit, 404, "There is no such provider account.", NULL);
		return;
	}
	struct waiting *waiting = malloc(sizeof *waiting);

	if (waiting == NULL) {
		visit_problem(visit, 503, "Not recorded: please deliver this event again.", NULL);
		return;
	}
	*waiting = (struct waiting){ *visit, account };
	settlement_receive(visit->site->service, visit->snapshot, account, &delivery, on_settled, waiting);
}
