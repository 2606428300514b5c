#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "config/address.h"
#include "config/nearest.h"
#include "config/url.h"
#include "net/listener.h"

typedef enum err form_check(struct bytes text, struct why *why);

static void assert_good(form_check *check, const char *const *texts)
{
	for (; *texts != NULL; texts++) {
		struct why why = { "" };

		if (check(bytes_of(*texts), &why) != OK)
			fail_msg("\"%s\" is refused: %s", *texts, why.text);
	}
}

static void assert_bad(form_check *check, const char *const *texts)
{
	for (; *texts != NULL; texts++) {
		struct why why = { "" };

		if (check(bytes_of(*texts), &why) != ERR_INPUT)
			fail_msg("\"%s\" is accepted", *texts);
		assert_string_not_equal(why.text, "");
	}
}

static void listen_addresses_are_numeric_sockets_or_descriptors_that_can_be_opened(void **state)
{
	static const char *const good[] = {
		"127.0.0.1:8080", "0.0.0.0:80", "127.0.0.1:0", "[::1]:8080", "[::]:65535", "[2001:db8::1]:1",
		"unix:/run/pledger/operator.sock", "unix:/a", "systemd:0", "systemd:63", NULL,
	};

	(void)state;
	assert_good(address_check_listen, good);
	for (const char *const *text = good; *text != NULL; text++)
		assert_int_equal(listener_check(*text, NULL), OK);
}

static void other_listen_addresses_are_refused(void **state)
{
	static const char *const bad[] = {
		"", "8080", ":8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:080", "127.0.0.1:-1",
		"127.0.0.1:+80", "127.0.0.1:80 ", " 127.0.0.1:80", "127.0.0.1:8o", "127.1:80", "127.0.0.01:80",
		"256.0.0.1:80", "0x7f000001:80", "localhost:80", "example.org:80", "*:80", "::1:80", "[::1]", "[::1]:",
		"[0:0:0:0:0:0:0:1]:80", "[::1]80", "[::1%lo]:80", "[127.0.0.1]:80", "[]:80", "[:80", "unix:", "unix:a",
		"unix:./a", "Unix:/a", "systemd:", "systemd:64", "systemd:01", "systemd:-1", "systemd:x", "tcp:80",
		"127.0.0.1:99999999999999999999",
		"unix:/0123456789012345678901234567890123456789012345678901234567890123456789"
		"012345678901234567890123456789012345678",
		NULL,
	};

	(void)state;
	assert_bad(address_check_listen, bad);
}

static void hosts_are_names_or_addresses_with_or_without_a_port(void **state)
{
	static const char *const good[] = {
		"example.org", "localhost", "a", "a-b.c", "xn--bcher-kva.example", "1und1.de", "127.0.0.1",
		"127.0.0.1:8081", "[::1]", "[::1]:8081", "example.org:443", NULL,
	};
	static const char *const bad[] = {
		"", ".", "a.", ".a", "a..b", "-a", "a-", "a.-b", "Example.org", "ex ample.org", "a_b", "ä.de",
		"example.org:", "example.org:0", "example.org:65536", "example.org:x", "1.2.3", "1.2.3.4.5", "999.1.1.1", "a.1", "1",
		"::1", "[::1", "::1]", "[fe80::1%eth0]", "a/b", "a@b", "a?b", "a#b", "a:b:80", "*.example.org",
		"0123456789012345678901234567890123456789012345678901234567890123.de", NULL,
	};

	(void)state;
	assert_good(address_check_host, good);
	assert_bad(address_check_host, bad);
}

static void proxies_are_addresses_networks_or_unix(void **state)
{
	static const char *const good[] = {
		"127.0.0.1", "10.0.0.0/8", "192.0.2.7/32", "128.0.0.0/1", "::1", "2001:db8::/32", "::1/128", "unix", NULL,
	};
	static const char *const bad[] = {
		"", "/", "0.0.0.0/0", "::/0", "10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/08", "10.0.0.0/x",
		"10.0.0/8", "2001:db8::1/32", "2001:db8::/129", "[::1]", "localhost", "unix:/a", "Unix", "*",
		"10.0.0.0/8/8", "::1%lo", "127.0.0.1:80", NULL,
	};

	(void)state;
	assert_good(address_check_proxy, good);
	assert_bad(address_check_proxy, bad);
}

static void an_api_may_have_a_path_and_plain_http_on_loopback_only(void **state)
{
	static const char *const good[] = {
		"https://api.stripe.com", "https://gateway.example.org/stripe", "https://api.example.org:8443",
		"http://127.0.0.1:12111", "http://127.9.9.9", "http://localhost:1", "http://[::1]:1/a/b", NULL,
	};
	static const char *const bad[] = {
		"", "api.stripe.com", "//api.stripe.com", "HTTPS://api.stripe.com", "ftp://api.stripe.com", "https://",
		"https:///a", "https://api.stripe.com/", "https://api.stripe.com/a/", "https://API.stripe.com",
		"https://user@api.stripe.com", "https://user:secret@api.stripe.com", "https://api.stripe.com?a=b",
		"https://api.stripe.com#a", "https://api.stripe.com/a?b", "https://api.stripe.com:443",
		"http://127.0.0.1:80", "http://api.stripe.com", "http://10.0.0.1", "http://127.0.0.1.example.org",
		"http://localhost.example.org", "http://[::2]", "https://api.stripe.com/a b", "https://api.stripe.com/%zz",
		"https://api.stripe.com\\@evil.example", "https://api.stripe.com:", NULL,
	};

	(void)state;
	assert_good(url_check_api, good);
	assert_bad(url_check_api, bad);
}

static void the_public_url_has_no_path(void **state)
{
	static const char *const good[] = {
		"https://donate.example.org", "http://127.0.0.1:8080", "http://localhost:8080", NULL,
	};
	static const char *const bad[] = {
		"https://example.org/donate", "https://example.org/", "http://example.org", "https://example.org?", NULL,
	};

	(void)state;
	assert_good(url_check_public, good);
	assert_bad(url_check_public, bad);
}

static void a_site_is_an_origin_as_a_browser_spells_it(void **state)
{
	static const char *const good[] = {
		"https://www.example.org", "http://www.example.org", "https://www.example.org:8443", "http://localhost:3000",
		"https://[2001:db8::1]:444", NULL,
	};
	static const char *const bad[] = {
		"*", "null", "www.example.org", "https://www.example.org/", "https://www.example.org/a",
		"https://www.example.org:443", "http://www.example.org:80", "https://WWW.example.org",
		"https://*.example.org", "https://a@www.example.org", "https://[2001:DB8::1]", NULL,
	};

	(void)state;
	assert_good(url_check_origin, good);
	assert_bad(url_check_origin, bad);
}

static void a_misspelled_name_leads_to_the_nearest(void **state)
{
	static const char *const names[] = { "id", "label", "amount", "webhook_secret_files" };
	static const struct { const char *wrong; const char *meant; } cases[] = {
		{ "Id", "id" }, { "lable", "label" }, { "ammount", "amount" }, { "webhook_secrets_file", "webhook_secret_files" },
		{ "b", NULL }, { "", NULL }, { "price", NULL }, { "xyz", NULL },
		{ "0123456789012345678901234567890123456789012345678", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const char *found = nearest_name(bytes_of(cases[i].wrong), names, 4);

		if (cases[i].meant == NULL)
			assert_null(found);
		else
			assert_string_equal(found, cases[i].meant);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(listen_addresses_are_numeric_sockets_or_descriptors_that_can_be_opened),
		cmocka_unit_test(other_listen_addresses_are_refused),
		cmocka_unit_test(hosts_are_names_or_addresses_with_or_without_a_port),
		cmocka_unit_test(proxies_are_addresses_networks_or_unix),
		cmocka_unit_test(an_api_may_have_a_path_and_plain_http_on_loopback_only),
		cmocka_unit_test(the_public_url_has_no_path),
		cmocka_unit_test(a_site_is_an_origin_as_a_browser_spells_it),
		cmocka_unit_test(a_misspelled_name_leads_to_the_nearest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
