/*
 * ids.h -- ids as Stripe spells them: a prefix and letters and digits. From a
 * seed, so that a run can be repeated; nothing here keeps a secret.
 */
#ifndef SANDBOX_IDS_H
#define SANDBOX_IDS_H

#include <stddef.h>
#include <stdint.h>

enum { SANDBOX_ID_SIZE = 80 };

struct ids {
	uint64_t state;  /* starts as the seed */
};

/* `prefix` and `letters` characters of 0-9A-Za-z; the whole must fit. */
void id_mint(struct ids *ids, const char *prefix, size_t letters, char id[static SANDBOX_ID_SIZE]);

#endif
