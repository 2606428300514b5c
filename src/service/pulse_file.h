/*
 * pulse_file.h -- that sessions wait for an event, over a restart: a file of the data directory. Without it a service
 * that is started anew every night would never have been without an event for a day.
 *
 * Only while a service runs can an event come, so the time between two of them does not count. The file is only ever a
 * reason to tell of silence; it may be deleted, and it is no part of a back-up.
 */
#ifndef SERVICE_PULSE_FILE_H
#define SERVICE_PULSE_FILE_H

#include "config/config.h"
#include "service/pulse.h"

enum { PULSE_FILE_SIZE = ACCOUNTS_MAX * 80 };

/* What the file says, or "" where it was not read or written yet; a line is "ACCOUNT SESSIONS SECONDS". */
struct pulse_file {
	char text[PULSE_FILE_SIZE];
};

/* Take up what the file says. One that is not there, or that cannot be read, says nothing. */
void pulse_file_read(struct pulse_file *file, struct pulse *pulse, const struct config *config, int64_t now_us);

/*
 * Write how long the sessions of the configured accounts have waited, in whole steps of so many seconds and without
 * those of less than one, where that is not what the file says. Durably; ERR_STORAGE with `why`: it is as it was.
 */
MUST_CHECK enum err pulse_file_write(struct pulse_file *file, struct pulse *pulse, const struct config *config, int64_t step_s, int64_t now_us,
                                     struct why *why);

#endif
