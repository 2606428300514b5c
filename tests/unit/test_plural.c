#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>

#include "base/plural.h"

#define UKRAINIAN \
	"nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);"
#define ARABIC \
	"nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5;"

static void takes(const char *forms, uint64_t count, unsigned expected)
{
	unsigned form = 99;

	assert_int_equal(plural_form(bytes_of(forms), count, &form), OK);
	assert_int_equal(form, expected);
}

static void refuses(const char *forms)
{
	unsigned form = 99;

	assert_int_equal(plural_form(bytes_of(forms), 5, &form), ERR_INPUT);
	assert_int_equal(form, 99);
}

static void each_number_takes_the_form_of_its_language(void **state)
{
	(void)state;
	takes("nplurals=1; plural=0;", 7, 0);
	takes("nplurals=2; plural=(n != 1);", 1, 0);
	takes("nplurals=2; plural=(n != 1);", 0, 1);
	takes("nplurals=2; plural=n>1", 1, 0);
	takes(UKRAINIAN, 1, 0);
	takes(UKRAINIAN, 11, 2);
	takes(UKRAINIAN, 21, 0);
	takes(UKRAINIAN, 22, 1);
	takes(UKRAINIAN, 12, 2);
	takes(UKRAINIAN, 1204, 1);
	takes(ARABIC, 0, 0);
	takes(ARABIC, 1, 1);
	takes(ARABIC, 2, 2);
	takes(ARABIC, 103, 3);
	takes(ARABIC, 11, 4);
	takes(ARABIC, 100, 5);
}

static void operators_bind_as_in_c(void **state)
{
	(void)state;
	takes("nplurals=6; plural=1+2*2", 0, 5);
	takes("nplurals=6; plural=9-4-3", 0, 2);
	takes("nplurals=6; plural=24/4/3", 0, 2);
	takes("nplurals=6; plural=1||0&&0", 0, 1);
	takes("nplurals=6; plural=(1||0)&&0", 0, 0);
	takes("nplurals=6; plural=1<2==1", 0, 1);
	takes("nplurals=6; plural=!n+!!n", 3, 1);
	takes("nplurals=6; plural=1?2:0?3:4", 0, 2);
	takes("nplurals=6; plural=0?2:0?3:4", 0, 4);
	takes("nplurals=6; plural=1?0?1:5:4", 0, 5);
	takes("nplurals=2; plural=n>=999999999", UINT64_MAX, 1);
}

static void what_is_no_expression_is_refused(void **state)
{
	static const char *const bad[] = {
		"", "nplurals", "nplurals=", "nplurals=2", "nplurals=2;", "nplurals=2; plural=", "nplurals=7; plural=0;",
		"nplurals=2; plural=2;", "nplurals=2; plural=n;", "nplurals=2; plural=(n != 1;", "nplurals=2; plural=n != 1);",
		"nplurals=2; plural=n ?", "nplurals=2; plural=n ? 0", "nplurals=2; plural=n ? 0 :", "nplurals=2; plural=1/0;",
		"nplurals=2; plural=n%0;", "nplurals=2; plural=x;", "nplurals=2; plural=0; 1", "nplurals=2; plural=n ==;",
		"nplurals=2; plural=n>1234567890;",
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		refuses(bad[i]);
}

static void nesting_has_an_end(void **state)
{
	char deep[4096] = "nplurals=2; plural=";
	size_t length = sizeof "nplurals=2; plural=" - 1;

	(void)state;
	memset(deep + length, '!', 3000);
	refuses(deep);
	memset(deep + length, '(', 3000);
	refuses(deep);
	for (size_t i = 0; i < 3000; i++)
		deep[length + i] = i % 2 == 0 ? '1' : '?';
	refuses(deep);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_number_takes_the_form_of_its_language),
		cmocka_unit_test(operators_bind_as_in_c),
		cmocka_unit_test(what_is_no_expression_is_refused),
		cmocka_unit_test(nesting_has_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
