#include "commands/operator_call.h"

#include <jansson.h>
#include <openssl/crypto.h>
#include <string.h>

#include "commands/latch.h"
#include "commands/operator_address.h"
#include "config/secret.h"
#include "net/https_client.h"

struct waiting {
	struct latch latch;
	struct buffer *answer;
	int status;
	bool refused; /* nobody listens there */
	struct why why;
};

static void on_answer(void *context, const struct http_answer *answer)
{
	struct waiting *waiting = context;

	waiting->status = answer->status;
	waiting->refused = answer->not_connected;
	if (answer->status == 0)
		err_ignore(why_set(&waiting->why, ERR_PROVIDER, "%s", answer->failure)); /* the status carries it */
	buffer_bytes(waiting->answer, answer->body);
	latch_open(&waiting->latch);
}

static enum err fill(struct http_call *call, const struct operator_call *wanted, struct why *why)
{
	struct secret token = { .length = 0 };
	char bearer[SECRET_SIZE + sizeof "Bearer "];
	struct buffer field = BUFFER_ON(bearer);
	enum err err = secret_read(wanted->token_file, &token, why);

	if (err != OK)
		return err;
	buffer_format(&field, "Bearer %.*s", (int)token.length, token.text);
	http_call_init(call, wanted->method);
	/* The way there is the option's: the name in the URL is only what plain http is spoken to. */
	buffer_format(&call->url, "http://localhost%s", wanted->path);
	http_call_field(call, "Host", bytes_of(wanted->host));
	http_call_field(call, "Authorization", buffer_view(&field));
	if (wanted->body.length > 0)
		http_call_field(call, "Content-Type", BYTES_LITERAL("application/json"));
	buffer_bytes(&call->body, wanted->body);
	OPENSSL_cleanse(&token, sizeof token);
	OPENSSL_cleanse(bearer, sizeof bearer);
	return http_call_err(call);
}

static enum err ask(struct https_client *client, struct http_call *call, struct waiting *waiting)
{
	enum err err = https_client_send(client, call, on_answer, waiting);

	if (err == OK)
		latch_wait(&waiting->latch);
	return err;
}

enum err operator_call(const struct operator_call *wanted, int *status, struct buffer *answer, struct why *why)
{
	char address[OPERATOR_ADDRESS_SIZE];
	const struct https_client_options options = {
		.in_flight_max = 1, .waiting_max = 1, .user_agent = "pledger/" PLEDGER_VERSION, .through = address,
	};
	struct waiting waiting = { .latch = LATCH, .answer = answer };
	struct https_client *client = NULL;
	struct http_call call = { .method = wanted->method };
	enum err err = operator_address_read(wanted->data_dir, address, why);

	if (err == ERR_UNKNOWN)
		return why_set(why, ERR_BUSY, "another process has the ledger and is no service that can be asked");
	if (err == OK)
		err = fill(&call, wanted, why);
	if (err == OK)
		err = https_client_start(&client, &options, why);
	if (err == OK)
		err = ask(client, &call, &waiting);
	https_client_stop(&client);
	http_call_free(&call);
	*status = waiting.status;
	if (err != OK || waiting.status != 0)
		return err;
	return why_set(why, waiting.refused ? ERR_BUSY : ERR_PROVIDER, "the service at %s: %s", address, waiting.why.text);
}

static enum err err_of(int status)
{
	if (status == 429)
		return ERR_LIMITED;
	if (status == 500)
		return ERR_SYSTEM;
	if (status == 502)
		return ERR_PROVIDER;
	return status == 503 ? ERR_BUSY : ERR_INPUT;
}

enum err operator_refusal(int status, struct bytes answer, struct why *why)
{
	json_t *problem = json_loadb(answer.length > 0 ? answer.data : "", answer.length, 0, NULL);
	const char *detail = json_string_value(json_object_get(problem, "detail"));
	enum err err = detail != NULL ? why_set(why, err_of(status), "%s", detail)
	                              : why_set(why, err_of(status), "the service answered %d", status);

	json_decref(problem);
	return err;
}
