#include "wire/red.h"

enum err red_parse(struct bytes payload, struct red *out)
{
	struct red red = { .count = 0 };
	size_t lens[RED_BLOCKS_MAX] = { 0 };
	struct reader r = reader_of(payload);
	uint8_t first;
	while ((first = reader_u8(&r)) & 0x80) {
		uint32_t rest = reader_u24(&r);
		if (red.count == RED_BLOCKS_MAX - 1)
			return ERR_LIMIT;
		red.block[red.count].payload_type = first & 0x7f;
		red.block[red.count].timestamp_offset = (uint16_t)(rest >> 10);
		lens[red.count++] = rest & RED_LEN_MAX;
	}
	red.block[red.count].payload_type = first;
	for (size_t i = 0; i < red.count; i++)
		red.block[i].data = reader_take(&r, lens[i]);
	red.block[red.count++].data = reader_rest(&r);
	if (!reader_ok(&r))
		return ERR_SHORT;
	*out = red;
	return OK;
}

enum err red_write(struct writer *w, const struct red *red)
{
	if (red->count == 0 || red->count > RED_BLOCKS_MAX)
		return ERR_LIMIT;
	size_t last = red->count - 1;
	for (size_t i = 0; i < last; i++) {
		const struct red_block *b = &red->block[i];
		if (b->timestamp_offset > RED_OFFSET_MAX || b->data.len > RED_LEN_MAX)
			return ERR_LIMIT;
		writer_u8(w, b->payload_type | 0x80);
		writer_u24(w, ((uint32_t)b->timestamp_offset << 10) | (uint32_t)b->data.len);
	}
	writer_u8(w, red->block[last].payload_type & 0x7f);
	for (size_t i = 0; i < red->count; i++)
		writer_put(w, red->block[i].data);
	return writer_ok(w) ? OK : ERR_LIMIT;
}
