#include "congestion/sent.h"

static struct sent_packet *place(struct sent *sent, uint16_t number)
{
	return &sent->ring[number % SENT_MAX];
}

static void no_longer_waiting(struct sent *sent, struct sent_packet *packet)
{
	if (packet->waiting)
		sent->waiting_bytes -= packet->bytes;
	packet->waiting = false;
}

void sent_add(struct sent *sent, const struct sent_packet *packet)
{
	struct sent_packet *at = place(sent, packet->number);
	no_longer_waiting(sent, at);
	*at = *packet;
	at->waiting = true;
	at->lost = false;
	at->late = false;
	at->untold = false;
	sent->waiting_bytes += at->bytes;
}

const struct sent_packet *sent_told(struct sent *sent, uint16_t number, bool arrived)
{
	struct sent_packet *at = place(sent, number);
	if (at->number != number || (!at->waiting && !(at->lost && arrived)))
		return NULL;
	at->late = at->lost;
	no_longer_waiting(sent, at);
	at->lost = !arrived;
	return at;
}

int64_t sent_untold(struct sent *sent, uint16_t from, uint16_t to)
{
	int64_t bytes = 0;
	uint16_t count = (uint16_t)(to - from);
	/* Behind, or so far ahead that nobody knows: nothing lies between. */
	if (count >= SENT_MAX)
		return 0;
	for (uint16_t i = 0; i < count; i++) {
		struct sent_packet *at = place(sent, (uint16_t)(from + i));
		if (at->number != (uint16_t)(from + i) || !at->waiting || at->untold)
			continue;
		at->untold = true;
		bytes += at->bytes;
	}
	return bytes;
}
