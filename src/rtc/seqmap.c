#include "rtc/seqmap.h"

#include <string.h>

void seqmap_init(struct seqmap *map, uint64_t first_out)
{
	*map = (struct seqmap){ .next_out = first_out };
}

void seqmap_switch(struct seqmap *map, uint64_t first_in, unsigned leave_out)
{
	map->next_out += leave_out;
	map->next_in = first_in;
	map->intervals[0] = (struct seqmap_interval){
		.first = first_in,
		.minus = first_in - map->next_out,
	};
	map->len = 1;
}

bool seqmap_map(struct seqmap *map, uint64_t in, uint64_t *out)
{
	size_t i = map->len;
	while (i > 0 && map->intervals[i - 1].first > in)
		i--;
	if (i == 0)
		return false;
	*out = in - map->intervals[i - 1].minus;
	if (in >= map->next_in) {
		map->next_in = in + 1;
		map->next_out = *out + 1;
	}
	return true;
}

bool seqmap_drop(struct seqmap *map, uint64_t in)
{
	if (map->len == 0 || in != map->next_in)
		return false;
	if (map->len == SEQMAP_INTERVALS) {
		memmove(&map->intervals[0], &map->intervals[1],
			(SEQMAP_INTERVALS - 1) * sizeof map->intervals[0]);
		map->len--;
	}
	uint64_t minus = map->intervals[map->len - 1].minus + 1;
	struct seqmap_interval *last = &map->intervals[map->len - 1];
	map->next_in = in + 1;
	/* Two in a row, nothing between: one interval. */
	if (last->first == in) {
		*last = (struct seqmap_interval){ .first = in + 1, .minus = minus };
		return true;
	}
	map->intervals[map->len++] = (struct seqmap_interval){ .first = in + 1, .minus = minus };
	return true;
}
