#include "service/apart.h"

#include "sys/file.h"

static enum err check(int dir, const char *path, const char *data_dir, bool both, struct why *why)
{
	bool inside = false;
	bool around = false;
	int data = -1;
	int error = file_open_dir(data_dir, &data);

	if (error == 0)
		error = file_is_within(dir, data, &inside);
	if (error == 0 && both)
		error = file_is_within(data, dir, &around);
	file_close(&data);
	if (error != 0)
		return file_err(why, error, "see whether the folder is the data directory");
	if (inside)
		return why_set(why, ERR_CONFLICT, "%s is the data directory, or inside it", path);
	return around ? why_set(why, ERR_CONFLICT, "the data directory is inside %s", path) : OK;
}

enum err apart_check(int dir, const char *path, const char *data_dir, struct why *why)
{
	return check(dir, path, data_dir, false, why);
}

enum err apart_check_both(int dir, const char *path, const char *data_dir, struct why *why)
{
	return check(dir, path, data_dir, true, why);
}
