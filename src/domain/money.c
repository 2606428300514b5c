#include "domain/money.h"

#include <assert.h>
#include <string.h>

enum { DIGITS_MAX = 8 };

/*
 * ISO 4217 list one as of 2026-01, by decimals. Left out are its codes that
 * have no minor unit, hence no exact amount: metals, XDR, XSU, XUA, the bond
 * units, XTS and XXX. Behind them: bitcoin, and GNU Taler's play money.
 */
static const char *const codes_by_digits[DIGITS_MAX + 1] = {
	[0] = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF "
	      "SATS",
	[2] = "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD "
	      "BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP "
	      "DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF "
	      "IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL "
	      "MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR "
	      "NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP "
	      "SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD "
	      "USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG",
	[3] = "BHD IQD JOD KWD LYD OMR TND",
	[4] = "CLF UYW",
	[8] = "BTC KUDOS TESTKUDOS",
};

/* Whether the code stands in a list of codes with one blank between them. */
static bool is_listed(struct bytes code, const char *list)
{
	while (list != NULL && *list != '\0') {
		size_t length = strcspn(list, " ");

		if (bytes_equal(code, (struct bytes){ list, length }))
			return true;
		list += length;
		list += *list == ' ';
	}
	return false;
}

/* The digits of a code, or -1 when the table does not know it. */
static int find_digits(struct bytes code)
{
	for (int digits = 0; digits <= DIGITS_MAX; digits++)
		if (is_listed(code, codes_by_digits[digits]))
			return digits;
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

enum err money_parse(struct bytes text, const struct currency *currency,
                     struct money *money, struct why *why)
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
	err = spelling_minor(&spelling, digits, &minor);
	if (err != OK)
		return why_set(why, err, "the amount is too large");
	*money = (struct money){ minor, *currency };
	return OK;
}

enum err money_parse_exact(struct bytes text, const struct currency *currency, struct money *money)
{
	struct money read;
	char spelled[AMOUNT_TEXT_SIZE];
	enum err err = money_parse(text, currency, &read, NULL);

	if (err != OK)
		return err;
	money_format(&read, spelled);
	if (!bytes_is(text, spelled))
		return ERR_INPUT;
	*money = read;
	return OK;
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
