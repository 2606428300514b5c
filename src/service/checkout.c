/*
 * The good road: checkout_begin → (budget, ledger open?) → its turn → session at the provider → on_session →
 * `pledged` to the writer → on_recorded → the donor's URL.
 *
 * A repeat of an idempotency key waits behind the first request while that is under way; afterwards
 * it finds the pledge in the ledger and asks the provider for the session's URL (on_reread).
 * The bad ones: the provider fails → nothing is recorded, the pledge's id is never used again; the
 * ledger refuses → the session expires at the provider, unseen; a crash anywhere → the same.
 */
#include "service/checkout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "service/courier.h"
#include "sys/clock.h"
#include "sys/log.h"
#include "sys/random.h"

enum { TURN_WAIT_US = 30 * 1000 * 1000 }; /* for a turn at the provider; then the donor may as well press again */

struct checkout {
	struct key_wait wait;    /* first: the table of keys hands these back */
	struct turn turn;
	bool has_turn;
	struct service *service;
	const struct snapshot *snapshot;
	const struct campaign *campaign;
	const struct tier *tier;
	const struct provider_account *account;
	char language[LANGUAGE_TAG_SIZE]; /* of the way back, or "" */
	bool holds_key;
	char pledge[TOKEN_SIZE];
	struct conversation *conversation; /* NULL before its turn has come */
	checkout_done *done;
	void *context;
};

/* ---- the end ---- */

static void tell(struct checkout *checkout, const struct checkout_result *result)
{
	checkout->done(checkout->context, result);
	snapshot_drop(&checkout->snapshot);
	free(checkout->conversation);
	free(checkout);
}

static void log_failure(const struct checkout *checkout, const struct checkout_result *result)
{
	struct log_line line;

	log_begin(&line, result->err == ERR_STORAGE ? LOG_ERROR : LOG_WARNING, "checkout-failed");
	log_word(&line, "tier", checkout->wait.tier);
	log_word(&line, "error", err_name(result->err));
	log_text(&line, "why", bytes_of(result->why.text));
	log_end(&line);
}

static void finish(struct checkout *checkout, const struct checkout_result *result)
{
	struct service *service = checkout->service;
	struct key_wait *waiting = checkout->holds_key ? keys_give(service->keys, &checkout->wait) : NULL;
	bool had_turn = checkout->has_turn;

	if (result->err == ERR_PROVIDER || result->err == ERR_STORAGE || result->err == ERR_MEMORY)
		log_failure(checkout, result);
	while (waiting != NULL) {
		struct key_wait *next = waiting->next;

		tell((struct checkout *)(void *)waiting, result);
		waiting = next;
	}
	tell(checkout, result);
	if (had_turn)
		turns_give(service->turns, clock_mono_us());
}

static void fail(struct checkout *checkout, enum err err, const char *why)
{
	struct checkout_result result = { .err = err };

	err_ignore(why_set(&result.why, err, "%s", why));
	finish(checkout, &result);
}

static void hand_out(struct checkout *checkout, const struct pledge *pledge, bool session_open)
{
	struct checkout_result result = { .session_open = session_open, .pledge = *pledge };

	if (session_open)
		snprintf(result.url, sizeof result.url, "%s", checkout->conversation->url);
	result.err = ledger_token(checkout->service->ledger, pledge->id, result.receipt);
	finish(checkout, &result);
}

/* ---- a new pledge ---- */

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

static void on_recorded(void *context, const struct outcome *outcome)
{
	struct checkout *checkout = context;
	struct pledge pledge;
	enum err err = outcome->err;

	if (err == OK)
		err = ledger_pledge(checkout->service->ledger, checkout->pledge, &pledge);
	if (err == ERR_UNKNOWN) /* it is on the disk and the index is behind: the same key finds it after a restart */
		err = ERR_STORAGE;
	if (err != OK) {
		fail(checkout, err, err == ERR_CONFLICT ? "this key was used for another pledge" : "the pledge could not be recorded");
		return;
	}
	log_entry(checkout, outcome);
	atomic_fetch_add(&checkout->service->counters.sessions_opened, 1);
	pulse_session(checkout->service->pulse, pledge.account, clock_mono_us());
	hand_out(checkout, &pledge, true);
}

static void on_session(void *context, enum err err, const struct why *why, struct conversation *conversation)
{
	struct checkout *checkout = context;
	struct command command = { .kind = COMMAND_PLEDGE };
	struct pledge_command *pledge = &command.u.pledge;

	if (err != OK) {
		atomic_fetch_add(&checkout->service->counters.sessions_failed, 1);
		/* Whatever the provider did not like about it, the donor's choice was ours to offer. */
		fail(checkout, err == ERR_BUSY || err == ERR_MEMORY ? err : ERR_PROVIDER, why->text);
		return;
	}
	memcpy(pledge->pledge, checkout->pledge, sizeof pledge->pledge);
	memcpy(pledge->account, checkout->account->id, sizeof pledge->account);
	memcpy(pledge->campaign, checkout->campaign->id, sizeof pledge->campaign);
	memcpy(pledge->tier, checkout->tier->id, sizeof pledge->tier);
	memcpy(pledge->session, conversation->session, sizeof pledge->session);
	memcpy(pledge->key, checkout->wait.key, sizeof pledge->key);
	pledge->interval = checkout->tier->interval;
	pledge->amount = checkout->tier->amount;
	err = ledger_submit(checkout->service->ledger, &command, on_recorded, checkout);
	if (err != OK)
		fail(checkout, err, "the pledge could not be recorded");
}

static enum err fill_terms(struct checkout *checkout, struct session_terms *terms)
{
	const struct config *config = checkout->snapshot->config;
	char receipt[TOKEN_SIZE];
	enum err err = ledger_token(checkout->service->ledger, checkout->pledge, receipt);

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
	int cancel = snprintf(terms->cancel_url, sizeof terms->cancel_url, "%s/c/%s?tier=%s%s%s", config->public_url,
	                      checkout->campaign->id, checkout->tier->id, speaks ? "&lang=" : "", checkout->language);

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

static void open_session(struct checkout *checkout)
{
	enum err err = mint(checkout);

	checkout->conversation->talk = TALK_OPEN_SESSION;
	if (err == OK)
		err = fill_terms(checkout, &checkout->conversation->terms);
	if (err != OK) {
		fail(checkout, err, "the pledge could not be prepared");
		return;
	}
	courier_talk(checkout->service, checkout->snapshot, checkout->account, checkout->conversation, on_session, checkout);
}

/* ---- a repeat ---- */

static void on_reread(void *context, enum err err, const struct why *why, struct conversation *conversation)
{
	struct checkout *checkout = context;
	struct pledge pledge;

	if (err != OK) {
		fail(checkout, err == ERR_BUSY || err == ERR_MEMORY ? err : ERR_PROVIDER, why->text);
		return;
	}
	err = ledger_pledge(checkout->service->ledger, checkout->pledge, &pledge);
	if (err == OK)
		hand_out(checkout, &pledge, conversation->session_status == SESSION_OPEN);
	else
		fail(checkout, err, "the pledge could not be read");
}

static void read_session(struct checkout *checkout)
{
	struct pledge pledge;
	enum err err = ledger_pledge(checkout->service->ledger, checkout->pledge, &pledge);

	if (err != OK) {
		fail(checkout, err, "the pledge could not be read");
		return;
	}
	checkout->conversation->talk = TALK_READ_SESSION;
	memcpy(checkout->conversation->session, pledge.session, sizeof checkout->conversation->session);
	courier_talk(checkout->service, checkout->snapshot, checkout->account, checkout->conversation, on_reread, checkout);
}

/* ---- waiting for a turn at the provider ---- */

static void on_turn(void *context, bool in_time)
{
	struct checkout *checkout = context;

	checkout->has_turn = in_time;
	if (!in_time) {
		fail(checkout, ERR_BUSY, "too many wait for the provider");
		return;
	}
	checkout->conversation = calloc(1, sizeof *checkout->conversation);
	if (checkout->conversation == NULL)
		fail(checkout, ERR_MEMORY, "memory is short");
	else if (checkout->pledge[0] == '\0')
		open_session(checkout);
	else
		read_session(checkout);
}

/* Nothing that only a conversation needs is had before. */
static void await_turn(struct checkout *checkout)
{
	int64_t now_us = clock_mono_us();

	checkout->turn = (struct turn){ .come = on_turn, .context = checkout, .until_us = now_us + TURN_WAIT_US };
	turns_take(checkout->service->turns, &checkout->turn, now_us);
}

/* The key's pledge is in the ledger: the same choice gets the same session, another one is a conflict. */
static void repeat(struct checkout *checkout, const struct pledge *pledge)
{
	if (strcmp(pledge->tier, checkout->wait.tier) != 0 || strcmp(pledge->account, checkout->wait.account) != 0) {
		fail(checkout, ERR_CONFLICT, "this key was used for another tier or account");
		return;
	}
	memcpy(checkout->pledge, pledge->id, sizeof checkout->pledge);
	if (pledge->status != PLEDGE_OPEN) {
		hand_out(checkout, pledge, false);
		return;
	}
	await_turn(checkout);
}

/* ---- the beginning ---- */

/* True when the key leads elsewhere: to a conflict, behind another request, or to an earlier pledge. */
static bool led_by_key(struct checkout *checkout)
{
	struct pledge pledge;
	bool first;

	if (checkout->wait.key[0] == '\0')
		return false;
	enum err err = keys_take(checkout->service->keys, &checkout->wait, &first);

	if (err != OK) {
		fail(checkout, err, "this key is in use for another tier or account");
		return true;
	}
	if (!first)
		return true;
	checkout->holds_key = true;
	err = ledger_key(checkout->service->ledger, checkout->wait.key, &pledge);
	if (err == OK)
		repeat(checkout, &pledge);
	else if (err != ERR_UNKNOWN)
		fail(checkout, err, "the key could not be looked up");
	return err != ERR_UNKNOWN;
}

/* What stops a new session before the provider is asked. */
static enum err may_open(const struct checkout *checkout, const char *address)
{
	const struct config *config = checkout->snapshot->config;
	struct ledger_status status;

	ledger_status(checkout->service->ledger, &status);
	if (status.halted || status.low_space)
		return ERR_STORAGE;
	if (status.clock_waits)
		return ERR_BUSY;
	if (!budget_take(checkout->service->budget, address, config->sessions_per_address, config->sessions_total,
	                 clock_mono_us())) {
		atomic_fetch_add(&checkout->service->counters.sessions_limited, 1);
		return ERR_LIMITED;
	}
	return OK;
}

static enum err find_choice(struct checkout *checkout, const struct checkout_request *request)
{
	const struct config *config = checkout->snapshot->config;
	const char *account = request->account[0] != '\0' ? request->account : config->accounts[0].id;

	memcpy(checkout->language, request->language, sizeof checkout->language);
	memcpy(checkout->wait.key, request->key, sizeof checkout->wait.key);
	memcpy(checkout->wait.tier, request->tier, sizeof checkout->wait.tier);
	snprintf(checkout->wait.account, sizeof checkout->wait.account, "%s", account);
	checkout->tier = config_tier(config, bytes_of(request->tier), &checkout->campaign);
	checkout->account = config_account(config, bytes_of(account));
	return checkout->tier != NULL && checkout->account != NULL ? OK : ERR_UNKNOWN;
}

static struct checkout *checkout_new(struct service *service, const struct snapshot *snapshot, checkout_done *done,
                                     void *context)
{
	struct checkout *checkout = calloc(1, sizeof *checkout);

	if (checkout == NULL)
		return NULL;
	checkout->service = service;
	checkout->snapshot = snapshot_hold_again(snapshot);
	checkout->done = done;
	checkout->context = context;
	return checkout;
}

void checkout_begin(struct service *service, const struct snapshot *snapshot, const struct checkout_request *request,
                    checkout_done *done, void *context)
{
	struct checkout *checkout = checkout_new(service, snapshot, done, context);
	const struct checkout_result no_memory = { .err = ERR_MEMORY };

	if (checkout == NULL) {
		done(context, &no_memory);
		return;
	}
	if (find_choice(checkout, request) != OK) {
		fail(checkout, ERR_UNKNOWN, checkout->tier == NULL ? "there is no such tier" : "there is no such account");
		return;
	}
	if (led_by_key(checkout))
		return;
	enum err err = may_open(checkout, request->address);

	if (err == OK)
		await_turn(checkout);
	else
		fail(checkout, err, err == ERR_LIMITED ? "too many sessions were opened in the last minute"
		                                       : "no pledges can be recorded at the moment");
}
