#include "sandbox/api.h"

#include <string.h>

#include "sandbox/api_run.h"

static void fill(const struct api_call *call, struct result *out, struct api_answer *answer)
{
	answer->status = out->refusal.status == 0 ? 200 : out->refusal.status;
	if (out->refusal.status != 0) {
		buffer_clear(&out->body);
		refusal_write(&out->refusal, call->request_id, &out->body);
	}
	buffer_clear(&answer->body);
	buffer_bytes(&answer->body, buffer_view(&out->body));
}

/* The refusal that a knob asks for, in the words that go with its status. */
static void misbehave(const struct knobs *knobs, struct refusal *refusal)
{
	/* A connection that breaks has no words; what is remembered of it is a plain failure. */
	int status = knobs->api_status == 0 ? 500 : (int)knobs->api_status;

	if (status == 429)
		refuse(refusal, status, "rate_limit", NULL,
		       "Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.");
	else if (status == 409)
		refuse(refusal, status, "lock_timeout", NULL,
		       "This object cannot be accessed right now because another API request or Stripe process is currently accessing it.");
	else
		refuse(refusal, status, NULL, NULL, "An unknown error occurred");
}

/* Another request under this key: repeat its answer, or refuse. */
static void answer_again(const struct api_call *call, const struct remembered *known,
                         const uint8_t digest[static DIGEST_BYTES], int64_t now_ms,
                         struct result *out, struct api_answer *answer)
{
	if (known->busy_until_ms > now_ms) {
		refuse(&out->refusal, 409, "idempotency_key_in_use", NULL,
		       "There is currently another in-progress request using this Idempotent Key (that probably means you "
		       "submitted twice, and the other request is still going through): %.255s. Please try again later.", call->key);
		fill(call, out, answer);
	} else if (memcmp(known->digest, digest, DIGEST_BYTES) != 0) {
		refuse(&out->refusal, 400, NULL, NULL,
		       "Keys for idempotent requests can only be used with the same parameters they were first used with. Try using "
		       "a key other than '%.255s' if you meant to execute a different request.", call->key);
		out->refusal.type = "idempotency_error";
		fill(call, out, answer);
	} else {
		answer->status = known->status;
		buffer_bytes(&answer->body, blob_view(known->body));
		memcpy(answer->original, known->request_id, sizeof answer->original);
	}
}

static void remember(struct idempotency *memory, const struct api_call *call,
                     const uint8_t digest[static DIGEST_BYTES], int64_t now_ms, int64_t delay_ms,
                     const struct api_answer *answer)
{
	struct remembered known = { .status = answer->status, .at_ms = now_ms, .busy_until_ms = now_ms + delay_ms };
	struct buffer body = BUFFER(API_ANSWER_BYTES_MAX);

	memcpy(known.key, call->key, sizeof known.key);
	memcpy(known.digest, digest, sizeof known.digest);
	memcpy(known.request_id, call->request_id, sizeof known.request_id);
	buffer_bytes(&body, buffer_view(&answer->body));
	if (buffer_err(&body) == OK)
		known.body = blob_new(&body);
	/* Out of memory: the key is forgotten, as any key is one day. */
	if (known.body != NULL && idempotency_keep(memory, &known) != OK)
		blob_drop(&known.body);
	buffer_free(&body);
}

/* Do it, as far as the knobs let it be done. */
static void execute(struct state *state, struct idempotency *memory, struct api_call *call,
                    const uint8_t digest[static DIGEST_BYTES], int64_t now_ms,
                    struct result *out, struct api_answer *answer)
{
	struct knobs *knobs = &state->knobs;
	bool strikes = bytes_starts_with(call->path, knobs->api_path) && knob_strikes(&knobs->api_count);

	if (strikes && knobs->api_stage != API_AFTER)
		misbehave(knobs, &out->refusal);
	else
		api_run(state, call, out);
	fill(call, out, answer);
	if (call->key[0] != '\0' && (strikes ? knobs->api_stage != API_BEFORE : out->executed))
		remember(memory, call, digest, now_ms, knobs->answer_delay_ms, answer);
	if (!strikes)
		return;
	misbehave(knobs, &out->refusal);
	fill(call, out, answer);
	answer->status = (int)knobs->api_status;
	answer->should_retry = knobs->api_stage == API_STORED ? "false" : NULL;
}

void api_answer(struct state *state, struct idempotency *memory, struct api_call *call, int64_t now_ms,
                struct api_answer *answer)
{
	struct result out = { .body = BUFFER(API_ANSWER_BYTES_MAX) };
	uint8_t digest[DIGEST_BYTES] = { 0 };
	const struct remembered *known = NULL;
	bool keyed = call->key[0] != '\0' && bytes_is(call->method, "POST");

	if (!keyed)
		call->key[0] = '\0';
	if (keyed && form_digest(&call->form, call->method, call->path, digest) == OK)
		known = idempotency_find(memory, call->key, now_ms);
	state->request_id = call->request_id;
	state->idempotency_key = keyed ? call->key : NULL;
	if (known != NULL)
		answer_again(call, known, digest, now_ms, &out, answer);
	else
		execute(state, memory, call, digest, now_ms, &out, answer);
	state->request_id = NULL;
	state->idempotency_key = NULL;
	buffer_free(&out.body);
}
