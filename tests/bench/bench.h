/*
 * bench.h -- what the bench programs agree on: the pledges that `prepare` puts
 * into a ledger are the ones that `load` pays.
 */
#ifndef TESTS_BENCH_BENCH_H
#define TESTS_BENCH_BENCH_H

#include <string.h>

#include "domain/token.h"

#define BENCH_SECRET "whsec_benchmarkbenchmarkbenchmark"

/* The id of the pledge of that number, spread as random ones are; the session's and the rest stand in event.json. */
static inline void bench_pledge(uint32_t number, char token[static TOKEN_SIZE])
{
	uint64_t spread = (number + UINT64_C(1)) * UINT64_C(0x9e3779b97f4a7c15);
	uint8_t entropy[10] = { 0 };

	spread = (spread ^ spread >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	memcpy(entropy + sizeof entropy - sizeof spread, &spread, sizeof spread);
	token_pledge(1795334000000 + number, entropy, token);
}

#endif
