#include "recording/recorder.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/map.h"
#include "base/mem.h"
#include "recording/frames.h"
#include "recording/webm.h"

enum {
	PLAIN_MAX = SEALED_CHUNK_MAX,
	JUMP_US = 2000000, /* the sender's clock has jumped */
	BEHIND_EVERY_MS = 5000,
};
_Static_assert((int)FRAME_MAX + 2 * (int)RECORDER_BLOCK_BYTES + 1024 < (int)PLAIN_MAX,
	       "a frame fits behind what waits");

/* The sender's timeline on our clock. */
struct timeline {
	bool pinned;
	uint32_t timestamp; /* of the last frame */
	int64_t us;         /* of it */
	int64_t least_us;   /* by how much the promptest frame of this segment came late */
};

struct segment {
	bool open;
	int64_t id;
	struct mono began;
	int64_t from_us; /* on the timeline */
	int64_t last_ms;
	struct webm webm;
	struct sealed sealed;
	struct buf plain; /* waits to be sealed */
	struct mono flushed;
};

struct track {
	bool used;
	struct visit_id visit;
	uint8_t end;
	bool video;
	uint32_t stream;
	struct frames frames;
	struct timeline timeline;
	struct segment segment;
	struct mono heard;
	struct mono paused_until; /* the disk refused */
	bool lacks_key;           /* a picture that it refused begins again with a key frame ... */
	struct mono lacks_told;   /* ... that was said to be lacking */
	bool refused;             /* the codec cannot be written, and that was told */
};

struct recorder {
	struct recorder_config config;
	int64_t epoch_ms;
	struct map by_key;
	struct track *tracks; /* RECORDER_TRACKS_MAX */
	size_t tracks_len;
	struct mono behind_told;
	struct buf out;
};

/* ---- birth and end ---- */

struct recorder *recorder_new(const struct recorder_config *config)
{
	struct recorder *r = mem_new(1, sizeof *r);
	r->config = *config;
	r->tracks = mem_new(RECORDER_TRACKS_MAX, sizeof *r->tracks);
	r->out = buf_of(2 * SEALED_CHUNK_MAX);
	map_init(&r->by_key, RECORDER_TRACKS_MAX, random_u64(config->random));
	return r;
}

static uint64_t key_of(struct visit_id visit, uint8_t end, bool video)
{
	return (uint64_t)visit.n * 16 + end * 2u + video;
}

static void forget(struct recorder *r, struct track *t)
{
	map_remove(&r->by_key, key_of(t->visit, t->end, t->video));
	frames_clear(&t->frames);
	sealed_end(&t->segment.sealed);
	buf_clear(&t->segment.plain);
	mem_wipe(t, sizeof *t);
}

void recorder_free(struct recorder *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->tracks_len; i++)
		if (r->tracks[i].used)
			forget(r, &r->tracks[i]);
	map_clear(&r->by_key);
	buf_clear(&r->out);
	free(r->tracks);
	free(r);
}

void recorder_set_epoch(struct recorder *r, int64_t ms)
{
	r->epoch_ms = ms;
}

size_t recorder_open_segments(const struct recorder *r)
{
	size_t open = 0;
	for (size_t i = 0; i < r->tracks_len; i++)
		open += r->tracks[i].segment.open;
	return open;
}

static size_t place_of(const struct recorder *r, const struct track *t)
{
	return (size_t)(t - r->tracks);
}

static struct track *find(struct recorder *r, const struct record_packet *p)
{
	uint32_t at;
	bool video = codec_is_video(p->codec);
	if (!map_get(&r->by_key, key_of(p->visit, p->end, video), &at))
		return NULL;
	struct track *t = &r->tracks[at];
	return t->visit.n == p->visit.n && t->end == p->end && t->video == video ? t : NULL;
}

/* NULL: no room. */
static struct track *add(struct recorder *r, const struct record_packet *p)
{
	size_t i = 0;
	bool video = codec_is_video(p->codec);
	while (i < r->tracks_len && r->tracks[i].used)
		i++;
	if (i == RECORDER_TRACKS_MAX ||
	    map_set(&r->by_key, key_of(p->visit, p->end, video), (uint32_t)i) != OK)
		return NULL;
	if (i == r->tracks_len)
		r->tracks_len++;
	r->tracks[i] = (struct track){
		.used = true, .visit = p->visit, .end = p->end, .video = video, .stream = p->stream
	};
	frames_init(&r->tracks[i].frames, p->codec);
	return &r->tracks[i];
}

/* ---- notes ---- */

static int64_t wall_ms(const struct recorder *r, int64_t us)
{
	return r->epoch_ms + us / 1000;
}

static struct record_note note_of(const struct track *t, enum record_type type)
{
	return (struct record_note){ .type = type,
				     .visit = t->visit,
				     .end = t->end,
				     .segment = t->segment.id,
				     .codec = t->frames.codec };
}

static void tell(struct recorder *r, const struct record_note *note)
{
	r->config.sink.note(r->config.sink.owner, note);
}

static void tell_lost(struct recorder *r, const struct track *t, enum record_cause cause,
		      struct mono now)
{
	struct record_note note = note_of(t, RECORD_LOST);
	note.segment = 0;
	note.cause = cause;
	note.at_ms = wall_ms(r, now.us);
	tell(r, &note);
}

/* ---- segments ---- */

static void end_segment(struct recorder *r, struct track *t, enum record_cause cause)
{
	struct segment *s = &t->segment;
	struct record_note note = note_of(t, RECORD_ENDED);
	note.bytes = s->sealed.bytes;
	note.ms = (uint32_t)s->last_ms;
	note.cause = cause;
	sealed_hash(&s->sealed, note.hash);
	sealed_end(&s->sealed);
	r->config.sink.close(r->config.sink.owner, place_of(r, t));
	s->open = false;
	mem_wipe(s->plain.at, s->plain.len);
	buf_clear(&s->plain);
	tell(r, &note);
}

/* The disk refused: what was written stands, the rest is a gap. */
static void fail(struct recorder *r, struct track *t, struct mono now)
{
	if (t->segment.open)
		end_segment(r, t, RECORD_DISK);
	if (!mono_before(now, t->paused_until))
		tell_lost(r, t, RECORD_DISK, now);
	t->paused_until = mono_add_ms(now, RECORDER_PAUSE_MS);
	t->lacks_key = t->video;
	t->lacks_told = (struct mono){ 0 };
}

/* The gap goes on though the disk takes it again; whoever is told has a key frame sent. */
static void tell_lacking(struct recorder *r, struct track *t, struct mono now)
{
	bool told =
	    t->lacks_told.us > 0 && mono_diff_us(now, t->lacks_told) < RECORDER_PAUSE_MS * 1000LL;
	if (!t->lacks_key || told)
		return;
	t->lacks_told = now;
	tell_lost(r, t, RECORD_DISK, now);
}

/* False: it was refused, and the segment is over; its note speaks of what stands. */
static bool write_out(struct recorder *r, struct track *t, struct mono now)
{
	struct recorder_sink *sink = &r->config.sink;
	enum err err = sink->write(sink->owner, place_of(r, t), buf_bytes(&r->out));
	if (err == OK)
		sealed_stands(&t->segment.sealed, buf_bytes(&r->out));
	else
		fail(r, t, now);
	buf_reset(&r->out);
	return err == OK;
}

/* Those of the bytes that wait. */
static bool flush_first(struct recorder *r, struct track *t, size_t len, bool last, struct mono now)
{
	struct segment *s = &t->segment;
	size_t left = s->plain.len - len;
	s->flushed = now;
	buf_reset(&r->out);
	sealed_put(&s->sealed, bytes_of(s->plain.at, len), last, &r->out);
	if (left > 0)
		memmove(s->plain.at, s->plain.at + len, left);
	s->plain.len = left;
	return write_out(r, t, now);
}

static bool flush(struct recorder *r, struct track *t, bool last, struct mono now)
{
	struct segment *s = &t->segment;
	s->flushed = now;
	return (s->plain.len == 0 && !last) || flush_first(r, t, s->plain.len, last, now);
}

/* Up to the end of a block of the file: parts of pages cost the kernel more than whole ones.  A frame
 * may be cut in two; they are one again where chunks are read behind each other. */
static void flush_blocks(struct recorder *r, struct track *t, struct mono now)
{
	const struct segment *s = &t->segment;
	size_t block = RECORDER_BLOCK_BYTES, begun = s->sealed.bytes % block;
	size_t whole = (begun + SEALED_CHUNK_MORE + s->plain.len) / block * block;
	if (whole > begun + SEALED_CHUNK_MORE)
		(void)flush_first(r, t, whole - begun - SEALED_CHUNK_MORE, false, now);
}

static void close_segment(struct recorder *r, struct track *t, struct mono now)
{
	if (t->segment.open && flush(r, t, true, now))
		end_segment(r, t, RECORD_WHOLE);
}

static bool open_segment(struct recorder *r, struct track *t, const struct frame_out *frame,
			 int64_t us)
{
	struct segment *s = &t->segment;
	struct recorder_sink *sink = &r->config.sink;
	struct sealed_name name = { .visit = t->visit,
				    .segment = random_id(r->config.random),
				    .end = t->end };
	*s = (struct segment){ .id = name.segment,
			       .began = frame->at,
			       .from_us = us,
			       .flushed = frame->at,
			       .plain = buf_of(PLAIN_MAX) };
	struct record_note note = note_of(t, RECORD_BEGAN);
	note.at_ms = wall_ms(r, us);
	buf_reset(&r->out);
	if (sealed_begin(&s->sealed, &name, r->config.means, r->config.public_key, note.key,
			 &r->out) != OK ||
	    sink->create(sink->owner, place_of(r, t), s->id) != OK) {
		sealed_end(&s->sealed);
		fail(r, t, frame->at);
		return false;
	}
	s->open = true;
	t->lacks_key = false;
	tell(r, &note);
	webm_begin(&s->webm, t->frames.codec, frame->width, frame->height, &s->plain);
	return write_out(r, t, frame->at);
}

static bool is_time_for_next(const struct track *t, const struct frame_out *frame)
{
	const struct segment *s = &t->segment;
	int64_t ms = mono_diff_us(frame->at, s->began) / 1000;
	if (ms >= RECORDER_SEGMENT_MAX_MS || s->sealed.bytes >= RECORDER_SEGMENT_BYTES)
		return true;
	return t->video ? frame->key && ms >= RECORDER_KEY_MS : ms >= RECORDER_SEGMENT_MS;
}

/* ---- time ---- */

/* When the frame belongs, on our clock. */
static int64_t time_of(struct timeline *line, enum codec codec, const struct frame_out *frame)
{
	int64_t rate = codec_clock_rate(codec), came = frame->at.us;
	int64_t step = (int32_t)(frame->timestamp - line->timestamp);
	int64_t us = line->us + step * 1000000 / rate;
	if (!line->pinned || came - us > JUMP_US || us - came > JUMP_US) {
		us = came;
		line->least_us = INT64_MAX;
	}
	if (us > came) /* it cannot have been sent later than it came */
		us = came;
	if (line->pinned && us < line->us)
		us = line->us;
	line->pinned = true;
	line->timestamp = frame->timestamp;
	line->us = us;
	if (came - us < line->least_us)
		line->least_us = came - us;
	return us;
}

/* Clocks drift: the promptest frame of the last minute was in time. */
static int64_t pin_anew(struct timeline *line, int64_t us)
{
	if (line->least_us != INT64_MAX)
		us += line->least_us;
	line->us = us;
	line->least_us = INT64_MAX;
	return us;
}

/* ---- frames ---- */

static void write_frame(struct recorder *r, struct track *t, const struct frame_out *frame)
{
	struct segment *s = &t->segment;
	int64_t us = time_of(&t->timeline, t->frames.codec, frame);
	if (mono_before(frame->at, t->paused_until))
		return;
	if (s->open && is_time_for_next(t, frame)) {
		close_segment(r, t, frame->at);
		us = pin_anew(&t->timeline, us);
	}
	if (!s->open && t->video && !frame->key) {
		tell_lacking(r, t, frame->at);
		return;
	}
	if (!s->open && !open_segment(r, t, frame, us))
		return;
	int64_t ms = (us - s->from_us) / 1000;
	s->last_ms = ms > s->last_ms ? ms : s->last_ms;
	webm_frame(&s->webm, s->last_ms, frame->key, frame->data, &s->plain);
	if (mono_diff_us(frame->at, s->flushed) >= RECORDER_FLUSH_MS * 1000)
		(void)flush(r, t, false, frame->at);
	else
		flush_blocks(r, t, frame->at);
}

static bool can_write(enum codec codec)
{
	return codec == CODEC_OPUS || codec == CODEC_VP8 || codec == CODEC_VP9;
}

static void begin_frames(struct track *t, const struct record_packet *p)
{
	frames_clear(&t->frames);
	frames_init(&t->frames, p->codec);
}

/* The sender changed its codec: another file. */
static void change_codec(struct recorder *r, struct track *t, const struct record_packet *p)
{
	close_segment(r, t, p->at);
	begin_frames(t, p);
	t->refused = false;
}

/* Whoever sits there came anew: packets and timestamps are counted from elsewhere, the file goes on. */
static void change_stream(struct track *t, const struct record_packet *p)
{
	begin_frames(t, p);
	t->stream = p->stream;
	t->timeline.pinned = false;
}

void recorder_packet(struct recorder *r, const struct record_packet *p)
{
	struct track *t = find(r, p);
	struct frame_out frame;
	if (t == NULL)
		t = add(r, p);
	if (t == NULL)
		return;
	t->heard = p->at;
	if (t->frames.codec != p->codec)
		change_codec(r, t, p);
	if (t->stream != p->stream)
		change_stream(t, p);
	if (!can_write(p->codec)) {
		if (!t->refused)
			tell_lost(r, t, RECORD_CODEC, p->at);
		t->refused = true;
		return;
	}
	frames_put(&t->frames, p);
	while (frames_next(&t->frames, &frame))
		write_frame(r, t, &frame);
}

/* ---- what happens by itself ---- */

void recorder_lost(struct recorder *r, uint32_t packets, struct mono now)
{
	bool told =
	    r->behind_told.us > 0 && mono_diff_us(now, r->behind_told) < BEHIND_EVERY_MS * 1000LL;
	if (packets == 0 || told)
		return;
	r->behind_told = now;
	for (size_t i = 0; i < r->tracks_len; i++)
		if (r->tracks[i].segment.open && !r->tracks[i].video)
			tell_lost(r, &r->tracks[i], RECORD_BEHIND, now);
}

static void tick_track(struct recorder *r, struct track *t, struct mono now)
{
	int64_t silent_ms = mono_diff_us(now, t->heard) / 1000;
	if (t->segment.open && silent_ms >= RECORDER_IDLE_MS)
		close_segment(r, t, now);
	else if (t->segment.open &&
		 mono_diff_us(now, t->segment.flushed) >= RECORDER_FLUSH_MS * 1000)
		(void)flush(r, t, false, now);
	if (!t->segment.open && silent_ms >= RECORDER_FORGET_MS)
		forget(r, t);
}

void recorder_tick(struct recorder *r, struct mono now)
{
	for (size_t i = 0; i < r->tracks_len; i++)
		if (r->tracks[i].used)
			tick_track(r, &r->tracks[i], now);
}

void recorder_stop(struct recorder *r, struct mono now)
{
	for (size_t i = 0; i < r->tracks_len; i++)
		if (r->tracks[i].used)
			close_segment(r, &r->tracks[i], now);
}
