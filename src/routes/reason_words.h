/*
 * reason_words.h -- what a reason of the books means to somebody who does not know its code: messages, in English,
 * for page_message.
 */
#ifndef ROUTES_REASON_WORDS_H
#define ROUTES_REASON_WORDS_H

#include "domain/reason.h"
#include "service/reconcile_report.h"

/* Why something waits; NULL for what is no reason to wait. */
const char *reason_words_parked(enum reason reason);

/* Why books and provider differ. */
const char *reason_words_difference(enum difference_reason reason);

#endif
