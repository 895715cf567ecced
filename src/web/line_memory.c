#include "web/line_memory.h"

#include <sodium.h>
#include <stdlib.h>

#include "base/mem.h"

enum {
	ROWS = 2048,
	WAYS = 4,
	DAY_S = 86400,
	/* Three times up for each time down: it settles where a quarter of the seconds is below. */
	UP_PER_MILLE = 10,
	DOWN_PER_MILLE = 30,
};

struct line {
	uint64_t key; /* 0: free */
	uint32_t bps;
	struct wall noted;
};

struct line_memory {
	uint8_t secret[crypto_shorthash_KEYBYTES];
	struct line rows[ROWS][WAYS];
};

struct line_memory *line_memory_new(struct random *random)
{
	struct line_memory *memory = mem_new(1, sizeof(*memory));
	random_fill(random, memory->secret, sizeof(memory->secret));
	return memory;
}

void line_memory_free(struct line_memory *memory)
{
	free(memory);
}

static uint64_t key_of(const struct line_memory *memory, struct str name)
{
	uint64_t key;
	crypto_shorthash((uint8_t *)&key, (const uint8_t *)name.at, name.len, memory->secret);
	return key | 1;
}

void line_memory_note(struct line_memory *memory, struct str name, uint32_t bps, struct wall now)
{
	uint64_t key = key_of(memory, name);
	struct line *row = memory->rows[key / 2 % ROWS];
	struct line *oldest = &row[0];
	for (size_t i = 0; i < WAYS && oldest->key != key; i++)
		if (row[i].key == key || row[i].noted.s < oldest->noted.s)
			oldest = &row[i];
	*oldest = (struct line){ .key = key, .bps = bps, .noted = now };
}

uint32_t line_memory_bps(const struct line_memory *memory, struct str name, struct wall now)
{
	uint64_t key = key_of(memory, name);
	const struct line *row = memory->rows[key / 2 % ROWS];
	for (size_t i = 0; i < WAYS; i++)
		if (row[i].key == key)
			return now.s - row[i].noted.s < LINE_MEMORY_DAYS * DAY_S ? row[i].bps : 0;
	return 0;
}

void line_usual_second(struct line_usual *usual, uint32_t bps)
{
	int64_t up = (int64_t)usual->bps * (1000 + UP_PER_MILLE) / 1000;
	int64_t down = (int64_t)usual->bps * (1000 - DOWN_PER_MILLE) / 1000;
	if (bps == 0)
		return;
	if (usual->seconds++ == 0 || (bps >= usual->bps && bps < up))
		usual->bps = bps;
	else
		usual->bps = (uint32_t)(bps < usual->bps ? down : up);
}
