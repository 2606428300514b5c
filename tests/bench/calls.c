/*
 * calls URL KEY COUNT IN_FLIGHT -- open payment sessions with a bare libcurl multi loop, nothing around it: the
 * floor below a checkout. Prints CPU per call by the kernel's accounting, as JSON.
 */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *url;
static struct curl_slist *fields;
static char body[1024];
static long good;

static size_t swallow(char *data, size_t size, size_t count, void *context)
{
	(void)data, (void)context;
	return size * count;
}

static void start(CURLM *multi, CURL *easy)
{
	curl_easy_setopt(easy, CURLOPT_URL, url);
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, fields);
	curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, swallow);
	curl_multi_add_handle(multi, easy);
}

/* Start as many again as have ended, until all have been started. */
static void collect(CURLM *multi, long *left, int *ended)
{
	CURLMsg *message;
	int waiting;

	while ((message = curl_multi_info_read(multi, &waiting)) != NULL) {
		CURL *easy = message->easy_handle;
		long status = 0;

		curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
		good += message->data.result == CURLE_OK && status == 200;
		curl_multi_remove_handle(multi, easy);
		(*ended)++;
		if ((*left)-- > 0)
			start(multi, easy);
	}
}

int main(int argc, char **argv)
{
	char key[512];
	struct timespec time;

	if (argc != 5)
		return 2;
	url = argv[1];
	long count = atol(argv[3]);
	long in_flight = atol(argv[4]) < count ? atol(argv[4]) : count;
	long left = count - in_flight;
	int ended = 0;
	int running;
	CURLM *multi = curl_multi_init();

	snprintf(key, sizeof key, "Authorization: Bearer %s", argv[2]);
	fields = curl_slist_append(curl_slist_append(NULL, key), "Content-Type: application/x-www-form-urlencoded");
	snprintf(body, sizeof body,
	         "mode=payment&client_reference_id=bench&line_items%%5B0%%5D%%5Bquantity%%5D=1"
	         "&line_items%%5B0%%5D%%5Bprice_data%%5D%%5Bcurrency%%5D=eur"
	         "&line_items%%5B0%%5D%%5Bprice_data%%5D%%5Bunit_amount%%5D=2500"
	         "&line_items%%5B0%%5D%%5Bprice_data%%5D%%5Bproduct_data%%5D%%5Bname%%5D=Friend"
	         "&success_url=http%%3A%%2F%%2F127.0.0.1%%2Fthanks&cancel_url=http%%3A%%2F%%2F127.0.0.1%%2F");
	curl_multi_setopt(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, in_flight);
	for (long i = 0; i < in_flight; i++)
		start(multi, curl_easy_init());
	while (ended < count) {
		curl_multi_perform(multi, &running);
		collect(multi, &left, &ended);
		if (ended < count)
			curl_multi_poll(multi, NULL, 0, 1000, NULL);
	}
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	printf("{\"calls\": %ld, \"good\": %ld, \"cpu_us\": %.2f}\n", count, good,
	       ((double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3) / (double)count);
	return good != count;
}
