/*
 * template.h -- text with holes, and what fills them: a subset of mustache
 * without logic, rendered as HTML or as what its source escapes for.
 *
 *	{{name}}                        a text or an integer, always escaped
 *	{{#name}} … {{/name}}           once for true, a text, a number or an object, for each
 *	                                element of an array, not at all for what is absent
 *	{{^name}} … {{/name}}           once for what is absent
 *	{{.}}                           the element itself
 *	{{_ words}}                     a message for people: translated, then escaped; {name} in it
 *	                                stands for a value
 *	{{_name one|many}}              the same in the form that the integer `name` takes
 *	{{> name}}                      another template, without its last line end where other
 *	                                things stand in the line
 *	{{! … }}                        nothing
 *
 * A name is looked up from the innermost object outwards. Absent are null,
 * false, "" and []; a name that stands nowhere is a mistake, so that a misspelt
 * one is found by the first rendering. There is no way to leave a value
 * unescaped. A line with nothing but a tag leaves no line, unless the tag is a
 * value or a message.
 */
#ifndef BASE_TEMPLATE_H
#define BASE_TEMPLATE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"

enum { TEMPLATE_DEPTH_MAX = 16 }; /* sections and templates inside each other */

/* Another template by its name; false when there is none. */
typedef bool template_lookup(struct bytes name, struct bytes *text);

/* What `message` is for `context`, the caller's own; of `count` things where `many` is not empty. */
typedef struct bytes template_translate(const void *context, struct bytes message, struct bytes many, uint64_t count);

/* Append a value so that it reads as itself where it stands. */
typedef void template_escape(struct buffer *out, struct bytes text);

/* What a template may ask for; what is NULL it may not, but for `escape`: then it is HTML. */
struct template_source {
	template_lookup *lookup;
	template_translate *translate;
	const void *context;
	template_escape *escape;
};

/*
 * Append the template filled with `data`. ERR_INPUT with `why` naming the line
 * for a malformed template, a name that stands nowhere and a value that is no
 * text where one is due; ERR_TOO_BIG, ERR_MEMORY. On failure nothing is
 * appended. A malformed section is found whether or not it is rendered.
 */
MUST_CHECK enum err template_render(struct bytes text, const json_t *data, const struct template_source *source,
                                    struct buffer *out, struct why *why);

#endif
