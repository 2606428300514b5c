/* What an operator's request may say, by the first byte: each operation's body. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "routes/operation_body.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Accepted: every text has an end, none is there that the operation does not know, and none is missing that it needs. */
static void check(const struct operation_body *read, enum operation operation)
{
	for (int i = 0; i < OPERATION_WISHES; i++) {
		enum operation_wish wish = (enum operation_wish)i;
		const char *text = read->request.texts[i];

		if (text == NULL ? operation_needs(operation, wish) : !operation_takes(operation, wish))
			abort();
		if (text != NULL && (text[0] == '\0' || strlen(text) >= OPERATION_TEXT_SIZE))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct operation_body read;
	struct why why = { "" };

	if (size == 0)
		return 0;
	char *exact = malloc(size);

	if (exact == NULL)
		return 0;
	memcpy(exact, data + 1, size - 1);
	enum operation operation = (enum operation)(data[0] % OPERATIONS);

	if (operation_body_read((struct bytes){ exact, size - 1 }, operation, &read, &why) == OK)
		check(&read, operation);
	else if (why.text[0] == '\0')
		abort();
	free(exact);
	return 0;
}
