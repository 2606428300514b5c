/*
 * whole_file.h -- read a small regular file from its first byte to its last.
 */
#ifndef SYS_WHOLE_FILE_H
#define SYS_WHOLE_FILE_H

#include <stdbool.h>

#include "base/bytes.h"
#include "base/err.h"

/* What is known of the very file that was read. */
struct whole_file {
	unsigned mode;   /* permission bits */
	bool credential; /* below $CREDENTIALS_DIRECTORY, where systemd guards it */
};

/*
 * Append the file's bytes to `content`, whose ceiling is the file's. ERR_UNKNOWN
 * when there is no such file, ERR_INPUT when it is not a regular one,
 * ERR_TOO_BIG, ERR_MEMORY, ERR_STORAGE when it cannot be read; `why` says so and
 * never holds content. `file` is written on OK only.
 */
MUST_CHECK enum err whole_file_read(const char *path, struct buffer *content,
                                    struct whole_file *file, struct why *why);

#endif
