#include "congestion/waver.h"

enum {
	FASTER = 2, /* times what is known of it: a line that is tried may carry so much */
};

void waver_init(struct waver *w)
{
	*w = (struct waver){ .least = delay_least_none() };
}

/* A packet more, so long after the one before: how far that is ahead of the line. */
static int64_t ahead(int64_t ahead_us, int64_t takes_us, int64_t passed_us)
{
	int64_t us = ahead_us + takes_us - passed_us;
	return us > 0 ? us : 0;
}

void waver_arrived(struct waver *w, struct mono sent, int64_t arrived_us, size_t bytes, int64_t bps)
{
	int64_t sent_us = mono_diff_us(sent, w->sent);
	int64_t passed_us = arrived_us - w->arrived_us;
	int64_t takes_us = bps > 0 ? (int64_t)bytes * 8000000 / (FASTER * bps) : 0;
	/* Overtaken, or told late: it says nothing of turns. */
	if (w->any && (sent_us < 0 || passed_us < 0))
		return;
	if (w->any) {
		w->left_us = ahead(w->left_us, takes_us, sent_us);
		w->came_us = ahead(w->came_us, takes_us, passed_us);
		delay_least_take(&w->least, WAVER_SPAN_US, arrived_us, w->left_us - w->came_us);
	}
	w->any = true;
	w->sent = sent;
	w->arrived_us = arrived_us;
}

int64_t waver_us(const struct waver *w)
{
	int64_t least_us = delay_least_of(&w->least);
	return least_us < 0 ? -least_us : 0;
}
