#include "web/numbers.h"

#include <assert.h>
#include <string.h>

#include "web/number_forms.h"

static void append_grouped(struct buffer *out, const struct number_forms *forms, struct bytes digits)
{
	bool grouped = digits.length >= forms->least_grouped;

	for (size_t i = 0; i < digits.length; i++) {
		if (grouped && i > 0 && (digits.length - i) % 3 == 0)
			buffer_text(out, forms->group);
		buffer_char(out, digits.data[i]);
	}
}

static void append_count(struct buffer *out, const struct number_forms *forms, uint64_t count)
{
	char digits[TIME_TEXT_SIZE];
	struct buffer plain = BUFFER_ON(digits);

	buffer_unsigned(&plain, count);
	append_grouped(out, forms, buffer_view(&plain));
}

/* The sizes of the header have room for whatever can be written. */
static void assert_whole(const struct buffer *out)
{
	enum err err = buffer_err(out);

	assert(err == OK);
}

void numbers_count(enum language language, uint64_t count, char text[static COUNT_TEXT_SIZE])
{
	struct buffer out = { .data = text, .capacity = COUNT_TEXT_SIZE, .max = COUNT_TEXT_SIZE - 1 };

	append_count(&out, &number_forms[language], count);
	assert_whole(&out);
}

void numbers_percent(enum language language, uint64_t percent, char text[static COUNT_TEXT_SIZE])
{
	struct buffer out = { .data = text, .capacity = COUNT_TEXT_SIZE, .max = COUNT_TEXT_SIZE - 1 };

	append_count(&out, &number_forms[language], percent);
	buffer_text(&out, number_forms[language].percent);
	assert_whole(&out);
}

/* ---- amounts ---- */

/* What stands before or behind the digits, with the symbol where it belongs. */
static void append_affix(struct buffer *out, const char *affix, const char *symbol)
{
	const char *place = strchr(affix, '$');

	if (place == NULL) {
		buffer_text(out, affix);
		return;
	}
	buffer_append(out, affix, (size_t)(place - affix));
	buffer_text(out, symbol);
	buffer_text(out, place + 1);
}

static struct number_symbol symbol_of(const struct number_forms *forms, const struct currency *currency)
{
	struct number_symbol plain = { .symbol = currency->code, .frame = 0 };

	for (size_t i = 0; i < forms->symbol_count; i++)
		if (strcmp(forms->symbols[i].code, currency->code) == 0)
			return forms->symbols[i];
	return plain;
}

static void append_digits(struct buffer *out, const struct number_forms *forms, const char *digits, bool brief)
{
	size_t whole = strcspn(digits, ".");
	const char *decimals = digits + whole + (digits[whole] == '.');

	append_grouped(out, forms, (struct bytes){ digits, whole });
	if (decimals[0] == '\0' || (brief && strspn(decimals, "0") == strlen(decimals)))
		return;
	buffer_text(out, forms->decimal);
	buffer_text(out, decimals);
}

static void write_money(enum language language, const struct money *money, bool brief, char text[static MONEY_TEXT_SIZE])
{
	const struct number_forms *forms = &number_forms[language];
	const struct number_symbol symbol = symbol_of(forms, &money->currency);
	const struct number_frame *frame = &forms->frames[symbol.frame];
	struct buffer out = { .data = text, .capacity = MONEY_TEXT_SIZE, .max = MONEY_TEXT_SIZE - 1 };
	char plain[AMOUNT_TEXT_SIZE];

	money_format(money, plain);
	bool negative = plain[0] == '-';

	append_affix(&out, negative ? frame->before_negative : frame->before, symbol.symbol);
	append_digits(&out, forms, plain + negative, brief);
	append_affix(&out, negative ? frame->behind_negative : frame->behind, symbol.symbol);
	assert_whole(&out);
}

void numbers_money(enum language language, const struct money *money, char text[static MONEY_TEXT_SIZE])
{
	write_money(language, money, false, text);
}

void numbers_money_short(enum language language, const struct money *money, char text[static MONEY_TEXT_SIZE])
{
	write_money(language, money, true, text);
}
