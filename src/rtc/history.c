#include "rtc/history.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void history_clear(struct history *history)
{
	free(history->log);
	free(history->entries);
	*history = (struct history){ 0 };
}

static void take_memory(struct history *history)
{
	if (history->log)
		return;
	history->log = mem_new(HISTORY_BYTES, 1);
	history->entries = mem_new(HISTORY_PACKETS, sizeof history->entries[0]);
}

void history_put(struct history *history, const struct history_packet *packet)
{
	size_t room = packet->len + HISTORY_HEADROOM;
	if (room > UINT16_MAX)
		return;
	take_memory(history);
	/* No packet wraps around: what does not fit at the end starts again at the front. */
	size_t place = (size_t)(history->end % HISTORY_BYTES);
	if (place + room > HISTORY_BYTES) {
		history->end += HISTORY_BYTES - place;
		place = 0;
	}
	memcpy(history->log + place + HISTORY_HEADROOM, packet->payload, packet->len);
	history->entries[packet->seq % HISTORY_PACKETS] = (struct history_entry){
		.seq = packet->seq,
		.at = history->end + HISTORY_HEADROOM,
		.timestamp = packet->timestamp,
		.len = (uint16_t)packet->len,
		.codec = (uint8_t)packet->codec,
		.marker = packet->marker,
	};
	history->end += room;
}

bool history_get(const struct history *history, uint64_t seq, struct history_packet *out)
{
	if (!history->log)
		return false;
	const struct history_entry *entry = &history->entries[seq % HISTORY_PACKETS];
	bool here = entry->seq == seq && entry->len > 0;
	/* The log has gone around once it wrote over the entry's headroom. */
	if (!here || history->end - (entry->at - HISTORY_HEADROOM) > HISTORY_BYTES)
		return false;
	*out = (struct history_packet){
		.seq = seq,
		.timestamp = entry->timestamp,
		.codec = entry->codec,
		.marker = entry->marker,
		.payload = history->log + entry->at % HISTORY_BYTES,
		.len = entry->len,
	};
	return true;
}
