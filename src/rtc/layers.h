/*
 * layers.h - which temporal layers of a stream of pictures go to one receiver.
 *
 * A sender that makes its pictures in layers (L1T2: every second picture is needed by no other
 * of the lower layer) lets a receiver on a thinner line have fewer of them without a freeze,
 * while all others see all.  A picture goes whole or not at all; a higher layer comes back
 * only where the sender says that it can be shown (a switching point, or a key frame).
 * Pure.
 */
#ifndef PVL_RTC_LAYERS_H
#define PVL_RTC_LAYERS_H

#include "base/clock.h"
#include "rtc/frame.h"

enum {
	LAYERS_MAX = 8, /* three bits of VP9; VP8 has two */
};

struct layers {
	uint8_t most; /* what the line has room for */
	uint8_t now;  /* what goes */
	bool any;
	uint32_t timestamp; /* of the picture under way */
	bool leaves_out;    /* it */
	struct mono fits;   /* one more has fitted since; MONO_NEVER: it does not */
};

/* All go. */
void layers_init(struct layers *layers);
/*
 * The line has so much room for these pictures, of which the layers take bps[0], bps[1], …:
 * fewer at once, more after a while.
 */
void layers_fit(struct layers *layers, const int64_t bps[LAYERS_MAX], int64_t room_bps,
		struct mono now);
/* Whether a packet of the picture with this timestamp goes.  is_late: it waited for the line; if
 * others can be shown without it, it does not go. */
bool layers_take(struct layers *layers, const struct frame *frame, uint32_t timestamp,
		 bool is_late);
/* A packet that should not go had to: so does the rest of its picture. */
void layers_let_pass(struct layers *layers);

#endif
