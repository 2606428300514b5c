/*
 * The good road: folders, of whoever runs this → lock → receipt secret → find the ledger's end → is it this organisation's? →
 * an index that has read to that end → the last segment and the hint, open for the writer → the first
 * line of a new ledger.
 *
 * Before the lock nothing is changed but that the folders are made; what recovery and the index may
 * come upon is told in recover.c and index.h.
 */
#include "ledger/opening.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "ledger/rebuild.h"
#include "ledger/recover.h"
#include "ledger/walk.h"
#include "sys/random.h"

enum { LOCK_TRIES = 20, LOCK_PAUSE_MS = 25 };

static enum err busy(const struct ledger *ledger, struct why *why)
{
	return why_set(why, ERR_BUSY, "another process serves the ledger in %s", ledger->data_path);
}

/*
 * What root makes in another user's folder, that one's service could not open. A service that runs is said first: it
 * can be asked.
 */
static enum err check_user(const struct ledger *ledger, struct why *why)
{
	uid_t owner = 0;
	int lock = -1;
	bool locked = false;
	int error = file_owner(ledger->data_dir, &owner);

	if (error == 0 && (geteuid() != 0 || owner == 0))
		return OK;
	if (error == 0)
		error = file_open(ledger->data_dir, "lock", O_RDONLY, &lock);
	if (error == 0)
		error = file_is_locked(lock, &locked);
	file_close(&lock);
	if (error != 0 && error != ENOENT)
		return file_err(why, error, "look at the ledger's lock");
	if (locked)
		return busy(ledger, why);
	return why_set(why, ERR_INPUT, "no service runs, and %s belongs to another user: run this as that one", ledger->data_path);
}

static enum err open_folders(struct ledger *ledger, struct why *why)
{
	char what[PATH_SIZE + 16];
	int error = file_open_dir(ledger->data_path, &ledger->data_dir);

	snprintf(what, sizeof what, "open %s", ledger->data_path);
	if (error != 0)
		return file_err(why, error, what);
	enum err err = check_user(ledger, why);

	if (err != OK)
		return err;
	snprintf(what, sizeof what, "open %s/ledger", ledger->data_path);
	/* Who names no organisation begins no ledger. */
	if (ledger->options.organisation != NULL)
		error = file_make_dir(ledger->data_dir, "ledger", &ledger->ledger_dir);
	else
		error = file_open(ledger->data_dir, "ledger", O_RDONLY | O_DIRECTORY, &ledger->ledger_dir);
	if (error == ENOENT)
		return why_set(why, ERR_UNKNOWN, "there is no ledger in %s", ledger->data_path);
	if (error == 0)
		error = file_sync(ledger->data_dir);
	if (error == 0)
		error = file_identify(ledger->ledger_dir, &ledger->folder);
	return error == 0 ? OK : file_err(why, error, what);
}

static bool note_any(void *context, const char *name)
{
	bool *any = context;

	*any = name[0] != '.';
	return !*any;
}

/* Who names no organisation leaves alone what was never a ledger: an empty folder of that name without a lock beside it. */
static enum err check_begun(struct ledger *ledger, struct why *why)
{
	int lock = -1;
	bool begun = ledger->options.organisation != NULL;
	int error = begun ? 0 : file_open(ledger->data_dir, "lock", O_RDONLY, &lock);

	file_close(&lock);
	if (error == ENOENT) {
		error = file_list(ledger->ledger_dir, note_any, &begun);
		if (error == 0 && !begun)
			return why_set(why, ERR_UNKNOWN, "there is no ledger in %s", ledger->data_path);
	}
	return error == 0 ? OK : file_err(why, error, "look into the ledger's folder");
}

/* A reader may look at the lock for a moment: try again before giving up. */
static enum err take_lock(struct ledger *ledger, struct why *why)
{
	const struct timespec pause = { .tv_nsec = LOCK_PAUSE_MS * 1000000L };
	int error = file_open(ledger->data_dir, "lock", O_RDWR | O_CREAT, &ledger->lock);

	if (error == 0)
		error = file_lock(ledger->lock);
	for (int i = 0; error == EWOULDBLOCK && !ledger->options.impatient && i < LOCK_TRIES; i++) {
		nanosleep(&pause, NULL);
		error = file_lock(ledger->lock);
	}
	if (error == EWOULDBLOCK)
		return busy(ledger, why);
	if (error == 0)
		return OK;
	char what[PATH_SIZE + 16];

	snprintf(what, sizeof what, "lock %s/lock", ledger->data_path);
	return file_err(why, error, what);
}

/* The secret behind the donors' links; losing it only makes old links useless. */
static enum err load_secret(struct ledger *ledger, struct why *why)
{
	struct buffer text = BUFFER(RECEIPT_SECRET_BYTES);
	struct why reason = { "" };
	enum err err = file_read_all(ledger->data_dir, RECEIPT_SECRET_NAME, &text, &reason);

	if (err == OK && text.length == RECEIPT_SECRET_BYTES) {
		memcpy(ledger->secret, text.data, RECEIPT_SECRET_BYTES);
	} else if (err == ERR_UNKNOWN) {
		err = random_bytes(ledger->secret, sizeof ledger->secret);
		int error = err == OK ? file_replace(ledger->data_dir, RECEIPT_SECRET_NAME, ledger->secret, sizeof ledger->secret) : 0;

		if (error != 0)
			err = file_err(why, error, "write the receipt secret");
	} else if (err == OK) {
		err = why_set(why, ERR_CORRUPT, "%s/%s is not %d bytes long", ledger->data_path, RECEIPT_SECRET_NAME,
		              RECEIPT_SECRET_BYTES);
	} else {
		err = why_set(why, err, "%s: %s", ledger->data_path, reason.text);
	}
	buffer_wipe(&text);
	return err;
}

static enum err open_index(struct ledger *ledger, bool clean, struct why *why)
{
	if (clean) {
		enum err err = index_open(&ledger->index, ledger->data_dir, ledger->data_path, false, ledger->secret, why);

		if (err == OK && index_is_usable(ledger->index, &ledger->end))
			return stamp_remove(ledger->data_dir) == 0 ? OK : why_set(why, ERR_STORAGE, "cannot remove the index's stamp");
		err_ignore(index_close(&ledger->index, false, NULL)); /* it is deleted next */
	}
	int error = stamp_remove(ledger->data_dir);

	if (error != 0)
		return file_err(why, error, "remove the index's stamp");
	enum err err = index_open(&ledger->index, ledger->data_dir, ledger->data_path, true, ledger->secret, why);

	return err == OK ? rebuild(ledger->ledger_dir, ledger->index, REBUILD_RUN_BYTES, why) : err;
}

/* The first line says whose ledger this is, for life. */
static enum err check_first(struct ledger *ledger, struct why *why)
{
	static const struct position beginning;
	struct entry *entry = malloc(sizeof *entry);
	struct walk walk;
	bool more;

	if (entry == NULL)
		return ERR_MEMORY;
	enum err err = walk_open(&walk, ledger->ledger_dir, &beginning, why);

	if (err == OK)
		err = walk_next_good(&walk, entry, &more, why);
	if (err == OK && (strcmp(entry->organisation, ledger->options.organisation) != 0))
		err = why_set(why, ERR_CONFLICT, "the ledger in %s belongs to the organisation \"%s\", not \"%s\"",
		              ledger->data_path, entry->organisation, ledger->options.organisation);
	if (err == OK && entry->live != ledger->options.live)
		err = why_set(why, ERR_CONFLICT, "the ledger in %s is a %s ledger for life, the configuration says %s",
		              ledger->data_path, entry->live ? "live" : "test", ledger->options.live ? "live" : "test");
	walk_close(&walk);
	free(entry);
	return err;
}

/* Who names no organisation takes whatever ledger is there. */
static enum err check_owner(struct ledger *ledger, struct why *why)
{
	if (ledger->options.organisation != NULL)
		return ledger->end.seq > 0 ? check_first(ledger, why) : OK;
	return ledger->end.seq > 0 ? OK : why_set(why, ERR_UNKNOWN, "there is no ledger in %s", ledger->data_path);
}

/*
 * After a loss the old hint must not come back with a power cut: it would call the new lines too few. A new ledger's
 * hint is there before its first segment: a segment without a line and without a hint is a copy that lost its lines.
 */
static enum err open_segment(struct ledger *ledger, bool sync_hint, struct why *why)
{
	char name[SEGMENT_NAME_SIZE];
	bool new_ledger = ledger->end.segment == 0;

	if (new_ledger)
		ledger->end.segment = 1;
	segment_name(ledger->end.segment, name);
	int error = durable_open(ledger->ledger_dir, &ledger->durable);

	if (error == 0)
		error = durable_write(ledger->durable, &ledger->end, &ledger->folder);
	if (error == 0 && (sync_hint || new_ledger))
		error = file_sync(ledger->durable);
	if (error == 0 && new_ledger)
		error = file_sync(ledger->ledger_dir);
	if (error == 0)
		error = file_open_plain(ledger->ledger_dir, name, O_WRONLY | O_APPEND | O_NOFOLLOW | (new_ledger ? O_CREAT : 0), &ledger->segment);
	if (error == 0 && new_ledger)
		error = file_sync(ledger->ledger_dir);
	if (error == 0)
		return OK;
	char what[96];

	snprintf(what, sizeof what, "write to ledger/%s or ledger/durable", name);
	return file_err(why, error, what);
}

/* A line of the ledger's own, before there is a writing thread. */
static enum err write_own(struct ledger *ledger, struct submission *submission, const char *what, struct why *why)
{
	writer_batch(ledger, submission);
	if (submission->outcome.err == OK)
		return OK;
	return why_set(why, submission->outcome.err, "cannot write %s%s%s", what,
	               ledger->status.problem[0] != '\0' ? ": " : "", ledger->status.problem);
}

/* The first line of a new ledger. */
static enum err write_opened(struct ledger *ledger, struct why *why)
{
	struct submission submission = { .command.kind = COMMAND_OPEN };
	struct open_command *command = &submission.command.u.open;
	uint8_t id[16];
	enum err err = random_bytes(id, sizeof id);

	if (err != OK)
		return err;
	text_hex(id, sizeof id, command->ledger);
	snprintf(command->organisation, sizeof command->organisation, "%s", ledger->options.organisation);
	command->live = ledger->options.live;
	return write_own(ledger, &submission, "the first line of the ledger", why);
}

/* A ledger that goes on behind a loss says so for ever. */
static enum err write_restored(struct ledger *ledger, const struct recovery *recovery, struct why *why)
{
	struct submission submission = { .command.kind = COMMAND_RESTORE };

	submission.command.u.restore.was = recovery->lost_seq;
	memcpy(submission.command.u.restore.chain, recovery->lost_chain, sizeof recovery->lost_chain);
	return write_own(ledger, &submission, "that entries are lost", why);
}

static void start_clock(struct ledger *ledger)
{
	struct why why = { "" };

	clock_guard_start(&ledger->clock, writer_clocks(), ledger->end.time_us, ledger->options.accept_clock, &why);
	ledger->status.clock_waits = ledger->clock.waits;
	memcpy(ledger->status.problem, why.text, sizeof why.text);
}

enum err opening_run(struct ledger *ledger, const struct opening_wishes *wishes, struct recovery *recovery, struct why *why)
{
	enum err err = open_folders(ledger, why);

	if (err == OK)
		err = check_begun(ledger, why);
	if (err == OK)
		err = take_lock(ledger, why);
	if (err == OK)
		err = load_secret(ledger, why);
	if (err == OK)
		err = recover(ledger->data_dir, ledger->ledger_dir, wishes->accept_loss, recovery, why);
	if (err != OK)
		return err;
	ledger->end = recovery->end;
	start_clock(ledger);
	err = check_owner(ledger, why);
	if (err == OK)
		err = open_index(ledger, recovery->clean && ledger->end.seq > 0 && !wishes->fresh_index, why);
	if (err == OK)
		err = open_segment(ledger, recovery->lost_seq > 0, why);
	if (err == OK && ledger->end.seq == 0)
		err = write_opened(ledger, why);
	if (err == OK && recovery->lost_seq > 0)
		err = write_restored(ledger, recovery, why);
	return err;
}
