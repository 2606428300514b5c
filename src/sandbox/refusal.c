#include "sandbox/refusal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/json_write.h"
#include "base/text.h"

/* Foreign text that was cut may end within a character. */
static void cut_whole(char *text)
{
	size_t length = strlen(text);

	while (length > 0 && !text_is_utf8((struct bytes){ text, length }))
		text[--length] = '\0';
}

bool refuse(struct refusal *refusal, int status, const char *code, const char *param,
            const char *format, ...)
{
	va_list arguments;

	*refusal = (struct refusal){
		.status = status,
		.type = status >= 500 ? "api_error" : "invalid_request_error",
		.code = code,
	};
	if (param != NULL)
		snprintf(refusal->param, sizeof refusal->param, "%s", param);
	va_start(arguments, format);
	vsnprintf(refusal->message, sizeof refusal->message, format, arguments);
	va_end(arguments);
	cut_whole(refusal->param);
	cut_whole(refusal->message);
	return false;
}

bool refuse_missing(struct refusal *refusal, const char *what, const char *param, const char *id)
{
	return refuse(refusal, 404, "resource_missing", param, "No such %s: '%s'", what, id);
}

bool refuse_failure(struct refusal *refusal, enum err err)
{
	if (err == ERR_TOO_BIG)
		return refuse(refusal, 503, NULL, NULL, "The sandbox is full: restart it.");
	return refuse(refusal, 500, NULL, NULL, "The sandbox itself failed (%s).", err_name(err));
}

/* parameter_unknown is explained at …/error-codes/parameter-unknown. */
static void write_doc_url(struct json_write *w, const char *code)
{
	char url[128];
	int length = snprintf(url, sizeof url, "https://stripe.com/docs/error-codes/%s", code);

	for (int i = 0; i < length && i < (int)sizeof url; i++)
		if (url[i] == '_')
			url[i] = '-';
	json_write_text(w, "doc_url", url);
}

void refusal_write(const struct refusal *refusal, const char *request_id, struct buffer *out)
{
	struct json_write w = JSON_WRITE_PRETTY(out);
	char log[128];

	snprintf(log, sizeof log, "https://dashboard.stripe.com/test/logs/%s", request_id);
	json_write_object_open(&w, NULL);
	json_write_object_open(&w, "error");
	if (refusal->code != NULL) {
		json_write_text(&w, "code", refusal->code);
		write_doc_url(&w, refusal->code);
	}
	json_write_text(&w, "message", refusal->message);
	if (refusal->param[0] != '\0')
		json_write_text(&w, "param", refusal->param);
	json_write_text(&w, "request_log_url", log);
	json_write_text(&w, "type", refusal->type);
	json_write_object_close(&w);
	json_write_object_close(&w);
	buffer_char(out, '\n');
}
