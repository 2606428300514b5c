/*
 * line.h -- how an entry is spelled: one JSON object, its bytes fixed.
 *
 * The members stand in one order, without white space, absent rather than null;
 * strings escape only '"', '\' and controls; amounts are strings with exactly
 * the currency's digits. docs/ledger.md and schemas/ledger-entry.schema.json
 * are the contract. Each line ends with `,"chain":"<64 hex>"}`: the chain is
 * SHA-256(chain of the line before ‖ the line up to that comma).
 */
#ifndef LEDGER_LINE_H
#define LEDGER_LINE_H

#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "domain/entry.h"

enum { CHAIN_BYTES = 32, CHAIN_TAIL_BYTES = sizeof ",\"chain\":\"\"}" - 1 + 2 * CHAIN_BYTES };

/*
 * Append the entry's line with its LF and write the line's own chain into
 * `chain`, which holds the chain of the line before. The entry must have passed
 * entry_check. ERR_TOO_BIG for a line over LINE_BYTES_MAX, ERR_MEMORY; the
 * buffer is then as before.
 */
MUST_CHECK enum err line_write(struct buffer *out, const struct entry *entry, uint8_t chain[static CHAIN_BYTES]);

/*
 * Check a line's frame against the line before: that it ends as a line must and
 * that its chain follows from `before`; writes the line's chain. ERR_CORRUPT
 * with `why`.
 */
MUST_CHECK enum err line_check_chain(struct bytes line, const uint8_t before[static CHAIN_BYTES],
                                     uint8_t chain[static CHAIN_BYTES], struct why *why);

/*
 * Read a line (without LF) whose frame holds. ERR_CORRUPT with `why` when it is
 * not byte for byte what line_write makes; lines of unknown kinds are checked as
 * far as they are known and have kind ENTRY_OTHER.
 */
MUST_CHECK enum err line_read(struct bytes line, struct entry *entry, struct why *why);

#endif
