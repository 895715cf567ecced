#include "store/escort.h"

#include "store/list_priv.h"
#include "store/query.h"
#include "store/row_priv.h"

#define SELECT                                                                                     \
	"SELECT v.id, v.reference, v.kind, v.state, v.prison, v.prisoner, z.number, z.name, "      \
	"v.terminal, t.name, r.name, v.start_at, v.minutes, v.prisoner_seen, v.end_kind, "         \
	"z.wing, z.level2, z.level3, z.level4, COALESCE(m.acknowledged_at, 0), "                   \
	"COALESCE(n.cause, ''), COALESCE(n.words, ''), v.booker, v.visitor_seen, 0 FROM visit v "  \
	"JOIN prisoner z ON z.id = v.prisoner JOIN terminal t ON t.id = v.terminal "               \
	"JOIN room r ON r.id = t.room LEFT JOIN escort m ON m.visit = v.id "                       \
	"LEFT JOIN not_produced n ON n.visit = v.id "
/* Whoever stands by, as a visit that is booked and has no room. */
#define STANDBYS                                                                                   \
	"SELECT 0, '', w.kind, 'BOOKED', s.prison, s.prisoner, z.number, z.name, 0, '', '', "      \
	"s.start_at, (s.end_at - s.start_at) / 60, 0, '', z.wing, z.level2, z.level3, z.level4, "  \
	"COALESCE(s.acknowledged_at, 0), '', '', s.booker, 0, s.id FROM standby s "                \
	"JOIN waiting w ON w.id = s.waiting JOIN prisoner z ON z.id = s.prisoner "
static const char LIST[] =
    SELECT "WHERE v.prison = ?1 AND v.start_at >= ?2 AND v.start_at < ?3 "
	   "AND v.state NOT IN ('REQUESTED', 'CANCELLED') UNION ALL " STANDBYS
	   "WHERE s.prison = ?1 AND s.start_at >= ?2 AND s.start_at < ?3 AND s.state = 'AGREED' "
	   "ORDER BY 16, 12, 7, 25"; /* wing, start, number */
static const char FIND[] = SELECT "WHERE v.reference = ?1";
static const char ACKNOWLEDGE[] =
    "INSERT INTO escort (visit, acknowledged_at, acknowledged_by) VALUES (?1, ?2, ?3) "
    "ON CONFLICT (visit) DO NOTHING";
static const char NOT_PRODUCED[] =
    "INSERT INTO not_produced (visit, cause, words, noted_at, noted_by) "
    "VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (visit) DO UPDATE SET cause = excluded.cause, "
    "words = excluded.words, noted_at = excluded.noted_at, noted_by = excluded.noted_by";

static struct store_movement row_movement(const struct query *q, struct arena *arena)
{
	struct store_movement m = {
		.visit = { .id = { query_column(q, 0) },
			   .reference = row_reference(q, 1),
			   .prison = row_code(q, 4),
			   .prisoner = { query_column(q, 5) },
			   .prisoner_number = row_number(q, 6),
			   .prisoner_name = query_column_str(q, arena, 7),
			   .terminal = { query_column(q, 8) },
			   .terminal_name = query_column_str(q, arena, 9),
			   .room_name = query_column_str(q, arena, 10),
			   .start = query_column_wall(q, 11),
			   .minutes = query_column_int(q, 12),
			   .prisoner_seen = query_column_bool(q, 13),
			   .booker = { query_column(q, 22) },
			   .visitor_seen = query_column_bool(q, 23) },
		.wing = query_column_str(q, arena, 15),
		.location = row_location(q, arena, 15),
		.acknowledged_at = query_column_wall(q, 19),
		.words = query_column_str(q, arena, 21),
		.standby = { query_column(q, 24) },
	};
	(void)visit_kind_of(query_column_peek(q, 2), &m.visit.kind);
	(void)visit_state_of(query_column_peek(q, 3), &m.visit.state);
	(void)visit_end_of(query_column_peek(q, 14), &m.visit.end);
	m.noted = not_produced_of(query_column_peek(q, 20), &m.cause);
	return m;
}

enum err store_escort_list(struct store *store, struct arena *arena, struct prison_code prison,
			   struct wall from, struct wall to, struct store_movements *out)
{
	struct query q = query_of(store, LIST);
	struct store_movements found = { 0 };
	struct store_movement *next;
	query_text(&q, prison.text);
	query_int(&q, from.s);
	query_int(&q, to.s);
	while (query_row(&q) && (next = list_next(arena, &found.list, &found.count, sizeof *next)))
		*next = row_movement(&q, arena);
	*out = found;
	return query_end(&q);
}

enum err store_escort_find(struct store *store, struct arena *arena, struct reference reference,
			   struct store_movement *out)
{
	struct query q = query_of(store, FIND);
	query_text(&q, reference.text);
	if (query_row(&q))
		*out = row_movement(&q, arena);
	return query_end_one(&q);
}

enum err store_escort_acknowledge(struct store *store, struct visit_id visit,
				  struct account_id account, struct wall now)
{
	struct query q = query_of(store, ACKNOWLEDGE);
	query_int(&q, visit.n);
	query_int(&q, now.s);
	query_int(&q, account.n);
	return query_end(&q);
}

enum err store_not_produced_set(struct store *store, struct visit_id visit, enum not_produced cause,
				struct str words, struct account_id account, struct wall now)
{
	struct query q = query_of(store, NOT_PRODUCED);
	query_int(&q, visit.n);
	query_text(&q, not_produced_name(cause));
	query_str(&q, words);
	query_int(&q, now.s);
	query_int(&q, account.n);
	return query_end(&q);
}
