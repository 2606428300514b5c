#include "commands/command.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int command_exit(enum err err)
{
	switch (err) {
	case OK:
		return EXIT_CODE_OK;
	case ERR_INPUT:
	case ERR_FORGED:
	case ERR_UNKNOWN:
	case ERR_CONFLICT:
	case ERR_GONE:
	case ERR_TOO_BIG:
		return EXIT_CODE_REFUSED;
	case ERR_LIMITED:
	case ERR_BUSY:
	case ERR_PROVIDER:
		return EXIT_CODE_LATER;
	case ERR_STORAGE:
	case ERR_CORRUPT:
	case ERR_MEMORY:
	case ERR_SYSTEM:
		return EXIT_CODE_BROKEN;
	}
	return EXIT_CODE_BROKEN;
}

/* ---- the table of subcommands ---- */

static void print_subcommands(FILE *out, const struct subcommand *subcommands)
{
	fprintf(out, "usage: pledger COMMAND [ARGUMENT]...\n\n");
	for (; subcommands->name != NULL; subcommands++)
		fprintf(out, "  %-16s %s\n", subcommands->name, subcommands->help);
	fprintf(out, "\n'pledger COMMAND --help' tells more of one; 'pledger --version' tells the version.\n");
}

int command_run(const struct subcommand *subcommands, int argc, char **argv)
{
	signal(SIGXFSZ, SIG_IGN); /* a file size limit is then an error of write, like a full disk */
	if (argc < 2) {
		print_subcommands(stderr, subcommands);
		return EXIT_CODE_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0) {
		print_subcommands(stdout, subcommands);
		return EXIT_CODE_OK;
	}
	if (strcmp(argv[1], "--version") == 0) {
		printf("pledger %s\n", PLEDGER_VERSION);
		return EXIT_CODE_OK;
	}
	for (const struct subcommand *each = subcommands; each->name != NULL; each++)
		if (strcmp(argv[1], each->name) == 0)
			return each->run(argc - 1, argv + 1);
	fprintf(stderr, "pledger: there is no command '%s'; 'pledger --help' lists them\n", argv[1]);
	return EXIT_CODE_USAGE;
}

/* ---- a subcommand's arguments ---- */

static bool is_option(const struct argument *argument)
{
	return argument->name[0] == '-';
}

/* An option that may be given several times is listed as often: its first place tells of it. */
static bool is_again(const struct argument *first, const struct argument *argument)
{
	return argument != first && is_option(argument) && strcmp(argument[-1].name, argument->name) == 0;
}

static void print_usage(const struct command_line *line)
{
	printf("usage: pledger %s", line->name);
	for (const struct argument *each = line->arguments; each->name != NULL; each++)
		printf(" %s%s%s%s%s", each->required ? "" : "[", each->name, each->value == NULL ? "" : " ",
		       each->value == NULL ? "" : each->value, each->required ? "" : "]");
	printf("\n\n%s\n\n", line->summary);
	for (const struct argument *each = line->arguments; each->name != NULL; each++) {
		if (is_again(line->arguments, each))
			continue;
		int width = printf("  %s %s", each->name, each->value == NULL ? "" : each->value);

		printf("%*s %s\n", width < 22 ? 22 - width : 0, "", each->help);
	}
}

__attribute__((format(printf, 2, 3)))
static bool refuse(const struct command_line *line, const char *format, ...)
{
	va_list arguments;

	fprintf(stderr, "pledger %s: ", line->name);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fprintf(stderr, "; see 'pledger %s --help'\n", line->name);
	return false;
}

/* The option that a word names, up to its '='; one listed several times: the first that has nothing yet. */
static const struct argument *find_option(const struct command_line *line, const char *word)
{
	const struct argument *found = NULL;
	size_t length = strcspn(word, "=");

	for (const struct argument *each = line->arguments; each->name != NULL; each++) {
		if (!is_option(each) || strlen(each->name) != length || strncmp(each->name, word, length) != 0)
			continue;
		if (each->text == NULL || *each->text == NULL)
			return each;
		found = each;
	}
	return found;
}

/* The first argument by place that has nothing yet. */
static const struct argument *find_place(const struct command_line *line)
{
	for (const struct argument *each = line->arguments; each->name != NULL; each++)
		if (!is_option(each) && *each->text == NULL)
			return each;
	return NULL;
}

static bool take_place(const struct command_line *line, const char *word)
{
	const struct argument *argument = find_place(line);

	if (argument == NULL)
		return refuse(line, "'%s' is one argument too many", word);
	*argument->text = word;
	return true;
}

/* Take the option at argv[*at] and its value; moves *at to the last word taken. */
static bool take_option(const struct command_line *line, int argc, char **argv, int *at)
{
	const char *word = argv[*at];
	const struct argument *argument = find_option(line, word);
	const char *equals = strchr(word, '=');

	if (argument == NULL)
		return refuse(line, "there is no option '%s'", word);
	if (argument->flag != NULL) {
		*argument->flag = true;
		return equals == NULL || refuse(line, "'%s' takes no value", argument->name);
	}
	if (*argument->text != NULL)
		return refuse(line, "'%s' is given twice", argument->name);
	if (equals == NULL && *at + 1 == argc)
		return refuse(line, "'%s' needs a value", argument->name);
	*argument->text = equals != NULL ? equals + 1 : argv[++*at];
	return true;
}

static bool take_all(const struct command_line *line, int argc, char **argv)
{
	bool options = true;
	bool good = true;

	for (int at = 1; at < argc && good; at++) {
		const char *word = argv[at];

		if (options && strcmp(word, "--") == 0)
			options = false;
		else if (options && word[0] == '-' && word[1] != '\0')
			good = take_option(line, argc, argv, &at);
		else
			good = take_place(line, word);
	}
	return good;
}

static bool has_required(const struct command_line *line)
{
	for (const struct argument *each = line->arguments; each->name != NULL; each++)
		if (each->required && each->text != NULL && *each->text == NULL)
			return refuse(line, "%s is missing", each->name);
	return true;
}

bool command_read(const struct command_line *line, int argc, char **argv, int *code)
{
	*code = EXIT_CODE_OK;
	for (int at = 1; at < argc && strcmp(argv[at], "--") != 0; at++)
		if (strcmp(argv[at], "--help") == 0) {
			print_usage(line);
			return false;
		}
	*code = EXIT_CODE_USAGE;
	return take_all(line, argc, argv) && has_required(line);
}
