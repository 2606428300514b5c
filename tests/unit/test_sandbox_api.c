#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/digest.h"
#include "base/text.h"
#include "sandbox/api.h"
#include "sandbox/expand.h"
#include "sandbox/signature.h"

static const int64_t NOW_MS = INT64_C(1792000000000);

#define SESSION "mode=payment&line_items[0][quantity]=1&line_items[0][price_data][currency]=eur&" \
	"line_items[0][price_data][unit_amount]=2500&line_items[0][price_data][product_data][name]=Gift&" \
	"success_url=https://x.example/ok"

struct provider {
	struct state state;
	struct idempotency memory;
	unsigned calls;
};

static struct provider *fresh(void)
{
	static struct provider provider;

	provider = (struct provider){ .state = { .ids = { 3 }, .knobs = knobs_init(), .now_ms = NOW_MS } };
	return &provider;
}

static void end(struct provider *provider)
{
	state_free(&provider->state);
	idempotency_free(&provider->memory);
}

/* The answer is the caller's to free. */
static struct api_answer ask(struct provider *provider, const char *method, const char *path, const char *text,
                             const char *key)
{
	struct api_answer answer = { .body = BUFFER(API_ANSWER_BYTES_MAX) };
	struct api_call call = { .method = bytes_of(method), .path = bytes_of(path), .version = SANDBOX_API_VERSION };

	assert_int_equal(form_read(bytes_of(text), &call.form, NULL), OK);
	snprintf(call.request_id, sizeof call.request_id, "req_%u", ++provider->calls);
	snprintf(call.key, sizeof call.key, "%s", key);
	api_answer(&provider->state, &provider->memory, &call, provider->state.now_ms, &answer);
	form_free(&call.form);
	return answer;
}

static int status_of(struct provider *provider, const char *method, const char *path, const char *text, const char *key)
{
	struct api_answer answer = ask(provider, method, path, text, key);

	buffer_free(&answer.body);
	return answer.status;
}

static void the_same_key_brings_back_the_same_bytes(void **state)
{
	struct provider *provider = fresh();
	struct api_answer one = ask(provider, "POST", "/v1/checkout/sessions", SESSION, "k");
	struct api_answer two = ask(provider, "POST", "/v1/checkout/sessions", SESSION, "k");

	(void)state;
	assert_int_equal(one.status, 200);
	assert_string_equal(one.original, "");
	assert_string_equal(two.original, "req_1");
	assert_string_equal(one.body.data, two.body.data);
	assert_int_equal(store_count(&provider->state.store, KIND_SESSION), 1);
	assert_int_equal(status_of(provider, "POST", "/v1/checkout/sessions", SESSION "&customer_email=a", "k"), 400);
	buffer_free(&one.body);
	buffer_free(&two.body);
	end(provider);
}

static void a_key_is_forgotten_after_a_day(void **state)
{
	struct provider *provider = fresh();

	(void)state;
	assert_int_equal(status_of(provider, "POST", "/v1/checkout/sessions", SESSION, "k"), 200);
	provider->state.now_ms += INT64_C(1000) * IDEMPOTENCY_KEEP_S + 1;
	assert_int_equal(status_of(provider, "POST", "/v1/checkout/sessions", SESSION "&locale=de", "k"), 200);
	end(provider);
}

static void a_get_has_no_key(void **state)
{
	struct provider *provider = fresh();

	(void)state;
	assert_int_equal(status_of(provider, "GET", "/v1/checkout/sessions", "limit=1", "k"), 200);
	assert_int_equal(status_of(provider, "GET", "/v1/checkout/sessions", "limit=2", "k"), 200);
	end(provider);
}

static void a_full_memory_forgets_the_oldest(void **state)
{
	struct idempotency memory = { 0 };

	(void)state;
	for (unsigned i = 0; i < 2 * IDEMPOTENCY_SLOTS; i++) {
		struct remembered answer = { .status = 200, .at_ms = i };
		struct buffer body = BUFFER(16);

		snprintf(answer.key, sizeof answer.key, "key-%u", i);
		buffer_text(&body, "x");
		answer.body = blob_new(&body);
		assert_non_null(answer.body);
		assert_int_equal(idempotency_keep(&memory, &answer), OK);
		assert_non_null(idempotency_find(&memory, answer.key, i));
	}
	assert_null(idempotency_find(&memory, "key-0", 0));
	idempotency_free(&memory);
}

static void paths_lead_where_they_say(void **state)
{
	struct provider *provider = fresh();

	(void)state;
	assert_int_equal(status_of(provider, "GET", "/v1/balance", "", ""), 200);
	assert_int_equal(status_of(provider, "GET", "/v1/balance", "x=1", ""), 400);
	assert_int_equal(status_of(provider, "GET", "/v1/nothing", "", ""), 404);
	assert_int_equal(status_of(provider, "POST", "/v1/charges", "", ""), 404);
	assert_int_equal(status_of(provider, "GET", "/v1/charges/", "", ""), 404);
	assert_int_equal(status_of(provider, "GET", "/v1/charges/a/b", "", ""), 404);
	assert_int_equal(status_of(provider, "GET", "/v1/charges/ch_none", "", ""), 404);
	assert_int_equal(status_of(provider, "GET", "/v1/charges", "limit=0", ""), 400);
	assert_int_equal(status_of(provider, "GET", "/v1/charges", "limit=101", ""), 400);
	end(provider);
}

static bool can_expand(const char *path, enum kind kind, bool list)
{
	char text[128];
	struct form form;
	struct refusal refusal = { 0 };

	snprintf(text, sizeof text, "expand[]=%s", path);
	assert_int_equal(form_read(bytes_of(text), &form, NULL), OK);
	bool good = expand_check(&form, kind, list, &refusal);

	form_free(&form);
	return good;
}

static void only_references_can_be_expanded(void **state)
{
	(void)state;
	assert_true(can_expand("payment_intent.latest_charge.balance_transaction", KIND_SESSION, false));
	assert_true(can_expand("data.payment_intent", KIND_SESSION, true));
	assert_true(can_expand("payments.data.payment.payment_intent", KIND_INVOICE, false));
	assert_false(can_expand("payment_intent", KIND_SESSION, true));
	assert_false(can_expand("amount_total", KIND_SESSION, false));
	assert_false(can_expand("payment_intent.latest_charge.payment_intent.latest_charge.balance_transaction",
	                        KIND_SESSION, false));
	assert_false(can_expand("payment_intents", KIND_SESSION, false));
}

static void a_signature_holds_for_every_secret(void **state)
{
	const struct signing_secrets secrets = { { "whsec_one", "whsec_two" }, 2 };
	const struct bytes pieces[] = { BYTES_LITERAL("1492774577."), BYTES_LITERAL("{}") };
	struct buffer out = BUFFER(1024);
	uint8_t mac[DIGEST_BYTES];
	char hex[2 * DIGEST_BYTES + 1];

	(void)state;
	assert_int_equal(signature_write(&secrets, 1492774577, BYTES_LITERAL("{}"), true, &out), OK);
	assert_int_equal(strncmp(out.data, "t=1492774577,v1=", 16), 0);
	for (size_t i = 0; i < secrets.count; i++) {
		assert_int_equal(digest_hmac(bytes_of(secrets.text[i]), pieces, 2, mac), OK);
		text_hex(mac, sizeof mac, hex);
		assert_non_null(strstr(out.data, hex));
	}
	assert_null(strstr(out.data, "v0="));
	buffer_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_key_brings_back_the_same_bytes),
		cmocka_unit_test(a_key_is_forgotten_after_a_day),
		cmocka_unit_test(a_get_has_no_key),
		cmocka_unit_test(a_full_memory_forgets_the_oldest),
		cmocka_unit_test(paths_lead_where_they_say),
		cmocka_unit_test(only_references_can_be_expanded),
		cmocka_unit_test(a_signature_holds_for_every_secret),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
