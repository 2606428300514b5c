#include "routes/page_meter.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "web/lines.h"
#include "web/messages.h"
#include "web/numbers.h"

/*
 * Where a mark's text stands on the scale, in thousandths of its width. A
 * letter is reckoned with the room it takes on the narrowest screen: 8 of 256
 * pixels; the gap is that of half a letter.
 */
enum { SCALE = 1000, LETTER = 31, GAP = 16 };

/*
 * Of the picture, in pixels: with and without a scale, and what lines of words beneath add; and how many letters have
 * room in it: large ones of its sum, alone and beside the percentage, which gives way to a long goal; those of a goal
 * that is not long; and small ones of a line.
 */
enum { PICTURE_HEIGHT = 144, PICTURE_HEIGHT_BARE = 90, PICTURE_GAP = 6, PICTURE_LINE = 22, PICTURE_LETTERS_MAX = 22, PICTURE_LETTERS_BESIDE_MAX = 18,
       PICTURE_GOAL_LETTERS_MAX = 14, PICTURE_LINE_LETTERS = 52 };

enum { PICTURE_WORDS_SIZE = 2048 };

struct span {
	int32_t start;
	int32_t end;
	const char *anchor; /* SVG's text-anchor */
};

/* How many letters a text of UTF-8 has; the marks of direction (U+200E, U+200F) take no room. */
static int32_t letters(const char *text)
{
	int32_t count = 0;

	for (; *text != '\0'; text++) {
		count += ((unsigned char)*text & 0xc0) != 0x80;
		count -= strncmp(text, "\u200e", 3) == 0 || strncmp(text, "\u200f", 3) == 0;
	}
	return count;
}

/* Under its mark, but never outside the scale, along the direction of the page's text. */
static struct span place_text(int32_t at, const char *text)
{
	int32_t width = letters(text) * LETTER;

	if (at < width / 2)
		return (struct span){ at, at + width, "start" };
	if (at > SCALE - width / 2)
		return (struct span){ at - width, at, "end" };
	return (struct span){ at - width / 2, at + width / 2, "middle" };
}

/* A campaign that names no marks has two: nothing, and all. */
static size_t marks_of(const struct campaign *campaign, const struct money *most, struct money marks[static MARKS_MAX])
{
	if (campaign->mark_count > 0) {
		memcpy(marks, campaign->marks, campaign->mark_count * sizeof marks[0]);
		return campaign->mark_count;
	}
	marks[0] = (struct money){ 0, campaign->currency };
	marks[1] = *most;
	return 2;
}

/* A share of the width, "62.5%". */
static void page_width(struct page_data *data, const char *name, int32_t permille)
{
	char width[16];

	snprintf(width, sizeof width, "%d.%d%%", permille / 10, permille % 10);
	page_text(data, name, width);
}

static bool is_leftwards(const struct page_data *data)
{
	return strcmp(language_direction(data->language), "rtl") == 0;
}

static void page_mark(struct page_data *data, const struct money *mark, int32_t at, const struct span *span,
                      bool shown)
{
	page_width(data, "x", is_leftwards(data) ? SCALE - at : at);
	page_text(data, "anchor", span->anchor);
	page_flag(data, "shown", shown);
	page_money_short(data, "amount", mark);
}

/* Every mark has its stroke; its amount stands there where it has room. The last one always has. */
static void page_marks(struct page_data *data, const struct campaign *campaign, const struct meter *meter)
{
	struct money marks[MARKS_MAX];
	struct span spans[MARKS_MAX];
	char text[MONEY_TEXT_SIZE];
	size_t count = marks_of(campaign, &meter->full, marks);
	int32_t free_from = -GAP;

	for (size_t i = 0; i < count; i++) {
		numbers_money_short(data->language, &marks[i], text);
		spans[i] = place_text(money_permille(&marks[i], &meter->full), text);
	}
	page_list_open(data, "marks");
	for (size_t i = 0; i < count; i++) {
		bool last = i + 1 == count;
		bool shown = last || (spans[i].start >= free_from + GAP && spans[i].end + GAP <= spans[count - 1].start);

		if (shown)
			free_from = spans[i].end;
		page_item_open(data);
		page_mark(data, &marks[i], money_permille(&marks[i], &meter->full), &spans[i], shown);
		page_flag(data, "reached", meter->raised.minor >= marks[i].minor);
		page_item_close(data);
	}
	page_list_close(data);
}

/* What the <meter> says: between nothing and full, whatever the sums are. */
static int64_t level(const struct meter *meter)
{
	if (meter->raised.minor < 0)
		return 0;
	return meter->raised.minor > meter->full.minor ? meter->full.minor : meter->raised.minor;
}

static void page_goal(struct page_data *data, const struct campaign *campaign, const struct meter *meter)
{
	if (campaign->goal.minor > 0) {
		page_money_short(data, "goal", &campaign->goal);
		page_percent(data, "percent", (uint64_t)money_permille(&meter->raised, &campaign->goal) / 10);
	} else {
		page_absent(data, "goal");
		page_absent(data, "percent");
	}
}

static void page_sum(struct page_data *data, const char *name, const struct money *sum, bool shown)
{
	if (shown && sum->minor > 0)
		page_money_short(data, name, sum);
	else
		page_absent(data, name);
}

/* Refunded and lost are one thing for whoever reads: it went back. */
static struct money returned(const struct meter *meter)
{
	struct money sum = meter->refunded;

	/* Both were taken off what was given: beyond 64 bits it would not have become a meter. */
	err_ignore(money_add(&sum, &meter->lost, &sum));
	return sum;
}

/* What stands beside the sum that counts. */
static void page_apart(struct page_data *data, const struct campaign *campaign, const struct meter *meter)
{
	const struct money back = returned(meter);

	page_sum(data, "pending", &meter->pending, true);
	page_sum(data, "returned", &back, true);
	page_sum(data, "disputed", &meter->disputed, true);
	page_sum(data, "fees", &meter->fees, campaign->meter_net);
}

static void page_scale(struct page_data *data, const struct campaign *campaign, const struct meter *meter)
{
	if (meter->full.minor <= 0) {
		page_absent(data, "max");
		return;
	}
	page_number(data, "max", meter->full.minor);
	page_number(data, "value", level(meter));
	page_marks(data, campaign, meter);
}

void page_meter(struct page_data *data, const struct campaign *campaign, const struct meter *meter, bool open)
{
	page_object_open(data, "meter");
	page_text(data, "id", campaign->id);
	page_flag(data, "for_ever", campaign->meter_reset == METER_FOR_EVER);
	page_flag(data, "by_month", campaign->meter_reset == METER_MONTHLY);
	page_flag(data, "by_year", campaign->meter_reset == METER_YEARLY);
	page_money_short(data, "raised", &meter->raised);
	page_goal(data, campaign, meter);
	page_count(data, "gifts", meter->gifts);
	page_flag(data, "inviting", open && meter->gifts == 0);
	page_apart(data, campaign, meter);
	page_scale(data, campaign, meter);
	page_object_close(data);
}

/* ---- the picture ---- */

static const char *closed_words(enum campaign_state state)
{
	switch (state) {
	case CAMPAIGN_OPEN:
		break;
	case CAMPAIGN_ENDED:
		return MESSAGE("This campaign has ended.");
	case CAMPAIGN_REACHED:
		return MESSAGE("This campaign has reached its goal and takes no more gifts.");
	case CAMPAIGN_SOLD_OUT:
		return MESSAGE("Everything here has been given.");
	}
	return "";
}

/* A sentence behind others, with a sum in its place; nothing where there is no sum. */
static void put_sentence(struct buffer *words, enum language language, const char *message, const struct money *sum)
{
	const struct bytes none = { NULL, 0 };
	struct bytes sentence = messages_find(language, bytes_of(message), none, 1);
	const char *open = memchr(sentence.data, '{', sentence.length);
	const char *close = memchr(sentence.data, '}', sentence.length);
	char text[MONEY_TEXT_SIZE];

	if (sum->minor <= 0)
		return;
	assert(open != NULL);
	assert(close != NULL);
	numbers_money_short(language, sum, text);
	if (words->length > 0 && language_is_spaced(language))
		buffer_char(words, ' ');
	buffer_append(words, sentence.data, (size_t)(open - sentence.data));
	buffer_text(words, text);
	buffer_append(words, close + 1, (size_t)(sentence.data + sentence.length - close - 1));
}

/* As meter-note.html has it, without the gifts. */
static void put_apart(struct buffer *words, enum language language, const struct campaign *campaign, const struct meter *meter)
{
	const struct money back = returned(meter);

	put_sentence(words, language, MESSAGE("Another {pending} is on its way."), &meter->pending);
	put_sentence(words, language, MESSAGE("{returned} went back and is not counted."), &back);
	put_sentence(words, language, MESSAGE("{disputed} is disputed at a bank and may still go back."), &meter->disputed);
	if (campaign->meter_net)
		put_sentence(words, language, MESSAGE("The payment provider’s fees of {fees} are taken off."), &meter->fees);
}

/* As lines beneath what the picture has so far. */
static void page_lines(struct page_data *data, struct bytes words, bool closed, int64_t *height)
{
	char text[PICTURE_WORDS_SIZE];

	while (words.length > 0) {
		struct bytes line = lines_first(&words, PICTURE_LINE_LETTERS);

		snprintf(text, sizeof text, "%.*s", (int)line.length, line.data);
		page_item_open(data);
		page_number(data, "y", *height);
		page_text(data, "words", text);
		page_flag(data, "strong", closed);
		page_item_close(data);
		*height += PICTURE_LINE;
	}
}

static void page_words(struct page_data *data, const struct campaign *campaign, const struct meter *meter, enum campaign_state state,
                       int64_t *height)
{
	const struct bytes none = { NULL, 0 };
	struct bytes closed = messages_find(data->language, bytes_of(closed_words(state)), none, 1);
	char text[PICTURE_WORDS_SIZE];
	struct buffer apart = BUFFER_ON(text);
	int64_t y = *height + PICTURE_GAP;

	put_apart(&apart, data->language, campaign, meter);
	assert(buffer_err(&apart) == OK);
	page_list_open(data, "lines");
	page_lines(data, state == CAMPAIGN_OPEN ? none : closed, true, &y);
	page_lines(data, buffer_view(&apart), false, &y);
	page_list_close(data);
	if (y > *height + PICTURE_GAP)
		*height = y;
}

void page_meter_picture(struct page_data *data, const struct campaign *campaign, const struct meter *meter, enum campaign_state state)
{
	bool leftwards = is_leftwards(data);
	bool has_scale = meter->full.minor > 0;
	const struct money filled = { level(meter), meter->raised.currency };
	int32_t permille = has_scale ? money_permille(&filled, &meter->full) : 0;
	int64_t height = has_scale ? PICTURE_HEIGHT : PICTURE_HEIGHT_BARE;
	char text[MONEY_TEXT_SIZE];

	numbers_money_short(data->language, &campaign->goal, text);
	bool long_goal = letters(text) > PICTURE_GOAL_LETTERS_MAX;

	numbers_money_short(data->language, &meter->raised, text);
	page_flag(data, "long", letters(text) > (long_goal ? PICTURE_LETTERS_BESIDE_MAX : PICTURE_LETTERS_MAX));
	page_flag(data, "long_goal", long_goal);
	page_text(data, "edge", leftwards ? "100%" : "0%");
	page_text(data, "far_edge", leftwards ? "0%" : "100%");
	page_words(data, campaign, meter, state, &height);
	page_number(data, "height", height);
	page_number(data, "card_height", height - 2);
	page_width(data, "filled", permille);
	page_width(data, "filled_from", leftwards ? SCALE - permille : 0);
}
