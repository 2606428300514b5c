/*
 * bare PORT -- libmicrohttpd answering a POST without doing anything: the floor that any server built on it
 * stands on.
 */
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct MHD_Response *response;

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                                  const char *version, const char *data, size_t *size, void **state)
{
	static char seen;

	(void)context, (void)url, (void)method, (void)version, (void)data;
	if (*state == NULL) {
		*state = &seen;
		return MHD_YES;
	}
	if (*size > 0) {
		*size = 0;
		return MHD_YES;
	}
	return MHD_queue_response(connection, 200, response);
}

int main(int argc, char **argv)
{
	static char text[] = "{\"received\":true}\n";

	if (argc != 2)
		return 2;
	response = MHD_create_response_from_buffer(strlen(text), text, MHD_RESPMEM_PERSISTENT);
	struct MHD_Daemon *daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, (uint16_t)atoi(argv[1]), NULL, NULL,
	                                             on_request, NULL, MHD_OPTION_CONNECTION_LIMIT, 4096u, MHD_OPTION_END);

	if (daemon == NULL)
		return 1;
	pause();
	return 0;
}
