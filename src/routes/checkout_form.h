/*
 * checkout_form.h -- what a checkout request may say, as JSON or as a form.
 *
 * A tier, perhaps an account, the page's campaign (a form's), a language, an idempotency key; never an amount or a
 * currency: those are the server's to decide.
 */
#ifndef ROUTES_CHECKOUT_FORM_H
#define ROUTES_CHECKOUT_FORM_H

#include <stdbool.h>

#include "base/http_message.h"
#include "service/checkout.h"

/*
 * Read the request's body and its Idempotency-Key field. *status is 0, or 400 or
 * 415 with `why` in a sentence for the sender. *form says whether it was an HTML
 * form's. Also for fuzzing: needs nothing but the request.
 */
void checkout_form_read(const struct http_request *request, struct checkout_request *checkout, bool *form, int *status,
                        struct why *why);

#endif
