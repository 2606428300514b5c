/*
 * The good road: checkout_begin → (offered? budget? ledger open?) → its turn → a new pledge (checkout_open.c).
 *
 * A repeat of an idempotency key waits behind the first request while that is under way; afterwards
 * it finds the pledge in the ledger and asks the provider for the session's URL (on_reread).
 * What does not come so far has asked no provider and written nothing.
 */
#include "service/checkout_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "service/courier.h"
#include "sys/clock.h"
#include "sys/log.h"

enum { TURN_WAIT_US = 30 * 1000 * 1000 }; /* for a turn at the provider; then the donor may as well press again */

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

void checkout_fail(struct checkout *checkout, enum err err, const char *why)
{
	struct checkout_result result = { .err = err };

	err_ignore(why_set(&result.why, err, "%s", why));
	finish(checkout, &result);
}

void checkout_hand_out(struct checkout *checkout, const struct pledge *pledge, bool session_open)
{
	struct checkout_result result = { .session_open = session_open, .pledge = *pledge };

	if (session_open)
		snprintf(result.url, sizeof result.url, "%s", checkout->conversation->url);
	result.err = ledger_token(checkout->service->ledger, pledge->id, result.receipt);
	finish(checkout, &result);
}

/* ---- a repeat ---- */

static void on_reread(void *context, enum err err, const struct why *why, struct conversation *conversation)
{
	struct checkout *checkout = context;
	struct pledge pledge;

	if (err != OK) {
		checkout_fail(checkout, err == ERR_BUSY || err == ERR_MEMORY ? err : ERR_PROVIDER, why->text);
		return;
	}
	err = ledger_pledge(checkout->service->ledger, checkout->pledge, &pledge);
	if (err == OK)
		checkout_hand_out(checkout, &pledge, conversation->session_status == SESSION_OPEN);
	else
		checkout_fail(checkout, err, "the pledge could not be read");
}

static void read_session(struct checkout *checkout)
{
	struct pledge pledge;
	enum err err = ledger_pledge(checkout->service->ledger, checkout->pledge, &pledge);

	if (err != OK) {
		checkout_fail(checkout, err, "the pledge could not be read");
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
		checkout_fail(checkout, ERR_BUSY, "too many wait for the provider");
		return;
	}
	checkout->conversation = calloc(1, sizeof *checkout->conversation);
	if (checkout->conversation == NULL)
		checkout_fail(checkout, ERR_MEMORY, "memory is short");
	else if (checkout->pledge[0] == '\0')
		checkout_open_session(checkout);
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
		checkout_fail(checkout, ERR_CONFLICT, "this key was used for another tier or account");
		return;
	}
	memcpy(checkout->pledge, pledge->id, sizeof checkout->pledge);
	if (pledge->status != PLEDGE_OPEN) {
		checkout_hand_out(checkout, pledge, false);
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
		checkout_fail(checkout, err, "this key is in use for another tier or account");
		return true;
	}
	if (!first)
		return true;
	checkout->holds_key = true;
	err = ledger_key(checkout->service->ledger, checkout->wait.key, &pledge);
	if (err == OK)
		repeat(checkout, &pledge);
	else if (err != ERR_UNKNOWN)
		checkout_fail(checkout, err, "the key could not be looked up");
	return err != ERR_UNKNOWN;
}

/* What stops a new session before the provider is asked. */
static enum err may_open(const struct checkout *checkout, const char *address)
{
	const struct config *config = checkout->snapshot->config;
	struct ledger_status status;

	ledger_look(checkout->service->ledger);
	ledger_status(checkout->service->ledger, &status);
	if (status.halted || status.low_space)
		return ERR_STORAGE;
	if (status.clock_waits)
		return ERR_BUSY;
	enum err err = checkout_is_offered(checkout);

	if (err != OK)
		return err;
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
		checkout_fail(checkout, ERR_UNKNOWN, checkout->tier == NULL ? "there is no such tier" : "there is no such account");
		return;
	}
	if (led_by_key(checkout))
		return;
	enum err err = may_open(checkout, request->address);

	if (err == OK)
		await_turn(checkout);
	else
		checkout_fail(checkout, err, err == ERR_LIMITED ? "too many sessions were opened in the last minute"
		                    : err == ERR_GONE  ? "this is not offered any more"
		                                       : "no pledges can be recorded at the moment");
}
