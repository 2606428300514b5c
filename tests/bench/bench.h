/*
 * bench.h -- what the bench programs agree on: the pledges that `prepare` puts
 * into a ledger are the ones that `load` pays.
 */
#ifndef TESTS_BENCH_BENCH_H
#define TESTS_BENCH_BENCH_H

#include "domain/token.h"

#define BENCH_SECRET "whsec_benchmarkbenchmarkbenchmark"

/* The id of the pledge of that number; the session's and the rest stand in event.json. */
static inline void bench_pledge(uint32_t number, char token[static TOKEN_SIZE])
{
	const uint8_t entropy[10] = { (uint8_t)(number >> 24), (uint8_t)(number >> 16), (uint8_t)(number >> 8), (uint8_t)number };

	token_pledge(1795334000000 + number, entropy, token);
}

#endif
