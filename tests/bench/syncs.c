/* syncs DIR SECONDS -- the disk's bare rate: append 1 KiB and fdatasync, again and again; prints the rate as JSON. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static double now_s(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	char path[4096];
	char line[1024];
	unsigned long count = 0;

	if (argc != 3)
		return 2;
	memset(line, 'x', sizeof line);
	snprintf(path, sizeof path, "%s/syncs", argv[1]);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0600);
	double start = now_s();
	double until = start + atof(argv[2]);

	while (now_s() < until) {
		if (write(fd, line, sizeof line) != (ssize_t)sizeof line || fdatasync(fd) != 0) {
			perror("syncs");
			return 1;
		}
		count++;
	}
	printf("{\"per_s\": %.0f}\n", (double)count / (now_s() - start));
	unlink(path);
	return 0;
}
