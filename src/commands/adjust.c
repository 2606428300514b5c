#include "commands/adjust.h"

#include "commands/operate.h"

int command_adjust(int argc, char **argv)
{
	struct operate adjust = { .command = "adjust", .path = "/v1/adjust", .request.operation = OPERATION_ADJUST };
	const char **texts = adjust.request.texts;
	const struct argument arguments[] = {
		OPERATE_ARGUMENTS(adjust),
		{ "--debit", "ACCOUNT", "the account of the books that gets it: \"assets:cash\"", true, &texts[OPERATION_DEBIT], NULL },
		{ "--credit", "ACCOUNT", "the account that it comes from", true, &texts[OPERATION_CREDIT], NULL },
		{ "--amount", "AMOUNT", "above zero: the other direction is the other way round", true, &texts[OPERATION_AMOUNT], NULL },
		{ "--currency", "CODE", "its currency", true, &texts[OPERATION_CURRENCY], NULL },
		{ "--reason", "WHY", "correction, duplicate, donor-request, fraud, fee or rounding", true, &texts[OPERATION_REASON], NULL },
		{ "--ref", "REF", "your own name for this correction, unique for life", true, &texts[OPERATION_REF], NULL },
		{ .name = NULL },
	};
	const struct command_line line = {
		"adjust",
		"Move an amount from one account of the books to another: a new entry, since nothing is changed in place.\n"
		"Through the running service or, where none runs, by itself. 'pledger balance' lists the accounts.",
		arguments,
	};
	int code;

	return command_read(&line, argc, argv, &code) ? operate(&adjust) : code;
}
