/*
 * tcp.h - listening sockets, and connections that carry datagrams.
 *
 * The socket of pages is handed to the HTTP library; pvl-media serves its
 * connections itself, never blocking.
 */
#ifndef PVL_SYS_TCP_H
#define PVL_SYS_TCP_H

#include "base/address.h"
#include "base/bytes.h"
#include "base/err.h"

enum {
	/* A connection for media takes no more than this beyond what the line carries: at 130 kbit/s
	 * a quarter of a second.  What waits longer waits with us, where it can be left out. */
	TCP_UNSENT_BYTES = 4096,
};

/* The IPv6 address of all zeros listens for IPv4 too.  Never blocking, closed on exec.
 * ERR_CONFLICT: the port is taken; ERR_DENIED: only root may; ERR_NOT_FOUND: not ours. */
MUST_USE enum err tcp_listen(const struct address *at, int *fd);
/* The same for media, in one family alone.  Its connections inherit that they send at once, take
 * few bytes beyond what the line carries, and try again soon when little is under way. */
MUST_USE enum err tcp_listen_media(const struct address *at, int *fd);
/* Where a listening socket is bound; ERR_SYS: it is none. */
MUST_USE enum err tcp_local(int fd, struct address *out);

/* Next connection; from says tcp.  ERR_AGAIN: none waits.  ERR_CLOSED: one that is gone already.
 * ERR_LIMIT: no descriptor or memory is left for it. */
MUST_USE enum err tcp_accept(int listener, int *fd, struct address *from);
/* What came, at most cap bytes.  ERR_AGAIN: nothing; ERR_CLOSED: by either side. */
MUST_USE enum err tcp_read(int fd, uint8_t *at, size_t cap, size_t *len);
/* Sends as much as the connection takes; *len says how much.  ERR_AGAIN, ERR_CLOSED likewise. */
MUST_USE enum err tcp_write(int fd, struct bytes bytes, size_t *len);

#endif
