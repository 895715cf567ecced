#include "store/audit_node.h"

#include "store/query.h"
#include "store/row_priv.h"

static const char KEEP[] = "INSERT INTO audit_node (level, place, hash) VALUES (?1, ?2, ?3) "
			   "ON CONFLICT (level, place) DO NOTHING";
static const char HASHES[] = "SELECT hash FROM audit_node WHERE level = ?1 AND place >= ?2 "
			     "ORDER BY place LIMIT ?3";
static const char NEXT[] = "SELECT COALESCE(MAX(place) + 1, 0) FROM audit_node WHERE level = ?1";

enum err store_audit_node_keep(struct store *store, unsigned level, uint64_t place,
			       const struct tlog_hash *hash)
{
	struct query q = query_of(store, KEEP);
	query_int(&q, level);
	query_int(&q, (int64_t)place);
	query_bytes(&q, bytes_of(hash->at, sizeof hash->at));
	return query_end(&q);
}

enum err store_audit_node_hashes(struct store *store, unsigned level, uint64_t from, int limit,
				 struct buf *out)
{
	struct query q = query_of(store, HASHES);
	query_int(&q, level);
	query_int(&q, (int64_t)from);
	query_int(&q, limit);
	while (query_row(&q)) {
		struct tlog_hash hash;
		row_blob(&q, 0, hash.at, sizeof hash.at);
		buf_put(out, hash.at, sizeof hash.at);
	}
	return query_end(&q);
}

enum err store_audit_node_next(struct store *store, unsigned level, uint64_t *place)
{
	struct query q = query_of(store, NEXT);
	query_int(&q, level);
	if (query_row(&q))
		*place = (uint64_t)query_column(&q, 0);
	return query_end(&q);
}
