/*
 * seqpacket.h - whole messages between our programs, in order, with a file
 * descriptor beside one if need be (AF_UNIX SOCK_SEQPACKET, never blocking).
 */
#ifndef PVL_SYS_SEQPACKET_H
#define PVL_SYS_SEQPACKET_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"

/* Both ends close on exec; child.h hands one on. */
MUST_USE enum err seqpacket_pair(int ends[2]);
/* Whether that descriptor, which a parent may have given us, is an end of such a pair. */
bool seqpacket_is(int fd);
/* pass: a descriptor to send along, which stays ours too; -1: none.
 * ERR_AGAIN: the other side does not keep up; ERR_CLOSED: it has gone. */
MUST_USE enum err seqpacket_send(int fd, struct bytes message, int pass);
/*
 * One message of at most cap bytes.  *passed is the descriptor that came with
 * it, now the caller's, or -1; with passed == NULL such a descriptor is closed.
 * ERR_AGAIN: none waits; ERR_CLOSED: the other side has gone; ERR_LIMIT: the
 * message was longer than cap and is lost.
 */
MUST_USE enum err seqpacket_receive(int fd, uint8_t *at, size_t cap, size_t *len, int *passed);

#endif
