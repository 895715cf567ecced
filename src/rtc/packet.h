/*
 * packet.h - an authenticated RTP packet of one person, on its way to the slots of others.
 */
#ifndef PVL_RTC_PACKET_H
#define PVL_RTC_PACKET_H

#include "rtc/frame.h"
#include "wire/codec.h"

struct packet {
	enum media_kind kind;
	uint8_t end;        /* whose: its CSRC is 1 + end */
	uint32_t stream;    /* of whoever sits there: of another connection it is another */
	uint64_t seq;       /* extended, of the incoming stream */
	uint32_t timestamp; /* of the incoming stream */
	bool marker;
	bool is_late;       /* it waited for the line longer than pictures should */
	struct frame frame; /* frame.codec is the codec of audio too */
	/* Rewritten in place for each receiver; the next one rewrites the same bytes.  RED to a
	 * receiver without it: opus_at is where the primary starts, opus_len what it is long. */
	uint8_t *payload;
	size_t len;
	size_t opus_at;
	size_t opus_len;
	struct bytes level; /* values of header extensions that pass, empty if absent */
	struct bytes orientation;
	struct bytes dependency;
};

#endif
