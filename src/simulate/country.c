#include "simulate/country.h"

#include <stdlib.h>

#include "base/assert.h"
#include "base/mem.h"

enum {
	PERMILLE = 1000,
};

static const char *const NAMES[FIGURE_COUNT] = {
	[FIGURE_MEDIAN] = "median_days",
	[FIGURE_P90] = "p90_days",
	[FIGURE_URGENT_P90] = "urgent_p90_days",
	[FIGURE_DATED_P90] = "dated_p90_days",
	[FIGURE_ROUTINE_P90] = "routine_p90_days",
	[FIGURE_URGENT_1] = "urgent_within_1_day_permille",
	[FIGURE_URGENT_2] = "urgent_within_2_days_permille",
	[FIGURE_MISSED] = "deadlines_missed_permille",
	[FIGURE_LATE] = "beyond_level_permille",
	[FIGURE_WASTED] = "wasted_permille",
	[FIGURE_USED] = "used_permille",
	[FIGURE_USELESS] = "useless_gaps_permille",
	[FIGURE_BETWEEN] = "between_prisons_percent",
	[FIGURE_GAVE_UP] = "gave_up_permille",
	[FIGURE_SOCIAL] = "social_visits",
	[FIGURE_LEGAL_MINUTES] = "legal_minutes",
};

const char *sim_figure_name(enum sim_figure figure)
{
	return NAMES[figure < FIGURE_COUNT ? figure : 0];
}

static void add(struct sim_counts *to, const struct sim_counts *c)
{
	for (int k = 0; k < SIM_CLASSES; k++) {
		to->late_class[k] += c->late_class[k];
		for (int w = 0; w <= SIM_WAIT_MAX; w++)
			to->waits[k][w] += c->waits[k][w];
	}
	for (int t = 0; t < TERM_COUNT; t++)
		to->minutes[t] += c->minutes[t];
	to->asked += c->asked;
	to->urgent += c->urgent;
	to->urgent_1 += c->urgent_1;
	to->urgent_2 += c->urgent_2;
	to->dated += c->dated;
	to->dated_missed += c->dated_missed;
	to->gave_up += c->gave_up;
	to->still_waiting += c->still_waiting;
	to->released_minutes += c->released_minutes;
	to->useless_minutes += c->useless_minutes;
	to->social_asked += c->social_asked;
	to->social_held += c->social_held;
	to->offers += c->offers;
	to->accepted += c->accepted;
}

static int64_t permille(int64_t part, int64_t of)
{
	return of ? (part * PERMILLE + of / 2) / of : 0;
}

static int by_size(const void *a, const void *b)
{
	const int *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

/* How far the prisons lie apart: those with long waits over those with short ones. */
static int64_t between(int *p90, int count)
{
	qsort(p90, (size_t)count, sizeof *p90, by_size);
	int low = p90[count / 10], high = p90[count - 1 - count / 10];
	return (int64_t)high * 100 / (low > 0 ? low : 1);
}

static void figures_of(const struct sim_counts *all, int64_t *f)
{
	int64_t minutes = 0, waste = 0, asked = 0;
	for (int t = 0; t < TERM_COUNT; t++)
		minutes += all->minutes[t];
	for (int t = TERM_NO_SHOW; t < TERM_IDLE; t++)
		waste += all->minutes[t];
	for (int k = 0; k < SIM_CLASSES; k++)
		for (int w = 0; w <= SIM_WAIT_MAX; w++)
			asked += all->waits[k][w];
	f[FIGURE_MEDIAN] = sim_quantile(all, -1, 50);
	f[FIGURE_P90] = sim_quantile(all, -1, 90);
	for (int k = 0; k < SIM_CLASSES; k++)
		f[FIGURE_URGENT_P90 + k] = sim_quantile(all, k, 90);
	f[FIGURE_URGENT_1] = permille(all->urgent_1, all->urgent);
	f[FIGURE_URGENT_2] = permille(all->urgent_2, all->urgent);
	f[FIGURE_MISSED] = permille(all->dated_missed, all->dated);
	f[FIGURE_LATE] =
	    permille(all->late_class[0] + all->late_class[1] + all->late_class[2], asked);
	f[FIGURE_WASTED] = permille(waste, minutes);
	f[FIGURE_USED] = permille(all->minutes[TERM_USED], minutes);
	f[FIGURE_USELESS] = permille(all->useless_minutes, minutes);
	f[FIGURE_GAVE_UP] = permille(all->gave_up, asked);
	f[FIGURE_SOCIAL] = all->social_held;
	f[FIGURE_LEGAL_MINUTES] = minutes;
}

void sim_country_run(const struct sim_model *model, const struct sim_row *row,
		     const struct policy *policy, uint64_t seed, struct sim_country *out)
{
	static const struct sim_counts NOTHING;
	struct sim_counts *all = mem_new(1, sizeof *all), *one = mem_new(1, sizeof *one);
	int p90[SIM_PRISONS_MAX];
	ASSERT(model->prisons <= SIM_PRISONS_MAX);
	*all = NOTHING;
	for (int p = 0; p < model->prisons; p++) {
		struct arena arena;
		const struct sim_prison prison = { .number = p, .seed = seed };
		arena_init(&arena);
		*one = NOTHING;
		sim_year_run(&arena, model, row, policy, &prison, one);
		arena_clear(&arena);
		p90[p] = sim_quantile(one, -1, 90);
		add(all, one);
	}
	figures_of(all, out->figures);
	out->figures[FIGURE_BETWEEN] = between(p90, model->prisons);
	for (int w = 0; w <= SIM_WAIT_MAX; w++)
		out->waits[w] = all->waits[0][w] + all->waits[1][w] + all->waits[2][w];
	free(all);
	free(one);
}

/* ---- several years ---- */

/* The larger integer root that does not exceed it. */
static int64_t root(int64_t x)
{
	int64_t r = 0;
	for (int64_t bit = INT64_C(1) << 30; bit; bit >>= 1)
		if ((r + bit) * (r + bit) <= x)
			r += bit;
	return r;
}

/* Student's t for 95 per cent, two-sided, in thousandths, by degrees of freedom. */
static int64_t student(size_t freedom)
{
	static const int64_t T[] = { 0,    12706, 4303, 3182, 2776, 2571, 2447, 2365, 2306, 2262,
				     2228, 2201,  2179, 2160, 2145, 2131, 2120, 2110, 2101, 2093 };
	return freedom < ARRAY_LEN(T) ? T[freedom] : 2086;
}

struct sim_spread sim_spread_of(const int64_t *values, size_t count)
{
	struct sim_spread s = { 0 };
	int64_t sum = 0, squares = 0;
	if (!count)
		return s;
	for (size_t i = 0; i < count; i++)
		sum += values[i];
	s.mean_milli = sum * PERMILLE / (int64_t)count;
	int64_t n = (int64_t)count, base = sum / n, rest = sum - base * n;
	for (size_t i = 0; i < count; i++)
		squares += (values[i] - base) * (values[i] - base);
	if (count < 2)
		return s;
	/* Off the mean itself, which lies rest / n above the base; n times as large. */
	int64_t exact = squares * n - rest * rest;
	/* The standard error, in thousandths; a million inside the root is a thousand outside. */
	int64_t error = exact < INT64_MAX / 1000000 ? root(exact * 1000000 / n / (n - 1) / n)
						    : root(exact / n / (n - 1) / n) * PERMILLE;
	s.half_milli = error * student(count - 1) / PERMILLE;
	return s;
}
