/*
 * random_entry.h -- entries of every kind, made from a seed. For
 * the tests that say something of all entries.
 */
#ifndef TESTS_RANDOM_ENTRY_H
#define TESTS_RANDOM_ENTRY_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "dice.h"
#include "domain/entry.h"
#include "domain/token.h"

static inline void random_id(struct dice *dice, char id[static ID_SIZE])
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	unsigned length = 1 + dice_roll(dice, dice_roll(dice, 4) == 0 ? ID_SIZE - 1 : 10);

	id[0] = letters[dice_roll(dice, 26)];
	for (unsigned i = 1; i < length; i++)
		id[i] = letters[dice_roll(dice, sizeof letters - 1)];
	id[length] = '\0';
}

/* What a provider may send where an id or a type belongs. */
static inline void random_text(struct dice *dice, char *text, size_t size)
{
	static const char *const pieces[] = { "pi_", "a", "Z", "0", "\"", "\\", "\n", "\x01", "\x1f", "\x7f", "/", "ä", "€", "👾", "=", "," };
	struct buffer out = { .data = text, .capacity = size, .max = size - 1 };
	unsigned count = 1 + dice_roll(dice, dice_roll(dice, 8) == 0 ? 400 : 12);

	text[0] = '\0';
	for (unsigned i = 0; i < count; i++) {
		const char *piece = pieces[dice_roll(dice, sizeof pieces / sizeof pieces[0])];

		if (out.length + strlen(piece) < size)
			buffer_text(&out, piece);
	}
}

static inline void random_hex(struct dice *dice, char *text, size_t bytes)
{
	for (size_t i = 0; i < 2 * bytes; i++)
		text[i] = "0123456789abcdef"[dice_roll(dice, 16)];
	text[2 * bytes] = '\0';
}

static inline void random_pledge(struct dice *dice, char pledge[static TOKEN_SIZE])
{
	uint8_t entropy[10];

	for (size_t i = 0; i < sizeof entropy; i++)
		entropy[i] = (uint8_t)dice_roll(dice, 256);
	token_pledge(1795334400000 + (int64_t)dice_roll(dice, 1u << 30), entropy, pledge);
}

static inline struct money random_money(struct dice *dice)
{
	static const char *const codes[] = { "EUR", "USD", "JPY", "BHD", "CLF", "BTC", "SATS", "TESTKUDOS" };
	static const int64_t corners[] = { 0, 1, -1, INT64_MAX, INT64_MIN + 1 };
	struct money money = { .minor = (int64_t)dice_roll(dice, 1000000) };

	if (dice_roll(dice, 8) == 0)
		money.minor = corners[dice_roll(dice, sizeof corners / sizeof corners[0])];
	snprintf(money.currency.code, sizeof money.currency.code, "%s", codes[dice_roll(dice, sizeof codes / sizeof codes[0])]);
	return money;
}

static inline void random_refs(struct dice *dice, struct entry *entry, bool required)
{
	for (int kind = 0; kind < REF_KINDS && entry->ref_count < REFS_MAX; kind++) {
		if (dice_roll(dice, 3) != 0 && !(required && entry->ref_count == 0))
			continue;
		entry->refs[entry->ref_count].kind = (enum ref_kind)kind;
		random_text(dice, entry->refs[entry->ref_count++].id, OBJECT_ID_SIZE);
	}
}

static inline struct ledger_account random_account(struct dice *dice)
{
	enum ledger_account_kind kind = (enum ledger_account_kind)dice_roll(dice, ACCOUNT_OTHER_BUSINESS + 1);
	struct ledger_account account;
	char text[LEDGER_ACCOUNT_TEXT_SIZE];
	char first[ID_SIZE];
	char second[ID_SIZE];

	random_id(dice, first);
	random_id(dice, second);
	account = ledger_account_make(kind, first, second);
	ledger_account_format(&account, text);
	/* Reading gives back only the ids that the kind has. */
	return ledger_account_parse(bytes_of(text), &account) == OK ? account : ledger_account_make(ACCOUNT_BANK, "", "");
}

static inline void random_postings(struct dice *dice, struct entry *entry)
{
	for (unsigned pairs = 1 + dice_roll(dice, POSTINGS_MAX / 2); pairs > 0; pairs--) {
		struct money amount = random_money(dice);

		amount.minor %= INT64_MAX / POSTINGS_MAX;
		entry->postings[entry->posting_count++] = (struct posting){ random_account(dice), amount };
		amount.minor = -amount.minor;
		entry->postings[entry->posting_count++] = (struct posting){ random_account(dice), amount };
	}
}

/* A required member is there, an allowed one by chance. */
static inline bool random_member(struct dice *dice, enum entry_kind kind, enum entry_member member)
{
	struct entry_shape shape = entry_shape(kind);

	return (shape.required & member) != 0 || ((shape.allowed & member) != 0 && dice_roll(dice, 2) == 0);
}

static inline void random_terms(struct dice *dice, struct entry *entry)
{
	random_id(dice, entry->campaign);
	random_id(dice, entry->tier);
	entry->has_interval = true;
	entry->interval = (enum interval)dice_roll(dice, 3);
}

static inline void random_opened(struct dice *dice, struct entry *entry)
{
	random_hex(dice, entry->ledger, 16);
	random_id(dice, entry->organisation);
	entry->live = dice_roll(dice, 2) == 0;
	entry->format = 1;
}

static inline void random_clearing(struct dice *dice, struct clearing *clearing)
{
	static const char *const rates[] = { "", "1.0833", "0.000052", "157" };

	clearing->settlement = random_money(dice);
	clearing->settlement.minor /= 2;
	clearing->fee = clearing->settlement;
	clearing->fee.minor = (int64_t)dice_roll(dice, 2000) - 1000;
	clearing->net = clearing->settlement;
	clearing->net.minor -= clearing->fee.minor;
	snprintf(clearing->rate, sizeof clearing->rate, "%s", rates[dice_roll(dice, 4)]);
	clearing->lines = 1 + dice_roll(dice, 3);
}

static inline void random_reference(struct dice *dice, char reference[static REFERENCE_SIZE])
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._/-";
	unsigned length = 1 + dice_roll(dice, REFERENCE_SIZE - 1);

	for (unsigned i = 0; i < length; i++)
		reference[i] = letters[dice_roll(dice, sizeof letters - 1)];
	reference[length] = '\0';
}

static inline void random_details(struct dice *dice, enum entry_kind kind, struct entry *entry)
{
	if (random_member(dice, kind, MEMBER_KEY))
		random_hex(dice, entry->key, 32);
	entry->total = random_member(dice, kind, MEMBER_TOTAL);
	if (random_member(dice, kind, MEMBER_CLEARING))
		random_clearing(dice, &entry->clearing);
	if (random_member(dice, kind, MEMBER_REFERENCE))
		random_reference(dice, entry->reference);
	if (random_member(dice, kind, MEMBER_PARKED))
		entry->parked = 1 + dice_roll(dice, 1u << 30);
	if (random_member(dice, kind, MEMBER_WAS))
		entry->was = 1 + dice_roll(dice, 1u << 30);
	if (random_member(dice, kind, MEMBER_REASON))
		entry->reason = (enum reason)(1 + dice_roll(dice, REASONS - 1));
	if (random_member(dice, kind, MEMBER_STATUS)) {
		entry->has_status = true;
		entry->status = (enum event_kind)dice_roll(dice, EVENT_KINDS);
	}
	if (random_member(dice, kind, MEMBER_TYPE))
		random_text(dice, entry->type, sizeof entry->type);
	if (random_member(dice, kind, MEMBER_DIGEST))
		random_hex(dice, entry->digest, 32);
	if (random_member(dice, kind, MEMBER_POSTINGS))
		random_postings(dice, entry);
}

/* Everything but what places it in a ledger: seq, time, synced and chain. */
static inline void random_entry(struct dice *dice, enum entry_kind kind, struct entry *entry)
{
	memset(entry, 0, sizeof *entry);
	entry->kind = kind;
	if (random_member(dice, kind, MEMBER_AT))
		entry->at_s = 1 + (int64_t)dice_roll(dice, 2000000000);
	if (random_member(dice, kind, MEMBER_ACCOUNT))
		random_id(dice, entry->account);
	if (random_member(dice, kind, MEMBER_EVENT))
		random_text(dice, entry->event, sizeof entry->event);
	if (random_member(dice, kind, MEMBER_PLEDGE))
		random_pledge(dice, entry->pledge);
	if (random_member(dice, kind, MEMBER_PAYMENT))
		random_text(dice, entry->payment, sizeof entry->payment);
	if (random_member(dice, kind, MEMBER_REFS))
		random_refs(dice, entry, (entry_shape(kind).required & MEMBER_REFS) != 0);
	if (random_member(dice, kind, MEMBER_LEDGER))
		random_opened(dice, entry);
	if (random_member(dice, kind, MEMBER_TERMS))
		random_terms(dice, entry);
	if (random_member(dice, kind, MEMBER_AMOUNT))
		entry->amount = random_money(dice);
	random_details(dice, kind, entry);
}

#endif
