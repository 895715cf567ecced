#include "store/recording.h"

#include "store/list_priv.h"
#include "store/query.h"
#include "store/row_priv.h"

#define RECORDING                                                                                  \
	"SELECT r.visit, v.reference, v.prison, p.name, r.began_ms, "                              \
	"COALESCE((SELECT MAX(s.at_ms + s.ms) FROM recording_segment s WHERE s.visit = r.visit), " \
	"r.began_ms), r.keep_until, r.locked_at, COALESCE(r.locked_by, 0), r.erased_at, "          \
	"r.lock_settled_at "                                                                       \
	"FROM recording r JOIN visit v ON v.id = r.visit JOIN prisoner p ON p.id = v.prisoner "
static const char RECORDING_FIND[] = RECORDING "WHERE r.visit = ?1";
static const char RECORDING_LIST[] =
    RECORDING "WHERE v.prison = ?1 ORDER BY r.began_ms DESC, r.visit LIMIT ?2";
static const char RECORDING_LIST_UNSETTLED[] =
    RECORDING "WHERE v.prison = ?1 AND r.locked_at <> 0 AND r.lock_settled_at = 0 "
	      "ORDER BY r.locked_at, r.visit LIMIT ?2";
static const char RECORDING_INSERT[] =
    "INSERT INTO recording (visit, kind, began_ms, keep_until, locked_at, locked_by, erased_at) "
    "VALUES (?1, ?2, ?3, ?4, 0, NULL, 0)";

#define SEGMENT                                                                                    \
	"SELECT id, visit, seat, codec, at_ms, ms, bytes, state, process, sealed_key, hash "       \
	"FROM recording_segment "
static const char SEGMENT_FIND[] = SEGMENT "WHERE id = ?1";
static const char SEGMENT_LIST[] = SEGMENT "WHERE visit = ?1 ORDER BY at_ms, id";
static const char SEGMENT_LEFT_OPEN[] =
    SEGMENT "WHERE state = 'OPEN' AND process <> ?1 ORDER BY id";
static const char SEGMENT_INSERT[] =
    "INSERT INTO recording_segment (id, visit, kind, seat, codec, at_ms, ms, bytes, state, "
    "process, sealed_key, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, 0, 'OPEN', ?7, ?8, ?9)";
static const char SEGMENT_END[] =
    "UPDATE recording_segment SET state = ?1, ms = ?2, bytes = ?3, hash = ?4 "
    "WHERE id = ?5 AND state = 'OPEN'";

static const char GAP_INSERT[] =
    "INSERT INTO recording_gap (id, visit, cause, at_ms, until_ms) VALUES (?1, ?2, ?3, ?4, ?5)";
static const char GAP_CLOSE[] =
    "UPDATE recording_gap SET until_ms = ?1 WHERE visit = ?2 AND until_ms = 0";
static const char GAP_OPEN_COUNT[] =
    "SELECT COUNT(*) FROM recording_gap WHERE visit = ?1 AND until_ms = 0";
static const char GAP_LIST[] = "SELECT id, visit, cause, at_ms, until_ms FROM recording_gap "
			       "WHERE visit = ?1 ORDER BY at_ms, id";

/* ---- recordings ---- */

static struct recording row_recording(const struct query *q, struct arena *arena)
{
	return (struct recording){
		.visit = { query_column(q, 0) },
		.reference = row_reference(q, 1),
		.prison = row_code(q, 2),
		.prisoner_name = query_column_str(q, arena, 3),
		.began_ms = query_column(q, 4),
		.ended_ms = query_column(q, 5),
		.keep_until = query_column_wall(q, 6),
		.locked_at = query_column_wall(q, 7),
		.locked_by = { query_column(q, 8) },
		.erased_at = query_column_wall(q, 9),
		.lock_settled_at = query_column_wall(q, 10),
	};
}

enum err store_recording_insert(struct store *store, const struct recording *recording,
				enum visit_kind kind)
{
	struct query q = query_of(store, RECORDING_INSERT);
	query_int(&q, recording->visit.n);
	query_text(&q, visit_kind_name(kind));
	query_int(&q, recording->began_ms);
	query_int(&q, recording->keep_until.s);
	return query_end(&q);
}

enum err store_recording_find(struct store *store, struct arena *arena, struct visit_id visit,
			      struct recording *out)
{
	struct query q = query_of(store, RECORDING_FIND);
	query_int(&q, visit.n);
	if (query_row(&q))
		*out = row_recording(&q, arena);
	return query_end_one(&q);
}

static enum err list_of(struct query *q, struct arena *arena, struct prison_code prison, int max,
			struct store_recordings *out)
{
	struct store_recordings found = { 0 };
	struct recording *next;
	query_text(q, prison.text);
	query_int(q, max);
	while (query_row(q) &&
	       (next = list_next(arena, &found.list, &found.count, sizeof *next)) != NULL)
		*next = row_recording(q, arena);
	*out = found;
	return query_end(q);
}

enum err store_recording_list(struct store *store, struct arena *arena, struct prison_code prison,
			      int max, struct store_recordings *out)
{
	struct query q = query_of(store, RECORDING_LIST);
	return list_of(&q, arena, prison, max, out);
}

enum err store_recording_list_unsettled(struct store *store, struct arena *arena,
					struct prison_code prison, int max,
					struct store_recordings *out)
{
	struct query q = query_of(store, RECORDING_LIST_UNSETTLED);
	return list_of(&q, arena, prison, max, out);
}

/* ---- segments ---- */

static struct segment_row row_segment(const struct query *q, struct arena *arena)
{
	struct segment_row s = {
		.id = { query_column(q, 0) },
		.visit = { query_column(q, 1) },
		.seat = query_column_int(q, 2),
		.codec = arena_text(arena, query_column_peek(q, 3)),
		.at_ms = query_column(q, 4),
		.ms = query_column(q, 5),
		.bytes = query_column(q, 6),
		.process = query_column(q, 8),
		.has_key = query_column_bytes(q, 9).len == RECORDING_KEY_LEN,
	};
	(void)segment_state_of(query_column_peek(q, 7), &s.state);
	row_blob(q, 9, s.key, sizeof s.key);
	row_blob(q, 10, s.hash, sizeof s.hash);
	return s;
}

static enum err list_segments(struct query *q, struct arena *arena, struct store_segments *out)
{
	struct store_segments found = { 0 };
	struct segment_row *next;
	while (query_row(q) &&
	       (next = list_next(arena, &found.list, &found.count, sizeof *next)) != NULL)
		*next = row_segment(q, arena);
	*out = found;
	return query_end(q);
}

enum err store_segment_insert(struct store *store, const struct segment_row *s,
			      enum visit_kind kind)
{
	struct query q = query_of(store, SEGMENT_INSERT);
	query_int(&q, s->id.n);
	query_int(&q, s->visit.n);
	query_text(&q, visit_kind_name(kind));
	query_int(&q, s->seat);
	query_text(&q, s->codec);
	query_int(&q, s->at_ms);
	query_int(&q, s->process);
	query_bytes(&q, bytes_of(s->key, sizeof s->key));
	query_bytes(&q, bytes_of(s->hash, 0));
	return query_end(&q);
}

enum err store_segment_end(struct store *store, const struct segment_row *s)
{
	struct query q = query_of(store, SEGMENT_END);
	query_text(&q, segment_state_name(s->state));
	query_int(&q, s->ms);
	query_int(&q, s->bytes);
	query_bytes(&q, bytes_of(s->hash, s->state == SEGMENT_WHOLE ? sizeof s->hash : 0));
	query_int(&q, s->id.n);
	return query_change(&q);
}

enum err store_segment_find(struct store *store, struct arena *arena, struct segment_id id,
			    struct segment_row *out)
{
	struct query q = query_of(store, SEGMENT_FIND);
	query_int(&q, id.n);
	if (query_row(&q))
		*out = row_segment(&q, arena);
	return query_end_one(&q);
}

enum err store_segment_list(struct store *store, struct arena *arena, struct visit_id visit,
			    struct store_segments *out)
{
	struct query q = query_of(store, SEGMENT_LIST);
	query_int(&q, visit.n);
	return list_segments(&q, arena, out);
}

enum err store_segment_left_open(struct store *store, struct arena *arena, int64_t process,
				 struct store_segments *out)
{
	struct query q = query_of(store, SEGMENT_LEFT_OPEN);
	query_int(&q, process);
	return list_segments(&q, arena, out);
}

/* ---- gaps ---- */

enum err store_gap_insert(struct store *store, const struct recording_gap *gap)
{
	struct query q = query_of(store, GAP_INSERT);
	query_int(&q, gap->id);
	query_int(&q, gap->visit.n);
	query_text(&q, gap->cause);
	query_int(&q, gap->at_ms);
	query_int(&q, gap->until_ms);
	return query_end(&q);
}

enum err store_gap_close(struct store *store, struct visit_id visit, int64_t until_ms)
{
	struct query q = query_of(store, GAP_CLOSE);
	query_int(&q, until_ms);
	query_int(&q, visit.n);
	return query_end(&q);
}

enum err store_gap_open_count(struct store *store, struct visit_id visit, int64_t *out)
{
	struct query q = query_of(store, GAP_OPEN_COUNT);
	query_int(&q, visit.n);
	if (query_row(&q))
		*out = query_column(&q, 0);
	return query_end(&q);
}

enum err store_gap_list(struct store *store, struct arena *arena, struct visit_id visit,
			struct store_gaps *out)
{
	struct store_gaps found = { 0 };
	struct recording_gap *next;
	struct query q = query_of(store, GAP_LIST);
	query_int(&q, visit.n);
	while (query_row(&q) &&
	       (next = list_next(arena, &found.list, &found.count, sizeof *next)) != NULL)
		*next = (struct recording_gap){
			.id = query_column(&q, 0),
			.visit = { query_column(&q, 1) },
			.cause = arena_text(arena, query_column_peek(&q, 2)),
			.at_ms = query_column(&q, 3),
			.until_ms = query_column(&q, 4),
		};
	*out = found;
	return query_end(&q);
}
