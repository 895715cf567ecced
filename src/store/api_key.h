/*
 * api_key.h - the keys of machines that use the JSON API, in the database.
 */
#ifndef PVL_STORE_API_KEY_H
#define PVL_STORE_API_KEY_H

#include "base/arena.h"
#include "base/bytes.h"
#include "domain/account.h"
#include "store/store.h"

ID_TYPE(api_key_id);

struct api_key {
	struct api_key_id id;
	struct account_id account; /* the machine's own */
	struct str name;
	struct staff_role role;
	struct wall made_at;
	struct wall expires;    /* 0: never */
	struct wall revoked_at; /* 0: good */
	struct str revoked_reason;
};

struct store_api_keys {
	size_t count;
	struct api_key *list;
};

MUST_USE enum err store_api_key_insert(struct store *, const struct api_key *, struct bytes digest);
/* One that is good at that time. */
MUST_USE enum err store_api_key_find_good(struct store *, struct arena *, struct bytes digest,
					  struct wall now, struct api_key *out);
/* ERR_NOT_FOUND: there is none, or it was revoked before. */
MUST_USE enum err store_api_key_revoke(struct store *, struct api_key_id, struct wall now,
				       struct str reason);
/* Newest first. */
MUST_USE enum err store_api_key_list(struct store *, struct arena *, struct store_api_keys *out);

#endif
