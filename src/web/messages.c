#include "web/messages.h"

#include <pthread.h>

#include "base/catalogue.h"
#include "web/file_bytes.h"

FILE_BYTES(messages_de, "build/locales/de.mo");
FILE_BYTES(messages_fr, "build/locales/fr.mo");
FILE_BYTES(messages_es, "build/locales/es.mo");
FILE_BYTES(messages_uk, "build/locales/uk.mo");
FILE_BYTES(messages_ja, "build/locales/ja.mo");
FILE_BYTES(messages_ar, "build/locales/ar.mo");

static const struct {
	const char *start;
	const char *end;
} files[LANGUAGES] = {
	[LANGUAGE_DE] = { messages_de_start, messages_de_end },
	[LANGUAGE_FR] = { messages_fr_start, messages_fr_end },
	[LANGUAGE_ES] = { messages_es_start, messages_es_end },
	[LANGUAGE_UK] = { messages_uk_start, messages_uk_end },
	[LANGUAGE_JA] = { messages_ja_start, messages_ja_end },
	[LANGUAGE_AR] = { messages_ar_start, messages_ar_end },
};

/* English, which needs none, and whatever does not open, have no messages. */
static struct catalogue catalogues[LANGUAGES];
static pthread_once_t opened = PTHREAD_ONCE_INIT;

static void open_all(void)
{
	for (unsigned i = 0; i < LANGUAGES; i++)
		if (files[i].start != NULL)
			err_ignore(catalogue_open((struct bytes){ files[i].start, (size_t)(files[i].end - files[i].start) },
			                          &catalogues[i]));
}

static bool find(enum language language, struct bytes message, uint64_t count, struct bytes *words)
{
	pthread_once(&opened, open_all);
	return catalogue_find(&catalogues[language], message, count, words);
}

struct bytes messages_find(enum language language, struct bytes message, struct bytes many, uint64_t count)
{
	struct bytes words;

	if (find(language, message, count, &words))
		return words;
	return many.length > 0 && count != 1 ? many : message;
}

bool messages_has(enum language language, struct bytes message)
{
	struct bytes words;

	return language == LANGUAGE_EN || find(language, message, 1, &words);
}
