/*
 * colour.h -- colours of the screen, and how well one is read on another: relative
 * luminance and contrast ratio of WCAG 2.2 (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio).
 */
#ifndef DOMAIN_COLOUR_H
#define DOMAIN_COLOUR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

enum { COLOUR_TEXT_SIZE = 8 };

/* sRGB, opaque. */
struct colour {
	uint8_t red;
	uint8_t green;
	uint8_t blue;
};

/* "#0b5a49", letters of either case. */
bool colour_parse(struct bytes text, struct colour *colour);
void colour_format(struct colour colour, char text[static COLOUR_TEXT_SIZE]);

/* The contrast ratio in hundredths, rounded down: 100 (the same colour) to 2100 (black on white). */
unsigned colour_contrast(struct colour a, struct colour b);

/* `percent` of `b` in `a`, each channel by itself. */
struct colour colour_mix(struct colour a, struct colour b, unsigned percent);

bool colour_equal(struct colour a, struct colour b);

#endif
