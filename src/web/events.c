#include "web/events.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/mem.h"

void event_ring_init(struct event_ring *ring, uint64_t instance, size_t readers_max)
{
	*ring = (struct event_ring){ .instance = instance, .next = 1, .readers_max = readers_max };
}

static void wake(struct event_reader *reader)
{
	struct event_reader *whole = reader->bundle != NULL ? reader->bundle : reader;
	if (whole->wake != NULL)
		whole->wake(whole);
}

void event_publish(struct event_ring *ring, const char *name, const char *data)
{
	struct buf text = buf_of(EVENT_BYTES_MAX);
	char **place = &ring->kept[ring->next % EVENTS_KEPT];
	buf_printf(&text, "%s\nid: %llx-%llx\ndata: %s\n\n", name,
		   (unsigned long long)ring->instance, (unsigned long long)ring->next, data);
	free(*place);
	*place = buf_ok(&text) ? strdup(buf_cstr(&text)) : NULL;
	buf_clear(&text);
	ring->next++;
	for (struct event_reader *reader = ring->readers; reader != NULL; reader = reader->next)
		wake(reader);
}

static bool hex_number(struct str s, uint64_t *out)
{
	static const char digits[] = "0123456789abcdef";
	uint64_t v = 0;
	if (s.len == 0 || s.len > 16)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		const char *digit = memchr(digits, s.at[i], 16);
		if (digit == NULL)
			return false;
		v = v << 4 | (uint64_t)(digit - digits);
	}
	*out = v;
	return true;
}

/* The number after the one that the client saw; 0: not ours, or too long ago. */
static uint64_t resume_at(const struct event_ring *ring, struct str last_id)
{
	uint64_t instance, number;
	struct str rest = last_id;
	struct str first = str_cut(&rest, '-');
	if (!hex_number(first, &instance) || !hex_number(rest, &number))
		return 0;
	bool kept = number < ring->next && ring->next - number <= EVENTS_KEPT;
	return instance == ring->instance && kept ? number + 1 : 0;
}

struct event_reader *event_reader_new(struct event_ring *ring, struct str last_id)
{
	if (ring->readers_len >= ring->readers_max)
		return NULL;
	struct event_reader *reader = mem_new(1, sizeof(*reader));
	reader->ring = ring;
	reader->pending = buf_of(2 * EVENT_BYTES_MAX);
	reader->at = resume_at(ring, last_id);
	reader->next = ring->readers;
	ring->readers = reader;
	ring->readers_len++;
	return reader;
}

static void leave_ring(struct event_reader *reader)
{
	struct event_ring *ring = reader->ring;
	if (ring == NULL)
		return;
	for (struct event_reader **at = &ring->readers; *at != NULL; at = &(*at)->next)
		if (*at == reader) {
			*at = reader->next;
			ring->readers_len--;
			break;
		}
	reader->ring = NULL;
}

void event_reader_free(struct event_reader *reader)
{
	if (reader == NULL)
		return;
	while (reader->parts != NULL) {
		struct event_reader *part = reader->parts;
		reader->parts = part->next_part;
		event_reader_free(part);
	}
	leave_ring(reader);
	buf_clear(&reader->pending);
	free(reader);
}

/* What the first line of an event begins with. */
static void put_head(struct event_reader *reader)
{
	buf_printf(&reader->pending, "event: %s%s", reader->label,
		   reader->label[0] != '\0' ? "/" : "");
}

/* A snapshot stands for everything up to now. */
static void put_snapshot(struct event_reader *reader)
{
	struct event_ring *ring = reader->ring;
	reader->at = ring->next;
	put_head(reader);
	ring->snapshot(ring, reader, &reader->pending);
	buf_printf(&reader->pending, "retry: %d\nid: %llx-%llx\n\n", EVENTS_RETRY_MS,
		   (unsigned long long)ring->instance, (unsigned long long)(ring->next - 1));
}

static bool is_behind(const struct event_reader *reader)
{
	return reader->at != reader->ring->next;
}

static void put_next(struct event_reader *reader)
{
	struct event_ring *ring = reader->ring;
	bool lost = reader->at == 0 || ring->next - reader->at > EVENTS_KEPT;
	if (lost)
		return put_snapshot(reader);
	if (!is_behind(reader))
		return;
	const char *text = ring->kept[reader->at % EVENTS_KEPT];
	if (text != NULL) {
		put_head(reader);
		buf_text(&reader->pending, text);
	}
	reader->at++;
}

/* What was published before is still told. */
static void part(struct event_reader *reader)
{
	while (is_behind(reader))
		put_next(reader);
	reader->ring = NULL;
	reader->next = NULL;
	wake(reader);
}

void event_ring_clear(struct event_ring *ring)
{
	while (ring->readers != NULL) {
		struct event_reader *reader = ring->readers;
		ring->readers = reader->next;
		part(reader);
	}
	for (size_t i = 0; i < EVENTS_KEPT; i++)
		free(ring->kept[i]);
	*ring = (struct event_ring){ 0 };
}

void event_reader_end(struct event_reader *reader, const char *last)
{
	struct event_ring *ring = reader->ring;
	if (ring == NULL)
		return;
	leave_ring(reader);
	reader->ring = ring;
	part(reader);
	put_head(reader);
	buf_printf(&reader->pending, "%s\ndata: {}\n\n", last);
}

static size_t pending(const struct event_reader *reader)
{
	return reader->pending.len - reader->sent;
}

static long copy_out(struct event_reader *reader, char *at, size_t cap)
{
	size_t len = pending(reader) < cap ? pending(reader) : cap;
	if (len > 0)
		memcpy(at, reader->pending.at + reader->sent, len);
	reader->sent += len;
	return (long)len;
}

static long fill_one(struct event_reader *reader, char *at, size_t cap)
{
	if (pending(reader) == 0) {
		buf_reset(&reader->pending);
		reader->sent = 0;
		if (reader->ring == NULL)
			return -1;
		put_next(reader);
	}
	if (!buf_ok(&reader->pending))
		return -1;
	long len = copy_out(reader, at, cap);
	return len == 0 && reader->ring->ended ? -1 : len;
}

/* ---- bundles ---- */

struct event_reader *event_bundle_new(void)
{
	return mem_new(1, sizeof(struct event_reader));
}

void event_bundle_add(struct event_reader *bundle, struct event_reader *part, struct str label)
{
	ASSERT(label.len > 0 && label.len < EVENTS_LABEL_ROOM);
	if (part == NULL)
		part = mem_new(1, sizeof *part);
	memcpy(part->label, label.at, label.len);
	part->bundle = bundle;
	part->next_part = bundle->parts;
	bundle->parts = part;
}

static long tell_over(struct event_reader *part, char *at, size_t cap)
{
	part->over = true;
	buf_clear(&part->pending);
	part->pending = buf_of(EVENT_BYTES_MAX);
	part->sent = 0;
	put_head(part);
	buf_text(&part->pending, "over\ndata: {}\n\n");
	return copy_out(part, at, cap);
}

static long fill_part(struct event_reader *part, char *at, size_t cap)
{
	long len = part->over && pending(part) == 0 ? -1 : fill_one(part, at, cap);
	return len < 0 && !part->over ? tell_over(part, at, cap) : len;
}

/* One after the other; an event that has begun goes out whole. */
static long fill_bundle(struct event_reader *bundle, char *at, size_t cap)
{
	struct event_reader *part = bundle->now;
	bool alive = false;
	if (part != NULL && pending(part) > 0)
		return copy_out(part, at, cap);
	for (struct event_reader *all = bundle->parts; all != NULL; all = all->next_part) {
		part = part != NULL && part->next_part != NULL ? part->next_part : bundle->parts;
		long len = fill_part(part, at, cap);
		alive |= len >= 0;
		if (len <= 0)
			continue;
		bundle->now = part;
		return len;
	}
	return alive ? 0 : -1;
}

long event_reader_fill(struct event_reader *reader, char *at, size_t cap)
{
	return reader->parts != NULL ? fill_bundle(reader, at, cap) : fill_one(reader, at, cap);
}

void event_ring_tick(struct event_ring *ring, struct mono now)
{
	for (struct event_reader *reader = ring->readers; reader != NULL; reader = reader->next) {
		bool silent = mono_diff_us(now, reader->last) > EVENTS_SILENCE_MS * 1000LL;
		if (!silent)
			continue;
		reader->last = now;
		if (pending(reader) == 0) {
			buf_reset(&reader->pending);
			reader->sent = 0;
			buf_text(&reader->pending, ": still here\n\n");
		}
		wake(reader);
	}
}
