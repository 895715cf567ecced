/*
 * udp.h - datagrams in batches: recvmmsg, sendmmsg, UDP_SEGMENT.
 *
 * One socket per IP family, never blocking.  Runs of datagrams of one size (the
 * last may be shorter) to one destination leave as one message with UDP_SEGMENT; the
 * first time the kernel or the device refuses that (EINVAL, EIO), the socket
 * does without it for good.
 *
 * On a socket that is bound to any address a datagram's via tells which address of
 * this machine it came to (IP_PKTINFO), and one with that via leaves from there: a
 * peer that asked one address takes no answer from another.
 */
#ifndef PVL_SYS_UDP_H
#define PVL_SYS_UDP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/address.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/err.h"

enum {
	UDP_IN_MAX = 32,      /* datagrams of one udp_receive() */
	UDP_OUT_MAX = 64,     /* datagrams of one udp_send() */
	UDP_DATAGRAM = 2048,  /* longer ones are dropped on arrival */
	UDP_BUFFER = 4 << 20, /* bytes asked of the kernel, each direction */
	UDP_LOCALS_MAX = 64,  /* own addresses told apart; those of more have via 0 */
};

/* Binds at->family, at->ip (zeros: any address) and at->port (0: any port).
 * ERR_CONFLICT: the port is taken; ERR_NOT_FOUND: not an address of this machine. */
MUST_USE enum err udp_open(const struct address *at, int *fd);
/* Where the socket is bound. */
MUST_USE enum err udp_local(int fd, struct address *out);

/* Own addresses that datagrams came to, in the order they were first asked; via is the place in
 * here, counted from 1.  Sockets that share peers share one. */
struct udp_locals {
	uint8_t count;
	struct address at[UDP_LOCALS_MAX];
};

struct udp_in {
	struct address from;
	uint8_t *at; /* may be changed in place; stands until the next udp_receive() */
	size_t len;
	struct mono arrived; /* by the kernel's stamp, not later than the call */
};

struct udp_inbox {
	size_t count;
	size_t dropped; /* of this batch: too long, or of no known family */
	struct udp_in in[UDP_IN_MAX];
	struct udp_locals *locals;   /* borrowed; NULL: every via is 0 */
	struct udp_inbox_room *room; /* private */
};

void udp_inbox_init(struct udp_inbox *inbox);
void udp_inbox_clear(struct udp_inbox *inbox);
/* Fills the inbox; false when nothing is waiting.  A batch that is not full was the last. */
bool udp_receive(int fd, struct udp_inbox *inbox);

enum udp_fate {
	UDP_SENT,
	UDP_FULL,    /* ENOBUFS, EAGAIN: may be tried again */
	UDP_REFUSED, /* unreachable, too long, forbidden: gone */
};

struct udp_out {
	struct address to;
	struct bytes bytes;
	enum udp_fate fate; /* set by udp_send() */
};

struct udp_sender {
	int fd;                          /* borrowed */
	const struct udp_locals *locals; /* borrowed; NULL: the kernel chooses */
	bool no_segments;                /* UDP_SEGMENT was refused once */
	uint64_t segmented;
	uint64_t messages; /* handed to the kernel, for benchmarks */
};

/* Sends count ≤ UDP_OUT_MAX datagrams in their order, all of the socket's family.
 * How many did not leave; their fates say why. */
size_t udp_send(struct udp_sender *sender, struct udp_out *out, size_t count);

#endif
