#include "store/visit_home.h"

#include "store/query.h"

static const char BEGIN[] = "INSERT INTO service_alive (name, run, beat, taken) "
			    "VALUES (?1, ?2, 1, 0) ON CONFLICT (name) DO UPDATE "
			    "SET run = excluded.run, beat = service_alive.beat + 1";
static const char CLEAR[] = "DELETE FROM visit_home WHERE visit IN "
			    "(SELECT v.id FROM visit v WHERE v.ended_at <> 0)";
static const char BEAT[] = "UPDATE service_alive SET beat = beat + 1 WHERE name = ?1 AND run = ?2";
static const char LIST[] =
    "SELECT name, run, beat, taken FROM service_alive ORDER BY name LIMIT ?1";
static const char FORGET_HOMES[] = "DELETE FROM visit_home WHERE service = ?1";
static const char FORGET[] = "DELETE FROM service_alive WHERE name = ?1";
static const char FIND[] = "SELECT service FROM visit_home WHERE visit = ?1";
static const char FIND_BY_REFERENCE[] = "SELECT h.service FROM visit v "
					"JOIN visit_home h ON h.visit = v.id "
					"WHERE v.reference = ?1";
static const char TAKE[] = "INSERT INTO visit_home (visit, service) VALUES (?1, ?2) "
			   "ON CONFLICT (visit) DO UPDATE SET service = excluded.service";
static const char TAKEN[] = "UPDATE service_alive SET taken = taken + 1 WHERE name = ?1";
static const char LEAVE[] = "DELETE FROM visit_home WHERE visit = ?1 AND service = ?2";

static struct service_name row_name(const struct query *q, int at)
{
	struct service_name name = { 0 };
	(void)!service_name_of(query_column_peek(q, at), &name);
	return name;
}

/* ---- who is alive ---- */

static enum err with_name(struct store *store, const char *sql, const struct service_name *name)
{
	struct query q = query_of(store, sql);
	query_text(&q, name->text);
	return query_end(&q);
}

enum err store_alive_begin(struct store *store, const struct service_name *name, int64_t run)
{
	struct query q = query_of(store, BEGIN);
	query_text(&q, name->text);
	query_int(&q, run);
	enum err err = query_end(&q);
	if (err != OK)
		return err;
	q = query_of(store, CLEAR);
	return query_end(&q);
}

enum err store_alive_beat(struct store *store, const struct service_name *name, int64_t run)
{
	struct query q = query_of(store, BEAT);
	query_text(&q, name->text);
	query_int(&q, run);
	return query_change(&q);
}

enum err store_alive_list(struct store *store, struct store_alive *list, size_t room, size_t *len)
{
	size_t found = 0;
	struct query q = query_of(store, LIST);
	query_int(&q, (int64_t)room);
	while (query_row(&q) && found < room)
		list[found++] = (struct store_alive){ .name = row_name(&q, 0),
						      .run = query_column(&q, 1),
						      .beat = query_column(&q, 2),
						      .taken = query_column(&q, 3) };
	enum err err = query_end(&q);
	if (err == OK)
		*len = found;
	return err;
}

enum err store_alive_forget(struct store *store, const struct service_name *name)
{
	enum err err = with_name(store, FORGET_HOMES, name);
	return err == OK ? with_name(store, FORGET, name) : err;
}

/* ---- homes ---- */

static enum err one_name(struct query *q, struct service_name *out)
{
	struct service_name name = { 0 };
	if (query_row(q))
		name = row_name(q, 0);
	enum err err = query_end_one(q);
	if (err == OK)
		*out = name;
	return err;
}

enum err store_home_find(struct store *store, struct visit_id visit, struct service_name *out)
{
	struct query q = query_of(store, FIND);
	query_int(&q, visit.n);
	return one_name(&q, out);
}

enum err store_home_find_by_reference(struct store *store, struct reference reference,
				      struct service_name *out)
{
	struct query q = query_of(store, FIND_BY_REFERENCE);
	query_text(&q, reference.text);
	return one_name(&q, out);
}

enum err store_home_take(struct store *store, struct visit_id visit,
			 const struct service_name *name, const struct service_name *from)
{
	struct query q = query_of(store, TAKE);
	query_int(&q, visit.n);
	query_text(&q, name->text);
	enum err err = query_end(&q);
	return err == OK && from != NULL ? with_name(store, TAKEN, from) : err;
}

enum err store_home_leave(struct store *store, struct visit_id visit,
			  const struct service_name *name)
{
	struct query q = query_of(store, LEAVE);
	query_int(&q, visit.n);
	query_text(&q, name->text);
	return query_end(&q);
}
