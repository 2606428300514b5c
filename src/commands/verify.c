#include "commands/verify.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/text.h"
#include "commands/command.h"
#include "commands/data_dir.h"
#include "service/audit.h"
#include "sys/output.h"

enum { REPORT_BYTES_MAX = 1024 };

static void put_range(struct buffer *out, const struct audit *audit)
{
	char first[TIME_TEXT_SIZE];
	char last[TIME_TEXT_SIZE];

	if (audit->entries == 0)
		return;
	text_time(audit->first_us, first);
	text_time(audit->last_us, last);
	buffer_format(out, ", seq 1..%" PRIu64 ", %s .. %s", audit->entries, first, last);
}

static enum err print_good(const struct audit *audit, struct why *why)
{
	char text[REPORT_BYTES_MAX];
	struct buffer out = BUFFER_ON(text);
	char chain[2 * sizeof audit->chain + 1];

	text_hex(audit->chain, sizeof audit->chain, chain);
	buffer_format(&out, "ok: %" PRIu64 " %s", audit->entries, audit->entries == 1 ? "entry" : "entries");
	put_range(&out, audit);
	buffer_format(&out, ", chain %s, %" PRIu64 " balances sum to zero", chain, audit->balances);
	if (audit->unknown_kinds > 0)
		buffer_format(&out, ", %" PRIu64 " %s that this version does not know", audit->unknown_kinds,
		              audit->unknown_kinds == 1 ? "entry of a kind" : "entries of kinds");
	buffer_char(&out, '\n');
	enum err err = buffer_err(&out);

	if (err == OK)
		err = output_write(buffer_view(&out), why);
	return err == OK ? output_end(why) : err;
}

static int report(const struct audit *audit)
{
	struct why why = { "" };
	bool one = audit->tail_bytes == 1;

	if (audit->tail_bytes > 0) {
		fprintf(stderr,
		        "pledger verify: %s line %" PRIu64 " byte %" PRIu64 ": %" PRIu64 " %s behind the last good line (seq %" PRIu64
		        ") %s to no acknowledged batch; the next start moves %s to cut/\n",
		        audit->tail.segment, audit->tail.line, audit->tail.offset, audit->tail_bytes, one ? "byte" : "bytes", audit->entries,
		        one ? "belongs" : "belong", one ? "it" : "them");
		return EXIT_CODE_REFUSED;
	}
	enum err err = print_good(audit, &why);

	if (err != OK)
		fprintf(stderr, "pledger verify: %s\n", why.text);
	return command_exit(err);
}

static int verify(const char *data_dir)
{
	struct why why = { "" };
	struct audit audit;
	enum err err = audit_run(data_dir, &audit, &why);

	if (err == OK)
		return report(&audit);
	fprintf(stderr, "pledger verify: %s\n", why.text[0] != '\0' ? why.text : err_name(err));
	/* Damage is an answer of this command, not a failure of it. */
	return err == ERR_CORRUPT ? EXIT_CODE_REFUSED : command_exit(err);
}

int command_verify(int argc, char **argv)
{
	const char *config = NULL;
	const char *data = NULL;
	const struct argument arguments[] = {
		{ "--config", "FILE", "the configuration, which names the data directory", false, &config, NULL },
		{ "--data", "DIR", "the data directory, instead of the configuration's", false, &data, NULL },
		{ .name = NULL },
	};
	const struct command_line line = {
		"verify",
		"Read the whole ledger and check every line's spelling, order and chain, and that the books\n"
		"balance. Works while the service runs. Exit status: 0 whole, 1 damaged or no ledger there.",
		arguments,
	};
	char path[PATH_SIZE];
	int code;

	if (!command_read(&line, argc, argv, &code) || !data_dir_find(line.name, config, data, path, &code))
		return code;
	output_begin();
	return verify(path);
}
