/* The index's values as bytes: what is put is what is read back, and a part of it is never taken for the whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ledger/record.h"

static const char plg[] = "plg_01fwhe4ydgfk1shh6w1g60eecf";

static char space[RECORD_BYTES_MAX];

static struct pledge some_pledge(const char *payment)
{
	struct pledge pledge;

	memset(&pledge, 0, sizeof pledge);
	strcpy(pledge.id, plg);
	strcpy(pledge.account, "stripe");
	strcpy(pledge.campaign, "press");
	strcpy(pledge.tier, "friend");
	strcpy(pledge.session, "cs_test_1");
	strcpy(pledge.payment, payment);
	pledge.amount = (struct money){ 2500, { "EUR" } };
	pledge.pledged_us = INT64_C(1795334400000000);
	return pledge;
}

static struct owed some_owed(const char *pledge, const char *object, const char *payment, const char *intent)
{
	struct owed owed;

	memset(&owed, 0, sizeof owed);
	owed.verb = OWED_CLEAR;
	owed.seq = UINT64_MAX / 3;
	owed.lines = 2;
	owed.amount = (struct money){ -5, { "JPY" } };
	strcpy(owed.account, "stripe");
	strcpy(owed.object, object);
	strcpy(owed.pledge, pledge);
	strcpy(owed.payment, payment);
	owed.ref_count = 2;
	owed.refs[0].kind = REF_SESSION;
	strcpy(owed.refs[0].id, "cs_test_1");
	owed.refs[1].kind = REF_PAYMENT_INTENT;
	strcpy(owed.refs[1].id, intent);
	return owed;
}

static size_t put_pledge(const struct pledge *pledge)
{
	struct buffer out = BUFFER_ON(space);

	assert_int_equal(record_put_pledge(&out, pledge), OK);
	return out.length;
}

static void a_pledge_is_read_back_and_does_not_grow_when_it_is_paid(void **state)
{
	(void)state;
	static const char *const payments[] = { "", "p", "pi_3QAbCdEfGhIjKlMn0b12345", "exactly_thirty_two_characters_xx",
		                                "longer_than_the_room_that_a_record_keeps_for_it" };
	size_t open = 0;

	for (size_t i = 0; i < sizeof payments / sizeof payments[0]; i++) {
		struct pledge pledge = some_pledge(payments[i]);
		struct pledge back;
		size_t length = put_pledge(&pledge);

		memset(&back, 0, sizeof back);
		assert_int_equal(record_get_pledge((struct bytes){ space, length }, &back), OK);
		assert_memory_equal(&back, &pledge, sizeof pledge);
		open = i == 0 ? length : open;
		assert_true(strlen(payments[i]) >= 32 ? length > open : length == open);
	}
}

static void what_is_owed_is_read_back_whatever_its_ids_have_in_common(void **state)
{
	(void)state;
	static const char *const cases[][4] = {
		{ plg, "pi_1", "pi_1", "pi_1" }, { plg, "re_1", "pi_1", "pi_1" }, { plg, "pi_1", "pi_1", "pi_2" },
		{ "", "po_1", "", "pi_1" },      { "", "po_1", "", "" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct owed owed = some_owed(cases[i][0], cases[i][1], cases[i][2], cases[i][3]);
		struct owed back;
		struct buffer out = BUFFER_ON(space);

		memset(&back, 0, sizeof back);
		assert_int_equal(record_put_owed(&out, &owed), OK);
		assert_int_equal(record_get_owed(buffer_view(&out), &back), OK);
		assert_memory_equal(&back, &owed, sizeof owed);
	}
}

static void a_payment_and_a_link_are_read_back(void **state)
{
	(void)state;
	for (int link = 0; link < 2; link++) {
		struct known_object known;
		struct known_object back;
		struct buffer out = BUFFER_ON(space);

		memset(&known, 0, sizeof known);
		known.sort = link ? KNOWN_LINK : KNOWN_PAYMENT;
		if (link) {
			strcpy(known.u.link.pledge, plg);
			strcpy(known.u.link.payment, "pi_1");
		} else {
			strcpy(known.u.payment.id, "pi_1");
			strcpy(known.u.payment.pledge, plg);
			known.u.payment.given = (struct money){ 2500, { "EUR" } };
			known.u.payment.lost = -1;
		}
		assert_int_equal(record_put_known(&out, &known), OK);
		assert_int_equal(record_get_known(buffer_view(&out), &back), OK);
		assert_memory_equal(&back, &known, sizeof known);
	}
}

/* In memory of its own length, so that a reader that goes too far is seen. */
static enum err read_part(size_t length, bool owed)
{
	struct pledge pledge;
	struct owed thing;
	char *part = malloc(length + 1);

	assert_non_null(part);
	memcpy(part + 1, space, length);
	struct bytes bytes = { part + 1, length };
	enum err err = owed ? record_get_owed(bytes, &thing) : record_get_pledge(bytes, &pledge);

	free(part);
	return err;
}

static void a_part_of_a_record_is_no_record(void **state)
{
	(void)state;
	struct pledge pledge = some_pledge("pi_1");
	struct owed owed = some_owed(plg, "pi_1", "pi_1", "pi_1");
	struct buffer out = BUFFER_ON(space);
	size_t length = put_pledge(&pledge);

	assert_int_equal(read_part(length, false), OK);
	for (size_t part = 0; part < length; part++)
		assert_int_equal(read_part(part, false), ERR_CORRUPT);
	assert_int_equal(record_put_owed(&out, &owed), OK);
	assert_int_equal(read_part(out.length, true), OK);
	for (size_t part = 0; part < out.length; part++)
		assert_int_equal(read_part(part, true), ERR_CORRUPT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pledge_is_read_back_and_does_not_grow_when_it_is_paid),
		cmocka_unit_test(what_is_owed_is_read_back_whatever_its_ids_have_in_common),
		cmocka_unit_test(a_payment_and_a_link_are_read_back),
		cmocka_unit_test(a_part_of_a_record_is_no_record),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
