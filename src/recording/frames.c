#include "recording/frames.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "wire/vp8.h"
#include "wire/vp9.h"

void frames_init(struct frames *f, enum codec codec)
{
	*f = (struct frames){ .codec = codec, .data = buf_of(FRAME_MAX) };
}

static struct record_packet *place(struct frames *f, uint64_t seq)
{
	return &f->waiting[seq & (FRAMES_WAITING_MAX - 1)];
}

static void forget(struct frames *f, struct record_packet *packet)
{
	if (packet->payload.at == NULL)
		return;
	free((void *)(uintptr_t)packet->payload.at);
	*packet = (struct record_packet){ 0 };
	f->waiting_len--;
}

static void forget_all(struct frames *f)
{
	for (size_t i = 0; f->waiting_len > 0 && i < FRAMES_WAITING_MAX; i++)
		forget(f, &f->waiting[i]);
}

void frames_clear(struct frames *f)
{
	forget_all(f);
	free(f->waiting);
	buf_clear(&f->data);
	*f = (struct frames){ 0 };
}

/* ---- packets that wait ---- */

static void keep(struct frames *f, const struct record_packet *packet)
{
	if (f->waiting == NULL)
		f->waiting = mem_new(FRAMES_WAITING_MAX, sizeof *f->waiting);
	struct record_packet *to = place(f, packet->seq);
	forget(f, to);
	uint8_t *copy = mem_new(packet->payload.len + 1, 1);
	if (packet->payload.len > 0)
		memcpy(copy, packet->payload.at, packet->payload.len);
	*to = *packet;
	to->payload = bytes_of(copy, packet->payload.len);
	f->waiting_len++;
}

static bool waits(struct frames *f, uint64_t seq)
{
	return f->waiting_len > 0 && place(f, seq)->payload.at != NULL && place(f, seq)->seq == seq;
}

/* Goes on at seq: what lacks before it, or waits there, is given up. */
static void skip_to(struct frames *f, uint64_t seq)
{
	if (seq - f->next >= FRAMES_WAITING_MAX)
		forget_all(f);
	for (uint64_t old = f->next; f->waiting_len > 0 && old < seq; old++)
		if (waits(f, old))
			forget(f, place(f, old));
	f->open = false;
	f->given_up += seq - f->next;
	f->next = seq;
	f->lacks_since = (struct mono){ 0 };
}

/* The next key frame that has come, or the next one to come. */
static void give_up(struct frames *f, uint64_t newest)
{
	uint64_t seq = f->next;
	while (seq <= newest && !(waits(f, seq) && place(f, seq)->key))
		seq++;
	skip_to(f, seq);
	f->started = seq <= newest;
	if (!f->started)
		forget_all(f);
}

static void put_video(struct frames *f, const struct record_packet *packet)
{
	if (!f->started && !packet->key)
		return;
	if (!f->started) {
		f->started = true;
		f->next = packet->seq;
	}
	if (packet->seq < f->next)
		return;
	/* pvl-media passes on nothing more that is older than a key frame: what lacks before it lacks for good. */
	if (packet->key && packet->seq != f->next)
		skip_to(f, packet->seq);
	bool far = packet->seq - f->next >= FRAMES_WAITING_MAX;
	bool late =
	    f->lacks_since.us > 0 && mono_diff_us(packet->at, f->lacks_since) > FRAMES_PATIENCE_US;
	if (far || (late && packet->seq != f->next)) {
		give_up(f, f->next + FRAMES_WAITING_MAX - 1);
		if (far || !f->started) {
			f->started = false;
			forget_all(f);
			return;
		}
	}
	if (packet->seq == f->next) {
		f->direct = *packet;
		f->in_hand = true;
	} else if (packet->seq > f->next) {
		keep(f, packet);
	}
	if (packet->seq > f->next && f->lacks_since.us == 0 && !waits(f, f->next))
		f->lacks_since = packet->at;
}

static void put_audio(struct frames *f, const struct record_packet *packet)
{
	if ((f->started && packet->seq < f->next) || packet->payload.len == 0)
		return;
	f->started = true;
	f->next = packet->seq + 1;
	buf_reset(&f->data);
	buf_put(&f->data, packet->payload.at, packet->payload.len);
	f->frame =
	    (struct frame_out){ .key = true, .timestamp = packet->timestamp, .at = packet->at };
	f->open = true;
}

void frames_put(struct frames *f, const struct record_packet *packet)
{
	if (codec_is_video(f->codec))
		put_video(f, packet);
	else
		put_audio(f, packet);
}

/* ---- frames ---- */

/* What stands behind the descriptor of the payload; false: it breaks its format. */
static bool body_of(enum codec codec, struct bytes payload, struct bytes *out)
{
	struct vp8 vp8;
	struct vp9 vp9;
	size_t skip = 0;
	if (payload.len == 0) { /* padding */
		*out = payload;
		return true;
	}
	if (codec == CODEC_VP8) {
		if (vp8_parse(payload, &vp8) != OK)
			return false;
		skip = vp8.len;
	} else {
		if (vp9_parse(payload, &vp9) != OK)
			return false;
		skip = vp9.len;
	}
	*out = bytes_slice(payload, skip, payload.len - skip);
	return true;
}

/* RFC 6386 section 9.1: start code 9d 01 2a, then width and height with two bits of scale. */
static void measure_vp8(struct bytes data, struct frame_out *out)
{
	if (data.len < 10 || data.at[3] != 0x9d || data.at[4] != 0x01 || data.at[5] != 0x2a)
		return;
	out->width = (uint16_t)((data.at[6] | data.at[7] << 8) & 0x3fff);
	out->height = (uint16_t)((data.at[8] | data.at[9] << 8) & 0x3fff);
}

/* VP9 bitstream specification, section 6.2: of profile 0, behind sync code and colours. */
static void measure_vp9(struct bytes data, struct frame_out *out)
{
	if (data.len < 10 || data.at[0] >> 4 != 0x8 || get_u24(data.at + 1) != 0x498342)
		return;
	uint64_t bits = (uint64_t)get_u32(data.at + 4) << 32 | (uint64_t)get_u16(data.at + 8) << 16;
	if (bits >> 61 == 7) /* sRGB is none of profile 0 */
		return;
	out->width = (uint16_t)((bits >> (64 - 4 - 16) & 0xffff) + 1);
	out->height = (uint16_t)((bits >> (64 - 4 - 32) & 0xffff) + 1);
}

static void begin_frame(struct frames *f, const struct record_packet *packet)
{
	buf_reset(&f->data);
	f->open = true;
	f->frame = (struct frame_out){ .key = packet->key,
				       .timestamp = packet->timestamp,
				       .at = packet->at };
}

/* True: the frame is whole. */
static bool add(struct frames *f, const struct record_packet *packet)
{
	struct bytes body;
	if (packet->payload.len == 0)
		return false;
	if (!f->open || f->frame.timestamp != packet->timestamp)
		begin_frame(f, packet);
	if (body_of(f->codec, packet->payload, &body))
		buf_put(&f->data, body.at, body.len);
	return packet->marker;
}

static bool finish(struct frames *f, struct frame_out *out)
{
	f->open = false;
	if (!buf_ok(&f->data) || f->data.len == 0)
		return false;
	f->frame.data = buf_bytes(&f->data);
	if (f->frame.key && f->codec == CODEC_VP8)
		measure_vp8(f->frame.data, &f->frame);
	else if (f->frame.key)
		measure_vp9(f->frame.data, &f->frame);
	*out = f->frame;
	return true;
}

/* True: the frame is whole. */
static bool take_next(struct frames *f)
{
	bool direct = f->in_hand;
	struct record_packet *kept = waits(f, f->next) ? place(f, f->next) : NULL;
	bool whole = add(f, direct ? &f->direct : kept);
	f->in_hand = false;
	if (kept)
		forget(f, kept);
	return whole;
}

bool frames_next(struct frames *f, struct frame_out *out)
{
	if (!codec_is_video(f->codec))
		return f->open && finish(f, out);
	while (f->started && (f->in_hand || waits(f, f->next))) {
		bool whole = take_next(f);
		f->next++;
		f->lacks_since = (struct mono){ 0 };
		if (whole && finish(f, out))
			return true;
	}
	return false;
}
