#include "domain/waiting/day.h"

#include <string.h>

enum {
	WORD = 64,
};

/* The bits of the last word that are steps of the day. */
static const uint64_t LAST_WORD = UINT64_MAX >> (DAY_WORDS * WORD - DAY_STEPS);

static int within(int step)
{
	if (step < 0)
		return 0;
	return step > DAY_STEPS ? DAY_STEPS : step;
}

struct day_steps day_inverse(struct day_steps day)
{
	for (int w = 0; w < DAY_WORDS; w++)
		day.bits[w] = ~day.bits[w];
	day.bits[DAY_WORDS - 1] &= LAST_WORD;
	return day;
}

/* Bits from … to-1 of one word. */
static uint64_t mask(int from, int to)
{
	uint64_t up_to = to >= WORD ? UINT64_MAX : (UINT64_C(1) << to) - 1;
	return from >= WORD ? 0 : up_to & (UINT64_MAX << from);
}

static struct day_steps span(int from, int count)
{
	struct day_steps day = { 0 };
	int first = within(from), after = within(from + count);
	for (int w = 0; w < DAY_WORDS; w++) {
		int low = first - w * WORD, high = after - w * WORD;
		if (high > 0 && low < WORD && low < high)
			day.bits[w] = mask(low < 0 ? 0 : low, high);
	}
	return day;
}

void day_set(struct day_steps *day, int from, int count)
{
	*day = day_or(*day, span(from, count));
}

void day_clear(struct day_steps *day, int from, int count)
{
	*day = day_without(*day, span(from, count));
}

bool day_has(const struct day_steps *day, int step)
{
	return step >= 0 && step < DAY_STEPS && (day->bits[step / WORD] >> (step % WORD) & 1) != 0;
}

bool day_has_all(const struct day_steps *day, int from, int count)
{
	if (from < 0 || count < 0 || from + count > DAY_STEPS)
		return false;
	struct day_steps missing = day_without(span(from, count), *day);
	return day_is_empty(&missing);
}

bool day_has_any(const struct day_steps *day, int from, int count)
{
	struct day_steps both = day_and(span(from, count), *day);
	return !day_is_empty(&both);
}

int day_count(const struct day_steps *day)
{
	int n = 0;
	for (int w = 0; w < DAY_WORDS; w++)
		n += __builtin_popcountll(day->bits[w]);
	return n;
}

bool day_is_empty(const struct day_steps *day)
{
	uint64_t any = 0;
	for (int w = 0; w < DAY_WORDS; w++)
		any |= day->bits[w];
	return any == 0;
}

int day_next(const struct day_steps *day, int from)
{
	int step = within(from);
	while (step < DAY_STEPS) {
		uint64_t rest = day->bits[step / WORD] >> (step % WORD);
		if (rest)
			return step + __builtin_ctzll(rest);
		step = (step / WORD + 1) * WORD;
	}
	return DAY_STEPS;
}

struct day_steps day_and(struct day_steps a, struct day_steps b)
{
	for (int w = 0; w < DAY_WORDS; w++)
		a.bits[w] &= b.bits[w];
	return a;
}

struct day_steps day_or(struct day_steps a, struct day_steps b)
{
	for (int w = 0; w < DAY_WORDS; w++)
		a.bits[w] |= b.bits[w];
	return a;
}

struct day_steps day_without(struct day_steps a, struct day_steps b)
{
	for (int w = 0; w < DAY_WORDS; w++)
		a.bits[w] &= ~b.bits[w];
	return a;
}

struct day_steps day_shift(struct day_steps day, int steps)
{
	struct day_steps out = { 0 };
	if (steps <= -DAY_STEPS || steps >= DAY_STEPS)
		return out;
	uint64_t wide[3 * DAY_WORDS] = { 0 }; /* with a day of nothing before and after */
	memcpy(wide + DAY_WORDS, day.bits, sizeof day.bits);
	unsigned from = (unsigned)(DAY_WORDS * WORD - steps), bits = from % WORD;
	for (unsigned w = 0; w < DAY_WORDS; w++) {
		const uint64_t *at = wide + from / WORD + w;
		out.bits[w] = bits ? at[0] >> bits | at[1] << (WORD - bits) : at[0];
	}
	out.bits[DAY_WORDS - 1] &= LAST_WORD;
	return out;
}

struct day_steps day_runs(struct day_steps day, int count)
{
	int have = 1;
	while (have < count) { /* doubles the length of the run that each step stands for */
		int more = count - have < have ? count - have : have;
		day = day_and(day, day_shift(day, -more));
		have += more;
	}
	return day;
}

struct day_steps day_from(int step)
{
	return span(step, DAY_STEPS - within(step));
}
