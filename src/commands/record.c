#include "commands/record.h"

#include "commands/operate.h"

int command_record(int argc, char **argv)
{
	struct operate record = { .command = "record", .path = "/v1/record", .request.operation = OPERATION_RECORD };
	const char **texts = record.request.texts;
	const struct argument arguments[] = {
		OPERATE_ARGUMENTS(record),
		{ "--tier", "ID", "the tier that the gift counts for, and its campaign with it", true, &texts[OPERATION_TIER], NULL },
		{ "--amount", "AMOUNT", "what was given, where it is not the tier's amount", false, &texts[OPERATION_AMOUNT], NULL },
		{ "--reason", "HOW", "cash, bank-transfer or cheque", true, &texts[OPERATION_REASON], NULL },
		{ "--at", "DAY", "when it was given: a day or a time", false, &texts[OPERATION_AT], NULL },
		{ "--ref", "REF", "your own name for this gift, unique for life", true, &texts[OPERATION_REF], NULL },
		{ .name = NULL },
	};
	const struct command_line line = {
		"record",
		"Enter an offline gift. Through the running service or, where none runs, by itself. The same --ref again\n"
		"is already done; with other content it is refused.",
		arguments,
	};
	int code;

	return command_read(&line, argc, argv, &code) ? operate(&record) : code;
}
