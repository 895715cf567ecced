#include "wire/twcc.h"

#include "base/assert.h"

enum symbol {
	NOT_ARRIVED = 0,
	SMALL = 1, /* one byte of delta: 0 … 63.75 ms */
	LARGE = 2, /* two bytes, signed */
};

enum {
	RUN_MAX = 0x1fff,
	ONE_BIT_SYMBOLS = 14,
	TWO_BIT_SYMBOLS = 7,
	HEAD_LEN = 4 + 8 + 8, /* RTCP, two SSRCs, base … number */
};

/* ---- writing ---- */

/* What the next status would be, and the clock of the deltas behind it. */
struct step {
	enum symbol symbol;
	int64_t ticks; /* of this arrival; 250 µs */
};

/* False if the delta does not fit 16 bits. */
static bool step_of(int64_t arrival_us, int64_t before_ticks, struct step *out)
{
	if (arrival_us == TWCC_LOST) {
		*out = (struct step){ .symbol = NOT_ARRIVED, .ticks = before_ticks };
		return true;
	}
	int64_t ticks = arrival_us / TWCC_TICK_US;
	int64_t delta = ticks - before_ticks;
	*out =
	    (struct step){ .symbol = delta >= 0 && delta <= 255 ? SMALL : LARGE, .ticks = ticks };
	return delta >= INT16_MIN && delta <= INT16_MAX;
}

/* Everything that both passes (measuring, writing) share. */
struct plan {
	const struct twcc_feedback *feedback;
	int64_t reference_ticks;
	size_t count; /* statuses that fit */
};

/* Symbols from `from` on: as a run, seven of two bits, or fourteen of one bit, whichever reaches furthest. */
static size_t chunk_of(const struct plan *plan, size_t from, int64_t ticks, uint16_t *out)
{
	size_t left = plan->count - from;
	size_t run = 0, small = 0;
	bool in_run = true, in_small = true;
	uint16_t two = 0xc000, one = 0x8000;
	enum symbol first = NOT_ARRIVED;
	size_t most = left < RUN_MAX ? left : RUN_MAX;
	for (size_t i = 0; i < most && (in_run || i < ONE_BIT_SYMBOLS); i++) {
		struct step s;
		(void)step_of(plan->feedback->arrival_us[from + i], ticks, &s);
		ticks = s.ticks;
		first = i == 0 ? s.symbol : first;
		in_run = in_run && s.symbol == first;
		in_small = in_small && s.symbol != LARGE;
		run += in_run;
		small += in_small && i < ONE_BIT_SYMBOLS;
		if (i < TWO_BIT_SYMBOLS)
			two |= (uint16_t)((unsigned)s.symbol << (12 - 2 * i));
		if (in_small && i < ONE_BIT_SYMBOLS)
			one |= (uint16_t)((unsigned)s.symbol << (13 - i));
	}
	size_t seven = left < TWO_BIT_SYMBOLS ? left : TWO_BIT_SYMBOLS;
	if (small < ONE_BIT_SYMBOLS && small < left) /* a chunk must be full, but for the last */
		small = 0;
	if (run >= small && run >= seven) {
		*out = (uint16_t)(((unsigned)first << 13) | run);
		return run;
	}
	*out = small > seven ? one : two;
	return small > seven ? small : seven;
}

/* The clock after the statuses [from, from + n). */
static int64_t ticks_after(const struct plan *plan, size_t from, size_t n, int64_t ticks)
{
	for (size_t i = from; i < from + n; i++)
		if (plan->feedback->arrival_us[i] != TWCC_LOST)
			ticks = plan->feedback->arrival_us[i] / TWCC_TICK_US;
	return ticks;
}

/*
 * How many statuses fit into `room` bytes: each needs its delta, and chunks
 * never need more than two bytes for seven statuses.  Trailing losses are left
 * for the next packet, which may know better.
 */
static size_t fitting(const struct plan *plan, size_t room)
{
	const struct twcc_feedback *f = plan->feedback;
	size_t most = f->count < TWCC_STATUSES_MAX ? f->count : TWCC_STATUSES_MAX;
	int64_t ticks = plan->reference_ticks;
	size_t deltas = 0, fits = 0;
	for (size_t i = 0; i < most; i++) {
		struct step s;
		if (!step_of(f->arrival_us[i], ticks, &s))
			break;
		ticks = s.ticks;
		deltas += (size_t)s.symbol; /* 0, 1 or 2 bytes */
		if (deltas + 2 * (i / TWO_BIT_SYMBOLS + 1) + 3 > room)
			break;
		if (s.symbol != NOT_ARRIVED)
			fits = i + 1;
	}
	return fits;
}

static void write_chunks(struct writer *w, const struct plan *plan)
{
	int64_t ticks = plan->reference_ticks;
	for (size_t i = 0; i < plan->count;) {
		uint16_t chunk;
		size_t n = chunk_of(plan, i, ticks, &chunk);
		writer_u16(w, chunk);
		ticks = ticks_after(plan, i, n, ticks);
		i += n;
	}
}

static void write_deltas(struct writer *w, const struct plan *plan)
{
	int64_t ticks = plan->reference_ticks;
	for (size_t i = 0; i < plan->count; i++) {
		struct step s;
		(void)step_of(plan->feedback->arrival_us[i], ticks, &s);
		if (s.symbol == SMALL)
			writer_u8(w, (uint8_t)(s.ticks - ticks));
		if (s.symbol == LARGE)
			writer_u16(w, (uint16_t)(s.ticks - ticks));
		ticks = s.ticks;
	}
}

static bool first_arrival(const struct twcc_feedback *f, int64_t *us)
{
	for (size_t i = 0; i < f->count; i++) {
		if (f->arrival_us[i] == TWCC_LOST)
			continue;
		*us = f->arrival_us[i];
		return true;
	}
	return false;
}

enum err twcc_write(struct writer *w, const struct twcc_feedback *feedback, size_t *taken)
{
	int64_t first;
	if (!first_arrival(feedback, &first))
		return ERR_NOT_FOUND;
	ASSERT(first >= 0);
	int64_t reference = first / TWCC_REFERENCE_US;
	struct plan plan = { .feedback = feedback,
			     .reference_ticks = reference * (TWCC_REFERENCE_US / TWCC_TICK_US) };
	size_t room = w->cap - w->len;
	plan.count = room > HEAD_LEN ? fitting(&plan, room - HEAD_LEN) : 0;
	if (plan.count == 0 || !writer_ok(w))
		return ERR_LIMIT;
	size_t start = w->len;
	writer_u8(w, 0x80 | RTCP_TWCC);
	writer_u8(w, RTCP_TRANSPORT_FEEDBACK);
	writer_u16(w, 0); /* the length, below */
	writer_u32(w, feedback->sender);
	writer_u32(w, feedback->media);
	writer_u16(w, feedback->base);
	writer_u16(w, (uint16_t)plan.count);
	writer_u24(w, (uint32_t)reference & 0xffffff);
	writer_u8(w, feedback->number);
	write_chunks(w, &plan);
	write_deltas(w, &plan);
	writer_zeros(w, (4 - (w->len - start) % 4) % 4);
	put_u16(w->at + start + 2, (uint16_t)((w->len - start) / 4 - 1));
	*taken = plan.count;
	return OK;
}

/* ---- reading ---- */

/* How many statuses a chunk holds, and its symbol at place i. */
static uint16_t chunk_len(uint16_t chunk)
{
	if (!(chunk & 0x8000))
		return chunk & RUN_MAX;
	return chunk & 0x4000 ? TWO_BIT_SYMBOLS : ONE_BIT_SYMBOLS;
}

static unsigned chunk_symbol(uint16_t chunk, unsigned i)
{
	if (!(chunk & 0x8000))
		return (chunk >> 13) & 3;
	if (chunk & 0x4000)
		return (chunk >> (12 - 2 * i)) & 3;
	return (chunk >> (13 - i)) & 1;
}

/* The bytes of delta that the first n symbols of a chunk ask for. */
static enum err delta_len(uint16_t chunk, uint16_t n, size_t *sum)
{
	for (unsigned i = 0; i < n; i++) {
		unsigned symbol = chunk_symbol(chunk, i);
		if (symbol > LARGE)
			return ERR_BAD;
		*sum += symbol;
		if (!(chunk & 0x8000)) { /* all alike */
			*sum += symbol * (n - 1u);
			return OK;
		}
	}
	return OK;
}

/* Walks over the chunks, so that twcc_next() cannot fail; leaves r at the deltas. */
static enum err check_chunks(struct reader *r, uint16_t count)
{
	size_t deltas = 0;
	for (uint16_t told = 0; told < count;) {
		uint16_t chunk = reader_u16(r);
		uint16_t n = chunk_len(chunk);
		uint16_t used = n < count - told ? n : (uint16_t)(count - told);
		if (!reader_ok(r))
			return ERR_SHORT;
		if (n == 0 || delta_len(chunk, used, &deltas))
			return ERR_BAD;
		told = (uint16_t)(told + used);
	}
	return reader_left(r) < deltas ? ERR_SHORT : OK;
}

enum err twcc_open(const struct rtcp_feedback *feedback, struct twcc_reader *out)
{
	struct reader r = reader_of(feedback->control);
	struct twcc_reader t = { .base = reader_u16(&r) };
	t.count = reader_u16(&r);
	t.time_us = (int64_t)reader_u24(&r) * TWCC_REFERENCE_US;
	t.number = reader_u8(&r);
	t.chunks = r;
	if (!reader_ok(&r))
		return ERR_SHORT;
	if (t.count > TWCC_STATUSES_MAX)
		return ERR_LIMIT;
	enum err err = check_chunks(&r, t.count);
	t.deltas = r;
	if (!err)
		*out = t;
	return err;
}

bool twcc_next(struct twcc_reader *t, struct twcc_status *out)
{
	if (t->told == t->count)
		return false;
	if (t->chunk_at == t->chunk_len) {
		t->chunk = reader_u16(&t->chunks);
		t->chunk_len = chunk_len(t->chunk);
		t->chunk_at = 0;
	}
	unsigned symbol = chunk_symbol(t->chunk, t->chunk_at++);
	*out = (struct twcc_status){
		.sequence = (uint16_t)(t->base + t->told++),
		.arrived = symbol != NOT_ARRIVED,
	};
	if (symbol == SMALL)
		t->time_us += reader_u8(&t->deltas) * TWCC_TICK_US;
	if (symbol == LARGE)
		t->time_us += (int16_t)reader_u16(&t->deltas) * TWCC_TICK_US;
	out->arrival_us = out->arrived ? t->time_us : 0;
	return true;
}
