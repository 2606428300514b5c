#include "service/courier.h"

#include <stdlib.h>

struct errand {
	struct service *service;
	const struct snapshot *snapshot; /* keeps the account */
	const struct provider_account *account;
	const struct provider *provider;
	struct conversation *conversation;
	courier_done *done;
	void *context;
};

static void finish(struct errand *errand, enum err err, const struct why *why)
{
	struct errand ended = *errand;

	free(errand);
	ended.done(ended.context, err, why, ended.conversation);
	snapshot_drop(&ended.snapshot);
}

static void on_answer(void *context, const struct http_answer *answer);

static void go_on(struct errand *errand, const struct http_answer *last)
{
	struct http_call call;
	struct why why = { "" };
	enum err err = OK;

	switch (errand->provider->step(errand->account, errand->conversation, last, &call, &err, &why)) {
	case STEP_DONE:
		finish(errand, OK, &why);
		return;
	case STEP_FAIL:
		finish(errand, err, &why);
		return;
	case STEP_MORE:
		break;
	}
	err = https_client_send(errand->service->client, &call, on_answer, errand);
	if (err == OK)
		return;
	http_call_free(&call);
	err_ignore(why_set(&why, err, "the request to the provider could not be queued"));
	finish(errand, err, &why);
}

static void on_answer(void *context, const struct http_answer *answer)
{
	struct errand *errand = context;
	int64_t date_s;

	if (http_answer_date(answer, &date_s))
		ledger_hear_date(errand->service->ledger, date_s);
	go_on(errand, answer);
}

void courier_talk(struct service *service, const struct snapshot *snapshot, const struct provider_account *account,
                  struct conversation *conversation, courier_done *done, void *context)
{
	const struct provider *provider = provider_find(account->provider);
	struct errand *errand = malloc(sizeof *errand);
	struct why why = { "" };

	if (errand == NULL || provider == NULL) {
		free(errand);
		done(context, provider == NULL ? ERR_UNKNOWN : ERR_MEMORY, &why, conversation);
		return;
	}
	*errand = (struct errand){ service, snapshot_hold_again(snapshot), account, provider, conversation, done, context };
	go_on(errand, NULL);
}
