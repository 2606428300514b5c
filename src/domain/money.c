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
static int find_digits(struct bytes code)
{
	char filled[CURRENCY_SIZE] = ""; /* as the rows are */

	if (code.length == 0 || code.length >= sizeof filled || code.data[0] < 'A' || code.data[0] > 'Z' || code.data[code.length - 1] == '\0')
		return -1;
	memcpy(filled, code.data, code.length);
	for (size_t i = begins[code.data[0] - 'A']; i < begins[code.data[0] - 'A' + 1]; i++)
		if (memcmp(filled, known[i].code, sizeof filled) == 0)
			return (int)known[i].digits;
	return -1;
}

enum err currency_parse(struct bytes text, struct currency *currency)
{
	if (find_digits(text) < 0)
		return ERR_INPUT;
	*currency = (struct currency){ { 0 } };
	return bytes_copy_text(text, currency->code, sizeof currency->code);
}

unsigned currency_digits(const struct currency *currency)
{
	int digits = find_digits(bytes_of(currency->code));

	return digits < 0 ? 0 : (unsigned)digits;
}

bool currency_equal(const struct currency *a, const struct currency *b)
{
	return strcmp(a->code, b->code) == 0;
}

static size_t count_digits(struct bytes text)
{
	size_t count = 0;

	while (count < text.length && text.data[count] >= '0' && text.data[count] <= '9')
		count++;
	return count;
}

/* An amount's text, taken apart. */
struct spelling {
	bool negative;
	struct bytes whole;
	struct bytes decimals; /* empty when there is no point */
};

static bool has_bad_zero(const struct spelling *spelling)
{
	return spelling->whole.length > 1 && spelling->whole.data[0] == '0';
}

static bool is_zero(const struct spelling *spelling)
{
	for (size_t i = 0; i < spelling->whole.length; i++)
		if (spelling->whole.data[i] != '0')
			return false;
	for (size_t i = 0; i < spelling->decimals.length; i++)
		if (spelling->decimals.data[i] != '0')
			return false;
	return true;
}

static enum err spelling_read(struct bytes text, struct spelling *spelling, struct why *why)
{
	*spelling = (struct spelling){ 0 };
	spelling->negative = text.length > 0 && text.data[0] == '-';
	if (spelling->negative)
		text = (struct bytes){ text.data + 1, text.length - 1 };
	spelling->whole = (struct bytes){ text.data, count_digits(text) };
	struct bytes rest = { text.data, text.length - spelling->whole.length };

	if (rest.length > 0)
		rest.data += spelling->whole.length;
	bool point = rest.length > 0 && rest.data[0] == '.';

	if (point) {
		rest = (struct bytes){ rest.data + 1, rest.length - 1 };
		spelling->decimals = (struct bytes){ rest.data, count_digits(rest) };
	}
	if (spelling->whole.length == 0 || rest.length != spelling->decimals.length
	    || (point && rest.length == 0))
		return why_set(why, ERR_INPUT, "not a decimal amount like \"25.00\"");
	if (has_bad_zero(spelling))
		return why_set(why, ERR_INPUT, "an amount has no leading zeros");
	if (spelling->negative && is_zero(spelling))
		return why_set(why, ERR_INPUT, "a zero has no sign");
	return OK;
}

/* Append a decimal digit to a number that keeps its sign, so that int64's least is reached too. */
static bool push_digit(int64_t *minor, int digit, bool negative)
{
	return __builtin_mul_overflow(*minor, 10, minor)
		|| (negative ? __builtin_sub_overflow(*minor, digit, minor)
		             : __builtin_add_overflow(*minor, digit, minor));
}

static enum err spelling_minor(const struct spelling *spelling, unsigned digits, int64_t *minor)
{
	bool overflow = false;

	*minor = 0;
	for (size_t i = 0; i < spelling->whole.length && !overflow; i++)
		overflow = push_digit(minor, spelling->whole.data[i] - '0', spelling->negative);
	for (size_t i = 0; i < digits && !overflow; i++) {
		char c = i < spelling->decimals.length ? spelling->decimals.data[i] : '0';

		overflow = push_digit(minor, c - '0', spelling->negative);
	}
	return overflow ? ERR_TOO_BIG : OK;
}

/* Read an amount; with `exact` its decimals are neither fewer nor more than the currency has. */
static enum err parse(struct bytes text, const struct currency *currency, bool exact, struct money *money,
                      struct why *why)
{
	struct spelling spelling;
	unsigned digits = currency_digits(currency);
	int64_t minor;
	enum err err = spelling_read(text, &spelling, why);

	if (err != OK)
		return err;
	if (spelling.decimals.length > digits && digits == 0)
		return why_set(why, ERR_INPUT, "%s has no decimals", currency->code);
	if (spelling.decimals.length > digits)
		return why_set(why, ERR_INPUT, "%s has %u decimals, not more", currency->code, digits);
	if (exact && spelling.decimals.length < digits)
		return why_set(why, ERR_INPUT, "%s has %u decimals", currency->code, digits);
	err = spelling_minor(&spelling, digits, &minor);
	if (err != OK)
		return why_set(why, err, "the amount is too large");
	*money = (struct money){ minor, *currency };
	return OK;
}

enum err money_parse(struct bytes text, const struct currency *currency,
                     struct money *money, struct why *why)
{
	return parse(text, currency, false, money, why);
}

enum err money_parse_exact(struct bytes text, const struct currency *currency, struct money *money)
{
	return parse(text, currency, true, money, NULL);
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
