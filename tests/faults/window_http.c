/*
 * libmicrohttpd and libcurl: each says no, finds nothing or is out of memory. Their own calls to the system are
 * not seen, their results are. What hands back a thing of ours (CURLINFO_PRIVATE) cannot fail and does not.
 */
#include "tests/faults/window.h"

#include <curl/curl.h>
#include <microhttpd.h>
#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>

/* gcc's checks of these are macros around the functions. */
#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

#define WRAP_RESULT(type, failure, name, parameters, arguments) \
	type __real_##name parameters; \
	type __wrap_##name parameters; \
	type __wrap_##name parameters \
	{ \
		return window_fails(CALL_HTTP, #name) ? (failure) : __real_##name arguments; \
	} \
	_Static_assert(1, "")

/* ---- libmicrohttpd ---- */

WRAP(struct MHD_Daemon *, MHD_start_daemon, unsigned flags, uint16_t port, MHD_AcceptPolicyCallback policy,
     void *policy_context, MHD_AccessHandlerCallback handler, void *context, ...)
{
	va_list options;

	if (window_fails(CALL_HTTP, "MHD_start_daemon"))
		return NULL;
	va_start(options, context);
	struct MHD_Daemon *daemon = MHD_start_daemon_va(flags, port, policy, policy_context, handler, context, options);

	va_end(options);
	return daemon;
}

/* A connection that it does not take is closed all the same. */
WRAP(enum MHD_Result, MHD_add_connection, struct MHD_Daemon *daemon, MHD_socket fd, const struct sockaddr *address,
     socklen_t length)
{
	if (!window_fails(CALL_HTTP, "MHD_add_connection"))
		return __real_MHD_add_connection(daemon, fd, address, length);
	window_outside();
	close(fd);
	window_inside();
	return MHD_NO;
}

/* What we ask for needs no further argument. */
WRAP(const union MHD_ConnectionInfo *, MHD_get_connection_info, struct MHD_Connection *connection,
     enum MHD_ConnectionInfoType type, ...)
{
	return window_fails(CALL_HTTP, "MHD_get_connection_info") ? NULL : __real_MHD_get_connection_info(connection, type);
}

WRAP(enum MHD_Result, MHD_set_response_options, struct MHD_Response *response, enum MHD_ResponseFlags flags, ...)
{
	return window_fails(CALL_HTTP, "MHD_set_response_options")
	               ? MHD_NO : __real_MHD_set_response_options(response, flags, MHD_RO_END);
}

WRAP_RESULT(int, -1, MHD_get_connection_values_n,
            (struct MHD_Connection *connection, enum MHD_ValueKind kind, MHD_KeyValueIteratorN each, void *context),
            (connection, kind, each, context));
WRAP_RESULT(struct MHD_Response *, NULL, MHD_create_response_from_callback,
            (uint64_t size, size_t block, MHD_ContentReaderCallback read, void *context,
             MHD_ContentReaderFreeCallback done), (size, block, read, context, done));
WRAP_RESULT(struct MHD_Response *, NULL, MHD_create_response_from_buffer,
            (size_t size, void *data, enum MHD_ResponseMemoryMode mode), (size, data, mode));
WRAP_RESULT(struct MHD_Response *, NULL, MHD_create_response_from_buffer_with_free_callback_cls,
            (size_t size, void *data, MHD_ContentReaderFreeCallback done, void *context), (size, data, done, context));
WRAP_RESULT(enum MHD_Result, MHD_NO, MHD_add_response_header,
            (struct MHD_Response *response, const char *name, const char *value), (response, name, value));
WRAP_RESULT(enum MHD_Result, MHD_NO, MHD_queue_response,
            (struct MHD_Connection *connection, unsigned status, struct MHD_Response *response),
            (connection, status, response));

/* ---- libcurl ---- */

WRAP_RESULT(CURLcode, CURLE_OUT_OF_MEMORY, curl_global_init, (long flags), (flags));
WRAP_RESULT(CURL *, NULL, curl_easy_init, (void), ());
WRAP_RESULT(CURLM *, NULL, curl_multi_init, (void), ());
WRAP_RESULT(CURLMcode, CURLM_OUT_OF_MEMORY, curl_multi_add_handle, (CURLM *multi, CURL *easy), (multi, easy));
WRAP_RESULT(CURLMcode, CURLM_OUT_OF_MEMORY, curl_multi_socket_action,
            (CURLM *multi, curl_socket_t fd, int events, int *running), (multi, fd, events, running));
WRAP_RESULT(CURLMcode, CURLM_OUT_OF_MEMORY, curl_multi_socket_all, (CURLM *multi, int *running), (multi, running));
WRAP_RESULT(CURLMcode, CURLM_OUT_OF_MEMORY, curl_multi_assign, (CURLM *multi, curl_socket_t fd, void *context), (multi, fd, context));
WRAP_RESULT(struct curl_slist *, NULL, curl_slist_append, (struct curl_slist *list, const char *line), (list, line));
WRAP_RESULT(CURLU *, NULL, curl_url, (void), ());
WRAP_RESULT(CURLUcode, CURLUE_OUT_OF_MEMORY, curl_url_set,
            (CURLU *url, CURLUPart part, const char *text, unsigned flags), (url, part, text, flags));
WRAP_RESULT(CURLUcode, CURLUE_OUT_OF_MEMORY, curl_url_get,
            (const CURLU *url, CURLUPart part, char **text, unsigned flags), (url, part, text, flags));

/* An option's value is a long, a curl_off_t or a pointer: one machine word each where we run. */
static void *value_of(va_list more)
{
	_Static_assert(sizeof(void *) == sizeof(curl_off_t) && sizeof(void *) == sizeof(long), "one word each");
	return va_arg(more, void *);
}

#define WRAP_OPTION(type, failure, handle_type, option_type, name) \
	WRAP(type, name, handle_type *handle, option_type option, ...) \
	{ \
		va_list more; \
	\
		if (window_fails(CALL_HTTP, #name)) \
			return failure; \
		va_start(more, option); \
		void *value = value_of(more); \
	\
		va_end(more); \
		return __real_##name(handle, option, value); \
	} \
	_Static_assert(1, "")

WRAP_OPTION(CURLcode, CURLE_OUT_OF_MEMORY, CURL, CURLoption, curl_easy_setopt);
WRAP_OPTION(CURLMcode, CURLM_OUT_OF_MEMORY, CURLM, CURLMoption, curl_multi_setopt);

WRAP(CURLcode, curl_easy_getinfo, CURL *easy, CURLINFO info, ...)
{
	va_list more;

	va_start(more, info);
	void *target = va_arg(more, void *);

	va_end(more);
	if (info != CURLINFO_PRIVATE && window_fails(CALL_HTTP, "curl_easy_getinfo"))
		return CURLE_BAD_FUNCTION_ARGUMENT;
	return __real_curl_easy_getinfo(easy, info, target);
}
