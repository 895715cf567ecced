/*
 * network.h - the addresses of this machine.
 */
#ifndef PVL_SYS_NETWORK_H
#define PVL_SYS_NETWORK_H

#include <stddef.h>

#include "base/address.h"

/* Addresses of interfaces that are up, without loopback and link-local ones; if there is none,
 * 127.0.0.1.  At most cap; returns how many.  Ports are 0. */
size_t network_addresses(struct address *out, size_t cap);

#endif
