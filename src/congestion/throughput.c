#include "congestion/throughput.h"

#include <math.h>

enum {
	WINDOW_FIRST_US = 500000,
	WINDOW_US = 150000,
	WINDOW_THIN_US = 500000,
	THIN_BPS = 150000,
	SMALL_BYTES = 2000, /* a sample of so little is doubted */
	FLOOR_BPS = 5000,
};

static const double DOUBT = 10;
static const double DOUBT_SMALL = 20;
static const double VARIANCE_FIRST = 50;
static const double VARIANCE_GROWS = 5;

static int64_t window_us(const struct throughput *t)
{
	if (t->bps <= 0)
		return WINDOW_FIRST_US;
	return t->bps < THIN_BPS ? WINDOW_THIN_US : WINDOW_US;
}

/* Sample and estimate are weighed by how sure each is; kbit/s. */
static void learn(struct throughput *t, double sample, bool small)
{
	double estimate = t->bps / 1000;
	if (t->bps <= 0) {
		t->bps = fmax(sample * 1000, FLOOR_BPS);
		t->variance = VARIANCE_FIRST;
		return;
	}
	double doubt = small ? DOUBT_SMALL : DOUBT;
	double apart = doubt * fabs(estimate - sample) / (estimate + fmin(sample, estimate));
	double sample_variance = apart * apart;
	double variance = t->variance + VARIANCE_GROWS;
	estimate = (sample_variance * estimate + variance * sample) / (sample_variance + variance);
	t->variance = sample_variance * variance / (sample_variance + variance);
	t->bps = fmax(estimate * 1000, FLOOR_BPS);
}

void throughput_arrived(struct throughput *t, int64_t arrived_us, size_t bytes)
{
	int64_t window = window_us(t);
	if (!t->any || arrived_us - t->begun_us > 2 * window || arrived_us < t->begun_us) {
		/* The first packet opens the window and does not count: its own time is not known. */
		t->any = true;
		t->begun_us = arrived_us;
		t->bytes = 0;
		return;
	}
	t->bytes += bytes;
	int64_t passed = arrived_us - t->begun_us;
	if (passed < window)
		return;
	learn(t, (double)t->bytes * 8000 / (double)passed, t->bytes < SMALL_BYTES);
	t->begun_us = arrived_us;
	t->bytes = 0;
}

void throughput_untold(struct throughput *t, size_t bytes)
{
	t->bytes += bytes;
}

int64_t throughput_bps(const struct throughput *t)
{
	return (int64_t)t->bps;
}
