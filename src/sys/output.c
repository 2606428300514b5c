#include "sys/output.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "sys/file.h"

static const char what[] = "write to standard output";

void output_begin(void)
{
	struct sigaction action = { .sa_handler = SIG_IGN };

	sigemptyset(&action.sa_mask);
	sigaction(SIGPIPE, &action, NULL);
}

enum err output_write(struct bytes bytes, struct why *why)
{
	int error = file_append(STDOUT_FILENO, bytes.data, bytes.length);

	return error == 0 ? OK : file_err(why, error, what);
}

enum err output_end(struct why *why)
{
	return close(STDOUT_FILENO) == 0 ? OK : file_err(why, errno, what);
}
