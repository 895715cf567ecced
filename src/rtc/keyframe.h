/*
 * keyframe.h - when a sender is asked for a key frame.
 *
 * All receivers of a stream share one request: it is repeated until a key frame
 * comes, first after max(round trip + 150 ms, 300 ms), then with doubled
 * patience up to 4 s.  What is wanted while one is on its way is merged, what is
 * wanted after it came is remembered and waits its turn (media.md, section 6.3
 * step 13: no storm, and no request lost after throttling).
 */
#ifndef PVL_RTC_KEYFRAME_H
#define PVL_RTC_KEYFRAME_H

#include "base/clock.h"

struct keyframe {
	bool wanted;
	bool asked_before; /* `asked` means something */
	uint8_t repeats;   /* of the present request */
	struct mono asked;
};

void keyframe_want(struct keyframe *keyframe);
/* True: send a PLI now. */
bool keyframe_ask(struct keyframe *keyframe, struct mono now, int64_t rtt_us);
/* The first packet of a key frame arrived. */
void keyframe_came(struct keyframe *keyframe);
/* When keyframe_ask() will next say yes; false if nothing is wanted. */
bool keyframe_next(const struct keyframe *keyframe, int64_t rtt_us, struct mono *at);

#endif
