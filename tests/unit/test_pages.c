#include "tests/unit/page_checks.h"



static const struct offer open_offers[2];

static const struct campaign_totals totals[] = {
	{ .settled = { 125000, { "USD" } }, .pending = { 7500, { "USD" } }, .gifts = 1204 },
	{ .settled = { 0, { "JPY" } }, .pending = { 0, { "JPY" } } },
};
static const struct meter meters[] = {
	{ .raised = { 125000, { "USD" } }, .pending = { 7500, { "USD" } }, .gifts = 1204, .full = { 500000, { "USD" } } },
	{ .raised = { 0, { "JPY" } }, .pending = { 0, { "JPY" } } },
};

static struct buffer support(const char *text, const struct support_form *form)
{
	struct config *config = configuration(text);
	struct buffer page = BUFFER(PAGE_BYTES_MAX);
	struct why why = { "" };
	enum err err = pages_support(config, &config->campaigns[0], &meters[0], &open_offers[0], form, english, &page, &why);

	check_page(err, &why, &page);
	config_free(&config);
	return page;
}

static struct buffer problem(const struct config *config, const struct problem_page *shown)
{
	struct buffer page = BUFFER(PAGE_BYTES_MAX);
	struct why why = { "" };
	enum err err = pages_problem(config, shown, english, &page, &why);

	check_page(err, &why, &page);
	return page;
}

static struct buffer operator_page(const char *text, const struct ledger_status *status)
{
	static const struct shown_commands commands = { "pledger export > <gifts>.csv", "pledger verify" };
	struct config *config = configuration(text);
	struct buffer page = BUFFER(PAGE_BYTES_MAX);
	struct why why = { "" };
	enum err err = pages_operator(config, status, totals, &commands, english, &page, &why);

	check_page(err, &why, &page);
	config_free(&config);
	return page;
}

/* ---- the support page ---- */

static void texts_of_the_configuration_stay_texts(void **state)
{
	struct buffer page = support(ONE_CAMPAIGN, NULL);

	(void)state;
	assert_true(has(&page, "<h1>Title " HOSTILE_ESCAPED "</h1>"));
	assert_true(has(&page, ">Text " HOSTILE_ESCAPED "</p>"));
	assert_true(has(&page, ">Button " HOSTILE_ESCAPED "</button>"));
	assert_true(has(&page, ">Friend " HOSTILE_ESCAPED "</span>"));
	assert_true(has(&page, ">Why " HOSTILE_ESCAPED "</p>"));
	assert_true(has(&page, " The " HOSTILE_ESCAPED " Fund</span>"));
	assert_false(has(&page, "alert(1)</script>"));
	buffer_free(&page);
}

static void each_interval_has_a_form_of_its_own_with_one_choice_checked(void **state)
{
	struct buffer page = support(ONE_CAMPAIGN, NULL);

	(void)state;
	assert_int_equal(count_of(&page, "<form method=\"post\" action=\"/v1/checkout\""), 3);
	assert_int_equal(count_of(&page, "<fieldset"), 1 + 3);
	assert_int_equal(count_of(&page, "<input type=\"radio\" name=\"tier\""), 3);
	assert_int_equal(count_of(&page, "<input type=\"radio\" name=\"often\""), 3);
	assert_int_equal(count_of(&page, " checked"), 1 + 3);
	assert_true(has(&page, "id=\"often-once\" checked"));
	assert_true(has(&page, "value=\"reader\" id=\"tier-reader\" checked"));
	assert_int_equal(count_of(&page, "<button"), 3);
	buffer_free(&page);
}

static void a_single_interval_needs_no_switch(void **state)
{
	struct config *config = configuration(TWO_CAMPAIGNS);
	struct buffer page = BUFFER(PAGE_BYTES_MAX);
	struct why why = { "" };
	enum err err = pages_support(config, &config->campaigns[1], &meters[1], &open_offers[0], NULL, english, &page, &why);

	(void)state;
	check_page(err, &why, &page);
	assert_false(has(&page, "name=\"often\""));
	assert_int_equal(count_of(&page, "<form "), 1);
	buffer_free(&page);
	config_free(&config);
}

static struct buffer support_offer(const struct offer *offer, const struct support_form *form)
{
	struct config *config = configuration(ONE_CAMPAIGN);
	struct buffer page = BUFFER(PAGE_BYTES_MAX);
	struct why why = { "" };
	enum err err = pages_support(config, &config->campaigns[0], &meters[0], offer, form, english, &page, &why);

	check_page(err, &why, &page);
	config_free(&config);
	return page;
}

static void what_is_sold_out_says_so_and_cannot_be_chosen(void **state)
{
	const struct offer offer = { .limited = { true, true }, .left = { 3, 0 } };
	struct buffer page = support_offer(&offer, NULL);

	(void)state;
	assert_true(has(&page, ">3 left</span>"));
	assert_true(has(&page, ">Sold out</span>"));
	assert_true(has(&page, "id=\"tier-reader\" disabled>"));
	assert_true(has(&page, "id=\"often-month\" checked"));
	assert_int_equal(count_of(&page, "<button"), 2);
	buffer_free(&page);
}

static void who_was_told_that_it_is_sold_out_does_not_see_it_offered(void **state)
{
	const struct support_form form = { "reader", NULL, REFUSAL_SOLD_OUT, false };
	struct buffer page = support_offer(&open_offers[0], &form);

	(void)state;
	assert_true(has(&page, "id=\"tier-reader\" disabled>"));
	assert_int_equal(count_of(&page, "That one has just gone."), 2);
	buffer_free(&page);
}

#define ONCE_AND_MONTHLY \
	"{\"id\":\"c\",\"title\":\"C\",\"currency\":\"USD\",\"default_tier\":\"p\",\"tiers\":[" \
	"{\"id\":\"o\",\"label\":\"O\",\"amount\":\"1\",\"interval\":\"once\"}," \
	"{\"id\":\"p\",\"label\":\"P\",\"amount\":\"2\",\"interval\":\"once\"}," \
	"{\"id\":\"m\",\"label\":\"M\",\"amount\":\"1\",\"interval\":\"month\"}," \
	"{\"id\":\"n\",\"label\":\"N\",\"amount\":\"2\",\"interval\":\"month\"}]}"

/* What was wanted is sold out: which interval is chosen, and which tier of each. */
static void gives_way(const char *gone, const char *interval, const char *once, const char *monthly)
{
	const struct support_form form = { gone, NULL, REFUSAL_SOLD_OUT, false };
	struct buffer page = support(FRAME("live", ACCOUNT("stripe"), ONCE_AND_MONTHLY), &form);

	assert_true(has(&page, interval));
	assert_true(has(&page, once));
	assert_true(has(&page, monthly));
	buffer_free(&page);
}

static void what_is_sold_out_gives_way_to_one_of_its_interval_the_default_first(void **state)
{
	(void)state;
	gives_way("n", "id=\"often-month\" checked", "id=\"tier-p\" checked", "id=\"tier-m\" checked");
	gives_way("m", "<a href=\"#tier-n\">", "id=\"tier-p\" checked", "id=\"tier-n\" checked");
	gives_way("o", "id=\"often-once\" checked", "<a href=\"#tier-p\">", "id=\"tier-m\" checked");
	gives_way("p", "id=\"often-once\" checked", "id=\"tier-o\" checked", "id=\"tier-m\" checked");
}

static void a_closed_campaign_says_why_and_has_no_form(void **state)
{
	static const struct {
		struct offer offer;
		const char *text;
	} cases[] = {
		{ { .state = CAMPAIGN_ENDED }, "<h2>This campaign has ended.</h2>" },
		{ { .state = CAMPAIGN_REACHED }, "<h2>This campaign has reached its goal and takes no more gifts.</h2>" },
		{ { .limited = { true, true, true } }, "<h2>Everything here has been given.</h2>" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct buffer page = support_offer(&cases[i].offer, NULL);

		assert_true(has(&page, cases[i].text));
		assert_false(has(&page, "<form"));
		buffer_free(&page);
	}
}

static void a_choice_says_its_amount_and_its_interval(void **state)
{
	struct buffer page = support(ONE_CAMPAIGN, NULL);

	(void)state;
	assert_true(has(&page, "<strong>$10</strong> <span>every month</span>"));
	assert_true(has(&page, "<strong>$25.50</strong> <span>one time</span>"));
	assert_true(has(&page, "<strong>$1,200</strong> <span>every year</span>"));
	buffer_free(&page);
}

static void what_was_chosen_is_checked_again(void **state)
{
	const struct support_form form = { "patron", "stripe-eu", REFUSAL_NONE, false };
	struct buffer page = support(TWO_CAMPAIGNS, &form);

	(void)state;
	assert_true(has(&page, "id=\"often-year\" checked"));
	assert_true(has(&page, "value=\"patron\" id=\"tier-patron\" checked"));
	assert_true(has(&page, "value=\"stripe-eu\" id=\"account-stripe-eu-year\" checked"));
	buffer_free(&page);
}

static void what_is_gone_gives_way_to_the_default(void **state)
{
	const struct support_form form = { "pipe", "paypal", REFUSAL_NONE, false };
	struct buffer page = support(TWO_CAMPAIGNS, &form);

	(void)state;
	assert_true(has(&page, "value=\"reader\" id=\"tier-reader\" checked"));
	assert_true(has(&page, "value=\"stripe\" id=\"account-stripe-once\" checked"));
	buffer_free(&page);
}

static void accounts_are_shown_only_where_there_is_a_choice(void **state)
{
	struct buffer page = support(ONE_CAMPAIGN, NULL);

	(void)state;
	assert_false(has(&page, "name=\"account\""));
	buffer_free(&page);
	page = support(TWO_CAMPAIGNS, NULL);
	assert_int_equal(count_of(&page, "name=\"account\""), 3 * 2);
	assert_true(has(&page, ">Stripe (stripe-eu)</span>"));
	buffer_free(&page);
	page = support(FRAME("live", ACCOUNT("stripe\",\"label\":\"Card " HOSTILE) "," ACCOUNT("stripe-eu"), NEWSROOM), NULL);
	assert_true(has(&page, ">Card " HOSTILE_ESCAPED "</span>"));
	assert_true(has(&page, ">Stripe (stripe-eu)</span>"));
	buffer_free(&page);
}

static void a_refused_choice_is_told_at_the_top_and_beside_its_group(void **state)
{
	static const struct {
		enum refusal refusal;
		const char *link;
		const char *text;
	} cases[] = {
		{ REFUSAL_NO_TIER, "<a href=\"#tier-reader\">", "Choose one of the amounts." },
		{ REFUSAL_UNKNOWN_TIER, "<a href=\"#tier-reader\">", "That amount is no longer offered." },
		{ REFUSAL_UNKNOWN_ACCOUNT, "<a href=\"#account-stripe-once\">", "That way to pay is no longer offered." },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct support_form form = { "gone", "gone", cases[i].refusal, false };
		struct buffer page = support(TWO_CAMPAIGNS, &form);

		assert_true(has(&page, "<title>Error: TEST: Title"));
		assert_true(has(&page, cases[i].link));
		assert_int_equal(count_of(&page, cases[i].text), 2);
		assert_int_equal(count_of(&page, " aria-describedby=\"refused\""), 1);
		assert_int_equal(count_of(&page, " id=\"refused\""), 1);
		buffer_free(&page);
	}
}

static void a_page_in_test_mode_says_so(void **state)
{
	struct buffer page = support(TWO_CAMPAIGNS, NULL);

	(void)state;
	assert_true(has(&page, "<strong>TEST</strong>"));
	assert_true(has(&page, "<title>TEST: "));
	buffer_free(&page);
	page = support(ONE_CAMPAIGN, NULL);
	assert_false(has(&page, "TEST"));
	buffer_free(&page);
}

/* ---- the meter ---- */

static struct buffer meter_of(int64_t raised, int64_t pending, uint64_t gifts)
{
	const struct meter meter = {
		.raised = { raised, { "USD" } }, .pending = { pending, { "USD" } }, .gifts = gifts, .full = { 500000, { "USD" } },
	};
	struct config *config = configuration(ONE_CAMPAIGN);
	struct buffer page = BUFFER(PAGE_BYTES_MAX);
	struct why why = { "" };
	enum err err = pages_campaigns(config, &meter, open_offers, english, &page, &why);

	check_page(err, &why, &page);
	config_free(&config);
	return page;
}

static void the_meter_tells_what_has_arrived_and_apart_from_it_what_is_pending(void **state)
{
	struct buffer page = meter_of(312550, 7500, 1204);

	(void)state;
	assert_true(has(&page, "<strong>$3,125.50</strong> <span>raised of $5,000</span> <span class=\"percent\">62%"));
	assert_true(has(&page, "min=\"0\" max=\"500000\" value=\"312550\""));
	assert_true(has(&page, "1,204 gifts have arrived. Another $75 is on its way."));
	assert_true(has(&page, "<li>$2,500: reached</li>"));
	assert_true(has(&page, "<li>$5,000: not reached yet</li>"));
	buffer_free(&page);
}

static void a_picture_is_well_formed_whatever_the_texts_are(void **state)
{
	struct config *config = configuration(ONE_CAMPAIGN);
	struct buffer picture = BUFFER(PAGE_BYTES_MAX);
	const struct page_language arabic = { LANGUAGE_AR, false };
	struct why why = { "" };

	(void)state;
	assert_int_equal(pages_picture(config, &config->campaigns[0], &meters[0], &open_offers[0], english, &picture, &why), OK);
	assert_true(has(&picture, "<title id=\"title\">Title " HOSTILE_ESCAPED ": $1,250 raised of $5,000</title>"));
	assert_true(has(&picture, "<desc id=\"desc\">1,204 gifts have arrived. Another $75 is on its way.</desc>"));
	assert_true(has(&picture, "x=\"0.0%\" y=\"84\" width=\"25.0%\""));
	assert_false(has(&picture, "alert(1)</script>"));
	buffer_clear(&picture);
	assert_int_equal(pages_picture(config, &config->campaigns[0], &meters[0], &open_offers[0], arabic, &picture, &why), OK);
	assert_true(has(&picture, "direction=\"rtl\""));
	assert_true(has(&picture, "x=\"75.0%\" y=\"84\" width=\"25.0%\""));
	buffer_free(&picture);
	config_free(&config);
}

/* Of a picture in a language, `state` of its campaign. */
static struct buffer picture_of(const struct meter *meter, enum campaign_state state, enum language language)
{
	const struct page_language in = { language, false };
	const struct offer offer = { .state = state };
	struct config *config = configuration(ONE_CAMPAIGN);
	struct buffer picture = BUFFER(PAGE_BYTES_MAX);
	struct why why = { "" };

	assert_int_equal(pages_picture(config, &config->campaigns[0], meter, &offer, in, &picture, &why), OK);
	assert_string_equal(why.text, "");
	config_free(&config);
	return picture;
}

static const struct meter quiet = { .raised = { 125000, { "USD" } }, .pending = { 0, { "USD" } }, .gifts = 1, .full = { 500000, { "USD" } } };

static void a_picture_with_nothing_to_add_has_no_lines_beneath(void **state)
{
	struct buffer picture = picture_of(&quiet, CAMPAIGN_OPEN, LANGUAGE_EN);

	(void)state;
	assert_int_equal(count_of(&picture, "<text class=\"line"), 0);
	assert_true(has(&picture, "viewBox=\"0 0 480 144\""));
	buffer_free(&picture);
}

static void a_picture_says_in_lines_beneath_what_is_not_counted_and_what_may_go_back(void **state)
{
	struct meter meter = quiet;

	(void)state;
	meter.pending.minor = 7500;
	meter.refunded = (struct money){ 2000, { "USD" } };
	meter.lost = (struct money){ 1000, { "USD" } };
	meter.disputed = (struct money){ 5000, { "USD" } };
	meter.fees = (struct money){ 700, { "USD" } };
	struct buffer picture = picture_of(&meter, CAMPAIGN_OPEN, LANGUAGE_EN);

	assert_true(has(&picture, "<text class=\"line\" x=\"0%\" y=\"150\">Another $75 is on its way. $30 went back and is not</text>"));
	assert_true(has(&picture, "<text class=\"line\" x=\"0%\" y=\"172\">counted. $50 is disputed at a bank and may still go</text>"));
	assert_true(has(&picture, "<text class=\"line\" x=\"0%\" y=\"194\">back.</text>"));
	assert_true(has(&picture, "viewBox=\"0 0 480 216\""));
	assert_false(has(&picture, "fees"));
	buffer_free(&picture);
	picture = picture_of(&meter, CAMPAIGN_OPEN, LANGUAGE_JA);
	assert_true(has(&picture, ">さらに$75が入金待ちです。返金された$30は含まれていません。</text>"));
	buffer_free(&picture);
	picture = picture_of(&meter, CAMPAIGN_OPEN, LANGUAGE_AR);
	assert_true(has(&picture, "<text class=\"line\" x=\"100%\" y=\"150\">"));
	buffer_free(&picture);
}

static void a_picture_of_a_closed_campaign_says_so_and_why(void **state)
{
	static const struct {
		enum campaign_state state;
		const char *line;
		const char *heard;
	} cases[] = {
		{ CAMPAIGN_ENDED, ">This campaign has ended.</text>", ">This campaign has ended. 1 gift has arrived.</desc>" },
		{ CAMPAIGN_REACHED, ">This campaign has reached its goal and takes no more</text>", ">This campaign has reached its goal and takes no more gifts. 1 gift has arrived.</desc>" },
		{ CAMPAIGN_SOLD_OUT, ">Everything here has been given.</text>", ">Everything here has been given. 1 gift has arrived.</desc>" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct buffer picture = picture_of(&quiet, cases[i].state, LANGUAGE_EN);

		assert_true(has(&picture, "<text class=\"line strong\" x=\"0%\" y=\"150\">"));
		assert_true(has(&picture, cases[i].line));
		assert_true(has(&picture, cases[i].heard));
		buffer_free(&picture);
	}
}

static void what_a_button_says_is_json_whatever_the_texts_are(void **state)
{
	struct config *config = configuration(ONE_CAMPAIGN);
	struct buffer words = BUFFER(PAGE_BYTES_MAX);
	struct why why = { "" };

	(void)state;
	assert_int_equal(pages_words(config, &config->campaigns[0], &meters[0], &open_offers[0], english, &words, &why), OK);
	json_t *read = json_loadb(words.data, words.length, JSON_REJECT_DUPLICATES, NULL);

	assert_non_null(read);
	assert_string_equal(json_string_value(json_object_get(read, "title")), config->campaigns[0].title);
	assert_string_equal(json_string_value(json_object_get(json_object_get(read, "meter"), "words")), "raised of $5,000");
	assert_int_equal(json_array_size(json_object_get(read, "tiers")), 3);
	assert_true(json_is_true(json_object_get(json_array_get(json_object_get(read, "tiers"), 1), "chosen")));
	json_decref(read);
	buffer_free(&words);
	config_free(&config);
}

static void a_button_says_what_is_sold_out_and_what_is_closed(void **state)
{
	struct offer offer = { .limited = { true, true }, .left = { 3, 0 } };
	struct config *config = configuration(ONE_CAMPAIGN);
	struct buffer words = BUFFER(PAGE_BYTES_MAX);
	struct why why = { "" };

	(void)state;
	assert_int_equal(pages_words(config, &config->campaigns[0], &meters[0], &offer, english, &words, &why), OK);
	assert_true(has(&words, "\"closed\":\"\""));
	assert_true(has(&words, "\"chosen\":true,\"gone\":false,\"stock\":\"3 left\"}"));
	assert_true(has(&words, "\"chosen\":false,\"gone\":true,\"stock\":\"Sold out\"}"));
	assert_true(has(&words, "\"chosen\":false,\"gone\":false,\"stock\":\"\"}"));
	offer.state = CAMPAIGN_ENDED;
	buffer_clear(&words);
	assert_int_equal(pages_words(config, &config->campaigns[0], &meters[0], &offer, english, &words, &why), OK);
	assert_true(has(&words, "\"closed\":\"This campaign has ended.\""));
	buffer_free(&words);
	config_free(&config);
}

static void where_nothing_can_be_given_nobody_is_invited(void **state)
{
	const struct offer ended = { .state = CAMPAIGN_ENDED };
	struct config *config = configuration(ONE_CAMPAIGN);
	const struct meter meter = { .raised = { 0, { "USD" } }, .pending = { 0, { "USD" } }, .full = { 500000, { "USD" } } };
	struct buffer words = BUFFER(PAGE_BYTES_MAX);
	struct why why = { "" };

	(void)state;
	assert_int_equal(pages_words(config, &config->campaigns[0], &meter, &ended, english, &words, &why), OK);
	assert_true(has(&words, "\"note\":\"0 gifts have arrived.\""));
	buffer_clear(&words);
	assert_int_equal(pages_picture(config, &config->campaigns[0], &meter, &ended, english, &words, &why), OK);
	assert_true(has(&words, "<desc id=\"desc\">This campaign has ended. 0 gifts have arrived.</desc>"));
	buffer_free(&words);
	config_free(&config);
}

static void the_meter_is_full_only_at_its_goal(void **state)
{
	struct buffer page = meter_of(499999, 0, 1);

	(void)state;
	assert_true(has(&page, ">99%"));
	assert_true(has(&page, ">1 gift has arrived.<"));
	buffer_free(&page);
	page = meter_of(620000, 0, 2);
	assert_true(has(&page, ">124%"));
	assert_true(has(&page, "value=\"500000\""));
	assert_true(has(&page, "<li>$5,000: reached</li>"));
	buffer_free(&page);
}

static void an_empty_meter_invites_and_a_negative_one_is_empty(void **state)
{
	struct buffer page = meter_of(0, 0, 0);

	(void)state;
	assert_true(has(&page, ">No gifts yet: yours can be the first.<"));
	buffer_free(&page);
	page = meter_of(-2500, 0, 1);
	assert_true(has(&page, "<strong>-$25</strong>"));
	assert_true(has(&page, "value=\"0\""));
	buffer_free(&page);
}

static void a_campaign_without_a_goal_has_no_meter(void **state)
{
	struct config *config = configuration(TWO_CAMPAIGNS);
	struct buffer page = BUFFER(PAGE_BYTES_MAX);
	struct why why = { "" };
	enum err err = pages_support(config, &config->campaigns[1], &meters[1], &open_offers[0], NULL, english, &page, &why);

	(void)state;
	check_page(err, &why, &page);
	assert_true(has(&page, "<strong>¥0</strong> <span>raised</span>"));
	assert_false(has(&page, "<meter "));
	buffer_free(&page);
	config_free(&config);
}

/* ---- the start page ---- */

static void the_start_page_of_one_campaign_is_its_support_page(void **state)
{
	struct config *config = configuration(ONE_CAMPAIGN);
	struct buffer expected = support(ONE_CAMPAIGN, NULL);
	struct buffer page = BUFFER(PAGE_BYTES_MAX);
	struct why why = { "" };

	(void)state;
	assert_int_equal(pages_campaigns(config, meters, open_offers, english, &page, &why), OK);
	assert_string_equal(page.data, expected.data);
	buffer_free(&page);
	buffer_free(&expected);
	config_free(&config);
}

static void the_start_page_leads_to_every_campaign(void **state)
{
	struct config *config = configuration(TWO_CAMPAIGNS);
	struct buffer page = BUFFER(PAGE_BYTES_MAX);
	struct why why = { "" };
	enum err err = pages_campaigns(config, meters, open_offers, english, &page, &why);

	(void)state;
	check_page(err, &why, &page);
	assert_true(has(&page, "<h2>Title " HOSTILE_ESCAPED "</h2>"));
	assert_true(has(&page, " href=\"/c/newsroom\""));
	assert_true(has(&page, " href=\"/c/well\""));
	buffer_free(&page);
	config_free(&config);
}

/* ---- the others ---- */

static void a_problem_needs_no_configuration(void **state)
{
	const struct problem_page shown = { 404, NULL, NULL };
	struct buffer page = problem(NULL, &shown);

	(void)state;
	assert_true(has(&page, "<h1>There is nothing here</h1>"));
	assert_true(has(&page, "<title>There is nothing here</title>"));
	assert_true(has(&page, "404"));
	assert_false(has(&page, "Try again"));
	buffer_free(&page);
}

static void a_problem_may_hold_any_bytes(void **state)
{
	const struct problem_page shown = { 502, "a\x01" "b\xff<", "/c/x?tier=\"><a" };
	struct config *config = configuration(TWO_CAMPAIGNS);
	struct buffer page = problem(config, &shown);

	(void)state;
	assert_true(has(&page, ">a\xef\xbf\xbd" "b\xef\xbf\xbd&lt;</p>"));
	assert_true(has(&page, "href=\"/c/x?tier=&quot;&gt;&lt;a\">Try again</a>"));
	buffer_free(&page);
	config_free(&config);
}

static void the_operator_sees_the_ledger_and_where_everything_is(void **state)
{
	const struct ledger_status status = { .head = 12345 };
	struct buffer page = operator_page(TWO_CAMPAIGNS, &status);

	(void)state;
	assert_true(has(&page, "<dd>12,345</dd>"));
	assert_true(has(&page, "<dd>https://give.example.org/webhooks/stripe-eu</dd>"));
	assert_true(has(&page, "href=\"https://give.example.org/c/well\""));
	assert_true(has(&page, "<dd>$1,250.00</dd>"));
	assert_true(has(&page, "<code>pledger export &gt; &lt;gifts&gt;.csv</code>"));
	assert_false(has(&page, "class=\"problem\""));
	buffer_free(&page);
}

static void the_operator_is_warned(void **state)
{
	const struct ledger_status status = {
		.head = 7, .parked = 2, .halted = true, .low_space = true, .problem = "cannot sync <1>"
	};
	struct buffer page = operator_page(ONE_CAMPAIGN, &status);

	(void)state;
	assert_int_equal(count_of(&page, "class=\"problem\""), 3);
	assert_true(has(&page, "cannot sync &lt;1&gt;"));
	assert_true(has(&page, "Entries that wait for a person: 2."));
	buffer_free(&page);
}

static void a_page_that_does_not_fit_is_refused(void **state)
{
	struct config *config = configuration(ONE_CAMPAIGN);
	struct buffer page = BUFFER(1000);
	struct why why = { "" };

	(void)state;
	assert_int_equal(pages_support(config, &config->campaigns[0], &meters[0], &open_offers[0], NULL, english, &page, &why), ERR_TOO_BIG);
	assert_int_equal(page.length, 0);
	buffer_free(&page);
	config_free(&config);
}

static void a_page_is_in_its_language_and_keeps_one_that_was_asked_for(void **state)
{
	struct config *config = configuration(TWO_CAMPAIGNS);
	const struct meter meter = { .raised = { 318500, { "USD" } }, .pending = { 0, { "USD" } }, .gifts = 3, .full = { 500000, { "USD" } } };
	const struct page_language arabic = { LANGUAGE_AR, true };
	const struct page_language german = { LANGUAGE_DE, false };
	struct buffer page = BUFFER(PAGE_BYTES_MAX);
	struct why why = { "" };

	(void)state;
	assert_int_equal(pages_support(config, &config->campaigns[0], &meter, &open_offers[0], NULL, german, &page, &why), OK);
	assert_string_equal(why.text, "");
	assert_true(has(&page, "<html lang=\"de\" dir=\"ltr\">"));
	assert_true(has(&page, "<h2>Wählen Sie Ihre Spende</h2>"));
	assert_true(has(&page, "3.185\xc2\xa0$"));
	assert_true(has(&page, "3 Spenden sind eingegangen."));
	assert_true(has(&page, "href=\"/\""));
	assert_false(has(&page, "name=\"lang\""));
	buffer_clear(&page);
	assert_int_equal(pages_support(config, &config->campaigns[0], &meter, &open_offers[0], NULL, arabic, &page, &why), OK);
	assert_true(has(&page, "<html lang=\"ar\" dir=\"rtl\">"));
	assert_true(has(&page, "href=\"/?lang=ar\""));
	assert_true(has(&page, "<input type=\"hidden\" name=\"lang\" value=\"ar\">"));
	/* Nothing stands at the right edge, where the scale begins, but the first mark. */
	assert_true(has(&page, "<rect x=\"100.0%\""));
	/* Marks that nobody sees take no room from the one in the middle. */
	assert_true(has(&page, "<text x=\"50.0%\""));
	buffer_free(&page);
	config_free(&config);
}

static void sentences_are_as_far_apart_as_their_language_has_it(void **state)
{
	struct config *config = configuration(ONE_CAMPAIGN);
	const struct page_language japanese = { LANGUAGE_JA, false };
	struct buffer page = BUFFER(PAGE_BYTES_MAX);

	(void)state;
	assert_int_equal(pages_support(config, &config->campaigns[0], &meters[0], &open_offers[0], NULL, japanese, &page, NULL), OK);
	assert_true(has(&page, "1,204件の寄付が届きました。さらに$75が入金待ちです。"));
	buffer_clear(&page);
	assert_int_equal(pages_picture(config, &config->campaigns[0], &meters[0], &open_offers[0], japanese, &page, NULL), OK);
	assert_true(has(&page, "1,204件の寄付が届きました。さらに$75が入金待ちです。"));
	buffer_free(&page);
	config_free(&config);
}

static void words_that_a_language_lacks_are_left_out_of_its_pages(void **state)
{
	const struct problem_page shown = { 400, "\"x\" is not known here.", NULL };
	const struct page_language german = { LANGUAGE_DE, false };
	struct buffer page = BUFFER(PAGE_BYTES_MAX);
	struct buffer same = problem(NULL, &shown);

	(void)state;
	assert_true(has(&same, "&quot;x&quot; is not known here."));
	assert_int_equal(pages_problem(NULL, &shown, german, &page, NULL), OK);
	assert_true(has(&page, "<h1>Das wurde nicht verstanden</h1>"));
	assert_false(has(&page, "is not known here"));
	buffer_free(&page);
	buffer_free(&same);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_of_the_configuration_stay_texts),
		cmocka_unit_test(each_interval_has_a_form_of_its_own_with_one_choice_checked),
		cmocka_unit_test(a_single_interval_needs_no_switch),
		cmocka_unit_test(what_is_sold_out_says_so_and_cannot_be_chosen),
		cmocka_unit_test(who_was_told_that_it_is_sold_out_does_not_see_it_offered),
		cmocka_unit_test(what_is_sold_out_gives_way_to_one_of_its_interval_the_default_first),
		cmocka_unit_test(a_closed_campaign_says_why_and_has_no_form),
		cmocka_unit_test(a_choice_says_its_amount_and_its_interval),
		cmocka_unit_test(what_was_chosen_is_checked_again),
		cmocka_unit_test(what_is_gone_gives_way_to_the_default),
		cmocka_unit_test(accounts_are_shown_only_where_there_is_a_choice),
		cmocka_unit_test(a_refused_choice_is_told_at_the_top_and_beside_its_group),
		cmocka_unit_test(a_page_in_test_mode_says_so),
		cmocka_unit_test(the_meter_tells_what_has_arrived_and_apart_from_it_what_is_pending),
		cmocka_unit_test(a_picture_is_well_formed_whatever_the_texts_are),
		cmocka_unit_test(a_picture_with_nothing_to_add_has_no_lines_beneath),
		cmocka_unit_test(a_picture_says_in_lines_beneath_what_is_not_counted_and_what_may_go_back),
		cmocka_unit_test(a_picture_of_a_closed_campaign_says_so_and_why),
		cmocka_unit_test(what_a_button_says_is_json_whatever_the_texts_are),
		cmocka_unit_test(a_button_says_what_is_sold_out_and_what_is_closed),
		cmocka_unit_test(where_nothing_can_be_given_nobody_is_invited),
		cmocka_unit_test(the_meter_is_full_only_at_its_goal),
		cmocka_unit_test(an_empty_meter_invites_and_a_negative_one_is_empty),
		cmocka_unit_test(a_campaign_without_a_goal_has_no_meter),
		cmocka_unit_test(the_start_page_of_one_campaign_is_its_support_page),
		cmocka_unit_test(the_start_page_leads_to_every_campaign),
		cmocka_unit_test(a_problem_needs_no_configuration),
		cmocka_unit_test(a_problem_may_hold_any_bytes),
		cmocka_unit_test(the_operator_sees_the_ledger_and_where_everything_is),
		cmocka_unit_test(the_operator_is_warned),
		cmocka_unit_test(a_page_that_does_not_fit_is_refused),
		cmocka_unit_test(a_page_is_in_its_language_and_keeps_one_that_was_asked_for),
		cmocka_unit_test(sentences_are_as_far_apart_as_their_language_has_it),
		cmocka_unit_test(words_that_a_language_lacks_are_left_out_of_its_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
