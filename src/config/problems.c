#include "config/problems.h"

#include <stdbool.h>
#include <stdio.h>

static bool is_before(struct config_place a, struct config_place b)
{
	return a.line < b.line || (a.line == b.line && a.column < b.column);
}

/* Make room at the place's turn; NULL when it comes behind a full list's last one. */
static struct config_problem *make_room(struct config_problems *problems, struct config_place place)
{
	struct config_problem *items = problems->items;
	size_t at = problems->count;

	while (at > 0 && is_before(place, items[at - 1].place))
		at--;
	problems->more = problems->more || problems->count == CONFIG_PROBLEMS_MAX;
	if (at == CONFIG_PROBLEMS_MAX)
		return NULL;
	if (problems->count < CONFIG_PROBLEMS_MAX)
		problems->count++;
	for (size_t i = problems->count - 1; i > at; i--)
		items[i] = items[i - 1];
	return &items[at];
}

void problems_add_list(struct config_problems *problems, struct config_place place, const char *format,
                       va_list arguments)
{
	struct config_problem *problem = make_room(problems, place);
	char text[2 * WHY_SIZE];
	struct why why;

	if (problem == NULL)
		return;
	if (vsnprintf(text, sizeof text, format, arguments) < 0)
		text[0] = '\0';
	why_set(&why, ERR_INPUT, "%s", text);
	problem->place = place;
	snprintf(problem->text, sizeof problem->text, "%s", why.text);
}

void problems_add(struct config_problems *problems, struct config_place place, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	problems_add_list(problems, place, format, arguments);
	va_end(arguments);
}
