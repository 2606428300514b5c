/*
 * lines.h -- text in lines of a width, for pictures, which nothing else breaks into lines. How wide letters are only who
 * shows them knows: each is reckoned as wide as a wide font has it, so that no line is too long.
 */
#ifndef WEB_LINES_H
#define WEB_LINES_H

#include <stdint.h>

#include "base/bytes.h"

/*
 * Cut the first line off `rest`, UTF-8: what has the room of so many narrow letters; a Chinese or Japanese one takes
 * that of five thirds. It ends behind a word or a clause, else between letters. Nothing is lost but the blank where
 * the text is broken, and no line is empty unless the text is.
 */
struct bytes lines_first(struct bytes *rest, int32_t letters);

#endif
