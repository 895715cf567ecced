#include "rtc/redundant.h"

#include <string.h>

#include "wire/red.h"

enum {
	BLOCK_HEADER = 4,
	LAST_HEADER = 1,
};

void redundant_clear(struct redundant *redundant)
{
	for (size_t i = 0; i < REDUNDANT_FRAMES; i++)
		redundant->frames[i].len = 0;
}

/* The n-th before the coming one, n from 1. */
static const struct redundant_frame *before(const struct redundant *r, size_t n)
{
	return &r->frames[(r->next + REDUNDANT_FRAMES - n) % REDUNDANT_FRAMES];
}

static void keep(struct redundant *r, uint32_t timestamp, struct bytes frame)
{
	struct redundant_frame *kept = &r->frames[r->next];
	r->next = (r->next + 1) % REDUNDANT_FRAMES;
	kept->timestamp = timestamp;
	kept->len = frame.len <= REDUNDANT_FRAME_MAX ? (uint16_t)frame.len : 0;
	if (kept->len > 0)
		memcpy(kept->at, frame.at, kept->len);
}

/* How many of the frames before this one go with it. */
static size_t count_near(const struct redundant *r, uint32_t timestamp, size_t bytes, size_t again)
{
	size_t n = 0;
	while (n < again && n < REDUNDANT_FRAMES) {
		const struct redundant_frame *frame = before(r, n + 1);
		bytes += BLOCK_HEADER + frame->len;
		if (frame->len == 0 || timestamp - frame->timestamp > RED_OFFSET_MAX ||
		    bytes > REDUNDANT_ROOM)
			break;
		n++;
	}
	return n;
}

static bool is_late(const struct redundant *r, uint32_t timestamp)
{
	const struct redundant_frame *newest = before(r, 1);
	return newest->len > 0 && (int32_t)(timestamp - newest->timestamp) <= 0;
}

struct bytes redundant_pack(struct redundant *r, uint8_t payload_type, uint32_t timestamp,
			    struct bytes frame, size_t again)
{
	if (frame.len == 0 || is_late(r, timestamp))
		return bytes_of(NULL, 0);
	struct red red = { .count = 0 };
	for (size_t n = count_near(r, timestamp, LAST_HEADER + frame.len, again); n > 0; n--) {
		const struct redundant_frame *old = before(r, n);
		red.block[red.count++] = (struct red_block){
			.payload_type = payload_type,
			.timestamp_offset = (uint16_t)(timestamp - old->timestamp),
			.data = bytes_of(old->at, old->len),
		};
	}
	red.block[red.count++] = (struct red_block){ .payload_type = payload_type, .data = frame };
	struct writer w = writer_of(r->room, sizeof r->room);
	bool packed = !red_write(&w, &red);
	keep(r, timestamp, frame);
	return packed ? writer_bytes(&w) : bytes_of(NULL, 0);
}
