/*
 * regime.h - what a prisoner has to do that goes before a visit.
 */
#ifndef PVL_STORE_REGIME_H
#define PVL_STORE_REGIME_H

#include "base/arena.h"
#include "domain/prisoner.h"
#include "store/store.h"

enum {
	REGIME_CODE_MAX = 8
};

struct regime_event {
	struct regime_event_id id;
	struct prisoner_id prisoner;
	char code[REGIME_CODE_MAX + 1]; /* "MEDE" */
	struct str name;                /* of the code; filled when read */
	bool hides;                     /* goes before a visit; filled when read */
	struct wall from;
	struct wall to;
};

struct store_regime_events {
	size_t count;
	struct regime_event *list;
};

struct regime_code {
	char code[REGIME_CODE_MAX + 1];
	struct str name;
	bool hides;
};

struct store_regime_codes {
	size_t count;
	struct regime_code *list;
};

/* ERR_CONFLICT: no such code. */
MUST_USE enum err store_regime_event_insert(struct store *, const struct regime_event *,
					    struct account_id author, struct wall now);
/* Those that stand and overlap [from, to), by beginning. */
MUST_USE enum err store_regime_event_list(struct store *, struct arena *, struct prisoner_id,
					  struct wall from, struct wall to,
					  struct store_regime_events *out);
MUST_USE enum err store_regime_event_remove(struct store *, struct prisoner_id,
					    struct regime_event_id, struct wall now);
MUST_USE enum err store_regime_code_list(struct store *, struct arena *,
					 struct store_regime_codes *out);
/* Whether a wing is no wing: reception, court … */
MUST_USE enum err store_location_is_transitional(struct store *, struct str wing, bool *out);

#endif
