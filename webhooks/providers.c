#include "webhooks/provider.h"

#include <string.h>

#include "webhooks/stripe/stripe.h"

const struct provider *const providers[] = {
	&stripe_provider,
	NULL,
};

enum { PROVIDERS = sizeof providers / sizeof providers[0] };

const struct provider *provider_find(const char *name)
{
	for (size_t i = 0; providers[i] != NULL; i++)
		if (strcmp(providers[i]->name, name) == 0)
			return providers[i];
	return NULL;
}

const char *const *provider_names(void)
{
	static const char *const names[PROVIDERS] = { "stripe", NULL };

	return names;
}
