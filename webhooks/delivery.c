#include "base/text.h"
#include "webhooks/provider.h"

enum err delivery_field(const struct delivery *delivery, const char *name, struct bytes *value, struct why *why)
{
	size_t found = 0;

	for (size_t i = 0; i < delivery->field_count; i++)
		if (bytes_is_nocase(delivery->fields[i].name, name)) {
			*value = delivery->fields[i].value;
			found++;
		}
	if (found == 1)
		return OK;
	return why_set(why, ERR_FORGED, found == 0 ? "there is no %s header" : "the %s header is repeated", name);
}

enum err delivery_time(struct bytes text, int64_t now_s, int tolerance_s, struct why *why)
{
	const uint64_t latest = 999999999999;
	uint64_t time_s;

	if (text_unsigned(text, latest, &time_s) != OK)
		return why_set(why, ERR_FORGED, "the time of the signature is no whole number of seconds");
	int64_t apart_s = now_s - (int64_t)time_s;

	if (apart_s > tolerance_s)
		return why_set(why, ERR_FORGED, "the signature is %lld s old, more than the %d s allowed", (long long)apart_s,
		               tolerance_s);
	if (-apart_s > tolerance_s)
		return why_set(why, ERR_FORGED, "the signature is from %lld s in the future, more than the %d s allowed",
		               (long long)-apart_s, tolerance_s);
	return OK;
}
