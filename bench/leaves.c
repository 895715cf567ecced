/*
 * leaves.c - a database with an audit log of so many leaves, for bench/audit.
 *
 * usage: leaves FILE COUNT
 */
#include <sodium.h>
#include <stdio.h>

#include "base/random.h"
#include "base/str.h"
#include "store/audit.h"

enum {
	AT_ONCE = 10000,
};

static enum err append(struct store *store, struct random *random, int64_t i)
{
	struct audit_record record = {
		.at = { 1795000000 + i },
		.role = ROLE_FAMILY,
		.account = { random_id(random) },
		.prison = { "WWI" },
		.verb = (enum audit_verb)(i % AUDIT_VERB_COUNT),
		.object = AUDIT_ON_VISIT,
		.object_id = random_id(random),
		.amount = i % 60,
	};
	return store_audit_append(store, random, &record, i % 10 ? STR("") : STR("A reason"));
}

static enum err fill(struct store *store, int64_t count)
{
	struct random random = random_seeded(1);
	enum err err = OK;
	for (int64_t i = 0; i < count && err == OK; i++) {
		if (i % AT_ONCE == 0)
			err = store_enter(store);
		if (err == OK)
			err = append(store, &random, i);
		if (err == OK && (i % AT_ONCE == AT_ONCE - 1 || i == count - 1))
			err = store_leave(store, true);
	}
	return err;
}

int main(int argc, char **argv)
{
	char where[4096];
	struct store *store;
	uint64_t count;
	if (argc != 3 || !str_u64(str_from(argv[2]), 100000000, &count) || sodium_init() < 0)
		return 2;
	snprintf(where, sizeof where, "sqlite:%.4000s", argv[1]);
	enum err err = store_open(where, NULL, &store);
	if (err == OK)
		err = fill(store, (int64_t)count);
	if (err != OK)
		fprintf(stderr, "leaves: %s\n", err_name(err));
	store_close(store);
	return err == OK ? 0 : 1;
}
