/*
 * budget.h -- how many sessions may be opened a minute, by one address and by
 * all: what stops card testers before the provider is asked.
 */
#ifndef SERVICE_BUDGET_H
#define SERVICE_BUDGET_H

#include <stdbool.h>
#include <stdint.h>

struct budget;

/* NULL when there is no memory or randomness. */
struct budget *budget_new(void);

/*
 * Take one session from the budgets of `address` and of all; false when either
 * is spent. A budget fills again steadily, `a minute`'s worth each minute. IPv6
 * addresses count by their /64. `now_us` is of a clock that never goes back.
 */
bool budget_take(struct budget *budget, const char *address, unsigned per_address_minute, unsigned total_minute,
                 int64_t now_us);

void budget_free(struct budget **budget);

#endif
