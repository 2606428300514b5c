/*
 * The good road: checkout_open_session → session at the provider → on_session → `pledged` to the writer → on_recorded →
 * the donor's URL.
 *
 * The bad ones: the provider fails → nothing is recorded, the pledge's id is never used again; the ledger cannot → the
 * session expires at the provider, unseen; a crash anywhere → the same; the ledger refuses, since the last one of a tier
 * was taken meanwhile → the session is closed (on_closed), and whether that succeeds or not, nobody has its URL.
 */
#include "service/checkout_inside.h"

#include <stdio.h>
#include <string.h>

#include "service/courier.h"
#include "sys/clock.h"
#include "sys/log.h"
#include "sys/random.h"

static void log_entry(const struct checkout *checkout, const struct outcome *outcome)
{
	struct log_line line;

	log_begin(&line, LOG_INFO, "entry");
	log_number(&line, "seq", (int64_t)outcome->seq);
	log_word(&line, "kind", entry_kind_name(outcome->kind));
	log_word(&line, "account", checkout->account->id);
	log_word(&line, "pledge", checkout->pledge);
	log_end(&line);
}

static const char *refusal(enum err err)
{
	if (err == ERR_CONFLICT)
		return "this key was used for another pledge";
	return err == ERR_GONE ? "the last one was taken" : "the pledge could not be recorded";
}

static void on_closed(void *context, enum err err, const struct why *why, struct conversation *conversation)
{
	struct checkout *checkout = context;

	(void)why;
	(void)conversation;
	err_ignore(err); /* an open session that nobody can reach ends by itself */
	checkout_fail(checkout, checkout->refused, refusal(checkout->refused));
}

/* The session was opened for nothing. */
static void close_session(struct checkout *checkout, enum err err)
{
	struct conversation *conversation = checkout->conversation;
	char session[OBJECT_ID_SIZE];

	checkout->refused = err;
	memcpy(session, conversation->session, sizeof session);
	memset(conversation, 0, sizeof *conversation);
	conversation->talk = TALK_CLOSE_SESSION;
	memcpy(conversation->session, session, sizeof session);
	courier_talk(checkout->service, checkout->snapshot, checkout->account, conversation, on_closed, checkout);
}

static void on_recorded(void *context, const struct outcome *outcome)
{
	struct checkout *checkout = context;
	struct pledge pledge;
	enum err err = outcome->err;

	if (err == OK)
		err = ledger_pledge(checkout->service->ledger, checkout->pledge, &pledge);
	if (err == ERR_UNKNOWN) /* it is on the disk and the index is behind: the same key finds it after a restart */
		err = ERR_STORAGE;
	if (err == ERR_GONE || err == ERR_CONFLICT) {
		close_session(checkout, err);
		return;
	}
	if (err != OK) {
		checkout_fail(checkout, err, refusal(err));
		return;
	}
	log_entry(checkout, outcome);
	atomic_fetch_add(&checkout->service->counters.sessions_opened, 1);
	pulse_session(checkout->service->pulse, pledge.account, clock_mono_us());
	checkout_hand_out(checkout, &pledge, true);
}

/* What was chosen. */
static void fill_pledge(const struct checkout *checkout, struct pledge_command *pledge)
{
	memcpy(pledge->pledge, checkout->pledge, sizeof pledge->pledge);
	memcpy(pledge->account, checkout->account->id, sizeof pledge->account);
	memcpy(pledge->campaign, checkout->campaign->id, sizeof pledge->campaign);
	memcpy(pledge->tier, checkout->tier->id, sizeof pledge->tier);
	pledge->interval = checkout->tier->interval;
	pledge->amount = checkout->tier->amount;
}

static void on_session(void *context, enum err err, const struct why *why, struct conversation *conversation)
{
	struct checkout *checkout = context;
	struct command command = { .kind = COMMAND_PLEDGE };
	struct pledge_command *pledge = &command.u.pledge;

	if (err != OK) {
		atomic_fetch_add(&checkout->service->counters.sessions_failed, 1);
		/* Whatever the provider did not like about it, the donor's choice was ours to offer. */
		checkout_fail(checkout, err == ERR_BUSY || err == ERR_MEMORY ? err : ERR_PROVIDER, why->text);
		return;
	}
	fill_pledge(checkout, pledge);
	memcpy(pledge->session, conversation->session, sizeof pledge->session);
	memcpy(pledge->key, checkout->wait.key, sizeof pledge->key);
	pledge->stock = checkout->tier->stock;
	err = ledger_submit(checkout->service->ledger, &command, on_recorded, checkout);
	if (err != OK)
		checkout_fail(checkout, err, "the pledge could not be recorded");
}

static enum err fill_terms(struct checkout *checkout, struct session_terms *terms)
{
	const struct config *config = checkout->snapshot->config;
	struct pledge_command pledge = { .stock = 0 };
	char receipt[TOKEN_SIZE];
	enum err err = ledger_token(checkout->service->ledger, checkout->pledge, receipt);

	fill_pledge(checkout, &pledge);
	if (err == OK)
		err = ledger_seal(checkout->service->ledger, &pledge, terms->seal);
	memcpy(terms->pledge, checkout->pledge, sizeof terms->pledge);
	memcpy(terms->campaign, checkout->campaign->id, sizeof terms->campaign);
	memcpy(terms->tier, checkout->tier->id, sizeof terms->tier);
	terms->interval = checkout->tier->interval;
	terms->amount = checkout->tier->amount;
	terms->now_s = clock_wall_us() / 1000000;
	/* Titles have their own bounds; a name that is too long for the provider's page is cut there. */
	snprintf(terms->label, sizeof terms->label, "%.120s: %.120s", checkout->campaign->title, checkout->tier->label);
	bool speaks = checkout->language[0] != '\0';
	int success = snprintf(terms->success_url, sizeof terms->success_url, "%s/thanks/%s%s%s", config->public_url, receipt,
	                       speaks ? "?lang=" : "", checkout->language);
	bool several = config->account_count > 1;
	int cancel = snprintf(terms->cancel_url, sizeof terms->cancel_url, "%s/c/%s?tier=%s%s%s%s%s", config->public_url,
	                      checkout->campaign->id, checkout->tier->id, several ? "&account=" : "",
	                      several ? checkout->account->id : "", speaks ? "&lang=" : "", checkout->language);

	if (err == OK && (success >= (int)sizeof terms->success_url || cancel >= (int)sizeof terms->cancel_url))
		err = ERR_TOO_BIG;
	return err;
}

static enum err mint(struct checkout *checkout)
{
	uint8_t entropy[10];
	enum err err = random_bytes(entropy, sizeof entropy);

	if (err == OK)
		token_pledge(clock_wall_us() / 1000, entropy, checkout->pledge);
	return err;
}

/* Most of those who come too late are told so without asking the provider; who of the others is, the ledger decides. */
enum err checkout_is_offered(const struct checkout *checkout)
{
	const struct snapshot *snapshot = checkout->snapshot;
	enum campaign_state state = snapshot->offers[checkout->campaign - snapshot->config->campaigns].state;
	uint64_t taken = 0;
	enum err err = OK;

	if (state == CAMPAIGN_ENDED || state == CAMPAIGN_REACHED)
		return ERR_GONE;
	if (checkout->tier->stock > 0)
		err = ledger_taken(checkout->service->ledger, checkout->tier->id, &taken);
	return err == OK && checkout->tier->stock > 0 && taken >= checkout->tier->stock ? ERR_GONE : err;
}

/* It may have waited long for its turn. */
void checkout_open_session(struct checkout *checkout)
{
	enum err err = checkout_is_offered(checkout);

	checkout->conversation->talk = TALK_OPEN_SESSION;
	if (err == OK)
		err = mint(checkout);
	if (err == OK)
		err = fill_terms(checkout, &checkout->conversation->terms);
	if (err != OK) {
		checkout_fail(checkout, err, err == ERR_GONE ? refusal(err) : "the pledge could not be prepared");
		return;
	}
	courier_talk(checkout->service, checkout->snapshot, checkout->account, checkout->conversation, on_session, checkout);
}
