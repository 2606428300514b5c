/*
 * html.h -- text inside HTML.
 */
#ifndef BASE_HTML_H
#define BASE_HTML_H

#include "base/bytes.h"

/*
 * Append `text` so that it reads as itself between tags and inside quoted
 * attribute values. Control characters other than tab and line ends become
 * U+FFFD, and so does, in a text that is not UTF-8, each byte outside ASCII.
 */
void html_escape(struct buffer *buffer, struct bytes text);

#endif
