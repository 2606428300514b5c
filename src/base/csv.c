#include "base/csv.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "base/plain.h"
#include "base/text.h"

/* What a spreadsheet may pass over before it looks for a formula: blanks of any width, and quotes. */
static const char *const passed_over[] = {
	" ", "\t", "\r", "\n", "\v", "\f", "\"", "'",
	"\xc2\xa0",     /* no-break space */
	"\xe2\x80\x8b", /* zero width space */
	"\xe3\x80\x80", /* ideographic space */
	"\xef\xbb\xbf", /* byte order mark */
};

/* What begins a formula, and the full-width forms that East Asian versions take for the same. */
static const char *const formula_starts[] = {
	"=", "+", "-", "@", "\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0",
};

enum {
	PASSED_OVER = sizeof passed_over / sizeof passed_over[0],
	FORMULA_STARTS = sizeof formula_starts / sizeof formula_starts[0],
};

/* The length of the one of `list` that the text begins with, 0 for none. */
static size_t starts_with_one(struct bytes text, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (bytes_starts_with(text, list[i]))
			return strlen(list[i]);
	return 0;
}

/* Whether the cell must not stand as it is: a formula, or an apostrophe that would be taken for ours. */
static bool needs_apostrophe(struct bytes text)
{
	if (text.length > 0 && memchr("'\t\r\n", text.data[0], 4) != NULL)
		return true;
	for (;;) {
		size_t length = starts_with_one(text, passed_over, PASSED_OVER);

		if (length == 0)
			break;
		text = (struct bytes){ text.data + length, text.length - length };
	}
	return starts_with_one(text, formula_starts, FORMULA_STARTS) > 0;
}

static bool needs_quotes(const struct csv *csv, struct bytes text)
{
	for (size_t i = 0; i < text.length; i++)
		if (text.data[i] == csv->delimiter || memchr("\"\r\n", text.data[i], 3) != NULL)
			return true;
	return false;
}

/* Most cells are words that nobody takes for anything else: no rule below has to be asked. */
static bool is_word(struct bytes text, char delimiter)
{
	char first = text.data[0];
	bool is_letter = (first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z');

	return (is_letter || (first >= '0' && first <= '9')) && plain_length(text.data, text.length) == text.length
	       && memchr(text.data, delimiter, text.length) == NULL;
}

static void separate(struct csv *csv)
{
	if (csv->cells++ > 0)
		buffer_char(csv->out, csv->delimiter);
}

static void put_quoted(struct buffer *out, struct bytes text)
{
	size_t plain = 0;

	for (size_t i = 0; i < text.length; i++) {
		if (text.data[i] != '"')
			continue;
		/* Up to and with the quote, which then stands again at the front of the next piece. */
		buffer_append(out, text.data + plain, i + 1 - plain);
		plain = i;
	}
	buffer_append(out, text.data + plain, text.length - plain);
}

void csv_bytes(struct csv *csv, struct bytes text)
{
	struct buffer *out = csv->out;

	separate(csv);
	if (text.length == 0)
		return;
	if (is_word(text, csv->delimiter)) {
		buffer_bytes(out, text);
		return;
	}
	if (!text_is_utf8(text) || memchr(text.data, '\0', text.length) != NULL) {
		out->err = out->err != OK ? out->err : ERR_INPUT;
		return;
	}
	bool quotes = needs_quotes(csv, text);

	if (quotes)
		buffer_char(out, '"');
	if (needs_apostrophe(text))
		buffer_char(out, '\'');
	put_quoted(out, text);
	if (quotes)
		buffer_char(out, '"');
}

void csv_text(struct csv *csv, const char *text)
{
	csv_bytes(csv, text == NULL ? (struct bytes){ 0 } : bytes_of(text));
}

void csv_word(struct csv *csv, const char *word)
{
	separate(csv);
	if (word != NULL)
		buffer_text(csv->out, word);
}

static bool is_decimal(const char *text)
{
	text += *text == '-';
	size_t whole = strspn(text, "0123456789");
	size_t decimals = text[whole] == '.' ? strspn(text + whole + 1, "0123456789") : 0;

	if (whole == 0 || (text[whole] == '.' && decimals == 0))
		return false;
	return text[whole + (decimals > 0) + decimals] == '\0';
}

void csv_decimal(struct csv *csv, const char *decimal)
{
	assert(is_decimal(decimal));
	assert(csv->decimal_mark != csv->delimiter);
	separate(csv);
	size_t start = csv->out->length;

	buffer_text(csv->out, decimal);
	char *point = csv->out->err == OK ? memchr(csv->out->data + start, '.', csv->out->length - start) : NULL;

	if (point != NULL)
		*point = csv->decimal_mark;
}

void csv_unsigned(struct csv *csv, uint64_t number)
{
	separate(csv);
	buffer_unsigned(csv->out, number);
}

void csv_empty(struct csv *csv)
{
	separate(csv);
}

void csv_row_end(struct csv *csv)
{
	assert(csv->cells > 0);
	/* A row of one empty cell would be an empty line, which readers pass over. */
	if (csv->cells == 1 && csv->out->length == csv->row_start)
		buffer_text(csv->out, "\"\"");
	buffer_text(csv->out, "\r\n");
	csv->cells = 0;
	csv->row_start = csv->out->length;
}
