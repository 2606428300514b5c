/*
 * page_look.h -- how the organisation shows itself (config.h): its colours as style,
 * its logo, the foot of its pages.
 */
#ifndef ROUTES_PAGE_LOOK_H
#define ROUTES_PAGE_LOOK_H

#include "routes/page_data.h"

/* Where the logo is. */
#define PAGE_LOGO_PATH "/logo"

/*
 * Append the chosen colours as rules of style that go behind a style sheet's own. Nothing where none was chosen; `config`
 * may be NULL. Nothing of it means anything in HTML. A failure is the buffer's.
 */
void page_look_style(struct buffer *out, const struct config *config);

/* The same for a selector inside another page, by the page's own scheme of colours. */
void page_look_style_for(struct buffer *out, const struct config *config, const char *selector);

/* "colours", "logo" (its text; absent: there is none), "foot", "foot_links". */
void page_look(struct page_data *data, const struct config *config);

#endif
