#include "domain/token.h"

#include <endian.h>
#include <string.h>

#include "base/digest.h"

enum { KIND_CHARACTERS = 4, CODE_CHARACTERS = 26 };

static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";

/* One more than the value of a character; 0 for what is none of the alphabet. */
static const uint8_t values[256] = {
	['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,
	['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
	['g'] = 17, ['h'] = 18, ['j'] = 19, ['k'] = 20, ['m'] = 21, ['n'] = 22, ['p'] = 23, ['q'] = 24,
	['r'] = 25, ['s'] = 26, ['t'] = 27, ['v'] = 28, ['w'] = 29, ['x'] = 30, ['y'] = 31, ['z'] = 32,
};

static uint8_t value_of(char c)
{
	return (uint8_t)(values[(unsigned char)c] - 1);
}

/* 26 characters hold 130 bits, the first two of which are 0: two characters a byte, then eight five bytes, three times. */
static void token_write(const char *kind, const uint8_t bytes[static TOKEN_BYTES],
                        char token[static TOKEN_SIZE])
{
	char *out = token + KIND_CHARACTERS;

	memcpy(token, kind, KIND_CHARACTERS);
	*out++ = alphabet[bytes[0] >> 5];
	*out++ = alphabet[bytes[0] & 31];
	for (size_t at = 1; at < TOKEN_BYTES; at += 5) {
		uint64_t bits = (uint64_t)bytes[at] << 32 | (uint64_t)bytes[at + 1] << 24 | (uint64_t)bytes[at + 2] << 16
		                | (uint64_t)bytes[at + 3] << 8 | bytes[at + 4];

		for (int shift = 35; shift >= 0; shift -= 5)
			*out++ = alphabet[bits >> shift & 31];
	}
	*out = '\0';
}

void token_pledge(int64_t wall_ms, const uint8_t entropy[static 10], char token[static TOKEN_SIZE])
{
	uint8_t bytes[TOKEN_BYTES];

	for (int i = 0; i < 6; i++)
		bytes[i] = (uint8_t)((uint64_t)wall_ms >> (40 - 8 * i));
	memcpy(bytes + 6, entropy, 10);
	bytes[6] = (uint8_t)(0x70 | (bytes[6] & 0x0f)); /* version 7 */
	bytes[8] = (uint8_t)(0x80 | (bytes[8] & 0x3f)); /* the variant of RFC 9562 */
	token_write("plg_", bytes, token);
}

enum err token_receipt(const uint8_t secret[static RECEIPT_SECRET_BYTES],
                       const char *pledge, const char *payment, char token[static TOKEN_SIZE])
{
	const struct bytes key = { (const char *)secret, RECEIPT_SECRET_BYTES };
	const struct bytes pieces[] = { { pledge, strlen(pledge) + 1 }, bytes_of(payment) };
	uint8_t mac[DIGEST_BYTES];
	enum err err = digest_hmac(key, pieces, 2, mac);

	if (err == OK)
		token_write("rcp_", mac, token);
	return err;
}

void token_pledge_of(const uint8_t bytes[static TOKEN_BYTES], char token[static TOKEN_SIZE])
{
	token_write("plg_", bytes, token);
}

/* The first character holds three bits: a larger one would be a second spelling. */
static bool is_token(struct bytes text, const char *kind)
{
	bool good = true;

	if (text.length != KIND_CHARACTERS + CODE_CHARACTERS || memcmp(text.data, kind, KIND_CHARACTERS) != 0)
		return false;
	for (size_t i = KIND_CHARACTERS; i < KIND_CHARACTERS + CODE_CHARACTERS; i++)
		good &= values[(unsigned char)text.data[i]] != 0;
	return good && value_of(text.data[KIND_CHARACTERS]) < 8;
}

bool token_is_pledge(struct bytes text)
{
	return is_token(text, "plg_");
}

bool token_is_receipt(struct bytes text)
{
	return is_token(text, "rcp_");
}

void token_bytes(const char *token, uint8_t bytes[static TOKEN_BYTES])
{
	const char *in = token + KIND_CHARACTERS;

	bytes[0] = (uint8_t)(value_of(in[0]) << 5 | value_of(in[1]));
	in += 2;
	for (size_t at = 1; at < TOKEN_BYTES; at += 5) {
		uint64_t bits = 0;

		for (int i = 0; i < 8; i++)
			bits = (bits << 5) + values[(unsigned char)*in++];
		bits -= 0x0842108421; /* each of the values is one too many */
		bits = htobe64(bits << 24);
		memcpy(bytes + at, &bits, 5);
	}
}
