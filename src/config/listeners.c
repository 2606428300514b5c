#include "config/listeners.h"

#include <stdio.h>
#include <string.h>

#include "config/address.h"
#include "config/url.h"

enum { TOKEN_LENGTH_MIN = 16 };

typedef enum err form_check(struct bytes text, struct why *why);

void listeners_default(struct config *config)
{
	snprintf(config->public_listen, LISTEN_SIZE, "127.0.0.1:8080");
	snprintf(config->operator_listen, LISTEN_SIZE, "127.0.0.1:8081");
}

/* Read a text that has to pass a check of its form. */
static bool read_checked(struct reader *reader, const struct json_node *node, char *out, size_t size,
                         form_check *check)
{
	struct why why;

	if (!reader_text(reader, node, out, size))
		return false;
	if (check(bytes_of(out), &why) == OK)
		return true;
	out[0] = '\0';
	reader_problem(reader, node, "%s", why.text);
	return false;
}

/* Read one more row of a list of texts, none of which may stand there twice. */
static void read_row(struct reader *reader, const struct json_node *node, char *rows, size_t size,
                     size_t *count, form_check *check)
{
	char *row = rows + *count * size;

	if (!read_checked(reader, node, row, size, check))
		return;
	for (size_t i = 0; i < *count; i++)
		if (strcmp(rows + i * size, row) == 0) {
			reader_problem(reader, node, "\"%s\" is in the list twice", row);
			return;
		}
	(*count)++;
}

/* ---- public ---- */

static void read_public_listen(struct reader *reader, const struct json_node *node, void *target)
{
	struct config *config = target;

	read_checked(reader, node, config->public_listen, LISTEN_SIZE, address_check_listen);
}

static void read_url(struct reader *reader, const struct json_node *node, void *target)
{
	struct config *config = target;

	read_checked(reader, node, config->public_url, URL_SIZE, url_check_public);
}

static void read_site(struct reader *reader, const struct json_node *node, void *target)
{
	struct config *config = target;

	read_row(reader, node, config->sites[0], URL_SIZE, &config->site_count, url_check_origin);
}

static void read_sites(struct reader *reader, const struct json_node *node, void *target)
{
	reader_elements(reader, node, 0, SITES_MAX, read_site, target);
}

static void read_proxy(struct reader *reader, const struct json_node *node, void *target)
{
	struct config *config = target;

	read_row(reader, node, config->trusted_proxies[0], PROXY_SIZE, &config->trusted_proxy_count,
	         address_check_proxy);
}

static void read_proxies(struct reader *reader, const struct json_node *node, void *target)
{
	reader_elements(reader, node, 0, PROXIES_MAX, read_proxy, target);
}

void listeners_read_public(struct reader *reader, const struct json_node *node, void *target)
{
	static const struct member members[] = {
		{ "listen", false, read_public_listen },
		{ "url", true, read_url },
		{ "sites", false, read_sites },
		{ "trusted_proxies", false, read_proxies },
	};

	reader_members(reader, node, members, sizeof members / sizeof members[0], target);
}

/* ---- operator ---- */

static void read_operator_listen(struct reader *reader, const struct json_node *node, void *target)
{
	struct config *config = target;

	read_checked(reader, node, config->operator_listen, LISTEN_SIZE, address_check_listen);
}

static void read_host(struct reader *reader, const struct json_node *node, void *target)
{
	struct config *config = target;

	read_row(reader, node, config->operator_hosts[0], HOST_SIZE, &config->operator_host_count,
	         address_check_host);
}

static void read_hosts(struct reader *reader, const struct json_node *node, void *target)
{
	reader_elements(reader, node, 1, SITES_MAX, read_host, target);
}

static void read_token(struct reader *reader, const struct json_node *node, void *target)
{
	struct config *config = target;

	if (reader_secret(reader, node, config->operator_token_file, &config->operator_token) && config->operator_token.length < TOKEN_LENGTH_MIN)
		reader_problem(reader, node, "the token in that file has fewer than %d characters", TOKEN_LENGTH_MIN);
}

/* Where no hosts are named: the address itself, and localhost on its port. */
static void default_hosts(struct config *config)
{
	struct bytes port = address_split(bytes_of(config->operator_listen)).port;
	bool tcp = config->operator_listen[0] != '\0' && strncmp(config->operator_listen, "systemd:", 8) != 0
	           && strncmp(config->operator_listen, "unix:", 5) != 0;

	if (tcp)
		snprintf(config->operator_hosts[config->operator_host_count++], HOST_SIZE, "%s", config->operator_listen);
	snprintf(config->operator_hosts[config->operator_host_count++], HOST_SIZE, "localhost%s%.*s",
	         tcp ? ":" : "", tcp ? (int)port.length : 0, tcp ? port.data : "");
}

static bool is_any_port(const char *listen)
{
	return bytes_is(address_split(bytes_of(listen)).port, "0") && strncmp(listen, "systemd:", 8) != 0;
}

void listeners_read_operator(struct reader *reader, const struct json_node *node, void *target)
{
	static const struct member members[] = {
		{ "listen", false, read_operator_listen },
		{ "hosts", false, read_hosts },
		{ "token_file", true, read_token },
	};
	struct config *config = target;

	reader_members(reader, node, members, sizeof members / sizeof members[0], target);
	if (config->operator_host_count == 0)
		default_hosts(config);
	if (config->operator_listen[0] != '\0' && strcmp(config->operator_listen, config->public_listen) == 0
	    && !is_any_port(config->operator_listen))
		reader_problem(reader, node, "\"operator\" would listen where \"public\" does, on \"%s\"",
		               config->operator_listen);
}
