/*
 * problems.h -- the list of mistakes, kept in the order of the file.
 */
#ifndef CONFIG_PROBLEMS_H
#define CONFIG_PROBLEMS_H

#include <stdarg.h>

#include "config/config.h"

/*
 * Write down one more. Those of one place keep the order in which they came. A
 * full list keeps the first ones of the file and says that there are more.
 */
void problems_add(struct config_problems *problems, struct config_place place, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void problems_add_list(struct config_problems *problems, struct config_place place, const char *format,
                       va_list arguments) __attribute__((format(printf, 3, 0)));

#endif
