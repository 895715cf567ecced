/*
 * fits.c - the CPU of one list of times for a prison's four weeks, for bench/waiting.
 *
 * Twenty terminals, each with half its day taken in pieces; a visit of 30
 * minutes, on the five-minute grid, everything that fits.
 */
#include <stdio.h>
#include <time.h>

#include "base/random.h"
#include "domain/waiting/fit.h"

enum {
	DAYS = 28,
	PLACES = 20,
	OPEN_FROM = 96,
	OPEN_STEPS = 108,
	ROUNDS = 200,
	FITS_MAX = DAYS * OPEN_STEPS,
};

static struct day_steps free_time[PLACES][DAYS];
static struct fit fits[FITS_MAX];

static double cpu_ms(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

int main(void)
{
	struct random random = random_seeded(1);
	struct fit_place places[PLACES] = { 0 };
	for (int p = 0; p < PLACES; p++) {
		places[p].free = free_time[p];
		for (int d = 0; d < DAYS; d++) {
			day_set(&free_time[p][d], OPEN_FROM, OPEN_STEPS);
			for (int i = 0; i < 8; i++)
				day_clear(&free_time[p][d],
					  OPEN_FROM + (int)random_below(&random, OPEN_STEPS), 7);
		}
	}
	const struct fit_ask ask = {
		.steps = 6, .turn_steps = 1, .shortest_steps = 3, .grid_steps = 1, .day_count = DAYS
	};
	size_t n = 0;
	double began = cpu_ms();
	for (int i = 0; i < ROUNDS; i++)
		n = fit_find(&ask, places, PLACES, fits, FITS_MAX, OPEN_STEPS);
	printf("{\"places\":%d,\"days\":%d,\"times\":%zu,\"cpu_ms\":%.3f}\n", PLACES, DAYS, n,
	       (cpu_ms() - began) / ROUNDS);
	return 0;
}
