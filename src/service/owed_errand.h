/*
 * owed_errand.h -- private to owed.c: one owed thing that a provider is asked about, and what the log says of it.
 */
#ifndef SERVICE_OWED_ERRAND_H
#define SERVICE_OWED_ERRAND_H

#include "service/inquiry.h"
#include "service/owed_rest.h"

struct errand {
	struct owed owed;
	struct inquiry *inquiry; /* NULL: a free place */
	unsigned account;        /* its place among the accounts of owed_rest.h */
	bool probe;              /* asks whether its account is back: once */
};

/* Begin what its `owed` says. The inquiry stays NULL when there is no memory. */
void errand_begin(struct errand *errand, struct service *service, void (*wake)(void *context), void *context);

/* It has failed, for itself alone. */
void errand_log_failure(const struct errand *errand, unsigned attempts);

/* Its account rests from now on; so many things are owed to all of them. */
void errand_log_rests(const struct errand *errand, uint64_t owed);

void errand_log_goes_on(const struct rest *rest, uint64_t owed, int64_t now_us);

#endif
