/*
 * estimate_flow.h - one leg in virtual time: our estimator, a paced sender of sound and
 * picture, a line there, a line back, and the receiver's feedback as it really is on the wire.
 */
#ifndef PVL_TESTS_ESTIMATE_FLOW_H
#define PVL_TESTS_ESTIMATE_FLOW_H

#include "congestion/estimator.h"
#include "emulated_line.h"
#include "rtc/arrivals.h"

enum {
	FLOW_FLIGHTS = 4096,
	FLOW_QUEUE = 2048,
};

struct flow_flight {
	struct mono at;
	bool feedback;
	uint16_t number; /* of a packet on its way there */
	size_t bytes;
	bool audio;
	uint8_t room[1200]; /* of feedback */
	size_t len;
};

struct flow {
	struct estimator estimator;
	struct arrivals arrivals;
	struct emulated_line *there; /* may be shared */
	struct emulated_line *back;
	int64_t wanted_bps; /* the sender has so much to send */
	int64_t audio_packet_us;
	size_t audio_bytes;
	double pace;

	uint16_t next;
	struct mono audio_at;
	struct mono frame_at;
	struct mono tick_at;
	struct mono send_at; /* the pacer may send again */
	size_t queue_bytes;  /* video waiting */
	uint8_t probe_sent;  /* number of the last cluster begun */
	uint8_t cluster;     /* under way */
	size_t probe_bytes;
	struct mono probe_since;
	size_t flights_len;
	struct flow_flight flights[FLOW_FLIGHTS];

	/* measured */
	int64_t audio_sent;
	int64_t audio_came;
	int64_t delay_us_max; /* of audio, this second */
	int64_t bytes_came;
};

void flow_init(struct flow *flow, struct emulated_line *there, struct emulated_line *back,
	       int64_t wanted_bps, struct mono now);
/* Everything that is due until then, in steps of 1 ms. */
void flow_step(struct flow *flow, struct mono now);

#endif
