#include "config/organisation.h"

static void read_id(struct reader *reader, const struct json_node *node, void *target)
{
	struct config *config = target;

	config->places.organisation = reader_place(reader, node);
	reader_id(reader, node, config->organisation_id);
}

static void read_name(struct reader *reader, const struct json_node *node, void *target)
{
	struct config *config = target;

	reader_text(reader, node, config->organisation_name, LABEL_SIZE);
}

static void read_line(struct reader *reader, const struct json_node *node, void *target)
{
	struct config *config = target;

	reader_text(reader, node, config->address[config->address_count++], LABEL_SIZE);
}

static void read_address(struct reader *reader, const struct json_node *node, void *target)
{
	reader_elements(reader, node, 1, ADDRESS_LINES_MAX, read_line, target);
}

static void read_registration(struct reader *reader, const struct json_node *node, void *target)
{
	struct config *config = target;

	reader_text(reader, node, config->registration, LABEL_SIZE);
}

static void read_receipt_text(struct reader *reader, const struct json_node *node, void *target)
{
	struct config *config = target;

	reader_text(reader, node, config->receipt_text, DESCRIPTION_SIZE);
}

void organisation_read(struct reader *reader, const struct json_node *node, void *target)
{
	static const struct member members[] = {
		{ "id", true, read_id },
		{ "name", true, read_name },
		{ "address", false, read_address },
		{ "registration", false, read_registration },
		{ "receipt_text", false, read_receipt_text },
	};

	reader_members(reader, node, members, sizeof members / sizeof members[0], target);
}
