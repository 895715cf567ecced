#include "rtc/tap.h"

#include <stdlib.h>

#include "base/mem.h"

static void begin(struct core *core)
{
	core->recorded.len = 0;
	core->recorded.overrun = false;
	record_batch_begin(&core->recorded, 0);
}

void tap_init(struct core *core)
{
	core->recorded = writer_of(mem_new(RECORD_BATCH_MAX, 1), RECORD_BATCH_MAX);
	begin(core);
}

void tap_clear(struct core *core)
{
	free(core->recorded.at);
	core->recorded = (struct writer){ 0 };
}

void tap_packet(struct core *core, struct visit_id visit, const struct packet *packet,
		struct mono now)
{
	bool red = packet->frame.codec == CODEC_RED;
	struct record_packet p = {
		.visit = visit,
		.end = packet->end,
		.codec = red ? CODEC_OPUS : packet->frame.codec,
		.key = packet->kind == MEDIA_VIDEO && packet->frame.key,
		.marker = packet->marker,
		.seq = packet->seq,
		.timestamp = packet->timestamp,
		.at = now,
		.payload = red ? bytes_of(packet->payload + packet->opus_at, packet->opus_len)
			       : bytes_of(packet->payload, packet->len),
	};
	if (core->recorded.len == RECORD_BATCH_HEAD)
		core->recorded_since = now;
	if (!record_packet_put(&core->recorded, &p))
		core->recorded_lost++;
}

static uint32_t packets_in(const struct core *core)
{
	struct reader packets;
	struct record_packet packet;
	uint32_t lost, count = 0;
	if (record_batch_read(writer_bytes(&core->recorded), &packets, &lost) == OK)
		while (record_packet_next(&packets, &packet) == OK)
			count++;
	return count;
}

struct bytes tap_batch(struct core *core, struct mono now)
{
	put_u32(core->recorded.at + 2, core->recorded_lost);
	bool full = core->recorded.len >= TAP_FULL;
	bool old = core->recorded.len > RECORD_BATCH_HEAD &&
		   mono_diff_us(now, core->recorded_since) >= TAP_PACKETS_MS * 1000;
	return full || old ? writer_bytes(&core->recorded) : bytes_of(NULL, 0);
}

void tap_taken(struct core *core, bool sent)
{
	core->recorded_lost = sent ? 0 : core->recorded_lost + packets_in(core);
	begin(core);
}
