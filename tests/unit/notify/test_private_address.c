#include "notify/private_address.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/assert.h"
#include "tests/unit/check.h"

static bool is_private(const char *text)
{
	struct sockaddr_storage room = { 0 };
	struct sockaddr_in *in = (struct sockaddr_in *)&room;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&room;
	if (inet_pton(AF_INET, text, &in->sin_addr) == 1)
		in->sin_family = AF_INET;
	else if (inet_pton(AF_INET6, text, &in6->sin6_addr) == 1)
		in6->sin6_family = AF_INET6;
	else
		CHECK(!"an address");
	return address_is_private((const struct sockaddr *)&room);
}

static void what_lies_inside_a_network_is_private(void **state)
{
	(void)state;
	static const char *const INSIDE[] = {
		"0.0.0.0",
		"10.0.0.1",
		"10.255.255.255",
		"100.64.0.1",
		"100.127.255.255",
		"127.0.0.1",
		"169.254.169.254",
		"172.16.0.1",
		"172.31.255.255",
		"192.168.1.1",
		"192.0.2.1",
		"198.18.0.1",
		"224.0.0.1",
		"255.255.255.255",
		"::",
		"::1",
		"fe80::1",
		"fc00::1",
		"fdff::1",
		"ff02::1",
		"::ffff:10.0.0.1",
		"::ffff:127.0.0.1",
		"64:ff9b::7f00:1",
		"2002:7f00:1::",
		"2001:db8::1",
		"2001::1",
	};
	static const char *const OUTSIDE[] = {
		"1.1.1.1",           "8.8.8.8",        "9.255.255.255",    "11.0.0.0",
		"100.63.255.255",    "100.128.0.0",    "172.15.255.255",   "172.32.0.0",
		"192.167.255.255",   "192.169.0.0",    "223.255.255.255",  "2606:4700::1111",
		"2a00:1450:4009::1", "::ffff:8.8.8.8", "64:ff9b::808:808", "2001:4860::8888",
	};
	for (size_t i = 0; i < ARRAY_LEN(INSIDE); i++)
		CHECK(is_private(INSIDE[i]));
	for (size_t i = 0; i < ARRAY_LEN(OUTSIDE); i++)
		CHECK(!is_private(OUTSIDE[i]));
	CHECK(address_is_private(&(struct sockaddr){ .sa_family = AF_UNIX }));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_lies_inside_a_network_is_private),
	};
	return RUN("notify/private_address", tests);
}
