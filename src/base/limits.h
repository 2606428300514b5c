/*
 * limits.h -- every ceiling in one place. Hitting one is ERR_TOO_BIG or
 * ERR_BUSY, never truncation.
 */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

enum {
	/* text; sizes include the terminating NUL */
	ID_SIZE = 33,             /* campaign, tier and provider account ids */
	TOKEN_SIZE = 31,          /* plg_… and rcp_… */
	OBJECT_ID_SIZE = 256,     /* an id that a provider made */
	REFERENCE_SIZE = 41,      /* what an operator calls an entry: [A-Za-z0-9._/-]{1,40} */
	RATE_SIZE = 33,           /* a rate of exchange, decimal digits as the provider said them */
	CURRENCY_SIZE = 13,
	AMOUNT_TEXT_SIZE = 34,    /* a decimal amount as text */
	TIME_TEXT_SIZE = 28,      /* 2026-11-22T10:59:09.123456Z */
	ADDRESS_LINES_MAX = 8,    /* of the organisation's address */
	LABEL_SIZE = 256,         /* titles and labels */
	DESCRIPTION_SIZE = 2048,  /* a campaign's or tier's text */
	URL_SIZE = 512,           /* URLs of the configuration */
	PATH_SIZE = 1024,         /* paths of the configuration */
	SECRET_SIZE = 256,

	/* numbers of things */
	CAMPAIGNS_MAX = 64,
	TIERS_MAX = 32,           /* in one campaign */
	MARKS_MAX = 16,
	ACCOUNTS_MAX = 16,        /* provider accounts */
	SECRETS_MAX = 4,          /* active webhook secrets of one account */
	SITES_MAX = 32,           /* origins that may ask for /v1/tiers */
	PROXIES_MAX = 16,
	LOOK_LINKS_MAX = 8,       /* at the foot of the pages */
	REFS_MAX = 8,             /* object ids that one entry names */
	POSTINGS_MAX = 16,        /* of one entry */
	EVENTS_MAX = 16,          /* that one delivery may tell of */

	/* bytes on the wire */
	HTTP_FIELDS_MAX = 64,
	CHECKOUT_BODY_BYTES_MAX = 8 * 1024,
	OPERATION_BODY_BYTES_MAX = 8 * 1024,
	WEBHOOK_BODY_BYTES_MAX = 512 * 1024,
	ANSWER_BODY_BYTES_MAX = 1024 * 1024, /* of a provider's answer */
	CONFIG_BYTES_MAX = 1024 * 1024,
	LOGO_BYTES_MAX = 128 * 1024,
	JSON_DEPTH_MAX = 32,
	JSON_NODES_MAX = 32 * 1024,

	/* the ledger */
	LINE_BYTES_MAX = 32 * 1024,         /* without the LF */
	BATCH_BYTES_MAX = 1024 * 1024,
	SUBMISSIONS_MAX = 8 * 1024,         /* waiting for the writer */
};

#endif
