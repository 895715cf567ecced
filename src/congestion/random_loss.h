/*
 * random_loss.h - how much a line loses by itself, whatever is sent: what repeats can make good.
 *
 * A queue that overflows loses as well, and there the cure is to send less: any
 * repeat makes it worse.  The two are told apart by the delay: packets that are
 * lost while those around them come no later than usual did not meet a full
 * queue.  Only such moments count; in between, what was known stands.  Pure.
 */
#ifndef PVL_CONGESTION_RANDOM_LOSS_H
#define PVL_CONGESTION_RANDOM_LOSS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"
#include "congestion/delay_least.h"

enum {
	RANDOM_LOSS_QUEUED_US = 80000, /* later than the soonest by so much: a queue stands */
};

struct random_loss {
	/* Of the feedback that is being read. */
	double told, lost; /* bytes */
	int64_t latest_us; /* of its delays; INT64_MIN: nothing arrived */
	struct delay_least soonest;
	/* Over the last seconds without a queue. */
	double told_calm, lost_calm;
	struct mono counted;
};

void random_loss_init(struct random_loss *loss, struct mono now);
/* Feedback tells of a packet of so many bytes. */
void random_loss_packet(struct random_loss *loss, size_t bytes, bool lost);
/* One that arrived, by the receiver's clock: when, and that time less the one of sending. */
void random_loss_delay(struct random_loss *loss, int64_t at_us, int64_t delay_us);
/* The feedback is read to its end. */
void random_loss_read(struct random_loss *loss, struct mono now);
/* 0 to 1; 0 as well while too little is known. */
double random_loss_share(const struct random_loss *loss);

#endif
