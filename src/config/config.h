/*
 * config.h -- the one JSON file of an installation, read and checked.
 *
 * Every mistake is reported with line and column, not only the first. Secrets
 * are never in the file: `*_file` members name files that only their owner may
 * read. The contract is schemas/config.schema.json; what a schema cannot say is
 * checked here (see docs/configuration.md).
 */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/limits.h"
#include "domain/campaign.h"
#include "domain/palette.h"
#include "domain/provider_account.h"

enum { CONFIG_PROBLEMS_MAX = 64, LISTEN_SIZE = 128, HOST_SIZE = 256, PROXY_SIZE = 64 };

/* Where something stands in the file. */
struct config_place {
	unsigned line;   /* from 1 */
	unsigned column; /* from 1, in bytes */
};

/* For mistakes that only what is outside the file shows. */
struct config_places {
	struct config_place organisation;                  /* its id */
	struct config_place mode;
	struct config_place accounts[ACCOUNTS_MAX];        /* their ids */
	struct config_place campaigns[CAMPAIGNS_MAX];      /* their ids */
	struct config_place currencies[CAMPAIGNS_MAX];
	struct config_place tiers[CAMPAIGNS_MAX][TIERS_MAX];   /* their ids */
	struct config_place amounts[CAMPAIGNS_MAX][TIERS_MAX];
};

struct look_link {
	char text[LABEL_SIZE];
	char url[URL_SIZE];
};

/* How the organisation shows itself on its pages. */
struct look {
	bool has_colours;                   /* the palettes are not the style sheets' own */
	struct palette palettes[SCHEMES];
	char logo_file[PATH_SIZE];          /* "": there is none */
	struct buffer logo;                 /* its bytes; empty where the secrets were not read */
	const char *logo_type;              /* what they are: "image/png" */
	char logo_text[LABEL_SIZE];         /* what who does not see it hears; "": the organisation's name */
	char foot[DESCRIPTION_SIZE];
	struct look_link links[LOOK_LINKS_MAX];
	size_t link_count;
};

struct config {
	/* the organisation */
	char organisation_id[ID_SIZE];
	char organisation_name[LABEL_SIZE];
	char address[ADDRESS_LINES_MAX][LABEL_SIZE]; /* its lines, for receipts */
	size_t address_count;
	char registration[LABEL_SIZE];      /* its number at a register or tax office, as receipts show it; "": none */
	char receipt_text[DESCRIPTION_SIZE]; /* what receipts say at their end; "": nothing */
	bool live;                          /* "mode": "live" or "test" */
	char data_dir[PATH_SIZE];           /* a relative one starts with the configuration's folder here */

	/* the public listener */
	char public_listen[LISTEN_SIZE];
	char public_url[URL_SIZE];          /* how donors reach it, without a trailing '/' */
	char sites[SITES_MAX][URL_SIZE];    /* origins that may read /v1/tiers by script */
	size_t site_count;
	char trusted_proxies[PROXIES_MAX][PROXY_SIZE]; /* addresses or networks: "127.0.0.1", "10.0.0.0/8", "unix" */
	size_t trusted_proxy_count;

	/* the operator's listener */
	char operator_listen[LISTEN_SIZE];
	char operator_hosts[SITES_MAX][HOST_SIZE]; /* Host values it answers to, in lower case */
	size_t operator_host_count;
	struct secret operator_token;
	char operator_token_file[PATH_SIZE]; /* the file that it is in */

	/* budgets of opened sessions, a minute */
	unsigned sessions_per_address;
	unsigned sessions_total;

	struct look look;

	unsigned reconcile_minutes;         /* between two reconciliations; 0: only when somebody asks */
	uint64_t reserve_bytes;             /* free space below which no pledges are taken */
	uint64_t segment_bytes;             /* beyond which a file of the ledger does not grow */

	struct provider_account accounts[ACCOUNTS_MAX];
	size_t account_count;               /* the first one is the default; api_url is "" where the file has none */
	struct campaign *campaigns;
	size_t campaign_count;

	struct config_places places;
};

struct config_problem {
	struct config_place place;
	char text[WHY_SIZE];
};

struct config_problems {
	struct config_problem items[CONFIG_PROBLEMS_MAX];
	size_t count;
	bool more; /* there were more than fit */
};

/*
 * Read and check the file at `path`; with `read_secrets` false the secret files
 * are not opened, and what is read is good for checking only. On OK the caller
 * owns `*config`. ERR_INPUT when something is wrong: `problems` then holds every
 * mistake, sorted by line. ERR_STORAGE when the file cannot be read (one
 * problem at line 0), ERR_MEMORY. `providers` lists the adapters' names that
 * exist, ended by NULL.
 */
MUST_CHECK enum err config_read(const char *path, bool read_secrets, const char *const *providers,
                                struct config **config, struct config_problems *problems);

/* The same from text: `folder` is what relative paths start from. */
MUST_CHECK enum err config_parse(struct bytes text, const char *folder, bool read_secrets,
                                 const char *const *providers,
                                 struct config **config, struct config_problems *problems);

/* Wipe the secrets, free and null. Does nothing with NULL. */
void config_free(struct config **config);

/* NULL when there is none of that id. */
const struct campaign *config_campaign(const struct config *config, struct bytes id);
const struct provider_account *config_account(const struct config *config, struct bytes id);

/* The tier of that id and, in `*campaign`, what it belongs to; NULL when there is none. */
const struct tier *config_tier(const struct config *config, struct bytes id,
                               const struct campaign **campaign);

#endif
