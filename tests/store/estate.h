/*
 * estate.h - a database with the sample estate in it, for tests of use-cases.
 *
 * STORE in the environment says which kind: "sqlite:" in memory unless set (fresh.h).
 */
#ifndef PVL_TESTS_ESTATE_H
#define PVL_TESTS_ESTATE_H

#include "tests/store/fresh.h"
#include "tests/unit/check.h"

#include "base/random.h"
#include "service/approval.h"
#include "service/audit.h"
#include "service/live.h"
#include "service/people.h"
#include "service/prison.h"
#include "service/sample.h"
#include "store/account.h"

struct estate {
	struct fresh fresh; /* empty: SQLite in memory */
	struct random random;
	struct service service;
	struct arena arena;
	struct sample sample;
};

static const struct actor SYSTEM_ACTOR = { .role = ROLE_SYSTEM };

/* Monday 23 November 2026, 10:07 in London. */
#define ESTATE_NOW ((struct wall){ 1795428420 })

static inline void estate_fill(struct estate *e, const char *where, struct wall now, uint64_t seed)
{
	e->random = random_seeded(seed);
	arena_init(&e->arena);
	e->service = (struct service){ .now = now, .random = &e->random };
	CHECK(store_open(where, NULL, &e->service.store) == OK);
	CHECK(store_enter(e->service.store) == OK);
	CHECK(sample_fill(&e->service, &e->arena, STR("$argon2id$none"), &e->sample) == OK);
	CHECK(store_leave(e->service.store, true) == OK);
}

/* One that other processes can open too, by e->fresh.where. */
static inline void estate_open_shared(struct estate *e, struct wall now, uint64_t seed)
{
	*e = (struct estate){ 0 };
	fresh_make(&e->fresh);
	estate_fill(e, e->fresh.where, now, seed);
}

static inline void estate_open_at(struct estate *e, struct wall now, uint64_t seed)
{
	*e = (struct estate){ 0 };
	if (on_postgres())
		estate_open_shared(e, now, seed);
	else
		estate_fill(e, "sqlite:", now, seed);
}

static inline void estate_open(struct estate *e)
{
	estate_open_at(e, ESTATE_NOW, 1);
}

static inline void estate_close(struct estate *e)
{
	store_close(e->service.store);
	if (e->fresh.where[0])
		fresh_remove(&e->fresh);
	arena_clear(&e->arena);
}

static inline struct actor estate_family(struct estate *e, const char *email)
{
	struct actor actor = { .role = ROLE_FAMILY };
	struct str hash;
	CHECK(store_account_find_hash(e->service.store, &e->arena, str_from(email), &actor.account,
				      &hash) == OK);
	return actor;
}

static inline struct actor estate_staff(struct estate *e, enum role role, const char *prison)
{
	struct actor actor = estate_family(e, "clerk@wandsworth.example");
	actor.role = role;
	if (prison)
		CHECK(prison_code_of(str_from(prison), &actor.prison));
	return actor;
}

static inline struct actor estate_terminal(struct estate *e)
{
	struct actor actor = { .role = ROLE_TERMINAL, .terminal = e->sample.terminal };
	CHECK(prison_code_of(STR("WWI"), &actor.prison));
	return actor;
}

static inline int64_t estate_leaves(struct estate *e)
{
	struct audit_verdict verdict;
	CHECK(audit_verify(&e->service, &(struct audit_trust){ 0 }, &verdict) == OK);
	return verdict.leaves;
}

#endif
