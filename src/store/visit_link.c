#include "store/visit_link.h"

#include "store/query.h"
#include "store/web_session.h"

#define COLUMNS "id, visit, person, made_by, made_at, used_at"
static const char INSERT[] =
    "INSERT INTO visit_link (" COLUMNS ", code_hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
static const char FIND[] = "SELECT " COLUMNS " FROM visit_link WHERE id = ?1";
static const char FIND_BY_CODE[] = "SELECT " COLUMNS " FROM visit_link WHERE code_hash = ?1";
static const char LIST[] = "SELECT " COLUMNS " FROM visit_link WHERE visit = ?1 ORDER BY id";
static const char USED[] = "UPDATE visit_link SET used_at = ?1 WHERE id = ?2";
static const char MOVE[] = "UPDATE visit_link SET visit = ?1 WHERE visit = ?2";
static const char DELETE[] = "DELETE FROM visit_link WHERE id = ?1";

static struct visit_link row_link(const struct query *q)
{
	return (struct visit_link){
		.id = { query_column(q, 0) },
		.visit = { query_column(q, 1) },
		.person = { query_column(q, 2) },
		.made_by = { query_column(q, 3) },
		.made_at = query_column_wall(q, 4),
		.used_at = query_column_wall(q, 5),
	};
}

static enum err one_link(struct query *q, struct visit_link *out)
{
	struct visit_link link = { 0 };
	if (query_row(q))
		link = row_link(q);
	enum err err = query_end_one(q);
	if (err == OK)
		*out = link;
	return err;
}

enum err store_visit_link_insert(struct store *store, const struct visit_link *link,
				 struct bytes code_hash)
{
	struct query q = query_of(store, INSERT);
	query_int(&q, link->id.n);
	query_int(&q, link->visit.n);
	query_int(&q, link->person.n);
	query_int(&q, link->made_by.n);
	query_int(&q, link->made_at.s);
	query_int(&q, link->used_at.s);
	query_bytes(&q, code_hash);
	return query_end(&q);
}

enum err store_visit_link_find(struct store *store, struct visit_link_id id, struct visit_link *out)
{
	struct query q = query_of(store, FIND);
	query_int(&q, id.n);
	return one_link(&q, out);
}

enum err store_visit_link_find_by_code(struct store *store, struct bytes code_hash,
				       struct visit_link *out)
{
	struct query q = query_of(store, FIND_BY_CODE);
	query_bytes(&q, code_hash);
	return one_link(&q, out);
}

enum err store_visit_link_list(struct store *store, struct visit_id visit, struct visit_links *out)
{
	struct visit_links links = { 0 };
	struct query q = query_of(store, LIST);
	query_int(&q, visit.n);
	while (links.count < PARTY_MAX && query_row(&q))
		links.list[links.count++] = row_link(&q);
	enum err err = query_end(&q);
	if (err == OK)
		*out = links;
	return err;
}

enum err store_visit_link_used(struct store *store, struct visit_link_id id, struct wall now)
{
	struct query q = query_of(store, USED);
	query_int(&q, now.s);
	query_int(&q, id.n);
	return query_change(&q);
}

enum err store_visit_link_move(struct store *store, struct visit_id from, struct visit_id to)
{
	struct query q = query_of(store, MOVE);
	query_int(&q, to.n);
	query_int(&q, from.n);
	return query_end(&q);
}

enum err store_visit_link_delete(struct store *store, struct visit_link_id id)
{
	enum err err = store_web_session_delete_guests(store, id);
	if (err != OK)
		return err;
	struct query q = query_of(store, DELETE);
	query_int(&q, id.n);
	return query_change(&q);
}
