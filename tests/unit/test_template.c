#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/template.h"

static bool lookup(struct bytes name, struct bytes *text)
{
	if (bytes_is(name, "greeting.html"))
		*text = BYTES_LITERAL("Hello, {{name}}!");
	else if (bytes_is(name, "endless"))
		*text = BYTES_LITERAL("{{> endless}}");
	else if (bytes_is(name, "line"))
		*text = BYTES_LITERAL("a line\n");
	else
		return false;
	return true;
}

/* Turns words round, says how many are counted, and knows no "same". */
static struct bytes translate(const void *context, struct bytes message, struct bytes many, uint64_t count)
{
	assert_string_equal(context, "the context");
	if (bytes_is(message, "Give {amount}"))
		return BYTES_LITERAL("{amount} <geben>");
	if (bytes_is(many, "{things} things") && count == 3)
		return BYTES_LITERAL("three: {things}");
	return many.length > 0 && count != 1 ? many : message;
}

static const struct template_source source = { lookup, translate, "the context", NULL };

static enum err render(const char *template, const char *data, struct buffer *out, struct why *why)
{
	json_t *values = json_loads(data, JSON_ALLOW_NUL, NULL);

	assert_non_null(values);
	enum err err = template_render(bytes_of(template), values, &source, out, why);
	json_decref(values);
	return err;
}

static void renders(const char *template, const char *data, const char *expected)
{
	struct buffer out = BUFFER(4096);
	struct why why = { "" };
	enum err err = render(template, data, &out, &why);

	assert_string_equal(why.text, "");
	assert_int_equal(err, OK);
	assert_string_equal(out.data == NULL ? "" : out.data, expected);
	buffer_free(&out);
}

static void refuses(const char *template, const char *data, const char *reason)
{
	struct buffer out = BUFFER(4096);
	struct why why = { "" };

	buffer_text(&out, "before");
	assert_int_equal(render(template, data, &out, &why), ERR_INPUT);
	assert_string_equal(why.text, reason);
	assert_string_equal(out.data, "before");
	assert_int_equal(out.length, strlen("before"));
	buffer_free(&out);
}

static void a_value_is_escaped(void **state)
{
	(void)state;
	renders("<p title=\"{{a}}\">{{a}}</p>", "{\"a\":\"\\\"><script>'&\"}",
	        "<p title=\"&quot;&gt;&lt;script&gt;&#39;&amp;\">&quot;&gt;&lt;script&gt;&#39;&amp;</p>");
}

static void a_value_is_never_read_as_a_template(void **state)
{
	(void)state;
	renders("{{a}}", "{\"a\":\"{{b}}{{#c}}{{> greeting.html}}\",\"b\":\"no\"}", "{{b}}{{#c}}{{&gt; greeting.html}}");
}

static void a_nul_inside_a_value_becomes_the_replacement_character(void **state)
{
	(void)state;
	renders("{{a}}", "{\"a\":\"x\\u0000y\"}", "x\xef\xbf\xbdy");
}

static void an_integer_is_rendered_in_full(void **state)
{
	(void)state;
	renders("{{a}} {{ b }}", "{\"a\":9223372036854775807,\"b\":-1}", "9223372036854775807 -1");
}

static void null_renders_as_nothing(void **state)
{
	(void)state;
	renders("[{{a}}]", "{\"a\":null}", "[]");
}

static void a_name_that_stands_nowhere_is_refused(void **state)
{
	(void)state;
	refuses("one\ntwo {{titel}}", "{\"title\":\"x\"}", "template line 2: {{titel}} stands nowhere in the data");
	refuses("{{#titel}}{{/titel}}", "{}", "template line 1: {{titel}} stands nowhere in the data");
	refuses("{{^titel}}{{/titel}}", "{}", "template line 1: {{titel}} stands nowhere in the data");
}

static void a_value_that_is_no_text_is_refused(void **state)
{
	(void)state;
	refuses("{{a}}", "{\"a\":{}}", "template line 1: {{a}} is neither a text nor an integer");
	refuses("{{a}}", "{\"a\":true}", "template line 1: {{a}} is neither a text nor an integer");
	refuses("{{a}}", "{\"a\":1.5}", "template line 1: {{a}} is neither a text nor an integer");
}

static void a_section_is_rendered_for_what_is_there(void **state)
{
	(void)state;
	renders("{{#a}}yes{{/a}}", "{\"a\":true}", "yes");
	renders("{{#a}}{{.}}{{/a}}", "{\"a\":\"text\"}", "text");
	renders("{{#a}}{{.}}{{/a}}", "{\"a\":0}", "0");
	renders("{{#a}}{{b}}{{/a}}", "{\"a\":{\"b\":\"inner\"},\"b\":\"outer\"}", "inner");
	renders("{{#a}}{{b}}{{/a}}", "{\"a\":{},\"b\":\"outer\"}", "outer");
}

static void a_section_is_rendered_for_each_element(void **state)
{
	(void)state;
	renders("{{#a}}{{b}}{{^last}}, {{/last}}{{/a}}.",
	        "{\"a\":[{\"b\":1,\"last\":false},{\"b\":2,\"last\":false},{\"b\":3,\"last\":true}]}", "1, 2, 3.");
	renders("{{#a}}{{#.}}{{.}}{{/.}};{{/a}}", "{\"a\":[[1,2],[],[3]]}", "12;;3;");
}

static void a_section_is_passed_over_for_what_is_absent(void **state)
{
	static const char *const absent[] = { "{\"a\":null}", "{\"a\":false}", "{\"a\":\"\"}", "{\"a\":[]}" };

	(void)state;
	for (size_t i = 0; i < sizeof absent / sizeof absent[0]; i++)
		renders("{{#a}}{{b}}{{#c}}{{/c}}{{/a}}{{^a}}none{{/a}}", absent[i], "none");
}

static void an_inner_section_may_have_the_name_of_its_outer_one(void **state)
{
	(void)state;
	renders("{{#a}}<{{#a}}{{.}}{{/a}}>{{/a}}", "{\"a\":{\"a\":\"in\"}}", "<in>");
}

static void another_template_sees_the_same_values(void **state)
{
	(void)state;
	renders("{{#people}}{{> greeting.html}} {{/people}}", "{\"people\":[{\"name\":\"A\"},{\"name\":\"<\"}]}",
	        "Hello, A! Hello, &lt;! ");
	refuses("{{> absent}}", "{}", "template line 1: {{absent}} is no template");
	refuses("{{#a}}{{> absent}}{{/a}}", "{\"a\":false}", "template line 1: {{absent}} is no template");
}

static void a_line_with_a_tag_alone_leaves_no_line(void **state)
{
	(void)state;
	renders("a\n  {{#b}}\t\n  c\n  {{/b}}\nd\n{{! said }}\ne", "{\"b\":true}", "a\n  c\nd\ne");
	renders("a {{#b}}\nc\n{{/b}}", "{\"b\":true}", "a \nc\n");
	renders("  {{b}}\n", "{\"b\":\"x\"}", "  x\n");
	renders("{{#b}}\n{{.}}\n{{/b}}\n", "{\"b\":[1,2]}", "1\n2\n");
}

static void another_template_ends_no_line_that_goes_on(void **state)
{
	(void)state;
	renders("<{{> line}}>\n {{> line}}\n.", "{}", "<a line>\na line\n.");
}

static void a_malformed_template_is_refused(void **state)
{
	(void)state;
	refuses("a\n{{b", "{\"b\":1}", "template line 2: {{…}} does not end");
	refuses("{{}}", "{}", "template line 1: {{}} is not a name");
	refuses("{{{b}}}", "{\"b\":1}", "template line 1: {{{b}} is not a name");
	refuses("{{& b}}", "{\"b\":1}", "template line 1: {{& b}} is not a name");
	refuses("{{#b}}", "{\"b\":1}", "template line 1: {{b}} is not closed");
	refuses("{{/b}}", "{\"b\":1}", "template line 1: {{b}} closes what is not open");
	refuses("{{#b}}{{#c}}{{/b}}{{/c}}", "{\"b\":1,\"c\":1}", "template line 1: {{b}} closes what is not open");
	refuses("{{#b}}{{#c}}{{/b}}", "{\"b\":false}", "template line 1: {{b}} closes what is not open");
}

static void depth_is_bounded(void **state)
{
	(void)state;
	refuses("{{> endless}}", "{}", "template line 1: more than 16 sections and templates deep");
	refuses("{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}",
	        "{\"a\":true}", "template line 1: more than 16 sections and templates deep");
}

static void a_full_buffer_is_refused_and_left_as_it_was(void **state)
{
	struct buffer out = BUFFER(10);
	struct why why = { "" };

	(void)state;
	buffer_text(&out, "before");
	assert_int_equal(render("{{a}}", "{\"a\":\"12345\"}", &out, &why), ERR_TOO_BIG);
	assert_string_equal(out.data, "before");
	buffer_free(&out);
}

static void a_message_is_translated_and_its_values_are_escaped(void **state)
{
	(void)state;
	renders("<p>{{_ Give {amount}}}</p>", "{\"amount\":\"<5>\"}", "<p>&lt;5&gt; &lt;geben&gt;</p>");
	renders("{{_ same}}\n", "{}", "same\n");
	renders("a {{_ {n} & {n}}} b", "{\"n\":7}", "a 7 &amp; 7 b");
	renders("{{#no}}{{_ {gone}}}{{/no}}", "{\"no\":false}", "");
}

static void a_message_takes_the_form_of_its_number(void **state)
{
	(void)state;
	renders("{{_things.n {things} thing|{things} things}}", "{\"things\":\"1\",\"things.n\":1}", "1 thing");
	renders("{{_things.n {things} thing|{things} things}}", "{\"things\":\"3\",\"things.n\":3}", "three: 3");
	renders("{{_things.n {things} thing|{things} things}}", "{\"things\":\"1,204\",\"things.n\":1204}", "1,204 things");
}

static void a_malformed_message_is_refused(void **state)
{
	(void)state;
	refuses("{{_ Give {amount}}}", "{}", "template line 1: {{ Give {amount}}} stands nowhere in the data");
	refuses("{{_ {open}}", "{\"open\":1}", "template line 1: {{ {open}} has a brace that is not closed");
	refuses("{{_n one|many}}", "{}", "template line 1: {{n one|many}} counts by what is no number");
	refuses("{{_n one|many}}", "{\"n\":\"1\"}", "template line 1: {{n one|many}} counts by what is no number");
	refuses("{{_n one|many}}", "{\"n\":-1}", "template line 1: {{n one|many}} counts by what is no number");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_value_is_escaped),
		cmocka_unit_test(a_value_is_never_read_as_a_template),
		cmocka_unit_test(a_nul_inside_a_value_becomes_the_replacement_character),
		cmocka_unit_test(an_integer_is_rendered_in_full),
		cmocka_unit_test(null_renders_as_nothing),
		cmocka_unit_test(a_name_that_stands_nowhere_is_refused),
		cmocka_unit_test(a_value_that_is_no_text_is_refused),
		cmocka_unit_test(a_section_is_rendered_for_what_is_there),
		cmocka_unit_test(a_section_is_rendered_for_each_element),
		cmocka_unit_test(a_section_is_passed_over_for_what_is_absent),
		cmocka_unit_test(an_inner_section_may_have_the_name_of_its_outer_one),
		cmocka_unit_test(another_template_sees_the_same_values),
		cmocka_unit_test(a_line_with_a_tag_alone_leaves_no_line),
		cmocka_unit_test(another_template_ends_no_line_that_goes_on),
		cmocka_unit_test(a_malformed_template_is_refused),
		cmocka_unit_test(depth_is_bounded),
		cmocka_unit_test(a_full_buffer_is_refused_and_left_as_it_was),
		cmocka_unit_test(a_message_is_translated_and_its_values_are_escaped),
		cmocka_unit_test(a_message_takes_the_form_of_its_number),
		cmocka_unit_test(a_malformed_message_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
