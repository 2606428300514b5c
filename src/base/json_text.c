/*
 * The good road: skip white space, look at one byte, read that kind of value, link it to the value
 * before it. Strings are passed over a byte at a time through a table; only bytes above 0x7f and
 * backslashes leave the fast loop. Every refusal names the byte where reading stopped.
 */
#include "base/json_text.h"

#include <string.h>

#include "base/limits.h"
#include "base/plain.h"
#include "base/text.h"

struct reader {
	struct json_text *json;
	const char *text;
	uint32_t at;
	uint32_t end;
	unsigned depth;
	const char *complaint;
	enum err err;
};

static bool refuse(struct reader *reader, const char *complaint)
{
	reader->complaint = complaint;
	reader->err = ERR_INPUT;
	return false;
}

/* Texts that are written for people are half blanks: those are passed eight at a time. */
static inline void skip_blanks(struct reader *reader)
{
	while (reader->end - reader->at >= 8) {
		uint64_t others = plain_load(reader->text + reader->at) ^ 0x2020202020202020;

		if (others != 0) {
			reader->at += (uint32_t)plain_before_mark(others);
			return;
		}
		reader->at += 8;
	}
}

static void skip_spaces(struct reader *reader)
{
	while (reader->at < reader->end) {
		char c = reader->text[reader->at];

		if (c != ' ' && c != '\n' && c != '\r' && c != '\t')
			return;
		reader->at++;
		if (c == '\n' || c == ' ')
			skip_blanks(reader);
	}
}

/* Mostly there is none: seen without a call. */
static inline void skip_space(struct reader *reader)
{
	if (reader->at < reader->end && (unsigned char)reader->text[reader->at] <= ' ')
		skip_spaces(reader);
}

static bool peek(struct reader *reader, char *c)
{
	if (reader->at >= reader->end)
		return refuse(reader, "the text ends too early");
	*c = reader->text[reader->at];
	return true;
}

/* The four digits behind \u at `at`; -1 when they are not there. */
static int32_t hex4(const char *text, uint32_t at, uint32_t end)
{
	int32_t value = 0;

	if (end - at < 4)
		return -1;
	for (uint32_t i = 0; i < 4; i++) {
		int digit = text_hex_digit(text[at + i]);

		if (digit < 0)
			return -1;
		value = value << 4 | digit;
	}
	return value;
}

/* At a backslash: check the escape and step over it. */
static bool skip_escape(struct reader *reader)
{
	uint32_t at = reader->at + 1;

	if (at >= reader->end)
		return refuse(reader, "the text ends in an escape");
	if (reader->text[at] != 'u') {
		if (strchr("\"\\/bfnrt", reader->text[at]) == NULL || reader->text[at] == '\0')
			return refuse(reader, "an escape that JSON does not have");
		reader->at = at + 1;
		return true;
	}
	int32_t unit = hex4(reader->text, at + 1, reader->end);

	if (unit <= 0)
		return refuse(reader, unit == 0 ? "\\u0000" : "a \\u without four hexadecimal digits");
	reader->at = at + 5;
	if (unit < 0xd800 || unit > 0xdfff)
		return true;
	if (unit > 0xdbff || reader->end - reader->at < 6 || reader->text[reader->at] != '\\'
	    || reader->text[reader->at + 1] != 'u')
		return refuse(reader, "half of a surrogate pair");
	int32_t low = hex4(reader->text, reader->at + 2, reader->end);

	if (low < 0xdc00 || low > 0xdfff)
		return refuse(reader, "half of a surrogate pair");
	reader->at += 6;
	return true;
}

/* Step over a run of bytes above 0x7f, which must be whole UTF-8 sequences. */
static bool skip_utf8(struct reader *reader)
{
	uint32_t start = reader->at;

	while (reader->at < reader->end && (unsigned char)reader->text[reader->at] >= 0x80)
		reader->at++;
	if (!text_is_utf8((struct bytes){ reader->text + start, reader->at - start })) {
		reader->at = start;
		return refuse(reader, "bytes that are not UTF-8");
	}
	return true;
}

/* At the opening quote. */
static bool read_string(struct reader *reader, uint32_t *start, uint32_t *end, bool *escaped)
{
	*escaped = false;
	*start = ++reader->at;
	for (;;) {
		reader->at += (uint32_t)plain_length(reader->text + reader->at, reader->end - reader->at);
		if (reader->at >= reader->end)
			return refuse(reader, "a string that does not end");
		char c = reader->text[reader->at];

		if (c == '"') {
			*end = reader->at++;
			return true;
		}
		if (c == '\\') {
			*escaped = true;
			if (!skip_escape(reader))
				return false;
		} else if ((unsigned char)c < 0x20) {
			return refuse(reader, "a control character in a string");
		} else if (!skip_utf8(reader)) {
			return false;
		}
	}
}

static void skip_digits(struct reader *reader)
{
	while (reader->at < reader->end && reader->text[reader->at] >= '0' && reader->text[reader->at] <= '9')
		reader->at++;
}

/* The fraction and the exponent behind an integer, if any. */
static bool read_real_tail(struct reader *reader, bool *real)
{
	const char *text = reader->text;

	*real = false;
	if (reader->at < reader->end && text[reader->at] == '.') {
		uint32_t start = ++reader->at;

		skip_digits(reader);
		if (reader->at == start)
			return refuse(reader, "a number without digits behind the point");
		*real = true;
	}
	if (reader->at < reader->end && (text[reader->at] == 'e' || text[reader->at] == 'E')) {
		reader->at++;
		if (reader->at < reader->end && (text[reader->at] == '+' || text[reader->at] == '-'))
			reader->at++;
		uint32_t start = reader->at;

		skip_digits(reader);
		if (reader->at == start)
			return refuse(reader, "an exponent without digits");
		*real = true;
	}
	return true;
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

static bool read_number(struct reader *reader, struct json_node *node)
{
	bool negative = reader->text[reader->at] == '-';
	uint32_t digits = reader->at + negative;
	int64_t number;
	bool real;

	reader->at = digits;
	skip_digits(reader);
	uint32_t length = reader->at - digits;

	if (length == 0)
		return refuse(reader, "no JSON value begins like this");
	if (length > 1 && reader->text[digits] == '0')
		return refuse(reader, "a number with a leading zero");
	if (!read_real_tail(reader, &real))
		return false;
	real = real || !to_int64(reader->text + digits, length, negative, &number);
	node->kind = real ? JSON_KIND_REAL : JSON_KIND_INTEGER;
	return true;
}

static bool read_word(struct reader *reader, struct json_node *node)
{
	static const struct {
		const char *word;
		enum json_kind kind;
	} words[] = { { "null", JSON_KIND_NULL }, { "false", JSON_KIND_FALSE }, { "true", JSON_KIND_TRUE } };
	struct bytes rest = { reader->text + reader->at, reader->end - reader->at };

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (rest.data[0] == words[i].word[0] && bytes_starts_with(rest, words[i].word)) {
			reader->at += (uint32_t)strlen(words[i].word);
			node->kind = words[i].kind;
			return true;
		}
	return refuse(reader, "no JSON value begins like this");
}

static uint32_t new_node(struct reader *reader)
{
	struct json_text *json = reader->json;

	if (json->node_count >= json->node_max) {
		reader->complaint = "more values than allowed";
		reader->err = ERR_TOO_BIG;
		return UINT32_MAX;
	}
	json->nodes[json->node_count] = (struct json_node){ .kind = JSON_KIND_NULL };
	return json->node_count++;
}

/* Unescape into `out`; the text was checked when it was read. False when it does not fit. */
static bool unescape(struct bytes raw, char *out, size_t size, size_t *length);

static bool same_key(const struct json_text *json, const struct json_node *a, const struct json_node *b)
{
	struct bytes left = json_text_key(json, a);
	struct bytes right = json_text_key(json, b);
	char one[LABEL_SIZE];
	char other[LABEL_SIZE];
	size_t one_length;
	size_t other_length;

	if (!a->key_escaped && !b->key_escaped)
		return bytes_equal(left, right);
	/* A name too long to compare is taken for the same: refused rather than let through. */
	if (!unescape(left, one, sizeof one, &one_length) || !unescape(right, other, sizeof other, &other_length))
		return true;
	return bytes_equal((struct bytes){ one, one_length }, (struct bytes){ other, other_length });
}

/*
 * Over the name as written: its length, its first and its last eight bytes. Names with escapes are compared whole.
 * `room` is how many bytes of the text follow the name's beginning: a short name is read with what follows it, which
 * is then shifted out.
 */
static uint32_t hash_key(const char *key, size_t length, size_t room)
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
	uint64_t mixed = (head ^ length) * 0x9e3779b97f4a7c15 ^ (tail * 0xc2b2ae3d27d4eb4f);

	return (uint32_t)((mixed * 0x9e3779b97f4a7c15) >> 32);
}

static bool is_duplicate(const struct json_text *json, uint32_t first, uint32_t last)
{
	const struct json_node *node = &json->nodes[last];

	for (uint32_t i = first; i != last; i = json->nodes[i].next) {
		const struct json_node *other = &json->nodes[i];

		if ((other->key_hash == node->key_hash || other->key_escaped || node->key_escaped)
		    && same_key(json, other, node))
			return true;
		if (other->next == 0)
			return false;
	}
	return false;
}

static bool read_value(struct reader *reader, uint32_t index);

/* `"name" :` before a member's value. */
static bool read_key(struct reader *reader, struct json_node *node)
{
	char c;

	if (!peek(reader, &c))
		return false;
	if (c != '"')
		return refuse(reader, "a member without a name");
	if (!read_string(reader, &node->key_start, &node->key_end, &node->key_escaped))
		return false;
	node->key_hash = hash_key(reader->text + node->key_start, node->key_end - node->key_start, reader->end - node->key_start);
	skip_space(reader);
	if (!peek(reader, &c))
		return false;
	if (c != ':')
		return refuse(reader, "no ':' behind a name");
	reader->at++;
	skip_space(reader);
	return true;
}

/* Which hashes the names of an object have so far: most new ones are seen at once to be new. */
struct names {
	uint64_t bits[8];
	bool escaped; /* one of them must be compared with all */
};

static bool may_be_known(struct names *names, const struct json_node *node)
{
	uint64_t *word = &names->bits[node->key_hash >> 29];
	uint64_t bit = UINT64_C(1) << (node->key_hash >> 23 & 63);
	bool known = (*word & bit) != 0 || names->escaped || node->key_escaped;

	*word |= bit;
	names->escaped |= node->key_escaped;
	return known;
}

/* One member or element; links it behind `previous` (UINT32_MAX for none). */
static bool read_child(struct reader *reader, uint32_t parent, uint32_t *previous, struct names *names)
{
	struct json_text *json = reader->json;
	bool named = json->nodes[parent].kind == JSON_KIND_OBJECT;
	uint32_t start = reader->at;
	uint32_t child = new_node(reader);

	if (child == UINT32_MAX || (named && !read_key(reader, &json->nodes[child])))
		return false;
	if (named && may_be_known(names, &json->nodes[child]) && *previous != UINT32_MAX
	    && is_duplicate(json, parent + 1, child)) {
		reader->at = start;
		return refuse(reader, "a name that stands twice in one object");
	}
	if (*previous != UINT32_MAX)
		json->nodes[*previous].next = child;
	*previous = child;
	json->nodes[parent].count++;
	return read_value(reader, child);
}

/* Behind the opening bracket, which has been looked at and not passed. */
static bool read_children(struct reader *reader, uint32_t index, char close)
{
	struct names names = { .escaped = false };
	uint32_t previous = UINT32_MAX;
	char c;

	if (++reader->depth > JSON_DEPTH_MAX)
		return refuse(reader, "values nested too deeply");
	reader->at++;
	skip_space(reader);
	if (!peek(reader, &c))
		return false;
	while (c != close || previous != UINT32_MAX) {
		if (!read_child(reader, index, &previous, &names))
			return false;
		skip_space(reader);
		if (!peek(reader, &c))
			return false;
		if (c == close)
			break;
		if (c != ',')
			return refuse(reader, "neither ',' nor the closing bracket");
		reader->at++;
		skip_space(reader);
		if (!peek(reader, &c))
			return false;
	}
	reader->at++;
	reader->depth--;
	return true;
}

static bool read_value(struct reader *reader, uint32_t index)
{
	struct json_node *node = &reader->json->nodes[index];
	char c;

	if (!peek(reader, &c))
		return false;
	node->start = reader->at;
	if (c == '"') {
		node->kind = JSON_KIND_STRING;
		return read_string(reader, &node->start, &node->end, &node->escaped);
	}
	bool good;

	if (c == '{' || c == '[') {
		node->kind = c == '{' ? JSON_KIND_OBJECT : JSON_KIND_ARRAY;
		good = read_children(reader, index, c == '{' ? '}' : ']');
	} else if (c == '-' || (c >= '0' && c <= '9')) {
		good = read_number(reader, node);
	} else {
		good = read_word(reader, node);
	}
	node->end = reader->at;
	return good;
}

enum err json_text_read(struct json_text *json, struct bytes text, struct json_node *nodes,
                        uint32_t node_max, struct why *why)
{
	*json = (struct json_text){ .text = text.data, .nodes = nodes, .node_max = node_max };
	if (text.length > UINT32_MAX / 2)
		return why_set(why, ERR_TOO_BIG, "JSON of %zu bytes", text.length);
	struct reader reader = { .json = json, .text = text.data, .end = (uint32_t)text.length };
	bool good = new_node(&reader) != UINT32_MAX;

	skip_space(&reader);
	good = good && read_value(&reader, 0);
	if (good) {
		skip_space(&reader);
		if (reader.at == reader.end)
			return OK;
		good = refuse(&reader, "something behind the value");
	}
	json->stopped = reader.at;
	return why_set(why, reader.err, "JSON: %s (byte %u)", reader.complaint, reader.at);
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
	uint32_t end = (uint32_t)raw.length;

	if (c != 'u') {
		out[0] = meant[strchr(plain, c) - plain];
		*at += 2;
		return 1;
	}
	uint32_t point = (uint32_t)hex4(raw.data, (uint32_t)*at + 2, end);

	*at += 6;
	if (point >= 0xd800 && point <= 0xdbff) {
		uint32_t low = (uint32_t)hex4(raw.data, (uint32_t)*at + 2, end);

		point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
		*at += 6;
	}
	return put_utf8(point, out);
}

static bool unescape(struct bytes raw, char *out, size_t size, size_t *length)
{
	*length = 0;
	for (size_t at = 0; at < raw.length;) {
		char piece[4];
		size_t count = 1;

		if (raw.data[at] == '\\')
			count = put_escape(raw, &at, piece);
		else
			piece[0] = raw.data[at++];
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
