#include "base/plural.h"

#include <stdbool.h>

enum { DEPTH_MAX = 64 };

/* The expression, how far it is read, and whether it is still one. */
struct reading {
	struct bytes rest;
	uint64_t n;
	unsigned depth;
	bool bad;
};

static void skip_blanks(struct reading *reading)
{
	while (reading->rest.length > 0 && (reading->rest.data[0] == ' ' || reading->rest.data[0] == '\t'))
		reading->rest = (struct bytes){ reading->rest.data + 1, reading->rest.length - 1 };
}

static bool take(struct reading *reading, const char *what)
{
	size_t length = strlen(what);

	skip_blanks(reading);
	if (!bytes_starts_with(reading->rest, what))
		return false;
	reading->rest = (struct bytes){ reading->rest.data + length, reading->rest.length - length };
	return true;
}

static uint64_t read_number(struct reading *reading)
{
	uint64_t number = 0;
	size_t digits = 0;

	skip_blanks(reading);
	while (digits < reading->rest.length && reading->rest.data[digits] >= '0' && reading->rest.data[digits] <= '9') {
		number = number * 10 + (uint64_t)(reading->rest.data[digits] - '0');
		digits++;
	}
	reading->bad = reading->bad || digits == 0 || digits > 9;
	if (digits > 0)
		reading->rest = (struct bytes){ reading->rest.data + digits, reading->rest.length - digits };
	return number;
}

static uint64_t read_choice(struct reading *reading);

static uint64_t read_value(struct reading *reading)
{
	uint64_t value;

	/* Every way to go deeper leads through here. */
	if (++reading->depth > DEPTH_MAX)
		reading->bad = true;
	if (reading->bad)
		value = 0;
	else if (take(reading, "!"))
		value = read_value(reading) == 0;
	else if (take(reading, "n"))
		value = reading->n;
	else if (take(reading, "(")) {
		value = read_choice(reading);
		reading->bad = reading->bad || !take(reading, ")");
	} else {
		value = read_number(reading);
	}
	reading->depth--;
	return value;
}

/* ---- the operators, from those that bind the most to those that bind the least ---- */

static const struct operator {
	const char *sign;
	unsigned level;
} operators[] = {
	{ "*", 0 },  { "/", 0 },  { "%", 0 },  { "+", 1 },  { "-", 1 },  { "<=", 2 }, { ">=", 2 },
	{ "<", 2 },  { ">", 2 },  { "==", 3 }, { "!=", 3 }, { "&&", 4 }, { "||", 5 },
};

enum { OPERATORS = sizeof operators / sizeof operators[0], LEVELS = 6 };

static uint64_t apply(struct reading *reading, const struct operator *operator, uint64_t a, uint64_t b)
{
	switch (operator->sign[0]) {
	case '*':
		return a * b;
	case '/':
	case '%':
		reading->bad = reading->bad || b == 0;
		return b == 0 ? 0 : operator->sign[0] == '/' ? a / b : a % b;
	case '+':
		return a + b;
	case '-':
		return a - b;
	case '<':
		return operator->sign[1] == '=' ? a <= b : a < b;
	case '>':
		return operator->sign[1] == '=' ? a >= b : a > b;
	case '=':
		return a == b;
	case '!':
		return a != b;
	case '&':
		return a != 0 && b != 0;
	default:
		return a != 0 || b != 0;
	}
}

static const struct operator *take_operator(struct reading *reading, unsigned level)
{
	for (size_t i = 0; i < OPERATORS; i++)
		if (operators[i].level == level && take(reading, operators[i].sign))
			return &operators[i];
	return NULL;
}

/* Values joined by operators of this level; both sides are read whatever they are, since nothing has effects. */
static uint64_t read_level(struct reading *reading, unsigned level)
{
	uint64_t value = level == 0 ? read_value(reading) : read_level(reading, level - 1);
	const struct operator *operator;

	while (!reading->bad && (operator = take_operator(reading, level)) != NULL) {
		uint64_t right = level == 0 ? read_value(reading) : read_level(reading, level - 1);

		value = apply(reading, operator, value, right);
	}
	return value;
}

static uint64_t read_choice(struct reading *reading)
{
	uint64_t condition = read_level(reading, LEVELS - 1);

	if (reading->bad || !take(reading, "?"))
		return condition;
	if (++reading->depth > DEPTH_MAX)
		reading->bad = true;
	uint64_t first = reading->bad ? 0 : read_choice(reading);

	reading->bad = reading->bad || !take(reading, ":");
	uint64_t second = reading->bad ? 0 : read_choice(reading);

	reading->depth--;
	return condition != 0 ? first : second;
}

enum err plural_form(struct bytes forms, uint64_t count, unsigned *form)
{
	struct reading reading = { .rest = forms, .n = count };

	if (!take(&reading, "nplurals") || !take(&reading, "="))
		return ERR_INPUT;
	uint64_t most = read_number(&reading);

	if (reading.bad || most > PLURAL_FORMS_MAX || !take(&reading, ";") || !take(&reading, "plural")
	    || !take(&reading, "="))
		return ERR_INPUT;
	uint64_t value = read_choice(&reading);

	(void)take(&reading, ";");
	skip_blanks(&reading);
	if (reading.bad || reading.rest.length > 0 || value >= most)
		return ERR_INPUT;
	*form = (unsigned)value;
	return OK;
}
