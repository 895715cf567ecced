#include "rtc/keyframe.h"

enum {
	PATIENCE_MIN_US = 300000,
	PATIENCE_MAX_US = 4000000,
	ENCODER_US = 150000, /* what a sender takes to make one */
	DOUBLINGS_MAX = 4,
};

static int64_t patience(const struct keyframe *keyframe, int64_t rtt_us)
{
	int64_t us = rtt_us + ENCODER_US;
	if (us < PATIENCE_MIN_US)
		us = PATIENCE_MIN_US;
	/* The first repeat comes after the plain patience. */
	unsigned doublings = keyframe->repeats > 1 ? keyframe->repeats - 1u : 0;
	us <<= doublings;
	return us < PATIENCE_MAX_US ? us : PATIENCE_MAX_US;
}

void keyframe_want(struct keyframe *keyframe)
{
	keyframe->wanted = true;
}

bool keyframe_next(const struct keyframe *keyframe, int64_t rtt_us, struct mono *at)
{
	if (!keyframe->wanted)
		return false;
	*at = (struct mono){ 0 };
	if (keyframe->asked_before)
		*at = mono_add_us(keyframe->asked, patience(keyframe, rtt_us));
	return true;
}

bool keyframe_ask(struct keyframe *keyframe, struct mono now, int64_t rtt_us)
{
	struct mono at;
	if (!keyframe_next(keyframe, rtt_us, &at) || mono_before(now, at))
		return false;
	keyframe->asked = now;
	keyframe->asked_before = true;
	if (keyframe->repeats < DOUBLINGS_MAX)
		keyframe->repeats++;
	return true;
}

void keyframe_came(struct keyframe *keyframe)
{
	keyframe->wanted = false;
	keyframe->repeats = 0;
}
