#include "domain/token.h"

#include <string.h>

#include "base/digest.h"

enum { KIND_CHARACTERS = 4, CODE_CHARACTERS = 26 };

static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";

/* The value of a character, or -1 when it is none of the alphabet. */
static int value_of(char c)
{
	/* One more than the value; what is not named is 0. */
	static const uint8_t values[128] = {
		['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,
		['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
		['g'] = 17, ['h'] = 18, ['j'] = 19, ['k'] = 20, ['m'] = 21, ['n'] = 22, ['p'] = 23, ['q'] = 24,
		['r'] = 25, ['s'] = 26, ['t'] = 27, ['v'] = 28, ['w'] = 29, ['x'] = 30, ['y'] = 31, ['z'] = 32,
	};
	unsigned char index = (unsigned char)c;

	return index < sizeof values ? values[index] - 1 : -1;
}

static void token_write(const char *kind, const uint8_t bytes[static TOKEN_BYTES],
                        char token[static TOKEN_SIZE])
{
	/* 26 characters hold 130 bits: the two that the bytes do not have stand in front, as in a number. */
	unsigned pending = 0;
	unsigned bits = 2;
	size_t next = 0;

	memcpy(token, kind, KIND_CHARACTERS);
	for (int i = 0; i < CODE_CHARACTERS; i++) {
		if (bits < 5) {
			pending = pending << 8 | bytes[next++];
			bits += 8;
		}
		bits -= 5;
		token[KIND_CHARACTERS + i] = alphabet[pending >> bits & 31];
	}
	token[KIND_CHARACTERS + CODE_CHARACTERS] = '\0';
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
	if (text.length != KIND_CHARACTERS + CODE_CHARACTERS || !bytes_starts_with(text, kind))
		return false;
	for (size_t i = KIND_CHARACTERS; i < text.length; i++)
		if (value_of(text.data[i]) < 0)
			return false;
	return value_of(text.data[KIND_CHARACTERS]) < 8;
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
	/* 26 characters are 130 bits, the first two of which are 0. */
	unsigned pending = (unsigned)value_of(token[KIND_CHARACTERS]);
	unsigned bits = 3;
	size_t done = 0;

	for (int i = 1; i < CODE_CHARACTERS; i++) {
		pending = pending << 5 | (unsigned)value_of(token[KIND_CHARACTERS + i]);
		bits += 5;
		if (bits >= 8) {
			bits -= 8;
			bytes[done++] = (uint8_t)(pending >> bits);
		}
	}
}
