#include "routes/money_text.h"

#include <assert.h>
#include <string.h>

#define NO_BREAK_SPACE "\xc2\xa0"

/* Unicode CLDR 42, English, without those that are words (CFPF, FCFA). */
static const struct {
	const char *code;
	const char *symbol;
} symbols[] = {
	{ "AUD", "A$" }, { "BRL", "R$" }, { "CAD", "CA$" }, { "CNY", "CN¥" }, { "EUR", "€" },
	{ "GBP", "£" }, { "HKD", "HK$" }, { "ILS", "₪" }, { "INR", "₹" }, { "JPY", "¥" },
	{ "KRW", "₩" }, { "MXN", "MX$" }, { "NZD", "NZ$" }, { "PHP", "₱" }, { "TWD", "NT$" },
	{ "USD", "$" }, { "VND", "₫" }, { "XCD", "EC$" },
};

static void append_currency(struct buffer *out, const struct currency *currency)
{
	for (size_t i = 0; i < sizeof symbols / sizeof symbols[0]; i++)
		if (strcmp(symbols[i].code, currency->code) == 0) {
			buffer_text(out, symbols[i].symbol);
			return;
		}
	buffer_text(out, currency->code);
	buffer_text(out, NO_BREAK_SPACE);
}

static void append_grouped(struct buffer *out, struct bytes digits)
{
	for (size_t i = 0; i < digits.length; i++) {
		if (i > 0 && (digits.length - i) % 3 == 0)
			buffer_char(out, ',');
		buffer_char(out, digits.data[i]);
	}
}

static void write_text(const struct money *money, bool brief, char text[static MONEY_TEXT_SIZE])
{
	char plain[AMOUNT_TEXT_SIZE];
	char whole_text[MONEY_TEXT_SIZE];
	struct buffer out = BUFFER_ON(whole_text);

	money_format(money, plain);
	const char *digits = plain + (plain[0] == '-');
	size_t whole = strcspn(digits, ".");
	const char *decimals = digits + whole;

	if (plain[0] == '-')
		buffer_char(&out, '-');
	append_currency(&out, &money->currency);
	append_grouped(&out, (struct bytes){ digits, whole });
	if (!brief || strspn(decimals, ".0") < strlen(decimals))
		buffer_text(&out, decimals);
	enum err err = buffer_err(&out);

	assert(err == OK);
	memcpy(text, whole_text, out.length + 1);
}

void money_text(const struct money *money, char text[static MONEY_TEXT_SIZE])
{
	write_text(money, false, text);
}

void money_text_short(const struct money *money, char text[static MONEY_TEXT_SIZE])
{
	write_text(money, true, text);
}
