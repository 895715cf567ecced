#include "wire/rtcp.h"

#include "base/assert.h"

enum {
	VERSION = 0x80,
	PADDING = 0x20,
	COUNT = 0x1f,
	REPORT_LEN = 24,
	SDES_CNAME = 1,
	XR_RRTR = 4,
	XR_DLRR = 5,
	NACK_SPAN = 16, /* sequences that a mask of one entry covers behind its first */
	REMB_MANTISSA = 0x3ffff,
	REMB_NAME = 0x52454d42,
};

struct rtcp_walk rtcp_walk_of(struct bytes datagram)
{
	return (struct rtcp_walk){ .rest = datagram };
}

static bool walk_broken(struct rtcp_walk *walk)
{
	walk->rest.len = 0;
	walk->broken = true;
	return false;
}

bool rtcp_next(struct rtcp_walk *walk, struct rtcp_packet *out)
{
	const uint8_t *at = walk->rest.at;
	if (walk->rest.len == 0)
		return false;
	if (walk->rest.len < 4 || at[0] >> 6 != 2)
		return walk_broken(walk);
	size_t len = 4 * ((size_t)get_u16(at + 2) + 1);
	if (len > walk->rest.len)
		return walk_broken(walk);
	struct bytes body = bytes_of(at + 4, len - 4);
	if (at[0] & PADDING) { /* of any length, and anywhere: libwebrtc fills up its feedback so */
		size_t padding = body.len ? at[len - 1] : 0;
		if (padding == 0 || padding > body.len)
			return walk_broken(walk);
		body.len -= padding;
	}
	*out = (struct rtcp_packet){ .type = at[1], .format = at[0] & COUNT, .body = body };
	walk->rest = bytes_of(at + len, walk->rest.len - len);
	return true;
}

static struct rtcp_report read_report(struct reader *r)
{
	struct rtcp_report report = { .ssrc = reader_u32(r) };
	report.fraction_lost = reader_u8(r);
	uint32_t lost = reader_u24(r);
	report.lost = lost & 0x800000 ? (int32_t)lost - 0x1000000 : (int32_t)lost;
	report.highest_sequence = reader_u32(r);
	report.jitter = reader_u32(r);
	report.last_sr = reader_u32(r);
	report.delay_since_sr = reader_u32(r);
	return report;
}

enum err rtcp_parse_reports(const struct rtcp_packet *packet, struct rtcp_reports *out)
{
	if (packet->type != RTCP_SR && packet->type != RTCP_RR)
		return ERR_BAD;
	struct reader r = reader_of(packet->body);
	size_t fixed = packet->type == RTCP_SR ? 24 : 4;
	if (packet->body.len < fixed + (size_t)REPORT_LEN * packet->format)
		return ERR_SHORT;
	out->sender = reader_u32(&r);
	bool sr = packet->type == RTCP_SR;
	out->ntp = sr ? reader_u64(&r) : 0;
	out->rtp_timestamp = sr ? reader_u32(&r) : 0;
	out->packets = sr ? reader_u32(&r) : 0;
	out->octets = sr ? reader_u32(&r) : 0;
	out->count = packet->format;
	for (size_t i = 0; i < out->count; i++)
		out->report[i] = read_report(&r);
	return OK;
}

/* The items of one chunk up to and with its terminating zeros; *cname if there is one. */
static enum err read_chunk(struct reader *r, struct bytes *cname)
{
	size_t items = reader_left(r);
	uint8_t type;
	while ((type = reader_u8(r)) != 0) {
		struct bytes text = reader_take(r, reader_u8(r));
		if (!reader_ok(r))
			return ERR_SHORT;
		if (type == SDES_CNAME)
			*cname = text;
	}
	size_t used = items - reader_left(r);
	reader_skip(r, (4 - used % 4) % 4);
	return reader_ok(r) ? OK : ERR_SHORT;
}

enum err rtcp_parse_cname(const struct rtcp_packet *packet, uint32_t ssrc, struct bytes *out)
{
	if (packet->type != RTCP_SDES)
		return ERR_BAD;
	struct reader r = reader_of(packet->body);
	for (uint8_t i = 0; i < packet->format; i++) {
		struct bytes cname = { .at = NULL, .len = 0 };
		uint32_t source = reader_u32(&r);
		enum err err = read_chunk(&r, &cname);
		if (err)
			return err;
		if (source == ssrc && cname.at) {
			*out = cname;
			return OK;
		}
	}
	return ERR_NOT_FOUND;
}

enum err rtcp_parse_bye(const struct rtcp_packet *packet, struct rtcp_bye *out)
{
	if (packet->type != RTCP_BYE)
		return ERR_BAD;
	if (packet->body.len < 4 * (size_t)packet->format)
		return ERR_SHORT;
	out->count = packet->format;
	for (size_t i = 0; i < out->count; i++)
		out->ssrc[i] = get_u32(packet->body.at + 4 * i);
	return OK;
}

enum err rtcp_parse_feedback(const struct rtcp_packet *packet, struct rtcp_feedback *out)
{
	if (packet->type != RTCP_TRANSPORT_FEEDBACK && packet->type != RTCP_PAYLOAD_FEEDBACK)
		return ERR_BAD;
	if (packet->body.len < 8)
		return ERR_SHORT;
	*out = (struct rtcp_feedback){
		.sender = get_u32(packet->body.at),
		.media = get_u32(packet->body.at + 4),
		.control = bytes_of(packet->body.at + 8, packet->body.len - 8),
	};
	return OK;
}

struct rtcp_nacks rtcp_nacks_of(const struct rtcp_feedback *feedback)
{
	return (struct rtcp_nacks){ .rest = reader_of(feedback->control) };
}

bool rtcp_nacks_next(struct rtcp_nacks *walk, uint16_t *sequence)
{
	if (walk->mask == 0) {
		if (reader_left(&walk->rest) < 4)
			return false;
		walk->base = reader_u16(&walk->rest);
		walk->mask = 1u | ((uint32_t)reader_u16(&walk->rest) << 1);
	}
	unsigned bit = (unsigned)__builtin_ctz(walk->mask);
	walk->mask &= walk->mask - 1;
	*sequence = (uint16_t)(walk->base + bit);
	return true;
}

bool rtcp_fir_asks(const struct rtcp_feedback *feedback, uint32_t ssrc, uint8_t *number)
{
	struct reader r = reader_of(feedback->control);
	while (reader_left(&r) >= 8) {
		uint32_t target = reader_u32(&r);
		uint32_t rest = reader_u32(&r);
		if (target != ssrc)
			continue;
		*number = (uint8_t)(rest >> 24);
		return true;
	}
	return false;
}

enum err rtcp_parse_remb(const struct rtcp_feedback *feedback, struct rtcp_remb *out)
{
	struct reader r = reader_of(feedback->control);
	if (reader_u32(&r) != REMB_NAME)
		return ERR_NOT_FOUND;
	uint8_t count = reader_u8(&r);
	uint32_t rate = reader_u24(&r);
	uint64_t mantissa = rate & REMB_MANTISSA;
	unsigned exponent = rate >> 18;
	if (!reader_ok(&r) || reader_left(&r) < 4 * (size_t)count)
		return ERR_SHORT;
	if (count > RTCP_SSRCS_MAX)
		return ERR_LIMIT;
	/* 18 bits moved by up to 63 may not fit: such a rate is no limit at all */
	bool huge = exponent > 45;
	out->bits_per_s = huge && mantissa ? UINT64_MAX : mantissa << (huge ? 0 : exponent);
	out->count = count;
	for (size_t i = 0; i < count; i++)
		out->ssrc[i] = reader_u32(&r);
	return OK;
}

static void read_dlrr(struct reader r, struct rtcp_xr *xr)
{
	while (reader_left(&r) >= 12 && xr->dlrr_count < RTCP_DLRR_MAX) {
		struct rtcp_dlrr *d = &xr->dlrr[xr->dlrr_count++];
		d->ssrc = reader_u32(&r);
		d->last_rr = reader_u32(&r);
		d->delay = reader_u32(&r);
	}
}

enum err rtcp_parse_xr(const struct rtcp_packet *packet, struct rtcp_xr *out)
{
	if (packet->type != RTCP_XR)
		return ERR_BAD;
	struct reader r = reader_of(packet->body);
	struct rtcp_xr xr = { .sender = reader_u32(&r) };
	while (reader_left(&r)) {
		uint8_t type = reader_u8(&r);
		reader_skip(&r, 1);
		size_t words = reader_u16(&r);
		struct reader block = reader_of(reader_take(&r, 4 * words));
		if (type == XR_DLRR)
			read_dlrr(block, &xr);
		if (type == XR_RRTR && words == 2) {
			xr.has_rrtr = true;
			xr.rrtr_ntp = reader_u64(&block);
		}
	}
	if (!reader_ok(&r))
		return ERR_SHORT;
	*out = xr;
	return OK;
}

/* The header of a packet whose body is body_len bytes, a multiple of four. */
static void write_header(struct writer *w, uint8_t count, enum rtcp_type type, size_t body_len)
{
	writer_u8(w, VERSION | count);
	writer_u8(w, (uint8_t)type);
	writer_u16(w, (uint16_t)(body_len / 4));
}

static void write_report(struct writer *w, const struct rtcp_report *report)
{
	writer_u32(w, report->ssrc);
	writer_u8(w, report->fraction_lost);
	writer_u24(w, (uint32_t)report->lost & 0xffffff);
	writer_u32(w, report->highest_sequence);
	writer_u32(w, report->jitter);
	writer_u32(w, report->last_sr);
	writer_u32(w, report->delay_since_sr);
}

void rtcp_write_reports(struct writer *w, bool sr, const struct rtcp_reports *reports)
{
	ASSERT(reports->count <= RTCP_REPORTS_MAX);
	size_t body = (sr ? 24u : 4u) + REPORT_LEN * reports->count;
	write_header(w, (uint8_t)reports->count, sr ? RTCP_SR : RTCP_RR, body);
	writer_u32(w, reports->sender);
	if (sr) {
		writer_u64(w, reports->ntp);
		writer_u32(w, reports->rtp_timestamp);
		writer_u32(w, reports->packets);
		writer_u32(w, reports->octets);
	}
	for (size_t i = 0; i < reports->count; i++)
		write_report(w, &reports->report[i]);
}

void rtcp_write_cname(struct writer *w, uint32_t ssrc, struct bytes cname)
{
	ASSERT(cname.len <= RTCP_CNAME_MAX);
	size_t zeros = 4 - (2 + cname.len) % 4; /* at least one ends the items */
	write_header(w, 1, RTCP_SDES, 4 + 2 + cname.len + zeros);
	writer_u32(w, ssrc);
	writer_u8(w, SDES_CNAME);
	writer_u8(w, (uint8_t)cname.len);
	writer_put(w, cname);
	writer_zeros(w, zeros);
}

void rtcp_write_bye(struct writer *w, const uint32_t *ssrcs, size_t count)
{
	ASSERT(count <= RTCP_SSRCS_MAX);
	write_header(w, (uint8_t)count, RTCP_BYE, 4 * count);
	for (size_t i = 0; i < count; i++)
		writer_u32(w, ssrcs[i]);
}

static void write_feedback(struct writer *w, uint8_t format, enum rtcp_type type, uint32_t sender,
			   uint32_t media, size_t control_len)
{
	write_header(w, format, type, 8 + control_len);
	writer_u32(w, sender);
	writer_u32(w, media);
}

/* How many of the sequences one entry covers, and the mask of those behind the first. */
static size_t nack_entry(const uint16_t *sequences, size_t count, uint16_t *mask)
{
	size_t i = 1;
	*mask = 0;
	for (; i < count; i++) {
		uint16_t behind = (uint16_t)(sequences[i] - sequences[0]);
		if (behind == 0 || behind > NACK_SPAN)
			break;
		*mask |= (uint16_t)(1u << (behind - 1));
	}
	return i;
}

void rtcp_write_nack(struct writer *w, uint32_t sender, uint32_t media, const uint16_t *sequences,
		     size_t count)
{
	ASSERT(count > 0 && count <= UINT16_MAX);
	uint16_t mask;
	size_t entries = 0;
	for (size_t i = 0; i < count; i += nack_entry(sequences + i, count - i, &mask))
		entries++;
	write_feedback(w, RTCP_NACK, RTCP_TRANSPORT_FEEDBACK, sender, media, 4 * entries);
	for (size_t i = 0; i < count;) {
		size_t covered = nack_entry(sequences + i, count - i, &mask);
		writer_u16(w, sequences[i]);
		writer_u16(w, mask);
		i += covered;
	}
}

void rtcp_write_pli(struct writer *w, uint32_t sender, uint32_t media)
{
	write_feedback(w, RTCP_PLI, RTCP_PAYLOAD_FEEDBACK, sender, media, 0);
}

void rtcp_write_fir(struct writer *w, uint32_t sender, uint32_t media, uint8_t number)
{
	write_feedback(w, RTCP_FIR, RTCP_PAYLOAD_FEEDBACK, sender, 0, 8);
	writer_u32(w, media); /* named in the entry, not in the head (RFC 5104 section 4.3.1.2) */
	writer_u8(w, number);
	writer_u24(w, 0);
}

void rtcp_write_remb(struct writer *w, uint32_t sender, const struct rtcp_remb *remb)
{
	ASSERT(remb->count <= RTCP_SSRCS_MAX);
	uint32_t exponent = 0;
	while (remb->bits_per_s >> exponent > REMB_MANTISSA)
		exponent++;
	uint32_t mantissa = (uint32_t)(remb->bits_per_s >> exponent);
	write_feedback(w, RTCP_APPLICATION, RTCP_PAYLOAD_FEEDBACK, sender, 0, 8 + 4 * remb->count);
	writer_u32(w, REMB_NAME);
	writer_u8(w, (uint8_t)remb->count);
	writer_u24(w, (exponent << 18) | mantissa);
	for (size_t i = 0; i < remb->count; i++)
		writer_u32(w, remb->ssrc[i]);
}

static void write_block_head(struct writer *w, uint8_t type, size_t words)
{
	writer_u8(w, type);
	writer_u8(w, 0);
	writer_u16(w, (uint16_t)words);
}

void rtcp_write_xr(struct writer *w, const struct rtcp_xr *xr)
{
	ASSERT(xr->dlrr_count <= RTCP_DLRR_MAX);
	size_t rrtr = xr->has_rrtr ? 12 : 0;
	size_t dlrr = xr->dlrr_count ? 4 + 12 * xr->dlrr_count : 0;
	write_header(w, 0, RTCP_XR, 4 + rrtr + dlrr);
	writer_u32(w, xr->sender);
	if (rrtr) {
		write_block_head(w, XR_RRTR, 2);
		writer_u64(w, xr->rrtr_ntp);
	}
	if (dlrr)
		write_block_head(w, XR_DLRR, 3 * xr->dlrr_count);
	for (size_t i = 0; i < xr->dlrr_count; i++) {
		writer_u32(w, xr->dlrr[i].ssrc);
		writer_u32(w, xr->dlrr[i].last_rr);
		writer_u32(w, xr->dlrr[i].delay);
	}
}
