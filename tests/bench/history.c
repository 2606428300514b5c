/*
 * history DIR COUNT -- a ledger of COUNT entries as a year of gifts leaves it: each pledge and then its settled
 * payment, in segments of 64 MiB, without an index. Written line by line: a writer that syncs would take longer.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger/line.h"
#include "ledger/segment.h"
#include "tests/bench/bench.h"

enum { SEGMENT_BYTES = 64 * 1024 * 1024 };

static struct entry entry;
static uint8_t chain[CHAIN_BYTES];
static struct buffer lines = { .max = 2 * SEGMENT_BYTES };

/* Ids as long as the provider's own. */
static void add_ref(enum ref_kind kind, const char *head, uint32_t number)
{
	struct ref *ref = &entry.refs[entry.ref_count++];

	ref->kind = kind;
	snprintf(ref->id, sizeof ref->id, "%s%08u", head, number);
}

/* A session's id begins with what is in no order, as the provider makes it; payments' and events' begin with their time. */
static void add_session(uint32_t number)
{
	uint64_t scattered = (uint64_t)number * UINT64_C(0x9e3779b97f4a7c15);
	char head[64];

	snprintf(head, sizeof head, "cs_test_a1%016llxG8i9J0k1L2m3N4o5P6q7R8s9T0u1V2", (unsigned long long)(scattered ^ scattered >> 32));
	add_ref(REF_SESSION, head, number);
}

static void opened(void)
{
	entry.kind = ENTRY_OPENED;
	entry.format = 1;
	strcpy(entry.ledger, "00112233445566778899aabbccddeeff");
	strcpy(entry.organisation, "example");
}

static void pledged(uint32_t number)
{
	entry.kind = ENTRY_PLEDGED;
	strcpy(entry.account, "stripe");
	bench_pledge(number, entry.pledge);
	add_session(number);
	strcpy(entry.campaign, "press");
	strcpy(entry.tier, "friend");
	entry.has_interval = true;
	entry.amount = (struct money){ 2500, { "EUR" } };
}

static void settled(uint32_t number)
{
	entry.kind = ENTRY_SETTLED;
	entry.at_s = 1763798000 + number;
	strcpy(entry.account, "stripe");
	snprintf(entry.event, sizeof entry.event, "evt_1QAbCdEfGhIjKlMn%08u", number);
	bench_pledge(number, entry.pledge);
	snprintf(entry.payment, sizeof entry.payment, "pi_3QAbCdEfGhIjKlMn0%08u", number);
	add_session(number);
	add_ref(REF_PAYMENT_INTENT, "pi_3QAbCdEfGhIjKlMn0", number);
	entry.amount = (struct money){ 2500, { "EUR" } };
	entry.postings[0] = (struct posting){ ledger_account_make(ACCOUNT_PROVIDER, "stripe", ""), entry.amount };
	entry.postings[1] = (struct posting){ ledger_account_make(ACCOUNT_DONATIONS, "press", "friend"), { -2500, { "EUR" } } };
	entry.posting_count = 2;
}

static void write_segment(const char *folder, uint64_t first)
{
	char path[512];
	char name[SEGMENT_NAME_SIZE];

	segment_name(first, name);
	snprintf(path, sizeof path, "%s/ledger/%s", folder, name);
	FILE *file = fopen(path, "wb");

	if (file == NULL || fwrite(lines.data, 1, lines.length, file) != lines.length || fclose(file) != 0)
		exit(1);
	buffer_clear(&lines);
}

int main(int argc, char **argv)
{
	char path[256];
	uint64_t count = argc == 3 ? strtoull(argv[2], NULL, 10) : 0;
	uint64_t first = 1;

	if (count == 0) {
		fprintf(stderr, "usage: history DIR COUNT\n");
		return 1;
	}
	snprintf(path, sizeof path, "%s/ledger", argv[1]);
	if (mkdir(argv[1], 0700) != 0 || mkdir(path, 0700) != 0)
		return 1;
	for (uint64_t seq = 1; seq <= count; seq++) {
		memset(&entry, 0, sizeof entry);
		if (seq == 1)
			opened();
		else if (seq % 2 == 0)
			pledged((uint32_t)(seq / 2));
		else
			settled((uint32_t)(seq / 2));
		entry.seq = seq;
		entry.time_us = INT64_C(1763798400000000) + (int64_t)seq * 500000;
		entry.synced = seq - 1;
		if (line_write(&lines, &entry, chain) != OK)
			return 1;
		if (lines.length >= SEGMENT_BYTES || seq == count) {
			write_segment(argv[1], first);
			first = seq + 1;
		}
	}
	return 0;
}
