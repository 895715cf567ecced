/*
 * kept_priv.h - what store.c, query.c and policy.c tell kept.c, and ask of it.
 */
#ifndef PVL_STORE_KEPT_PRIV_H
#define PVL_STORE_KEPT_PRIV_H

#include "base/str.h"
#include "domain/source.h"
#include "store/store.h"

struct kept;

struct kept *kept_new(void);
void kept_free(struct kept *kept); /* NULL is fine */

/* The table that an INSERT, UPDATE or DELETE writes; empty: it is not understood. */
struct str kept_table_of(const char *sql);
/* Whether the statement writes what is kept; one that is not understood does. */
bool kept_is_written_by(const char *sql);
/* Such a statement runs. */
void kept_written(struct store *store);
/* A savepoint was undone. */
void kept_undone(struct store *store);
/* The transaction is over. */
void kept_end(struct store *store);

/* The last number of a table that counts up.  Known while nobody else writes, and nothing of it was undone. */
enum kept_number {
	KEPT_LEAF,
	KEPT_MESSAGE,
	KEPT_NUMBERS,
};
bool kept_number(const struct store *store, enum kept_number which, int64_t *out);
void kept_number_is(struct store *store, enum kept_number which, int64_t number);

/* How current alerts and restrictions are, as store_source_list() has it; NULL: not known. */
const struct source_state *kept_sources(const struct store *store);
void kept_sources_are(struct store *store, const struct source_state list[SOURCE_COUNT]);

/* Whether it is known that no rule was added or undone since kept_rules_asked(). */
bool kept_rules_stand(const struct store *store);
void kept_rules_asked(struct store *store);

#endif
