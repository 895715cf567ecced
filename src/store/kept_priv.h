/*
 * kept_priv.h - what store.c, query.c and policy.c tell kept.c, and ask of it.
 */
#ifndef PVL_STORE_KEPT_PRIV_H
#define PVL_STORE_KEPT_PRIV_H

#include "base/str.h"
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

/* Whether it is known that no rule was added or undone since kept_rules_asked(). */
bool kept_rules_stand(const struct store *store);
void kept_rules_asked(struct store *store);

#endif
