/*
 * address.h - where a packet came from or goes to: IP address and port.
 *
 * A plain value without padding.  An IPv4 address stands in the first four
 * bytes of ip, the other twelve are 0; a v4-mapped IPv6 address is never
 * kept as such (sys/udp.h turns it into family 4).
 */
#ifndef PVL_BASE_ADDRESS_H
#define PVL_BASE_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct address {
	uint8_t family; /* 4 or 6; 0: none */
	uint8_t zero;
	uint16_t port; /* host order */
	uint8_t ip[16];
};

enum {
	ADDRESS_ROOM = 64, /* for address_text, NUL included */
};

struct address address_v4(uint8_t a, uint8_t b, uint8_t c, uint8_t d, uint16_t port);
struct address address_v6(const uint8_t ip[16], uint16_t port);
bool address_equal(const struct address *a, const struct address *b);
/* The same host, whatever the port. */
bool address_same_host(const struct address *a, const struct address *b);
/* A key for base/map.h; with a secret drawn at start nobody can choose keys that collide.
 * Two addresses may share a key, so compare with address_equal after the lookup. */
uint64_t address_key(const struct address *a, uint64_t secret);
/* "192.0.2.1" or "2001:db8::1" without a port; false for anything else. */
bool address_parse(struct str text, uint16_t port, struct address *out);
/* The IP alone, as SDP wants it, into ADDRESS_ROOM bytes.  Never for logs. */
void address_text(const struct address *a, char *out);

#endif
