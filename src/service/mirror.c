#include "service/mirror.h"

#include "sys/file.h"

enum err mirror_open(struct mirror *mirror, const char *path, struct why *why)
{
	*mirror = (struct mirror){ .dir = -1 };
	int error = file_open_dir(path, &mirror->dir);

	return error == 0 ? OK : file_err(why, error, "open the folder to publish in");
}

/* One that cannot be read is not the same: if it is worse, writing says so. */
static bool holds(const struct mirror *mirror, const char *name, struct bytes content)
{
	struct buffer present = BUFFER(content.length);
	bool same = file_read_all(mirror->dir, name, &present, NULL) == OK && bytes_equal(buffer_view(&present), content);

	buffer_free(&present);
	return same;
}

enum err mirror_put(struct mirror *mirror, const char *name, struct bytes content, struct why *why)
{
	if (holds(mirror, name, content))
		return OK;
	int error = file_replace_public(mirror->dir, name, content.data, content.length);

	if (error != 0)
		return file_err(why, error, "write what is to be published");
	mirror->written++;
	return OK;
}

struct sweep {
	struct mirror *mirror;
	enum mirror_use (*use_of)(void *context, struct bytes name);
	void *context;
	int error;
};

/* What file_replace wrote and did not rename. */
static bool is_broken_off(struct bytes name, struct bytes *of)
{
	const struct bytes suffix = BYTES_LITERAL(".new");
	size_t stem = name.length - suffix.length;

	if (name.length <= suffix.length || !bytes_equal((struct bytes){ name.data + stem, suffix.length }, suffix))
		return false;
	*of = (struct bytes){ name.data, stem };
	return true;
}

static bool sweep_name(void *context, const char *name)
{
	struct sweep *sweep = context;
	struct bytes ours = bytes_of(name);
	bool broken_off = is_broken_off(ours, &ours);
	enum mirror_use use = sweep->use_of(sweep->context, ours);

	if (use == MIRROR_FOREIGN || (use == MIRROR_WANTED && !broken_off))
		return true;
	sweep->error = file_remove(sweep->mirror->dir, name);
	if (sweep->error == 0 && !broken_off)
		sweep->mirror->removed++;
	return sweep->error == 0;
}

enum err mirror_sweep(struct mirror *mirror, enum mirror_use (*use_of)(void *context, struct bytes name), void *context,
                      struct why *why)
{
	struct sweep sweep = { mirror, use_of, context, 0 };
	int error = file_list(mirror->dir, sweep_name, &sweep);

	if (error == 0)
		error = sweep.error;
	return error == 0 ? OK : file_err(why, error, "remove what is not published any more");
}

void mirror_close(struct mirror *mirror)
{
	file_close(&mirror->dir);
}
