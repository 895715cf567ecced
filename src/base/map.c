#include "base/map.h"

#include <stdlib.h>

#include "base/mem.h"

/* The finalizer of splitmix64 over key and secret. */
static size_t place(const struct map *m, uint64_t key)
{
	uint64_t z = key ^ m->secret;
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return (size_t)(z ^ (z >> 31)) & (m->size - 1);
}

void map_init(struct map *m, size_t max, uint64_t secret)
{
	*m = (struct map){ .size = 16, .max = max, .secret = secret };
	while (m->size < 2 * max)
		m->size *= 2;
	m->cells = mem_new(m->size, sizeof *m->cells);
}

void map_clear(struct map *m)
{
	free(m->cells);
	*m = (struct map){ 0 };
}

/* The cell of key, or the free cell where it would go. */
static size_t find(const struct map *m, uint64_t key)
{
	size_t i = place(m, key);
	while (m->cells[i].used && m->cells[i].key != key)
		i = (i + 1) & (m->size - 1);
	return i;
}

enum err map_set(struct map *m, uint64_t key, uint32_t value)
{
	size_t i = find(m, key);
	if (!m->cells[i].used) {
		if (m->count == m->max)
			return ERR_LIMIT;
		m->count++;
	}
	m->cells[i] = (struct map_cell){ .key = key, .value = value, .used = 1 };
	return OK;
}

bool map_get(const struct map *m, uint64_t key, uint32_t *value)
{
	size_t i = find(m, key);
	if (!m->cells[i].used)
		return false;
	*value = m->cells[i].value;
	return true;
}

/* Knuth's algorithm R: moves later cells of the run back, so no tombstones are needed. */
void map_remove(struct map *m, uint64_t key)
{
	size_t hole = find(m, key);
	if (!m->cells[hole].used)
		return;
	m->cells[hole].used = 0;
	m->count--;
	for (size_t i = (hole + 1) & (m->size - 1); m->cells[i].used; i = (i + 1) & (m->size - 1)) {
		size_t home = place(m, m->cells[i].key);
		bool reachable = hole < i ? (home > hole && home <= i) : (home > hole || home <= i);
		if (reachable)
			continue;
		m->cells[hole] = m->cells[i];
		m->cells[i].used = 0;
		hole = i;
	}
}
