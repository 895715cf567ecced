/*
 * terminal.h - terminals, their keys, codes and challenges in the database.
 */
#ifndef PVL_STORE_TERMINAL_H
#define PVL_STORE_TERMINAL_H

#include "base/arena.h"
#include "base/bytes.h"
#include "domain/prison.h"
#include "store/store.h"

enum {
	STORE_TERMINAL_KEY_LEN = 65,
	STORE_CHALLENGES_MAX = 64, /* alive for one terminal */
};

struct store_terminals {
	size_t count;
	struct terminal *list;
};

MUST_USE enum err store_terminal_insert(struct store *, const struct terminal *);
MUST_USE enum err store_terminal_find(struct store *, struct arena *, struct terminal_id,
				      struct terminal *out);
/* Of a prison, by name. */
MUST_USE enum err store_terminal_list(struct store *, struct arena *, struct prison_code,
				      struct store_terminals *out);
/* A terminal that was retired is in use again with it. */
MUST_USE enum err store_terminal_set_code(struct store *, struct terminal_id, struct bytes hash,
					  struct wall expires);
/* Takes its key, code and challenges away; ERR_NOT_FOUND: not in use. */
MUST_USE enum err store_terminal_retire(struct store *, struct terminal_id, struct str reason);
/* The terminal whose code that is and has not expired. */
MUST_USE enum err store_terminal_find_by_code(struct store *, struct bytes hash, struct wall now,
					      struct terminal_id *out);
/* Takes the code away. */
MUST_USE enum err store_terminal_set_key(struct store *, struct terminal_id, struct bytes key,
					 struct wall now);
MUST_USE enum err store_terminal_seen(struct store *, struct terminal_id, struct wall now);
/* ERR_NOT_FOUND too when it is not enrolled or not active. */
MUST_USE enum err store_terminal_key(struct store *, struct terminal_id,
				     uint8_t out[STORE_TERMINAL_KEY_LEN]);

/* ERR_LIMIT: STORE_CHALLENGES_MAX are alive. */
MUST_USE enum err store_challenge_insert(struct store *, struct terminal_id, struct bytes challenge,
					 struct wall now, struct wall expires);
/* Once: ERR_NOT_FOUND when it is used, expired or another terminal's. */
MUST_USE enum err store_challenge_take(struct store *, struct terminal_id, struct bytes challenge,
				       struct wall now);

#endif
