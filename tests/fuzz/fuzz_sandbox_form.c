#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sandbox/checkout.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever the bytes: a form that is read is sorted and holds each name once, and what is refused says why. */
static void check_form(const struct form *form)
{
	for (size_t i = 1; i < form->count; i++)
		if (strcmp(form_name(form, i - 1), form_name(form, i)) >= 0)
			abort();
	for (size_t i = 0; i < form->count; i++)
		if (form_get(form, form_name(form, i)) != form_value(form, i))
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct state state = { .ids = { 1 }, .knobs = knobs_init(), .now_ms = 1000 };
	struct form form = { 0 };
	struct refusal refusal = { 0 };
	struct session *session = NULL;

	if (form_read((struct bytes){ (const char *)data, size }, &form, NULL) != OK)
		return 0;
	check_form(&form);
	bool good = params_check(&form, checkout_params, &refusal) && session_create(&state, &form, &session, &refusal);

	if (good != (session != NULL) || good != (refusal.status == 0))
		abort();
	form_free(&form);
	state_free(&state);
	return 0;
}
