/* SHA-256 and HMAC-SHA256, held to their RFCs' cases and to OpenSSL's own HMAC. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/digest.h"
#include "base/text.h"

enum { KEY_BYTES_MAX = 140, TEXT_BYTES_MAX = 200 };

static void check_hmac(struct bytes key, struct bytes text, const char *expected)
{
	uint8_t mac[DIGEST_BYTES];
	char hex[2 * DIGEST_BYTES + 1];

	assert_int_equal(digest_hmac(key, &text, 1, mac), OK);
	text_hex(mac, sizeof mac, hex);
	assert_string_equal(hex, expected);
}

static void the_digest_is_that_of_fips_180(void **state)
{
	struct bytes pieces[] = { BYTES_LITERAL("a"), { NULL, 0 }, BYTES_LITERAL("bc") };
	uint8_t digest[DIGEST_BYTES];
	char hex[2 * DIGEST_BYTES + 1];

	(void)state;
	assert_int_equal(digest_sha256(pieces, 3, digest), OK);
	text_hex(digest, sizeof digest, hex);
	assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void the_macs_are_those_of_rfc_4231(void **state)
{
	char key[131];
	char text[50];

	(void)state;
	memset(key, 0x0b, sizeof key);
	check_hmac((struct bytes){ key, 20 }, BYTES_LITERAL("Hi There"), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
	check_hmac(BYTES_LITERAL("Jefe"), BYTES_LITERAL("what do ya want for nothing?"),
	           "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	memset(key, 0xaa, sizeof key);
	memset(text, 0xdd, sizeof text);
	check_hmac((struct bytes){ key, 20 }, (struct bytes){ text, sizeof text }, "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
	check_hmac((struct bytes){ key, 131 }, BYTES_LITERAL("Test Using Larger Than Block-Size Key - Hash Key First"),
	           "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

static void a_key_of_any_length_gives_what_openssl_gives(void **state)
{
	uint8_t key[KEY_BYTES_MAX];
	uint8_t text[TEXT_BYTES_MAX];
	uint8_t mac[DIGEST_BYTES];
	uint8_t theirs[DIGEST_BYTES];

	(void)state;
	for (size_t i = 0; i < sizeof key; i++)
		key[i] = (uint8_t)(i * 7 + 1);
	for (size_t i = 0; i < sizeof text; i++)
		text[i] = (uint8_t)(i * 13 + 5);
	for (size_t length = 0; length <= sizeof key; length++) {
		size_t first = length % sizeof text;
		struct bytes pieces[] = { { (const char *)text, first }, { (const char *)text + first, sizeof text - first } };

		assert_int_equal(digest_hmac((struct bytes){ (const char *)key, length }, pieces, 2, mac), OK);
		assert_non_null(HMAC(EVP_sha256(), key, (int)length, text, sizeof text, theirs, NULL));
		assert_memory_equal(mac, theirs, DIGEST_BYTES);
	}
}

/* A thread remembers its key: it must be the key that is asked for that counts, also after ones that are longer, shorter or alike. */
static void keys_in_any_order_are_told_apart(void **state)
{
	static const size_t lengths[] = { 0, 1, 32, 32, 33, 64, 128, 128, 129, 139, 139, 32, 31, 0, 128 };
	char keys[2][KEY_BYTES_MAX];
	struct bytes text = BYTES_LITERAL("1764525600.{}");
	uint8_t mac[DIGEST_BYTES];
	uint8_t theirs[DIGEST_BYTES];

	(void)state;
	memset(keys[0], 'k', sizeof keys[0]);
	memcpy(keys[1], keys[0], sizeof keys[1]);
	keys[1][0] = 'K';
	for (size_t i = 0; i < 4 * (sizeof lengths / sizeof lengths[0]); i++) {
		const char *key = keys[i / 3 % 2];
		size_t length = lengths[i % (sizeof lengths / sizeof lengths[0])];

		assert_int_equal(digest_hmac((struct bytes){ length > 0 ? key : NULL, length }, &text, 1, mac), OK);
		assert_non_null(HMAC(EVP_sha256(), key, (int)length, (const unsigned char *)text.data, text.length, theirs, NULL));
		assert_memory_equal(mac, theirs, DIGEST_BYTES);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_digest_is_that_of_fips_180),
		cmocka_unit_test(the_macs_are_those_of_rfc_4231),
		cmocka_unit_test(a_key_of_any_length_gives_what_openssl_gives),
		cmocka_unit_test(keys_in_any_order_are_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
