/*
 * template.h -- text with holes, and what fills them: a subset of mustache
 * without logic, rendered as HTML.
 *
 *	{{name}}                        a text or an integer, always escaped
 *	{{#name}} … {{/name}}           once for true, a text, a number or an object, for each
 *	                                element of an array, not at all for what is absent
 *	{{^name}} … {{/name}}           once for what is absent
 *	{{.}}                           the element itself
 *	{{> name}}                      another template, without its last line end where other
 *	                                things stand in the line
 *	{{! … }}                        nothing
 *
 * A name is looked up from the innermost object outwards. Absent are null,
 * false, "" and []; a name that stands nowhere is a mistake, so that a misspelt
 * one is found by the first rendering. There is no way to leave a value
 * unescaped. A line with nothing but a tag other than {{name}} leaves no line.
 */
#ifndef BASE_TEMPLATE_H
#define BASE_TEMPLATE_H

#include <jansson.h>
#include <stdbool.h>

#include "base/bytes.h"
#include "base/err.h"

enum { TEMPLATE_DEPTH_MAX = 16 }; /* sections and templates inside each other */

/* Another template by its name; false when there is none. */
typedef bool template_lookup(struct bytes name, struct bytes *text);

/*
 * Append the template filled with `data`. ERR_INPUT with `why` naming the line
 * for a malformed template, a name that stands nowhere and a value that is no
 * text where one is due; ERR_TOO_BIG, ERR_MEMORY. On failure nothing is
 * appended. A malformed section is found whether or not it is rendered.
 */
MUST_CHECK enum err template_render(struct bytes text, const json_t *data, template_lookup *lookup,
                                    struct buffer *out, struct why *why);

#endif
