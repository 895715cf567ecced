/*
 * address.h - where a datagram comes from or goes to: an IP address and a port, as a pure value.
 *
 * One that came in a TCP connection (RFC 6544) has the address of that connection
 * and says so; it is another address than the same numbers over UDP.
 *
 * With it goes the way: which of this machine's own addresses the datagram came to or leaves
 * from (ICE's candidate pair, RFC 8445 section 4).  One peer on two ways has two values.
 *
 * sys/udp.h converts to and from the kernel's form, and there turns
 * IPv4-mapped IPv6 addresses into IPv4, so that one peer has one value.
 * No value of this kind ever reaches a log line.
 */
#ifndef PVL_BASE_ADDRESS_H
#define PVL_BASE_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum address_family {
	ADDRESS_NONE = 0,
	ADDRESS_IPV4 = 4,
	ADDRESS_IPV6 = 6,
};

struct address {
	uint8_t family; /* enum address_family */
	uint8_t via;    /* own address, by number of struct udp_locals; 0: the kernel chooses */
	bool tcp;       /* else UDP */
	uint16_t port;  /* host order */
	uint8_t ip[16]; /* network order; IPv4 uses the first four, the rest is zero */
};

enum {
	ADDRESS_TEXT_ROOM = 46, /* NUL included */
};

struct address address_ipv4(const uint8_t ip[4], uint16_t port);
struct address address_ipv6(const uint8_t ip[16], uint16_t port);
bool address_equal(const struct address *a, const struct address *b);
/* The same host, whatever the port, the way and the protocol. */
bool address_same_host(const struct address *a, const struct address *b);
/*
 * 64 bits that stand for the address in a struct map: SipHash-1-3 under a secret,
 * so that nobody can choose addresses that fall together.  Check address_equal()
 * on what the map finds.
 */
uint64_t address_key(const struct address *a, const uint64_t secret[2]);
/* The IP alone, as SDP writes it; "" for ADDRESS_NONE. */
void address_to_text(const struct address *a, char out[ADDRESS_TEXT_ROOM]);
/* An IPv4 or IPv6 address without port; false for anything else. */
bool address_from_text(struct str text, uint16_t port, struct address *out);

#endif
