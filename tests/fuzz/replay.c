/*
 * replay - feeds a harness its seeds, cuts of them, and changed ones, always the same.
 *
 * Usage: fuzz_x DIR [CHANGES [STEP]]: every cut, and 20,000 changes, unless a slow harness says less.  A harness that finds something ends the program, which
 * its test then reports.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/random.h"
#include "fuzz.h"

enum {
	SEEDS_MAX = 256,
	INPUT_MAX = 8192,
	MUTATIONS = 20000,
};

struct seeds {
	size_t count;
	struct bytes seed[SEEDS_MAX];
};

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_seed(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

static struct bytes load(const char *directory, const char *name)
{
	char path[1024];
	uint8_t *at = malloc(INPUT_MAX);
	snprintf(path, sizeof path, "%s/%s", directory, name);
	FILE *f = fopen(path, "rb");
	size_t len = f && at ? fread(at, 1, INPUT_MAX, f) : 0;
	if (f)
		fclose(f);
	return bytes_of(at, len);
}

static void load_all(const char *directory, struct seeds *seeds)
{
	struct dirent **names = NULL;
	int n = scandir(directory, &names, is_seed, by_name);
	for (int i = 0; i < n; i++) {
		if (seeds->count < SEEDS_MAX)
			seeds->seed[seeds->count++] = load(directory, names[i]->d_name);
		free(names[i]);
	}
	free(names);
}

/* In memory of exactly that length, for the sanitizers. */
static void run(const uint8_t *at, size_t len)
{
	uint8_t *copy = malloc(len ? len : 1);
	if (!copy)
		return;
	if (len)
		memcpy(copy, at, len);
	LLVMFuzzerTestOneInput(copy, len);
	free(copy);
}

static size_t change(uint8_t *at, size_t len, const struct seeds *seeds, struct random *r)
{
	static const uint8_t edges[] = { 0, 1, 0x7f, 0x80, 0xff };
	struct bytes other = seeds->seed[random_below(r, seeds->count)];
	size_t place = (size_t)random_below(r, len ? len : 1);
	switch (random_below(r, 6)) {
	case 0:
		at[place] ^= (uint8_t)(1u << random_below(r, 8));
		break;
	case 1:
		at[place] = (uint8_t)random_u32(r);
		break;
	case 2:
		at[place] = edges[random_below(r, sizeof edges)];
		break;
	case 3:
		return place;
	case 4: /* a byte more */
		if (len == INPUT_MAX)
			break;
		memmove(at + place + 1, at + place, len - place);
		return len + 1;
	default: /* the end of another seed */
		if (place < other.len) {
			memcpy(at + place, other.at + place, other.len - place);
			return other.len;
		}
		break;
	}
	return len ? len : 1;
}

static void run_changed(const struct seeds *seeds, int changes)
{
	static uint8_t input[INPUT_MAX];
	struct random r = random_seeded(2198);
	for (int i = 0; i < changes; i++) {
		struct bytes seed = seeds->seed[random_below(&r, seeds->count)];
		size_t len = seed.len;
		if (len)
			memcpy(input, seed.at, len);
		for (uint64_t n = 1 + random_below(&r, 4); n > 0; n--)
			len = change(input, len, seeds, &r);
		run(input, len);
	}
}

int main(int argc, char **argv)
{
	static struct seeds seeds;
	int changes = argc > 2 ? (int)strtol(argv[2], NULL, 10) : MUTATIONS;
	size_t step = argc > 3 ? (size_t)strtoul(argv[3], NULL, 10) : 1;
	if (argc >= 2 && step > 0)
		load_all(argv[1], &seeds);
	printf("1..3\n%s 1 - there are seeds (%zu)\n", seeds.count ? "ok" : "not ok", seeds.count);
	if (seeds.count == 0)
		return 1;
	fflush(stdout);
	for (size_t i = 0; i < seeds.count; i++)
		for (size_t len = 0; len <= seeds.seed[i].len; len += step)
			run(seeds.seed[i].at, len);
	printf("ok 2 - every cut of every seed is survived\n");
	fflush(stdout);
	run_changed(&seeds, changes);
	printf("ok 3 - %d changed seeds are survived\n", changes);
	for (size_t i = 0; i < seeds.count; i++)
		free((void *)(uintptr_t)seeds.seed[i].at);
	return 0;
}
