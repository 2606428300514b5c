#include "sys/whole_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "sys/file.h"

/* Whether the path leads below the folder once every link is followed. */
static bool is_below(const char *path, const char *folder)
{
	char real_path[PATH_MAX];
	char real_folder[PATH_MAX];

	if (folder == NULL || *folder == '\0' || realpath(folder, real_folder) == NULL
	    || realpath(path, real_path) == NULL)
		return false;
	size_t length = strlen(real_folder);

	return strncmp(real_path, real_folder, length) == 0 && real_path[length] == '/';
}

static enum err open_regular(const char *path, int *fd, struct stat *status, struct why *why)
{
	/* Without O_NONBLOCK opening a pipe waits for somebody to write. */
	int error = file_open(AT_FDCWD, path, O_RDONLY | O_NOCTTY | O_NONBLOCK, fd);

	if (error == ENOENT)
		return why_set(why, ERR_UNKNOWN, "there is no such file");
	if (error == 0 && fstat(*fd, status) != 0)
		error = errno;
	if (error != 0)
		return file_err(why, error, "open it");
	if (!S_ISREG(status->st_mode))
		return why_set(why, ERR_INPUT, "it is not a regular file");
	return OK;
}

static enum err read_all(int fd, struct buffer *content, struct why *why)
{
	int error = file_read_whole(fd, content);

	if (error != 0)
		return file_err(why, error, "read it");
	if (buffer_err(content) == ERR_TOO_BIG)
		return why_set(why, ERR_TOO_BIG, "it is larger than %zu bytes", content->max);
	return buffer_err(content) == OK ? OK : why_set(why, ERR_MEMORY, "there is no memory for it");
}

enum err whole_file_read(const char *path, struct buffer *content, struct whole_file *file,
                         struct why *why)
{
	struct stat status;
	int fd = -1;
	enum err err = open_regular(path, &fd, &status, why);

	if (err == OK)
		err = read_all(fd, content, why);
	if (err == OK)
		*file = (struct whole_file){
			.mode = status.st_mode & 07777,
			.credential = is_below(path, getenv("CREDENTIALS_DIRECTORY")),
		};
	file_close(&fd);
	return err;
}
