#include "rtc/gaps.h"

#include <string.h>

/* Index of the first gap that is not older than seq. */
static size_t place(const struct gaps *gaps, uint64_t seq)
{
	size_t low = 0;
	size_t high = gaps->len;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (gaps->list[middle].seq < seq)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void forget(struct gaps *gaps, size_t from, size_t count)
{
	memmove(&gaps->list[from], &gaps->list[from + count],
		(gaps->len - from - count) * sizeof gaps->list[0]);
	gaps->len -= count;
}

static void give_up_before(struct gaps *gaps, uint64_t seq)
{
	size_t count = place(gaps, seq);
	forget(gaps, 0, count);
	gaps->given_up += (uint32_t)count;
}

/* Everything from newest + 1 to seq - 1 is missing. */
static enum gaps_arrival advance(struct gaps *gaps, uint64_t seq, struct mono now)
{
	uint64_t missing = seq - gaps->newest - 1;
	uint64_t first = gaps->newest + 1;
	gaps->newest = seq;
	if (missing > GAPS_MAX - gaps->len) {
		gaps->given_up += (uint32_t)missing;
		give_up_before(gaps, seq);
		return GAPS_JUMPED;
	}
	for (uint64_t i = 0; i < missing; i++)
		gaps->list[gaps->len++] = (struct gap){ .seq = first + i, .first = now };
	return GAPS_NEW;
}

/* Lateness of packets that came by themselves: up at once, down by 1/16. */
static void learn_lateness(struct gaps *gaps, int64_t late_us)
{
	if (late_us > GAPS_LATE_MAX_US)
		return;
	if (late_us > gaps->late_us)
		gaps->late_us = late_us;
	else
		gaps->late_us -= (gaps->late_us - late_us) / 16;
}

enum gaps_arrival gaps_arrived(struct gaps *gaps, uint64_t seq, struct mono now)
{
	if (!gaps->started) {
		gaps->started = true;
		gaps->newest = seq;
		return GAPS_NEW;
	}
	if (seq > gaps->newest)
		return advance(gaps, seq, now);
	size_t i = place(gaps, seq);
	if (i == gaps->len || gaps->list[i].seq != seq)
		return GAPS_OLD;
	if (gaps->list[i].tries == 0)
		learn_lateness(gaps, mono_diff_us(now, gaps->list[i].first));
	forget(gaps, i, 1);
	return GAPS_FILLED;
}

void gaps_key_frame(struct gaps *gaps, uint64_t seq)
{
	give_up_before(gaps, seq);
}

static struct mono due(const struct gaps *gaps, const struct gap *gap, int64_t rtt_us)
{
	if (gap->tries > 0)
		return mono_add_us(gap->asked, rtt_us);
	int64_t wait = gaps->late_us > GAPS_FIRST_US ? gaps->late_us : GAPS_FIRST_US;
	return mono_add_us(gap->first, wait);
}

size_t gaps_ask(struct gaps *gaps, struct mono now, int64_t rtt_us, uint16_t *out, size_t max)
{
	size_t count = 0;
	size_t kept = 0;
	for (size_t i = 0; i < gaps->len; i++) {
		struct gap *gap = &gaps->list[i];
		bool is_due = !mono_before(now, due(gaps, gap, rtt_us));
		if (is_due && gap->tries == GAPS_TRIES) {
			gaps->given_up++;
			continue;
		}
		if (is_due && count < max) {
			out[count++] = (uint16_t)gap->seq;
			gap->asked = now;
			gap->tries++;
		}
		gaps->list[kept++] = *gap;
	}
	gaps->len = kept;
	return count;
}

bool gaps_next(const struct gaps *gaps, int64_t rtt_us, struct mono *at)
{
	if (gaps->len == 0)
		return false;
	*at = MONO_NEVER;
	for (size_t i = 0; i < gaps->len; i++)
		*at = mono_min(*at, due(gaps, &gaps->list[i], rtt_us));
	return true;
}
