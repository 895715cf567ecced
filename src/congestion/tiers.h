/*
 * tiers.h - what a sender is told to send, by what the lines of its receivers carry.
 *
 * A tier is a set of numbers that were measured to be good at a rate: sound in
 * packets of a length, a picture of a size at a rate (media.md, section 11).
 * The sound of every tier is clear; a line that cannot carry a picture gets none
 * rather than a frozen one.  Down at once when the estimate falls below the
 * tier, up only when a higher one fits with a margin for some seconds, which a
 * probe has proven (estimator_want()); at the beginning at once.  Pure.
 *
 * There are two ladders of the same rungs.  Who talks keeps the size of the picture
 * and gives frames; who signs keeps at least 20 frames a second and gives size: at
 * fewer a signed language is not understood, at CIF (288 lines) it is understood well
 * (EN 301 549, 6.5).
 */
#ifndef PVL_CONGESTION_TIERS_H
#define PVL_CONGESTION_TIERS_H

#include <stddef.h>

#include "base/clock.h"

/* Rising.  The letters are those of the reference and of the pages; two of them have a better half, D has a
 * lesser one. */
enum tier {
	TIER_G,      /* sound alone */
	TIER_E,      /* a picture now and then */
	TIER_D_LESS, /* fewer frames than one would plan with: what losses leave of a thin line */
	TIER_D,      /* least video */
	TIER_C,
	TIER_B,
	TIER_B_PLUS,
	TIER_A, /* standard */
	TIER_A_PLUS,
	TIER_F, /* full */
	TIER_COUNT,
};

enum ladder_kind {
	LADDER_TALK,
	LADDER_SIGN,
	LADDER_KIND_COUNT,
};

struct tier_numbers {
	char letter;      /* the same in both ladders; D_LESS shows no signs, and is an E there */
	int32_t wire_bps; /* at the IP level, one direction */
	int32_t audio_bps;
	int32_t audio_ms;   /* of one packet */
	int32_t video_bps;  /* 0: no picture */
	int32_t video_mfps; /* thousandths of frames per second */
	int32_t video_height;
};

const struct tier_numbers *tier_numbers(enum ladder_kind kind, enum tier tier);
/* The highest of this letter; the highest of all if there is none. */
enum tier tier_of_letter(char letter);
/* The highest that fits the rate; TIER_G at the least. */
enum tier tier_fitting(enum ladder_kind kind, int64_t bps);

/* What a line that loses carries beside each tier: it costs more where sound is finer. */
struct ladder_repeats {
	uint8_t sound;   /* times that each frame of sound goes again */
	bool everything; /* pictures go twice: of the line half is left */
};

struct ladder {
	enum ladder_kind kind;
	enum tier tier;
	struct ladder_repeats repeats;
	struct mono since;   /* in this tier */
	struct mono fits_up; /* a higher one has fitted since; MONO_NEVER: does not */
	bool fell;           /* it went down once: from then on it climbs slowly */
	bool rose;           /* into this tier */
	enum tier failed;    /* a thin one that did not hold is not tried again ... */
	int64_t failed_us;   /* ... for so long, 0: none failed, ... */
	struct mono left;    /* ... since then */
};

void ladder_init(struct ladder *ladder, enum ladder_kind kind, int64_t line_bps, struct mono now);
/* The line carries so much for this sender, repeats and all; true if the tier changed. */
bool ladder_step(struct ladder *ladder, int64_t line_bps, struct mono now);
/* The rate at which it would climb, to moving pictures at the least, with its repeats; 0 at the top. */
int64_t ladder_wants_bps(const struct ladder *ladder);

#endif
