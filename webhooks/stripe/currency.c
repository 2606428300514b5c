/* https://docs.stripe.com/currencies, read in 2026-11. */
#include <ctype.h>
#include <string.h>

#include "webhooks/stripe/stripe.h"

/* Currencies whose unit at Stripe is the whole one. */
static const char *const zero_decimal[] = { "BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA",
	                                    "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF" };

/* Thousandths, of which Stripe takes only tens. */
static const char *const three_decimal[] = { "BHD", "JOD", "KWD", "OMR", "TND" };

/* Sent in hundredths, of which only whole hundreds exist. */
static const char *const whole_only[] = { "ISK", "UGX" };

/* The least charge, in Stripe's units. */
static const struct {
	const char *code;
	int64_t units;
} least[] = {
	{ "USD", 50 },  { "EUR", 50 },  { "AUD", 50 },  { "BRL", 50 },  { "CAD", 50 },  { "CHF", 50 },    { "GBP", 30 },
	{ "DKK", 250 }, { "NOK", 300 }, { "SEK", 300 }, { "HKD", 400 }, { "JPY", 50 },  { "KRW", 50 },    { "MXN", 1000 },
	{ "PLN", 200 }, { "RON", 200 }, { "AED", 200 }, { "MYR", 200 }, { "CZK", 1500 }, { "HUF", 17500 }, { "THB", 1000 },
};

enum { UNITS_MAX = 99999999 };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool is_in(const char *code, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(code, list[i]) == 0)
			return true;
	return false;
}

static unsigned stripe_digits(const char *code)
{
	if (is_in(code, zero_decimal, COUNT(zero_decimal)))
		return 0;
	return is_in(code, three_decimal, COUNT(three_decimal)) ? 3 : 2;
}

/* Restate a number of units with another number of decimals; ERR_INPUT when it does not come out even or overflows. */
static enum err rescale(int64_t units, unsigned from, unsigned to, int64_t *out)
{
	for (; from < to; from++)
		if (__builtin_mul_overflow(units, 10, &units))
			return ERR_INPUT;
	for (; from > to; from--) {
		if (units % 10 != 0)
			return ERR_INPUT;
		units /= 10;
	}
	*out = units;
	return OK;
}

enum err stripe_amount_to(const struct money *amount, int64_t *units, char code[static CURRENCY_SIZE], struct why *why)
{
	const char *currency = amount->currency.code;
	enum err err = rescale(amount->minor, currency_digits(&amount->currency), stripe_digits(currency), units);

	if (err != OK || (stripe_digits(currency) == 3 && *units % 10 != 0)
	    || (is_in(currency, whole_only, COUNT(whole_only)) && *units % 100 != 0))
		return why_set(why, ERR_INPUT, "Stripe has no such amount in %s", currency);
	for (size_t i = 0; i < CURRENCY_SIZE; i++)
		code[i] = (char)tolower((unsigned char)currency[i]);
	return OK;
}

/* Stripe's own largest amount has twelve digits. What is beyond any doubt none must not fill the books' sums. */
#define MINOR_MAX INT64_C(1000000000000000)

enum err stripe_amount_from(int64_t units, struct bytes code, struct money *amount)
{
	struct money found = { 0 };
	char upper[CURRENCY_SIZE] = "";

	if (code.length >= sizeof upper)
		return ERR_INPUT;
	for (size_t i = 0; i < code.length; i++) {
		if (isupper((unsigned char)code.data[i]))
			return ERR_INPUT;
		upper[i] = (char)toupper((unsigned char)code.data[i]);
	}
	if (currency_parse(bytes_of(upper), &found.currency) != OK
	    || rescale(units, stripe_digits(upper), currency_digits(&found.currency), &found.minor) != OK)
		return ERR_INPUT;
	if (found.minor > MINOR_MAX || found.minor < -MINOR_MAX)
		return ERR_INPUT;
	*amount = found;
	return OK;
}

enum err stripe_check_amount(const struct money *amount, struct why *why)
{
	char code[CURRENCY_SIZE];
	int64_t units;
	enum err err = stripe_amount_to(amount, &units, code, why);

	if (err != OK)
		return err;
	if (units > UNITS_MAX)
		return why_set(why, ERR_INPUT, "Stripe takes at most eight digits");
	for (size_t i = 0; i < COUNT(least); i++)
		if (strcmp(least[i].code, amount->currency.code) == 0 && units < least[i].units)
			return why_set(why, ERR_INPUT, "less than the least amount that Stripe takes in %s",
			               amount->currency.code);
	return OK;
}
