/*
 * streams.h - TCP connections that carry datagrams (RFC 6544, passive), for pvl-media.
 *
 * To the media core a connection is an address that says tcp.  Whole datagrams
 * go up, datagrams come down and leave together at streams_flush().
 *
 * A connection is nothing before something was sent to it: the core answers a
 * check only if its password is right, and nothing else from a stranger.
 *
 * Bounds against strangers: connections in all, of one host and in all before
 * their first right check (the oldest makes room), time and bytes until then,
 * time of silence after it.  A length that no datagram has ends a connection.
 *
 * Backlog: what the kernel does not take waits here, at most FRAMING_OUT_BYTES.
 * The owner is told at once that a connection is full and when it is empty
 * again; what has waited for STREAMS_LATE_MS is left out.
 */
#ifndef PVL_PROGRAMS_MEDIA_STREAMS_H
#define PVL_PROGRAMS_MEDIA_STREAMS_H

#include "base/address.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/random.h"
#include "sys/loop.h"

enum {
	STREAMS_MAX = 2048,
	STREAMS_LISTENERS_MAX = 4,
	STREAMS_STRANGERS_MAX = 256,     /* without a right check so far ... */
	STREAMS_STRANGERS_HOST_MAX = 64, /* ... and of one host: a prison joins by one address */
	STREAMS_STRANGER_MS = 10000,
	STREAMS_STRANGER_BYTES = 8192,
	STREAMS_SILENT_MS = 60000, /* a browser checks a pair it keeps in reserve each 25 s */
	STREAMS_LATE_MS = 1000,    /* sound that is older is of no use to a conversation */
};

struct streams;

struct streams_owner {
	void *owner;
	/* A whole datagram; it may be changed in place. */
	void (*datagram)(void *owner, const struct address *from, uint8_t *at, size_t len,
			 struct mono now);
	void (*full)(void *owner, const struct address *to, bool full, struct mono now);
	void (*gone)(void *owner, const struct address *from, struct mono now);
};

struct streams *streams_new(struct loop *loop, const struct streams_owner *owner,
			    struct random *random);
void streams_free(struct streams *streams);
/* A listening socket, borrowed; at most STREAMS_LISTENERS_MAX. */
MUST_USE enum err streams_listen(struct streams *streams, int fd);
/* Takes a copy; false: no such connection, or it has no room. */
bool streams_send(struct streams *streams, const struct address *to, struct bytes datagram,
		  struct mono now);
/* Hands what streams_send() took to the kernel. */
void streams_flush(struct streams *streams, struct mono now);
/* Ends those whose time is over. */
void streams_tick(struct streams *streams, struct mono now);
bool streams_next(const struct streams *streams, struct mono *at);
/* Connections now. */
size_t streams_count(const struct streams *streams);

#endif
