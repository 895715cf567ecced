#include "store/standby.h"

#include "store/list_priv.h"
#include "store/query.h"
#include "store/row_priv.h"

#define SELECT                                                                                     \
	"SELECT s.id, s.waiting, s.booker, s.prisoner, s.prison, s.state, s.asked_at, "            \
	"s.answer_until, s.start_at, s.end_at, s.ended_at, COALESCE(s.freed, 0), "                 \
	"COALESCE(s.visit, 0), w.kind FROM standby s JOIN waiting w ON w.id = s.waiting "
static const char INSERT[] =
    "INSERT INTO standby (id, waiting, booker, prisoner, prison, start_at, end_at, asked_at, "
    "answer_until, state, ended_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 0)";
static const char FIND[] = SELECT "WHERE s.id = ?1";
static const char FIND_OPEN[] = SELECT "WHERE s.waiting = ?1 AND s.state IN ('ASKED', 'AGREED')";
static const char SET[] =
    "UPDATE standby SET state = ?1, ended_at = ?2 WHERE id = ?3 AND state = ?4";
static const char CALL[] = "UPDATE standby SET state = 'CALLED', ended_at = ?1, freed = ?2, "
			   "visit = ?3 WHERE id = ?4 AND state = 'AGREED'";
static const char ACKNOWLEDGE[] = "UPDATE standby SET acknowledged_at = ?1, acknowledged_by = ?2 "
				  "WHERE id = ?3 AND acknowledged_at IS NULL";
static const char ESCORT[] = "INSERT INTO escort (visit, acknowledged_at, acknowledged_by) "
			     "SELECT visit, acknowledged_at, acknowledged_by FROM standby "
			     "WHERE id = ?1 AND acknowledged_at IS NOT NULL";
static const char LIST_DUE[] = SELECT "WHERE s.state = 'ASKED' AND s.answer_until <= ?1 "
				      "ORDER BY s.answer_until, s.id LIMIT ?2";
static const char LIST_BEGUN[] = SELECT "WHERE s.state = 'AGREED' AND s.start_at <= ?1 "
					"ORDER BY s.start_at, s.id LIMIT ?2";
static const char LIST_LOST[] =
    SELECT "JOIN prisoner p ON p.id = s.prisoner WHERE s.state IN ('ASKED', 'AGREED') "
	   "AND (w.state <> 'WAITING' OR p.prison <> s.prison) ORDER BY s.id LIMIT ?1";
static const char LIST_GROUP[] =
    SELECT "WHERE s.prison = ?1 AND s.start_at = ?2 AND s.state IN ('ASKED', 'AGREED') "
	   "ORDER BY w.asked_at, w.id";
static const char LIST_FREED[] =
    "SELECT DISTINCT v.start_at, v.id FROM standby s JOIN waiting w ON w.id = s.waiting "
    "JOIN visit v ON v.prison = s.prison AND v.start_at = s.start_at "
    "WHERE s.state = 'AGREED' AND s.start_at <= ?2 AND s.end_at > ?1 "
    "AND v.state IN ('CANCELLED', 'NO_SHOW') AND v.start_at + v.minutes * 60 >= s.end_at "
    "AND (v.kind = 'SOCIAL') = (w.kind = 'SOCIAL') "
    "AND NOT EXISTS (SELECT 1 FROM standby o WHERE o.freed = v.id) "
    "AND NOT EXISTS (SELECT 1 FROM slot_use u WHERE u.resource_kind = 'TERMINAL' "
    "AND u.resource = v.terminal AND u.quantum < s.end_at / 300 AND u.quantum >= "
    "CASE WHEN s.start_at > ?1 THEN s.start_at / 300 ELSE ?1 / 300 END) "
    "ORDER BY v.start_at, v.id LIMIT ?3";
static const char GROUPS[] =
    "SELECT g.start_at, g.social, COUNT(*) FROM (SELECT start_at, CASE WHEN kind = 'SOCIAL' "
    "THEN 1 ELSE 0 END AS social FROM visit WHERE prison = ?1 AND start_at > ?2 "
    "AND start_at <= ?3 AND state = 'BOOKED') g GROUP BY g.start_at, g.social "
    "HAVING COUNT(*) >= ?4 ORDER BY g.start_at, g.social";
static const char PRISON[] =
    "SELECT p.prison FROM waiting w JOIN prisoner p ON p.id = w.prisoner "
    "WHERE w.state = 'WAITING' AND p.prison > ?1 ORDER BY p.prison LIMIT 1";

bool standby_row_is_for(const struct standby_row *row, const struct visit *visit)
{
	return prison_code_equal(row->prison, visit->prison) &&
	       row->standby.start.s == visit->start.s &&
	       row->standby.end.s <= visit_slot_end(visit).s &&
	       standby_is_for(visit->kind, row->waits);
}

enum err store_standby_insert(struct store *store, const struct standby_row *row)
{
	struct query q = query_of(store, INSERT);
	query_int(&q, row->id.n);
	query_int(&q, row->waiting);
	query_int(&q, row->booker.n);
	query_int(&q, row->prisoner.n);
	query_text(&q, row->prison.text);
	query_int(&q, row->standby.start.s);
	query_int(&q, row->standby.end.s);
	query_int(&q, row->standby.asked_at.s);
	query_int(&q, row->standby.answer_until.s);
	query_text(&q, standby_state_name(row->standby.state));
	return query_end(&q);
}

static struct standby_row standby_of_row(const struct query *q)
{
	struct standby_row s = { .id = { query_column(q, 0) },
				 .waiting = query_column(q, 1),
				 .booker = { query_column(q, 2) },
				 .prisoner = { query_column(q, 3) },
				 .prison = row_code(q, 4),
				 .standby = { .state = STANDBY_GONE,
					      .asked_at = query_column_wall(q, 6),
					      .answer_until = query_column_wall(q, 7),
					      .start = query_column_wall(q, 8),
					      .end = query_column_wall(q, 9) },
				 .ended_at = query_column_wall(q, 10),
				 .freed = { query_column(q, 11) },
				 .visit = { query_column(q, 12) } };
	(void)standby_state_of(query_column_peek(q, 5), &s.standby.state);
	(void)visit_kind_of(query_column_peek(q, 13), &s.waits);
	return s;
}

static enum err find(struct query *q, struct standby_row *out)
{
	if (query_row(q))
		*out = standby_of_row(q);
	return query_end_one(q);
}

enum err store_standby_find(struct store *store, struct standby_id id, struct standby_row *out)
{
	struct query q = query_of(store, FIND);
	query_int(&q, id.n);
	return find(&q, out);
}

enum err store_standby_find_open(struct store *store, int64_t waiting, struct standby_row *out)
{
	struct query q = query_of(store, FIND_OPEN);
	query_int(&q, waiting);
	return find(&q, out);
}

enum err store_standby_set(struct store *store, struct standby_id id, enum standby_state from,
			   enum standby_state to, struct wall now)
{
	struct query q = query_of(store, SET);
	query_text(&q, standby_state_name(to));
	query_int(&q, to == STANDBY_AGREED ? 0 : now.s);
	query_int(&q, id.n);
	query_text(&q, standby_state_name(from));
	return query_change(&q);
}

enum err store_standby_call(struct store *store, struct standby_id id, struct visit_id freed,
			    struct visit_id visit, struct wall now)
{
	struct query q = query_of(store, CALL);
	query_int(&q, now.s);
	query_int(&q, freed.n);
	query_int(&q, visit.n);
	query_int(&q, id.n);
	enum err err = query_change(&q);
	if (err != OK)
		return err;
	q = query_of(store, ESCORT);
	query_int(&q, id.n);
	return query_end(&q);
}

enum err store_standby_acknowledge(struct store *store, struct standby_id id,
				   struct account_id account, struct wall now)
{
	struct query q = query_of(store, ACKNOWLEDGE);
	query_int(&q, now.s);
	query_int(&q, account.n);
	query_int(&q, id.n);
	return query_end(&q);
}

static enum err rows(struct query *q, struct arena *arena, struct store_standbys *out)
{
	struct store_standbys found = { 0 };
	struct standby_row *next;
	while (query_row(q) && (next = list_next(arena, &found.list, &found.count, sizeof *next)))
		*next = standby_of_row(q);
	*out = found;
	return query_end(q);
}

static enum err until(struct store *store, struct arena *arena, const char *sql, struct wall now,
		      int limit, struct store_standbys *out)
{
	struct query q = query_of(store, sql);
	query_int(&q, now.s);
	query_int(&q, limit);
	return rows(&q, arena, out);
}

enum err store_standby_list_due(struct store *store, struct arena *arena, struct wall now,
				int limit, struct store_standbys *out)
{
	return until(store, arena, LIST_DUE, now, limit, out);
}

enum err store_standby_list_begun(struct store *store, struct arena *arena, struct wall now,
				  int limit, struct store_standbys *out)
{
	return until(store, arena, LIST_BEGUN, now, limit, out);
}

enum err store_standby_list_lost(struct store *store, struct arena *arena, int limit,
				 struct store_standbys *out)
{
	struct query q = query_of(store, LIST_LOST);
	query_int(&q, limit);
	return rows(&q, arena, out);
}

enum err store_standby_list_freed(struct store *store, struct arena *arena, struct wall now,
				  struct wall until, int limit, struct store_visit_ids *out)
{
	struct query q = query_of(store, LIST_FREED);
	struct store_visit_ids found = { 0 };
	struct visit_id *next;
	query_int(&q, now.s);
	query_int(&q, until.s);
	query_int(&q, limit);
	while (query_row(&q) && (next = list_next(arena, &found.list, &found.count, sizeof *next)))
		*next = (struct visit_id){ query_column(&q, 1) };
	*out = found;
	return query_end(&q);
}

enum err store_standby_list_group(struct store *store, struct arena *arena,
				  struct prison_code prison, struct wall start,
				  struct store_standbys *out)
{
	struct query q = query_of(store, LIST_GROUP);
	query_text(&q, prison.text);
	query_int(&q, start.s);
	return rows(&q, arena, out);
}

enum err store_standby_groups(struct store *store, struct arena *arena, struct prison_code prison,
			      struct wall from, struct wall to, int at_least,
			      struct store_standby_groups *out)
{
	struct query q = query_of(store, GROUPS);
	struct store_standby_groups found = { 0 };
	struct standby_group *next;
	query_text(&q, prison.text);
	query_int(&q, from.s);
	query_int(&q, to.s);
	query_int(&q, at_least);
	while (query_row(&q) && (next = list_next(arena, &found.list, &found.count, sizeof *next)))
		*next = (struct standby_group){ .start = query_column_wall(&q, 0),
						.social = query_column_bool(&q, 1),
						.count = query_column_int(&q, 2) };
	*out = found;
	return query_end(&q);
}

enum err store_standby_prison(struct store *store, struct prison_code after,
			      struct prison_code *out)
{
	struct query q = query_of(store, PRISON);
	query_text(&q, after.text);
	if (query_row(&q))
		*out = row_code(&q, 0);
	return query_end_one(&q);
}
