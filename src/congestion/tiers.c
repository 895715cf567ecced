#include "congestion/tiers.h"

static const struct tier_numbers NUMBERS[LADDER_KIND_COUNT][TIER_COUNT] = {
	[LADDER_TALK] = {
		[TIER_G] = { 'G', 21000, 12000, 60, 0, 0, 0 },
		[TIER_E] = { 'E', 35000, 12000, 60, 12000, 1000, 360 },
		[TIER_D_LESS] = { 'D', 43000, 12000, 60, 16000, 5000, 360 },
		[TIER_D] = { 'D', 52000, 12000, 60, 24000, 8000, 360 },
		[TIER_C] = { 'C', 90000, 16000, 40, 50000, 12000, 360 },
		[TIER_B] = { 'B', 130000, 16000, 40, 85000, 15000, 360 },
		[TIER_B_PLUS] = { 'B', 185000, 16000, 40, 140000, 20000, 360 },
		[TIER_A] = { 'A', 250000, 24000, 20, 185000, 20000, 360 },
		[TIER_A_PLUS] = { 'A', 410000, 24000, 20, 340000, 25000, 360 },
		[TIER_F] = { 'F', 700000, 32000, 20, 600000, 25000, 720 },
	},
	/* Twenty packets of pictures a second have 11 kbit/s of headers. */
	[LADDER_SIGN] = {
		[TIER_G] = { 'G', 21000, 12000, 60, 0, 0, 0 },
		[TIER_E] = { 'E', 35000, 12000, 60, 12000, 1000, 360 },
		[TIER_D_LESS] = { 'E', 43000, 12000, 60, 16000, 5000, 360 },
		[TIER_D] = { 'D', 80000, 12000, 60, 44000, 20000, 180 },
		[TIER_C] = { 'C', 110000, 12000, 60, 72000, 20000, 240 },
		[TIER_B] = { 'B', 145000, 16000, 40, 95000, 20000, 270 },
		[TIER_B_PLUS] = { 'B', 195000, 16000, 40, 145000, 20000, 288 },
		[TIER_A] = { 'A', 250000, 16000, 40, 195000, 25000, 288 },
		[TIER_A_PLUS] = { 'A', 350000, 24000, 20, 280000, 25000, 360 },
		[TIER_F] = { 'F', 700000, 32000, 20, 600000, 30000, 540 },
	},
};

enum {
	UP_FIRST_US = 200000,       /* a higher tier must fit for so long, ... */
	UP_AFTER_US = 1000000,      /* ... and after the first fall for so long, ... */
	UP_AFTER_DOWN_US = 3000000, /* ... and the last change be so long ago */
	FAILS_US = 30000000,        /* a tier that was left so soon did not fit: it waits, ... */
	FAILED_US = 6000000,        /* ... each time twice as long, ... */
	FAILED_MAX_US = 48000000,   /* ... up to so long */
};

/* So much more than a tier takes that failed: the line is another one. */
static const double ANOTHER_LINE = 1.5;

/* Of the tier's rate: it holds.  Frames of a signed language do not wait: its tiers give way sooner. */
static const double STAYS[LADDER_KIND_COUNT] = { 0.85, 0.95 };
/* Its lower layer alone is more than a picture now and then, and takes no more of the line than that. */
static const double STAYS_LESS = 0.82;
static const double CLIMBS = 1.12;
static const double CLIMBS_THIN = 1.03; /* to thin ones: there is little to spare */

const struct tier_numbers *tier_numbers(enum ladder_kind kind, enum tier tier)
{
	return &NUMBERS[kind][tier < TIER_COUNT ? tier : TIER_G];
}

enum tier tier_of_letter(char letter)
{
	unsigned tier = TIER_COUNT - 1;
	for (unsigned t = 0; t < TIER_COUNT; t++)
		if (NUMBERS[LADDER_TALK][t].letter == letter)
			tier = t;
	return (enum tier)tier;
}

enum tier tier_fitting(enum ladder_kind kind, int64_t bps)
{
	unsigned tier = TIER_COUNT - 1;
	while (tier > TIER_G && bps < NUMBERS[kind][tier].wire_bps)
		tier--;
	return (enum tier)tier;
}

/* So many times the tier's rate, and what repeats cost in this tier. */
static int64_t costs_bps(const struct ladder *l, enum tier tier, double times)
{
	const struct tier_numbers *n = &NUMBERS[l->kind][tier];
	double once = times * n->wire_bps;
	return (int64_t)((l->repeats.everything ? 2 * once : once) +
			 (double)l->repeats.sound * n->audio_bps);
}

static int64_t stays_bps(const struct ladder *l, enum tier tier)
{
	return costs_bps(l, tier, tier == TIER_D_LESS ? STAYS_LESS : STAYS[l->kind]);
}

/* The rate at which one climbs to this tier. */
static int64_t climbs_bps(const struct ladder *l, enum tier tier)
{
	return costs_bps(l, tier, tier <= TIER_B ? CLIMBS_THIN : CLIMBS);
}

/* It was tried not long ago, and did not hold. */
static bool is_to_wait(const struct ladder *l, enum tier tier, int64_t bps, struct mono now)
{
	return l->failed_us > 0 && tier >= l->failed && mono_diff_us(now, l->left) < l->failed_us &&
	       bps < costs_bps(l, l->failed, ANOTHER_LINE);
}

static enum tier climbing_to(const struct ladder *l, int64_t bps, struct mono now)
{
	unsigned tier = TIER_COUNT - 1;
	while (tier > TIER_G &&
	       (bps < climbs_bps(l, (enum tier)tier) || is_to_wait(l, (enum tier)tier, bps, now)))
		tier--;
	return (enum tier)tier;
}

/* From the least video to less of it, where its lower layer fits: that is no more than the next one takes. */
static int64_t falls_bps(const struct ladder *l, enum tier tier)
{
	return tier == TIER_D_LESS ? stays_bps(l, tier) : costs_bps(l, tier, 1);
}

static enum tier falling_to(const struct ladder *l, int64_t bps)
{
	unsigned tier = l->tier - 1u;
	while (tier > TIER_G && bps < falls_bps(l, (enum tier)tier))
		tier--;
	return (enum tier)tier;
}

void ladder_init(struct ladder *l, enum ladder_kind kind, int64_t line_bps, struct mono now)
{
	*l = (struct ladder){
		.kind = kind,
		.tier = tier_fitting(kind, line_bps),
		.since = now,
		.fits_up = MONO_NEVER,
	};
}

/* How long the tier that is left now is to wait: it held, or did not, or did not again. */
static int64_t failed_us(const struct ladder *l, struct mono now)
{
	if (mono_diff_us(now, l->since) >= FAILS_US)
		return 0;
	if (l->failed != l->tier || l->failed_us == 0)
		return FAILED_US;
	return l->failed_us * 2 < FAILED_MAX_US ? l->failed_us * 2 : FAILED_MAX_US;
}

/* A thin line has no room to try what it does not carry. */
static void note_fall(struct ladder *l, struct mono now)
{
	l->fell = true;
	if (l->tier > TIER_D || !l->rose)
		return;
	l->failed_us = failed_us(l, now);
	l->failed = l->tier;
	l->left = now;
}

static bool enter(struct ladder *l, enum tier tier, struct mono now)
{
	l->rose = tier > l->tier;
	l->tier = tier;
	l->since = now;
	l->fits_up = MONO_NEVER;
	return true;
}

bool ladder_step(struct ladder *l, int64_t line_bps, struct mono now)
{
	if (l->tier > TIER_G && line_bps < stays_bps(l, l->tier)) {
		note_fall(l, now);
		return enter(l, falling_to(l, line_bps), now);
	}
	enum tier up = climbing_to(l, line_bps, now);
	if (up <= l->tier) {
		l->fits_up = MONO_NEVER;
		return false;
	}
	if (mono_before(now, l->fits_up))
		l->fits_up = now;
	if (mono_diff_us(now, l->fits_up) < (l->fell ? UP_AFTER_US : UP_FIRST_US) ||
	    (l->fell && mono_diff_us(now, l->since) < UP_AFTER_DOWN_US))
		return false;
	return enter(l, up, now);
}

int64_t ladder_wants_bps(const struct ladder *l)
{
	if (l->tier + 1 >= TIER_COUNT)
		return 0;
	enum tier next = l->tier < TIER_D ? TIER_D : (enum tier)(l->tier + 1);
	return climbs_bps(l, next);
}
