/* Cells as a spreadsheet and a parser see them: nothing runs, nothing is lost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/csv.h"
#include "base/csv_undo.h"
#include "base/text.h"

/* ---- a reader of its own: RFC 4180, then the apostrophe rule undone ---- */

struct reader {
	struct bytes rest;
};

/* One cell with its quotes taken off; *last when its row ends behind it. False at the end or where the form is broken. */
static bool read_cell(struct reader *reader, char *cell, size_t *length, bool *last)
{
	const char *at = reader->rest.data;
	const char *end = at + reader->rest.length;
	bool quoted = at < end && *at == '"';

	*length = 0;
	at += quoted;
	while (at < end && (quoted || (*at != ',' && *at != '\r' && *at != '\n'))) {
		if (*at == '"' && !quoted)
			return false;
		if (*at == '"' && (at + 1 == end || at[1] != '"'))
			break;
		at += *at == '"';
		cell[(*length)++] = *at++;
	}
	if (quoted && (at == end || *at++ != '"'))
		return false;
	*last = end - at >= 2 && memcmp(at, "\r\n", 2) == 0;
	if (!*last && (at == end || *at != ','))
		return false;
	at += *last ? 2 : 1;
	reader->rest = (struct bytes){ at, (size_t)(end - at) };
	return true;
}

/* What the documentation tells a reader to do with a text cell. */
static struct bytes undo(const char *cell, size_t length)
{
	size_t ours = length > 0 && cell[0] == '\'';

	return (struct bytes){ cell + ours, length - ours };
}

/* The worst that a spreadsheet may do: look past blanks and quotes for the start of a formula. */
static bool runs_as_formula(const char *cell, size_t length)
{
	struct bytes text = { cell, length };
	static const char *const starts[] = { "=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠" };

	if (length > 0 && cell[0] == '\'')
		return false; /* Excel and LibreOffice show what follows as text */
	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
			if (bytes_starts_with(text, starts[i]))
				return true;
		while (text.length > 0 && memchr(" \"\t\r\n", text.data[0], 5) != NULL)
			text = (struct bytes){ text.data + 1, text.length - 1 };
	}
	return false;
}

/* The whole row, in two pieces. */
static void undo_row(const struct buffer *row, size_t cut, struct buffer *out)
{
	struct csv_undo undo_state = CSV_UNDO(',');
	struct buffer header = BUFFER(64);

	/* A file's first cell is a column's name: no text of ours that may begin as a byte order mark does. */
	assert_int_equal(csv_undo_next(&undo_state, BYTES_LITERAL("seq\r\n"), &header, NULL), OK);
	buffer_free(&header);
	assert_int_equal(csv_undo_next(&undo_state, (struct bytes){ row->data, cut }, out, NULL), OK);
	assert_int_equal(csv_undo_next(&undo_state, (struct bytes){ row->data + cut, row->length - cut }, out, NULL), OK);
	assert_int_equal(csv_undo_end(&undo_state, NULL), OK);
}

static void check_round_trip(struct bytes text)
{
	struct buffer out = BUFFER(1 << 20);
	struct csv csv = CSV(&out);
	char *cell = malloc(4 * text.length + 16);
	struct reader reader;
	size_t length;
	bool last;

	assert_non_null(cell);
	csv_bytes(&csv, text);
	csv_text(&csv, "next");
	csv_row_end(&csv);
	assert_int_equal(buffer_err(&out), OK);
	reader.rest = buffer_view(&out);
	assert_true(read_cell(&reader, cell, &length, &last));
	assert_false(last);
	assert_false(runs_as_formula(cell, length));
	if (!bytes_equal(undo(cell, length), text))
		fail_msg("%.*s became %.*s", (int)text.length, text.data, (int)length, cell);
	for (size_t cut = 0; cut <= out.length; cut += 1 + out.length / 8) {
		struct buffer undone = BUFFER(1 << 20);
		struct reader again;

		undo_row(&out, cut, &undone);
		again.rest = buffer_view(&undone);
		assert_true(read_cell(&again, cell, &length, &last));
		if (!bytes_equal((struct bytes){ cell, length }, text))
			fail_msg("%.*s was undone to %.*s", (int)text.length, text.data, (int)length, cell);
		buffer_free(&undone);
	}
	assert_true(read_cell(&reader, cell, &length, &last));
	assert_true(last && bytes_is((struct bytes){ cell, length }, "next"));
	assert_int_equal(reader.rest.length, 0);
	free(cell);
	buffer_free(&out);
}

static void assert_row(const char *text, const char *expected)
{
	struct buffer out = BUFFER(4096);
	struct csv csv = CSV(&out);

	csv_text(&csv, text);
	csv_row_end(&csv);
	assert_int_equal(buffer_err(&out), OK);
	assert_string_equal(out.data, expected);
	buffer_free(&out);
}

/* ---- tests ---- */

static void quotes_only_what_needs_it(void **state)
{
	(void)state;
	assert_row("plain", "plain\r\n");
	assert_row("two words; one cell", "two words; one cell\r\n");
	assert_row("Zürich 東京", "Zürich 東京\r\n");
	assert_row("a,b", "\"a,b\"\r\n");
	assert_row("say \"yes\"", "\"say \"\"yes\"\"\"\r\n");
	assert_row("a\nb", "\"a\nb\"\r\n");
	assert_row("a\rb", "\"a\rb\"\r\n");
	assert_row("", "\"\"\r\n");
}

static void quotes_what_holds_the_delimiter_whichever_it_is(void **state)
{
	static const char delimiters[] = { ',', ';', '\t' };
	static const char *const texts[] = { "a,b", "a;b", "a\tb" };

	(void)state;
	for (size_t i = 0; i < 3; i++)
		for (size_t j = 0; j < 3; j++) {
			struct buffer out = BUFFER(4096);
			struct csv csv = CSV(&out);

			csv.delimiter = delimiters[i];
			csv_text(&csv, texts[j]);
			assert_int_equal(buffer_err(&out), OK);
			assert_int_equal(out.data[0] == '"', i == j);
			buffer_free(&out);
		}
}

static void defuses_what_a_spreadsheet_would_run(void **state)
{
	(void)state;
	assert_row("=1+1", "'=1+1\r\n");
	assert_row("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0\r\n");
	assert_row("=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"\r\n");
	assert_row("+1", "'+1\r\n");
	assert_row("-3.50", "'-3.50\r\n");
	assert_row("@SUM(A1)", "'@SUM(A1)\r\n");
	assert_row("\t=1", "'\t=1\r\n");
	assert_row("\tx", "'\tx\r\n");
	assert_row("\rx", "\"'\rx\"\r\n");
	assert_row(" =1", "' =1\r\n");
	assert_row("\"=1", "\"'\"\"=1\"\r\n");
	assert_row("\" =1", "\"'\"\" =1\"\r\n");
	assert_row("\xc2\xa0=1", "'\xc2\xa0=1\r\n");
	assert_row("\xef\xbb\xbf=1", "'\xef\xbb\xbf=1\r\n");
	assert_row("＝1+1", "'＝1+1\r\n");
	assert_row("＋1", "'＋1\r\n");
	assert_row("－1", "'－1\r\n");
	assert_row("＠x", "'＠x\r\n");
	assert_row("'quoted'", "''quoted'\r\n");
	assert_row("''", "'''\r\n");
	assert_row("'=1", "''=1\r\n");
	assert_row("a=1", "a=1\r\n");
	assert_row("user@example.org", "user@example.org\r\n");
	assert_row("1-2", "1-2\r\n");
}

static void numbers_stay_numbers(void **state)
{
	struct buffer out = BUFFER(4096);
	struct csv csv = CSV(&out);

	(void)state;
	csv_decimal(&csv, "-3.50");
	csv_decimal(&csv, "80");
	csv_decimal(&csv, "-92233720368547758.08");
	csv_unsigned(&csv, UINT64_MAX);
	csv_empty(&csv);
	csv_text(&csv, NULL);
	csv_row_end(&csv);
	csv_empty(&csv);
	csv_empty(&csv);
	csv_row_end(&csv);
	assert_string_equal(out.data, "-3.50,80,-92233720368547758.08,18446744073709551615,,\r\n,\r\n");
	buffer_free(&out);
}

static void refuses_what_is_no_text(void **state)
{
	const struct bytes bad[] = {
		BYTES_LITERAL("\x80"), BYTES_LITERAL("a\xc0\x80"), BYTES_LITERAL("\xed\xa0\x80"), BYTES_LITERAL("a\0b"),
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct buffer out = BUFFER(4096);
		struct csv csv = CSV(&out);

		csv_bytes(&csv, bad[i]);
		assert_int_equal(buffer_err(&out), ERR_INPUT);
		buffer_free(&out);
	}
}

static void hostile_strings_come_back_unchanged(void **state)
{
	static const char *const hostile[] = {
		"", " ", "'", "\"", "\"\"", ",", "\r\n", "\n", "'=1", "\"=1\"", "=\"\"", "=1+1\r\n=2", "\t", "\r", "\n=1",
		"=cmd|'/C calc'!A1", "@SUM(1+1)*cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", "=IMPORTXML(CONCAT(\"http://x\"),\"//a\")",
		"  '=1", "' '=1", "''''", "a,\"b\"\r\nc", "＝1", "　＝1", "﻿=1", "\v=1", "\f+1", "=", "+", "-", "@",
		"1e10", "0012", "2026-11-22", "Ω≈ç√", "田中さん", "👾", "\xe2\x80\xae=1", "\x01\x02\x1f\x7f",
	};

	(void)state;
	for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++)
		check_round_trip(bytes_of(hostile[i]));
}

static unsigned long next_random(unsigned long *seed)
{
	*seed = *seed * 6364136223846793005UL + 1442695040888963407UL;
	return *seed >> 33;
}

static void any_text_comes_back_unchanged(void **state)
{
	static const char *const pieces[] = {
		"=", "+", "-", "@", "\t", "\r", "\n", "'", "\"", ",", " ", ";", "a", "0", "ä", "＝", "＋", "－", "＠", "\xc2\xa0",
		"\xef\xbb\xbf", "\xe3\x80\x80", "|", "\\",
	};
	const char *given = getenv("SEED");
	unsigned long seed = given != NULL ? strtoul(given, NULL, 10) : (unsigned long)time(NULL);

	(void)state;
	print_message("seed=%lu\n", seed);
	for (int round = 0; round < 50000; round++) {
		char text[64] = "";
		struct buffer out = BUFFER_ON(text);

		for (unsigned long left = next_random(&seed) % 8; left > 0; left--)
			buffer_text(&out, pieces[next_random(&seed) % (sizeof pieces / sizeof pieces[0])]);
		check_round_trip(buffer_view(&out));
	}
}

static void a_full_buffer_is_told(void **state)
{
	struct buffer out = BUFFER(8);
	struct csv csv = CSV(&out);

	(void)state;
	csv_text(&csv, "longer than eight");
	csv_row_end(&csv);
	assert_int_equal(buffer_err(&out), ERR_TOO_BIG);
	buffer_free(&out);
}

static void undoing_changes_nothing_else(void **state)
{
	static const struct {
		const char *text;
		const char *undone; /* NULL: no CSV */
	} cases[] = {
		{ "", "" }, { "a,b\r\n", "a,b\r\n" }, { "'=1,'\n", "=1,\n" }, { "''a,\"'=1,2\"\r\n", "'a,\"=1,2\"\r\n" },
		{ "\xef\xbb\xbf'=1,a'b\r\n", "\xef\xbb\xbf=1,a'b\r\n" }, { "\"a\"\"b\",c", "\"a\"\"b\",c" },
		{ "\"\",\"\"\n", "\"\",\"\"\n" }, { "\"'\"\"=1\"", "\"\"\"=1\"" }, { "'=1", "=1" },
		{ "a\"b", NULL }, { "\"a\"b", NULL }, { "\"a", NULL }, { "\"", NULL }, { "x\n\"a\" ,b", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct csv_undo undo_state = CSV_UNDO(',');
		struct buffer out = BUFFER(4096);
		struct why why = { "" };
		enum err err = csv_undo_next(&undo_state, bytes_of(cases[i].text), &out, &why);

		if (err == OK)
			err = csv_undo_end(&undo_state, &why);
		assert_int_equal(err, cases[i].undone == NULL ? ERR_INPUT : OK);
		if (err == OK && out.length > 0)
			assert_string_equal(out.data, cases[i].undone);
		assert_true(err == OK || why.text[0] != '\0');
		buffer_free(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quotes_only_what_needs_it),
		cmocka_unit_test(quotes_what_holds_the_delimiter_whichever_it_is),
		cmocka_unit_test(defuses_what_a_spreadsheet_would_run),
		cmocka_unit_test(numbers_stay_numbers),
		cmocka_unit_test(refuses_what_is_no_text),
		cmocka_unit_test(hostile_strings_come_back_unchanged),
		cmocka_unit_test(any_text_comes_back_unchanged),
		cmocka_unit_test(a_full_buffer_is_told),
		cmocka_unit_test(undoing_changes_nothing_else),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
