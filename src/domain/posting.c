#include "domain/posting.h"

#include <string.h>

#include "base/bytes.h"
#include "domain/campaign.h"

/* The spelling of each kind and how many ids follow it. */
static const struct {
	struct bytes name;
	int ids;
} spellings[] = {
#define SPELLING(name, ids) { { name, sizeof name - 1 }, ids }
	[ACCOUNT_PROVIDER] = SPELLING("assets:provider", 1),
	[ACCOUNT_TRANSIT] = SPELLING("assets:transit", 1),
	[ACCOUNT_DISPUTED] = SPELLING("assets:disputed", 1),
	[ACCOUNT_BANK] = SPELLING("assets:bank", 0),
	[ACCOUNT_CASH] = SPELLING("assets:cash", 0),
	[ACCOUNT_DONATIONS] = SPELLING("income:donations", 2),
	[ACCOUNT_REFUNDS] = SPELLING("income:refunds", 2),
	[ACCOUNT_CHARGEBACKS] = SPELLING("income:chargebacks", 2),
	[ACCOUNT_FEES] = SPELLING("expenses:fees", 2),
	[ACCOUNT_UNIDENTIFIED] = SPELLING("liabilities:unidentified", 1),
	[ACCOUNT_CONVERSION] = SPELLING("equity:conversion", 0),
	[ACCOUNT_OTHER_BUSINESS] = SPELLING("equity:other-business", 1),
#undef SPELLING
};

enum { KINDS = sizeof spellings / sizeof spellings[0] };

struct ledger_account ledger_account_make(enum ledger_account_kind kind, const char *first, const char *second)
{
	struct ledger_account account = { .kind = kind };

	/* What is too long for an id becomes none, and ledger_account_is_valid says so. */
	err_ignore(bytes_copy_text(bytes_of(first), account.first, sizeof account.first));
	err_ignore(bytes_copy_text(bytes_of(second), account.second, sizeof account.second));
	return account;
}

void ledger_account_format(const struct ledger_account *account, char text[static LEDGER_ACCOUNT_TEXT_SIZE])
{
	struct buffer out = { .data = text, .capacity = LEDGER_ACCOUNT_TEXT_SIZE, .max = LEDGER_ACCOUNT_TEXT_SIZE - 1 };
	const char *ids[] = { account->first, account->second };

	buffer_bytes(&out, spellings[account->kind].name);
	for (int i = 0; i < spellings[account->kind].ids; i++) {
		buffer_char(&out, ':');
		buffer_text(&out, ids[i]);
	}
}

/* Take the id up to the next ':' or the end. */
static enum err take_id(struct bytes *rest, char id[static ID_SIZE])
{
	if (rest->length == 0 || rest->data[0] != ':')
		return ERR_INPUT;
	const char *start = rest->data + 1;
	size_t left = rest->length - 1;
	const char *colon = left > 0 ? memchr(start, ':', left) : NULL;
	struct bytes text = { start, colon != NULL ? (size_t)(colon - start) : left };

	if (!id_is_valid(text) || bytes_copy_text(text, id, ID_SIZE) != OK)
		return ERR_INPUT;
	*rest = (struct bytes){ start + text.length, left - text.length };
	return OK;
}

enum err ledger_account_parse(struct bytes text, struct ledger_account *account)
{
	for (int kind = 0; kind < KINDS; kind++) {
		struct bytes name = spellings[kind].name;

		if (text.length < name.length || memcmp(text.data, name.data, name.length) != 0)
			continue;
		struct ledger_account found = { .kind = (enum ledger_account_kind)kind };
		struct bytes rest = { text.data + name.length, text.length - name.length };

		if ((spellings[kind].ids >= 1 && take_id(&rest, found.first) != OK)
		    || (spellings[kind].ids == 2 && take_id(&rest, found.second) != OK) || rest.length != 0)
			continue;
		*account = found;
		return OK;
	}
	return ERR_INPUT;
}

bool ledger_account_is_valid(const struct ledger_account *account)
{
	if ((unsigned)account->kind >= KINDS)
		return false;
	int ids = spellings[account->kind].ids;

	return (ids >= 1 ? id_is_valid(bytes_of(account->first)) : account->first[0] == '\0')
	       && (ids == 2 ? id_is_valid(bytes_of(account->second)) : account->second[0] == '\0');
}

/* The sum of one currency; *first says whether an earlier posting already led to it. */
static enum err sum_currency(const struct posting *postings, size_t count, size_t at, struct money *sum, bool *first)
{
	*first = true;
	*sum = postings[at].amount;
	for (size_t i = 0; i < count; i++) {
		if (i == at || !currency_equal(&postings[i].amount.currency, &sum->currency))
			continue;
		if (i < at)
			*first = false;
		if (i > at && money_add(sum, &postings[i].amount, sum) != OK)
			return ERR_TOO_BIG;
	}
	return OK;
}

enum err postings_balance(const struct posting *postings, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct money sum;
		bool first;

		if (sum_currency(postings, count, i, &sum, &first) != OK)
			return ERR_TOO_BIG;
		if (first && sum.minor != 0)
			return ERR_INPUT;
	}
	return OK;
}
