#include "web/lines.h"

enum { NARROW = 3, WIDE = 5, FIRST_WIDE = 0x2e80, COMMA = 0x3001, STOP = 0x3002, LEFT_TO_RIGHT = 0x200e, RIGHT_TO_LEFT = 0x200f };

/* The letter that begins there; of what is no UTF-8 each byte is one. */
static uint32_t letter_at(struct bytes text, size_t at, size_t *size)
{
	unsigned char first = (unsigned char)text.data[at];
	size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
	uint32_t letter = length == 1 ? first : first & (0x7fu >> length);

	*size = at + length <= text.length ? length : text.length - at;
	for (size_t i = 1; i < *size; i++)
		letter = letter << 6 | ((unsigned char)text.data[at + i] & 0x3f);
	return letter;
}

static int32_t width_of(uint32_t letter)
{
	if (letter == LEFT_TO_RIGHT || letter == RIGHT_TO_LEFT)
		return 0;
	return letter >= FIRST_WIDE ? WIDE : NARROW;
}

/* Where the line ends that cannot hold the letter at `at`. */
static size_t end_of(size_t behind_word, size_t behind_letter, size_t at)
{
	if (behind_word > 0)
		return behind_word;
	return behind_letter > 0 ? behind_letter : at;
}

struct bytes lines_first(struct bytes *rest, int32_t letters)
{
	struct bytes line = *rest;
	int32_t room = letters * NARROW;
	size_t behind_word = 0;
	size_t behind_letter = 0;
	size_t size;

	for (size_t at = 0; at < rest->length; at += size) {
		uint32_t letter = letter_at(*rest, at, &size);
		bool ends_clause = letter == COMMA || letter == STOP;

		room -= width_of(letter);
		if (letter == ' ')
			behind_word = at;
		else if (letter >= FIRST_WIDE && !ends_clause)
			behind_letter = at;
		if (room < 0 && letter != ' ' && at > 0) {
			line.length = end_of(behind_word, behind_letter, at);
			break;
		}
		if (ends_clause)
			behind_word = at + size;
	}
	rest->data += line.length;
	rest->length -= line.length;
	if (rest->length > 0 && rest->data[0] == ' ')
		*rest = (struct bytes){ rest->data + 1, rest->length - 1 };
	return line;
}
