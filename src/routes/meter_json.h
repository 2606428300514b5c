/*
 * meter_json.h -- a meter as JSON (schemas/meter.schema.json): what /v1/tiers and
 * /v1/meter/{campaign} say of it, and the file that `pledger publish` writes.
 */
#ifndef ROUTES_METER_JSON_H
#define ROUTES_METER_JSON_H

#include "base/json_write.h"
#include "domain/campaign.h"
#include "service/meter.h"

/* The object "meter" as the next member of the open object; a failure is the buffer's. */
void meter_json_member(struct json_write *json, const struct campaign *campaign, const struct meter *meter);

/* The body of /v1/meter/{campaign}; a failure is the buffer's. */
void meter_json_write(struct buffer *out, const struct campaign *campaign, const struct meter *meter);

#endif
