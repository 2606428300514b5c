#include "routes/page_portal.h"

void page_portal(struct page_data *data, const struct config *config, const struct pledge *pledge)
{
	const struct provider_account *account = config_account(config, bytes_of(pledge->account));
	bool runs = pledge->interval != INTERVAL_ONCE && pledge->status == PLEDGE_ACTIVE;

	page_flag(data, "runs", runs);
	page_text(data, "portal", !runs || account == NULL || account->portal_url[0] == '\0' ? NULL : account->portal_url);
}
