#include <stdio.h>
#include <string.h>

#include "routes/page_data.h"
#include "routes/page_pledge.h"
#include "routes/pages.h"

static void page_organisation(struct page_data *data, const struct config *config)
{
	page_list_open(data, "address");
	for (size_t i = 0; i < config->address_count; i++) {
		page_item_open(data);
		page_text(data, "line", config->address[i]);
		page_item_close(data);
	}
	page_list_close(data);
	page_text(data, "registration", config->registration);
	page_text(data, "receipt_text", config->receipt_text);
}

/* What is disputed is not there either, but may come again. */
static void page_payment(struct page_data *data, const struct payment *payment)
{
	const enum payment_rest rest = payment_rest(payment);
	const struct money kept = { payment_refundable(payment), payment->given.currency };

	page_money(data, "amount", &payment->given);
	page_gone(data, payment);
	page_rest(data, rest);
	if (rest != REST_WHOLE && kept.minor > 0)
		page_money(data, "kept", &kept);
	else
		page_absent(data, "kept");
}

enum err pages_receipt(const struct config *config, const struct pledge *pledge, const struct payment *payment,
                       const char *receipt_token, struct page_language language, struct buffer *out, struct why *why)
{
	struct page_data data;
	char back[sizeof PAGES_THANKS_PATH + TOKEN_SIZE];

	snprintf(back, sizeof back, PAGES_THANKS_PATH "%s", receipt_token);
	page_data_begin(&data, config, language);
	page_languages(&data);
	page_flag(&data, "home", true);
	page_organisation(&data, config);
	page_choice(&data, config, pledge);
	page_payment(&data, payment);
	page_interval(&data, pledge->interval);
	page_date(&data, "date", payment->given_s);
	page_text(&data, "number", payment->id);
	page_text(&data, "reference", pledge->id);
	page_portal(&data, config, pledge);
	if (pledge->interval == INTERVAL_ONCE)
		page_path(&data, "back", back, language);
	else
		page_absent(&data, "back");
	return page_data_end(&data, WEB_RECEIPT, out, why);
}
