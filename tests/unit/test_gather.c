/* Records gathered in memory and put in order: held against a list that is searched from its beginning. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dice.h"
#include "ledger/gather.h"

enum { KNOWN_MAX = 6000, TABLES = 3, STEPS = 6000 };

static struct known {
	unsigned table;
	bool deleted;
	size_t key_length;
	size_t length;
	char key[96];
	char value[300];
} known[KNOWN_MAX];
static size_t known_count;
static struct dice dice;

/* Few beginnings, so that many are alike for long; some are the beginning of others, and some have NULs. */
static size_t make_key(char key[static 96])
{
	static const char *const heads[] = { "", "a", "stripe", "stripe-with-a-long-name-of-an-account" };
	static const char *const middles[] = { "", "cs_test_a1B2c3D4e5F6g7H8", "pi_" };
	size_t length = (size_t)snprintf(key, 96, "%s", heads[dice_roll(&dice, 4)]);

	if (dice_roll(&dice, 2) == 0)
		key[length++] = '\0';
	length += (size_t)snprintf(key + length, 96 - length, "%s%0*u", middles[dice_roll(&dice, 3)], (int)dice_roll(&dice, 9),
	                           dice_roll(&dice, 60));
	if (dice_roll(&dice, 8) == 0)
		key[dice_roll(&dice, (unsigned)length)] = (char)dice_roll(&dice, 256);
	return length;
}

static struct known *find(unsigned table, const char *key, size_t length)
{
	for (size_t i = 0; i < known_count; i++)
		if (known[i].table == table && known[i].key_length == length && memcmp(known[i].key, key, length) == 0)
			return &known[i];
	return NULL;
}

static void set_one(struct gather *gather)
{
	char key[96];
	char value[300];
	unsigned table = dice_roll(&dice, TABLES);
	size_t key_length = make_key(key);
	struct known *at = find(table, key, key_length);
	struct bytes content = { value, dice_roll(&dice, sizeof value) };
	bool deleted = dice_roll(&dice, 5) == 0;
	struct gathered record;

	memset(value, (int)dice_roll(&dice, 256), sizeof value);
	assert_true((gather_get(gather, table, (struct bytes){ key, key_length }, &record) == GATHER_HAS) == (at != NULL));
	assert_int_equal(gather_set(gather, table, (struct bytes){ key, key_length }, deleted ? NULL : &content), OK);
	if (at == NULL) {
		assert_true(known_count < KNOWN_MAX);
		at = &known[known_count++];
		at->table = table;
		at->key_length = key_length;
		memcpy(at->key, key, key_length);
	}
	at->deleted = deleted;
	at->length = deleted ? 0 : content.length;
	memcpy(at->value, value, at->length);
}

static enum gather_known known_of(const struct gather *gather, const struct known *at)
{
	struct gathered record;

	return gather_get(gather, at->table, (struct bytes){ at->key, at->key_length }, &record);
}

static void assert_same(const struct gathered *record, const struct known *at)
{
	assert_non_null(at);
	assert_int_equal(record->table, at->table);
	assert_int_equal(record->deleted, at->deleted);
	assert_true(bytes_equal(record->key, (struct bytes){ at->key, at->key_length }));
	assert_true(bytes_equal(record->value, (struct bytes){ at->value, at->length }));
}

static bool in_order(const struct gathered *one, const struct gathered *other)
{
	size_t shorter = one->key.length < other->key.length ? one->key.length : other->key.length;
	int order = memcmp(one->key.data, other->key.data, shorter);

	if (one->table != other->table)
		return one->table < other->table;
	return order < 0 || (order == 0 && one->key.length < other->key.length);
}

static void what_is_set_is_found_and_comes_in_order(void **state)
{
	(void)state;
	struct gather *gather = NULL;
	size_t count;

	dice = dice_from_environment();
	assert_int_equal(gather_new(&gather, 4 * 1024 * 1024), OK);
	for (int round = 0; round < 3; round++) {
		known_count = 0;
		for (int i = 0; i < STEPS; i++)
			set_one(gather);
		for (size_t i = 0; i < known_count; i++) {
			struct gathered record;

			assert_int_equal(gather_get(gather, known[i].table, (struct bytes){ known[i].key, known[i].key_length }, &record), GATHER_HAS);
			assert_same(&record, &known[i]);
		}
		assert_int_equal(gather_sort(gather, &count), OK);
		assert_int_equal(count, known_count);
		for (size_t i = 0; i < count; i++) {
			struct gathered record = gather_at(gather, i);

			assert_same(&record, find(record.table, record.key.data, record.key.length));
			if (i > 0) {
				struct gathered before = gather_at(gather, i - 1);

				assert_true(in_order(&before, &record));
			}
		}
		gather_clear(gather);
		for (size_t i = 0; i < known_count; i++)
			assert_int_equal(known_of(gather, &known[i]), GATHER_HAD);
	}
	gather_free(&gather);
	assert_null(gather);
}

static void what_does_not_fit_is_refused_and_the_rest_stays(void **state)
{
	(void)state;
	static const char big[1000];
	struct gather *gather = NULL;
	struct gathered record;
	size_t count;
	unsigned number = 0;
	char key[16];

	assert_int_equal(gather_new(&gather, 64 * 1024), OK);
	enum err err = OK;

	while (err == OK) {
		bool full = gather_is_full(gather, sizeof big + 64);

		snprintf(key, sizeof key, "%08u", number);
		err = gather_set(gather, 0, bytes_of(key), &(struct bytes){ big, sizeof big });
		assert_true(err == OK || full);
		number += err == OK;
	}
	assert_int_equal(err, ERR_MEMORY);
	assert_true(number > 50);
	assert_int_equal(gather_get(gather, 0, bytes_of(key), &record), GATHER_NEVER);
	/* There is always room for what is there already, and for its end. */
	assert_int_equal(gather_set(gather, 0, BYTES_LITERAL("00000000"), NULL), OK);
	assert_true(gather_get(gather, 0, BYTES_LITERAL("00000000"), &record) == GATHER_HAS && record.deleted);
	assert_int_equal(gather_sort(gather, &count), OK);
	assert_int_equal(count, number);
	gather_free(&gather);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_set_is_found_and_comes_in_order),
		cmocka_unit_test(what_does_not_fit_is_refused_and_the_rest_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
