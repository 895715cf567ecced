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

static const struct seqmap_interval *interval_of(const struct seqmap *map, uint64_t in)
{
	size_t i = map->len;
	while (i > 0 && map->intervals[i - 1].first > in)
		i--;
	return i > 0 ? &map->intervals[i - 1] : NULL;
}

uint16_t seqmap_pictures(const struct seqmap *map, uint64_t in)
{
	const struct seqmap_interval *interval = interval_of(map, in);
	return interval ? interval->pictures : 0;
}

bool seqmap_map(struct seqmap *map, uint64_t in, uint64_t *out)
{
	const struct seqmap_interval *interval = interval_of(map, in);
	if (!interval)
		return false;
	*out = in - interval->minus;
	if (in >= map->next_in) {
		map->next_in = in + 1;
		map->next_out = *out + 1;
	}
	return true;
}

bool seqmap_drop(struct seqmap *map, uint64_t in, bool ends_picture)
{
	if (map->len == 0 || in != map->next_in)
		return false;
	if (map->len == SEQMAP_INTERVALS) {
		memmove(&map->intervals[0], &map->intervals[1],
			(SEQMAP_INTERVALS - 1) * sizeof map->intervals[0]);
		map->len--;
	}
	struct seqmap_interval *last = &map->intervals[map->len - 1];
	struct seqmap_interval next = {
		.first = in + 1,
		.minus = last->minus + 1,
		.pictures = (uint16_t)(last->pictures + ends_picture),
	};
	map->next_in = in + 1;
	/* Two in a row, nothing between: one interval. */
	if (last->first == in)
		*last = next;
	else
		map->intervals[map->len++] = next;
	return true;
}
