/*
 * probe.h - learning what a line carries by sending a little faster for a moment.
 *
 * A cluster of at least five packets leaves at the rate asked for; how fast they
 * arrive is what the line carries (media.md, section 10.1).  Probes are sent only
 * when somebody would use the result, one at a time, smaller on thin lines
 * (section 10.2), and more rarely each time that one fails.  One of which nothing
 * was told, of which too much was lost, or whose packets came in one bunch, says
 * nothing about the line: it is repeated soon, twice as long; so is one of
 * which not all was told, as reports are lost as well.  Where packets come in turns the cluster is
 * longer from the beginning, so that what chance makes of it is small (waver.h).  Pure.
 */
#ifndef PVL_CONGESTION_PROBE_H
#define PVL_CONGESTION_PROBE_H

#include <stddef.h>

#include "congestion/sent.h"

enum {
	PROBE_PACKETS = 5,
	PROBE_PACKETS_THIN = 7,       /* reports in between count for more there */
	PROBE_THIN_BPS = 150000,      /* at less, packets of at most ... */
	PROBE_THIN_BYTES = 240,       /* ... so many bytes */
	PROBE_PACKET_BYTES = 300,     /* padding is at most 255 bytes */
	PROBE_LENGTH_US = 15000,      /* at least so long, ... */
	PROBE_WAVERS = 10,            /* ... and so many times as long as arrivals waver, ... */
	PROBE_QUEUE_US = 60000,       /* ... if that makes no longer a queue where it fails, ... */
	PROBE_LENGTH_MAX_US = 200000, /* ... but no longer than that */
	PROBE_RESULT_US = 1000000,    /* so long and a round trip later it is over */
	PROBE_NEXT_US = 300000,       /* after a success */
	PROBE_UNCLEAR_MAX = 3,        /* so many times in a row */
	PROBE_AGAIN_US = 3000000,     /* after a failure; doubles up to ... */
	PROBE_AGAIN_MAX_US =
	    8000000, /* ... this: a line that recovers is found within ten seconds */
};

/* What the sender is to send now. */
struct probe_cluster {
	uint8_t number; /* 0: nothing */
	int64_t bps;
	size_t packet_bytes; /* at most, each */
	size_t bytes;        /* in all, in at least PROBE_PACKETS packets */
};

struct probe {
	struct probe_cluster cluster; /* under way; number 0: none */
	uint8_t last_number;
	int64_t known_bps;
	struct mono begun;
	struct mono again; /* not before */
	int64_t wait_us;
	uint8_t unclear; /* probes in a row that told nothing */

	size_t told;      /* bytes of which something was told, arrived or lost */
	unsigned packets; /* arrived */
	size_t bytes;
	struct mono first_sent;
	struct mono last_sent;
	size_t last_sent_bytes;
	int64_t first_arrived_us;
	int64_t last_arrived_us;
	size_t first_arrived_bytes;
};

void probe_init(struct probe *probe, struct mono now);
/* Whether a new one may begin. */
bool probe_may(const struct probe *probe, struct mono now);
/* known_bps: what the line carries for all that is known; waver_us: see waver.h. */
void probe_begin(struct probe *probe, int64_t bps, int64_t known_bps, int64_t waver_us,
		 struct mono now);
/* The receiver tells of a packet of the cluster, be it that it is lost. */
void probe_told(struct probe *probe, const struct sent_packet *packet);
/* A packet of the cluster arrived. */
void probe_arrived(struct probe *probe, const struct sent_packet *packet, int64_t arrived_us);
/* The line's rate in bit/s once enough of the cluster arrived, else 0.  Ends it, also when all
 * was told and too little arrived.  loses: the share that the line loses whatever is sent, below 1. */
int64_t probe_result(struct probe *probe, double loses, struct mono now);
/* Too late, or the line is overused: it has failed.  True if there was one. */
bool probe_fail(struct probe *probe, struct mono now);
bool probe_is_late(const struct probe *probe, int64_t rtt_us, struct mono now);

#endif
