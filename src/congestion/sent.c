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
