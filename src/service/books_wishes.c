#include "service/books_wishes.h"

#include "base/text.h"

static enum err read_period(const struct export_wishes *wishes, struct export_options *options, struct why *why)
{
	enum err err = OK;

	if (wishes->from != NULL)
		err = export_time_parse(bytes_of(wishes->from), &options->from_us, why);
	if (err == OK && wishes->to != NULL)
		err = export_time_parse(bytes_of(wishes->to), &options->to_us, why);
	if (err == OK && wishes->to != NULL && options->to_us == 0)
		err = why_set(why, ERR_INPUT, "nothing happened before 1970");
	return err;
}

enum err export_wishes_read(const struct export_wishes *wishes, struct export_options *options, struct why *why)
{
	enum err err = read_period(wishes, options, why);

	if (err == OK && wishes->as_of != NULL
	    && (text_unsigned(bytes_of(wishes->as_of), INT64_MAX, &options->as_of) != OK || options->as_of == 0))
		err = why_set(why, ERR_INPUT, "'%s' is not the seq of an entry", wishes->as_of);
	if (err == OK && wishes->campaign != NULL
	    && (wishes->campaign[0] == '\0' || bytes_copy_text(bytes_of(wishes->campaign), options->campaign, ID_SIZE) != OK))
		err = why_set(why, ERR_INPUT, "'%s' cannot be a campaign's id", wishes->campaign);
	if (err == OK && wishes->profile != NULL && !export_profile_parse(bytes_of(wishes->profile), &options->profile))
		err = why_set(why, ERR_INPUT, "there is no profile '%s'; there are %s and %s", wishes->profile,
		              export_profile_name(EXPORT_GIFTS), export_profile_name(EXPORT_JOURNAL));
	return err;
}
