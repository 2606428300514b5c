#include "sandbox/exchange.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"

enum { RATE_DIGITS = 6 };

/* Where the currency's rate stands, or would. */
static size_t index_of(const struct exchange *exchange, const char *from)
{
	size_t at = 0;

	while (at < exchange->count && strcmp(exchange->rates[at].from, from) != 0)
		at++;
	return at;
}

enum err exchange_set(struct exchange *exchange, const struct rate *rate)
{
	size_t at = index_of(exchange, rate->from);

	if (strcmp(rate->from, rate->to) == 0) {
		if (at < exchange->count)
			exchange->rates[at] = exchange->rates[--exchange->count];
		return OK;
	}
	if (at == RATES_MAX)
		return ERR_TOO_BIG;
	exchange->count += at == exchange->count;
	exchange->rates[at] = *rate;
	return OK;
}

const struct rate *exchange_find(const struct exchange *exchange, const char *from)
{
	size_t at = index_of(exchange, from);

	return at < exchange->count ? &exchange->rates[at] : NULL;
}

struct price exchange_convert(const struct rate *rate, int64_t amount)
{
	struct price price = { 0 };
	int64_t product = (amount < 0 ? -amount : amount) * rate->millionths;
	int64_t rounded = (product + RATE_ONE / 2) / RATE_ONE;

	price.amount = amount < 0 ? -rounded : rounded;
	memcpy(price.currency, rate->to, sizeof price.currency);
	return price;
}

/* ---- as text ---- */

enum err rate_read(struct bytes text, int64_t *millionths)
{
	const char *point = memchr(text.data, '.', text.length);
	struct bytes whole = { text.data, point == NULL ? text.length : (size_t)(point - text.data) };
	uint64_t units;
	int64_t part = 0;
	int64_t weight = RATE_ONE;

	if (text_unsigned(whole, RATE_MAX / RATE_ONE - 1, &units) != OK)
		return ERR_INPUT;
	for (size_t i = whole.length + 1; i < text.length; i++) {
		weight /= 10;
		if (text.data[i] < '0' || text.data[i] > '9' || weight == 0)
			return ERR_INPUT;
		part += (text.data[i] - '0') * weight;
	}
	if ((point != NULL && weight == RATE_ONE) || (units == 0 && part == 0))
		return ERR_INPUT;
	*millionths = (int64_t)units * RATE_ONE + part;
	return OK;
}

void rate_write(int64_t millionths, struct buffer *out)
{
	int64_t part = millionths % RATE_ONE;
	int digits = RATE_DIGITS;

	buffer_format(out, "%" PRId64, millionths / RATE_ONE);
	if (part == 0)
		return;
	for (; part % 10 == 0; part /= 10)
		digits--;
	buffer_format(out, ".%0*" PRId64, digits, part);
}
