#include "commands/refund.h"

#include "commands/operate.h"
#include "domain/token.h"

int command_refund(int argc, char **argv)
{
	struct operate refund = { .command = "refund", .path = "/v1/refund", .request.operation = OPERATION_REFUND };
	const char **texts = refund.request.texts;
	const char *what = NULL;
	const struct argument arguments[] = {
		{ "PAYMENT|PLEDGE", NULL, "what to give back of: the provider's id of the payment (or of its charge or invoice), or a pledge's",
			true, &what, NULL },
		OPERATE_ARGUMENTS(refund),
		{ "--amount", "AMOUNT", "a part of it; else all that is left", false, &texts[OPERATION_AMOUNT], NULL },
		{ "--account", "ID", "the provider account, where several could mean this id", false, &texts[OPERATION_ACCOUNT], NULL },
		{ "--reason", "WHY", "donor-request, duplicate, fraud or correction; else donor-request", false, &texts[OPERATION_REASON], NULL },
		{ "--ref", "REF", "your own name for this refund, unique for life", true, &texts[OPERATION_REF], NULL },
		{ .name = NULL },
	};
	const struct command_line line = {
		"refund",
		"Enter that a refund is wanted: an entry, because of which the service asks the provider. The money counts as\n"
		"given back once the provider says so. Through the running service or, where none runs, by itself.",
		arguments,
	};
	int code;

	if (!command_read(&line, argc, argv, &code))
		return code;
	texts[token_is_pledge(bytes_of(what)) ? OPERATION_PLEDGE : OPERATION_PAYMENT] = what;
	return operate(&refund);
}
