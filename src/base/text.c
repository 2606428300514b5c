#include "base/text.h"

#include <endian.h>
#include <string.h>

enum err text_unsigned(struct bytes text, uint64_t max, uint64_t *number)
{
	uint64_t sum = 0;

	if (text.length == 0 || (text.length > 1 && text.data[0] == '0'))
		return ERR_INPUT;
	for (size_t i = 0; i < text.length; i++) {
		if (text.data[i] < '0' || text.data[i] > '9')
			return ERR_INPUT;
		if (__builtin_mul_overflow(sum, 10, &sum) || __builtin_add_overflow(sum, (uint64_t)(text.data[i] - '0'), &sum) || sum > max)
			return ERR_TOO_BIG;
	}
	*number = sum;
	return OK;
}

/* The eight digits of four bytes, the first in front: each half byte in a byte of its own, and what is above 9 made a letter. */
static uint64_t hex_of(uint64_t four)
{
	const uint64_t ones = 0x0101010101010101;

	four = (four << 16 | four) & 0x0000ffff0000ffff;
	four = (four << 8 | four) & 0x00ff00ff00ff00ff;
	four = (four << 4 | four) & 0x0f0f0f0f0f0f0f0f;
	uint64_t letters = (four + 6 * ones) >> 4 & ones;

	return four + ones * '0' + letters * ('a' - '0' - 10);
}

void text_hex(const uint8_t *bytes, size_t length, char *out)
{
	size_t i = 0;

	for (; length - i >= 4; i += 4) {
		uint32_t four;

		memcpy(&four, bytes + i, sizeof four);
		uint64_t digits = htobe64(hex_of(be32toh(four)));

		memcpy(out + 2 * i, &digits, sizeof digits);
	}
	for (; i < length; i++) {
		out[2 * i] = "0123456789abcdef"[bytes[i] >> 4];
		out[2 * i + 1] = "0123456789abcdef"[bytes[i] & 15];
	}
	out[2 * length] = '\0';
}

/* One more than the value of a digit, 0 for what is none. */
static const uint8_t hex_values[256] = {
	['0'] = 1, ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,
	['8'] = 9, ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
};

enum err text_unhex(struct bytes text, uint8_t *bytes, size_t length)
{
	if (text.length != 2 * length)
		return ERR_INPUT;
	for (size_t i = 0; i < length; i++) {
		unsigned high = hex_values[(unsigned char)text.data[2 * i]];
		unsigned low = hex_values[(unsigned char)text.data[2 * i + 1]];

		if (high == 0 || low == 0)
			return ERR_INPUT;
		bytes[i] = (uint8_t)((high - 1) << 4 | (low - 1));
	}
	return OK;
}

/* The highest bit of each byte that is one of these two and all between, of ASCII. */
static uint64_t between(uint64_t word, char first, char last)
{
	const uint64_t ones = 0x0101010101010101;
	const uint64_t highs = 0x8080808080808080;
	uint64_t at_least = (word | highs) - ones * (uint64_t)first;
	uint64_t beyond = (word & ~highs) + ones * (uint64_t)(0x7f - last);

	return at_least & ~beyond & ~word & highs;
}

bool text_is_hex(struct bytes text)
{
	uint64_t good = 0x8080808080808080;
	size_t at = 0;

	for (; text.length - at >= sizeof good; at += sizeof good) {
		uint64_t word;

		memcpy(&word, text.data + at, sizeof word);
		good &= between(word, '0', '9') | between(word, 'a', 'f');
	}
	while (at < text.length && hex_values[(unsigned char)text.data[at]] != 0)
		at++;
	return at == text.length && good == 0x8080808080808080;
}

int text_hex_digit(char c)
{
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return hex_values[(unsigned char)c] - 1;
}

struct bytes text_trim(struct bytes text)
{
	while (text.length > 0 && text_is_blank(text.data[0]))
		text = (struct bytes){ text.data + 1, text.length - 1 };
	while (text.length > 0 && text_is_blank(text.data[text.length - 1]))
		text.length--;
	return text;
}

/* How long the sequence is that this byte leads, 0 for none; `least` is the least second byte, `most` the greatest. */
static size_t sequence_length(unsigned char lead, unsigned char *least, unsigned char *most)
{
	*least = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
	*most = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
	if (lead < 0x80)
		return 1;
	if (lead >= 0xc2 && lead <= 0xdf)
		return 2;
	if (lead >= 0xe0 && lead <= 0xef)
		return 3;
	if (lead >= 0xf0 && lead <= 0xf4)
		return 4;
	return 0;
}

/* How many bytes at the front are ASCII, counted by the word. */
static size_t ascii_length(const unsigned char *at, size_t length)
{
	uint64_t word;
	size_t count = 0;

	for (; length - count >= sizeof word; count += sizeof word) {
		memcpy(&word, at + count, sizeof word);
		if ((word & UINT64_C(0x8080808080808080)) != 0)
			break;
	}
	return count;
}

bool text_is_utf8(struct bytes text)
{
	if (text.length == 0)
		return true;
	size_t ascii = ascii_length((const unsigned char *)text.data, text.length);
	const unsigned char *at = (const unsigned char *)text.data + ascii;
	size_t left = text.length - ascii;

	while (left > 0) {
		unsigned char least;
		unsigned char most;
		size_t length = sequence_length(*at, &least, &most);

		if (length == 0 || length > left)
			return false;
		if (length > 1 && (at[1] < least || at[1] > most))
			return false;
		for (size_t i = 2; i < length; i++)
			if ((at[i] & 0xc0) != 0x80)
				return false;
		at += length;
		left -= length;
	}
	return true;
}

/*
 * Days since 1970-01-01 of a date in the proleptic Gregorian calendar, and back; years are counted
 * from March so that the leap day is the last of its year.
 */
static int64_t days_from_date(int64_t year, int64_t month, int64_t day)
{
	year -= month <= 2;
	int64_t era = year / 400;
	int64_t of_era = year - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static void date_from_days(int64_t days, int64_t *year, int64_t *month, int64_t *day)
{
	days += 719468;
	int64_t era = days / 146097;
	int64_t of_era = days - era * 146097;
	int64_t years = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * years + years / 4 - years / 100);
	int64_t from_march = (5 * of_year + 2) / 153;

	*day = of_year - (153 * from_march + 2) / 5 + 1;
	*month = from_march < 10 ? from_march + 3 : from_march - 9;
	*year = years + era * 400 + (*month <= 2);
}

static void put_two(char *out, unsigned number)
{
	out[0] = (char)('0' + number / 10);
	out[1] = (char)('0' + number % 10);
}

/* 2026-11-22T10:59:09 into 19 characters. */
static void put_seconds(int64_t time_s, char *out)
{
	unsigned of_day = (unsigned)(time_s % 86400);
	int64_t year;
	int64_t month;
	int64_t day;

	memcpy(out, "0000-00-00T00:00:00", 19);
	date_from_days(time_s / 86400, &year, &month, &day);
	put_two(out, (unsigned)year / 100);
	put_two(out + 2, (unsigned)year % 100);
	put_two(out + 5, (unsigned)month);
	put_two(out + 8, (unsigned)day);
	put_two(out + 11, of_day / 3600);
	put_two(out + 14, of_day / 60 % 60);
	put_two(out + 17, of_day % 60);
}

void text_time(int64_t time_us, char out[static TIME_TEXT_SIZE])
{
	unsigned micros = (unsigned)(time_us % 1000000);

	put_seconds(time_us / 1000000, out);
	out[19] = '.';
	put_two(out + 20, micros / 10000);
	put_two(out + 22, micros / 100 % 100);
	put_two(out + 24, micros % 100);
	memcpy(out + 26, "Z", 2);
}

void text_time_s(int64_t time_s, char out[static TIME_TEXT_SIZE])
{
	put_seconds(time_s, out);
	memcpy(out + 19, "Z", 2);
}

/* Digits only, leading zeros allowed; -1 when there is anything else. */
static int64_t get_digits(const char *text, int digits)
{
	int64_t number = 0;

	for (int i = 0; i < digits; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		number = number * 10 + (text[i] - '0');
	}
	return number;
}

static int64_t days_of_month(int64_t year, int64_t month)
{
	static const uint8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month - 1] + (month == 2 && leap);
}

static enum err get_date(const char *text, int64_t *time_s)
{
	int64_t year = get_digits(text, 4);
	int64_t month = get_digits(text + 5, 2);
	int64_t day = get_digits(text + 8, 2);

	if (year < 1970 || month < 1 || month > 12 || day < 1 || day > days_of_month(year, month) || text[4] != '-' || text[7] != '-')
		return ERR_INPUT;
	*time_s = days_from_date(year, month, day) * 86400;
	return OK;
}

static enum err get_seconds(const char *text, int64_t *time_s)
{
	int64_t hour = get_digits(text + 11, 2);
	int64_t minute = get_digits(text + 14, 2);
	int64_t second = get_digits(text + 17, 2);

	if (text[10] != 'T' || text[13] != ':' || text[16] != ':' || hour < 0 || hour > 23 || minute < 0
	    || minute > 59 || second < 0 || second > 59 || get_date(text, time_s) != OK)
		return ERR_INPUT;
	*time_s += hour * 3600 + minute * 60 + second;
	return OK;
}

enum err text_parse_time(struct bytes text, int64_t *time_us)
{
	int64_t time_s;

	if (text.length != TIME_TEXT_SIZE - 1 || text.data[19] != '.' || text.data[26] != 'Z')
		return ERR_INPUT;
	int64_t micros = get_digits(text.data + 20, 6);

	if (micros < 0 || get_seconds(text.data, &time_s) != OK)
		return ERR_INPUT;
	*time_us = time_s * 1000000 + micros;
	return OK;
}

enum err text_parse_time_s(struct bytes text, int64_t *time_s)
{
	if (text.length != 20 || text.data[19] != 'Z')
		return ERR_INPUT;
	return get_seconds(text.data, time_s);
}

enum err text_parse_date(struct bytes text, int64_t *time_s)
{
	if (text.length != 10)
		return ERR_INPUT;
	return get_date(text.data, time_s);
}
