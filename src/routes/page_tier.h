/*
 * page_tier.h -- what a page says of the tiers of a campaign, and which of them is chosen.
 */
#ifndef ROUTES_PAGE_TIER_H
#define ROUTES_PAGE_TIER_H

#include "routes/page_data.h"

/* The place of a tier in its campaign; the number of tiers where there is none of that id, or `id` is NULL. */
size_t page_tier_place(const struct campaign *campaign, const char *id);

/*
 * The place of the wanted one, or of the default where `wanted` is NULL or not of the campaign. Where that cannot be given: of
 * one of its interval that can, else of any that can; among several of the default, else of the first. It itself where none can.
 */
size_t page_tier_chosen(const struct campaign *campaign, const struct offer *offer, const char *wanted);

/*
 * As values of the open object: id, label, text, amount, the flags once, month and year, checked, gone (it is sold
 * out, and so it is not checked either), limited (there is a number of them), and then
 * left.
 */
void page_tier(struct page_data *data, const struct campaign *campaign, const struct offer *offer, size_t place, bool checked);

#endif
