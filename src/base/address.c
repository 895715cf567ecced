#include "base/address.h"

#include <arpa/inet.h>
#include <string.h>

struct address address_ipv4(const uint8_t ip[4], uint16_t port)
{
	struct address a = { .family = ADDRESS_IPV4, .port = port };
	memcpy(a.ip, ip, 4);
	return a;
}

struct address address_ipv6(const uint8_t ip[16], uint16_t port)
{
	struct address a = { .family = ADDRESS_IPV6, .port = port };
	memcpy(a.ip, ip, sizeof a.ip);
	return a;
}

bool address_same_host(const struct address *a, const struct address *b)
{
	return a->family == b->family && memcmp(a->ip, b->ip, sizeof a->ip) == 0;
}

bool address_equal(const struct address *a, const struct address *b)
{
	return a->port == b->port && a->via == b->via && a->tcp == b->tcp &&
	       address_same_host(a, b);
}

static uint64_t rotate(uint64_t x, int k)
{
	return (x << k) | (x >> (64 - k));
}

static void sip_round(uint64_t v[4])
{
	v[0] += v[1];
	v[1] = rotate(v[1], 13) ^ v[0];
	v[0] = rotate(v[0], 32);
	v[2] += v[3];
	v[3] = rotate(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = rotate(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = rotate(v[1], 17) ^ v[2];
	v[2] = rotate(v[2], 32);
}

static void sip_word(uint64_t v[4], uint64_t word)
{
	v[3] ^= word;
	sip_round(v);
	v[0] ^= word;
}

/* SipHash-1-3 (J.-P. Aumasson, D. J. Bernstein) over the 21 bytes ip, port, family, via, tcp. */
uint64_t address_key(const struct address *a, const uint64_t secret[2])
{
	uint64_t half[2];
	uint64_t v[4] = { secret[0] ^ 0x736f6d6570736575u, secret[1] ^ 0x646f72616e646f6du,
			  secret[0] ^ 0x6c7967656e657261u, secret[1] ^ 0x7465646279746573u };
	memcpy(half, a->ip, sizeof half);
	sip_word(v, half[0]);
	sip_word(v, half[1]);
	sip_word(v, (uint64_t)21 << 56 | (uint64_t)a->tcp << 32 | (uint64_t)a->via << 24 |
			(uint64_t)a->family << 16 | a->port);
	v[2] ^= 0xff;
	for (int i = 0; i < 3; i++)
		sip_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

void address_to_text(const struct address *a, char out[ADDRESS_TEXT_ROOM])
{
	int family = a->family == ADDRESS_IPV6 ? AF_INET6 : AF_INET;
	if (a->family == ADDRESS_NONE || !inet_ntop(family, a->ip, out, ADDRESS_TEXT_ROOM))
		out[0] = 0;
}

bool address_from_text(struct str text, uint16_t port, struct address *out)
{
	char copy[ADDRESS_TEXT_ROOM];
	uint8_t ip[16] = { 0 };
	if (text.len >= sizeof copy || (text.len && memchr(text.at, 0, text.len)))
		return false;
	if (text.len)
		memcpy(copy, text.at, text.len);
	copy[text.len] = 0;
	if (inet_pton(AF_INET, copy, ip) == 1)
		*out = address_ipv4(ip, port);
	else if (inet_pton(AF_INET6, copy, ip) == 1)
		*out = address_ipv6(ip, port);
	else
		return false;
	return true;
}
