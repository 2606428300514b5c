/*
 * transfer.h -- one outgoing call on one libcurl handle. Only for https_client.c.
 */
#ifndef NET_TRANSFER_H
#define NET_TRANSFER_H

#include <curl/curl.h>
#include <stdbool.h>

#include "base/http_message.h"

struct transfer {
	CURL *easy;
	struct curl_slist *fields;
	struct curl_slist *way;
	struct buffer answer_fields;
	struct buffer answer_body;
	char error[CURL_ERROR_SIZE];
};

struct transfer_options {
	const char *ca_file;
	const char *user_agent;
	const char *through; /* as https_client.h says */
};

/* False when out of memory; then there is nothing to close. */
bool transfer_open(struct transfer *transfer);
void transfer_close(struct transfer *transfer);

/*
 * Set everything for a call, which lives until transfer_end. False when libcurl
 * takes one of the settings not; transfer_end is due in either case.
 */
MUST_CHECK bool transfer_begin(struct transfer *transfer, const struct http_call *call, int64_t timeout_ms,
                               const struct transfer_options *options);

/* What came of it, lent by the transfer until transfer_end. */
struct http_answer transfer_answer(const struct transfer *transfer, CURLcode result);

/* Wipe what came and went; the handle is kept for the next call. */
void transfer_end(struct transfer *transfer);

/* Whether plain http is spoken to this URL; https_client_check_url has let it pass. */
bool transfer_is_plain(const char *url);

#endif
