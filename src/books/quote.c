#include "books/quote.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "sys/whole_file.h"

enum { PATH_BYTES = 4096 + sizeof RECEIPT_SECRET_NAME };

/* ---- reading ---- */

/* A token anywhere in the text: in the address of a page, or with a full stop behind it. */
static void find_token(struct quote *quote)
{
	size_t length = strlen(quote->text);

	for (size_t i = 0; i + TOKEN_SIZE - 1 <= length; i++) {
		struct bytes piece = { quote->text + i, TOKEN_SIZE - 1 };

		quote->is_receipt = token_is_receipt(piece);
		if (!quote->is_receipt && !token_is_pledge(piece))
			continue;
		memcpy(quote->token, piece.data, piece.length);
		return;
	}
}

static void find_seq(struct quote *quote)
{
	size_t digits = strspn(quote->text, "0123456789");
	const char *rest = quote->text + digits;
	bool currency = rest[0] == '-' && rest[1] != '\0' && strspn(rest + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == strlen(rest + 1);

	if ((*rest != '\0' && !currency) || text_unsigned((struct bytes){ quote->text, digits }, UINT64_MAX, &quote->seq) != OK)
		quote->seq = 0;
}

static enum err read_secret(const char *data_dir, struct quote *quote, struct why *why)
{
	struct buffer secret = BUFFER(RECEIPT_SECRET_BYTES);
	struct whole_file file;
	char path[PATH_BYTES];

	snprintf(path, sizeof path, "%s/" RECEIPT_SECRET_NAME, data_dir);
	enum err err = whole_file_read(path, &secret, &file, why);

	if (err == ERR_UNKNOWN)
		err = why_set(why, err, "whose page that is cannot be told without %s", path);
	else if (err == ERR_TOO_BIG || (err == OK && secret.length != RECEIPT_SECRET_BYTES))
		err = why_set(why, ERR_CORRUPT, "%s is not %d bytes long", path, RECEIPT_SECRET_BYTES);
	if (err == OK)
		memcpy(quote->secret, secret.data, RECEIPT_SECRET_BYTES);
	buffer_wipe(&secret);
	return err;
}

enum err quote_read(const char *data_dir, const char *text, struct quote *quote, struct why *why)
{
	*quote = (struct quote){ .text = text };
	if (text[0] == '\0')
		return why_set(why, ERR_UNKNOWN, "nothing was asked for");
	find_token(quote);
	find_seq(quote);
	return quote->is_receipt ? read_secret(data_dir, quote, why) : OK;
}

/* ---- comparing ---- */

/* Each page is about one entry: a donor's about the pledge, a receipt about what settled. */
static enum err is_receipt_of(const struct quote *quote, const struct entry *entry, bool *meant)
{
	bool settled = entry->kind == ENTRY_SETTLED || entry->kind == ENTRY_UNPARKED;
	char token[TOKEN_SIZE];

	if ((entry->kind != ENTRY_PLEDGED && !settled) || entry->pledge[0] == '\0')
		return OK;
	enum err err = token_receipt(quote->secret, entry->pledge, settled ? entry->payment : "", token);

	if (err == OK)
		*meant = strcmp(token, quote->token) == 0;
	return err;
}

static bool is_named(const struct entry *entry, const char *id)
{
	if (strcmp(entry->pledge, id) == 0 || strcmp(entry->event, id) == 0 || strcmp(entry->payment, id) == 0
	    || strcmp(entry->reference, id) == 0)
		return true;
	for (size_t i = 0; i < entry->ref_count; i++)
		if (strcmp(entry->refs[i].id, id) == 0)
			return true;
	return false;
}

enum err quote_means(const struct quote *quote, const struct entry *entry, bool *meant)
{
	*meant = entry->seq == quote->seq || (entry->parked != 0 && entry->parked == quote->seq) || is_named(entry, quote->text)
	         || (quote->token[0] != '\0' && !quote->is_receipt && strcmp(entry->pledge, quote->token) == 0);
	return quote->is_receipt && !*meant ? is_receipt_of(quote, entry, meant) : OK;
}
