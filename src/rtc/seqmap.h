/*
 * seqmap.h - the outgoing sequence numbers of a slot, for packets of changing sources.
 *
 * The outgoing number is one continuous 64-bit count for the life of the slot.
 * It has a gap only where the input had one, at most one number is left out
 * where a source changes in mid-frame.  A packet is renumbered away only while
 * it is the next one expected: never drop what cannot be renumbered safely
 * (the rule of Galene's packetmap).  Decisions are final.  Pictures that were
 * left out whole are counted with it, for what numbers pictures.
 */
#ifndef PVL_RTC_SEQMAP_H
#define PVL_RTC_SEQMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	SEQMAP_INTERVALS = 64
};

/* Incoming numbers from `first` on are `minus` higher than what goes out (modulo 2^64). */
struct seqmap_interval {
	uint64_t first;
	uint64_t minus;
	uint16_t pictures; /* left out before it, since the source started (modulo 2^16) */
};

struct seqmap {
	uint64_t next_in;  /* of the source */
	uint64_t next_out; /* never sent yet */
	size_t len;
	struct seqmap_interval intervals[SEQMAP_INTERVALS]; /* rising; the oldest goes first */
};

void seqmap_init(struct seqmap *map, uint64_t first_out);
/* A source starts with incoming number first_in; leave_out numbers stay unused before it. */
void seqmap_switch(struct seqmap *map, uint64_t first_in, unsigned leave_out);
/* False for what is older than the start of the source, or than the intervals known. */
bool seqmap_map(struct seqmap *map, uint64_t in, uint64_t *out);
/* True: the packet is renumbered away, do not send it.  False: it must be mapped and sent.
 * ends_picture: the last packet of a picture of which no other was sent. */
bool seqmap_drop(struct seqmap *map, uint64_t in, bool ends_picture);
/* Pictures left out before this packet. */
uint16_t seqmap_pictures(const struct seqmap *map, uint64_t in);

#endif
