#include "webhooks/stripe/stripe.h"

const struct provider stripe_provider = {
	.name = "stripe",
	.api_url = "https://api.stripe.com",
	.authenticate = stripe_authenticate,
	.read_events = stripe_read_events,
	.step = stripe_step,
	.check_amount = stripe_check_amount,
	.is_line = stripe_is_line,
};
