#include "sandbox/expand.h"

#include <stdio.h>
#include <string.h>

/* What can be expanded, and what is then found there. */
static const struct reference {
	enum kind from;
	const char *field;
	enum kind to;  /* KINDS: nothing below can be expanded */
} references[] = {
	{ KIND_SESSION, "line_items", KINDS },
	{ KIND_SESSION, "payment_intent", KIND_INTENT },
	{ KIND_SESSION, "subscription", KIND_SUBSCRIPTION },
	{ KIND_SESSION, "invoice", KIND_INVOICE },
	{ KIND_INTENT, "latest_charge", KIND_CHARGE },
	{ KIND_CHARGE, "payment_intent", KIND_INTENT },
	{ KIND_CHARGE, "balance_transaction", KIND_TRANSACTION },
	{ KIND_TRANSACTION, "source", KIND_CHARGE },
	{ KIND_TRANSACTION, "source", KIND_REFUND },
	{ KIND_TRANSACTION, "source", KIND_DISPUTE },
	{ KIND_TRANSACTION, "source", KIND_PAYOUT },
	{ KIND_REFUND, "balance_transaction", KIND_TRANSACTION },
	{ KIND_REFUND, "failure_balance_transaction", KIND_TRANSACTION },
	{ KIND_REFUND, "charge", KIND_CHARGE },
	{ KIND_REFUND, "payment_intent", KIND_INTENT },
	{ KIND_DISPUTE, "charge", KIND_CHARGE },
	{ KIND_DISPUTE, "payment_intent", KIND_INTENT },
	{ KIND_PAYOUT, "balance_transaction", KIND_TRANSACTION },
	{ KIND_PAYOUT, "failure_balance_transaction", KIND_TRANSACTION },
	{ KIND_SUBSCRIPTION, "latest_invoice", KIND_INVOICE },
	{ KIND_INVOICE, "payments.data.payment.payment_intent", KIND_INTENT },
	{ KIND_INVOICE, "payments", KINDS },
	{ KIND_INVOICE_PAYMENT, "payment.payment_intent", KIND_INTENT },
	{ KIND_INVOICE_PAYMENT, "invoice", KIND_INVOICE },
};

/* Whether references lead along the path. A "source" may be of several kinds: it is enough that one of them fits. */
static bool leads(enum kind from, const char *path)
{
	if (*path == '\0')
		return true;
	for (size_t i = 0; i < sizeof references / sizeof references[0]; i++) {
		size_t length = strlen(references[i].field);

		if (references[i].from != from || strncmp(path, references[i].field, length) != 0)
			continue;
		if (path[length] == '\0' || (path[length] == '.' && leads(references[i].to, path + length + 1)))
			return true;
	}
	return false;
}

static size_t depth_of(const char *path)
{
	size_t depth = 1;

	for (; *path != '\0'; path++)
		depth += *path == '.';
	return depth;
}

static bool check_path(const char *path, enum kind kind, bool list, struct refusal *refusal)
{
	const char *rest = path;

	if (list && strncmp(rest, "data.", 5) != 0)
		return refuse(refusal, 400, NULL, "expand",
		              "This property cannot be expanded (%.100s). You may want to try expanding 'data.%.100s' instead.",
		              path, path);
	rest += list ? 5 : 0;
	if (depth_of(path) > EXPAND_DEPTH_MAX)
		return refuse(refusal, 400, NULL, "expand", "You cannot expand more than %d levels of a property. Property: %.100s",
		              EXPAND_DEPTH_MAX, path);
	return leads(kind, rest) ||
	       refuse(refusal, 400, NULL, "expand", "This property cannot be expanded (%.100s).", path);
}

bool expand_check(const struct form *form, enum kind kind, bool list, struct refusal *refusal)
{
	size_t count = form_list_count(form, "expand");

	for (size_t i = 0; i < count; i++) {
		const char *path = form_get_at(form, "expand", i, "");

		if (path != NULL && !check_path(path, kind, list, refusal))
			return false;
	}
	return true;
}

/* Whether a wish is the path or leads beyond it. */
static bool is_wished(const struct expand *expand)
{
	size_t length = strlen(expand->path);
	size_t count = form_list_count(expand->form, "expand");

	for (size_t i = 0; i < count; i++) {
		const char *wish = form_get_at(expand->form, "expand", i, "");

		if (wish != NULL && strncmp(wish, expand->path, length) == 0 &&
		    (wish[length] == '\0' || wish[length] == '.'))
			return true;
	}
	return false;
}

bool expand_enter(struct expand *expand, const char *field, size_t *mark)
{
	*mark = 0;
	if (expand == NULL)
		return false;
	*mark = strlen(expand->path);
	int length = snprintf(expand->path + *mark, sizeof expand->path - *mark, "%s%s", *mark > 0 ? "." : "", field);

	if (length < 0 || (size_t)length >= sizeof expand->path - *mark) {
		expand->path[*mark] = '\0';
		return false;
	}
	return is_wished(expand);
}

void expand_leave(struct expand *expand, size_t mark)
{
	if (expand != NULL)
		expand->path[mark] = '\0';
}
