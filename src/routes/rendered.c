#include "routes/rendered.h"

#include <stdlib.h>

#include "routes/meter_json.h"
#include "routes/page_look.h"
#include "routes/pages.h"
#include "routes/tiers.h"
#include "web/messages.h"
#include "web/web.h"

static const char kept_for_an_hour[] = "public, max-age=3600, stale-while-revalidate=86400";

/* ---- making ---- */

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

static enum err write_kind(const struct snapshot *snapshot, enum rendered_kind kind, const struct campaign *campaign,
                           struct page_language language, struct buffer *out, struct why *why)
{
	const struct config *config = snapshot->config;
	size_t index = (size_t)(campaign - config->campaigns);
	const struct meter *meter = &snapshot->meters[index];
	const struct offer *offer = &snapshot->offers[index];
	const struct support_form framed = { .framed = true };

	switch (kind) {
	case RENDERED_PAGE:
		return pages_support(config, campaign, meter, offer, NULL, language, out, why);
	case RENDERED_FRAMED:
		return pages_support(config, campaign, meter, offer, &framed, language, out, why);
	case RENDERED_WORDS:
		return pages_words(config, campaign, meter, offer, language, out, why);
	case RENDERED_PICTURE:
		return pages_picture(config, campaign, meter, offer, language, out, why);
	case RENDERED_FRAGMENT:
		return pages_fragment(config, campaign, meter, offer, language, out, why);
	case RENDERED_METER:
	case RENDERED_KINDS:
		break;
	}
	meter_json_write(out, campaign, meter);
	return buffer_err(out);
}

/* `campaign` is NULL for the start page. */
static enum err get_page(const struct snapshot *snapshot, struct rendered_page *page, enum rendered_kind kind,
                         const struct campaign *campaign, enum language language, const struct ready_body **body,
                         struct why *why)
{
	const struct page_language in = { language, false };
	struct buffer text = BUFFER(READY_BYTES_MAX);
	struct ready_body *made = atomic_load(&page->languages[language]);

	if (made != NULL) {
		*body = made;
		return OK;
	}
	enum err err = campaign == NULL ? pages_campaigns(snapshot->config, snapshot->meters, snapshot->offers, in, &text, why)
	                                : write_kind(snapshot, kind, campaign, in, &text, why);

	if (err == OK)
		err = make_body(&text, &made);
	else
		buffer_free(&text);
	if (err == OK)
		*body = publish(page, language, made);
	return err;
}

/* What is always asked for, and what shows that the templates are whole. */
static enum err render_pages(const struct snapshot *snapshot, struct rendered *made, struct why *why)
{
	const struct config *config = snapshot->config;
	const struct ready_body *body;
	struct buffer tiers = BUFFER(READY_BYTES_MAX);
	enum err err = get_page(snapshot, &made->home, RENDERED_PAGE, NULL,
	                        config->campaign_count == 1 ? page_language_own(&config->campaigns[0]) : LANGUAGE_EN, &body, why);

	for (size_t i = 0; err == OK && i < config->campaign_count; i++)
		err = get_page(snapshot, &made->campaigns[i].kinds[RENDERED_PAGE], RENDERED_PAGE, &config->campaigns[i],
		               page_language_own(&config->campaigns[i]), &body, why);
	if (err == OK) {
		tiers_write(&tiers, snapshot);
		err = ready_body_make(&tiers, &made->tiers);
	}
	buffer_free(&tiers);
	return err;
}

static enum err render_script(const struct config *config, struct rendered *made)
{
	const struct web_script parts = web_script();
	struct buffer script = BUFFER(READY_BYTES_MAX);

	buffer_bytes(&script, parts.before);
	page_look_style_for(&script, config, WEB_SCRIPT_BOX);
	buffer_bytes(&script, parts.behind);
	made->script.cache = kept_for_an_hour;
	return ready_body_make(&script, &made->script);
}

static enum err render_icon(const struct config *config, struct rendered *made, struct why *why)
{
	struct buffer icon = BUFFER(READY_BYTES_MAX);
	enum err err = pages_icon(config, &icon, why);

	made->icon.cache = kept_for_an_hour;
	if (err == OK)
		err = ready_body_make(&icon, &made->icon);
	buffer_free(&icon);
	return err;
}

static enum err render_logo(const struct config *config, struct rendered *made)
{
	struct buffer logo = BUFFER(LOGO_BYTES_MAX);

	buffer_bytes(&logo, buffer_view(&config->look.logo));
	made->logo.cache = kept_for_an_hour;
	return ready_body_make(&logo, &made->logo);
}

static enum err render_received(struct rendered *made)
{
	struct buffer text = BUFFER(64);

	buffer_text(&text, "{\"received\":true}\n");
	made->received = buffer_err(&text) == OK ? blob_new(&text) : NULL;
	buffer_free(&text);
	return made->received != NULL ? OK : ERR_MEMORY;
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
	ready_body_drop(&dropped->script);
	ready_body_drop(&dropped->icon);
	ready_body_drop(&dropped->logo);
	blob_drop(&dropped->received);
	for (size_t i = 0; i < dropped->campaign_count; i++)
		for (unsigned kind = 0; kind < RENDERED_KINDS; kind++)
			drop_page(&dropped->campaigns[i].kinds[kind]);
	for (unsigned i = 0; i < POLICIES; i++)
		buffer_free(&dropped->policies[i]);
	free(dropped);
}

static enum err render(const struct snapshot *snapshot, void **rendered, struct why *why)
{
	size_t count = snapshot->config->campaign_count;
	struct rendered *made = calloc(1, sizeof *made + count * sizeof made->campaigns[0]);

	if (made == NULL)
		return ERR_MEMORY;
	made->campaign_count = count;
	enum err err = OK;

	for (unsigned i = 0; err == OK && i < POLICIES; i++)
		err = policy_write(snapshot->config, (enum policy)i, &made->policies[i]);

	if (err == OK)
		err = render_pages(snapshot, made, why);
	if (err == OK)
		err = render_script(snapshot->config, made);
	if (err == OK)
		err = render_icon(snapshot->config, made, why);
	if (err == OK)
		err = render_logo(snapshot->config, made);
	if (err == OK)
		err = render_received(made);
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

	return get_page(snapshot, &rendered->home, RENDERED_PAGE, NULL, language, body, NULL);
}

enum err rendered_campaign(const struct snapshot *snapshot, enum rendered_kind kind, size_t index,
                           enum language language, const struct ready_body **body)
{
	struct rendered *rendered = snapshot->rendered;

	return get_page(snapshot, &rendered->campaigns[index].kinds[kind], kind, &snapshot->config->campaigns[index],
	                kind == RENDERED_METER ? LANGUAGE_EN : language, body, NULL);
}

/* ---- answering ---- */

bool visit_rendered(struct visit *visit, enum rendered_kind kind, const struct ready_body **body, struct http_reply *reply)
{
	const struct snapshot *snapshot = visit->snapshot;
	const struct campaign *campaign = config_campaign(snapshot->config, visit->parameter);

	if (campaign == NULL) {
		visit_problem(visit, 404, MESSAGE("There is no such campaign."), NULL);
		return false;
	}
	size_t index = (size_t)(campaign - snapshot->config->campaigns);

	http_reply_init(reply, 200);
	reply->err = rendered_campaign(snapshot, kind, index, page_language_of(visit, campaign).language, body);
	if (reply->err != OK)
		visit_reply(visit, reply);
	return reply->err == OK;
}
