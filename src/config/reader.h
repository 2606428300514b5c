/*
 * reader.h -- walk the values of a configuration and write down every mistake
 * with its place.
 *
 * Nothing here stops at a mistake: what could not be read keeps its default, and
 * config_parse refuses the whole at the end.
 */
#ifndef CONFIG_READER_H
#define CONFIG_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/json_text.h"
#include "config/config.h"

struct reader {
	struct json_text json;
	struct bytes text;
	struct config *config;
	struct config_problems *problems;
	const char *folder;
	const char *const *providers;
	bool read_secrets;
	bool mode_known;
	bool no_memory;
};

/* Reads one value into `target`, which is what the table's owner says. */
typedef void reader_read(struct reader *reader, const struct json_node *node, void *target);

/* A member that an object may have. */
struct member {
	const char *name;
	bool required;
	reader_read *read;
};

enum { MEMBERS_MAX = 16 };

/*
 * Read an object's members in the table's order, whatever their order in the
 * file. Mistakes: no object, a member that the table does not know (the nearest
 * name is suggested), a required one that is missing.
 */
void reader_members(struct reader *reader, const struct json_node *node,
                    const struct member *members, size_t count, void *target);

/* Read a list's elements one by one. Mistakes: no list, fewer than `least`, more than `most`. */
void reader_elements(struct reader *reader, const struct json_node *node, size_t least, size_t most,
                     reader_read *take, void *target);

/*
 * Read a string of 1 to `size` - 1 bytes without control characters. False, with
 * the mistake written down and `out` "", for anything else.
 */
bool reader_text(struct reader *reader, const struct json_node *node, char *out, size_t size);

/* The same, and an id (see id_is_valid). */
bool reader_id(struct reader *reader, const struct json_node *node, char out[static ID_SIZE]);

/* Read an integer from `least` to `most`; `out` is written when it is one. */
void reader_integer(struct reader *reader, const struct json_node *node, int64_t least, int64_t most,
                    int64_t *out);

/* Read true or false. */
void reader_truth(struct reader *reader, const struct json_node *node, bool *out);

/*
 * Read a path into `out`; a relative one is put behind the configuration's
 * folder. False, with the mistake written down, when it is none.
 */
bool reader_path(struct reader *reader, const struct json_node *node, char out[static PATH_SIZE]);

/*
 * Read the secret from the file that the node names; its path is written whether it can be read or not. ERR_MEMORY is
 * written down as a mistake, too.
 */
bool reader_secret(struct reader *reader, const struct json_node *node, char path[static PATH_SIZE], struct secret *secret);

/* Where a value begins in the file. */
struct config_place reader_place(const struct reader *reader, const struct json_node *node);

/* Write down a mistake at a value. */
void reader_problem(struct reader *reader, const struct json_node *node, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Write down a mistake at a byte of the file. */
void reader_problem_at(struct reader *reader, size_t byte, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
