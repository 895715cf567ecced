/*
 * tcp.h - a listening socket for pages; the HTTP library takes it from there.
 */
#ifndef PVL_SYS_TCP_H
#define PVL_SYS_TCP_H

#include "base/address.h"
#include "base/err.h"

/* The IPv6 address of all zeros listens for IPv4 too.  Never blocking, closed on exec.
 * ERR_CONFLICT: the port is taken; ERR_DENIED: only root may; ERR_NOT_FOUND: not ours. */
MUST_USE enum err tcp_listen(const struct address *at, int *fd);

#endif
