#include "hints/hints.h"

#include <string.h>

enum {
	/* Two pictures of one scene, coded anew each time, differ by less; a breath moves more. */
	STILL_DIFFERENCE = 16, /* look.h: one step of light */
};

static const struct {
	int ms;
	int pictures;
} ENOUGH[HINT_KIND_COUNT] = {
	[HINT_COVERED] = { HINTS_COVERED_MS, HINTS_COVERED_PICTURES },
	[HINT_STILL] = { HINTS_STILL_MS, HINTS_STILL_PICTURES },
};

static void note(struct hints *h, enum hint_kind kind, bool seen, struct mono at)
{
	struct hints_run *run = &h->runs[kind];
	if (!seen) {
		run->pictures = 0;
		run->on = false;
		return;
	}
	if (run->pictures++ == 0)
		run->since = at;
	run->on = run->on || (run->pictures >= ENOUGH[kind].pictures &&
			      mono_diff_us(at, run->since) >= ENOUGH[kind].ms * 1000LL);
}

/* What is on is told to be over first, if nothing was seen for long. */
static void begin_anew(struct hints *h)
{
	for (size_t kind = 0; kind < HINT_KIND_COUNT; kind++) {
		h->runs[kind].pictures = 0;
		h->runs[kind].on = false;
	}
}

void hints_picture(struct hints *h, const struct look *look, struct mono at)
{
	bool first = h->last.us == 0 || mono_diff_us(at, h->last) > HINTS_GAP_MS * 1000LL;
	bool covered = look_is_covered(look);
	if (first)
		begin_anew(h);
	bool alike = !first && look_difference(&h->still, look) < STILL_DIFFERENCE;
	if (!alike)
		h->still = *look;
	h->last = at;
	note(h, HINT_COVERED, covered, at);
	/* The first of those that are alike counts, too; what is covered is said in one word. */
	if (!alike)
		note(h, HINT_STILL, false, at);
	note(h, HINT_STILL, !covered, at);
}

bool hints_next(struct hints *h, enum hint_kind *kind, bool *on)
{
	for (unsigned i = 0; i < HINT_KIND_COUNT; i++) {
		struct hints_run *run = &h->runs[i];
		if (run->on == run->told)
			continue;
		run->told = run->on;
		*kind = (enum hint_kind)i;
		*on = run->on;
		return true;
	}
	return false;
}
