/*
 * export_undo.h -- pledger export --undo: an exported CSV without the apostrophes
 * that keep a spreadsheet from running what donors and providers called things.
 */
#ifndef COMMANDS_EXPORT_UNDO_H
#define COMMANDS_EXPORT_UNDO_H

#include "base/err.h"

/*
 * Write the file to standard output, piece by piece. `delimiter` is what its cells are separated by, 0 for a comma.
 * ERR_INPUT when it is no CSV, ERR_UNKNOWN when there is none, ERR_STORAGE; what was written until then is not the whole.
 */
MUST_CHECK enum err export_undo(const char *file, char delimiter, struct why *why);

#endif
