#include "store/api_key.h"

#include "store/list_priv.h"
#include "store/query.h"
#include "store/row_priv.h"

#define COLUMNS "id, account, name, role, prison, made_at, expires, revoked_at, revoked_reason"
static const char INSERT[] = "INSERT INTO api_key (" COLUMNS ", digest) VALUES (?1, ?2, ?3, ?4, "
			     "?5, ?6, ?7, 0, '', ?8)";
static const char FIND_GOOD[] =
    "SELECT " COLUMNS " FROM api_key WHERE digest = ?1 AND revoked_at = 0 "
    "AND (expires = 0 OR expires > ?2)";
static const char REVOKE[] = "UPDATE api_key SET revoked_at = ?1, revoked_reason = ?2 "
			     "WHERE id = ?3 AND revoked_at = 0";
static const char LIST[] = "SELECT " COLUMNS " FROM api_key ORDER BY made_at DESC, id";

static struct api_key row_key(const struct query *q, struct arena *arena)
{
	struct api_key key = {
		.id = { query_column(q, 0) },
		.account = { query_column(q, 1) },
		.name = query_column_str(q, arena, 2),
		.role = { .prison = row_code(q, 4) },
		.made_at = query_column_wall(q, 5),
		.expires = query_column_wall(q, 6),
		.revoked_at = query_column_wall(q, 7),
		.revoked_reason = query_column_str(q, arena, 8),
	};
	(void)role_of(query_column_peek(q, 3), &key.role.role);
	return key;
}

enum err store_api_key_insert(struct store *store, const struct api_key *key, struct bytes digest)
{
	struct query q = query_of(store, INSERT);
	query_int(&q, key->id.n);
	query_int(&q, key->account.n);
	query_str(&q, key->name);
	query_text(&q, role_name(key->role.role));
	query_text(&q, key->role.prison.text);
	query_int(&q, key->made_at.s);
	query_int(&q, key->expires.s);
	query_bytes(&q, digest);
	return query_end(&q);
}

enum err store_api_key_find_good(struct store *store, struct arena *arena, struct bytes digest,
				 struct wall now, struct api_key *out)
{
	struct query q = query_of(store, FIND_GOOD);
	query_bytes(&q, digest);
	query_int(&q, now.s);
	if (query_row(&q))
		*out = row_key(&q, arena);
	return query_end_one(&q);
}

enum err store_api_key_revoke(struct store *store, struct api_key_id id, struct wall now,
			      struct str reason)
{
	struct query q = query_of(store, REVOKE);
	query_int(&q, now.s);
	query_str(&q, reason);
	query_int(&q, id.n);
	return query_change(&q);
}

enum err store_api_key_list(struct store *store, struct arena *arena, struct store_api_keys *out)
{
	struct query q = query_of(store, LIST);
	struct store_api_keys keys = { 0 };
	struct api_key *next;
	while (query_row(&q) && (next = list_next(arena, &keys.list, &keys.count, sizeof *next)))
		*next = row_key(&q, arena);
	*out = keys;
	return query_end(&q);
}
