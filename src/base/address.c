#include "base/address.h"

#include <arpa/inet.h>
#include <string.h>

_Static_assert(sizeof(struct address) == 20, "struct address has no padding");

struct address address_v4(uint8_t a, uint8_t b, uint8_t c, uint8_t d, uint16_t port)
{
	return (struct address){ .family = 4, .port = port, .ip = { a, b, c, d } };
}

struct address address_v6(const uint8_t ip[16], uint16_t port)
{
	struct address a = { .family = 6, .port = port };
	memcpy(a.ip, ip, sizeof a.ip);
	return a;
}

bool address_same_host(const struct address *a, const struct address *b)
{
	return a->family == b->family && memcmp(a->ip, b->ip, sizeof a->ip) == 0;
}

bool address_equal(const struct address *a, const struct address *b)
{
	return a->port == b->port && address_same_host(a, b);
}

/* The finaliser of splitmix64. */
static uint64_t mix(uint64_t z)
{
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

uint64_t address_key(const struct address *a, uint64_t secret)
{
	uint64_t half[2];
	memcpy(half, a->ip, sizeof half);
	uint64_t key = mix(secret ^ half[0]);
	key = mix(key + half[1]);
	return mix(key + ((uint64_t)a->family << 16 | a->port));
}

bool address_parse(struct str text, uint16_t port, struct address *out)
{
	char copy[ADDRESS_ROOM];
	uint8_t ip[16] = { 0 };
	if (text.len >= sizeof copy || memchr(text.at, 0, text.len))
		return false;
	memcpy(copy, text.at, text.len);
	copy[text.len] = 0;
	if (inet_pton(AF_INET, copy, ip) == 1)
		*out = address_v4(ip[0], ip[1], ip[2], ip[3], port);
	else if (inet_pton(AF_INET6, copy, ip) == 1)
		*out = address_v6(ip, port);
	else
		return false;
	return true;
}

void address_text(const struct address *a, char *out)
{
	int family = a->family == 6 ? AF_INET6 : AF_INET;
	if (a->family == 0 || !inet_ntop(family, a->ip, out, ADDRESS_ROOM))
		out[0] = 0;
}
