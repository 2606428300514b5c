#include "domain/money.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/*
 * ISO 4217 list one as of 2026-01, sorted by code, with its decimals. Left out are its codes that
 * have no minor unit, hence no exact amount: metals, XDR, XSU, XUA, the bond
 * units, XTS and XXX. Behind them: bitcoin, and GNU Taler's play money.
 */
static const struct known_currency {
	char code[CURRENCY_SIZE];
	unsigned digits;
} known[] = {
	{ "AED", 2 }, { "AFN", 2 }, { "ALL", 2 }, { "AMD", 2 }, { "AOA", 2 }, { "ARS", 2 }, { "AUD", 2 },
	{ "AWG", 2 }, { "AZN", 2 }, { "BAM", 2 }, { "BBD", 2 }, { "BDT", 2 }, { "BHD", 3 }, { "BIF", 0 },
	{ "BMD", 2 }, { "BND", 2 }, { "BOB", 2 }, { "BOV", 2 }, { "BRL", 2 }, { "BSD", 2 }, { "BTC", 8 },
	{ "BTN", 2 }, { "BWP", 2 }, { "BYN", 2 }, { "BZD", 2 }, { "CAD", 2 }, { "CDF", 2 }, { "CHE", 2 },
	{ "CHF", 2 }, { "CHW", 2 }, { "CLF", 4 }, { "CLP", 0 }, { "CNY", 2 }, { "COP", 2 }, { "COU", 2 },
	{ "CRC", 2 }, { "CUP", 2 }, { "CVE", 2 }, { "CZK", 2 }, { "DJF", 0 }, { "DKK", 2 }, { "DOP", 2 },
	{ "DZD", 2 }, { "EGP", 2 }, { "ERN", 2 }, { "ETB", 2 }, { "EUR", 2 }, { "FJD", 2 }, { "FKP", 2 },
	{ "GBP", 2 }, { "GEL", 2 }, { "GHS", 2 }, { "GIP", 2 }, { "GMD", 2 }, { "GNF", 0 }, { "GTQ", 2 },
	{ "GYD", 2 }, { "HKD", 2 }, { "HNL", 2 }, { "HTG", 2 }, { "HUF", 2 }, { "IDR", 2 }, { "ILS", 2 },
	{ "INR", 2 }, { "IQD", 3 }, { "IRR", 2 }, { "ISK", 0 }, { "JMD", 2 }, { "JOD", 3 }, { "JPY", 0 },
	{ "KES", 2 }, { "KGS", 2 }, { "KHR", 2 }, { "KMF", 0 }, { "KPW", 2 }, { "KRW", 0 }, { "KUDOS", 8 },
	{ "KWD", 3 }, { "KYD", 2 }, { "KZT", 2 }, { "LAK", 2 }, { "LBP", 2 }, { "LKR", 2 }, { "LRD", 2 },
	{ "LSL", 2 }, { "LYD", 3 }, { "MAD", 2 }, { "MDL", 2 }, { "MGA", 2 }, { "MKD", 2 }, { "MMK", 2 },
	{ "MNT", 2 }, { "MOP", 2 }, { "MRU", 2 }, { "MUR", 2 }, { "MVR", 2 }, { "MWK", 2 }, { "MXN", 2 },
	{ "MXV", 2 }, { "MYR", 2 }, { "MZN", 2 }, { "NAD", 2 }, { "NGN", 2 }, { "NIO", 2 }, { "NOK", 2 },
	{ "NPR", 2 }, { "NZD", 2 }, { "OMR", 3 }, { "PAB", 2 }, { "PEN", 2 }, { "PGK", 2 }, { "PHP", 2 },
	{ "PKR", 2 }, { "PLN", 2 }, { "PYG", 0 }, { "QAR", 2 }, { "RON", 2 }, { "RSD", 2 }, { "RUB", 2 },
	{ "RWF", 0 }, { "SAR", 2 }, { "SATS", 0 }, { "SBD", 2 }, { "SCR", 2 }, { "SDG", 2 }, { "SEK", 2 },
	{ "SGD", 2 }, { "SHP", 2 }, { "SLE", 2 }, { "SOS", 2 }, { "SRD", 2 }, { "SSP", 2 }, { "STN", 2 },
	{ "SVC", 2 }, { "SYP", 2 }, { "SZL", 2 }, { "TESTKUDOS", 8 }, { "THB", 2 }, { "TJS", 2 },
	{ "TMT", 2 }, { "TND", 3 }, { "TOP", 2 }, { "TRY", 2 }, { "TTD", 2 }, { "TWD", 2 }, { "TZS", 2 },
	{ "UAH", 2 }, { "UGX", 0 }, { "USD", 2 }, { "USN", 2 }, { "UYI", 0 }, { "UYU", 2 }, { "UYW", 4 },
	{ "UZS", 2 }, { "VED", 2 }, { "VES", 2 }, { "VND", 0 }, { "VUV", 0 }, { "WST", 2 }, { "XAD", 2 },
	{ "XAF", 0 }, { "XCD", 2 }, { "XCG", 2 }, { "XOF", 0 }, { "XPF", 0 }, { "YER", 2 }, { "ZAR", 2 },
	{ "ZMW", 2 }, { "ZWG", 2 },
};

/* How many codes stand before those of each letter, and behind 'Z' how many there are. */
static const uint8_t begins[] = {
	0, 9, 25, 39, 43, 47, 49, 57, 61, 67, 70, 80, 86, 101,
	107, 108, 115, 116, 120, 136, 146, 154, 158, 159, 165, 166, 169,
};

/* The digits of a code, or -1 when the table does not know it. */
static int find_digits(struct bytes code, struct currency *currency)
{
	struct currency filled = { "" }; /* as the rows are */

	if (code.length == 0 || code.length >= sizeof filled.code || code.data[0] < 'A' || code.data[0] > 'Z'
	    || code.data[code.length - 1] == '\0')
		return -1;
	memcpy(filled.code, code.data, code.length);
	for (size_t i = begins[code.data[0] - 'A']; i < begins[code.data[0] - 'A' + 1]; i++) {
		if (memcmp(filled.code, known[i].code, sizeof filled.code) != 0)
			continue;
		*currency = filled;
		return (int)known[i].digits;
	}
	return -1;
}

enum err currency_parse(struct bytes text, struct currency *currency)
{
	return find_digits(text, currency) < 0 ? ERR_INPUT : OK;
}

unsigned currency_digits(const struct currency *currency)
{
	struct currency ignored;
	int digits = find_digits(bytes_of(currency->code), &ignored);

	return digits < 0 ? 0 : (unsigned)digits;
}

bool currency_equal(const struct currency *a, const struct currency *b)
{
	return strcmp(a->code, b->code) == 0;
}

/* An amount's text, taken apart. */
struct spelling {
	bool negative;
	bool zero_first;   /* the first digit is a zero */
	bool point;
	size_t whole;      /* how many digits stand before the point */
	size_t decimals;
	int64_t number;    /* of all digits */
	bool overflow;     /* … which is too large */
};

/* A digit more; the number keeps its sign, so that int64's least is reached too. Whether it is too large. */
static bool push_digit(int64_t *number, int digit, bool negative)
{
	return __builtin_mul_overflow(*number, 10, number)
		|| (negative ? __builtin_sub_overflow(*number, digit, number)
		             : __builtin_add_overflow(*number, digit, number));
}

/* The digits at `at`; how many there are. */
static size_t take_digits(const char *at, const char *end, struct spelling *spelling)
{
	const char *start = at;

	for (; at < end && *at >= '0' && *at <= '9'; at++)
		spelling->overflow |= push_digit(&spelling->number, *at - '0', spelling->negative);
	return (size_t)(at - start);
}

static enum err spelling_read(struct bytes text, struct spelling *spelling, struct why *why)
{
	static const char none[] = "";
	const char *at = text.length > 0 ? text.data : none;
	const char *end = at + text.length;

	*spelling = (struct spelling){ .negative = at < end && *at == '-' };
	at += spelling->negative;
	spelling->zero_first = at < end && *at == '0';
	spelling->whole = take_digits(at, end, spelling);
	at += spelling->whole;
	spelling->point = at < end && *at == '.';
	at += spelling->point;
	spelling->decimals = spelling->point ? take_digits(at, end, spelling) : 0;
	at += spelling->decimals;
	if (at < end || spelling->whole == 0 || (spelling->point && spelling->decimals == 0))
		return why_set(why, ERR_INPUT, "not a decimal amount like \"25.00\"");
	if (spelling->zero_first && spelling->whole > 1)
		return why_set(why, ERR_INPUT, "an amount has no leading zeros");
	if (spelling->negative && spelling->number == 0 && !spelling->overflow)
		return why_set(why, ERR_INPUT, "a zero has no sign");
	return OK;
}

/* Read an amount in a currency of so many digits; with `exact` its decimals are neither fewer nor more. */
static enum err parse(struct bytes text, const struct currency *currency, unsigned digits, bool exact, struct money *money,
                      struct why *why)
{
	struct spelling spelling;
	enum err err = spelling_read(text, &spelling, why);

	if (err != OK)
		return err;
	if (spelling.decimals > digits && digits == 0)
		return why_set(why, ERR_INPUT, "%s has no decimals", currency->code);
	if (spelling.decimals > digits)
		return why_set(why, ERR_INPUT, "%s has %u decimals, not more", currency->code, digits);
	if (exact && spelling.decimals < digits)
		return why_set(why, ERR_INPUT, "%s has %u decimals", currency->code, digits);
	for (size_t i = spelling.decimals; i < digits; i++)
		spelling.overflow |= push_digit(&spelling.number, 0, spelling.negative);
	if (spelling.overflow)
		return why_set(why, ERR_TOO_BIG, "the amount is too large");
	*money = (struct money){ spelling.number, *currency };
	return OK;
}

enum err money_parse(struct bytes text, const struct currency *currency,
                     struct money *money, struct why *why)
{
	return parse(text, currency, currency_digits(currency), false, money, why);
}

enum err money_parse_exact(struct bytes text, const struct currency *currency, struct money *money)
{
	return parse(text, currency, currency_digits(currency), true, money, NULL);
}

enum err money_parse_pair(struct bytes amount, struct bytes currency, struct money *money)
{
	struct currency found;
	int digits = find_digits(currency, &found);

	return digits < 0 ? ERR_INPUT : parse(amount, &found, (unsigned)digits, true, money, NULL);
}

void money_format(const struct money *money, char text[static AMOUNT_TEXT_SIZE])
{
	unsigned digits = currency_digits(&money->currency);
	uint64_t rest = money->minor < 0 ? 0 - (uint64_t)money->minor : (uint64_t)money->minor;
	char reversed[AMOUNT_TEXT_SIZE];
	size_t length = 0;

	for (unsigned written = 0; written <= digits || rest > 0; written++) {
		if (written == digits && digits > 0)
			reversed[length++] = '.';
		reversed[length++] = (char)('0' + rest % 10);
		rest /= 10;
	}
	if (money->minor < 0)
		reversed[length++] = '-';
	for (size_t i = 0; i < length; i++)
		text[i] = reversed[length - 1 - i];
	text[length] = '\0';
}

bool money_equal(const struct money *a, const struct money *b)
{
	return a->minor == b->minor && currency_equal(&a->currency, &b->currency);
}

enum err money_add(const struct money *a, const struct money *b, struct money *sum)
{
	int64_t minor;

	if (!currency_equal(&a->currency, &b->currency))
		return ERR_INPUT;
	if (__builtin_add_overflow(a->minor, b->minor, &minor))
		return ERR_TOO_BIG;
	*sum = (struct money){ minor, a->currency };
	return OK;
}

enum err money_subtract(const struct money *a, const struct money *b, struct money *difference)
{
	int64_t minor;

	if (!currency_equal(&a->currency, &b->currency))
		return ERR_INPUT;
	if (__builtin_sub_overflow(a->minor, b->minor, &minor))
		return ERR_TOO_BIG;
	*difference = (struct money){ minor, a->currency };
	return OK;
}

enum err money_negate(const struct money *a, struct money *negated)
{
	if (a->minor == INT64_MIN)
		return ERR_TOO_BIG;
	*negated = (struct money){ -a->minor, a->currency };
	return OK;
}

int32_t money_permille(const struct money *part, const struct money *whole)
{
	__extension__ typedef __int128 wide; /* a thousand times an amount fits */

	assert(currency_equal(&part->currency, &whole->currency));
	if (part->minor <= 0 || whole->minor <= 0)
		return 0;
	wide share = (wide)part->minor * 1000 / whole->minor;

	return share > INT32_MAX ? INT32_MAX : (int32_t)share;
}
