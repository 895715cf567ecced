#include "sys/network.h"

#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>

#include "sys/network_priv.h"

socklen_t address_to_kernel(const struct address *a, struct sockaddr_storage *out)
{
	memset(out, 0, sizeof *out);
	if (a->family == ADDRESS_IPV4) {
		struct sockaddr_in s = { .sin_family = AF_INET, .sin_port = htons(a->port) };
		memcpy(&s.sin_addr, a->ip, sizeof s.sin_addr);
		memcpy(out, &s, sizeof s);
		return sizeof s;
	}
	struct sockaddr_in6 s = { .sin6_family = AF_INET6, .sin6_port = htons(a->port) };
	memcpy(&s.sin6_addr, a->ip, sizeof s.sin6_addr);
	memcpy(out, &s, sizeof s);
	return sizeof s;
}

bool address_from_kernel(const struct sockaddr_storage *s, struct address *out)
{
	if (s->ss_family == AF_INET) {
		struct sockaddr_in in;
		uint8_t ip[4];
		memcpy(&in, s, sizeof in);
		memcpy(ip, &in.sin_addr, sizeof ip);
		*out = address_ipv4(ip, ntohs(in.sin_port));
		return true;
	}
	if (s->ss_family != AF_INET6)
		return false;
	struct sockaddr_in6 in;
	memcpy(&in, s, sizeof in);
	if (IN6_IS_ADDR_V4MAPPED(&in.sin6_addr))
		*out = address_ipv4(in.sin6_addr.s6_addr + 12, ntohs(in.sin6_port));
	else
		*out = address_ipv6(in.sin6_addr.s6_addr, ntohs(in.sin6_port));
	return true;
}

enum err err_of_bind(void)
{
	switch (errno) {
	case EADDRINUSE:
		return ERR_CONFLICT;
	case EADDRNOTAVAIL:
	case EAFNOSUPPORT:
		return ERR_NOT_FOUND;
	case EACCES:
		return ERR_DENIED;
	default:
		return ERR_SYS;
	}
}

static bool is_of_use(const struct ifaddrs *i, struct address *out)
{
	struct sockaddr_storage s = { 0 };
	if (!i->ifa_addr || !(i->ifa_flags & IFF_UP) || (i->ifa_flags & IFF_LOOPBACK))
		return false;
	if (i->ifa_addr->sa_family == AF_INET)
		memcpy(&s, i->ifa_addr, sizeof(struct sockaddr_in));
	else if (i->ifa_addr->sa_family == AF_INET6)
		memcpy(&s, i->ifa_addr, sizeof(struct sockaddr_in6));
	if (!address_from_kernel(&s, out))
		return false;
	return out->family == ADDRESS_IPV4 || out->ip[0] != 0xfe || (out->ip[1] & 0xc0) != 0x80;
}

size_t network_addresses(struct address *out, size_t cap)
{
	struct ifaddrs *all = NULL;
	size_t n = 0;
	if (getifaddrs(&all) == 0)
		for (struct ifaddrs *i = all; i && n < cap; i = i->ifa_next)
			n += is_of_use(i, &out[n]);
	freeifaddrs(all);
	if (n == 0 && cap > 0)
		out[n++] = address_ipv4((const uint8_t[4]){ 127, 0, 0, 1 }, 0);
	return n;
}
