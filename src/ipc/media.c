#include "ipc/media.h"

#include <string.h>

#include "base/assert.h"
#include "base/writer.h"

/*
 * One description of each message serves both directions: io_*() writes the
 * value it is given and returns it, or ignores it and returns what was read.
 */
struct io {
	bool reading;
	bool bad; /* a count, enum or id out of range */
	struct reader r;
	struct writer w;
};

static uint8_t io_u8(struct io *io, uint8_t v)
{
	if (io->reading)
		return reader_u8(&io->r);
	writer_u8(&io->w, v);
	return v;
}

static uint16_t io_u16(struct io *io, uint16_t v)
{
	if (io->reading)
		return reader_u16(&io->r);
	writer_u16(&io->w, v);
	return v;
}

static uint32_t io_u32(struct io *io, uint32_t v)
{
	if (io->reading)
		return reader_u32(&io->r);
	writer_u32(&io->w, v);
	return v;
}

static uint64_t io_u64(struct io *io, uint64_t v)
{
	if (io->reading)
		return reader_u64(&io->r);
	writer_u64(&io->w, v);
	return v;
}

/* A number from 0 to below - 1; anything else spoils the message. */
static uint8_t io_below(struct io *io, unsigned v, unsigned below)
{
	uint8_t got = io_u8(io, (uint8_t)v);
	if (v < below && got < below)
		return got;
	io->bad = true;
	return 0;
}

static bool io_bool(struct io *io, bool v)
{
	return io_below(io, v, 2) == 1;
}

static int64_t io_id(struct io *io, int64_t v, int64_t least)
{
	int64_t got = (int64_t)io_u64(io, (uint64_t)v);
	if (got >= least)
		return got;
	io->bad = true;
	return 0;
}

static void io_visit_id(struct io *io, struct visit_id *v)
{
	v->n = io_id(io, v->n, 1);
}

static void io_peer_id(struct io *io, struct peer_id *v)
{
	v->n = io_id(io, v->n, 1);
}

static void io_block(struct io *io, void *at, size_t len)
{
	if (!io->reading) {
		writer_put(&io->w, bytes_of(at, len));
		return;
	}
	struct bytes got = reader_take(&io->r, len);
	if (got.len == len)
		memcpy(at, got.at, len);
}

static void io_text(struct io *io, struct media_text *v, unsigned max)
{
	v->len = io_below(io, v->len, max + 1);
	io_block(io, v->at, v->len);
}

/* The count of an array that is described next. */
static uint8_t io_count(struct io *io, uint8_t v, unsigned max)
{
	return io_below(io, v, max + 1);
}

static void io_visit(struct io *io, struct media_message *m)
{
	struct media_visit *v = &m->visit;
	io_visit_id(io, &v->visit);
	v->kind = io_below(io, v->kind, MEDIA_LEGAL + 1);
	v->lifetime_s = io_u32(io, v->lifetime_s);
	v->site = io_u32(io, v->site);
	v->site_up_bps = io_u32(io, v->site_up_bps);
	v->site_down_bps = io_u32(io, v->site_down_bps);
	v->weight = io_u8(io, v->weight);
	v->signs = io_bool(io, v->signs);
}

static void io_close(struct io *io, struct media_message *m)
{
	struct media_close *v = &m->close;
	io_visit_id(io, &v->visit);
	v->peer.n = io_id(io, v->peer.n, 0);
	v->reason = io_below(io, v->reason, MEDIA_REASON_BAD_OFFER + 1);
}

/* A letter, or nothing. */
static uint8_t io_letter(struct io *io, uint8_t letter)
{
	letter = io_u8(io, letter);
	if (letter != 0 && (letter < 'A' || letter > 'Z'))
		io->bad = true;
	return letter;
}

static void io_most(struct io *io, struct media_message *m)
{
	struct media_most *v = &m->most;
	io_visit_id(io, &v->visit);
	io_peer_id(io, &v->peer);
	v->tier = io_letter(io, v->tier);
}

static void io_routes(struct io *io, struct media_message *m)
{
	struct media_routes *v = &m->routes;
	io_visit_id(io, &v->visit);
	v->epoch = io_u32(io, v->epoch);
	io_block(io, v->hears, sizeof v->hears);
	io_block(io, v->sees, sizeof v->sees);
	v->recorded_sound = io_u8(io, v->recorded_sound);
	v->recorded_picture = io_u8(io, v->recorded_picture);
	v->hinted_picture = io_u8(io, v->hinted_picture);
}

static void io_codecs(struct io *io, uint8_t *len, struct media_codec *codecs)
{
	*len = io_count(io, *len, MEDIA_CODECS_MAX);
	for (size_t i = 0; i < *len; i++) {
		codecs[i].codec = io_below(io, codecs[i].codec, CODEC_COUNT);
		codecs[i].pt = io_below(io, codecs[i].pt, 128);
		codecs[i].rtx_pt = io_below(io, codecs[i].rtx_pt, 128);
	}
}

static void io_extensions(struct io *io, struct media_extensions *v)
{
	v->mid = io_u8(io, v->mid);
	v->rid = io_u8(io, v->rid);
	v->repaired_rid = io_u8(io, v->repaired_rid);
	v->twcc = io_u8(io, v->twcc);
	v->abs_send_time = io_u8(io, v->abs_send_time);
	v->audio_level = io_u8(io, v->audio_level);
	v->orientation = io_u8(io, v->orientation);
	v->dependency = io_u8(io, v->dependency);
	v->playout_delay = io_u8(io, v->playout_delay);
}

static void io_uplink(struct io *io, struct media_uplink *v)
{
	v->kind = io_below(io, v->kind, MEDIA_VIDEO + 1);
	io_text(io, &v->mid, MEDIA_MID_MAX);
	v->ssrc = io_u32(io, v->ssrc);
	v->rtx_ssrc = io_u32(io, v->rtx_ssrc);
	io_extensions(io, &v->ext);
	io_codecs(io, &v->codecs_len, v->codecs);
}

static void io_slot(struct io *io, struct media_slot *v)
{
	v->kind = io_below(io, v->kind, MEDIA_VIDEO + 1);
	io_text(io, &v->mid, MEDIA_MID_MAX);
	v->pair = io_below(io, v->pair, MEDIA_SLOTS_MAX);
	io_extensions(io, &v->ext);
	io_codecs(io, &v->codecs_len, v->codecs);
}

static void io_offer(struct io *io, struct media_message *m)
{
	struct media_offer *v = &m->offer;
	io_visit_id(io, &v->visit);
	io_peer_id(io, &v->peer);
	v->end = io_below(io, v->end, MEDIA_ENDS_MAX);
	v->role = io_below(io, v->role, MEDIA_MONITOR + 1);
	v->own_page = io_bool(io, v->own_page);
	v->start_bps = io_u32(io, v->start_bps);
	io_text(io, &v->ufrag, MEDIA_UFRAG_MAX);
	io_text(io, &v->pwd, MEDIA_PWD_MAX);
	io_block(io, v->fingerprint, sizeof v->fingerprint);
	v->uplinks_len = io_count(io, v->uplinks_len, MEDIA_UPLINKS_MAX);
	for (size_t i = 0; i < v->uplinks_len; i++)
		io_uplink(io, &v->uplinks[i]);
	v->slots_len = io_count(io, v->slots_len, MEDIA_SLOTS_MAX);
	for (size_t i = 0; i < v->slots_len; i++)
		io_slot(io, &v->slots[i]);
}

static void io_restart(struct io *io, struct media_message *m)
{
	struct media_restart *v = &m->restart;
	io_visit_id(io, &v->visit);
	io_peer_id(io, &v->peer);
	io_text(io, &v->ufrag, MEDIA_UFRAG_MAX);
	io_text(io, &v->pwd, MEDIA_PWD_MAX);
}

static void io_hello(struct io *io, struct media_message *m)
{
	struct media_hello *v = &m->hello;
	v->instance = io_u64(io, v->instance);
	v->port = io_u16(io, v->port);
	for (size_t i = 0; i < MEDIA_TCP_PORTS; i++)
		v->tcp_ports[i] = io_u16(io, v->tcp_ports[i]);
	io_block(io, v->fingerprint, sizeof v->fingerprint);
}

static void io_answer(struct io *io, struct media_message *m)
{
	struct media_answer *v = &m->answer;
	io_visit_id(io, &v->visit);
	io_peer_id(io, &v->peer);
	io_text(io, &v->ufrag, MEDIA_UFRAG_MAX);
	io_text(io, &v->pwd, MEDIA_PWD_MAX);
	v->slots_len = io_count(io, v->slots_len, MEDIA_SLOTS_MAX);
	for (size_t i = 0; i < v->slots_len; i++) {
		v->slots[i].ssrc = io_u32(io, v->slots[i].ssrc);
		v->slots[i].rtx_ssrc = io_u32(io, v->slots[i].rtx_ssrc);
	}
}

static void io_refusal(struct io *io, struct media_message *m)
{
	struct media_refusal *v = &m->refusal;
	io_visit_id(io, &v->visit);
	io_peer_id(io, &v->peer);
	v->reason = io_below(io, v->reason, MEDIA_REASON_BAD_OFFER + 1);
}

static void io_state(struct io *io, struct media_message *m)
{
	struct media_state *v = &m->state;
	io_visit_id(io, &v->visit);
	io_peer_id(io, &v->peer);
	v->end = io_below(io, v->end, MEDIA_ENDS_MAX);
	v->role = io_below(io, v->role, MEDIA_MONITOR + 1);
	v->state = io_below(io, v->state, MEDIA_PEER_CLOSED + 1);
	v->reason = io_below(io, v->reason, MEDIA_REASON_BAD_OFFER + 1);
}

static void io_slots(struct io *io, struct media_message *m)
{
	struct media_slots *v = &m->slots;
	io_visit_id(io, &v->visit);
	io_peer_id(io, &v->peer);
	v->epoch = io_u32(io, v->epoch);
	v->slots_len = io_count(io, v->slots_len, MEDIA_SLOTS_MAX);
	for (size_t i = 0; i < v->slots_len; i++) {
		v->source[i] = io_u8(io, v->source[i]);
		if (v->source[i] >= MEDIA_ENDS_MAX && v->source[i] != MEDIA_NO_END)
			io->bad = true;
	}
}

static void io_second_end(struct io *io, struct media_second_end *v)
{
	v->state = io_below(io, v->state, MEDIA_PEER_CLOSED + 1);
	v->audio_in = io_below(io, v->audio_in, 2);
	v->deaf = io_bool(io, v->deaf);
	v->silent_ms = io_u32(io, v->silent_ms);
	v->heard_by = io_u8(io, v->heard_by);
	v->level = io_below(io, v->level, 128);
	v->packets_in = io_u32(io, v->packets_in);
	v->packets_out = io_u32(io, v->packets_out);
	v->bytes_in = io_u32(io, v->bytes_in);
	v->bytes_out = io_u32(io, v->bytes_out);
	v->lost_in = io_u32(io, v->lost_in);
	v->rtt_us = io_u32(io, v->rtt_us);
	v->line_bps = io_u32(io, v->line_bps);
	v->line_lost = io_u16(io, v->line_lost);
}

static void io_second(struct io *io, struct media_message *m)
{
	struct media_second *v = &m->second;
	io_visit_id(io, &v->visit);
	v->second = io_u32(io, v->second);
	v->both_hear = io_bool(io, v->both_hear);
	v->apart_ms = io_u32(io, v->apart_ms);
	v->ends_len = io_count(io, v->ends_len, MEDIA_ENDS_MAX);
	for (size_t i = 0; i < v->ends_len; i++)
		io_second_end(io, &v->ends[i]);
}

static void io_heartbeat(struct io *io, struct media_message *m)
{
	struct media_heartbeat *v = &m->heartbeat;
	v->visits = io_u32(io, v->visits);
	v->peers = io_u32(io, v->peers);
	v->packets_in = io_u64(io, v->packets_in);
	v->packets_out = io_u64(io, v->packets_out);
	v->dropped = io_u64(io, v->dropped);
	for (size_t i = 0; i < ARRAY_LEN(v->dropped_by); i++)
		v->dropped_by[i] = io_u64(io, v->dropped_by[i]);
	v->turn_us_max = io_u32(io, v->turn_us_max);
}

static void io_tier(struct io *io, struct media_message *m)
{
	struct media_tier *v = &m->tier;
	io_visit_id(io, &v->visit);
	io_peer_id(io, &v->peer);
	v->end = io_below(io, v->end, MEDIA_ENDS_MAX);
	v->line = io_letter(io, v->line);
	v->send = io_letter(io, v->send);
	v->wire_bps = io_u32(io, v->wire_bps);
	v->audio_bps = io_u32(io, v->audio_bps);
	v->audio_ms = io_u8(io, v->audio_ms);
	v->audio_again = io_bool(io, v->audio_again);
	v->video_bps = io_u32(io, v->video_bps);
	v->video_mfps = io_u32(io, v->video_mfps);
	v->video_height = io_u16(io, v->video_height);
	v->signs = io_bool(io, v->signs);
}

static void io_line(struct io *io, struct media_message *m)
{
	struct media_line *v = &m->line;
	io_visit_id(io, &v->visit);
	v->up_bps = io_u32(io, v->up_bps);
	v->down_bps = io_u32(io, v->down_bps);
	v->up_full = io_bool(io, v->up_full);
	v->down_full = io_bool(io, v->down_full);
}

static void io_nothing(struct io *io, struct media_message *m)
{
	(void)io;
	(void)m;
}

/* Who may send what; a type without a row does not exist. */
static const struct row {
	enum media_type type;
	bool from_media;
	void (*body)(struct io *io, struct media_message *m);
} table[] = {
	{ .type = MEDIA_RESYNC, .from_media = false, .body = io_nothing },
	{ .type = MEDIA_VISIT_OPEN, .from_media = false, .body = io_visit },
	{ .type = MEDIA_VISIT_CLOSE, .from_media = false, .body = io_close },
	{ .type = MEDIA_ROUTES, .from_media = false, .body = io_routes },
	{ .type = MEDIA_PEER_ADD, .from_media = false, .body = io_offer },
	{ .type = MEDIA_PEER_RESTART, .from_media = false, .body = io_restart },
	{ .type = MEDIA_PEER_CLOSE, .from_media = false, .body = io_close },
	{ .type = MEDIA_PEER_MOST, .from_media = false, .body = io_most },
	{ .type = MEDIA_HELLO, .from_media = true, .body = io_hello },
	{ .type = MEDIA_VISIT_STANDS, .from_media = true, .body = io_visit },
	{ .type = MEDIA_RESYNC_DONE, .from_media = true, .body = io_nothing },
	{ .type = MEDIA_PEER_ANSWER, .from_media = true, .body = io_answer },
	{ .type = MEDIA_PEER_REFUSED, .from_media = true, .body = io_refusal },
	{ .type = MEDIA_PEER_STATE, .from_media = true, .body = io_state },
	{ .type = MEDIA_SLOTS, .from_media = true, .body = io_slots },
	{ .type = MEDIA_SECOND, .from_media = true, .body = io_second },
	{ .type = MEDIA_HEARTBEAT, .from_media = true, .body = io_heartbeat },
	{ .type = MEDIA_VISIT_CLOSED, .from_media = true, .body = io_close },
	{ .type = MEDIA_TIER, .from_media = true, .body = io_tier },
	{ .type = MEDIA_LINE, .from_media = true, .body = io_line },
};

static const struct row *row_of(unsigned type)
{
	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		if (table[i].type == type)
			return &table[i];
	return NULL;
}

enum err media_message_encode(const struct media_message *message, uint8_t *out, size_t cap,
			      size_t *len)
{
	const struct row *row = row_of(message->type);
	if (!row)
		return ERR_BAD;
	struct media_message copy = *message;
	struct io io = { .w = writer_of(out, cap) };
	io_u8(&io, MEDIA_VERSION);
	io_u8(&io, (uint8_t)row->type);
	row->body(&io, &copy);
	if (io.bad)
		return ERR_BAD;
	if (!writer_ok(&io.w) || io.w.len > MEDIA_MESSAGE_MAX)
		return ERR_LIMIT;
	*len = io.w.len;
	return OK;
}

enum err media_message_decode(struct bytes in, bool from_media, struct media_message *out)
{
	if (in.len > MEDIA_MESSAGE_MAX)
		return ERR_BAD;
	struct io io = { .reading = true, .r = reader_of(in) };
	bool known = reader_u8(&io.r) == MEDIA_VERSION;
	const struct row *row = row_of(reader_u8(&io.r));
	if (!known || !row || row->from_media != from_media)
		return ERR_BAD;
	struct media_message m = { .type = row->type };
	row->body(&io, &m);
	if (io.bad || !reader_ok(&io.r) || reader_left(&io.r) > 0)
		return ERR_BAD;
	*out = m;
	return OK;
}

/* Enum values come from a checked message, but a name must never be NULL. */
static const char *name_of(const char *const *names, size_t len, unsigned i)
{
	return i < len && names[i] ? names[i] : "unknown";
}

const char *media_reason_name(enum media_reason reason)
{
	static const char *const names[] = {
		[MEDIA_REASON_NONE] = "none",
		[MEDIA_REASON_ENDED] = "ended",
		[MEDIA_REASON_LEFT] = "left",
		[MEDIA_REASON_REPLACED] = "replaced",
		[MEDIA_REASON_LIFETIME] = "lifetime",
		[MEDIA_REASON_CONSENT] = "consent",
		[MEDIA_REASON_DTLS] = "dtls",
		[MEDIA_REASON_REMOTE] = "remote",
		[MEDIA_REASON_NO_VISIT] = "no_visit",
		[MEDIA_REASON_FULL] = "full",
		[MEDIA_REASON_NOT_ALLOWED] = "not_allowed",
		[MEDIA_REASON_BAD_OFFER] = "bad_offer",
	};
	return name_of(names, ARRAY_LEN(names), reason);
}

const char *media_peer_state_name(enum media_peer_state state)
{
	static const char *const names[] = {
		[MEDIA_PEER_NEW] = "new",
		[MEDIA_PEER_CONNECTING] = "connecting",
		[MEDIA_PEER_CONNECTED] = "connected",
		[MEDIA_PEER_LOST] = "lost",
		[MEDIA_PEER_CLOSED] = "closed",
	};
	return name_of(names, ARRAY_LEN(names), state);
}

const char *media_role_name(enum media_role role)
{
	static const char *const names[] = {
		[MEDIA_PRISONER] = "prisoner",
		[MEDIA_VISITOR] = "visitor",
		[MEDIA_MONITOR] = "monitor",
	};
	return name_of(names, ARRAY_LEN(names), role);
}

const char *media_drop_name(enum media_drop drop)
{
	static const char *const names[] = {
		[MEDIA_DROP_DEMUX] = "demux",
		[MEDIA_DROP_STUN] = "stun",
		[MEDIA_DROP_UNKNOWN_TUPLE] = "unknown_tuple",
		[MEDIA_DROP_DTLS] = "dtls",
		[MEDIA_DROP_RTP] = "rtp",
		[MEDIA_DROP_AUTH] = "auth",
		[MEDIA_DROP_REPLAY] = "replay",
		[MEDIA_DROP_SSRC] = "ssrc",
		[MEDIA_DROP_RTCP] = "rtcp",
		[MEDIA_DROP_NO_ROUTE] = "no_route",
		[MEDIA_DROP_SEND] = "send",
		[MEDIA_DROP_RATE] = "rate",
		[MEDIA_DROP_LATE] = "late",
	};
	return name_of(names, ARRAY_LEN(names), drop);
}
