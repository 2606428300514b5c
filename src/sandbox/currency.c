#include "sandbox/currency.h"

#include <inttypes.h>
#include <string.h>

enum { TOTAL_MAX = 99999999, MINIMUM_DEFAULT = 50 };

/* What is not "two digits, any last digit, at least 50 units". */
static const struct special {
	char code[STRIPE_CURRENCY_SIZE];
	unsigned digits;
	unsigned multiple;  /* unit amounts are a multiple of it */
	int64_t minimum;
} specials[] = {
	{ "bif", 0, 1, 1 },      { "clp", 0, 1, 1 },      { "djf", 0, 1, 1 },      { "gnf", 0, 1, 1 },
	{ "jpy", 0, 1, 50 },     { "kmf", 0, 1, 1 },      { "krw", 0, 1, 50 },     { "mga", 0, 1, 1 },
	{ "pyg", 0, 1, 1 },      { "rwf", 0, 1, 1 },      { "vnd", 0, 1, 1 },      { "vuv", 0, 1, 1 },
	{ "xaf", 0, 1, 1 },      { "xof", 0, 1, 1 },      { "xpf", 0, 1, 1 },      { "isk", 2, 100, 100 },
	{ "ugx", 2, 100, 100 },  { "bhd", 3, 10, 200 },   { "jod", 3, 10, 400 },   { "kwd", 3, 10, 200 },
	{ "omr", 3, 10, 200 },   { "tnd", 3, 10, 1500 },  { "gbp", 2, 1, 30 },     { "dkk", 2, 1, 250 },
	{ "nok", 2, 1, 300 },    { "sek", 2, 1, 300 },    { "hkd", 2, 1, 400 },    { "mxn", 2, 1, 1000 },
	{ "pln", 2, 1, 200 },    { "ron", 2, 1, 200 },    { "aed", 2, 1, 200 },    { "myr", 2, 1, 200 },
	{ "czk", 2, 1, 1500 },   { "huf", 2, 1, 17500 },  { "thb", 2, 1, 1000 },
};

static const char others[] =
	"afn all amd ang aoa ars aud awg azn bam bbd bdt bmd bnd bob brl bsd bwp byn bzd cad cdf chf cny cop crc "
	"cve dop dzd egp etb eur fjd fkp gel gip gmd gtq gyd hnl htg idr ils inr jmd kes kgs khr kyd kzt lak lbp "
	"lkr lrd lsl mad mdl mkd mmk mnt mop mur mvr mwk mzn nad ngn nio npr nzd pab pen pgk php pkr qar rsd rub "
	"sar sbd scr sgd shp sle sos srd std szl tjs top try ttd twd tzs uah usd uyu uzs wst xcd xcg yer zar zmw";

static struct special rules_of(const char *currency)
{
	for (size_t i = 0; i < sizeof specials / sizeof specials[0]; i++)
		if (strcmp(specials[i].code, currency) == 0)
			return specials[i];
	return (struct special){ "", 2, 1, MINIMUM_DEFAULT };
}

bool currency_is_known(const char *currency)
{
	return strlen(currency) == 3 && strchr(currency, ' ') == NULL &&
	       (strstr(others, currency) != NULL || rules_of(currency).code[0] != '\0');
}

bool currency_check_unit(const char *currency, int64_t unit_amount, const char *param, struct refusal *refusal)
{
	struct special rules = rules_of(currency);

	if (unit_amount < 0)
		return refuse(refusal, 400, "parameter_invalid_integer", param,
		              "This value must be greater than or equal to 0.");
	if (unit_amount > TOTAL_MAX)
		return refuse(refusal, 400, "amount_too_large", param, "Amount must be no more than 999,999.99");
	if (unit_amount % rules.multiple != 0)
		return refuse(refusal, 400, "invalid_charge_amount", param,
		              "Amounts in %s must be a multiple of %u.", currency, rules.multiple);
	return true;
}

bool currency_check_total(const char *currency, int64_t total, const char *param, struct refusal *refusal)
{
	if (total > TOTAL_MAX)
		return refuse(refusal, 400, "amount_too_large", param,
		              "The Checkout Session's total amount must be no more than 999,999.99");
	if (total < rules_of(currency).minimum)
		return refuse(refusal, 400, "amount_too_small", param,
		              "The Checkout Session's total amount must convert to at least 50 cents. "
		              "%" PRId64 " %s is less.", total, currency);
	return true;
}

void currency_show(const char *currency, int64_t amount, struct buffer *out)
{
	unsigned digits = rules_of(currency).digits;
	uint64_t scale = digits == 0 ? 1 : digits == 2 ? 100 : 1000;
	uint64_t units = amount < 0 ? 0 - (uint64_t)amount : (uint64_t)amount;

	buffer_format(out, "%s%" PRIu64, amount < 0 ? "-" : "", units / scale);
	if (digits > 0)
		buffer_format(out, ".%0*" PRIu64, (int)digits, units % scale);
	buffer_char(out, ' ');
	for (const char *c = currency; *c != '\0'; c++)
		buffer_char(out, (char)(*c - 'a' + 'A'));
}

int64_t currency_fee(const char *currency, int64_t amount)
{
	struct special rules = rules_of(currency);
	int64_t fixed = rules.digits == 3 ? 250 : 25;
	int64_t fee = (amount * 15 + 500) / 1000 + fixed;

	return fee < amount ? fee : amount;
}

int64_t currency_dispute_fee(const char *currency)
{
	return rules_of(currency).digits == 3 ? 15000 : 1500;
}
