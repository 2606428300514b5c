#include "routes/rendered.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/digest.h"
#include "base/json_write.h"
#include "base/text.h"
#include "routes/pages.h"
#include "web/web.h"

enum { BODY_BYTES_MAX = 1024 * 1024 };

/* ---- making ---- */

/* The gzip form (RFC 1952); deterministic, since zlib writes no time of its own accord. */
static enum err compress_body(struct bytes plain, struct buffer *out)
{
	z_stream stream = { .avail_in = (uInt)plain.length };
	union {
		const char *in;
		Bytef *out;
	} pointer = { plain.data };

	if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK)
		return ERR_MEMORY;
	size_t bound = deflateBound(&stream, (uLong)plain.length);
	enum err err = buffer_reserve(out, bound);

	if (err == OK) {
		stream.next_in = pointer.out;
		stream.next_out = (Bytef *)out->data;
		stream.avail_out = (uInt)bound;
		if (deflate(&stream, Z_FINISH) != Z_STREAM_END)
			err = ERR_MEMORY;
		else
			out->length = stream.total_out;
	}
	deflateEnd(&stream);
	return err;
}

static enum err tag(struct bytes body, const char *suffix, char etag[static ETAG_SIZE])
{
	uint8_t digest[DIGEST_BYTES];
	char hex[33];
	enum err err = digest_sha256(&body, 1, digest);

	text_hex(digest, 16, hex);
	snprintf(etag, ETAG_SIZE, "\"%s%s\"", hex, suffix);
	return err;
}

/* Takes over the buffer. */
static enum err keep(struct buffer *plain, struct rendered_body *body)
{
	struct buffer gzip = BUFFER(BODY_BYTES_MAX);
	enum err err = buffer_err(plain);

	if (err == OK)
		err = tag(buffer_view(plain), "", body->etag);
	if (err == OK)
		err = tag(buffer_view(plain), "-gz", body->etag_gzip);
	if (err == OK)
		err = compress_body(buffer_view(plain), &gzip);
	if (err == OK) {
		body->plain = blob_new(plain);
		body->gzip = blob_new(&gzip);
		if (body->plain == NULL || body->gzip == NULL)
			err = ERR_MEMORY;
	}
	buffer_free(plain);
	buffer_free(&gzip);
	return err;
}

static void write_tier(struct json_write *json, const struct tier *tier)
{
	char amount[AMOUNT_TEXT_SIZE];

	money_format(&tier->amount, amount);
	json_write_object_open(json, NULL);
	json_write_text(json, "id", tier->id);
	json_write_text(json, "label", tier->label);
	if (tier->text[0] != '\0')
		json_write_text(json, "text", tier->text);
	json_write_text(json, "amount", amount);
	json_write_text(json, "interval", interval_name(tier->interval));
	json_write_object_close(json);
}

static void write_money(struct json_write *json, const char *name, const struct money *money)
{
	char amount[AMOUNT_TEXT_SIZE];

	money_format(money, amount);
	json_write_text(json, name, amount);
}

static void write_campaign(struct json_write *json, const struct campaign *campaign, const struct campaign_totals *totals)
{
	json_write_object_open(json, NULL);
	json_write_text(json, "id", campaign->id);
	json_write_text(json, "title", campaign->title);
	if (campaign->text[0] != '\0')
		json_write_text(json, "text", campaign->text);
	json_write_text(json, "button", campaign->button[0] != '\0' ? campaign->button : "Support");
	json_write_text(json, "currency", campaign->currency.code);
	json_write_object_open(json, "meter");
	write_money(json, "raised", &totals->settled);
	write_money(json, "pending", &totals->pending);
	if (campaign->goal.minor > 0)
		write_money(json, "goal", &campaign->goal);
	json_write_array_open(json, "marks");
	for (size_t i = 0; i < campaign->mark_count; i++)
		write_money(json, NULL, &campaign->marks[i]);
	json_write_array_close(json);
	json_write_object_close(json);
	json_write_text(json, "default_tier", campaign->tiers[campaign->default_tier].id);
	json_write_array_open(json, "tiers");
	for (size_t i = 0; i < campaign->tier_count; i++)
		write_tier(json, &campaign->tiers[i]);
	json_write_array_close(json);
	json_write_object_close(json);
}

static void write_tiers(struct buffer *out, const struct snapshot *snapshot)
{
	const struct config *config = snapshot->config;
	struct json_write json = JSON_WRITE(out);

	json_write_object_open(&json, NULL);
	json_write_text(&json, "organisation", config->organisation_name);
	json_write_text(&json, "mode", config->live ? "live" : "test");
	json_write_array_open(&json, "accounts");
	for (size_t i = 0; i < config->account_count; i++)
		json_write_text(&json, NULL, config->accounts[i].id);
	json_write_array_close(&json);
	json_write_array_open(&json, "campaigns");
	for (size_t i = 0; i < config->campaign_count; i++)
		write_campaign(&json, &config->campaigns[i], &snapshot->totals[i]);
	json_write_array_close(&json);
	json_write_object_close(&json);
	buffer_char(out, '\n');
}

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

static void drop_body(struct rendered_body *body)
{
	blob_drop(&body->plain);
	blob_drop(&body->gzip);
}

/* A page and its answer for everyone; `*body` is the caller's. */
static enum err make_body(struct buffer *page, struct rendered_body **body)
{
	struct rendered_body *made = calloc(1, sizeof *made);
	enum err err = made == NULL ? ERR_MEMORY : keep(page, made);

	if (err == OK) {
		*body = made;
	} else if (made != NULL) {
		drop_body(made);
		free(made);
	}
	buffer_free(page);
	return err;
}

/* The page that is kept for a language is the first one made; the same bytes made meanwhile are let go. */
static const struct rendered_body *publish(struct rendered_page *page, enum language language, struct rendered_body *made)
{
	struct rendered_body *present = NULL;

	if (atomic_compare_exchange_strong(&page->languages[language], &present, made))
		return made;
	drop_body(made);
	free(made);
	return present;
}

static enum err page_of(const struct snapshot *snapshot, const struct campaign *campaign, enum language language,
                        struct buffer *page, struct why *why)
{
	const struct config *config = snapshot->config;
	const struct page_language in = { language, false };

	if (campaign == NULL)
		return pages_campaigns(config, snapshot->totals, in, page, why);
	return pages_support(config, campaign, &snapshot->totals[campaign - config->campaigns], NULL, in, page, why);
}

/* `campaign` is NULL for the start page. */
static enum err get_page(const struct snapshot *snapshot, struct rendered_page *page, const struct campaign *campaign,
                         enum language language, const struct rendered_body **body, struct why *why)
{
	struct buffer text = BUFFER(BODY_BYTES_MAX);
	struct rendered_body *made = atomic_load(&page->languages[language]);

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
	const struct rendered_body *body;
	struct buffer tiers = BUFFER(BODY_BYTES_MAX);
	enum err err = get_page(snapshot, &made->home, NULL,
	                        config->campaign_count == 1 ? own_language(&config->campaigns[0]) : LANGUAGE_EN, &body, why);

	for (size_t i = 0; err == OK && i < config->campaign_count; i++)
		err = get_page(snapshot, &made->campaigns[i], &config->campaigns[i], own_language(&config->campaigns[i]), &body,
		               why);
	if (err == OK) {
		write_tiers(&tiers, snapshot);
		err = keep(&tiers, &made->tiers);
	}
	buffer_free(&tiers);
	return err;
}

/* ---- the renderer ---- */

static void drop_page(struct rendered_page *page)
{
	for (unsigned i = 0; i < LANGUAGES; i++) {
		struct rendered_body *body = atomic_load(&page->languages[i]);

		if (body != NULL)
			drop_body(body);
		free(body);
	}
}

static void drop(void *rendered)
{
	struct rendered *dropped = rendered;

	drop_page(&dropped->home);
	drop_body(&dropped->tiers);
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

enum err rendered_home(const struct snapshot *snapshot, enum language language, const struct rendered_body **body)
{
	struct rendered *rendered = snapshot->rendered;

	return get_page(snapshot, &rendered->home, NULL, language, body, NULL);
}

enum err rendered_campaign(const struct snapshot *snapshot, size_t index, enum language language,
                           const struct rendered_body **body)
{
	struct rendered *rendered = snapshot->rendered;

	return get_page(snapshot, &rendered->campaigns[index], &snapshot->config->campaigns[index], language, body, NULL);
}

/* ---- answering ---- */

/* Whether a comma-separated list holds the item, or is "*". */
static bool list_has(struct bytes list, const char *item)
{
	size_t length = strlen(item);

	if (bytes_is(list, "*"))
		return true;
	for (size_t at = 0; at + length <= list.length; at++)
		if (memcmp(list.data + at, item, length) == 0)
			return true;
	return false;
}

/* Whether gzip is welcome: named, and not with a quality of zero. */
static bool accepts_gzip(const struct http_request *request)
{
	struct bytes accept;

	if (!http_request_field(request, "Accept-Encoding", &accept))
		return false;
	for (size_t at = 0; at + 4 <= accept.length; at++) {
		if (strncasecmp(accept.data + at, "gzip", 4) != 0)
			continue;
		struct bytes rest = { accept.data + at + 4, accept.length - at - 4 };

		return !bytes_starts_with(rest, ";q=0") || (rest.length > 4 && rest.data[4] == '.' && !bytes_is(rest, ";q=0.0"));
	}
	return false;
}

void rendered_reply(struct visit *visit, const struct rendered_body *body, const char *type, struct http_reply *reply)
{
	bool gzip = accepts_gzip(visit->request);
	const char *etag = gzip ? body->etag_gzip : body->etag;
	struct bytes known;

	http_reply_field_copy(reply, "ETag", bytes_of(etag));
	http_reply_field(reply, "Vary", "Accept-Encoding");
	http_reply_field(reply, "Cache-Control", "no-cache");
	if (http_request_field(visit->request, "If-None-Match", &known) && list_has(known, etag)) {
		reply->status = 304;
		visit_reply(visit, reply);
		return;
	}
	http_reply_field(reply, "Content-Type", type);
	if (gzip)
		http_reply_field(reply, "Content-Encoding", "gzip");
	reply->shared = blob_hold(gzip ? body->gzip : body->plain);
	visit_reply(visit, reply);
}
