#include "sys/scratch.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

#include "sys/file.h"

enum { OPEN_AT_ONCE = 8 };

enum err scratch_make(struct scratch *scratch, struct why *why)
{
	const char *temporary = getenv("TMPDIR");
	int length = snprintf(scratch->path, sizeof scratch->path, "%s/pledger-XXXXXX",
	                      temporary == NULL || temporary[0] == '\0' ? "/var/tmp" : temporary);

	if (length >= (int)sizeof scratch->path)
		return why_set(why, ERR_TOO_BIG, "TMPDIR is too long");
	if (mkdtemp(scratch->path) == NULL)
		return file_err(why, errno, "make a folder for a moment ($TMPDIR, or else /var/tmp)");
	scratch->dir = -1;
	int error = file_open_dir(scratch->path, &scratch->dir);

	if (error == 0)
		return OK;
	scratch_remove(scratch);
	return file_err(why, error, "open a folder for a moment");
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
	(void)status;
	(void)kind;
	(void)place;
	if (remove(path) != 0) {
		/* The others are removed all the same. */
	}
	return 0;
}

void scratch_remove(struct scratch *scratch)
{
	file_close(&scratch->dir);
	if (nftw(scratch->path, remove_one, OPEN_AT_ONCE, FTW_DEPTH | FTW_PHYS) != 0) {
		/* Left to whoever tidies such folders. */
	}
}
