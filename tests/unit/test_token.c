#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "domain/token.h"

/* The UUIDv7 of RFC 9562 A.6: 017F22E2-79B0-7CC3-98C4-DC0C0C07398F. */
static const int64_t rfc_ms = 0x017F22E279B0;
static const uint8_t rfc_entropy[10] = { 0x7c, 0xc3, 0x98, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f };
static const char rfc_token[] = "plg_01fwhe4ydgfk1shh6w1g60eecf";

static void a_pledge_id_is_the_uuid_of_the_rfc(void **state)
{
	static const uint8_t want[TOKEN_BYTES] = {
		0x01, 0x7f, 0x22, 0xe2, 0x79, 0xb0, 0x7c, 0xc3, 0x98, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f,
	};
	char token[TOKEN_SIZE];
	uint8_t bytes[TOKEN_BYTES];

	(void)state;
	token_pledge(rfc_ms, rfc_entropy, token);
	assert_string_equal(token, rfc_token);
	token_bytes(token, bytes);
	assert_memory_equal(bytes, want, TOKEN_BYTES);
	token_pledge_of(want, token);
	assert_string_equal(token, rfc_token);
}

static void version_and_variant_hold_whatever_the_entropy(void **state)
{
	static const uint8_t fills[] = { 0x00, 0xff, 0x5a, 0xa5 };

	(void)state;
	for (size_t i = 0; i < sizeof fills; i++) {
		uint8_t entropy[10];
		uint8_t bytes[TOKEN_BYTES];
		char token[TOKEN_SIZE];

		memset(entropy, fills[i], sizeof entropy);
		token_pledge(rfc_ms, entropy, token);
		assert_true(token_is_pledge(bytes_of(token)));
		token_bytes(token, bytes);
		assert_int_equal(bytes[6] >> 4, 7);
		assert_int_equal(bytes[8] >> 6, 2);
		assert_int_equal(bytes[15], fills[i]);
		char again[TOKEN_SIZE];

		token_pledge_of(bytes, again);
		assert_string_equal(again, token);
	}
}

static void later_pledges_sort_behind_earlier_ones(void **state)
{
	static const int64_t times[] = { 0, 1, rfc_ms, rfc_ms + 1, ((int64_t)1 << 48) - 1 };
	char before[TOKEN_SIZE] = "";

	(void)state;
	for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
		char token[TOKEN_SIZE];

		token_pledge(times[i], rfc_entropy, token);
		assert_true(strcmp(before, token) < 0);
		memcpy(before, token, sizeof before);
	}
}

static void a_receipt_token_is_the_head_of_the_hmac(void **state)
{
	uint8_t secret[RECEIPT_SECRET_BYTES];
	char token[TOKEN_SIZE];

	(void)state;
	for (unsigned i = 0; i < RECEIPT_SECRET_BYTES; i++)
		secret[i] = (uint8_t)i;
	assert_int_equal(token_receipt(secret, rfc_token, "", token), OK);
	assert_string_equal(token, "rcp_5kmv6vgmwhz5ypehqv50fws5f4");
	assert_int_equal(token_receipt(secret, rfc_token, "in_123", token), OK);
	assert_string_equal(token, "rcp_6p0bh1wy64zz15mntr4veme762");
	assert_true(token_is_receipt(bytes_of(token)));
}

static void another_secret_makes_another_receipt_token(void **state)
{
	uint8_t secret[RECEIPT_SECRET_BYTES] = { 0 };
	char one[TOKEN_SIZE];
	char other[TOKEN_SIZE];

	(void)state;
	assert_int_equal(token_receipt(secret, rfc_token, "", one), OK);
	secret[31] = 1;
	assert_int_equal(token_receipt(secret, rfc_token, "", other), OK);
	assert_string_not_equal(one, other);
}

static void the_bytes_of_a_token_are_exact_at_both_ends(void **state)
{
	uint8_t bytes[TOKEN_BYTES];
	uint8_t want[TOKEN_BYTES];

	(void)state;
	memset(want, 0xff, sizeof want);
	token_bytes("rcp_7zzzzzzzzzzzzzzzzzzzzzzzzz", bytes);
	assert_memory_equal(bytes, want, TOKEN_BYTES);
	memset(want, 0, sizeof want);
	token_bytes("rcp_00000000000000000000000000", bytes);
	assert_memory_equal(bytes, want, TOKEN_BYTES);
	want[15] = 1;
	token_bytes("rcp_00000000000000000000000001", bytes);
	assert_memory_equal(bytes, want, TOKEN_BYTES);
}

static void a_text_of_another_form_is_no_token(void **state)
{
	static const char *const bad[] = {
		"", "plg_", "plg_01fwhe4ydgfk1shh6w1g60eec", "plg_01fwhe4ydgfk1shh6w1g60eecff",
		"plg_01FWHE4YDGFK1SHH6W1G60EECF", "PLG_01fwhe4ydgfk1shh6w1g60eecf",
		"plg-01fwhe4ydgfk1shh6w1g60eecf", "plg_01fwhe4ydgfk1shh6w1g60eeci",
		"plg_01fwhe4ydgfk1shh6w1g60eecl", "plg_01fwhe4ydgfk1shh6w1g60eeco",
		"plg_01fwhe4ydgfk1shh6w1g60eecu", "plg_01fwhe4ydgfk1shh6w1g60eec ",
		"plg_81fwhe4ydgfk1shh6w1g60eecf", "plg_z1fwhe4ydgfk1shh6w1g60eecf",
		" plg_01fwhe4ydgfk1shh6w1g60eecf", "rcp_01fwhe4ydgfk1shh6w1g60eecf",
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_false(token_is_pledge(bytes_of(bad[i])));
	assert_false(token_is_receipt(bytes_of(rfc_token)));
	assert_false(token_is_pledge((struct bytes){ "plg_01fwhe4ydgfk1shh6w1g60eec\0", 30 }));
	assert_true(token_is_pledge(bytes_of(rfc_token)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pledge_id_is_the_uuid_of_the_rfc),
		cmocka_unit_test(version_and_variant_hold_whatever_the_entropy),
		cmocka_unit_test(later_pledges_sort_behind_earlier_ones),
		cmocka_unit_test(a_receipt_token_is_the_head_of_the_hmac),
		cmocka_unit_test(another_secret_makes_another_receipt_token),
		cmocka_unit_test(the_bytes_of_a_token_are_exact_at_both_ends),
		cmocka_unit_test(a_text_of_another_form_is_no_token),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
