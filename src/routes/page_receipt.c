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

/* A part of what was given, absent where it is nothing. */
static void page_part(struct page_data *data, const char *name, const struct payment *payment, int64_t minor)
{
	struct money part = { minor, payment->given.currency };

	if (minor > 0)
		page_money(data, name, &part);
	else
		page_absent(data, name);
}

/* What has gone back for good and what is disputed stand apart: the latter may come again. */
static void page_payment(struct page_data *data, const struct payment *payment)
{
	int64_t gone = payment_refunded(payment) + payment->lost;
	int64_t kept = payment->given.minor - gone - payment->disputed;
	bool nothing = gone >= payment->given.minor;

	page_money(data, "amount", &payment->given);
	page_part(data, "refunded", payment, payment_refunded(payment));
	page_part(data, "disputed", payment, payment->disputed);
	page_part(data, "lost", payment, payment->lost);
	page_part(data, "kept", payment, gone > 0 || payment->disputed > 0 ? kept : 0);
	page_flag(data, "void", nothing);
	page_flag(data, "held", !nothing && payment->disputed > 0);
	page_flag(data, "part", !nothing && payment->disputed == 0 && gone > 0);
	page_flag(data, "whole", gone == 0 && payment->disputed == 0);
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
