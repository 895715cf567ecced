#include "wire/twcc.h"

#include "fuzz.h"

static int64_t arrivals[TWCC_STATUSES_MAX];

/* What was read can be written again, and the first of it reads the same. */
static void write_back(const struct twcc_reader *r, size_t count)
{
	static uint8_t out[64 * 1024];
	struct writer w = writer_of(out, sizeof out);
	struct twcc_feedback f = {
		.base = r->base, .number = r->number, .arrival_us = arrivals, .count = count
	};
	struct rtcp_walk walk;
	struct rtcp_packet p;
	struct rtcp_feedback feedback;
	struct twcc_reader again;
	struct twcc_status s;
	size_t taken;
	if (twcc_write(&w, &f, &taken))
		return;
	walk = rtcp_walk_of(writer_bytes(&w));
	ASSERT(rtcp_next(&walk, &p) && rtcp_parse_feedback(&p, &feedback) == OK);
	ASSERT(twcc_open(&feedback, &again) == OK && again.count == taken);
	for (size_t i = 0; i < taken; i++) {
		ASSERT(twcc_next(&again, &s));
		ASSERT(s.arrived == (arrivals[i] != TWCC_LOST));
		ASSERT(!s.arrived || s.arrival_us == arrivals[i]);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	struct rtcp_feedback f = { .control = bytes_of(at, len) };
	struct twcc_reader r;
	struct twcc_status s;
	size_t count = 0;
	bool early = false;
	if (twcc_open(&f, &r))
		return 0;
	struct twcc_reader start = r;
	while (twcc_next(&r, &s)) {
		arrivals[count++] = s.arrived ? s.arrival_us : TWCC_LOST;
		/* a time before the clock's start, or behind its wrap, is not written the same */
		early =
		    early || s.arrival_us < 0 || s.arrival_us >= (int64_t)TWCC_REFERENCE_US << 24;
	}
	ASSERT(count == r.count && reader_ok(&r.chunks) && reader_ok(&r.deltas));
	if (!early)
		write_back(&start, count);
	return 0;
}
