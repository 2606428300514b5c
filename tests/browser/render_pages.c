/*
 * render-pages DIR -- every state of every page in every language as a file,
 * DIR/LANGUAGE-PAGE.html, for a browser to look at, with the policy that the service sends along
 * in LANGUAGE-PAGE.policy; every picture, and numbers.json and dates.json, numbers
 * and dates as donors read them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_write.h"
#include "routes/pages.h"
#include "routes/policy.h"
#include "routes/reason_words.h"
#include "web/dates.h"
#include "web/numbers.h"
#include "web/web.h"

static const char *folder;
static struct page_language language; /* of the pages being made */

#define NEWSROOM(look) \
	"{" look "\"organisation\":{\"id\":\"lighthouse\",\"name\":\"The Lighthouse Fund\",\"address\":[\"1 Harbour Road\",\"Port Ellen\"]," \
	"\"registration\":\"Charity no. SC012345\",\"receipt_text\":\"Nothing was given in return for this gift.\"},\"mode\":\"live\",\"data_dir\":\"data\"," \
	"\"public\":{\"url\":\"https://give.example.org\"}," \
	"\"operator\":{\"token_file\":\"operator.token\"}," \
	"\"accounts\":[{\"id\":\"stripe\",\"provider\":\"stripe\",\"key_file\":\"k\",\"webhook_secret_files\":[\"w\"]}]," \
	"\"campaigns\":[{\"id\":\"newsroom\",\"title\":\"Keep our newsroom open\"," \
	"\"text\":\"Four reporters cover the harbour, the council and the schools. No owner, no advertising. " \
	"Every gift pays for reporting that stays free to read.\"," \
	"\"button\":\"Support the newsroom\",\"currency\":\"USD\",\"goal\":\"5000\",\"marks\":[\"0\",\"2500\",\"5000\"]," \
	"\"tiers\":[{\"id\":\"friend\",\"label\":\"Friend\",\"amount\":\"10\",\"interval\":\"month\"," \
	"\"text\":\"Pays for one morning at the town council.\"}," \
	"{\"id\":\"ally\",\"label\":\"Ally\",\"amount\":\"25\",\"interval\":\"month\"}," \
	"{\"id\":\"coffee\",\"label\":\"Coffee for the night desk\",\"amount\":\"5\",\"interval\":\"once\"}," \
	"{\"id\":\"reader\",\"label\":\"Reader\",\"amount\":\"25\",\"interval\":\"once\"," \
	"\"text\":\"Pays for a public records request.\"}," \
	"{\"id\":\"records\",\"label\":\"A week of records\",\"amount\":\"120\",\"interval\":\"once\"," \
	"\"text\":\"Sends one reporter to the county archive for a week.\"}," \
	"{\"id\":\"patron\",\"label\":\"Patron of the harbour desk\",\"amount\":\"1200\",\"interval\":\"year\"}]," \
	"\"default_tier\":\"reader\"}]}"

static const char one_campaign[] = NEWSROOM("");

/* The palest texts and marks on the darkest grounds, and the other way round, that a configuration may have. */
static const char with_a_look[] = NEWSROOM(
	"\"look\":{\"light\":{\"page\":\"#fdf3e7\",\"card\":\"#fffdfa\",\"accent\":\"#ce3b05\",\"ink\":\"#5d4128\"},"
	"\"dark\":{\"page\":\"#1d1420\",\"card\":\"#2a1d2e\",\"accent\":\"#ea45a8\",\"ink\":\"#baafbd\"},"
	"\"logo_file\":\"logo.svg\",\"logo_text\":\"The Lighthouse Fund\",\"foot\":\"The Lighthouse Fund is registered in Scotland.\","
	"\"links\":[{\"text\":\"Legal notice\",\"url\":\"https://www.example.org/legal\"},{\"text\":\"Privacy\",\"url\":\"https://www.example.org/privacy\"}]},");

static const char several_campaigns[] =
	"{\"organisation\":{\"id\":\"lighthouse\",\"name\":\"The Lighthouse Fund\",\"address\":[\"1 Harbour Road\",\"Port Ellen\"],"
	"\"registration\":\"Charity no. SC012345\",\"receipt_text\":\"Nothing was given in return for this gift.\"},\"mode\":\"test\",\"data_dir\":\"data\","
	"\"public\":{\"url\":\"https://give.example.org\"},"
	"\"operator\":{\"token_file\":\"operator.token\"},"
	"\"accounts\":[{\"id\":\"stripe\",\"provider\":\"stripe\",\"key_file\":\"k\",\"webhook_secret_files\":[\"w\"],"
	"\"portal_url\":\"https://billing.example.org/p/login\"},"
	"{\"id\":\"stripe-eu\",\"provider\":\"stripe\",\"key_file\":\"k\",\"webhook_secret_files\":[\"w\"]}],"
	"\"campaigns\":[{\"id\":\"well\",\"title\":\"A well for Kisumu\",\"text\":\"Clean water for eight hundred people.\","
	"\"currency\":\"EUR\",\"goal\":\"12500\",\"tiers\":["
	"{\"id\":\"well-10\",\"label\":\"A metre of pipe\",\"amount\":\"10\",\"interval\":\"once\"},"
	"{\"id\":\"well-250\",\"label\":\"A day of drilling\",\"amount\":\"250\",\"interval\":\"once\"}]},"
	"{\"id\":\"manga\",\"title\":\"The library of unread stories\",\"currency\":\"JPY\",\"goal\":\"3000000\","
	"\"marks\":[\"0\",\"200000\",\"400000\",\"1000000\",\"1500000\",\"2900000\",\"3000000\",\"4000000\"],"
	"\"tiers\":[{\"id\":\"shelf\",\"label\":\"A shelf\",\"amount\":\"3000\",\"interval\":\"month\"}]},"
	"{\"id\":\"general\",\"title\":\"Wherever it is needed\",\"currency\":\"CHF\","
	"\"tiers\":[{\"id\":\"any\",\"label\":\"Any\",\"amount\":\"20.50\",\"interval\":\"year\"}]},"
	"{\"id\":\"long\",\"title\":\"Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaft\","
	"\"text\":\"<b>&amp;\\\"'</b> https://example.org/a-very-long-address-that-cannot-be-broken-anywhere-at-all/index\","
	"\"currency\":\"TESTKUDOS\",\"goal\":\"1000000.00000001\","
	"\"tiers\":[{\"id\":\"kudos\",\"label\":\"Siebenhundertsiebenundsiebzigtausendsiebenhundertsiebenundsiebzig\","
	"\"amount\":\"777777.77777777\",\"interval\":\"month\",\"text\":\"A text that goes on for a while, so that it has "
	"several lines even where there is room for it, and that ends with a word of length: "
	"Rindfleischetikettierungsueberwachungsaufgabenuebertragungsgesetz.\"}]}]}";

static struct config *read_config(const char *text)
{
	static const char *const providers[] = { "stripe", NULL };
	static struct config_problems problems;
	struct config *config = NULL;

	if (config_parse(bytes_of(text), ".", false, providers, &config, &problems) == OK)
		return config;
	for (size_t i = 0; i < problems.count; i++)
		fprintf(stderr, "%u:%u: %s\n", problems.items[i].place.line, problems.items[i].place.column,
		        problems.items[i].text);
	exit(1);
}

static void fail(const char *name, const char *why)
{
	fprintf(stderr, "render-pages: %s: %s\n", name, why);
	exit(1);
}

/* `of_language` stands before the name. */
static void save(const char *of_language, const char *name, struct bytes bytes)
{
	char path[PATH_SIZE];

	snprintf(path, sizeof path, "%s/%s%s", folder, of_language, name);
	FILE *file = fopen(path, "w");

	if (file == NULL || fwrite(bytes.data, 1, bytes.length, file) != bytes.length || fclose(file) != 0)
		fail(name, "cannot be written");
}

static void save_part(const char *name, enum err err, const struct why *why, struct buffer *part)
{
	char of_language[LANGUAGE_TAG_SIZE];

	if (err != OK)
		fail(name, why->text[0] == '\0' ? err_name(err) : why->text);
	snprintf(of_language, sizeof of_language, "%s-", language_tag(language.language));
	save(of_language, name, buffer_view(part));
	buffer_free(part);
}

static void save_page_under(enum policy policy, const char *name, const struct config *config, enum err err, const struct why *why,
                            struct buffer *page)
{
	struct buffer text;
	char path[PATH_SIZE];

	save_part(name, err, why, page);
	snprintf(path, sizeof path, "%.*s.policy", (int)strcspn(name, "."), name);
	err = policy_write(config, policy, &text);
	save_part(path, err, why, &text);
}

static void save_page(const char *name, const struct config *config, enum err err, const struct why *why, struct buffer *page)
{
	save_page_under(POLICY_PAGE, name, config, err, why, page);
}

static struct campaign_totals totals_of(const struct campaign *campaign, int64_t settled, int64_t pending,
                                        uint64_t gifts)
{
	const struct money none = { 0, campaign->currency };

	return (struct campaign_totals){
		.settled = { settled, campaign->currency }, .pending = { pending, campaign->currency }, .gifts = gifts,
		.refunded = none, .disputed = none, .lost = none, .fees = none,
	};
}

static struct meter meter_of(const struct campaign *campaign, const struct campaign_totals *totals)
{
	struct meter meter;

	if (meter_make(campaign, totals, &meter) != OK)
		fail(campaign->id, "its meter cannot be made");
	return meter;
}

/* As if nobody had pledged yet. */
static struct offer offer_of(const struct campaign *campaign)
{
	struct offer offer = { .state = CAMPAIGN_OPEN };

	for (size_t i = 0; i < campaign->tier_count; i++)
		offer_take(&offer, campaign, i, 0);
	return offer;
}

static void support_offer(const char *name, const struct config *config, size_t at, const struct campaign_totals *totals,
                          const struct offer *offer, const struct support_form *form)
{
	const struct meter meter = meter_of(&config->campaigns[at], totals);
	struct buffer page = BUFFER(PAGE_BYTES_MAX);
	struct why why = { "" };
	enum err err = pages_support(config, &config->campaigns[at], &meter, offer, form, language, &page, &why);

	save_page(name, config, err, &why, &page);
}

static void fragment(const char *name, const struct config *config, size_t at, int64_t raised, const struct offer *offer)
{
	const struct campaign *campaign = &config->campaigns[at];
	const struct campaign_totals totals = totals_of(campaign, raised, 7500, 87);
	const struct meter meter = meter_of(campaign, &totals);
	struct buffer page = BUFFER(PAGE_BYTES_MAX);
	struct why why = { "" };
	enum err err = pages_fragment(config, campaign, &meter, offer, language, &page, &why);

	save_part(name, err, &why, &page);
}

/* No whole pages: what other sites put into theirs. */
static void fragments(const struct config *one, const struct config *several)
{
	struct offer offer = offer_of(&one->campaigns[0]);

	fragment("fragment.part", one, 0, 318500, &offer);
	offer.limited[0] = offer.limited[1] = true;
	offer.left[1] = 3;
	fragment("fragment-stock.part", one, 0, 0, &offer);
	offer.state = CAMPAIGN_REACHED;
	fragment("fragment-reached.part", one, 0, 510000, &offer);
	offer = offer_of(&several->campaigns[3]);
	fragment("fragment-long.part", several, 3, 77777777777777, &offer);
}

static void support(const char *name, const struct config *config, size_t at, const struct campaign_totals *totals,
                    const struct support_form *form)
{
	const struct offer offer = offer_of(&config->campaigns[at]);

	support_offer(name, config, at, totals, &offer, form);
}

/* A meter with everything that it can say: of this month, net, with money that went back and more that may. */
static void every_word(struct config *config)
{
	struct campaign *campaign = &config->campaigns[0];
	struct campaign_totals totals = totals_of(campaign, 318500, 7500, 87);

	totals.refunded.minor = 2500;
	totals.lost.minor = 1000;
	totals.disputed.minor = 12000;
	totals.fees.minor = 9345;
	campaign->meter_net = true;
	campaign->meter_reset = METER_MONTHLY;
	support("support-every-word.html", config, 0, &totals, NULL);
	totals = totals_of(campaign, 0, 0, 0);
	campaign->meter_reset = METER_YEARLY;
	support("support-none-this-year.html", config, 0, &totals, NULL);
	campaign->meter_net = false;
	campaign->meter_reset = METER_FOR_EVER;
}

static void picture(const char *name, const struct config *config, size_t at, const struct campaign_totals *totals, enum campaign_state state)
{
	const struct campaign *campaign = &config->campaigns[at];
	const struct meter meter = meter_of(campaign, totals);
	struct offer offer = offer_of(campaign);
	struct buffer out = BUFFER(PAGE_BYTES_MAX);
	struct why why = { "" };

	offer.state = state;
	enum err err = pages_picture(config, campaign, &meter, &offer, language, &out, &why);

	save_part(name, err, &why, &out);
}

/* With everything that it can say: of this month, net, with money that went back and more that may. */
static void picture_every_word(const char *name, struct config *config, size_t at, int64_t raised, int64_t apart, enum campaign_state state)
{
	struct campaign *campaign = &config->campaigns[at];
	struct campaign_totals totals = totals_of(campaign, raised, apart, 87);

	totals.refunded.minor = totals.disputed.minor = totals.fees.minor = apart;
	campaign->meter_net = true;
	campaign->meter_reset = METER_MONTHLY;
	picture(name, config, at, &totals, state);
	campaign->meter_net = false;
	campaign->meter_reset = METER_FOR_EVER;
}

static void pictures(struct config *one, struct config *several)
{
	const struct campaign_totals well = totals_of(&one->campaigns[0], 318500, 7500, 87);
	const struct campaign_totals empty = totals_of(&one->campaigns[0], 0, 0, 0);
	const struct campaign_totals beyond = totals_of(&one->campaigns[0], 620000, 7500, 87);
	const struct campaign_totals bare = totals_of(&several->campaigns[2], 4100, 7500, 87);
	const struct campaign_totals none = totals_of(&several->campaigns[3], 0, 0, 0);

	picture("meter.svg", one, 0, &well, CAMPAIGN_OPEN);
	picture("meter-empty.svg", one, 0, &empty, CAMPAIGN_OPEN);
	picture("meter-beyond.svg", one, 0, &beyond, CAMPAIGN_OPEN);
	picture("meter-none.svg", several, 2, &bare, CAMPAIGN_OPEN);
	picture("meter-long-empty.svg", several, 3, &none, CAMPAIGN_OPEN);
	picture("meter-ended.svg", one, 0, &well, CAMPAIGN_ENDED);
	picture("meter-reached.svg", one, 0, &beyond, CAMPAIGN_REACHED);
	picture("meter-sold-out.svg", several, 2, &bare, CAMPAIGN_SOLD_OUT);
	picture_every_word("meter-every-word.svg", one, 0, 318500, 7500, CAMPAIGN_REACHED);
	picture_every_word("meter-long.svg", several, 3, 77777777777777, 7777777777777, CAMPAIGN_REACHED);
}

static void support_pages(struct config *one, struct config *several)
{
	const struct campaign *newsroom = &one->campaigns[0];
	const struct campaign_totals none = totals_of(newsroom, 0, 0, 0);
	const struct campaign_totals some = totals_of(newsroom, 318500, 7500, 87);
	const struct campaign_totals beyond = totals_of(newsroom, 620000, 0, 1);
	const struct campaign_totals well = totals_of(&several->campaigns[0], 310050, 0, 1204);
	const struct campaign_totals long_one = totals_of(&several->campaigns[3], 77777777777777, 77777777, 3);
	const struct support_form no_tier = { .refusal = REFUSAL_NO_TIER };
	const struct support_form unknown_tier = { "gone", "stripe", REFUSAL_UNKNOWN_TIER, false };
	const struct support_form unknown_account = { "well-250", "gone", REFUSAL_UNKNOWN_ACCOUNT, false };
	const struct support_form chosen = { "patron", NULL, REFUSAL_NONE, false };

	support("support.html", one, 0, &some, NULL);
	support("support-none.html", one, 0, &none, NULL);
	support("support-beyond.html", one, 0, &beyond, &chosen);
	support("support-no-tier.html", one, 0, &some, &no_tier);
	support("support-unknown-tier.html", one, 0, &some, &unknown_tier);
	support("support-accounts.html", several, 0, &well, NULL);
	support("support-unknown-account.html", several, 0, &well, &unknown_account);
	support("support-long.html", several, 3, &long_one, NULL);
	every_word(one);
	pictures(one, several);
}

/* What is left, what is sold out, and why a campaign takes nothing any more. */
static void offer_pages(const struct config *one)
{
	const struct campaign_totals some = totals_of(&one->campaigns[0], 318500, 7500, 87);
	const struct campaign_totals full = totals_of(&one->campaigns[0], 510000, 0, 204);
	const struct support_form sold_out = { "records", "stripe", REFUSAL_SOLD_OUT, false };
	struct offer offer = offer_of(&one->campaigns[0]);

	offer.limited[3] = offer.limited[4] = true;
	offer.left[3] = 12;
	support_offer("support-stock.html", one, 0, &some, &offer, NULL);
	support_offer("support-sold-out.html", one, 0, &some, &offer, &sold_out);
	offer.state = CAMPAIGN_ENDED;
	support_offer("support-ended.html", one, 0, &some, &offer, NULL);
	offer.state = CAMPAIGN_REACHED;
	support_offer("support-reached.html", one, 0, &full, &offer, NULL);
	offer.state = CAMPAIGN_SOLD_OUT;
	support_offer("support-all-sold-out.html", one, 0, &some, &offer, NULL);
}

static void campaigns_page(const struct config *several)
{
	const struct campaign_totals totals[] = {
		totals_of(&several->campaigns[0], 310050, 0, 1204),
		totals_of(&several->campaigns[1], 2950000, 60000, 12),
		totals_of(&several->campaigns[2], 4100, 0, 2),
		totals_of(&several->campaigns[3], 77777777777777, 77777777, 3),
	};
	struct meter meters[sizeof totals / sizeof totals[0]];
	struct buffer page = BUFFER(PAGE_BYTES_MAX);
	struct why why = { "" };
	struct offer offers[sizeof totals / sizeof totals[0]];

	for (size_t i = 0; i < sizeof totals / sizeof totals[0]; i++) {
		meters[i] = meter_of(&several->campaigns[i], &totals[i]);
		offers[i] = offer_of(&several->campaigns[i]);
	}
	offers[2].state = CAMPAIGN_SOLD_OUT;
	enum err err = pages_campaigns(several, meters, offers, language, &page, &why);

	save_page("campaigns.html", several, err, &why, &page);
}

static const struct shown_gifts once = { .count = 1, .single = { .given = { 2500, { "USD" } } } };
static const struct shown_gifts gone = { .count = 1, .single = { .given = { 2500, { "USD" } }, .refunds = 1000, .disputed = 500, .lost = 1000 } };
static const struct shown_gifts series = { .count = 2, .list = { { "rcp_00000000000000000000000001", 1764547200, REST_PART },
                                                                { "rcp_00000000000000000000000002", 1767225600, REST_WHOLE } } };

static void thanks_for(const char *name, const struct config *config, enum interval interval, enum pledge_status status,
                       enum payment_status payment, const struct shown_gifts *gifts, const struct shown_commands *demo)
{
	struct pledge pledge = {
		.id = "plg_01hf8zq3v5e2k9m7n4r6t8w0x2", .status = status, .account = "stripe", .campaign = "newsroom",
		.tier = "reader", .interval = interval,
		.amount = { 2500, { "USD" } }, .payment_status = payment,
		.settled_count = payment == PAYMENT_SETTLED,
	};
	struct buffer page = BUFFER(PAGE_BYTES_MAX);
	struct why why = { "" };
	enum err err = pages_thanks(config, &pledge, "rcp_0123456789abcdefghjkmnpqrs",
	                            gifts, demo, language, &page, &why);

	save_page_under(receipt_state_changes(receipt_state(&pledge)) ? POLICY_NEWS : POLICY_PAGE, name, config, err, &why, &page);
}

static void thanks(const char *name, const struct config *config, enum interval interval, enum pledge_status status,
                   enum payment_status payment, const struct shown_commands *demo)
{
	thanks_for(name, config, interval, status, payment, interval == INTERVAL_ONCE ? &once : &series, demo);
}

static const struct shown_commands commands = {
	"pledger export --config=/etc/pledger/pledger.json --gifts > gifts.csv",
	"pledger verify --config=/etc/pledger/pledger.json",
};

static void thanks_pages(const struct config *one, const struct config *several)
{
	thanks("thanks-received.html", one, INTERVAL_ONCE, PLEDGE_ENDED, PAYMENT_SETTLED, NULL);
	thanks("thanks-received-monthly-demo.html", several, INTERVAL_MONTH, PLEDGE_ACTIVE, PAYMENT_SETTLED, &commands);
	thanks("thanks-received-ended.html", one, INTERVAL_MONTH, PLEDGE_ENDED, PAYMENT_SETTLED, NULL);
	thanks_for("thanks-received-gone.html", one, INTERVAL_ONCE, PLEDGE_ENDED, PAYMENT_SETTLED, &gone, NULL);
	thanks("thanks-on-its-way.html", one, INTERVAL_ONCE, PLEDGE_PENDING, PAYMENT_PENDING, NULL);
	thanks("thanks-waiting.html", one, INTERVAL_YEAR, PLEDGE_OPEN, PAYMENT_NONE, NULL);
	thanks("thanks-failed.html", one, INTERVAL_ONCE, PLEDGE_ENDED, PAYMENT_FAILED, NULL);
	thanks("thanks-expired.html", several, INTERVAL_ONCE, PLEDGE_EXPIRED, PAYMENT_NONE, NULL);
}

static void receipt(const char *name, const struct config *config, enum interval interval, int64_t refunds, int64_t disputed)
{
	const struct pledge pledge = {
		.id = "plg_01hf8zq3v5e2k9m7n4r6t8w0x2", .status = interval == INTERVAL_ONCE ? PLEDGE_ENDED : PLEDGE_ACTIVE,
		.account = "stripe", .campaign = "newsroom", .tier = "reader", .interval = interval, .amount = { 2500, { "USD" } },
		.payment_status = PAYMENT_SETTLED, .settled_count = 7,
	};
	const struct payment payment = { .id = "pi_3SXlkq2eZvKYlo2C0xyz1234", .given_s = 1767225600, .status = PAYMENT_SETTLED, .given = pledge.amount, .refunds = refunds, .disputed = disputed };
	struct buffer page = BUFFER(PAGE_BYTES_MAX);
	struct why why = { "" };
	enum err err = pages_receipt(config, &pledge, &payment, "rcp_0123456789abcdefghjkmnpqrs", language, &page, &why);

	save_page(name, config, err, &why, &page);
}

static void receipts(const struct config *one, const struct config *several)
{
	receipt("receipt.html", one, INTERVAL_ONCE, 0, 0);
	receipt("receipt-monthly.html", several, INTERVAL_MONTH, 1000, 500);
	receipt("receipt-void.html", one, INTERVAL_ONCE, 2500, 0);
}

/* One of each kind of page as an organisation may have it. */
static void look_pages(const struct config *config)
{
	const struct campaign_totals some = totals_of(&config->campaigns[0], 318500, 7500, 87);
	const struct support_form sold_out = { "records", "stripe", REFUSAL_SOLD_OUT, false };
	struct offer offer = offer_of(&config->campaigns[0]);

	offer.limited[3] = offer.limited[4] = true;
	offer.left[3] = 12;
	support_offer("support-look.html", config, 0, &some, &offer, &sold_out);
	thanks("thanks-look.html", config, INTERVAL_MONTH, PLEDGE_ACTIVE, PAYMENT_SETTLED, &commands);
	thanks("thanks-waiting-look.html", config, INTERVAL_ONCE, PLEDGE_OPEN, PAYMENT_NONE, NULL);
	thanks("thanks-failed-look.html", config, INTERVAL_ONCE, PLEDGE_ENDED, PAYMENT_FAILED, NULL);
	receipt("receipt-look.html", config, INTERVAL_ONCE, 1000, 500);
}

/* `any`: whose policy it has where it says nothing of any configuration. */
static void problem(const char *name, const struct config *any, const struct config *config, const struct problem_page *problem)
{
	struct buffer page = BUFFER(PAGE_BYTES_MAX);
	struct why why = { "" };
	enum err err = pages_problem(config, problem, language, &page, &why);

	save_page(name, any, err, &why, &page);
}

static void operator_page(const char *name, const struct config *config, const struct ledger_status *status)
{
	const struct campaign_totals totals[] = {
		totals_of(&config->campaigns[0], 318500, 7500, 87), totals_of(&config->campaigns[1], 2950000, 60000, 12),
		totals_of(&config->campaigns[2], 4100, 0, 2), totals_of(&config->campaigns[3], 0, 0, 0),
	};
	struct buffer page = BUFFER(PAGE_BYTES_MAX);
	struct why why = { "" };
	enum err err = pages_operator(config, status, totals, &commands, language, &page, &why);

	save_page(name, config, err, &why, &page);
}

static void snippets_page(const struct config *config)
{
	struct buffer page = BUFFER(PAGE_BYTES_MAX);
	struct why why = { "" };
	enum err err = pages_snippets(config, &page, &why);

	save_page("snippets.html", config, err, &why, &page);
}

/* A comparison that found every kind of difference. */
static void compared(struct reconciliation *last)
{
	last->run = 7;
	last->result = RECONCILED_DIFFERENT;
	last->ended_us = 1795345149000000;
	last->report.difference_count = DIFFERENCE_NOT_EXPLAINED + 1;
	for (int i = 0; i <= DIFFERENCE_NOT_EXPLAINED; i++) {
		struct difference *difference = &last->report.differences[i];

		difference->reason = (enum difference_reason)i;
		strcpy(difference->account, "stripe");
		strcpy(difference->object, "ch_3SgT5rAbCdEfGhIjKlMnOpQr");
		difference->provider = (struct money){ 123456 + i, { "USD" } };
		difference->books = (struct money){ i, { "USD" } };
	}
}

static void parked(struct parked *parked, enum reason reason, const struct money *amount)
{
	*parked = (struct parked){ .seq = 1234567 + (uint64_t)reason, .account = "stripe", .reason = reason };
	parked->event.kind = reason == REASON_UNREADABLE ? EVENT_UNREADABLE : EVENT_SETTLED;
	parked->event.at_s = 1795334400;
	if (reason != REASON_UNREADABLE)
		parked->event.amount = *amount;
}

/* Three months in which something happened, and an event that waits for each reason. */
static void books_page(const char *name, const struct config *config, bool empty)
{
	static struct books_shown shown;
	const struct campaign_totals totals[] = {
		totals_of(&config->campaigns[0], 318500, 7500, 87), totals_of(&config->campaigns[1], 2950000, 60000, 12),
		totals_of(&config->campaigns[2], 4100, 0, 2), totals_of(&config->campaigns[3], 0, 0, 0),
	};
	struct meter meters[sizeof totals / sizeof totals[0]];
	struct buffer page = BUFFER(PAGE_BYTES_MAX);
	struct why why = { "" };

	memset(&shown, 0, sizeof shown);
	memcpy(shown.totals, totals, sizeof totals);
	for (int i = 0; i < BOOKS_MONTHS; i++)
		snprintf(shown.months[i], sizeof shown.months[i], "2026-%02d", BOOKS_MONTHS - i);
	for (int i = 0; !empty && i < 3; i++)
		shown.sums[0][i] = totals_of(&config->campaigns[0], 106100 + i, 0, 29);
	shown.counts[0] = empty ? 0 : 3;
	shown.status.parked = empty ? 0 : 1234;
	for (int i = 0; !empty && i < REASONS; i++)
		if (reason_words_parked((enum reason)i) != NULL)
			parked(&shown.parked[shown.parked_count++], (enum reason)i, &totals[0].settled);
	for (int i = 0; i < 4; i++)
		meters[i] = meter_of(&config->campaigns[i], &totals[i]);
	if (!empty)
		compared(&shown.reconciled);
	enum err err = pages_books(config, meters, &shown, language, &page, &why);

	save_page_under(POLICY_BOOKS, name, config, err, &why, &page);
}

/* ---- numbers ---- */

static void write_amounts(struct json_write *w, const struct currency *currency)
{
	static const char *const texts[] = { "0", "7", "25", "999", "1000", "12345", "1234567", "-3000", "-9223372036854775808" };
	struct money money;
	char text[MONEY_TEXT_SIZE];
	char plain[AMOUNT_TEXT_SIZE];

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		money = (struct money){ strtoll(texts[i], NULL, 10), *currency };
		money_format(&money, plain);
		numbers_money(language.language, &money, text);
		json_write_object_open(w, NULL);
		json_write_text(w, "language", language_tag(language.language));
		json_write_text(w, "currency", currency->code);
		json_write_text(w, "amount", plain);
		json_write_integer(w, "digits", (int64_t)currency_digits(currency));
		json_write_text(w, "text", text);
		numbers_money_short(language.language, &money, text);
		json_write_text(w, "short", text);
		json_write_object_close(w);
	}
}

/* Every code of three letters that there is. */
static void write_currencies(struct json_write *w)
{
	struct currency currency;

	for (unsigned i = 0; i < 26 * 26 * 26; i++) {
		char code[] = { (char)('A' + i / 676), (char)('A' + i / 26 % 26), (char)('A' + i % 26), '\0' };

		if (currency_parse(bytes_of(code), &currency) == OK)
			write_amounts(w, &currency);
	}
}

static void write_counts(struct json_write *w)
{
	static const uint64_t counts[] = { 0, 1, 63, 999, 1000, 1204, 9999, 10000, 123456, 12345678, INT64_MAX };
	char text[COUNT_TEXT_SIZE];

	for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
		json_write_object_open(w, NULL);
		json_write_text(w, "language", language_tag(language.language));
		numbers_count(language.language, counts[i], text);
		json_write_text(w, "text", text);
		numbers_percent(language.language, counts[i], text);
		json_write_text(w, "percent", text);
		snprintf(text, sizeof text, "%llu", (unsigned long long)counts[i]);
		json_write_text(w, "count", text);
		json_write_object_close(w);
	}
}

static void save_numbers(void)
{
	struct buffer out = BUFFER(16 * 1024 * 1024);
	struct json_write w = JSON_WRITE(&out);

	json_write_object_open(&w, NULL);
	json_write_array_open(&w, "amounts");
	for (unsigned i = 0; i < LANGUAGES; i++) {
		language.language = (enum language)i;
		write_currencies(&w);
	}
	json_write_array_close(&w);
	json_write_array_open(&w, "counts");
	for (unsigned i = 0; i < LANGUAGES; i++) {
		language.language = (enum language)i;
		write_counts(&w);
	}
	json_write_array_close(&w);
	json_write_object_close(&w);
	save("", "numbers.json", buffer_view(&out));
	buffer_free(&out);
}

/* ---- dates ---- */

/* The first and the last second of every day of a leap year. */
static void write_dates(struct json_write *w)
{
	static const int64_t first_s = 1830297600, day_s = 86400; /* 2028-01-01 */
	char text[DATE_TEXT_SIZE];

	for (int64_t half = 0; half < 2 * 366; half++) {
		int64_t time_s = first_s + half / 2 * day_s + half % 2 * (day_s - 1);

		json_write_object_open(w, NULL);
		json_write_text(w, "language", language_tag(language.language));
		json_write_integer(w, "time_s", time_s);
		dates_long(language.language, time_s, text);
		json_write_text(w, "text", text);
		json_write_object_close(w);
	}
}

static void save_dates(void)
{
	struct buffer out = BUFFER(1024 * 1024);
	struct json_write w = JSON_WRITE(&out);

	json_write_array_open(&w, NULL);
	for (unsigned i = 0; i < LANGUAGES; i++) {
		language.language = (enum language)i;
		write_dates(&w);
	}
	json_write_array_close(&w);
	save("", "dates.json", buffer_view(&out));
	buffer_free(&out);
}

/* ---- all ---- */

static void save_pages(struct config *one, struct config *several, const struct config *look)
{
	const struct ledger_status fine = { .head = 12345 };
	const struct ledger_status halted = { .head = 7, .parked = 2, .halted = true, .low_space = true,
	                                      .problem = "cannot sync ledger/000001.jsonl: input/output error" };
	const struct problem_page missing = { 404, NULL, NULL };
	const struct problem_page provider = { 502, "The payment provider cannot be reached at the moment. "
	                                            "Nothing was charged. Please try again.",
	                                       "/c/newsroom?tier=friend" };

	support_pages(one, several);
	offer_pages(one);
	fragments(one, several);
	campaigns_page(several);
	thanks_pages(one, several);
	receipts(one, several);
	look_pages(look);
	problem("problem-missing.html", one, NULL, &missing);
	problem("problem-provider.html", several, several, &provider);
	operator_page("operator.html", several, &fine);
	operator_page("operator-halted.html", several, &halted);
	snippets_page(several);
	books_page("books.html", several, false);
	books_page("books-empty.html", several, true);
}

int main(int count, char **arguments)
{
	if (count != 2) {
		fprintf(stderr, "usage: render-pages DIR\n");
		return 2;
	}
	folder = arguments[1];
	struct config *one = read_config(one_campaign);
	struct config *several = read_config(several_campaigns);
	struct config *look = read_config(with_a_look);
	for (unsigned i = 0; i < LANGUAGES; i++) {
		language = (struct page_language){ (enum language)i, i % 2 == 1 };
		save_pages(one, several, look);
	}
	save_numbers();
	save_dates();
	config_free(&one);
	config_free(&several);
	config_free(&look);
	return 0;
}
