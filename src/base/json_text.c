/*
 * The good road: pass white space, look at one byte, read that kind of value, link it to the value
 * before it. Strings and blanks are passed many bytes at a time; only bytes above 0x7f and backslashes
 * leave the fast loop. What reads takes where it begins and returns where it ended, NULL when it refused:
 * the reader then knows the byte where that was.
 */
#include "base/json_text.h"

#include <string.h>

#include "base/limits.h"
#include "base/plain.h"
#include "base/text.h"

struct reader {
	struct json_text *json;
	const char *text;
	const char *end;
	struct json_node *next; /* the first that is free */
	struct json_node *last; /* behind the last that there is */
	unsigned depth;

	/* when it refused */
	const char *stopped;
	const char *complaint;
	enum err err;
};

static const char *refuse(struct reader *reader, const char *at, const char *complaint)
{
	reader->stopped = at;
	reader->complaint = complaint;
	reader->err = ERR_INPUT;
	return NULL;
}

static const char *too_early(struct reader *reader)
{
	return refuse(reader, reader->end, "the text ends too early");
}

/* Texts that are written for people are half blanks, most of them behind the end of a line. */
static const char *skip_spaces(const char *at, const char *end)
{
	while (at < end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t')) {
		at++;
		at += plain_blanks(at, (size_t)(end - at));
	}
	return at;
}

/* Mostly there is none, or one blank: seen without a call. */
static inline const char *skip_space(const char *at, const char *end)
{
	if (at < end && *at == ' ')
		at++;
	return at < end && (unsigned char)*at <= ' ' ? skip_spaces(at, end) : at;
}

static uint32_t offset_of(const struct reader *reader, const char *at)
{
	return (uint32_t)(at - reader->text);
}

/* The four digits behind \u at `at`; -1 when they are not there. */
static int32_t hex4(const char *at, const char *end)
{
	int32_t value = 0;

	if (end - at < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		int digit = text_hex_digit(at[i]);

		if (digit < 0)
			return -1;
		value = value << 4 | digit;
	}
	return value;
}

/* At a backslash: check the escape and step over it. */
static const char *skip_escape(struct reader *reader, const char *at)
{
	const char *end = reader->end;

	if (end - at < 2)
		return refuse(reader, at, "the text ends in an escape");
	if (at[1] != 'u') {
		if (strchr("\"\\/bfnrt", at[1]) == NULL || at[1] == '\0')
			return refuse(reader, at, "an escape that JSON does not have");
		return at + 2;
	}
	int32_t unit = hex4(at + 2, end);

	if (unit <= 0)
		return refuse(reader, at, unit == 0 ? "\\u0000" : "a \\u without four hexadecimal digits");
	at += 6;
	if (unit < 0xd800 || unit > 0xdfff)
		return at;
	if (unit > 0xdbff || end - at < 6 || at[0] != '\\' || at[1] != 'u')
		return refuse(reader, at - 6, "half of a surrogate pair");
	int32_t low = hex4(at + 2, end);

	if (low < 0xdc00 || low > 0xdfff)
		return refuse(reader, at, "half of a surrogate pair");
	return at + 6;
}

/* Step over a run of bytes above 0x7f, which must be whole UTF-8 sequences. */
static const char *skip_utf8(struct reader *reader, const char *start)
{
	const char *at = start;

	while (at < reader->end && (unsigned char)*at >= 0x80)
		at++;
	if (!text_is_utf8((struct bytes){ start, (size_t)(at - start) }))
		return refuse(reader, start, "bytes that are not UTF-8");
	return at;
}

/* What a string holds that is not plain: an escape or other letters. */
static const char *skip_odd(struct reader *reader, const char *at, bool *escaped)
{
	if (*at == '\\') {
		*escaped = true;
		return skip_escape(reader, at);
	}
	if ((unsigned char)*at < 0x20)
		return refuse(reader, at, "a control character in a string");
	return skip_utf8(reader, at);
}

/* At the opening quote. `end` becomes that of the content; the string ends behind its quote. */
static inline const char *read_string(struct reader *reader, const char *at, const char **end, bool *escaped)
{
	at++;
	while (at != NULL) {
		at += plain_length(at, (size_t)(reader->end - at));
		if (at == reader->end)
			return refuse(reader, at, "a string that does not end");
		if (*at == '"') {
			*end = at;
			return at + 1;
		}
		at = skip_odd(reader, at, escaped);
	}
	return NULL;
}

static const char *skip_digits(const char *at, const char *end)
{
	while (at < end && *at >= '0' && *at <= '9')
		at++;
	return at;
}

/* The fraction and the exponent behind an integer, if any. */
static const char *read_real_tail(struct reader *reader, const char *at, bool *real)
{
	const char *end = reader->end;

	*real = false;
	if (at < end && *at == '.') {
		const char *start = ++at;

		at = skip_digits(at, end);
		if (at == start)
			return refuse(reader, at, "a number without digits behind the point");
		*real = true;
	}
	if (at < end && (*at == 'e' || *at == 'E')) {
		at++;
		if (at < end && (*at == '+' || *at == '-'))
			at++;
		const char *start = at;

		at = skip_digits(at, end);
		if (at == start)
			return refuse(reader, at, "an exponent without digits");
		*real = true;
	}
	return at;
}

static bool to_int64(const char *digits, uint32_t length, bool negative, int64_t *number)
{
	uint64_t most = negative ? (uint64_t)INT64_MAX + 1 : (uint64_t)INT64_MAX;
	uint64_t sum;

	if (text_unsigned((struct bytes){ digits, length }, most, &sum) != OK)
		return false;
	*number = negative ? (sum == (uint64_t)INT64_MAX + 1 ? INT64_MIN : -(int64_t)sum) : (int64_t)sum;
	return true;
}

static const char *read_number(struct reader *reader, const char *at, struct json_node *node)
{
	bool negative = *at == '-';
	const char *digits = at + negative;
	int64_t number;
	bool real;

	at = skip_digits(digits, reader->end);
	uint32_t length = (uint32_t)(at - digits);

	if (length == 0)
		return refuse(reader, at, "no JSON value begins like this");
	if (length > 1 && *digits == '0')
		return refuse(reader, at, "a number with a leading zero");
	at = read_real_tail(reader, at, &real);
	if (at == NULL)
		return NULL;
	real = real || !to_int64(digits, length, negative, &number);
	node->kind = real ? JSON_KIND_REAL : JSON_KIND_INTEGER;
	return at;
}

static const char *read_word(struct reader *reader, const char *at, struct json_node *node)
{
	size_t room = (size_t)(reader->end - at);

	if (room >= 4 && memcmp(at, "null", 4) == 0) {
		node->kind = JSON_KIND_NULL;
		return at + 4;
	}
	if (room >= 4 && memcmp(at, "true", 4) == 0) {
		node->kind = JSON_KIND_TRUE;
		return at + 4;
	}
	if (room >= 5 && memcmp(at, "false", 5) == 0) {
		node->kind = JSON_KIND_FALSE;
		return at + 5;
	}
	return refuse(reader, at, "no JSON value begins like this");
}

/* NULL when there are no more. */
static inline struct json_node *new_node(struct reader *reader, const char *at)
{
	struct json_node *node = reader->next;

	if (node == reader->last) {
		(void)refuse(reader, at, "more values than allowed"); /* always NULL */
		reader->err = ERR_TOO_BIG;
		return NULL;
	}
	reader->next++;
	*node = (struct json_node){ .kind = JSON_KIND_NULL };
	return node;
}

/* The next bytes of a checked text, at most four: one that stands for itself, or what an escape means; moves *at behind them. */
static size_t next_piece(struct bytes raw, size_t *at, char piece[static 4]);

/* A name's bytes one after the other. */
struct spelling {
	struct bytes raw;
	size_t at;
	char piece[4];
	size_t length;
	size_t told;
};

static bool next_byte(struct spelling *spelling, char *c)
{
	if (spelling->told == spelling->length) {
		if (spelling->at == spelling->raw.length)
			return false;
		spelling->length = next_piece(spelling->raw, &spelling->at, spelling->piece);
		spelling->told = 0;
	}
	*c = spelling->piece[spelling->told++];
	return true;
}

static bool same_key(const struct json_text *json, const struct json_node *a, const struct json_node *b)
{
	struct spelling one = { .raw = json_text_key(json, a) };
	struct spelling other = { .raw = json_text_key(json, b) };
	char left = '\0';
	char right = '\0';

	if (!a->key_escaped && !b->key_escaped)
		return bytes_equal(one.raw, other.raw);
	for (;;) {
		bool more = next_byte(&one, &left);

		if (next_byte(&other, &right) != more)
			return false;
		if (!more || left != right)
			return !more;
	}
}

/*
 * Over the name as written: its length, its first and its last eight bytes. Names with escapes are compared whole.
 * `room` is how many bytes of the text follow the name's beginning: a short name is read with what follows it, which
 * is then shifted out.
 */
static inline uint32_t hash_key(const char *key, size_t length, size_t room)
{
	uint64_t head = 0;
	uint64_t tail = 0;

	if (length >= 8) {
		head = plain_load(key);
		tail = plain_load(key + length - 8);
	} else if (room >= 8 && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ && length > 0) {
		head = plain_load(key) << (64 - 8 * length) >> (64 - 8 * length);
	} else if (length > 0) {
		memcpy(&head, key, length);
	}
	return (uint32_t)(((head ^ length ^ (tail << 21 | tail >> 43)) * 0x9e3779b97f4a7c15) >> 32);
}

static bool is_duplicate(const struct json_text *json, const struct json_node *first, const struct json_node *node)
{
	for (const struct json_node *other = first; other != NULL && other != node; other = json_text_next(json, other))
		if ((other->key_hash == node->key_hash || other->key_escaped || node->key_escaped) && same_key(json, other, node))
			return true;
	return false;
}

static inline const char *read_value(struct reader *reader, const char *at, struct json_node *node);

/* `"name" :` before a member's value. */
static inline const char *read_key(struct reader *reader, const char *at, struct json_node *node)
{
	const char *end = reader->end;
	const char *start = at + 1;
	const char *close;

	if (*at != '"')
		return refuse(reader, at, "a member without a name");
	at = read_string(reader, at, &close, &node->key_escaped);
	if (at == NULL)
		return NULL;
	node->key_start = offset_of(reader, start);
	node->key_end = offset_of(reader, close);
	node->key_hash = hash_key(start, (size_t)(close - start), (size_t)(end - start));
	at = skip_space(at, end);
	if (at == end)
		return too_early(reader);
	if (*at != ':')
		return refuse(reader, at, "no ':' behind a name");
	return skip_space(at + 1, end);
}

/*
 * Which hashes the names of an object have so far, a bit each: nearly every new one is seen at once to be new. One
 * that is escaped must be compared with all, those before it and those behind it: it sets every bit.
 */
struct names {
	uint64_t bits[8];
};

static inline bool may_be_known(struct names *names, const struct json_node *node)
{
	uint64_t *word = &names->bits[node->key_hash >> 29];
	uint64_t bit = UINT64_C(1) << (node->key_hash >> 23 & 63);
	bool known = (*word & bit) != 0 || node->key_escaped;

	*word |= bit;
	if (node->key_escaped)
		memset(names->bits, 0xff, sizeof names->bits);
	return known;
}

/* One member or element; links it behind `previous`, NULL for none, and becomes it. */
static inline const char *read_child(struct reader *reader, const char *at, struct json_node *parent, struct json_node **previous,
                                     struct names *names)
{
	const char *start = at;
	struct json_node *child = new_node(reader, at);

	if (child == NULL)
		return NULL;
	if (parent->kind == JSON_KIND_OBJECT) {
		at = read_key(reader, at, child);
		if (at == NULL)
			return NULL;
		if (may_be_known(names, child) && *previous != NULL && is_duplicate(reader->json, parent + 1, child))
			return refuse(reader, start, "a name that stands twice in one object");
	}
	if (*previous != NULL)
		(*previous)->next = (uint32_t)(child - reader->json->nodes);
	*previous = child;
	parent->count++;
	return read_value(reader, at, child);
}

/* At the opening bracket. */
static const char *read_children(struct reader *reader, const char *at, struct json_node *parent, char close)
{
	struct names names = { .bits = { 0 } };
	struct json_node *previous = NULL;
	const char *end = reader->end;

	if (++reader->depth > JSON_DEPTH_MAX)
		return refuse(reader, at, "values nested too deeply");
	at = skip_space(at + 1, end);
	if (at < end && *at == close) {
		reader->depth--;
		return at + 1;
	}
	while (at < end) {
		at = read_child(reader, at, parent, &previous, &names);
		if (at == NULL)
			return NULL;
		at = skip_space(at, end);
		if (at == end)
			break;
		if (*at == close) {
			reader->depth--;
			return at + 1;
		}
		if (*at != ',')
			return refuse(reader, at, "neither ',' nor the closing bracket");
		at = skip_space(at + 1, end);
	}
	return too_early(reader);
}

static inline const char *read_value(struct reader *reader, const char *at, struct json_node *node)
{
	if (at == reader->end)
		return too_early(reader);
	char c = *at;
	const char *close;

	node->start = offset_of(reader, at);
	if (c == '"') {
		node->kind = JSON_KIND_STRING;
		node->start++;
		at = read_string(reader, at, &close, &node->escaped);
		if (at != NULL)
			node->end = offset_of(reader, close);
		return at;
	}
	if (c == '{' || c == '[') {
		node->kind = c == '{' ? JSON_KIND_OBJECT : JSON_KIND_ARRAY;
		at = read_children(reader, at, node, c == '{' ? '}' : ']');
	} else if (c == '-' || (c >= '0' && c <= '9')) {
		at = read_number(reader, at, node);
	} else {
		at = read_word(reader, at, node);
	}
	if (at != NULL)
		node->end = offset_of(reader, at);
	return at;
}

enum err json_text_read(struct json_text *json, struct bytes text, struct json_node *nodes,
                        uint32_t node_max, struct why *why)
{
	if (text.data == NULL)
		text = bytes_of("");
	*json = (struct json_text){ .text = text.data, .nodes = nodes, .node_max = node_max };
	if (text.length > UINT32_MAX / 2)
		return why_set(why, ERR_TOO_BIG, "JSON of %zu bytes", text.length);
	struct reader reader = { .json = json, .text = text.data, .end = text.data + text.length, .next = nodes, .last = nodes + node_max };
	struct json_node *whole = new_node(&reader, text.data);
	const char *at = whole == NULL ? NULL : read_value(&reader, skip_space(text.data, reader.end), whole);

	json->node_count = (uint32_t)(reader.next - nodes);
	if (at != NULL) {
		at = skip_space(at, reader.end);
		if (at == reader.end)
			return OK;
		(void)refuse(&reader, at, "something behind the value"); /* always NULL */
	}
	json->stopped = offset_of(&reader, reader.stopped);
	return why_set(why, reader.err, "JSON: %s (byte %u)", reader.complaint, json->stopped);
}

const struct json_node *json_text_root(const struct json_text *json)
{
	return &json->nodes[0];
}

const struct json_node *json_text_first(const struct json_text *json, const struct json_node *parent)
{
	if (parent == NULL || parent->count == 0)
		return NULL;
	return &json->nodes[(parent - json->nodes) + 1];
}

const struct json_node *json_text_next(const struct json_text *json, const struct json_node *node)
{
	return node->next == 0 ? NULL : &json->nodes[node->next];
}

const struct json_node *json_text_member(const struct json_text *json, const struct json_node *object,
                                         const char *name)
{
	struct bytes wanted = bytes_of(name);
	uint32_t hash = hash_key(wanted.data, wanted.length, wanted.length);

	if (object == NULL || object->kind != JSON_KIND_OBJECT)
		return NULL;
	for (const struct json_node *node = json_text_first(json, object); node != NULL;
	     node = json_text_next(json, node))
		if (node->key_hash == hash && !node->key_escaped && bytes_equal(json_text_key(json, node), wanted))
			return node;
	return NULL;
}

struct bytes json_text_raw(const struct json_text *json, const struct json_node *node)
{
	return (struct bytes){ json->text + node->start, node->end - node->start };
}

struct bytes json_text_key(const struct json_text *json, const struct json_node *node)
{
	return (struct bytes){ json->text + node->key_start, node->key_end - node->key_start };
}

static size_t put_utf8(uint32_t point, char out[static 4])
{
	if (point < 0x80) {
		out[0] = (char)point;
		return 1;
	}
	if (point < 0x800) {
		out[0] = (char)(0xc0 | point >> 6);
		out[1] = (char)(0x80 | (point & 0x3f));
		return 2;
	}
	if (point < 0x10000) {
		out[0] = (char)(0xe0 | point >> 12);
		out[1] = (char)(0x80 | (point >> 6 & 0x3f));
		out[2] = (char)(0x80 | (point & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | point >> 18);
	out[1] = (char)(0x80 | (point >> 12 & 0x3f));
	out[2] = (char)(0x80 | (point >> 6 & 0x3f));
	out[3] = (char)(0x80 | (point & 0x3f));
	return 4;
}

/* The escape at raw[*at] (a backslash) as UTF-8; moves *at behind it. */
static size_t put_escape(struct bytes raw, size_t *at, char out[static 4])
{
	static const char plain[] = "\"\\/bfnrt";
	static const char meant[] = "\"\\/\b\f\n\r\t";
	char c = raw.data[*at + 1];
	const char *end = raw.data + raw.length;

	if (c != 'u') {
		out[0] = meant[strchr(plain, c) - plain];
		*at += 2;
		return 1;
	}
	uint32_t point = (uint32_t)hex4(raw.data + *at + 2, end);

	*at += 6;
	if (point >= 0xd800 && point <= 0xdbff) {
		uint32_t low = (uint32_t)hex4(raw.data + *at + 2, end);

		point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
		*at += 6;
	}
	return put_utf8(point, out);
}

static size_t next_piece(struct bytes raw, size_t *at, char piece[static 4])
{
	if (raw.data[*at] == '\\')
		return put_escape(raw, at, piece);
	piece[0] = raw.data[(*at)++];
	return 1;
}

/* Unescape into `out`; the text was checked when it was read. False when it does not fit. */
static bool unescape(struct bytes raw, char *out, size_t size, size_t *length)
{
	*length = 0;
	for (size_t at = 0; at < raw.length;) {
		char piece[4];
		size_t count = next_piece(raw, &at, piece);

		if (*length + count > size)
			return false;
		memcpy(out + *length, piece, count);
		*length += count;
	}
	return true;
}

enum err json_text_string(const struct json_text *json, const struct json_node *node, char *out, size_t size)
{
	size_t length;

	out[0] = '\0';
	if (node == NULL || node->kind != JSON_KIND_STRING)
		return ERR_INPUT;
	if (!node->escaped)
		return bytes_copy_text(json_text_raw(json, node), out, size);
	if (!unescape(json_text_raw(json, node), out, size - 1, &length)) {
		out[0] = '\0';
		return ERR_TOO_BIG;
	}
	out[length] = '\0';
	return OK;
}

bool json_text_is(const struct json_text *json, const struct json_node *node, const char *content)
{
	return node != NULL && node->kind == JSON_KIND_STRING && !node->escaped
	       && bytes_is(json_text_raw(json, node), content);
}

enum err json_text_integer(const struct json_text *json, const struct json_node *node, int64_t *number)
{
	if (node == NULL || node->kind != JSON_KIND_INTEGER)
		return ERR_INPUT;
	bool negative = json->text[node->start] == '-';

	return to_int64(json->text + node->start + negative, node->end - node->start - negative, negative, number)
	               ? OK
	               : ERR_INPUT;
}

enum err json_text_bool(const struct json_node *node, bool *value)
{
	if (node == NULL || (node->kind != JSON_KIND_TRUE && node->kind != JSON_KIND_FALSE))
		return ERR_INPUT;
	*value = node->kind == JSON_KIND_TRUE;
	return OK;
}
