#include "programs/media/streams.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/map.h"
#include "base/mem.h"
#include "sys/tcp.h"
#include "wire/framing.h"

enum {
	ACCEPTS_PER_TURN = 16,
	READS_PER_TURN = 8, /* of one connection: then others get their turn */
	TICK_MS = 1000,
};

struct stream {
	struct watch watch; /* its owner is this stream */
	struct streams *streams;
	struct address from;
	bool used;
	bool known; /* something was sent to it */
	bool full;
	bool dirty;        /* stands in the list of what is to be flushed */
	uint32_t came;     /* bytes, until it is known */
	struct mono since; /* accepted, ... */
	struct mono heard; /* ... and something whole came */
	struct framing_in *in;
	struct framing_out *out; /* NULL until something is sent */
};

struct streams {
	struct loop *loop;
	struct streams_owner owner;
	uint64_t secret[2];
	struct map by_address;
	struct mono tick_at;
	size_t listeners_len;
	bool deaf; /* no descriptor was left: the listeners rest until the next tick */
	struct watch listeners[STREAMS_LISTENERS_MAX];
	size_t count;
	size_t free_len;
	uint16_t free[STREAMS_MAX];
	size_t strangers_len;
	uint16_t strangers[STREAMS_STRANGERS_MAX]; /* the oldest first */
	size_t dirty_len;
	uint16_t dirty[STREAMS_MAX];
	struct stream all[STREAMS_MAX];
};

static uint16_t place_of(const struct streams *s, const struct stream *stream)
{
	return (uint16_t)(stream - s->all);
}

static struct stream *find(struct streams *s, const struct address *address)
{
	uint32_t at;
	if (!map_get(&s->by_address, address_key(address, s->secret), &at) ||
	    !address_equal(&s->all[at].from, address))
		return NULL;
	return &s->all[at];
}

/* ---- strangers ---- */

static void no_stranger(struct streams *s, const struct stream *stream)
{
	uint16_t place = place_of(s, stream);
	size_t i = 0;
	while (i < s->strangers_len && s->strangers[i] != place)
		i++;
	if (i == s->strangers_len)
		return;
	s->strangers_len--;
	memmove(&s->strangers[i], &s->strangers[i + 1],
		(s->strangers_len - i) * sizeof s->strangers[0]);
}

/* The oldest stranger that must go before another comes from this host; NULL: there is room. */
static struct stream *one_too_many(struct streams *s, const struct address *from)
{
	struct stream *oldest = NULL;
	size_t n = 0;
	for (size_t i = 0; i < s->strangers_len; i++) {
		struct stream *stream = &s->all[s->strangers[i]];
		if (!address_same_host(&stream->from, from))
			continue;
		oldest = oldest ? oldest : stream;
		n++;
	}
	if (n >= STREAMS_STRANGERS_HOST_MAX)
		return oldest;
	return s->strangers_len == STREAMS_STRANGERS_MAX ? &s->all[s->strangers[0]] : NULL;
}

/* ---- the end ---- */

static void end(struct streams *s, struct stream *stream, struct mono now)
{
	struct address from = stream->from;
	bool known = stream->known;
	loop_forget(s->loop, &stream->watch);
	close(stream->watch.fd);
	no_stranger(s, stream);
	map_remove(&s->by_address, address_key(&from, s->secret));
	free(stream->in);
	free(stream->out);
	/* It may still stand among the dirty ones; there it is passed over. */
	*stream = (struct stream){ .dirty = stream->dirty };
	s->free[s->free_len++] = place_of(s, stream);
	s->count--;
	if (known)
		s->owner.gone(s->owner.owner, &from, now);
}

/* ---- out ---- */

static void mark_dirty(struct streams *s, struct stream *stream)
{
	if (stream->dirty)
		return;
	stream->dirty = true;
	s->dirty[s->dirty_len++] = place_of(s, stream);
}

bool streams_send(struct streams *s, const struct address *to, struct bytes datagram,
		  struct mono now)
{
	struct stream *stream = find(s, to);
	if (!stream)
		return false;
	if (!stream->known) {
		stream->known = true;
		stream->out = mem_new(1, sizeof *stream->out);
		no_stranger(s, stream);
	}
	if (stream->full)
		framing_out_forget(stream->out, mono_add_ms(now, -STREAMS_LATE_MS));
	else
		mark_dirty(s, stream);
	return framing_out_put(stream->out, datagram, now);
}

static void set_full(struct streams *s, struct stream *stream, bool full, struct mono now)
{
	if (stream->full == full)
		return;
	stream->full = full;
	(void)!loop_change(s->loop, &stream->watch, full ? LOOP_READ | LOOP_WRITE : LOOP_READ);
	s->owner.full(s->owner.owner, &stream->from, full, now);
}

static void write_out(struct streams *s, struct stream *stream, struct mono now)
{
	if (stream->full)
		framing_out_forget(stream->out, mono_add_ms(now, -STREAMS_LATE_MS));
	struct bytes waiting = framing_out_waiting(stream->out);
	enum err err = OK;
	while (!err && waiting.len > 0) {
		size_t n = 0;
		err = tcp_write(stream->watch.fd, waiting, &n);
		if (!err)
			framing_out_left(stream->out, n);
		waiting = framing_out_waiting(stream->out);
	}
	if (err == ERR_CLOSED)
		end(s, stream, now);
	else
		set_full(s, stream, waiting.len > 0, now);
}

void streams_flush(struct streams *s, struct mono now)
{
	while (s->dirty_len > 0) {
		struct stream *stream = &s->all[s->dirty[--s->dirty_len]];
		stream->dirty = false;
		if (stream->used && stream->out && !stream->full)
			write_out(s, stream, now);
	}
}

/* ---- in ---- */

/* ERR_LIMIT: it may not go on. */
static enum err take_all(struct streams *s, struct stream *stream, struct mono now)
{
	uint8_t *at;
	size_t len;
	enum err err;
	while ((err = framing_in_take(stream->in, &at, &len)) == OK) {
		stream->heard = now;
		s->owner.datagram(s->owner.owner, &stream->from, at, len, now);
	}
	if (!stream->known && stream->came > STREAMS_STRANGER_BYTES)
		return ERR_LIMIT;
	return err;
}

static enum err read_once(struct streams *s, struct stream *stream, struct mono now)
{
	size_t cap, len;
	uint8_t *room = framing_in_room(stream->in, &cap);
	enum err err = tcp_read(stream->watch.fd, room, cap, &len);
	if (err)
		return err;
	framing_in_came(stream->in, len);
	if (!stream->known)
		stream->came += (uint32_t)len;
	err = take_all(s, stream, now);
	return err == ERR_AGAIN ? OK : err; /* for the next whole one there is more to read */
}

static void stream_ready(struct watch *watch, unsigned what, struct mono now)
{
	struct stream *stream = watch->owner;
	struct streams *s = stream->streams;
	enum err err = OK;
	for (int i = 0; !err && i < READS_PER_TURN; i++)
		err = read_once(s, stream, now);
	if (err && err != ERR_AGAIN)
		end(s, stream, now);
	else if (what & LOOP_WRITE)
		write_out(s, stream, now);
}

/* ---- new ones ---- */

static enum err begin(struct streams *s, int fd, const struct address *from, struct mono now)
{
	if (find(s, from)) /* by another of our ports: one of the two is enough */
		return ERR_CONFLICT;
	struct stream *crowd = one_too_many(s, from);
	if (crowd)
		end(s, crowd, now);
	if (s->free_len == 0)
		return ERR_LIMIT;
	uint16_t place = s->free[s->free_len - 1];
	struct stream *stream = &s->all[place];
	*stream = (struct stream){
		.watch = { .fd = fd, .ready = stream_ready, .owner = stream },
		.streams = s,
		.from = *from,
		.used = true,
		.dirty = stream->dirty,
		.since = now,
		.heard = now,
	};
	enum err err = map_set(&s->by_address, address_key(from, s->secret), place);
	if (!err)
		err = loop_watch(s->loop, &stream->watch, LOOP_READ);
	if (err) {
		map_remove(&s->by_address, address_key(from, s->secret));
		*stream = (struct stream){ .dirty = stream->dirty };
		return err;
	}
	stream->in = mem_new(1, sizeof *stream->in);
	s->free_len--;
	s->strangers[s->strangers_len++] = place;
	s->count++;
	return OK;
}

static void be_deaf(struct streams *s, bool deaf)
{
	s->deaf = deaf;
	for (size_t i = 0; i < s->listeners_len; i++)
		(void)!loop_change(s->loop, &s->listeners[i], deaf ? 0 : LOOP_READ);
}

static void listener_ready(struct watch *watch, unsigned what, struct mono now)
{
	struct streams *s = watch->owner;
	(void)what;
	for (int i = 0; i < ACCEPTS_PER_TURN; i++) {
		struct address from;
		int fd;
		enum err err = tcp_accept(watch->fd, &fd, &from);
		if (err == ERR_LIMIT)
			be_deaf(s, true);
		if (err == ERR_AGAIN || err == ERR_LIMIT)
			return;
		if (!err && begin(s, fd, &from, now))
			close(fd);
	}
}

/* ---- life ---- */

struct streams *streams_new(struct loop *loop, const struct streams_owner *owner,
			    struct random *random)
{
	struct streams *s = mem_new(1, sizeof *s);
	s->loop = loop;
	s->owner = *owner;
	s->secret[0] = random_u64(random);
	s->secret[1] = random_u64(random);
	map_init(&s->by_address, STREAMS_MAX, random_u64(random));
	for (size_t i = 0; i < STREAMS_MAX; i++)
		s->free[s->free_len++] = (uint16_t)(STREAMS_MAX - 1 - i);
	return s;
}

static void silent_end(void *owner, const struct address *from, struct mono now)
{
	(void)owner;
	(void)from;
	(void)now;
}

void streams_free(struct streams *s)
{
	struct mono now = { 0 };
	if (!s)
		return;
	s->owner.gone = silent_end;
	for (size_t i = 0; i < STREAMS_MAX; i++)
		if (s->all[i].used)
			end(s, &s->all[i], now);
	for (size_t i = 0; i < s->listeners_len; i++)
		loop_forget(s->loop, &s->listeners[i]);
	map_clear(&s->by_address);
	free(s);
}

enum err streams_listen(struct streams *s, int fd)
{
	ASSERT(s->listeners_len < STREAMS_LISTENERS_MAX);
	struct watch *watch = &s->listeners[s->listeners_len];
	*watch = (struct watch){ .fd = fd, .ready = listener_ready, .owner = s };
	enum err err = loop_watch(s->loop, watch, LOOP_READ);
	if (!err)
		s->listeners_len++;
	return err;
}

static bool is_over(const struct stream *stream, struct mono now)
{
	int64_t ms = mono_diff_us(now, stream->known ? stream->heard : stream->since) / 1000;
	return ms >= (stream->known ? STREAMS_SILENT_MS : STREAMS_STRANGER_MS);
}

void streams_tick(struct streams *s, struct mono now)
{
	if (mono_before(now, s->tick_at))
		return;
	s->tick_at = mono_add_ms(now, TICK_MS);
	if (s->deaf)
		be_deaf(s, false);
	for (size_t i = 0; s->count > 0 && i < STREAMS_MAX; i++) {
		struct stream *stream = &s->all[i];
		if (stream->used && is_over(stream, now))
			end(s, stream, now);
	}
}

bool streams_next(const struct streams *s, struct mono *at)
{
	*at = s->tick_at;
	return s->count > 0 || s->deaf;
}

size_t streams_count(const struct streams *s)
{
	return s->count;
}
