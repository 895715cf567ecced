#include "ipc/ring.h"

#include <string.h>

#include "base/assert.h"

/*
 * A message is its length in one unit, then its bytes, up to a whole unit.  None
 * is cut in two by the end: SKIP stands before what is left empty there.  None is
 * empty: 0 is what the reader leaves.
 */
#define SKIP UINT64_MAX

_Static_assert((RING_BYTES & (RING_BYTES - 1)) == 0, "places wrap around by a mask");
_Static_assert(2 * RING_MESSAGE_MAX < RING_BYTES, "any message finds room in an empty ring");

/* Each of these reads or writes memory once, however often its result is used. */
static uint64_t see(const uint64_t *at)
{
	return __atomic_load_n(at, __ATOMIC_ACQUIRE);
}

static void show(uint64_t *at, uint64_t value)
{
	__atomic_store_n(at, value, __ATOMIC_RELEASE);
}

static size_t place(uint64_t count, uint64_t base)
{
	return (size_t)((count - base) & (RING_BYTES - 1));
}

static uint64_t *unit_at(struct ring *ring, size_t place)
{
	return &ring->units[place / RING_UNIT];
}

static size_t whole_units(size_t len)
{
	return (len + RING_UNIT - 1) / RING_UNIT * RING_UNIT;
}

/* What a killed program or a hostile one left, as a place in the ring. */
static uint64_t aligned(uint64_t count)
{
	return count - count % RING_UNIT;
}

/* ---- writing ---- */

struct ring_writer ring_writer_of(struct ring *ring)
{
	struct ring_writer w = { .ring = ring };
	if (ring == NULL)
		return w;
	uint64_t read = see(&ring->read);
	w.base = aligned(see(&ring->base));
	w.written = aligned(see(&ring->written));
	if (w.written - read > RING_BYTES) {
		w.written = aligned(read);
		show(&ring->written, w.written);
	}
	return w;
}

/* When nothing waits, the next message stands at the beginning: so a reader that keeps up makes us use
 * little of the memory, and the processor's caches have that. */
static void begin_anew(struct ring_writer *w)
{
	w->base = w->written;
	show(&w->ring->base, w->base);
}

/* Whoever wrote nonsense over our number may be another one by now, who goes by it. */
static bool no_room(struct ring_writer *w)
{
	show(&w->ring->written, w->written);
	return false;
}

bool ring_put(struct ring_writer *w, struct bytes message)
{
	ASSERT(message.len > 0 && message.len <= RING_MESSAGE_MAX);
	if (w->ring == NULL)
		return false;
	uint64_t waiting = w->written - see(&w->ring->read);
	if (waiting > RING_BYTES)
		return no_room(w);
	if (waiting == 0)
		begin_anew(w);
	size_t at = place(w->written, w->base), need = RING_UNIT + whole_units(message.len);
	size_t skip = need > RING_BYTES - at ? RING_BYTES - at : 0;
	if (skip + need > RING_BYTES - waiting)
		return no_room(w);
	if (skip > 0) {
		*unit_at(w->ring, at) = SKIP;
		at = 0;
	}
	*unit_at(w->ring, at) = message.len;
	memcpy(unit_at(w->ring, at) + 1, message.at, message.len);
	w->written += skip + need;
	show(&w->ring->written, w->written);
	return true;
}

/* ---- reading ---- */

struct ring_reader ring_reader_of(struct ring *ring)
{
	return (struct ring_reader){ .ring = ring, .read = aligned(see(&ring->read)) };
}

static void move_to(struct ring_reader *r, uint64_t read)
{
	r->read = read;
	show(&r->ring->read, read);
}

/* So the next message of an honest writer is understood again. */
static enum err give_up(struct ring_reader *r, uint64_t written)
{
	move_to(r, aligned(written));
	return ERR_BAD;
}

/* Nor does who breaks into the writer later find there what was said before. */
static void copy_out(uint64_t *message, size_t len, uint8_t *at)
{
	memcpy(at, message + 1, len);
	memset(message, 0, RING_UNIT + whole_units(len));
}

enum err ring_take(struct ring_reader *r, uint8_t *at, size_t cap, size_t *len)
{
	uint64_t written = see(&r->ring->written), waiting = written - r->read;
	if (waiting == 0) {
		move_to(r, r->read); /* whatever stands there */
		return ERR_AGAIN;
	}
	if (waiting > RING_BYTES || waiting % RING_UNIT != 0)
		return give_up(r, written);
	size_t from = place(r->read, aligned(see(&r->ring->base))), skip = 0;
	uint64_t told = see(unit_at(r->ring, from));
	if (told == SKIP && from > 0 && waiting > RING_BYTES - from) {
		skip = RING_BYTES - from;
		from = 0;
		told = see(unit_at(r->ring, 0));
	}
	size_t left = (size_t)waiting - skip, to_end = RING_BYTES - from;
	size_t most = (left < to_end ? left : to_end) - RING_UNIT;
	if (told == 0 || told > most || told > cap)
		return give_up(r, written);
	copy_out(unit_at(r->ring, from), (size_t)told, at);
	move_to(r, r->read + skip + RING_UNIT + whole_units((size_t)told));
	*len = (size_t)told;
	return OK;
}
