#include "ipc/record.h"

#include <string.h>

#include "ipc/media.h"

enum {
	FLAG_KEY = 1,
	FLAG_MARKER = 2,
};

static const char *const CAUSES[RECORD_CAUSE_COUNT] = {
	[RECORD_WHOLE] = "WHOLE", [RECORD_DISK] = "DISK",       [RECORD_BEHIND] = "BEHIND",
	[RECORD_CODEC] = "CODEC", [RECORD_STOPPED] = "STOPPED",
};

const char *record_cause_name(enum record_cause cause)
{
	return CAUSES[cause < RECORD_CAUSE_COUNT ? cause : RECORD_STOPPED];
}

/* ---- packets ---- */

void record_batch_begin(struct writer *w, uint32_t lost)
{
	writer_u8(w, RECORD_VERSION);
	writer_u8(w, RECORD_PACKETS);
	writer_u32(w, lost);
}

bool record_packet_put(struct writer *w, const struct record_packet *p)
{
	if (p->payload.len > UINT16_MAX || w->cap - w->len < RECORD_PACKET_HEAD + p->payload.len)
		return false;
	writer_u64(w, (uint64_t)p->visit.n);
	writer_u8(w, p->end);
	writer_u8(w, (uint8_t)p->codec);
	writer_u8(w, (uint8_t)((p->key ? FLAG_KEY : 0) | (p->marker ? FLAG_MARKER : 0)));
	writer_u32(w, p->stream);
	writer_u64(w, p->seq);
	writer_u32(w, p->timestamp);
	writer_u64(w, (uint64_t)p->at.us);
	writer_u16(w, (uint16_t)p->payload.len);
	writer_put(w, p->payload);
	return writer_ok(w);
}

enum err record_batch_read(struct bytes in, struct reader *packets, uint32_t *lost)
{
	struct reader r = reader_of(in);
	uint8_t version = reader_u8(&r), type = reader_u8(&r);
	*lost = reader_u32(&r);
	if (!reader_ok(&r) || version != RECORD_VERSION || type != RECORD_PACKETS)
		return ERR_BAD;
	*packets = r;
	return OK;
}

enum err record_packet_next(struct reader *r, struct record_packet *out)
{
	struct record_packet p = { 0 };
	if (reader_left(r) == 0)
		return ERR_NOT_FOUND;
	p.visit.n = (int64_t)reader_u64(r);
	p.end = reader_u8(r);
	uint8_t codec = reader_u8(r), flags = reader_u8(r);
	p.stream = reader_u32(r);
	p.seq = reader_u64(r);
	p.timestamp = reader_u32(r);
	p.at.us = (int64_t)reader_u64(r);
	p.payload = reader_take(r, reader_u16(r));
	bool known = codec > CODEC_NONE && codec < CODEC_COUNT && codec != CODEC_RED;
	if (!reader_ok(r) || p.visit.n <= 0 || p.end >= MEDIA_ENDS_MAX || !known ||
	    flags > (FLAG_KEY | FLAG_MARKER) || p.at.us < 0)
		return ERR_BAD;
	p.codec = (enum codec)codec;
	p.key = (flags & FLAG_KEY) != 0;
	p.marker = (flags & FLAG_MARKER) != 0;
	*out = p;
	return OK;
}

/* ---- notes ---- */

static bool is_from_web(enum record_type type)
{
	return type == RECORD_HELLO || type == RECORD_STORED;
}

static bool is_note(uint8_t type)
{
	return is_from_web((enum record_type)type) || (type >= RECORD_READY && type <= RECORD_LOST);
}

enum err record_note_encode(const struct record_note *n, uint8_t *out, size_t cap, size_t *len)
{
	struct writer w = writer_of(out, cap);
	writer_u8(&w, RECORD_VERSION);
	writer_u8(&w, (uint8_t)n->type);
	writer_u64(&w, n->number);
	if (n->type == RECORD_READY)
		writer_u64(&w, n->instance);
	if (n->type >= RECORD_BEGAN) {
		writer_u64(&w, n->instance);
		writer_u64(&w, (uint64_t)n->visit.n);
		writer_u64(&w, (uint64_t)n->segment);
		writer_u8(&w, n->end);
		writer_u8(&w, (uint8_t)n->codec);
		writer_u64(&w, (uint64_t)n->at_ms);
		writer_u32(&w, n->ms);
		writer_u64(&w, n->bytes);
		writer_u8(&w, (uint8_t)n->cause);
		writer_put(&w, bytes_of(n->key, sizeof n->key));
		writer_put(&w, bytes_of(n->hash, sizeof n->hash));
	}
	if (!writer_ok(&w))
		return ERR_LIMIT;
	*len = w.len;
	return OK;
}

static void take(struct reader *r, uint8_t *out, size_t len)
{
	struct bytes got = reader_take(r, len);
	if (got.len == len)
		memcpy(out, got.at, len);
}

static bool read_segment(struct reader *r, struct record_note *n)
{
	n->instance = reader_u64(r);
	n->visit.n = (int64_t)reader_u64(r);
	n->segment = (int64_t)reader_u64(r);
	n->end = reader_u8(r);
	uint8_t codec = reader_u8(r);
	n->at_ms = (int64_t)reader_u64(r);
	n->ms = reader_u32(r);
	n->bytes = reader_u64(r);
	uint8_t cause = reader_u8(r);
	take(r, n->key, sizeof n->key);
	take(r, n->hash, sizeof n->hash);
	n->codec = (enum codec)codec;
	n->cause = (enum record_cause)cause;
	return n->visit.n > 0 && n->segment >= 0 && n->end < MEDIA_ENDS_MAX &&
	       codec < CODEC_COUNT && cause < RECORD_CAUSE_COUNT && n->at_ms >= 0 &&
	       n->bytes <= INT64_MAX;
}

enum err record_note_decode(struct bytes in, bool from_web, struct record_note *out)
{
	struct reader r = reader_of(in);
	struct record_note n = { 0 };
	uint8_t version = reader_u8(&r), type = reader_u8(&r);
	n.number = reader_u64(&r);
	if (!reader_ok(&r) || version != RECORD_VERSION || !is_note(type))
		return ERR_BAD;
	n.type = (enum record_type)type;
	if (is_from_web(n.type) != from_web)
		return ERR_BAD;
	if (n.type == RECORD_READY)
		n.instance = reader_u64(&r);
	if (n.type >= RECORD_BEGAN && !read_segment(&r, &n))
		return ERR_BAD;
	if (!reader_ok(&r) || reader_left(&r) != 0)
		return ERR_BAD;
	*out = n;
	return OK;
}
