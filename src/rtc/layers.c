#include "rtc/layers.h"

enum {
	UP_AFTER_US = 2000000
};

/* The pacer, and what a line has beyond its estimate, bear so much. */
static const double STAYS = 1.3;

void layers_init(struct layers *l)
{
	*l = (struct layers){ .most = LAYERS_MAX - 1, .now = LAYERS_MAX - 1, .fits = MONO_NEVER };
}

/* The highest layer up to which all together are no more than this. */
static uint8_t highest(const int64_t bps[LAYERS_MAX], double room_bps)
{
	double sum = (double)bps[0];
	uint8_t layer = 0;
	while (layer + 1 < LAYERS_MAX && sum + (double)bps[layer + 1] <= room_bps)
		sum += (double)bps[++layer];
	return layer;
}

void layers_fit(struct layers *l, const int64_t bps[LAYERS_MAX], int64_t room_bps, struct mono now)
{
	uint8_t stays = highest(bps, STAYS * (double)room_bps);
	uint8_t up = highest(bps, (double)room_bps);
	if (stays < l->most) {
		l->most = stays;
		l->fits = MONO_NEVER;
		return;
	}
	if (up <= l->most) {
		l->fits = MONO_NEVER;
		return;
	}
	if (mono_before(now, l->fits))
		l->fits = now;
	if (mono_diff_us(now, l->fits) < UP_AFTER_US)
		return;
	l->most = up;
	l->fits = MONO_NEVER;
}

/* A picture begins: whether it is left out. */
static bool begin(struct layers *l, const struct frame *frame, bool is_late)
{
	if (frame->key)
		l->now = l->most;
	if (l->now > l->most)
		l->now = l->most;
	if (frame->layer == 0)
		return false;
	if (is_late && l->now >= frame->layer)
		l->now = frame->layer - 1;
	if (!is_late && frame->switch_up && frame->layer <= l->most && frame->layer > l->now)
		l->now = frame->layer;
	return frame->layer > l->now;
}

bool layers_take(struct layers *l, const struct frame *frame, uint32_t timestamp, bool is_late)
{
	bool newer = !l->any || (int32_t)(timestamp - l->timestamp) > 0;
	if (newer) {
		l->any = true;
		l->timestamp = timestamp;
		l->leaves_out = begin(l, frame, is_late);
	}
	/* What comes out of order, of a picture of before, is not worth a memory: it goes. */
	return !(l->leaves_out && timestamp == l->timestamp);
}

void layers_let_pass(struct layers *l)
{
	l->leaves_out = false;
}
