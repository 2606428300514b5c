#include "routes/json_body.h"

#include <string.h>

json_t *json_body(struct bytes body)
{
	json_t *root = json_loadb(body.length > 0 ? body.data : "", body.length, JSON_REJECT_DUPLICATES, NULL);

	/* jansson passes over NUL bytes between values. */
	if (json_is_object(root) && memchr(body.data, '\0', body.length) == NULL)
		return root;
	json_decref(root);
	return NULL;
}
