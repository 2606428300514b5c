#include "books/profile.h"

#include <string.h>

static const struct profile *const profiles[] = {
	[EXPORT_GIFTS] = &profile_gifts,
	[EXPORT_JOURNAL] = &profile_journal,
	[EXPORT_HLEDGER] = &profile_hledger,
	[EXPORT_LEDGER] = &profile_ledger,
	[EXPORT_BEANCOUNT] = &profile_beancount,
	[EXPORT_XERO] = &profile_xero,
	[EXPORT_QUICKBOOKS] = &profile_quickbooks,
	[EXPORT_PAYOUTS] = &profile_payouts,
	[EXPORT_GIFTS_1] = &profile_gifts_1,
	[EXPORT_JOURNAL_1] = &profile_journal_1,
	[EXPORT_QUICKBOOKS_1] = &profile_quickbooks_1,
	[EXPORT_HLEDGER_1] = &profile_hledger_1,
	[EXPORT_LEDGER_1] = &profile_ledger_1,
	[EXPORT_BEANCOUNT_1] = &profile_beancount_1,
};

enum { PROFILES = sizeof profiles / sizeof profiles[0] };

const struct profile *profile_of(enum export_profile profile)
{
	return profiles[profile];
}

const char *export_profile_name(enum export_profile profile)
{
	return profiles[profile]->name;
}

const char *export_profile_extension(enum export_profile profile)
{
	return profiles[profile]->extension;
}

const char *export_profile_media_type(enum export_profile profile)
{
	return profiles[profile]->media_type;
}

bool export_profile_parse(struct bytes text, enum export_profile *profile)
{
	for (size_t i = 0; i < PROFILES; i++) {
		const char *name = profiles[i]->name;
		struct bytes bare = { name, strcspn(name, "/") };

		if (bytes_is(text, name) || bytes_equal(text, bare)) {
			*profile = (enum export_profile)i;
			return true;
		}
	}
	return false;
}
