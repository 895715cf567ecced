/*
 * private_address.h - which addresses lie inside somebody's own network.
 *
 * What an administrator types as a webhook's address must not make our own
 * machine knock at doors inside its network (server-side request forgery).
 * Loopback, link-local, private, shared, documentation, multicast and reserved
 * ranges of RFC 6890 and its IANA registries, in IPv4, IPv6 and IPv4 within IPv6.
 */
#ifndef PVL_NOTIFY_PRIVATE_ADDRESS_H
#define PVL_NOTIFY_PRIVATE_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

/* What is neither IPv4 nor IPv6 counts as private. */
bool address_is_private(const struct sockaddr *address);

#endif
