#include "congestion/pacer.h"

static const double FASTER = 1.5;
static const double FASTER_THIN = 1.05;

static double bytes_in(const struct pacer *p, int64_t us)
{
	return (double)p->bps * (double)us / 8e6;
}

static double room(const struct pacer *p)
{
	return bytes_in(p, PACER_BURST_US);
}

static void fill(struct pacer *p, struct mono now)
{
	if (!mono_before(p->at, now))
		return;
	p->bytes += bytes_in(p, mono_diff_us(now, p->at));
	if (p->bytes > room(p))
		p->bytes = room(p);
	p->at = now;
}

static int64_t faster(int64_t line_bps)
{
	return (int64_t)((double)line_bps * (line_bps < PACER_THIN_BPS ? FASTER_THIN : FASTER));
}

void pacer_init(struct pacer *p, int64_t line_bps, struct mono now)
{
	*p = (struct pacer){ .bps = faster(line_bps), .at = now };
	p->bytes = room(p);
}

void pacer_set(struct pacer *p, int64_t line_bps, struct mono now)
{
	fill(p, now);
	p->bps = faster(line_bps);
}

bool pacer_may(struct pacer *p, struct mono now)
{
	fill(p, now);
	return p->bytes > 0;
}

void pacer_spend(struct pacer *p, size_t bytes, struct mono now)
{
	fill(p, now);
	p->bytes -= (double)bytes;
	double most = -bytes_in(p, PACER_DEBT_US);
	if (p->bytes < most)
		p->bytes = most;
}

struct mono pacer_next(const struct pacer *p)
{
	if (p->bytes > 0)
		return p->at;
	return mono_add_us(p->at, (int64_t)(-p->bytes * 8e6 / (double)p->bps) + 1);
}
