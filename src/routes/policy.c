#include "routes/policy.h"

#include <string.h>

#include "routes/page_look.h"
#include "web/web.h"

enum { POLICY_BYTES_MAX = 32 * 1024 };

/*
 * A form's redirects count as its action: the provider's page is on a host that only its answer
 * names, so any https one is allowed, and the sandbox's own origin.
 */
static void write_form_action(struct buffer *out, const struct config *config)
{
	buffer_text(out, "; form-action 'self' https:");
	for (size_t i = 0; i < config->account_count; i++)
		if (strncmp(config->accounts[i].api_url, "http://", 7) == 0)
			buffer_format(out, " %s", config->accounts[i].api_url);
}

static void write_ancestors(struct buffer *out, const struct config *config, enum policy policy)
{
	buffer_text(out, "; frame-ancestors");
	if (policy != POLICY_FRAMED || config->site_count == 0)
		buffer_text(out, " 'none'");
	for (size_t i = 0; policy == POLICY_FRAMED && i < config->site_count; i++)
		buffer_format(out, " %s", config->sites[i]);
}

static enum err style_source(const struct config *config, enum web_inline style, char source[static WEB_INLINE_SOURCE_SIZE])
{
	struct buffer colours = BUFFER(POLICY_BYTES_MAX);

	page_look_style(&colours, config);
	enum err err = buffer_err(&colours);

	if (err == OK)
		err = web_inline_source(style, buffer_view(&colours), source);
	buffer_free(&colours);
	return err;
}

/* Behind the page's own style. */
static enum err write_books_style(struct buffer *out)
{
	char style[WEB_INLINE_SOURCE_SIZE];
	enum err err = web_inline_source(WEB_STYLE_BOOKS, BYTES_LITERAL(""), style);

	if (err == OK)
		buffer_format(out, " %s", style);
	return err;
}

/* It reads pages by XMLHttpRequest, which runs nothing: no text of ours becomes script or markup. */
static enum err write_script(struct buffer *out)
{
	char script[WEB_INLINE_SOURCE_SIZE];
	enum err err = web_inline_source(WEB_SCRIPT_NEWS, BYTES_LITERAL(""), script);

	if (err == OK)
		buffer_format(out, "; script-src %s; connect-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'", script);
	return err;
}

enum err policy_write(const struct config *config, enum policy policy, struct buffer *out)
{
	char style[WEB_INLINE_SOURCE_SIZE];

	*out = BUFFER(POLICY_BYTES_MAX);
	if (policy == POLICY_LOGO) {
		buffer_text(out, "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox");
		return buffer_err(out);
	}
	enum err err = style_source(config, policy == POLICY_PICTURE ? WEB_STYLE_PICTURE : WEB_STYLE_PAGE, style);

	if (err != OK)
		return err;
	buffer_format(out, "default-src 'none'; style-src %s", style);
	if (policy == POLICY_BOOKS && (err = write_books_style(out)) != OK)
		return err;
	buffer_text(out, "; base-uri 'none'");
	write_ancestors(out, config, policy);
	if (policy != POLICY_PICTURE) {
		buffer_text(out, "; img-src 'self' data:");
		write_form_action(out, config);
	}
	if (policy == POLICY_NEWS)
		err = write_script(out);
	return err == OK ? buffer_err(out) : err;
}
