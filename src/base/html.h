/*
 * html.h -- text inside HTML.
 */
#ifndef BASE_HTML_H
#define BASE_HTML_H

#include "base/bytes.h"

/*
 * Append `text` so that it reads as itself between tags and inside quoted
 * attribute values. Bytes that are not UTF-8 and control characters other than
 * tab and line ends become U+FFFD.
 */
void html_escape(struct buffer *buffer, struct bytes text);

#endif
