/*
 * version.h -- Stripe's API versions, "2026-10-28.endive", as far as the
 * stand-in tells them apart: before 2025-03-31 an invoice named its subscription
 * and its payment at the top, and a subscription its period.
 */
#ifndef SANDBOX_VERSION_H
#define SANDBOX_VERSION_H

#include <stdbool.h>

#include "base/bytes.h"
#include "base/err.h"

#define SANDBOX_API_VERSION "2026-10-28.endive"

enum { API_VERSION_SIZE = 40 };

/* Copy a text of that form: a date that exists, and behind it nothing or '.' and a name. ERR_INPUT. */
MUST_CHECK enum err version_read(struct bytes text, char version[static API_VERSION_SIZE]);

/* Whether the version is of the time before 2025-03-31. */
bool version_is_old(const char *version);

#endif
