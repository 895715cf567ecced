#include "hints/hints.h"

#include <string.h>

enum {
	/* Two pictures of one scene, coded anew each time, differ by less; a breath moves more. */
	STILL_DIFFERENCE = 16, /* look.h: one step of light */
};

struct enough {
	int ms;
	int pictures;
};

static const struct enough ENOUGH[HINT_KIND_COUNT] = {
	[HINT_COVERED] = { HINTS_COVERED_MS, HINTS_COVERED_PICTURES },
	[HINT_STILL] = { HINTS_STILL_MS, HINTS_STILL_PICTURES },
	[HINT_NOBODY] = { HINTS_NOBODY_MS, HINTS_NOBODY_PICTURES },
	[HINT_FACES] = { HINTS_FACES_MS, HINTS_FACES_PICTURES },
};

static void stop(struct hints_run *run)
{
	run->pictures = 0;
	run->on = false;
}

static void note(struct hints_run *run, const struct enough *enough, bool seen, struct mono at)
{
	if (!seen) {
		stop(run);
		return;
	}
	if (run->pictures++ == 0)
		run->since = at;
	run->on = run->on || (run->pictures >= enough->pictures &&
			      mono_diff_us(at, run->since) >= enough->ms * 1000LL);
}

static void note_kind(struct hints *h, enum hint_kind kind, bool seen, struct mono at)
{
	note(&h->runs[kind], &ENOUGH[kind], seen, at);
}

/* What is on is told to be over first, if nothing was seen for long. */
static void begin_anew(struct hints *h)
{
	for (size_t kind = 0; kind < HINT_KIND_COUNT; kind++)
		stop(&h->runs[kind]);
	for (size_t n = 0; n <= HINTS_FACES_MAX; n++)
		stop(&h->faces[n]);
}

void hints_picture(struct hints *h, const struct seen *seen, struct mono at)
{
	const struct look *look = &seen->look;
	bool first = h->last.us == 0 || mono_diff_us(at, h->last) > HINTS_GAP_MS * 1000LL;
	bool covered = look_is_covered(look), nobody = !covered && !seen->faces.anybody;
	if (first)
		begin_anew(h);
	bool alike = !first && look_difference(&h->still, look) < STILL_DIFFERENCE;
	if (!alike)
		h->still = *look;
	h->last = at;
	/* What is covered, or has nobody in it, is said in one word. */
	note_kind(h, HINT_COVERED, covered, at);
	note_kind(h, HINT_NOBODY, nobody, at);
	/* The first of those that are alike counts, too. */
	if (!alike)
		note_kind(h, HINT_STILL, false, at);
	note_kind(h, HINT_STILL, !covered && !nobody, at);
	for (unsigned n = 2; n <= HINTS_FACES_MAX; n++)
		note(&h->faces[n], &ENOUGH[HINT_FACES], seen->faces.sure >= n, at);
}

static uint8_t faces_now(const struct hints *h)
{
	uint8_t n = HINTS_FACES_MAX;
	while (n >= 2 && !h->faces[n].on)
		n--;
	return n >= 2 ? n : 0;
}

bool hints_next(struct hints *h, struct hint_note *out)
{
	uint8_t faces = faces_now(h);
	for (unsigned i = 0; i < HINT_KIND_COUNT; i++) {
		struct hints_run *run = &h->runs[i];
		if (run->on == run->told)
			continue;
		run->told = run->on;
		*out = (struct hint_note){ .kind = (enum hint_kind)i, .on = run->on };
		return true;
	}
	if (faces == h->faces_told)
		return false;
	h->faces_told = faces;
	*out = (struct hint_note){ .kind = HINT_FACES, .on = faces > 0, .faces = faces };
	return true;
}
