#include "base/template.h"

#include <assert.h>
#include <string.h>

#include "base/html.h"
#include "base/text.h"

/* One rendering: where it writes, and the values that are in sight. */
struct rendering {
	const struct template_source *source;
	struct buffer *out;
	struct why *why;
	const json_t *values[TEMPLATE_DEPTH_MAX + 1]; /* the innermost one last */
	size_t value_count;
	unsigned depth;
};

/* One template and how far it is read. */
struct reading {
	struct bytes text;
	size_t at;
};

struct tag {
	char kind;         /* one of # ^ / > ! _ or, for a value, 0 */
	struct bytes name; /* of a message: all its words */
	size_t start;      /* of the tag, or of its line when it is alone */
	bool alone;        /* nothing else stands in its line */
};

static unsigned line_of(const struct reading *reading, size_t at)
{
	unsigned line = 1;

	for (size_t i = 0; i < at && i < reading->text.length; i++)
		line += reading->text.data[i] == '\n';
	return line;
}

static enum err refuse(struct rendering *rendering, const struct reading *reading, const struct tag *tag,
                       const char *what)
{
	return why_set(rendering->why, ERR_INPUT, "template line %u: {{%.*s}} %s", line_of(reading, tag->start),
	               (int)(tag->name.length > 80 ? 80 : tag->name.length), tag->name.data, what);
}

/* ---- tags ---- */

static bool is_name(struct bytes name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_-.";

	for (size_t i = 0; i < name.length; i++)
		if (strchr(letters, name.data[i]) == NULL || name.data[i] == '\0')
			return false;
	return name.length > 0;
}

/* Where `what` stands at or behind `from`; the text's length when nowhere. */
static size_t find(struct bytes text, size_t from, const char *what)
{
	if (from >= text.length)
		return text.length;
	const char *found = memmem(text.data + from, text.length - from, what, strlen(what));

	return found == NULL ? text.length : (size_t)(found - text.data);
}

/* A tag alone on its line takes the line with it. */
static void take_line(struct reading *reading, struct tag *tag)
{
	struct bytes text = reading->text;
	size_t start = tag->start;
	size_t end = reading->at;

	while (start > 0 && text_is_blank(text.data[start - 1]))
		start--;
	while (end < text.length && text_is_blank(text.data[end]))
		end++;
	if ((start > 0 && text.data[start - 1] != '\n') || (end < text.length && text.data[end] != '\n'))
		return;
	tag->start = start;
	tag->alone = true;
	reading->at = end < text.length ? end + 1 : end;
}

/* Read the tag that starts at `start` and move behind it. */
static enum err read_tag(struct rendering *rendering, struct reading *reading, size_t start, struct tag *tag)
{
	size_t end = find(reading->text, start, "}}");

	*tag = (struct tag){ .name = BYTES_LITERAL("…"), .start = start };
	if (end == reading->text.length)
		return refuse(rendering, reading, tag, "does not end");
	/* A message may end with a value's brace. */
	if (reading->text.data[start + 2] == '_' && end + 2 < reading->text.length && reading->text.data[end + 2] == '}')
		end++;
	struct bytes inside = { reading->text.data + start + 2, end - start - 2 };

	if (inside.length > 0 && strchr("#^/>!_", inside.data[0]) != NULL && inside.data[0] != '\0') {
		tag->kind = inside.data[0];
		inside = (struct bytes){ inside.data + 1, inside.length - 1 };
	}
	tag->name = text_trim(inside);
	if (tag->kind == '_')
		tag->name = inside; /* a blank in front says that nothing is counted */
	else if (tag->kind != '!' && !is_name(tag->name))
		return refuse(rendering, reading, tag, "is not a name");
	reading->at = end + 2;
	if (tag->kind != 0 && tag->kind != '_')
		take_line(reading, tag);
	return OK;
}

/* ---- values ---- */

static const json_t *find_value(const struct rendering *rendering, struct bytes name)
{
	if (bytes_is(name, "."))
		return rendering->values[rendering->value_count - 1];
	for (size_t i = rendering->value_count; i > 0; i--) {
		const json_t *found = json_object_getn(rendering->values[i - 1], name.data, name.length);

		if (found != NULL)
			return found;
	}
	return NULL;
}

static bool is_absent(const json_t *value)
{
	return json_is_null(value) || json_is_false(value)
		|| (json_is_string(value) && json_string_length(value) == 0)
		|| (json_is_array(value) && json_array_size(value) == 0);
}

static void escape(const struct rendering *rendering, struct bytes text)
{
	if (rendering->source != NULL && rendering->source->escape != NULL)
		rendering->source->escape(rendering->out, text);
	else
		html_escape(rendering->out, text);
}

static enum err render_named(struct rendering *rendering, const struct reading *reading, const struct tag *tag,
                             struct bytes name)
{
	const json_t *value = find_value(rendering, name);

	if (value == NULL)
		return refuse(rendering, reading, tag, "stands nowhere in the data");
	if (json_is_integer(value))
		buffer_format(rendering->out, "%lld", (long long)json_integer_value(value));
	else if (json_is_string(value))
		escape(rendering, (struct bytes){ json_string_value(value), json_string_length(value) });
	else if (!json_is_null(value))
		return refuse(rendering, reading, tag, "is neither a text nor an integer");
	return OK;
}

/* ---- messages ---- */

/* What stands before `separator`, or all; the rest is left in `*text`. */
static struct bytes cut(struct bytes *text, char separator)
{
	const char *end = text->length > 0 ? memchr(text->data, separator, text->length) : NULL;
	struct bytes part = { text->data, end != NULL ? (size_t)(end - text->data) : text->length };

	*text = end != NULL ? (struct bytes){ end + 1, text->length - part.length - 1 } : (struct bytes){ NULL, 0 };
	return part;
}

/* The number that decides between `one|many`. */
static enum err read_count(const struct rendering *rendering, struct bytes name, uint64_t *count)
{
	const json_t *value = find_value(rendering, name);

	if (value == NULL || !json_is_integer(value) || json_integer_value(value) < 0)
		return ERR_INPUT;
	*count = (uint64_t)json_integer_value(value);
	return OK;
}

/* The words with a value for each {name}. */
static enum err render_words(struct rendering *rendering, const struct reading *reading, const struct tag *tag,
                             struct bytes words)
{
	enum err err = OK;

	while (words.length > 0 && err == OK) {
		escape(rendering, cut(&words, '{'));
		if (words.data == NULL)
			return OK;
		if (memchr(words.data, '}', words.length) == NULL)
			return refuse(rendering, reading, tag, "has a brace that is not closed");
		err = render_named(rendering, reading, tag, cut(&words, '}'));
	}
	return err;
}

static enum err render_message(struct rendering *rendering, const struct reading *reading, const struct tag *tag)
{
	const struct template_source *source = rendering->source;
	struct bytes many = tag->name;
	struct bytes name = cut(&many, ' ');
	uint64_t count = 1;

	if (source == NULL || source->translate == NULL)
		return refuse(rendering, reading, tag, "cannot be translated here");
	if (name.length > 0 && read_count(rendering, name, &count) != OK)
		return refuse(rendering, reading, tag, "counts by what is no number");
	struct bytes one = name.length > 0 ? cut(&many, '|') : many;

	if (name.length == 0)
		many = (struct bytes){ NULL, 0 };
	return render_words(rendering, reading, tag, source->translate(source->context, one, many, count));
}

/* ---- sections ---- */

static enum err render_until(struct rendering *rendering, struct reading *reading, const struct tag *open,
                             bool shown);

/* The section's content once with `value` in sight. */
static enum err render_with(struct rendering *rendering, struct reading *reading, const struct tag *open,
                            const json_t *value)
{
	rendering->values[rendering->value_count++] = value;
	enum err err = render_until(rendering, reading, open, true);

	rendering->value_count--;
	return err;
}

static enum err render_elements(struct rendering *rendering, struct reading *reading, const struct tag *open,
                                const json_t *array)
{
	size_t start = reading->at;
	enum err err = OK;

	for (size_t i = 0; i < json_array_size(array) && err == OK; i++) {
		reading->at = start;
		err = render_with(rendering, reading, open, json_array_get(array, i));
	}
	return err;
}

static enum err render_section(struct rendering *rendering, struct reading *reading, const struct tag *open,
                               bool shown)
{
	if (!shown)
		return render_until(rendering, reading, open, false);
	const json_t *value = find_value(rendering, open->name);

	if (value == NULL)
		return refuse(rendering, reading, open, "stands nowhere in the data");
	if (open->kind == '^')
		return render_until(rendering, reading, open, is_absent(value));
	if (is_absent(value))
		return render_until(rendering, reading, open, false);
	if (json_is_array(value))
		return render_elements(rendering, reading, open, value);
	return render_with(rendering, reading, open, value);
}

static enum err render_partial(struct rendering *rendering, const struct reading *reading, const struct tag *tag,
                               bool shown)
{
	struct reading other = { 0 };

	if (rendering->source == NULL || rendering->source->lookup == NULL
	    || !rendering->source->lookup(tag->name, &other.text))
		return refuse(rendering, reading, tag, "is no template");
	if (!tag->alone && other.text.length > 0 && other.text.data[other.text.length - 1] == '\n')
		other.text.length--;
	return shown ? render_until(rendering, &other, NULL, true) : OK;
}

/* ---- the whole ---- */

static enum err render_tag(struct rendering *rendering, struct reading *reading, const struct tag *tag, bool shown)
{
	switch (tag->kind) {
	case '#':
	case '^':
		return render_section(rendering, reading, tag, shown);
	case '>':
		return render_partial(rendering, reading, tag, shown);
	case '!':
		return OK;
	case '_':
		return shown ? render_message(rendering, reading, tag) : OK;
	default:
		return shown ? render_named(rendering, reading, tag, tag->name) : OK;
	}
}

/* Render up to the end of the section that `open` opened, or of the template. */
static enum err render_pieces(struct rendering *rendering, struct reading *reading, const struct tag *open,
                              bool shown)
{
	struct tag tag;
	enum err err;

	for (;;) {
		size_t from = reading->at;
		size_t start = find(reading->text, from, "{{");

		reading->at = start;
		if (start == reading->text.length)
			tag = (struct tag){ .start = start };
		else if ((err = read_tag(rendering, reading, start, &tag)) != OK)
			return err;
		if (shown && tag.start > from)
			buffer_append(rendering->out, reading->text.data + from, tag.start - from);
		if (start == reading->text.length)
			return open == NULL ? OK : refuse(rendering, reading, open, "is not closed");
		if (tag.kind == '/' && open != NULL && bytes_equal(tag.name, open->name))
			return OK;
		if (tag.kind == '/')
			return refuse(rendering, reading, &tag, "closes what is not open");
		if ((err = render_tag(rendering, reading, &tag, shown)) != OK)
			return err;
	}
}

static enum err render_until(struct rendering *rendering, struct reading *reading, const struct tag *open,
                             bool shown)
{
	if (rendering->depth == TEMPLATE_DEPTH_MAX)
		return why_set(rendering->why, ERR_INPUT, "template line %u: more than %d sections and templates deep",
		               line_of(reading, reading->at), TEMPLATE_DEPTH_MAX);
	rendering->depth++;
	enum err err = render_pieces(rendering, reading, open, shown);

	rendering->depth--;
	return err;
}

enum err template_render(struct bytes text, const json_t *data, const struct template_source *source,
                         struct buffer *out, struct why *why)
{
	struct rendering rendering = { .source = source, .out = out, .why = why, .values = { data }, .value_count = 1 };
	struct reading reading = { .text = text };
	size_t before = out->length;

	assert(data != NULL);
	enum err err = render_until(&rendering, &reading, NULL, true);

	if (err == OK)
		err = buffer_err(out);
	if (err == OK)
		return OK;
	out->length = before;
	if (out->data != NULL)
		out->data[before] = '\0';
	return err;
}
