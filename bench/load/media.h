/*
 * media.h - what the ends send and what they make of what they get.
 *
 * Each end sends 50 audio packets a second and a picture each 40 ms in three
 * packets of about equal length, as libwebrtc cuts them: 125 packets, about
 * 550 kbit/s; pictures are shorter while the server allows less (REMB), as a
 * browser's would be.  Receivers report as browsers do: transport-wide feedback
 * each 100 ms, with the time at which the kernel had the packet, reports each
 * second.  What the server sends to learn a line (padding) is told in feedback
 * and counts nowhere else.
 *
 * Delay is that of the server alone: from just before the packet is handed to
 * the kernel until the kernel has put the server's packet into the receiver's
 * socket (SO_TIMESTAMPNS); how late this program reads it does not count.
 */
#ifndef PVL_BENCH_MEDIA_H
#define PVL_BENCH_MEDIA_H

#include "load.h"

enum {
	DELAY_STEP_US = 20,
	DELAY_STEPS = 25000,
};

struct result {
	bool measuring;
	uint64_t sent; /* sound and pictures */
	uint64_t received;
	uint64_t sent_audio;
	uint64_t received_audio;
	uint64_t delays[DELAY_STEPS];
};

/* Media flows between all ends for so long; what is due meanwhile is done. */
void media_run(struct load *load, struct end *ends, size_t count, int64_t ms,
	       struct result *result);
/* What is due of ends that stand and send nothing: checks, timers, feedback. */
void media_rest(struct end *ends, size_t count);
/* Reads what is there, waiting at most timeout_ms for it. */
void media_read(struct load *load, int timeout_ms, struct result *result);
double result_percentile_ms(const struct result *result, double share);

#endif
