#include "routes/page_language.h"

#include "routes/site.h"

static bool is_asked_for(const struct visit *visit, enum language *language)
{
	char tag[LANGUAGE_TAG_SIZE];

	if (visit->form_language[0] != '\0')
		return language_parse(bytes_of(visit->form_language), language);
	return visit_query(visit, "lang", tag, sizeof tag) && language_parse(bytes_of(tag), language);
}

struct page_language page_language_of(const struct visit *visit, const struct campaign *campaign)
{
	struct page_language found = { LANGUAGE_EN, false };
	struct bytes accept;

	if (is_asked_for(visit, &found.language))
		found.asked = true;
	else if (campaign != NULL && campaign->has_language)
		found.language = campaign->language;
	else if (http_request_field(visit->request, "Accept-Language", &accept))
		(void)language_accept(accept, &found.language);
	return found;
}

enum language page_language_own(const struct campaign *campaign)
{
	return campaign->has_language ? campaign->language : LANGUAGE_EN;
}
