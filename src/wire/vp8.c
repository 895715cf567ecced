#include "wire/vp8.h"

/* RFC 7741 section 4.2. */
enum {
	X = 0x80, /* first octet: extension octet follows */
	N = 0x20,
	S = 0x10,
	PARTITION = 0x07,
	I = 0x80, /* extension octet: what follows */
	L = 0x40,
	T = 0x20,
	K = 0x10,
	M = 0x80, /* picture id of 15 bits */
	Y = 0x20,
	P = 0x01, /* first octet of the frame: not a key frame */
};

static void parse_extension(struct reader *r, struct vp8 *d)
{
	uint8_t flags = reader_u8(r);
	if (flags & I) {
		uint8_t first = reader_u8(r);
		d->has_picture_id = true;
		d->long_picture_id = first & M;
		d->picture_id = first & 0x7f;
		if (d->long_picture_id)
			d->picture_id = (uint16_t)((d->picture_id << 8) | reader_u8(r));
	}
	if (flags & L) {
		d->has_tl0 = true;
		d->tl0 = reader_u8(r);
	}
	if (flags & (T | K)) {
		uint8_t b = reader_u8(r);
		d->has_layer = flags & T;
		d->has_key_index = flags & K;
		d->layer = d->has_layer ? b >> 6 : 0;
		d->layer_sync = d->has_layer && (b & Y);
		d->key_index = d->has_key_index ? b & 0x1f : 0;
	}
}

enum err vp8_parse(struct bytes payload, struct vp8 *out)
{
	struct vp8 d = { .len = 0 };
	struct reader r = reader_of(payload);
	uint8_t first = reader_u8(&r);
	d.non_reference = first & N;
	d.frame_start = (first & S) && (first & PARTITION) == 0;
	if (first & X)
		parse_extension(&r, &d);
	d.len = (uint8_t)(payload.len - reader_left(&r));
	uint8_t frame = reader_u8(&r);
	if (!reader_ok(&r))
		return ERR_SHORT;
	d.key_frame = d.frame_start && !(frame & P);
	*out = d;
	return OK;
}

void vp8_rewrite(uint8_t *payload, const struct vp8 *from, uint16_t picture_id, uint8_t tl0,
		 uint8_t key_index)
{
	uint8_t *at = payload + 2;
	if (from->has_picture_id && from->long_picture_id) {
		put_u16(at, (uint16_t)((M << 8) | (picture_id & 0x7fff)));
		at += 2;
	} else if (from->has_picture_id) {
		*at++ = picture_id & 0x7f;
	}
	if (from->has_tl0)
		*at++ = tl0;
	if (from->has_key_index)
		*at = (uint8_t)((*at & 0xe0) | (key_index & 0x1f));
}
