#include "web/dates.h"

#include <assert.h>

#include "base/text.h"
#include "web/date_forms.h"

/* Of two digits the first only where it is none that fills up. */
static void append_day(struct buffer *out, const char *digits)
{
	if (digits[0] != '0')
		buffer_char(out, digits[0]);
	buffer_char(out, digits[1]);
}

void dates_long(enum language language, int64_t time_s, char text[static DATE_TEXT_SIZE])
{
	const struct date_forms *forms = &date_forms[language];
	struct buffer out = { .data = text, .capacity = DATE_TEXT_SIZE, .max = DATE_TEXT_SIZE - 1 };
	char plain[TIME_TEXT_SIZE];

	text_time_s(time_s, plain);
	for (const char *at = forms->order; *at != '\0'; at++) {
		if (*at == 'D')
			append_day(&out, plain + 8);
		else if (*at == 'M')
			buffer_text(&out, forms->months[(plain[5] - '0') * 10 + plain[6] - '0' - 1]);
		else if (*at == 'Y')
			buffer_append(&out, plain, 4);
		else
			buffer_char(&out, *at);
	}
	/* The header's size has room for every date. */
	enum err err = buffer_err(&out);

	assert(err == OK);
}
