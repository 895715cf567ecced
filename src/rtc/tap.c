#include "rtc/tap.h"

#include <stdlib.h>

#include "base/mem.h"

static void begin(struct tap *tap)
{
	tap->batch.len = 0;
	tap->batch.overrun = false;
	record_batch_begin(&tap->batch, 0);
}

void tap_init(struct tap *tap)
{
	tap->batch = writer_of(mem_new(RECORD_BATCH_MAX, 1), RECORD_BATCH_MAX);
	begin(tap);
}

void tap_clear(struct tap *tap)
{
	free(tap->batch.at);
	tap->batch = (struct writer){ 0 };
}

void tap_packet(struct tap *tap, struct visit_id visit, const struct packet *packet,
		struct mono now)
{
	bool red = packet->frame.codec == CODEC_RED;
	struct record_packet p = {
		.visit = visit,
		.end = packet->end,
		.codec = red ? CODEC_OPUS : packet->frame.codec,
		.key = packet->kind == MEDIA_VIDEO && packet->frame.key,
		.marker = packet->marker,
		.stream = packet->stream,
		.seq = packet->seq,
		.timestamp = packet->timestamp,
		.at = now,
		.payload = red ? bytes_of(packet->payload + packet->opus_at, packet->opus_len)
			       : bytes_of(packet->payload, packet->len),
	};
	if (tap->batch.len == RECORD_BATCH_HEAD)
		tap->since = now;
	if (!record_packet_put(&tap->batch, &p))
		tap->lost++;
}

/* All packets of a frame have one timestamp; other than a first one, the last need not say that it is of
 * a key frame. */
void tap_key_packet(struct tap *tap, struct visit_id visit, struct uplink *uplink,
		    const struct packet *packet, struct mono now)
{
	if (packet->kind != MEDIA_VIDEO)
		return;
	if (packet->frame.key) {
		uplink->hinting = true;
		uplink->hinted_frame = packet->timestamp;
	}
	if (uplink->hinting && uplink->hinted_frame == packet->timestamp)
		tap_packet(tap, visit, packet, now);
}

static uint32_t packets_in(const struct tap *tap)
{
	struct reader packets;
	struct record_packet packet;
	uint32_t lost, count = 0;
	if (record_batch_read(writer_bytes(&tap->batch), &packets, &lost) == OK)
		while (record_packet_next(&packets, &packet) == OK)
			count++;
	return count;
}

struct bytes tap_batch(struct tap *tap, struct mono now)
{
	put_u32(tap->batch.at + 2, tap->lost);
	bool full = tap->batch.len >= TAP_FULL;
	bool old = tap->batch.len > RECORD_BATCH_HEAD &&
		   mono_diff_us(now, tap->since) >= TAP_PACKETS_MS * 1000;
	return full || old ? writer_bytes(&tap->batch) : bytes_of(NULL, 0);
}

void tap_taken(struct tap *tap, bool sent)
{
	tap->lost = sent ? 0 : tap->lost + packets_in(tap);
	begin(tap);
}
