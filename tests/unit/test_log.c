/* Log lines: their form, what hostile bytes become, when they are written, and by whom. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "sys/clock.h"
#include "sys/log.h"
#include "sys/random.h"

enum { TIME_PREFIX = sizeof "time=2026-11-22T10:59:09.123456Z " - 1 };

static int ends[2];

static int open_pipe(void **state)
{
	(void)state;
	return pipe2(ends, O_CLOEXEC) != 0 || log_open(ends[1]) != OK;
}

static int close_pipe(void **state)
{
	(void)state;
	log_close();
	close(ends[0]);
	close(ends[1]);
	return 0;
}

/* What comes within `wait_ms`, as text. */
static const char *written(int wait_ms)
{
	static char text[4096];
	struct pollfd ready = { .fd = ends[0], .events = POLLIN };

	text[0] = '\0';
	if (poll(&ready, 1, wait_ms) == 1) {
		ssize_t length = read(ends[0], text, sizeof text - 1);

		assert_true(length >= 0);
		text[length] = '\0';
	}
	return text;
}

static const char *line_with(struct bytes value)
{
	struct log_line line;

	log_begin(&line, LOG_INFO, "test");
	log_text(&line, "value", value);
	log_end(&line);
	log_flush();
	return written(0);
}

static void a_line_has_time_level_event_and_fields_in_order(void **state)
{
	(void)state;
	struct log_line line;

	log_begin(&line, LOG_WARNING, "request");
	log_word(&line, "method", "GET");
	log_number(&line, "status", 200);
	log_number(&line, "least", INT64_MIN);
	log_word(&line, "path", "/v1/tiers?a");
	log_end(&line);
	const char *text = written(0);

	assert_memory_equal(text, "time=2", 6);
	assert_int_equal(text[TIME_PREFIX - 2], 'Z');
	assert_string_equal(text + TIME_PREFIX,
	                    "level=warning event=request method=GET status=200 "
	                    "least=-9223372036854775808 path=/v1/tiers?a\n");
}

static void hostile_values_forge_neither_field_nor_line(void **state)
{
	(void)state;
	static const struct {
		struct bytes value;
		const char *text;
	} values[] = {
		{ { "", 0 }, "\"\"" },
		{ { NULL, 0 }, "\"\"" },
		{ { "a b", 3 }, "\"a b\"" },
		{ { "a=b", 3 }, "\"a=b\"" },
		{ { "a\" level=error x=\"", 18 }, "\"a\\\" level=error x=\\\"\"" },
		{ { "a\nlevel=error", 13 }, "\"a\\nlevel=error\"" },
		{ { "\\\"", 2 }, "\"\\\\\\\"\"" },
		{ { "\r\t", 2 }, "\"\\r\\t\"" },
		{ { "\0\x1b[2J\x7f", 6 }, "\"\\x00\\x1b[2J\\x7f\"" },
		{ { "\xe2\x80\xae", 3 }, "\"\\xe2\\x80\\xae\"" },
	};
	char expected[128];

	for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
		snprintf(expected, sizeof expected, "level=info event=test value=%s\n", values[i].text);
		assert_string_equal(line_with(values[i].value) + TIME_PREFIX, expected);
	}
}

static void a_long_value_is_cut_and_says_so(void **state)
{
	(void)state;
	static char text[LOG_VALUE_BYTES_MAX + 1];

	memset(text, 'a', sizeof text);
	const char *line = line_with((struct bytes){ text, sizeof text });

	assert_non_null(strstr(line, "a[cut]\"\n"));
	assert_null(strstr(line_with((struct bytes){ text, sizeof text - 1 }), "[cut]"));
}

static void a_line_that_is_full_drops_whole_fields_and_says_so(void **state)
{
	(void)state;
	static char text[LOG_VALUE_BYTES_MAX];
	struct log_line line;

	log_begin(&line, LOG_INFO, "test");
	memset(text, 'a', sizeof text);
	for (int i = 0; i < 5; i++)
		log_text(&line, "value", (struct bytes){ text, sizeof text });
	memset(text, '\x01', sizeof text);
	log_text(&line, "binary", (struct bytes){ text, sizeof text });
	log_number(&line, "last", 7);
	log_end(&line);
	log_flush();
	const char *out = written(0);
	size_t length = strlen(out);

	assert_true(length <= LOG_LINE_BYTES_MAX);
	assert_string_equal(out + length - strlen(" last=7 cut=true\n"), " last=7 cut=true\n");
	assert_null(strstr(out, "binary"));
}

static void lines_wait_for_each_other_but_not_long(void **state)
{
	(void)state;
	struct log_line line;

	for (int i = 0; i < 2; i++) {
		log_begin(&line, LOG_INFO, "test");
		log_end(&line);
	}
	assert_string_equal(written(0), "");
	const char *text = written(2000);
	const char *second = strchr(text, '\n') + 1;

	assert_int_equal(strlen(text), 2 * (size_t)(second - text));
}

static void a_warning_is_written_at_once_with_what_waits(void **state)
{
	(void)state;
	struct log_line line;

	log_begin(&line, LOG_INFO, "first");
	log_end(&line);
	log_begin(&line, LOG_ERROR, "second");
	log_end(&line);
	const char *text = written(0);

	assert_true(strstr(text, "event=first") < strstr(text, "level=error event=second"));
	assert_non_null(strstr(text, "event=first"));
}

static void closing_writes_what_waits(void **state)
{
	(void)state;
	struct log_line line;

	log_begin(&line, LOG_INFO, "last");
	log_end(&line);
	log_close();
	assert_non_null(strstr(written(0), "event=last"));
}

static void lines_that_nobody_reads_are_lost_and_counted(void **state)
{
	(void)state;
	uint64_t before = log_lost();
	struct log_line line;

	assert_int_equal(fcntl(ends[1], F_SETFL, O_NONBLOCK), 0);
	for (int i = 0; i < 8000; i++) {
		log_begin(&line, LOG_INFO, "flood");
		log_number(&line, "number", i);
		log_end(&line);
	}
	uint64_t lost = log_lost() - before;

	assert_true(lost > 0);
	bool told = false;
	const char *text = written(1000);

	for (; text[0] != '\0'; text = written(1500)) {
		log_begin(&line, LOG_INFO, "after");
		log_end(&line);
		told = told || strstr(text, "event=lines-lost lines=") != NULL;
		if (told)
			break;
	}
	assert_true(told);
}

/* ---- many threads ---- */

enum { WRITERS = 4, LINES = 2000 };

static void *write_lines(void *number)
{
	struct log_line line;

	for (int i = 0; i < LINES; i++) {
		log_begin(&line, i % 500 == 0 ? LOG_WARNING : LOG_INFO, "many");
		log_word(&line, "writer", number);
		log_word(&line, "text", "some words and more words");
		log_end(&line);
	}
	return NULL;
}

static void *count_whole_lines(void *count)
{
	FILE *file = fdopen(dup(ends[0]), "r");
	char line[2048];

	while (fgets(line, sizeof line, file) != NULL && strstr(line, "event=done") == NULL)
		if (strncmp(line, "time=", 5) == 0 && strcmp(strrchr(line, ' '), " words\"\n") == 0)
			++*(int *)count;
	fclose(file);
	return NULL;
}

static void lines_of_many_threads_stay_whole(void **state)
{
	(void)state;
	static char names[WRITERS][2] = { "a", "b", "c", "d" };
	pthread_t writers[WRITERS];
	pthread_t reader;
	uint64_t lost = log_lost();
	int count = 0;
	struct log_line line;

	assert_int_equal(pthread_create(&reader, NULL, count_whole_lines, &count), 0);
	for (int i = 0; i < WRITERS; i++)
		assert_int_equal(pthread_create(&writers[i], NULL, write_lines, names[i]), 0);
	for (int i = 0; i < WRITERS; i++)
		pthread_join(writers[i], NULL);
	log_flush();
	log_begin(&line, LOG_WARNING, "done");
	log_end(&line);
	pthread_join(reader, NULL);
	assert_int_equal((uint64_t)count + (log_lost() - lost), WRITERS * LINES);
}

/* ---- its neighbours ---- */

static void clocks_go_forward(void **state)
{
	(void)state;
	int64_t mono = clock_mono_us();
	int64_t boot = clock_boot_us();

	assert_true(clock_wall_us() > INT64_C(1600000000000000));
	assert_true(clock_mono_us() >= mono);
	assert_true(clock_boot_us() >= boot);
}

static void random_bytes_fill_all_of_a_long_buffer(void **state)
{
	(void)state;
	static unsigned char bytes[1000];
	static const unsigned char none[32];

	assert_int_equal(random_bytes(bytes, sizeof bytes), OK);
	assert_memory_not_equal(bytes, none, sizeof none);
	assert_memory_not_equal(bytes + sizeof bytes - sizeof none, none, sizeof none);
}

#define PIPED(test) cmocka_unit_test_setup_teardown(test, open_pipe, close_pipe)

int main(void)
{
	const struct CMUnitTest tests[] = {
		PIPED(a_line_has_time_level_event_and_fields_in_order),
		PIPED(hostile_values_forge_neither_field_nor_line),
		PIPED(a_long_value_is_cut_and_says_so),
		PIPED(a_line_that_is_full_drops_whole_fields_and_says_so),
		PIPED(lines_wait_for_each_other_but_not_long),
		PIPED(a_warning_is_written_at_once_with_what_waits),
		PIPED(closing_writes_what_waits),
		PIPED(lines_that_nobody_reads_are_lost_and_counted),
		PIPED(lines_of_many_threads_stay_whole),
		cmocka_unit_test(clocks_go_forward),
		cmocka_unit_test(random_bytes_fill_all_of_a_long_buffer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
