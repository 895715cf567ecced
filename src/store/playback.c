#include "store/playback.h"

#include "domain/legal_hold.h"
#include "store/list_priv.h"
#include "store/query.h"
#include "store/row_priv.h"

#define ACCESS                                                                                     \
	"SELECT x.id, x.visit, v.reference, v.prison, x.state, x.asked_by, a.name, x.asked_as, "   \
	"x.reason, x.asked_at, x.ask_seq, COALESCE(x.decided_by, 0), COALESCE(b.name, ''), "       \
	"x.decided_as, x.decided_reason, x.decided_at, x.decide_seq, x.opened_at, x.open_seq, "    \
	"x.session FROM recording_access x JOIN visit v ON v.id = x.visit "                        \
	"JOIN account a ON a.id = x.asked_by LEFT JOIN account b ON b.id = x.decided_by "
static const char ACCESS_FIND[] = ACCESS "WHERE x.id = ?1";
static const char ACCESS_LIST_OF[] = ACCESS "WHERE x.visit = ?1 ORDER BY x.asked_at DESC, x.id";
static const char ACCESS_LIST_ASKED[] =
    ACCESS "WHERE v.prison = ?1 AND x.state = 'ASKED' ORDER BY x.asked_at DESC, x.id";
static const char ACCESS_INSERT[] =
    "INSERT INTO recording_access (id, visit, state, asked_by, asked_as, reason, asked_at, "
    "ask_seq, decided_by, decided_as, decided_reason, decided_at, decide_seq, opened_at, "
    "open_seq, session) VALUES (?1, ?2, 'ASKED', ?3, ?4, ?5, ?6, ?7, NULL, '', '', 0, 0, 0, 0, "
    "'')";
static const char ACCESS_UPDATE[] =
    "UPDATE recording_access SET state = ?1, decided_by = ?2, decided_as = ?3, "
    "decided_reason = ?4, decided_at = ?5, decide_seq = ?6, opened_at = ?7, open_seq = ?8, "
    "session = ?9 WHERE id = ?10";
static const char WATCHED[] = "SELECT COUNT(*) FROM monitoring WHERE visit = ?1 AND officer = ?2 "
			      "AND purpose <> 'ADMISSION'";

static const char RECORDING_LOCK[] =
    "UPDATE recording SET locked_at = ?1, locked_by = ?2 WHERE visit = ?3 AND locked_at = 0";
static const char RECORDING_SETTLE[] =
    "UPDATE recording SET lock_settled_at = ?1, lock_settled_by = ?2 "
    "WHERE visit = ?3 AND locked_at <> 0 AND locked_by <> ?2 AND lock_settled_at = 0";
/* ?2: so long ago a hold was ended, or what is only asked for no longer keeps anything. */
static const char RECORDING_DUE[] =
    "SELECT r.visit FROM recording r WHERE r.erased_at = 0 AND r.keep_until <= ?1 "
    "AND NOT EXISTS (SELECT 1 FROM legal_hold h WHERE h.visit = r.visit AND (h.state = 'HELD' "
    "OR (h.state = 'ASKED' AND r.keep_until > ?2) OR h.ended_at > ?2)) "
    "ORDER BY r.keep_until, r.visit LIMIT 1";
static const char RECORDING_ERASED[] =
    "UPDATE recording SET erased_at = ?1 WHERE visit = ?2 AND erased_at = 0";
static const char KEYS_ERASE[] = "UPDATE recording_segment SET sealed_key = ?1 WHERE visit = ?2";

static struct access row_access(const struct query *q, struct arena *arena)
{
	struct access a = {
		.id = { query_column(q, 0) },
		.visit = { query_column(q, 1) },
		.reference = row_reference(q, 2),
		.prison = row_code(q, 3),
		.asked_by = { query_column(q, 5) },
		.asked_name = query_column_str(q, arena, 6),
		.asked_as = row_role(q, 7),
		.reason = query_column_str(q, arena, 8),
		.asked_at = query_column_wall(q, 9),
		.ask_seq = query_column(q, 10),
		.decided_by = { query_column(q, 11) },
		.decided_name = query_column_str(q, arena, 12),
		.decided_as = row_role(q, 13),
		.decided_reason = query_column_str(q, arena, 14),
		.decided_at = query_column_wall(q, 15),
		.decide_seq = query_column(q, 16),
		.opened_at = query_column_wall(q, 17),
		.open_seq = query_column(q, 18),
		.session = query_column_str(q, arena, 19),
	};
	(void)access_state_of(query_column_peek(q, 4), &a.state);
	return a;
}

#define EXPORT                                                                                     \
	"SELECT e.id, e.access, x.visit, v.reference, v.prison, e.recipient, e.reason, "           \
	"e.exported_by, a.name, e.exported_as, e.exported_at, x.ask_seq, x.decide_seq, "           \
	"e.export_seq, e.session FROM recording_export e "                                         \
	"JOIN recording_access x ON x.id = e.access JOIN visit v ON v.id = x.visit "               \
	"JOIN account a ON a.id = e.exported_by "
static const char EXPORT_FIND[] = EXPORT "WHERE e.id = ?1";
static const char EXPORT_LIST_OF[] = EXPORT "WHERE x.visit = ?1 ORDER BY e.exported_at DESC, e.id";
static const char EXPORT_LIST[] =
    EXPORT "WHERE v.prison = ?1 ORDER BY e.exported_at DESC, e.id LIMIT ?2";
static const char EXPORT_INSERT[] =
    "INSERT INTO recording_export (id, access, recipient, reason, exported_by, exported_as, "
    "exported_at, export_seq, session) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
static const char EXPORT_FILE_INSERT[] =
    "INSERT INTO recording_export_file (id, export, seat, bytes, missing, hash, "
    "sent_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
static const char EXPORT_FILE_LIST[] =
    "SELECT f.export, f.seat, f.bytes, f.hash, f.sent_at, f.missing FROM recording_export_file f "
    "JOIN recording_export e ON e.id = f.export JOIN recording_access x ON x.id = e.access "
    "WHERE x.visit = ?1 ORDER BY f.sent_at, f.id";

static struct recording_export row_export(const struct query *q, struct arena *arena)
{
	return (struct recording_export){
		.id = { query_column(q, 0) },
		.access = { query_column(q, 1) },
		.visit = { query_column(q, 2) },
		.reference = row_reference(q, 3),
		.prison = row_code(q, 4),
		.recipient = query_column_str(q, arena, 5),
		.reason = query_column_str(q, arena, 6),
		.by = { query_column(q, 7) },
		.by_name = query_column_str(q, arena, 8),
		.as = row_role(q, 9),
		.at = query_column_wall(q, 10),
		.ask_seq = query_column(q, 11),
		.decide_seq = query_column(q, 12),
		.export_seq = query_column(q, 13),
		.session = query_column_str(q, arena, 14),
	};
}

enum err store_export_insert(struct store *store, const struct recording_export *e)
{
	struct query q = query_of(store, EXPORT_INSERT);
	query_int(&q, e->id.n);
	query_int(&q, e->access.n);
	query_str(&q, e->recipient);
	query_str(&q, e->reason);
	query_int(&q, e->by.n);
	query_text(&q, role_name(e->as));
	query_int(&q, e->at.s);
	query_int(&q, e->export_seq);
	query_str(&q, e->session);
	return query_end(&q);
}

enum err store_export_find(struct store *store, struct arena *arena, struct export_id id,
			   struct recording_export *out)
{
	struct query q = query_of(store, EXPORT_FIND);
	query_int(&q, id.n);
	if (query_row(&q))
		*out = row_export(&q, arena);
	return query_end_one(&q);
}

static enum err rows_export(struct query *q, struct arena *arena, struct store_exports *out)
{
	struct store_exports found = { 0 };
	struct recording_export *next;
	while (query_row(q) &&
	       (next = list_next(arena, &found.list, &found.count, sizeof *next)) != NULL)
		*next = row_export(q, arena);
	*out = found;
	return query_end(q);
}

enum err store_export_list_of(struct store *store, struct arena *arena, struct visit_id visit,
			      struct store_exports *out)
{
	struct query q = query_of(store, EXPORT_LIST_OF);
	query_int(&q, visit.n);
	return rows_export(&q, arena, out);
}

enum err store_export_list(struct store *store, struct arena *arena, struct prison_code prison,
			   int limit, struct store_exports *out)
{
	struct query q = query_of(store, EXPORT_LIST);
	query_text(&q, prison.text);
	query_int(&q, limit);
	return rows_export(&q, arena, out);
}

enum err store_export_file_insert(struct store *store, int64_t id,
				  const struct recording_export_file *file)
{
	struct query q = query_of(store, EXPORT_FILE_INSERT);
	query_int(&q, id);
	query_int(&q, file->export.n);
	query_int(&q, file->seat);
	query_int(&q, file->bytes);
	query_int(&q, file->missing);
	query_bytes(&q, bytes_of(file->hash, sizeof file->hash));
	query_int(&q, file->sent_at.s);
	return query_end(&q);
}

enum err store_export_file_list(struct store *store, struct arena *arena, struct visit_id visit,
				struct store_export_files *out)
{
	struct store_export_files found = { 0 };
	struct recording_export_file *next;
	struct query q = query_of(store, EXPORT_FILE_LIST);
	query_int(&q, visit.n);
	while (query_row(&q) &&
	       (next = list_next(arena, &found.list, &found.count, sizeof *next)) != NULL) {
		*next = (struct recording_export_file){ .export = { query_column(&q, 0) },
							.seat = query_column_int(&q, 1),
							.bytes = query_column(&q, 2),
							.sent_at = query_column_wall(&q, 4),
							.missing = query_column(&q, 5) };
		row_blob(&q, 3, next->hash, sizeof next->hash);
	}
	*out = found;
	return query_end(&q);
}

static enum err list(struct query *q, struct arena *arena, struct store_accesses *out)
{
	struct store_accesses found = { 0 };
	struct access *next;
	while (query_row(q) &&
	       (next = list_next(arena, &found.list, &found.count, sizeof *next)) != NULL)
		*next = row_access(q, arena);
	*out = found;
	return query_end(q);
}

enum err store_access_insert(struct store *store, const struct access *a)
{
	struct query q = query_of(store, ACCESS_INSERT);
	query_int(&q, a->id.n);
	query_int(&q, a->visit.n);
	query_int(&q, a->asked_by.n);
	query_text(&q, role_name(a->asked_as));
	query_str(&q, a->reason);
	query_int(&q, a->asked_at.s);
	query_int(&q, a->ask_seq);
	return query_end(&q);
}

enum err store_access_update(struct store *store, const struct access *a)
{
	struct query q = query_of(store, ACCESS_UPDATE);
	query_text(&q, access_state_name(a->state));
	query_int_or_null(&q, a->decided_by.n);
	query_text(&q, role_name(a->decided_as));
	query_str(&q, a->decided_reason);
	query_int(&q, a->decided_at.s);
	query_int(&q, a->decide_seq);
	query_int(&q, a->opened_at.s);
	query_int(&q, a->open_seq);
	query_str(&q, a->session);
	query_int(&q, a->id.n);
	return query_change(&q);
}

enum err store_access_find(struct store *store, struct arena *arena, struct access_id id,
			   struct access *out)
{
	struct query q = query_of(store, ACCESS_FIND);
	query_int(&q, id.n);
	if (query_row(&q))
		*out = row_access(&q, arena);
	return query_end_one(&q);
}

enum err store_access_list_of(struct store *store, struct arena *arena, struct visit_id visit,
			      struct store_accesses *out)
{
	struct query q = query_of(store, ACCESS_LIST_OF);
	query_int(&q, visit.n);
	return list(&q, arena, out);
}

enum err store_access_list_asked(struct store *store, struct arena *arena,
				 struct prison_code prison, struct store_accesses *out)
{
	struct query q = query_of(store, ACCESS_LIST_ASKED);
	query_text(&q, prison.text);
	return list(&q, arena, out);
}

enum err store_access_watched(struct store *store, struct visit_id visit, struct account_id account,
			      bool *out)
{
	struct query q = query_of(store, WATCHED);
	query_int(&q, visit.n);
	query_int(&q, account.n);
	if (query_row(&q))
		*out = query_column(&q, 0) > 0;
	return query_end(&q);
}

enum err store_recording_lock(struct store *store, struct visit_id visit, struct account_id by,
			      struct wall at)
{
	struct query q = query_of(store, RECORDING_LOCK);
	query_int(&q, at.s);
	query_int(&q, by.n);
	query_int(&q, visit.n);
	return query_change(&q);
}

enum err store_recording_settle(struct store *store, struct visit_id visit, struct account_id by,
				struct wall at)
{
	struct query q = query_of(store, RECORDING_SETTLE);
	query_int(&q, at.s);
	query_int(&q, by.n);
	query_int(&q, visit.n);
	return query_change(&q);
}

enum err store_recording_due(struct store *store, struct wall now, struct visit_id *out)
{
	struct query q = query_of(store, RECORDING_DUE);
	query_int(&q, now.s);
	query_int(&q, now.s - LEGAL_HOLD_ASKED_DAYS * 86400);
	if (query_row(&q))
		out->n = query_column(&q, 0);
	return query_end_one(&q);
}

enum err store_recording_erase(struct store *store, struct visit_id visit, struct wall at)
{
	struct query q = query_of(store, RECORDING_ERASED);
	query_int(&q, at.s);
	query_int(&q, visit.n);
	enum err err = query_change(&q);
	if (err != OK)
		return err;
	struct query keys = query_of(store, KEYS_ERASE);
	query_bytes(&keys, bytes_of("", 0));
	query_int(&keys, visit.n);
	return query_end(&keys);
}
