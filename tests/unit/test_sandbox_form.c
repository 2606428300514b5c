#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "sandbox/currency.h"
#include "sandbox/form.h"
#include "sandbox/params.h"

static struct form read(const char *text)
{
	struct form form;
	struct why why;

	assert_int_equal(form_read(bytes_of(text), &form, &why), OK);
	return form;
}

static void brackets_are_read_whole_and_decoded(void **state)
{
	struct form form = read("line_items[0][price_data][unit_amount]=2500&metadata%5Bpledge%5D=a+b%26c&mode=payment");

	(void)state;
	assert_string_equal(form_get(&form, "line_items[0][price_data][unit_amount]"), "2500");
	assert_string_equal(form_get(&form, "metadata[pledge]"), "a b&c");
	assert_string_equal(form_get_at(&form, "line_items", 0, "[price_data][unit_amount]"), "2500");
	assert_null(form_get(&form, "metadata"));
	assert_true(form_has(&form, "metadata"));
	assert_false(form_has(&form, "meta"));
	form_free(&form);
}

static void the_last_of_equal_names_wins(void **state)
{
	struct form form = read("a=1&b=2&a=3");

	(void)state;
	assert_int_equal(form.count, 2);
	assert_string_equal(form_get(&form, "a"), "3");
	form_free(&form);
}

static void empty_indices_become_the_lowest_free_ones(void **state)
{
	struct form form = read("expand[]=a&expand[]=b&items[][x]=1&items[][y]=2&items[][x]=3");

	(void)state;
	assert_string_equal(form_get(&form, "expand[0]"), "a");
	assert_string_equal(form_get(&form, "expand[1]"), "b");
	assert_int_equal(form_list_count(&form, "expand"), 2);
	assert_string_equal(form_get(&form, "items[0][x]"), "1");
	assert_string_equal(form_get(&form, "items[0][y]"), "2");
	assert_string_equal(form_get(&form, "items[1][x]"), "3");
	form_free(&form);
}

static void a_map_is_walked_by_its_own_keys_only(void **state)
{
	struct form form = read("metadata[b]=2&metadata[a]=1&metadata=x&metadata[c][d]=no&metadatas[e]=no");
	struct bytes key;
	const char *value;
	size_t i = 0;

	(void)state;
	assert_true(form_next_member(&form, "metadata", &i, &key, &value));
	assert_true(bytes_is(key, "a"));
	assert_string_equal(value, "1");
	assert_true(form_next_member(&form, "metadata", &i, &key, &value));
	assert_true(bytes_is(key, "b"));
	assert_false(form_next_member(&form, "metadata", &i, &key, &value));
	form_free(&form);
}

static void a_form_over_a_bound_is_refused(void **state)
{
	struct buffer text = BUFFER(1024 * 1024);
	struct form form = { 0 };
	struct why why;

	(void)state;
	for (unsigned i = 0; i <= FORM_PAIRS_MAX; i++)
		buffer_format(&text, "n%u=1&", i);
	assert_int_equal(form_read(buffer_view(&text), &form, &why), ERR_TOO_BIG);
	assert_int_equal(form_read(BYTES_LITERAL("a=%zz"), &form, &why), ERR_INPUT);
	assert_int_equal(form_read(BYTES_LITERAL("a=%ff"), &form, &why), ERR_INPUT);
	buffer_free(&text);
}

static void the_digest_does_not_depend_on_the_order(void **state)
{
	struct form one = read("a=1&b=2");
	struct form two = read("b=2&a=1");
	struct form three = read("a=1&b=3");
	uint8_t digests[4][DIGEST_BYTES];

	(void)state;
	assert_int_equal(form_digest(&one, BYTES_LITERAL("POST"), BYTES_LITERAL("/x"), digests[0]), OK);
	assert_int_equal(form_digest(&two, BYTES_LITERAL("POST"), BYTES_LITERAL("/x"), digests[1]), OK);
	assert_int_equal(form_digest(&three, BYTES_LITERAL("POST"), BYTES_LITERAL("/x"), digests[2]), OK);
	assert_int_equal(form_digest(&one, BYTES_LITERAL("POST"), BYTES_LITERAL("/y"), digests[3]), OK);
	assert_memory_equal(digests[0], digests[1], DIGEST_BYTES);
	assert_memory_not_equal(digests[0], digests[2], DIGEST_BYTES);
	assert_memory_not_equal(digests[0], digests[3], DIGEST_BYTES);
	form_free(&one);
	form_free(&two);
	form_free(&three);
}

static const struct param table[] = {
	{ "mode", PARAM_CHOICE, "payment subscription" },
	{ "items[#][n]", PARAM_INTEGER, NULL },
	{ "url", PARAM_URL, NULL },
	{ "on", PARAM_BOOLEAN, NULL },
	{ "metadata", PARAM_METADATA, NULL },
	{ NULL, PARAM_TEXT, NULL },
};

static void refuses(const char *text, const char *param, const char *code)
{
	struct form form = read(text);
	struct refusal refusal = { 0 };

	assert_false(params_check(&form, table, &refusal));
	assert_int_equal(refusal.status, 400);
	assert_string_equal(refusal.param, param);
	if (code == NULL)
		assert_null(refusal.code);
	else
		assert_string_equal(refusal.code, code);
	form_free(&form);
}

static void parameters_are_judged_by_their_table(void **state)
{
	struct form good = read("mode=payment&items[3][n]=-5&url=https://x.example/?a={B}&on=false&metadata[k]=");
	struct refusal refusal = { 0 };

	(void)state;
	assert_true(params_check(&good, table, &refusal));
	form_free(&good);
	refuses("other=1", "other", "parameter_unknown");
	refuses("items[x][n]=1", "items[x][n]", "parameter_unknown");
	refuses("items[0][n]=1.5", "items[0][n]", "parameter_invalid_integer");
	refuses("items[0][n]=9999999999999999999", "items[0][n]", "parameter_invalid_integer");
	refuses("mode=", "mode", "parameter_invalid_empty");
	refuses("mode=pay", "mode", NULL);
	refuses("mode=payment%20subscription", "mode", NULL);
	refuses("on=1", "on", NULL);
	refuses("url=ftp://x", "url", "url_invalid");
	refuses("url=https://", "url", "url_invalid");
	refuses("url=https://a%20b", "url", "url_invalid");
	refuses("metadata[a][b]=1", "metadata[a][b]", "parameter_unknown");
	refuses("metadata[aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa]=1",
	        "metadata[aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa]", NULL);
}

static void shows(const char *currency, int64_t amount, const char *expected)
{
	struct buffer out = BUFFER(64);

	currency_show(currency, amount, &out);
	assert_string_equal(out.data, expected);
	buffer_free(&out);
}

static void each_currency_has_its_own_smallest_unit(void **state)
{
	struct refusal refusal;

	(void)state;
	shows("eur", 2500, "25.00 EUR");
	shows("eur", 5, "0.05 EUR");
	shows("jpy", 80, "80 JPY");
	shows("kwd", 1230, "1.230 KWD");
	assert_true(currency_is_known("eur"));
	assert_false(currency_is_known("EUR"));
	assert_false(currency_is_known("r g"));
	assert_false(currency_is_known("xxx"));
	assert_true(currency_check_unit("isk", 500, "p", &refusal));
	assert_false(currency_check_unit("isk", 550, "p", &refusal));
	assert_false(currency_check_unit("kwd", 1234, "p", &refusal));
	assert_false(currency_check_unit("eur", -1, "p", &refusal));
	assert_true(currency_check_total("gbp", 30, "p", &refusal));
	assert_false(currency_check_total("eur", 49, "p", &refusal));
	assert_string_equal(refusal.code, "amount_too_small");
	assert_false(currency_check_total("eur", 100000000, "p", &refusal));
	assert_string_equal(refusal.code, "amount_too_large");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(brackets_are_read_whole_and_decoded),
		cmocka_unit_test(the_last_of_equal_names_wins),
		cmocka_unit_test(empty_indices_become_the_lowest_free_ones),
		cmocka_unit_test(a_map_is_walked_by_its_own_keys_only),
		cmocka_unit_test(a_form_over_a_bound_is_refused),
		cmocka_unit_test(the_digest_does_not_depend_on_the_order),
		cmocka_unit_test(parameters_are_judged_by_their_table),
		cmocka_unit_test(each_currency_has_its_own_smallest_unit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
