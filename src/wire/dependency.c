#include "wire/dependency.h"

enum err dependency_parse(struct bytes value, struct dependency *out)
{
	if (value.len < 3)
		return ERR_SHORT;
	*out = (struct dependency){
		.frame_start = value.at[0] & 0x80,
		.frame_end = value.at[0] & 0x40,
		.template_id = value.at[0] & 0x3f,
		.frame_number = get_u16(value.at + 1),
		.has_structure = value.len > 3 && (value.at[3] & 0x80),
	};
	return OK;
}

/* Bits from the left; beyond the end they are 0 and `over` is set. */
struct bits {
	struct bytes from;
	size_t at;
	bool over;
};

static unsigned take(struct bits *b, unsigned count)
{
	unsigned value = 0;
	for (unsigned i = 0; i < count; i++, b->at++) {
		bool is_there = b->at / 8 < b->from.len;
		b->over = b->over || !is_there;
		value = value << 1 | (is_there && b->from.at[b->at / 8] >> (7 - b->at % 8) & 1);
	}
	return value;
}

enum {
	MANDATORY_BITS = 24,
	FLAGS = 5, /* the first of them: a structure follows */
	DECODE_TARGETS = 5,
	NEXT_TEMPORAL = 1, /* next_layer_idc */
	NEXT_SPATIAL = 2,
	NO_MORE = 3,
};

enum err dependency_parse_layers(struct bytes value, struct dependency_layers *out)
{
	struct bits b = { .from = value, .at = MANDATORY_BITS };
	struct dependency_layers layers = { .len = 0 };
	uint8_t temporal = 0;
	take(&b, FLAGS);
	layers.offset = (uint8_t)take(&b, 6);
	take(&b, DECODE_TARGETS);
	for (unsigned next = 0; next != NO_MORE && !b.over;) {
		if (layers.len == DEPENDENCY_TEMPLATES_MAX)
			return ERR_BAD;
		layers.temporal[layers.len++] = temporal;
		next = take(&b, 2);
		if (next == NEXT_TEMPORAL)
			temporal++;
		if (next == NEXT_SPATIAL)
			temporal = 0;
	}
	if (b.over)
		return ERR_SHORT;
	*out = layers;
	return OK;
}

uint8_t dependency_temporal(const struct dependency_layers *layers, uint8_t template_id)
{
	unsigned index = (unsigned)(template_id - layers->offset) % DEPENDENCY_TEMPLATES_MAX;
	return index < layers->len ? layers->temporal[index] : 0;
}
