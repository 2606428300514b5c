/* Every reason that the page of the books can show has words, in every language. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "routes/reason_words.h"
#include "web/messages.h"

static void is_said_in_every_language(const char *words)
{
	assert_non_null(words);
	for (unsigned i = 0; i < LANGUAGES; i++)
		assert_true(messages_has((enum language)i, bytes_of(words)));
}

/* Of an operator, of a subscription's end, of an alarm: none of them parks anything. */
static bool never_parks(enum reason reason)
{
	static const enum reason others[] = {
		REASON_NONE, REASON_SAME_ID_OTHER_CONTENT, REASON_REQUESTED, REASON_PAYMENT_FAILED, REASON_PAYMENT_DISPUTED,
		REASON_CASH, REASON_CHEQUE, REASON_BANK_TRANSFER, REASON_CORRECTION, REASON_DUPLICATE, REASON_DONOR_REQUEST,
		REASON_FRAUD, REASON_FEE, REASON_ROUNDING, REASON_NOT_OURS, REASON_REFUSED, REASON_RECALLED,
	};

	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		if (others[i] == reason)
			return true;
	return false;
}

static void whatever_parks_has_words_of_its_own(void **state)
{
	(void)state;
	for (int i = 0; i < REASONS; i++) {
		const char *words = reason_words_parked((enum reason)i);

		if (never_parks((enum reason)i)) {
			assert_null(words);
			continue;
		}
		is_said_in_every_language(words);
		for (int j = 0; j < i; j++)
			assert_true(never_parks((enum reason)j) || strcmp(reason_words_parked((enum reason)j), words) != 0);
	}
}

static void every_difference_has_words_of_its_own(void **state)
{
	int count = 0;

	(void)state;
	/* What has a name is one. */
	for (; difference_reason_name((enum difference_reason)count)[0] != '\0'; count++) {
		is_said_in_every_language(reason_words_difference((enum difference_reason)count));
		for (int j = 0; j < count; j++)
			assert_string_not_equal(reason_words_difference((enum difference_reason)j), reason_words_difference((enum difference_reason)count));
	}
	assert_int_equal(count, DIFFERENCE_NOT_EXPLAINED + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whatever_parks_has_words_of_its_own),
		cmocka_unit_test(every_difference_has_words_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
