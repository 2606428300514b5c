/* What the policy allows inside a page is what stands there. */
#include <openssl/evp.h>

#include "base/digest.h"
#include "routes/policy.h"
#include "tests/unit/page_checks.h"
#include "web/web.h"

static struct config *config;
static struct buffer page;

static int make_page(void **state)
{
	const struct pledge pledge = { .id = "plg_01hf8zq3v5e2k9m7n4r6t8w0x2", .campaign = "newsroom", .tier = "friend",
		                       .amount = { 1000, { "USD" } } };
	static const struct shown_gifts none = { 0 };
	struct why why = { "" };

	(void)state;
	config = configuration(ONE_CAMPAIGN);
	page = BUFFER(PAGE_BYTES_MAX);
	return pages_thanks(config, &pledge, "rcp_0123456789abcdefghjkmnpqrs", &none, NULL, english, &page, &why) == OK ? 0 : -1;
}

static int free_page(void **state)
{
	(void)state;
	buffer_free(&page);
	config_free(&config);
	return 0;
}

/* As a browser computes it: over what stands between the tags. */
static void hash_between(const char *opening, const char *closing, char source[static WEB_INLINE_SOURCE_SIZE])
{
	const char *start = strstr(page.data, opening);
	unsigned char base64[(DIGEST_BYTES + 2) / 3 * 4 + 1];
	uint8_t digest[DIGEST_BYTES];

	assert_non_null(start);
	start += strlen(opening);
	const char *end = strstr(start, closing);

	assert_non_null(end);
	assert_int_equal(digest_sha256(&(struct bytes){ start, (size_t)(end - start) }, 1, digest), OK);
	EVP_EncodeBlock(base64, digest, DIGEST_BYTES);
	snprintf(source, WEB_INLINE_SOURCE_SIZE, "'sha256-%s'", (const char *)base64);
}

static struct buffer policy_of(enum policy policy)
{
	struct buffer text;

	assert_int_equal(policy_write(config, policy, &text), OK);
	return text;
}

static void it_allows_the_style_and_the_script_that_stand_in_a_page(void **state)
{
	char style[WEB_INLINE_SOURCE_SIZE];
	char script[WEB_INLINE_SOURCE_SIZE];
	char expected[3 * WEB_INLINE_SOURCE_SIZE];
	struct buffer text = policy_of(POLICY_NEWS);

	(void)state;
	hash_between("<style>", "</style>", style);
	hash_between("<script>", "</script>", script);
	snprintf(expected, sizeof expected, "default-src 'none'; style-src %s; ", style);
	assert_true(has(&text, expected));
	snprintf(expected, sizeof expected, "; script-src %s; connect-src 'self'; ", script);
	assert_true(has(&text, expected));
	buffer_free(&text);
}

static void no_other_page_runs_a_script_and_none_is_unsafe(void **state)
{
	(void)state;
	for (unsigned policy = 0; policy < POLICIES; policy++) {
		struct buffer text = policy_of((enum policy)policy);

		assert_true(has(&text, "default-src 'none'"));
		assert_false(has(&text, "unsafe"));
		assert_int_equal(has(&text, "script-src"), policy == POLICY_NEWS);
		assert_int_equal(has(&text, "connect-src"), policy == POLICY_NEWS);
		buffer_free(&text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_allows_the_style_and_the_script_that_stand_in_a_page),
		cmocka_unit_test(no_other_page_runs_a_script_and_none_is_unsafe),
	};

	return cmocka_run_group_tests(tests, make_page, free_page);
}
