#include "viewer.h"

#include <stdlib.h>

enum {
	FRAMES_MAX = 8192,
	USUAL_MAX_MS = 1000,
	FREEZE_MS = 150,
};

struct viewer {
	bool started;   /* a key frame was shown */
	uint8_t tl0;    /* of the lowest layer shown last */
	bool tl0_shown; /* it was */
	struct mono tl0_at;
	bool before_shown; /* the frame before this one, of any layer, was */
	struct mono before_at;
};

/* The packets [at, end) are one frame, in order and whole; when the last of them came. */
static bool is_whole(const struct shown *shown, uint64_t at, uint64_t end, struct mono *came)
{
	*came = shown->got[at].at;
	for (uint64_t i = at; i < end; i++) {
		const struct got *got = &shown->got[i];
		if (!got->here || got->part != i - at)
			return false;
		*came = mono_max(*came, got->at);
	}
	return shown->got[end - 1].marker;
}

/* Behind the frame that begins at `at`: after its marker, or before the next one's first packet. */
static uint64_t frame_end(const struct shown *shown, uint64_t at, uint64_t len)
{
	uint64_t i = at;
	while (i < len && !(shown->got[i].here && shown->got[i].marker) &&
	       !(i > at && shown->got[i].here && shown->got[i].part == 0))
		i++;
	return i < len && shown->got[i].marker ? i + 1 : i;
}

/* When it is shown; false: never. */
static bool show(struct viewer *v, const struct got *first, struct mono came, struct mono *at)
{
	bool lowest = first->layer == 0;
	bool chained = v->started && v->tl0_shown;
	bool ok;
	*at = came;
	if (first->key) {
		ok = true;
	} else if (lowest) {
		ok = chained && first->tl0 == (uint8_t)(v->tl0 + 1);
		*at = mono_max(came, v->tl0_at);
	} else {
		ok = chained && first->tl0 == v->tl0 && (first->sync || v->before_shown);
		*at = mono_max(came, mono_max(v->tl0_at, first->sync ? came : v->before_at));
	}
	v->started = v->started || first->key;
	v->before_shown = ok;
	v->before_at = *at;
	if (!lowest)
		return ok;
	v->tl0 = first->tl0;
	v->tl0_shown = ok;
	v->tl0_at = *at;
	return ok;
}

/* From making to the last packet, of the quickest frame. */
static int64_t quickest_us(const struct shown *shown, uint64_t len)
{
	int64_t least = INT64_MAX;
	for (uint64_t i = 0; i < len; i++) {
		const struct got *got = &shown->got[i];
		int64_t took = got->at.us - (int64_t)got->sent_us;
		if (got->here && got->marker && took < least)
			least = took;
	}
	return least;
}

static size_t times_of(const struct shown *shown, int64_t wait_ms, struct mono from, struct mono to,
		       struct view *view, int64_t at_ms[FRAMES_MAX])
{
	struct viewer v = { 0 };
	uint64_t len = shown->any ? shown->newest - shown->first + 1 : 0;
	size_t count = 0;
	if (len > GOT_MAX)
		len = GOT_MAX;
	int64_t quickest = quickest_us(shown, len);
	for (uint64_t i = 0, end; i < len; i = end) {
		struct mono came, at;
		if (!shown->got[i].here || shown->got[i].part != 0 || shown->got[i].pads) {
			/* A hole where a frame begins: what follows may lack it. */
			v.before_shown = v.before_shown && shown->got[i].pads;
			view->broken += !shown->got[i].here;
			end = i + 1;
			continue;
		}
		end = frame_end(shown, i, len);
		if (!is_whole(shown, i, end, &came)) {
			v.before_shown = false;
			view->broken++;
			if (shown->got[i].layer == 0) {
				v.tl0 = shown->got[i].tl0;
				v.tl0_shown = false;
			}
			continue;
		}
		bool within = !mono_before(came, from) && mono_before(came, to);
		if (!show(&v, &shown->got[i], came, &at)) {
			view->undecodable += within;
			continue;
		}
		int64_t wait = shown->got[i].wait_ms > wait_ms ? shown->got[i].wait_ms : wait_ms;
		at = mono_max(
		    at, (struct mono){ (int64_t)shown->got[i].sent_us + quickest + wait * 1000 });
		if (!mono_before(at, from) && mono_before(at, to) && count < FRAMES_MAX)
			at_ms[count++] = (at.us - from.us) / 1000;
	}
	return count;
}

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a;
	int64_t y = *(const int64_t *)b;
	return x < y ? -1 : x > y;
}

static int64_t gap(const int64_t *at_ms, size_t count, size_t i, int64_t all_ms)
{
	int64_t before = i > 0 ? at_ms[i - 1] : 0;
	return (i < count ? at_ms[i] : all_ms) - before;
}

struct view view_of(const struct shown *shown, int64_t wait_ms, struct mono from, struct mono to)
{
	static int64_t at_ms[FRAMES_MAX];
	struct view view = { 0 };
	int64_t all_ms = mono_diff_us(to, from) / 1000;
	size_t count = times_of(shown, wait_ms, from, to, &view, at_ms);
	int64_t sum = 0, usual = 0;
	size_t usuals = 0;
	qsort(at_ms, count, sizeof at_ms[0], by_size);
	for (size_t i = 0; i <= count; i++) {
		int64_t ms = gap(at_ms, count, i, all_ms);
		view.gap_ms = ms > view.gap_ms ? ms : view.gap_ms;
		usuals += ms < USUAL_MAX_MS;
		usual += ms < USUAL_MAX_MS ? ms : 0;
	}
	usual = usuals > 0 ? usual / (int64_t)usuals : USUAL_MAX_MS;
	for (size_t i = 0; i <= count; i++) {
		int64_t ms = gap(at_ms, count, i, all_ms);
		if (ms < 3 * usual || ms < usual + FREEZE_MS)
			continue;
		view.freezes++;
		sum += ms;
	}
	view.frames = count;
	view.fps = (double)count * 1000 / (double)all_ms;
	view.frozen = (double)sum / (double)all_ms;
	return view;
}
