#include "rtc/outbox.h"

#include <stdlib.h>

#include "base/mem.h"

void outbox_init(struct outbox *outbox)
{
	*outbox = (struct outbox){
		.memory = mem_new(OUTBOX_DATAGRAMS, OUTBOX_BYTES),
		.items = mem_new(OUTBOX_DATAGRAMS, sizeof outbox->items[0]),
	};
}

void outbox_clear(struct outbox *outbox)
{
	free(outbox->memory);
	free(outbox->items);
	*outbox = (struct outbox){ 0 };
}

uint8_t *outbox_room(struct outbox *outbox, bool spare_the_reserve)
{
	/* Drained: start again at the front, whose memory is warm. */
	if (outbox->taken == outbox->len) {
		outbox->taken = 0;
		outbox->len = 0;
	}
	size_t most = OUTBOX_DATAGRAMS - (spare_the_reserve ? OUTBOX_RESERVE : 0);
	if (outbox->len >= most)
		return NULL;
	return outbox->memory + outbox->len * OUTBOX_BYTES;
}

void outbox_add(struct outbox *outbox, const struct address *to, size_t len, uint32_t tag)
{
	outbox->items[outbox->len++] = (struct outbox_item){
		.to = *to,
		.tag = tag,
		.len = (uint16_t)len,
	};
}

void outbox_cut(struct outbox *outbox, uint32_t tag)
{
	for (size_t i = outbox->taken; i < outbox->len; i++)
		if (outbox->items[i].tag == tag)
			outbox->items[i].len = 0;
}

bool outbox_take(struct outbox *outbox, struct address *to, struct bytes *bytes)
{
	while (outbox->taken < outbox->len) {
		size_t i = outbox->taken++;
		if (outbox->items[i].len == 0)
			continue;
		*to = outbox->items[i].to;
		*bytes = bytes_of(outbox->memory + i * OUTBOX_BYTES, outbox->items[i].len);
		return true;
	}
	return false;
}
