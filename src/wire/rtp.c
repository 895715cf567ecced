#include "wire/rtp.h"

#include <string.h>

enum {
	ONE_BYTE = 0xbede,
	TWO_BYTE = 0x1000, /* and four bits that say nothing to us (RFC 8285 section 4.3) */
	TWO_BYTE_MASK = 0xfff0,
	ID_STOP = 15, /* of the one-byte form: read no further */
};

enum err rtp_parse_header(struct bytes packet, struct rtp *out)
{
	const uint8_t *at = packet.at;
	if (packet.len < RTP_HEADER_MIN)
		return ERR_SHORT;
	if (at[0] >> 6 != 2)
		return ERR_BAD;
	size_t csrc_count = at[0] & 15u;
	size_t len = RTP_HEADER_MIN + 4 * csrc_count;
	uint16_t profile = 0;
	struct bytes extension = { .at = at, .len = 0 };
	if (at[0] & 0x10) {
		if (packet.len < len + 4)
			return ERR_SHORT;
		profile = get_u16(at + len);
		extension = bytes_of(at + len + 4, 4 * (size_t)get_u16(at + len + 2));
		len += 4 + extension.len;
	}
	if (packet.len < len)
		return ERR_SHORT;
	*out = (struct rtp){
		.sequence = get_u16(at + 2),
		.timestamp = get_u32(at + 4),
		.ssrc = get_u32(at + 8),
		.payload_type = at[1] & 0x7f,
		.marker = at[1] >> 7,
		.padded = at[0] & 0x20,
		.csrc_count = (uint8_t)csrc_count,
		.profile = profile,
		.csrcs = at + RTP_HEADER_MIN,
		.extension = extension,
		.header = { .at = at, .len = len },
		.payload = { .at = at + len, .len = packet.len - len },
	};
	return OK;
}

enum err rtp_strip_padding(struct rtp *rtp)
{
	if (!rtp->padded)
		return OK;
	if (rtp->payload.len == 0)
		return ERR_BAD;
	uint8_t padding = rtp->payload.at[rtp->payload.len - 1];
	if (padding == 0 || padding > rtp->payload.len)
		return ERR_BAD;
	rtp->payload.len -= padding;
	rtp->padded = false;
	return OK;
}

enum err rtp_parse(struct bytes packet, struct rtp *out)
{
	struct rtp rtp;
	enum err err = rtp_parse_header(packet, &rtp);
	if (!err)
		err = rtp_strip_padding(&rtp);
	if (!err)
		*out = rtp;
	return err;
}

uint32_t rtp_csrc(const struct rtp *rtp, size_t i)
{
	return get_u32(rtp->csrcs + 4 * i);
}

struct rtp_extensions rtp_extensions_of(const struct rtp *rtp)
{
	bool two_byte = (rtp->profile & TWO_BYTE_MASK) == TWO_BYTE;
	size_t len = two_byte || rtp->profile == ONE_BYTE ? rtp->extension.len : 0;
	const uint8_t *at = rtp->extension.at;
	return (struct rtp_extensions){ .at = at, .end = at + len, .two_byte = two_byte };
}

static bool stop(struct rtp_extensions *walk)
{
	walk->at = walk->end;
	return false;
}

bool rtp_extensions_next(struct rtp_extensions *walk, struct rtp_extension *out)
{
	const uint8_t *at = walk->at;
	while (at < walk->end && *at == 0)
		at++;
	size_t left = (size_t)(walk->end - at);
	size_t head = walk->two_byte ? 2 : 1;
	if (left < head)
		return stop(walk);
	uint8_t id = walk->two_byte ? at[0] : (uint8_t)(at[0] >> 4);
	size_t len = walk->two_byte ? at[1] : (at[0] & 15u) + 1u;
	if (left - head < len || id == 0 || (!walk->two_byte && id == ID_STOP))
		return stop(walk);
	*out = (struct rtp_extension){ .id = id, .value = { .at = at + head, .len = len } };
	walk->at = at + head + len;
	return true;
}

struct bytes rtp_extension_find(const struct rtp *rtp, uint8_t id)
{
	struct rtp_extensions walk = rtp_extensions_of(rtp);
	struct rtp_extension extension;
	while (id && rtp_extensions_next(&walk, &extension))
		if (extension.id == id)
			return extension.value;
	return (struct bytes){ .at = NULL, .len = 0 };
}

bool rtp_audio_level_of(struct bytes value, uint8_t *minus_dbov, bool *voice)
{
	if (value.len < 1)
		return false;
	*minus_dbov = value.at[0] & 0x7f;
	*voice = value.at[0] >> 7;
	return true;
}

bool rtp_transport_cc_of(struct bytes value, uint16_t *sequence)
{
	if (value.len < 2)
		return false;
	*sequence = get_u16(value.at);
	return true;
}

bool rtp_abs_send_time_of(struct bytes value, uint32_t *time)
{
	if (value.len < 3)
		return false;
	*time = get_u24(value.at);
	return true;
}

/* The length of all elements, 0 if one cannot be written; *two_byte if one needs that form. */
static size_t elements_len(const struct rtp_fields *fields, bool *two_byte)
{
	size_t values = 0;
	*two_byte = false;
	for (size_t i = 0; i < fields->extension_count; i++) {
		const struct rtp_extension *e = &fields->extensions[i];
		if (e->id == 0 || e->value.len > 255)
			return 0;
		if (e->id >= ID_STOP || e->value.len == 0 || e->value.len > 16)
			*two_byte = true;
		values += e->value.len;
	}
	return values + fields->extension_count * (*two_byte ? 2 : 1);
}

static uint8_t *put_element(uint8_t *at, const struct rtp_extension *e, bool two_byte)
{
	if (two_byte) {
		*at++ = e->id;
		*at++ = (uint8_t)e->value.len;
	} else {
		*at++ = (uint8_t)((e->id << 4) | (e->value.len - 1));
	}
	if (e->value.len)
		memcpy(at, e->value.at, e->value.len);
	return at + e->value.len;
}

static void put_extensions(uint8_t *at, const struct rtp_fields *fields, size_t len, bool two_byte)
{
	uint8_t *end = at + 4 + len;
	put_u16(at, two_byte ? TWO_BYTE : ONE_BYTE);
	put_u16(at + 2, (uint16_t)(len / 4));
	at += 4;
	for (size_t i = 0; i < fields->extension_count; i++)
		at = put_element(at, &fields->extensions[i], two_byte);
	memset(at, 0, (size_t)(end - at));
}

size_t rtp_write_header(uint8_t *at, size_t cap, const struct rtp_fields *fields)
{
	bool two_byte = false;
	size_t elements = elements_len(fields, &two_byte);
	if (fields->extension_count && elements == 0)
		return 0;
	size_t padded = (elements + 3) / 4 * 4;
	size_t fixed = RTP_HEADER_MIN + (fields->has_csrc ? 4u : 0u);
	size_t len = fixed + (fields->extension_count ? 4 + padded : 0);
	if (len > cap || padded / 4 > UINT16_MAX)
		return 0;
	at[0] = (uint8_t)(0x80 | (fields->padded ? 0x20 : 0) |
			  (fields->extension_count ? 0x10 : 0) | (fields->has_csrc ? 1 : 0));
	at[1] = (uint8_t)((fields->payload_type & 0x7f) | (fields->marker ? 0x80 : 0));
	put_u16(at + 2, fields->sequence);
	put_u32(at + 4, fields->timestamp);
	put_u32(at + 8, fields->ssrc);
	if (fields->has_csrc)
		put_u32(at + 12, fields->csrc);
	if (fields->extension_count)
		put_extensions(at + fixed, fields, padded, two_byte);
	return len;
}

bool rtp_set_extension(uint8_t *header, size_t header_len, uint8_t id, struct bytes value)
{
	struct rtp rtp;
	if (rtp_parse_header(bytes_of(header, header_len), &rtp))
		return false;
	struct bytes place = rtp_extension_find(&rtp, id);
	if (!place.at || place.len != value.len)
		return false;
	memcpy(header + (place.at - header), value.at, value.len);
	return true;
}
