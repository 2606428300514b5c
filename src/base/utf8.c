#include "base/utf8.h"

/* How many bytes the lead byte announces, and the range of the second one that RFC 3629 allows. */
static size_t announced(unsigned char lead, unsigned char *low, unsigned char *high)
{
	*low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
	*high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
	if (lead < 0x80)
		return 1;
	if (lead < 0xc2 || lead > 0xf4)
		return 0;
	return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

size_t utf8_sequence(struct bytes text)
{
	unsigned char low;
	unsigned char high;

	if (text.length == 0)
		return 0;
	size_t length = announced((unsigned char)text.data[0], &low, &high);

	if (length > text.length)
		return 0;
	for (size_t i = 1; i < length; i++) {
		unsigned char byte = (unsigned char)text.data[i];

		if (byte < low || byte > high)
			return 0;
		low = 0x80;
		high = 0xbf;
	}
	return length;
}

bool utf8_is_valid(struct bytes text)
{
	while (text.length > 0) {
		size_t length = utf8_sequence(text);

		if (length == 0)
			return false;
		text.data += length;
		text.length -= length;
	}
	return true;
}
