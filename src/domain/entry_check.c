/*
 * What stands between a mistake of ours and the ledger: a line that was written must be readable for
 * ever, so every member must have the form that a reader (ledger/line_read.c) asks for as it takes the member.
 */
#include "domain/entry.h"

#include <string.h>

#include "base/text.h"
#include "domain/token.h"

enum { DIGEST_SIZE = 32, LEDGER_ID_SIZE = 16 };

/* The last second of the year 9999: later ones have no spelling. */
static const int64_t seconds_max = 253402300799;

static bool is_id(const char *text)
{
	return text[0] == '\0' || id_is_valid(bytes_of(text));
}

static bool is_text(const char *text)
{
	return text_is_utf8(bytes_of(text));
}

/* Lower hex of exactly that many bytes, or nothing. */
static bool is_hex(const char *text, size_t bytes)
{
	return text[0] == '\0' || (strlen(text) == 2 * bytes && text_is_hex(bytes_of(text)));
}

static bool is_currency(const struct currency *currency)
{
	struct currency known;

	return currency_parse(bytes_of(currency->code), &known) == OK;
}

static bool times_are_good(const struct entry *entry)
{
	return entry->time_us >= 0 && entry->time_us / 1000000 <= seconds_max && entry->at_s >= 0
	       && entry->at_s <= seconds_max;
}

/* Sorted by kind, so at most one of each, and none empty. */
static bool refs_are_good(const struct entry *entry)
{
	for (size_t i = 0; i < entry->ref_count; i++) {
		const struct ref *ref = &entry->refs[i];

		if (ref->id[0] == '\0' || !is_text(ref->id) || (i > 0 && ref->kind <= entry->refs[i - 1].kind))
			return false;
	}
	return true;
}

/* The terms stand together or not at all. */
static bool terms_are_good(const struct entry *entry)
{
	bool has = entry->campaign[0] != '\0';

	return is_id(entry->campaign) && is_id(entry->tier) && (entry->tier[0] != '\0') == has
	       && entry->has_interval == has;
}

static bool opened_is_good(const struct entry *entry)
{
	bool has = entry->ledger[0] != '\0';

	return is_hex(entry->ledger, LEDGER_ID_SIZE) && is_id(entry->organisation)
	       && (entry->organisation[0] != '\0') == has && (entry->format == 1) == has;
}

bool reference_is_valid(struct bytes text)
{
	for (size_t i = 0; i < text.length; i++) {
		char c = text.data[i];

		if (!(c >= '0' && c <= '9') && !(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z') && c != '.' && c != '_' && c != '/' && c != '-')
			return false;
	}
	return text.length > 0 && text.length < REFERENCE_SIZE;
}

/* Digits with at most one point between them: "1.0833". */
static bool is_rate(const char *text)
{
	bool point = false;
	size_t length = strlen(text);

	for (size_t i = 0; i < length; i++) {
		bool inside = i > 0 && i + 1 < length;

		if (text[i] == '.' && !point && inside)
			point = true;
		else if (text[i] < '0' || text[i] > '9')
			return false;
	}
	return true;
}

bool clearing_is_good(const struct clearing *clearing)
{
	struct money net;

	if (clearing->settlement.currency.code[0] == '\0')
		return clearing->lines == 0;
	return clearing->lines > 0 && is_currency(&clearing->settlement.currency) && is_rate(clearing->rate)
	       && currency_equal(&clearing->settlement.currency, &clearing->fee.currency)
	       && currency_equal(&clearing->settlement.currency, &clearing->net.currency)
	       && money_subtract(&clearing->settlement, &clearing->fee, &net) == OK && net.minor == clearing->net.minor;
}

static bool numbers_are_good(const struct entry *entry)
{
	const uint64_t number_max = (UINT64_C(1) << 53) - 1; /* what a JSON reader elsewhere still reads exactly */

	return entry->parked <= number_max && entry->was <= number_max;
}

static bool postings_are_good(const struct entry *entry)
{
	for (size_t i = 0; i < entry->posting_count; i++)
		if (!is_currency(&entry->postings[i].amount.currency)
		    || !ledger_account_is_valid(&entry->postings[i].account))
			return false;
	return true;
}

/* The first member that has not its form, NULL when all have. */
static const char *ill_formed(const struct entry *entry)
{
	if (!times_are_good(entry))
		return "time";
	if (!is_id(entry->account))
		return "account";
	if (!is_text(entry->event))
		return "event";
	if (entry->pledge[0] != '\0' && !token_is_pledge(bytes_of(entry->pledge)))
		return "pledge";
	if (!is_text(entry->payment))
		return "payment";
	if (!refs_are_good(entry))
		return "refs";
	if (!opened_is_good(entry))
		return "ledger";
	if (!terms_are_good(entry))
		return "campaign";
	if (entry->amount.currency.code[0] != '\0' && !is_currency(&entry->amount.currency))
		return "amount";
	if (!is_hex(entry->key, DIGEST_SIZE))
		return "key";
	if (!clearing_is_good(&entry->clearing))
		return "settlement";
	if (entry->reference[0] != '\0' && !reference_is_valid(bytes_of(entry->reference)))
		return "reference";
	if (!numbers_are_good(entry))
		return "parked";
	if (!is_text(entry->type))
		return "type";
	if (!is_hex(entry->digest, DIGEST_SIZE))
		return "digest";
	return postings_are_good(entry) ? NULL : "postings";
}

static enum err check_members(const struct entry *entry, struct why *why)
{
	struct entry_shape shape = entry_shape(entry->kind);
	unsigned members = entry_members(entry);

	if ((members & shape.required) != shape.required)
		return why_set(why, ERR_INPUT, "a member that %s needs is missing", entry_kind_name(entry->kind));
	if ((members & ~(shape.required | shape.allowed)) != 0)
		return why_set(why, ERR_INPUT, "a member that %s does not have", entry_kind_name(entry->kind));
	return OK;
}

static enum err check_forms(const struct entry *entry, struct why *why)
{
	const char *bad = ill_formed(entry);

	return bad == NULL ? OK : why_set(why, ERR_INPUT, "the member \"%s\" has not its form", bad);
}

static enum err check_sums(const struct entry *entry, struct why *why)
{
	enum err err = postings_balance(entry->postings, entry->posting_count);

	return err == OK ? OK : why_set(why, err, "the postings do not sum to zero");
}

enum err entry_check_read(const struct entry *entry, struct why *why)
{
	enum err err = entry->kind == ENTRY_OTHER ? OK : check_members(entry, why);

	return err == OK ? check_sums(entry, why) : err;
}

enum err entry_check(const struct entry *entry, struct why *why)
{
	enum err err = entry->kind == ENTRY_OTHER ? OK : check_members(entry, why);

	if (err == OK && entry->kind != ENTRY_OTHER)
		err = check_forms(entry, why);
	return err == OK ? check_sums(entry, why) : err;
}
