#include "service/audit.h"

#include <stdlib.h>
#include <string.h>

#include "domain/trial_balance.h"

static void count_entry(struct audit *audit, const struct entry *entry)
{
	if (audit->entries == 0)
		audit->first_us = entry->time_us;
	audit->last_us = entry->time_us;
	audit->entries++;
	audit->unknown_kinds += entry->kind == ENTRY_OTHER;
}

static enum err read_lines(struct scan *scan, struct audit *audit, struct trial_balance *trial, struct why *why)
{
	struct entry *entry = malloc(sizeof *entry);
	enum err err = entry == NULL ? ERR_MEMORY : OK;
	bool more = true;

	while (err == OK && more) {
		err = scan_next(scan, entry, &more, why);
		if (err != OK || !more)
			continue;
		count_entry(audit, entry);
		err = trial_balance_add(trial, entry, why);
	}
	free(entry);
	return err;
}

static enum err audit_scan(struct scan *scan, struct audit *audit, struct why *why)
{
	struct trial_balance trial = { 0 };
	struct audit found = { 0 };
	enum err err = read_lines(scan, &found, &trial, why);

	if (err == OK)
		err = trial_balance_check(&trial, why);
	if (err == OK)
		err = scan_tail(scan, &found.tail_bytes, &found.tail, why);
	if (err == OK) {
		memcpy(found.chain, scan_chain(scan), sizeof found.chain);
		found.balances = trial.count;
		*audit = found;
	}
	trial_balance_free(&trial);
	return err;
}

typedef enum err scan_opener(struct scan **scan, const char *data_dir, struct why *why);

static enum err audit_opened(scan_opener *begin, const char *data_dir, struct audit *audit, struct why *why)
{
	struct scan *scan = NULL;
	enum err err = begin(&scan, data_dir, why);

	if (err == OK)
		err = audit_scan(scan, audit, why);
	scan_close(&scan);
	return err;
}

enum err audit_run(const char *data_dir, struct audit *audit, struct why *why)
{
	return audit_opened(scan_open, data_dir, audit, why);
}

enum err audit_run_held(const char *data_dir, struct audit *audit, struct why *why)
{
	return audit_opened(scan_open_held, data_dir, audit, why);
}
