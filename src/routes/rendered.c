#include "routes/rendered.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "routes/pages.h"
#include "routes/tiers.h"
#include "web/web.h"

/* ---- making ---- */

/*
 * A form's redirects count as its action: the provider's page is on a host that only its answer
 * names, so any https one is allowed, and the sandbox's own origin.
 */
static enum err write_policy(const struct config *config, char *policy, size_t size)
{
	char style[WEB_STYLE_SOURCE_SIZE];
	enum err err = web_style_source(style);

	if (err != OK)
		return err;
	int length = snprintf(policy, size,
	                      "default-src 'none'; style-src %s; img-src 'self' data:; base-uri 'none'; "
	                      "frame-ancestors 'none'; form-action 'self' https:",
	                      style);

	for (size_t i = 0; i < config->account_count && length > 0 && (size_t)length < size; i++)
		if (strncmp(config->accounts[i].api_url, "http://", 7) == 0)
			length += snprintf(policy + length, size - (size_t)length, " %s", config->accounts[i].api_url);
	return length > 0 && (size_t)length < size ? OK : ERR_TOO_BIG;
}

/* A page and its answer for everyone; `*body` is the caller's. */
static enum err make_body(struct buffer *page, struct ready_body **body)
{
	struct ready_body *made = calloc(1, sizeof *made);
	enum err err = made == NULL ? ERR_MEMORY : ready_body_make(page, made);

	if (err == OK) {
		*body = made;
	} else if (made != NULL) {
		ready_body_drop(made);
		free(made);
	}
	buffer_free(page);
	return err;
}

/* The page that is kept for a language is the first one made; the same bytes made meanwhile are let go. */
static const struct ready_body *publish(struct rendered_page *page, enum language language, struct ready_body *made)
{
	struct ready_body *present = NULL;

	if (atomic_compare_exchange_strong(&page->languages[language], &present, made))
		return made;
	ready_body_drop(made);
	free(made);
	return present;
}

static enum err page_of(const struct snapshot *snapshot, const struct campaign *campaign, enum language language,
                        struct buffer *page, struct why *why)
{
	const struct config *config = snapshot->config;
	const struct page_language in = { language, false };

	if (campaign == NULL)
		return pages_campaigns(config, snapshot->meters, in, page, why);
	return pages_support(config, campaign, &snapshot->meters[campaign - config->campaigns], NULL, in, page, why);
}

/* `campaign` is NULL for the start page. */
static enum err get_page(const struct snapshot *snapshot, struct rendered_page *page, const struct campaign *campaign,
                         enum language language, const struct ready_body **body, struct why *why)
{
	struct buffer text = BUFFER(READY_BYTES_MAX);
	struct ready_body *made = atomic_load(&page->languages[language]);

	if (made != NULL) {
		*body = made;
		return OK;
	}
	enum err err = page_of(snapshot, campaign, language, &text, why);

	if (err == OK)
		err = make_body(&text, &made);
	else
		buffer_free(&text);
	if (err == OK)
		*body = publish(page, language, made);
	return err;
}

static enum language own_language(const struct campaign *campaign)
{
	return campaign->has_language ? campaign->language : LANGUAGE_EN;
}

/* What is always asked for, and what shows that the templates are whole. */
static enum err render_pages(const struct snapshot *snapshot, struct rendered *made, struct why *why)
{
	const struct config *config = snapshot->config;
	const struct ready_body *body;
	struct buffer tiers = BUFFER(READY_BYTES_MAX);
	enum err err = get_page(snapshot, &made->home, NULL,
	                        config->campaign_count == 1 ? own_language(&config->campaigns[0]) : LANGUAGE_EN, &body, why);

	for (size_t i = 0; err == OK && i < config->campaign_count; i++)
		err = get_page(snapshot, &made->campaigns[i], &config->campaigns[i], own_language(&config->campaigns[i]), &body,
		               why);
	if (err == OK) {
		tiers_write(&tiers, snapshot);
		err = ready_body_make(&tiers, &made->tiers);
	}
	buffer_free(&tiers);
	return err;
}

/* ---- the renderer ---- */

static void drop_page(struct rendered_page *page)
{
	for (unsigned i = 0; i < LANGUAGES; i++) {
		struct ready_body *body = atomic_load(&page->languages[i]);

		if (body != NULL)
			ready_body_drop(body);
		free(body);
	}
}

static void drop(void *rendered)
{
	struct rendered *dropped = rendered;

	drop_page(&dropped->home);
	ready_body_drop(&dropped->tiers);
	for (size_t i = 0; i < dropped->campaign_count; i++)
		drop_page(&dropped->campaigns[i]);
	free(dropped);
}

static enum err render(const struct snapshot *snapshot, void **rendered, struct why *why)
{
	size_t count = snapshot->config->campaign_count;
	struct rendered *made = calloc(1, sizeof *made + count * sizeof made->campaigns[0]);

	if (made == NULL)
		return ERR_MEMORY;
	made->campaign_count = count;
	enum err err = write_policy(snapshot->config, made->policy, sizeof made->policy);

	if (err == OK)
		err = render_pages(snapshot, made, why);
	if (err != OK) {
		drop(made);
		return err;
	}
	*rendered = made;
	return OK;
}

const struct renderer rendered_renderer = { render, drop };

const struct rendered *rendered_of(const struct snapshot *snapshot)
{
	return snapshot->rendered;
}

enum err rendered_home(const struct snapshot *snapshot, enum language language, const struct ready_body **body)
{
	struct rendered *rendered = snapshot->rendered;

	return get_page(snapshot, &rendered->home, NULL, language, body, NULL);
}

enum err rendered_campaign(const struct snapshot *snapshot, size_t index, enum language language,
                           const struct ready_body **body)
{
	struct rendered *rendered = snapshot->rendered;

	return get_page(snapshot, &rendered->campaigns[index], &snapshot->config->campaigns[index], language, body, NULL);
}
