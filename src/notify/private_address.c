#include "notify/private_address.h"

#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

#include "base/assert.h"

static const struct {
	uint32_t net;
	int bits;
} IPV4[] = {
	{ 0x00000000, 8 },  /* this network */
	{ 0x0a000000, 8 },  /* private */
	{ 0x64400000, 10 }, /* shared, RFC 6598 */
	{ 0x7f000000, 8 },  /* loopback */
	{ 0xa9fe0000, 16 }, /* link-local: clouds tell secrets at 169.254.169.254 */
	{ 0xac100000, 12 }, /* private */
	{ 0xc0000000, 24 }, /* protocol assignments */
	{ 0xc0000200, 24 }, /* documentation */
	{ 0xc0586300, 24 }, /* 6to4 relays */
	{ 0xc0a80000, 16 }, /* private */
	{ 0xc6120000, 15 }, /* benchmarks */
	{ 0xc6336400, 24 }, /* documentation */
	{ 0xcb007100, 24 }, /* documentation */
	{ 0xe0000000, 4 },  /* multicast */
	{ 0xf0000000, 4 },  /* reserved, broadcast */
};

static bool ipv4_is_private(uint32_t address)
{
	for (size_t i = 0; i < ARRAY_LEN(IPV4); i++)
		if ((address ^ IPV4[i].net) >> (32 - IPV4[i].bits) == 0)
			return true;
	return false;
}

static uint32_t ipv4_at(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* Only 2000::/3 is public at all; within it some carry IPv4, or are documentation. */
static bool ipv6_is_private(const uint8_t *at)
{
	static const uint8_t MAPPED[12] = { [10] = 0xff, [11] = 0xff };
	static const uint8_t NAT64[12] = { 0x00, 0x64, 0xff, 0x9b };
	if (memcmp(at, MAPPED, 12) == 0 || memcmp(at, NAT64, 12) == 0)
		return ipv4_is_private(ipv4_at(at + 12));
	if ((at[0] & 0xe0) != 0x20)
		return true;
	if (at[0] == 0x20 && at[1] == 0x02) /* 6to4 */
		return ipv4_is_private(ipv4_at(at + 2));
	bool teredo_and_others = at[0] == 0x20 && at[1] == 0x01 && at[2] < 0x02;
	bool documentation = at[0] == 0x20 && at[1] == 0x01 && at[2] == 0x0d && at[3] == 0xb8;
	return teredo_and_others || documentation;
}

bool address_is_private(const struct sockaddr *address)
{
	if (address->sa_family == AF_INET) {
		struct sockaddr_in in;
		memcpy(&in, address, sizeof in);
		return ipv4_is_private(ntohl(in.sin_addr.s_addr));
	}
	if (address->sa_family != AF_INET6)
		return true;
	struct sockaddr_in6 in6;
	memcpy(&in6, address, sizeof in6);
	return ipv6_is_private(in6.sin6_addr.s6_addr);
}
