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

static bool fits(const struct packet *packet)
{
	return packet->len <= UINT16_MAX - HISTORY_HEADROOM - 2 * UINT8_MAX &&
	       packet->dependency.len <= UINT8_MAX && packet->orientation.len <= UINT8_MAX;
}

static uint8_t *append(uint8_t *at, struct bytes bytes)
{
	if (bytes.len > 0)
		memcpy(at, bytes.at, bytes.len);
	return at + bytes.len;
}

void history_put(struct history *history, const struct packet *packet)
{
	if (!fits(packet))
		return;
	take_memory(history);
	size_t room =
	    HISTORY_HEADROOM + packet->len + packet->dependency.len + packet->orientation.len;
	/* No packet wraps around: what does not fit at the end starts again at the front. */
	size_t place = (size_t)(history->end % HISTORY_BYTES);
	if (place + room > HISTORY_BYTES) {
		history->end += HISTORY_BYTES - place;
		place = 0;
	}
	uint8_t *at = history->log + place + HISTORY_HEADROOM;
	at = append(at, bytes_of(packet->payload, packet->len));
	at = append(at, packet->dependency);
	append(at, packet->orientation);
	history->entries[packet->seq % HISTORY_PACKETS] = (struct history_entry){
		.seq = packet->seq,
		.at = history->end + HISTORY_HEADROOM,
		.timestamp = packet->timestamp,
		.len = (uint16_t)packet->len,
		.dependency_len = (uint8_t)packet->dependency.len,
		.orientation_len = (uint8_t)packet->orientation.len,
		.codec = (uint8_t)packet->frame.codec,
		.marker = packet->marker,
	};
	history->end += room;
}

bool history_get(const struct history *history, uint64_t seq, struct packet *out)
{
	if (!history->log)
		return false;
	const struct history_entry *entry = &history->entries[seq % HISTORY_PACKETS];
	bool here = entry->seq == seq;
	/* The log has gone around once it wrote over the entry's headroom. */
	if (!here || history->end - (entry->at - HISTORY_HEADROOM) > HISTORY_BYTES)
		return false;
	uint8_t *at = history->log + entry->at % HISTORY_BYTES;
	*out = (struct packet){
		.kind = MEDIA_VIDEO,
		.seq = seq,
		.timestamp = entry->timestamp,
		.marker = entry->marker,
		.frame = { .codec = entry->codec },
		.payload = at,
		.len = entry->len,
		.dependency = bytes_of(at + entry->len, entry->dependency_len),
		.orientation =
		    bytes_of(at + entry->len + entry->dependency_len, entry->orientation_len),
	};
	return true;
}
