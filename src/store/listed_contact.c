#include "store/listed_contact.h"

#include "store/list_priv.h"
#include "store/query.h"
#include "store/row_priv.h"

static const char INSERT[] =
    "INSERT INTO listed_contact (name, born, relationship, approved, changed_at, id, prisoner) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
static const char UPDATE[] = "UPDATE listed_contact SET name = ?1, born = ?2, relationship = ?3, "
			     "approved = ?4, changed_at = ?5 WHERE id = ?6";
static const char LIST[] = "SELECT id, prisoner, name, born, relationship, approved, changed_at "
			   "FROM listed_contact WHERE prisoner = ?1 AND born = ?2 ORDER BY id";

static struct query bound(struct store *store, const char *sql, const struct listed_contact *c)
{
	struct query q = query_of(store, sql);
	query_str(&q, c->name);
	query_int(&q, date_to_days(c->born));
	query_str(&q, c->relationship);
	query_int(&q, c->approved);
	query_int(&q, c->changed_at.s);
	query_int(&q, c->id.n);
	return q;
}

enum err store_listed_contact_insert(struct store *store, const struct listed_contact *c)
{
	struct query q = bound(store, INSERT, c);
	query_int(&q, c->prisoner.n);
	return query_end(&q);
}

enum err store_listed_contact_update(struct store *store, const struct listed_contact *c)
{
	struct query q = bound(store, UPDATE, c);
	return query_change(&q);
}

enum err store_listed_contact_list(struct store *store, struct arena *arena,
				   struct prisoner_id prisoner, struct date born,
				   struct store_listed_contacts *out)
{
	struct query q = query_of(store, LIST);
	query_int(&q, prisoner.n);
	query_int(&q, date_to_days(born));
	struct store_listed_contacts found = { 0 };
	struct listed_contact *next;
	while (query_row(&q) && (next = list_next(arena, &found.list, &found.count, sizeof *next)))
		*next = (struct listed_contact){
			.id = { query_column(&q, 0) },
			.prisoner = { query_column(&q, 1) },
			.name = query_column_str(&q, arena, 2),
			.born = row_date(&q, 3),
			.relationship = query_column_str(&q, arena, 4),
			.approved = query_column_bool(&q, 5),
			.changed_at = query_column_wall(&q, 6),
		};
	*out = found;
	return query_end(&q);
}
