/*
 * network_priv.h - addresses as the kernel has them, shared by udp.c and tcp.c.
 */
#ifndef PVL_SYS_NETWORK_PRIV_H
#define PVL_SYS_NETWORK_PRIV_H

#include <stdbool.h>
#include <sys/socket.h>

#include "base/address.h"
#include "base/err.h"

socklen_t address_to_kernel(const struct address *a, struct sockaddr_storage *out);
/* IPv4-mapped IPv6 becomes IPv4; false for other families. */
bool address_from_kernel(const struct sockaddr_storage *s, struct address *out);
/* What errno says after bind(). */
enum err err_of_bind(void);

#endif
