/*
 * emulated_line.h - one direction of a bad line, in virtual or real time.
 *
 * A line is asked when a packet that enters now leaves at the far end.  Rate
 * (constant, or a trace that repeats), drop-tail queue in time, delay, jitter,
 * random loss, bursts of loss (Gilbert-Elliott), reordering, a policer, black-outs,
 * blocked UDP and blocked TCP ports; everything drawn from one seed.  Several flows may share one
 * line: they share its queue.  No clock, no socket: tests/flow asks it in virtual
 * time, tests/net/emulator in real time.
 */
#ifndef PVL_TESTS_EMULATED_LINE_H
#define PVL_TESTS_EMULATED_LINE_H

#include <stddef.h>

#include "base/clock.h"
#include "base/random.h"

enum {
	LINE_STEPS_MAX = 256,
	LINE_PORTS_MAX = 8,
	LINE_SECONDS_MAX = 4096, /* counters kept; later seconds add to the last */
};

/* From this time on (µs after the start) the line carries so much; 0: nothing. */
struct line_step {
	int64_t from_us;
	int64_t bps;
};

struct line_config {
	int64_t bps;      /* 0 without steps: no limit */
	int64_t queue_us; /* a packet that would wait longer is dropped */
	int64_t delay_us;
	int64_t jitter_us; /* up to so much more, without overtaking */
	int64_t
	    bunch_us; /* what is due comes together, as often: a radio's turns, a busy receiver */
	unsigned loss_per_mille;        /* at random, before the queue */
	unsigned burst_begin_per_mille; /* a packet starts a burst of loss */
	unsigned burst_end_per_mille;   /* a packet in a burst ends it; mean length 1000 / this */
	unsigned reorder_per_mille; /* a packet comes later by reorder_us, and may be overtaken */
	int64_t reorder_us;
	int64_t police_bps; /* beyond it and the burst: dropped; 0: none */
	int64_t police_bytes;
	bool udp_blocked;
	size_t ports_len; /* > 0: TCP to and from other ports than these is blocked */
	uint16_t ports[LINE_PORTS_MAX];
	size_t steps_len;
	struct line_step steps[LINE_STEPS_MAX]; /* rising */
	int64_t repeat_us;                      /* the steps begin anew; 0: the last one stays */
};

struct line_second {
	uint32_t packets_in;
	uint32_t packets_out;
	uint32_t bytes_out;
	uint32_t lost;    /* at random, in bursts */
	uint32_t dropped; /* full queue, policer, black-out */
	uint32_t queue_ms_max;
};

struct emulated_line {
	struct line_config config;
	struct random random;
	struct mono start;
	struct mono free;   /* the queue is empty from then on */
	struct mono latest; /* no packet leaves before one that entered earlier */
	bool in_burst;
	double tokens; /* of the policer, bytes */
	struct mono tokens_at;
	size_t seconds;
	struct line_second second[LINE_SECONDS_MAX];
};

void emulated_line_init(struct emulated_line *line, const struct line_config *config, uint64_t seed,
			struct mono start);
/* bytes at the IP level.  False: it never arrives. */
bool emulated_line_carry(struct emulated_line *line, size_t bytes, bool udp, struct mono now,
			 struct mono *arrives);
/* Whether TCP between these ports may pass; emulated_line_carry() does not ask. */
bool emulated_line_lets_tcp(const struct line_config *config, uint16_t one, uint16_t other);
/* Bits per second that the line carries now; 0: nothing (or no limit, without steps). */
int64_t emulated_line_bps(const struct emulated_line *line, struct mono now);

/*
 * From text, as the command line and the profiles of the benches give it:
 * "rate=64k queue=300 delay=40 jitter=5 bunch=20 loss=1% burst=10%/5.5 reorder=1%/30
 *  police=256k/8000 noudp tcp=443,8443 steps=0:1500k,30:250k,60:1500k repeat=90"
 * (ms, s, bytes; tcp: the only ports that pass).
 * False: *bad is the word that was not understood.
 */
bool line_config_parse(const char *text, struct line_config *out, char bad[32]);

#endif
