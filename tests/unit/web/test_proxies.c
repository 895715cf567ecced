/* Whose address counts behind proxies: nobody can choose it who is not one of them. */
#include "web/proxies.h"

#include "../check.h"

static struct address ip(const char *text)
{
	struct address address;
	assert_true(address_from_text(str_from(text), 0, &address));
	return address;
}

static void only_what_our_own_proxies_added_is_believed(void **state)
{
	(void)state;
	static const struct {
		const char *connection, *forwarded, *asker;
	} cases[] = {
		/* No proxy: what it says counts for nothing. */
		{ "198.51.100.7", "", "198.51.100.7" },
		{ "198.51.100.7", "203.0.113.9", "198.51.100.7" },
		{ "198.51.100.7", "10.0.0.1", "198.51.100.7" },
		/* One of ours: the entry that it added, not what was there before. */
		{ "10.0.0.1", "203.0.113.9", "203.0.113.9" },
		{ "10.0.0.1", "127.0.0.1, 203.0.113.9", "203.0.113.9" },
		{ "10.0.0.1", "127.0.0.1,203.0.113.9 ", "203.0.113.9" },
		{ "10.0.0.1", "2001:db8::5", "2001:db8::5" },
		/* Two of ours, one behind the other. */
		{ "10.0.0.1", "192.0.2.1, 203.0.113.9, 10.0.0.2", "203.0.113.9" },
		{ "::1", "203.0.113.9", "203.0.113.9" },
		/* It says nothing that can be used: then it is itself. */
		{ "10.0.0.1", "", "10.0.0.1" },
		{ "10.0.0.1", "unknown", "10.0.0.1" },
		{ "10.0.0.1", "203.0.113.9, ", "10.0.0.1" },
		{ "10.0.0.1", "203.0.113.9:4711", "10.0.0.1" },
		{ "10.0.0.1", ",,,,", "10.0.0.1" },
		{ "10.0.0.1", "198.51.100.7, nonsense, 10.0.0.2", "10.0.0.2" },
	};
	struct proxies proxies = { 0 };
	assert_true(proxies_add(&proxies, STR("10.0.0.1")));
	assert_true(proxies_add(&proxies, STR("10.0.0.2")));
	assert_true(proxies_add(&proxies, STR("::1")));
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct address connection = ip(cases[i].connection);
		struct address asker =
		    proxies_asker(&proxies, &connection, str_from(cases[i].forwarded));
		char text[ADDRESS_TEXT_ROOM];
		address_to_text(&asker, text);
		assert_string_equal(text, cases[i].asker);
	}
}

static void a_proxy_is_an_address_and_there_are_few(void **state)
{
	(void)state;
	struct proxies proxies = { 0 };
	assert_false(proxies_add(&proxies, STR("proxy.example")));
	assert_false(proxies_add(&proxies, STR("10.0.0.0/8")));
	for (int i = 0; i < PROXIES_MAX; i++)
		assert_true(proxies_add(&proxies, STR("10.0.0.1")));
	assert_false(proxies_add(&proxies, STR("10.0.0.1")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(only_what_our_own_proxies_added_is_believed),
		TEST(a_proxy_is_an_address_and_there_are_few),
	};
	return RUN("web/proxies", tests);
}
