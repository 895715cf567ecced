#include "wire/vp9.h"

/* RFC 9628 section 4.2. */
enum {
	I = 0x80,
	P = 0x40,
	L = 0x20,
	F = 0x10,
	B = 0x08,
	E = 0x04,
	V = 0x02,
	Z = 0x01,
	M = 0x80, /* picture id of 15 bits */
	REFERENCES_MAX = 3,
};

static void parse_picture_id(struct reader *r, struct vp9 *d)
{
	uint8_t first = reader_u8(r);
	d->has_picture_id = true;
	d->long_picture_id = first & M;
	d->picture_id = first & 0x7f;
	if (d->long_picture_id)
		d->picture_id = (uint16_t)((d->picture_id << 8) | reader_u8(r));
}

static void parse_layers(struct reader *r, struct vp9 *d)
{
	uint8_t b = reader_u8(r);
	d->has_layers = true;
	d->temporal = b >> 5;
	d->switch_up = b & 0x10;
	d->spatial = (b >> 1) & 7;
	d->inter_layer = b & 1;
	if (!d->flexible)
		d->tl0 = reader_u8(r);
}

/* Differences to reference pictures, each with a bit that says whether another follows. */
static enum err skip_references(struct reader *r)
{
	for (int i = 0; i < REFERENCES_MAX; i++)
		if (!(reader_u8(r) & 1))
			return OK;
	return ERR_BAD;
}

static void parse_structure(struct reader *r, struct vp9 *d)
{
	uint8_t head = reader_u8(r);
	d->has_structure = true;
	d->spatial_layers = (uint8_t)((head >> 5) + 1);
	for (uint8_t i = 0; (head & 0x10) && i < d->spatial_layers; i++) {
		d->width = reader_u16(r);
		d->height = reader_u16(r);
	}
	uint8_t pictures = head & 0x08 ? reader_u8(r) : 0;
	for (uint8_t i = 0; i < pictures && reader_ok(r); i++)
		reader_skip(r, (reader_u8(r) >> 2) & 3);
}

enum err vp9_parse(struct bytes payload, struct vp9 *out)
{
	struct reader r = reader_of(payload);
	uint8_t first = reader_u8(&r);
	struct vp9 d = {
		.predicted = first & P,
		.flexible = first & F,
		.frame_start = first & B,
		.frame_end = first & E,
		.non_reference = first & Z,
	};
	if (first & I)
		parse_picture_id(&r, &d);
	if (first & L)
		parse_layers(&r, &d);
	if (d.flexible && d.predicted && skip_references(&r))
		return ERR_BAD;
	if (first & V)
		parse_structure(&r, &d);
	if (!reader_ok(&r))
		return ERR_SHORT;
	d.key_frame = d.frame_start && !d.predicted && d.spatial == 0;
	d.len = payload.len - reader_left(&r);
	*out = d;
	return OK;
}
