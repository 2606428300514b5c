/*
 * page_text.h -- the payment page's style sheet.
 */
#ifndef SANDBOX_PAGE_TEXT_H
#define SANDBOX_PAGE_TEXT_H

extern const char page_style[];

#endif
