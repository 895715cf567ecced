#include "wire/av1.h"

enum {
	Z = 0x80,
	Y = 0x40,
	N = 0x08,
	OBU_SEQUENCE_HEADER = 1,
	LEB128_BYTES_MAX = 4, /* 28 bits: more than any datagram */
};

static enum err read_leb128(struct reader *r, size_t *out)
{
	size_t value = 0;
	for (unsigned i = 0; i < LEB128_BYTES_MAX; i++) {
		uint8_t b = reader_u8(r);
		value |= (size_t)(b & 0x7fu) << (7 * i);
		if (!(b & 0x80)) {
			*out = value;
			return OK;
		}
	}
	return ERR_BAD;
}

static bool is_sequence_header(struct bytes obu)
{
	return obu.len && ((obu.at[0] >> 3) & 15) == OBU_SEQUENCE_HEADER;
}

/* W counts the elements, of which the last has no length; with W 0 every one has. */
static enum err walk_elements(struct reader r, struct av1 *d)
{
	for (unsigned i = 1; reader_left(&r) || i <= d->elements; i++) {
		size_t len = reader_left(&r);
		if (d->elements && i > d->elements)
			return ERR_BAD;
		if (i != d->elements && read_leb128(&r, &len))
			return ERR_BAD;
		struct bytes obu = reader_take(&r, len);
		if (!reader_ok(&r))
			return ERR_BAD;
		if (is_sequence_header(obu) && !(i == 1 && d->continues))
			d->sequence_header = true;
	}
	return OK;
}

enum err av1_parse(struct bytes payload, struct av1 *out)
{
	struct reader r = reader_of(payload);
	uint8_t head = reader_u8(&r);
	if (!reader_ok(&r))
		return ERR_SHORT;
	struct av1 d = {
		.continues = head & Z,
		.continued = head & Y,
		.elements = (head >> 4) & 3,
		.sequence_start = head & N,
	};
	if (d.continues && d.sequence_start)
		return ERR_BAD;
	if (walk_elements(r, &d))
		return ERR_BAD;
	d.key_frame = !d.continues && (d.sequence_start || d.sequence_header);
	*out = d;
	return OK;
}
