#include "web/events.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void event_ring_init(struct event_ring *ring, uint64_t instance, size_t readers_max)
{
	*ring = (struct event_ring){ .instance = instance, .next = 1, .readers_max = readers_max };
}

static void wake(struct event_reader *reader)
{
	if (reader->wake != NULL)
		reader->wake(reader);
}

void event_publish(struct event_ring *ring, const char *name, const char *data)
{
	struct buf text = buf_of(EVENT_BYTES_MAX);
	char **place = &ring->kept[ring->next % EVENTS_KEPT];
	buf_printf(&text, "event: %s\nid: %llx-%llx\ndata: %s\n\n", name,
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
	leave_ring(reader);
	buf_clear(&reader->pending);
	free(reader);
}

/* A snapshot stands for everything up to now. */
static void put_snapshot(struct event_reader *reader)
{
	struct event_ring *ring = reader->ring;
	reader->at = ring->next;
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
	if (text != NULL)
		buf_text(&reader->pending, text);
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
	buf_printf(&reader->pending, "event: %s\ndata: {}\n\n", last);
}

static size_t pending(const struct event_reader *reader)
{
	return reader->pending.len - reader->sent;
}

long event_reader_fill(struct event_reader *reader, char *at, size_t cap)
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
	size_t len = pending(reader) < cap ? pending(reader) : cap;
	if (len == 0)
		return reader->ring->ended ? -1 : 0;
	memcpy(at, reader->pending.at + reader->sent, len);
	reader->sent += len;
	return (long)len;
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
