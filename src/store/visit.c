#include "store/visit.h"

#include "store/list_priv.h"
#include "store/query.h"
#include "store/row_priv.h"

static const char INSERT[] =
    "INSERT INTO visit (id, reference, kind, state, prison, prisoner, terminal, booker, start_at, "
    "minutes, policy_version, booked_at, lobby_at, visitor_seen, prisoner_seen, live_from, "
    "ended_at, used_s, counted_minutes, end_kind, end_reason, closed, session, watched, revision, "
    "free_minutes) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 0, 0, 0, 0, 0, 0, 0, 'NONE', '', "
    "?13, ?14, ?15, ?16, ?17)";
static const char VISITOR_INSERT[] =
    "INSERT INTO visit_visitor (visit, kind, person, lead, admitted_at, refused_reason, adult) "
    "VALUES (?1, ?2, ?3, ?4, 0, '', ?5)";
#define SELECT                                                                                     \
	"SELECT v.id, v.reference, v.kind, v.state, v.prison, p.name, v.prisoner, z.number, "      \
	"z.name, v.terminal, t.name, r.name, v.booker, v.start_at, v.minutes, v.policy_version, "  \
	"v.booked_at, v.lobby_at, v.visitor_seen, v.prisoner_seen, v.live_from, v.ended_at, "      \
	"v.used_s, v.counted_minutes, v.end_kind, v.end_reason, v.closed, "                        \
	"COALESCE(v.session, 0), v.watched, v.lost_prison_line, v.lost_terminal, "                 \
	"v.lost_visitor_line, v.lost_service, v.lost_staff, v.lost_nobody, v.revision, "           \
	"v.free_minutes FROM visit v "                                                             \
	"JOIN prison p ON p.code = v.prison JOIN prisoner z ON z.id = v.prisoner "                 \
	"JOIN terminal t ON t.id = v.terminal JOIN room r ON r.id = t.room "
static const char FIND[] = SELECT "WHERE v.reference = ?1";
static const char FIND_BY_ID[] = SELECT "WHERE v.id = ?1";
static const char LIST_OF[] = SELECT "WHERE v.booker = ?1 ORDER BY v.start_at DESC, v.id LIMIT ?2";
static const char LIST_FOR[] =
    SELECT "WHERE v.prisoner = ?1 ORDER BY v.start_at DESC, v.id LIMIT ?2";
static const char LIST_DAY[] =
    SELECT "WHERE v.prison = ?1 AND v.start_at >= ?2 AND v.start_at < ?3 "
	   "ORDER BY v.start_at, t.name, v.id";
static const char LIST_RUNNING[] =
    SELECT "WHERE v.state IN ('LOBBY', 'LIVE') AND (?1 = '' OR v.prison = ?1) "
	   "ORDER BY v.start_at, v.id";
static const char LIST_AT[] =
    SELECT "WHERE v.terminal = ?1 AND v.start_at >= ?2 AND v.start_at < ?3 "
	   "AND v.state IN ('BOOKED', 'LOBBY', 'LIVE') ORDER BY v.start_at, v.id";
static const char LIST_BEGUN[] =
    SELECT "WHERE v.state IN ('BOOKED', 'LOBBY', 'LIVE') AND v.start_at < ?1 "
	   "ORDER BY v.start_at, v.id LIMIT ?2";
#define SELECT_VISITORS                                                                            \
	"SELECT w.person, p.name, p.born, w.lead, w.admitted_at, w.admitted_by, "                  \
	"w.refused_reason, w.adult, COALESCE(w.sits_with, 0), w.came_at, COALESCE(c.part, ''), "   \
	"(SELECT COUNT(*) FROM adjustment a WHERE a.contact = c.id AND a.state = 'AGREED' "        \
	"AND a.kind = 'SIGN'), w.visit "                                                           \
	"FROM visit_visitor w JOIN person p ON p.id = w.person JOIN visit v ON v.id = w.visit "    \
	"LEFT JOIN contact c ON c.prisoner = v.prisoner AND c.person = w.person "
static const char VISITORS[] =
    SELECT_VISITORS "WHERE w.visit = ?1 ORDER BY w.lead DESC, p.born, p.id";
static const char VISITORS_TOGETHER[] =
    SELECT_VISITORS "WHERE w.visit IN (" ROW_TOGETHER ") ORDER BY w.lead DESC, p.born, p.id";
static const char LIST_REQUESTED[] =
    SELECT "JOIN visit_request q ON q.visit = v.id WHERE q.outcome = 'OPEN' "
	   "AND (?1 = '' OR v.prison = ?1) ORDER BY q.deadline, q.visit LIMIT ?2";
static const char VISITORS_REQUESTED[] =
    SELECT_VISITORS "JOIN visit_request q ON q.visit = v.id WHERE q.outcome = 'OPEN' "
		    "AND (?1 = '' OR v.prison = ?1) ORDER BY q.deadline, q.visit, w.lead DESC, "
		    "p.born, p.id";
static const char UPDATE[] =
    "UPDATE visit SET state = ?1, lobby_at = ?2, visitor_seen = ?3, prisoner_seen = ?4, "
    "live_from = ?5, ended_at = ?6, used_s = ?7, counted_minutes = ?8, end_kind = ?9, "
    "end_reason = ?10, lost_prison_line = ?11, lost_terminal = ?12, lost_visitor_line = ?13, "
    "lost_service = ?14, lost_staff = ?15, lost_nobody = ?16 WHERE id = ?17";
static const char VISITOR_UPDATE[] =
    "UPDATE visit_visitor SET admitted_at = ?1, admitted_by = ?2, refused_reason = ?3, "
    "sits_with = ?4, came_at = ?5 WHERE visit = ?6 AND person = ?7";

static const char LIST_OF_PRISONER[] =
    SELECT "WHERE v.prisoner = ?1 AND ((v.start_at >= ?2 AND v.state IN ('REQUESTED', 'BOOKED')) "
	   "OR v.state IN ('LOBBY', 'LIVE')) ORDER BY v.start_at, v.id LIMIT ?3";
static const char LIST_WITH[] =
    SELECT "WHERE ((v.start_at >= ?1 AND v.state IN ('REQUESTED', 'BOOKED')) OR v.state IN "
	   "('LOBBY', 'LIVE')) AND (?2 = 0 OR v.prisoner = ?2) AND EXISTS (SELECT 1 FROM "
	   "visit_visitor w JOIN person q ON q.id = "
	   "w.person WHERE w.visit = v.id AND q.born = ?3) ORDER BY v.start_at, v.id LIMIT ?4";
static const char LIST_LEGAL_WITH[] =
    SELECT "WHERE v.kind = 'LEGAL' AND v.state IN ('REQUESTED', 'BOOKED', 'LOBBY', 'LIVE') "
	   "AND v.id IN (SELECT w.visit FROM visit_visitor w WHERE w.person = ?1) "
	   "ORDER BY v.start_at, v.id LIMIT ?2";
static const char STARTS[] =
    "SELECT start_at FROM visit WHERE prisoner = ?1 AND kind = 'SOCIAL' AND start_at >= ?2 "
    "AND start_at < ?3 AND id <> ?4 AND state <> 'CANCELLED' ORDER BY start_at";
static const char WATCH[] = "UPDATE visit SET closed = ?1, watched = ?2 WHERE id = ?3";
static const char MOVED[] = "UPDATE visit SET moved_from = ?1 WHERE id = ?2";
static const char RENAME[] = "UPDATE visit SET reference = ?1 WHERE id = ?2";
static const char LIST_FUTURE[] =
    SELECT "WHERE (?1 = '' OR v.prison = ?1) AND v.start_at >= ?2 AND v.start_at < ?3 "
	   "AND v.state IN ('REQUESTED', 'BOOKED') ORDER BY v.start_at, v.id LIMIT ?4";

static enum err visitor_insert(struct store *store, const struct visit *visit,
			       const struct visit_visitor *visitor)
{
	struct query q = query_of(store, VISITOR_INSERT);
	query_int(&q, visit->id.n);
	query_text(&q, visit_kind_name(visit->kind));
	query_int(&q, visitor->person.n);
	query_int(&q, visitor->lead);
	query_int(&q, visitor->adult);
	return query_later(&q);
}

static enum err row_insert(struct store *store, const struct visit *visit)
{
	struct query q = query_of(store, INSERT);
	query_int(&q, visit->id.n);
	query_text(&q, visit->reference.text);
	query_text(&q, visit_kind_name(visit->kind));
	query_text(&q, visit_state_name(visit->state));
	query_text(&q, visit->prison.text);
	query_int(&q, visit->prisoner.n);
	query_int(&q, visit->terminal.n);
	query_int(&q, visit->booker.n);
	query_int(&q, visit->start.s);
	query_int(&q, visit->minutes);
	query_int(&q, visit->policy_version);
	query_int(&q, visit->booked_at.s);
	query_int(&q, visit->closed);
	query_int_or_null(&q, visit->session.n);
	query_int(&q, visit->watched);
	query_int(&q, visit->revision);
	query_int(&q, visit->free_minutes);
	return query_later(&q);
}

enum err store_visit_insert(struct store *store, const struct visit *visit)
{
	enum err err = row_insert(store, visit);
	for (size_t i = 0; i < visit->visitor_count && err == OK; i++)
		err = visitor_insert(store, visit, &visit->visitors[i]);
	return err;
}

static void row_visit(const struct query *q, struct arena *arena, struct visit *out)
{
	*out = (struct visit){
		.id = { query_column(q, 0) },
		.reference = row_reference(q, 1),
		.prison = row_code(q, 4),
		.prison_name = query_column_str(q, arena, 5),
		.prisoner = { query_column(q, 6) },
		.prisoner_number = row_number(q, 7),
		.prisoner_name = query_column_str(q, arena, 8),
		.terminal = { query_column(q, 9) },
		.terminal_name = query_column_str(q, arena, 10),
		.room_name = query_column_str(q, arena, 11),
		.booker = { query_column(q, 12) },
		.start = query_column_wall(q, 13),
		.minutes = query_column_int(q, 14),
		.policy_version = query_column(q, 15),
		.booked_at = query_column_wall(q, 16),
		.lobby_at = query_column_wall(q, 17),
		.visitor_seen = query_column_bool(q, 18),
		.prisoner_seen = query_column_bool(q, 19),
		.live_from = query_column_wall(q, 20),
		.ended_at = query_column_wall(q, 21),
		.used_s = query_column_int(q, 22),
		.counted_minutes = query_column_int(q, 23),
		.end_reason = query_column_str(q, arena, 25),
		.closed = query_column_bool(q, 26),
		.session = { query_column(q, 27) },
		.watched = query_column_bool(q, 28),
		.revision = query_column_int(q, 29 + LOST_CAUSE_COUNT),
		.free_minutes = query_column_int(q, 30 + LOST_CAUSE_COUNT),
	};
	for (int i = 0; i < LOST_CAUSE_COUNT; i++) /* the columns are in the order of the enum */
		out->lost.s[i] = query_column_int(q, 29 + i);
	(void)visit_kind_of(query_column_peek(q, 2), &out->kind);
	(void)visit_state_of(query_column_peek(q, 3), &out->state);
	(void)visit_end_of(query_column_peek(q, 24), &out->end);
}

static struct visit_visitor row_visitor(const struct query *q, struct arena *arena)
{
	struct visit_visitor visitor = {
		.person = { query_column(q, 0) },
		.name = query_column_str(q, arena, 1),
		.born = row_date(q, 2),
		.lead = query_column_bool(q, 3),
		.admitted_at = query_column_wall(q, 4),
		.admitted_by = { query_column(q, 5) },
		.refused_reason = query_column_str(q, arena, 6),
		.adult = query_column_bool(q, 7),
		.sits_with = { query_column(q, 8) },
		.came_at = query_column_wall(q, 9),
	};
	(void)contact_part_of(query_column_peek(q, 10), &visitor.part);
	visitor.signs = query_column(q, 11) > 0;
	return visitor;
}

static enum err load_visitors(struct store *store, struct arena *arena, struct visit *visit)
{
	struct query q = query_of(store, VISITORS);
	query_int(&q, visit->id.n);
	while (visit->visitor_count < PARTY_MAX && query_row(&q))
		visit->visitors[visit->visitor_count++] = row_visitor(&q, arena);
	return query_end(&q);
}

static enum err one_visit(struct query *q, struct arena *arena, struct visit *out)
{
	struct visit visit = { 0 };
	struct store *store = q->store;
	if (query_row(q))
		row_visit(q, arena, &visit);
	enum err err = query_end_one(q);
	if (err == OK)
		err = load_visitors(store, arena, &visit);
	if (err == OK)
		*out = visit;
	return err;
}

enum err store_visit_find(struct store *store, struct arena *arena, struct reference reference,
			  struct visit *out)
{
	struct query q = query_of(store, FIND);
	query_text(&q, reference.text);
	return one_visit(&q, arena, out);
}

enum err store_visit_find_by_id(struct store *store, struct arena *arena, struct visit_id id,
				struct visit *out)
{
	struct query q = query_of(store, FIND_BY_ID);
	query_int(&q, id.n);
	return one_visit(&q, arena, out);
}

/* The visits without their visitors. */
static enum err rows_alone(struct query *q, struct arena *arena, struct store_visits *out)
{
	struct visit *next;
	while (query_row(q) && (next = list_next(arena, &out->list, &out->count, sizeof *next)))
		row_visit(q, arena, next);
	return query_end(q);
}

/* At most ROW_TOGETHER_MAX visits, each once. */
static enum err load_visitors_together(struct store *store, struct arena *arena, struct visit *list,
				       size_t count)
{
	if (count == 1)
		return load_visitors(store, arena, list);
	struct query q = query_of(store, VISITORS_TOGETHER);
	for (size_t i = 0; i < ROW_TOGETHER_MAX; i++)
		query_int(&q, i < count ? list[i].id.n : 0);
	while (query_row(&q)) {
		struct visit *visit = list;
		while (visit < &list[count] && visit->id.n != query_column(&q, 12))
			visit++;
		if (visit < &list[count] && visit->visitor_count < PARTY_MAX)
			visit->visitors[visit->visitor_count++] = row_visitor(&q, arena);
	}
	return query_end(&q);
}

static enum err rows_visit(struct query *q, struct arena *arena, struct store_visits *out)
{
	struct store_visits visits = { 0 };
	struct store *store = q->store;
	enum err err = rows_alone(q, arena, &visits);
	for (size_t at = 0; at < visits.count && err == OK; at += ROW_TOGETHER_MAX)
		err = load_visitors_together(store, arena, &visits.list[at],
					     row_together(visits.count, at));
	if (err == OK)
		*out = visits;
	return err;
}

/* Of the visits in that list, in its order; rows of a visit that is not in it any more or yet are passed over. */
static enum err load_visitors_requested(struct store *store, struct arena *arena,
					struct prison_code prison, struct store_visits *visits)
{
	struct query q = query_of(store, VISITORS_REQUESTED);
	size_t at = 0;
	query_text(&q, prison.text);
	while (query_row(&q)) {
		size_t to = at;
		while (to < visits->count && visits->list[to].id.n != query_column(&q, 12))
			to++;
		if (to == visits->count)
			continue;
		at = to;
		struct visit *visit = &visits->list[at];
		if (visit->visitor_count < PARTY_MAX)
			visit->visitors[visit->visitor_count++] = row_visitor(&q, arena);
	}
	return query_end(&q);
}

enum err store_visit_list_requested(struct store *store, struct arena *arena,
				    struct prison_code prison, int limit, struct store_visits *out)
{
	struct store_visits visits = { 0 };
	struct query q = query_of(store, LIST_REQUESTED);
	query_text(&q, prison.text);
	query_int(&q, limit);
	enum err err = rows_alone(&q, arena, &visits);
	if (err == OK)
		err = load_visitors_requested(store, arena, prison, &visits);
	if (err == OK)
		*out = visits;
	return err;
}

enum err store_visit_list_of(struct store *store, struct arena *arena, struct account_id booker,
			     int limit, struct store_visits *out)
{
	struct query q = query_of(store, LIST_OF);
	query_int(&q, booker.n);
	query_int(&q, limit);
	return rows_visit(&q, arena, out);
}

enum err store_visit_list_for(struct store *store, struct arena *arena, struct prisoner_id prisoner,
			      int limit, struct store_visits *out)
{
	struct query q = query_of(store, LIST_FOR);
	query_int(&q, prisoner.n);
	query_int(&q, limit);
	return rows_visit(&q, arena, out);
}

enum err store_visit_list_day(struct store *store, struct arena *arena, struct prison_code prison,
			      struct wall from, struct wall to, struct store_visits *out)
{
	struct query q = query_of(store, LIST_DAY);
	query_text(&q, prison.text);
	query_int(&q, from.s);
	query_int(&q, to.s);
	return rows_visit(&q, arena, out);
}

enum err store_visit_list_running(struct store *store, struct arena *arena,
				  struct prison_code prison, struct store_visits *out)
{
	struct query q = query_of(store, LIST_RUNNING);
	query_text(&q, prison.text);
	return rows_visit(&q, arena, out);
}

enum err store_visit_list_at(struct store *store, struct arena *arena, struct terminal_id terminal,
			     struct wall from, struct wall to, struct store_visits *out)
{
	struct query q = query_of(store, LIST_AT);
	query_int(&q, terminal.n);
	query_int(&q, from.s);
	query_int(&q, to.s);
	return rows_visit(&q, arena, out);
}

enum err store_visit_list_begun(struct store *store, struct arena *arena, struct wall before,
				int limit, struct store_visits *out)
{
	struct query q = query_of(store, LIST_BEGUN);
	query_int(&q, before.s);
	query_int(&q, limit);
	return rows_visit(&q, arena, out);
}

enum err store_visit_update(struct store *store, const struct visit *visit)
{
	struct query q = query_of(store, UPDATE);
	query_text(&q, visit_state_name(visit->state));
	query_int(&q, visit->lobby_at.s);
	query_int(&q, visit->visitor_seen);
	query_int(&q, visit->prisoner_seen);
	query_int(&q, visit->live_from.s);
	query_int(&q, visit->ended_at.s);
	query_int(&q, visit->used_s);
	query_int(&q, visit->counted_minutes);
	query_text(&q, visit_end_name(visit->end));
	query_str(&q, visit->end_reason);
	for (int i = 0; i < LOST_CAUSE_COUNT; i++)
		query_int(&q, visit->lost.s[i]);
	query_int(&q, visit->id.n);
	return query_change(&q);
}

enum err store_visit_rename(struct store *store, struct visit_id id, struct reference reference)
{
	struct query q = query_of(store, RENAME);
	query_text(&q, reference.text);
	query_int(&q, id.n);
	return query_change(&q);
}

enum err store_visit_moved(struct store *store, struct visit_id from, struct visit_id to)
{
	struct query q = query_of(store, MOVED);
	query_int(&q, from.n);
	query_int(&q, to.n);
	return query_change(&q);
}

enum err store_visit_list_future(struct store *store, struct arena *arena,
				 struct prison_code prison, struct wall from, struct wall to,
				 int limit, struct store_visits *out)
{
	struct query q = query_of(store, LIST_FUTURE);
	query_text(&q, prison.text);
	query_int(&q, from.s);
	query_int(&q, to.s);
	query_int(&q, limit);
	return rows_visit(&q, arena, out);
}

enum err store_visitor_update(struct store *store, struct visit_id visit,
			      const struct visit_visitor *visitor)
{
	struct query q = query_of(store, VISITOR_UPDATE);
	query_int(&q, visitor->admitted_at.s);
	query_int_or_null(&q, visitor->admitted_by.n);
	query_str(&q, visitor->refused_reason);
	query_int_or_null(&q, visitor->sits_with.n);
	query_int(&q, visitor->came_at.s);
	query_int(&q, visit.n);
	query_int(&q, visitor->person.n);
	return query_change(&q);
}

enum err store_visit_list_of_prisoner(struct store *store, struct arena *arena,
				      struct prisoner_id prisoner, struct wall from, int limit,
				      struct store_visits *out)
{
	struct query q = query_of(store, LIST_OF_PRISONER);
	query_int(&q, prisoner.n);
	query_int(&q, from.s);
	query_int(&q, limit);
	return rows_visit(&q, arena, out);
}

enum err store_visit_list_with(struct store *store, struct arena *arena, struct date born,
			       struct prisoner_id prisoner, struct wall from, int limit,
			       struct store_visits *out)
{
	struct query q = query_of(store, LIST_WITH);
	query_int(&q, from.s);
	query_int(&q, prisoner.n);
	query_int(&q, date_to_days(born));
	query_int(&q, limit);
	return rows_visit(&q, arena, out);
}

enum err store_visit_list_legal_with(struct store *store, struct arena *arena,
				     struct person_id person, int limit, struct store_visits *out)
{
	struct query q = query_of(store, LIST_LEGAL_WITH);
	query_int(&q, person.n);
	query_int(&q, limit);
	return rows_visit(&q, arena, out);
}

enum err store_visit_starts(struct store *store, struct arena *arena, struct prisoner_id prisoner,
			    struct wall from, struct wall to, struct visit_id other_than,
			    struct store_starts *out)
{
	struct query q = query_of(store, STARTS);
	query_int(&q, prisoner.n);
	query_int(&q, from.s);
	query_int(&q, to.s);
	query_int(&q, other_than.n);
	struct store_starts starts = { 0 };
	struct wall *next;
	while (query_row(&q) &&
	       (next = list_next(arena, &starts.list, &starts.count, sizeof *next)))
		*next = query_column_wall(&q, 0);
	*out = starts;
	return query_end(&q);
}

enum err store_visit_watch(struct store *store, struct visit_id visit, bool closed, bool watched)
{
	struct query q = query_of(store, WATCH);
	query_int(&q, closed);
	query_int(&q, watched);
	query_int(&q, visit.n);
	return query_change(&q);
}
