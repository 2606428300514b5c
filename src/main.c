#include <stddef.h>

#include "commands/adjust.h"
#include "commands/backup.h"
#include "commands/balance.h"
#include "commands/check.h"
#include "commands/command.h"
#include "commands/demo.h"
#include "commands/explain.h"
#include "commands/export.h"
#include "commands/park.h"
#include "commands/publish.h"
#include "commands/rebuild.h"
#include "commands/reconcile.h"
#include "commands/record.h"
#include "commands/refund.h"
#include "commands/sandbox.h"
#include "commands/serve.h"
#include "commands/verify.h"
#include "commands/verify_webhook.h"

int main(int argc, char **argv)
{
	static const struct subcommand subcommands[] = {
		{ "serve", command_serve, "take gifts: donors, webhooks and the operator" },
		{ "check", command_check, "tell every mistake in a configuration" },
		{ "export", command_export, "write the ledger as CSV, or for an accounting tool" },
		{ "balance", command_balance, "write what each account holds" },
		{ "record", command_record, "enter an offline gift" },
		{ "adjust", command_adjust, "move an amount between two accounts" },
		{ "refund", command_refund, "ask the provider to give back" },
		{ "reconcile", command_reconcile, "compare the books with the provider's balance" },
		{ "park", command_park, "list, retry or drop what is parked" },
		{ "verify", command_verify, "check that the ledger is whole" },
		{ "explain", command_explain, "tell the story of one gift" },
		{ "backup", command_backup, "copy the ledger, also while the service runs" },
		{ "publish", command_publish, "write meters and fragments as static files" },
		{ "rebuild", command_rebuild, "make the index again from the ledger's lines" },
		{ "verify-webhook", command_verify_webhook, "say whether a delivery is authentic, or exactly why not" },
		{ "sandbox", command_sandbox, "run the stand-in payment provider" },
		{ "demo", command_demo, "run service, sandbox and sample configuration in a fresh directory" },
		{ NULL, NULL, NULL },
	};

	return command_run(subcommands, argc, argv);
}
