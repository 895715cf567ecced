#include "store/incident.h"

#include "store/list_priv.h"
#include "store/query.h"
#include "store/row_priv.h"

/* One side's: there may be none. */
#define APPEAL(a)                                                                                  \
	"COALESCE(" a ".state, ''), COALESCE(" a ".words, ''), COALESCE(" a ".asked_at, 0), "      \
	"COALESCE(" a ".reason, ''), COALESCE(" a ".decided_at, 0), COALESCE(" a ".decided_by, 0)"
#define INCIDENT                                                                                   \
	"SELECT i.id, i.visit, v.reference, v.prison, z.name, v.booker, i.type, i.severity, "      \
	"i.evidence, i.seen_at, i.opened_at, i.opened_by, o.name, i.outcome, i.counts_pause, "     \
	"i.charged_minutes, i.follow_up, i.told, i.decided_at, COALESCE(i.decided_by, 0), "        \
	"COALESCE(d.name, ''), v.prisoner, COALESCE(i.restriction, 0), i.told_prisoner, "          \
	"COALESCE(r.on_whom, ''), " APPEAL("av") ", " APPEAL(                                      \
	    "ap") " FROM incident i "                                                              \
		  "JOIN visit v ON v.id = i.visit JOIN prisoner z ON z.id = v.prisoner "           \
		  "JOIN account o ON o.id = i.opened_by LEFT JOIN account d ON d.id = "            \
		  "i.decided_by "                                                                  \
		  "LEFT JOIN restriction r ON r.id = i.restriction "                               \
		  "LEFT JOIN incident_appeal av ON av.incident = i.id AND av.appellant = "         \
		  "'VISITOR' "                                                                     \
		  "LEFT JOIN incident_appeal ap ON ap.incident = i.id AND ap.appellant = "         \
		  "'PRISONER' "
static const char FIND[] = INCIDENT "WHERE i.id = ?1";
static const char LIST[] = INCIDENT "WHERE v.prison = ?1 ORDER BY CASE WHEN i.outcome = '' OR "
				    "av.state = 'ASKED' OR ap.state = 'ASKED' THEN 0 ELSE 1 END, "
				    "i.opened_at DESC, i.id LIMIT ?2";
static const char LIST_OF[] = INCIDENT "WHERE i.visit = ?1 ORDER BY i.opened_at, i.id";
static const char LIST_TOLD[] =
    INCIDENT "WHERE v.prisoner = ?1 AND i.told_prisoner <> '' AND i.decided_at >= ?2 "
	     "ORDER BY i.decided_at DESC, i.id LIMIT ?3";
static const char INSERT[] =
    "INSERT INTO incident (id, visit, type, severity, evidence, seen_at, opened_at, opened_by, "
    "outcome, restriction, counts_pause, charged_minutes, follow_up, told, told_prisoner, "
    "decided_at, decided_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, '', NULL, 0, 0, '', '', '', "
    "0, NULL)";
static const char UPDATE[] =
    "UPDATE incident SET outcome = ?1, counts_pause = ?2, charged_minutes = ?3, follow_up = ?4, "
    "told = ?5, decided_at = ?6, decided_by = ?7, restriction = ?8, told_prisoner = ?9 "
    "WHERE id = ?10";
static const char APPEAL_INSERT[] =
    "INSERT INTO incident_appeal (incident, appellant, against, state, words, asked_at, reason, "
    "decided_at, decided_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, '', 0, NULL)";
static const char APPEAL_UPDATE[] =
    "UPDATE incident_appeal SET state = ?1, reason = ?2, decided_at = ?3, decided_by = ?4 "
    "WHERE incident = ?5 AND appellant = ?6";

enum {
	VISITORS_APPEAL = 25, /* the first column of it */
	PRISONERS_APPEAL = 31,
};

static struct incident_appeal row_appeal(const struct query *q, struct arena *arena, int at)
{
	struct incident_appeal appeal = {
		.words = query_column_str(q, arena, at + 1),
		.asked_at = query_column_wall(q, at + 2),
		.reason = query_column_str(q, arena, at + 3),
		.decided_at = query_column_wall(q, at + 4),
		.decided_by = { query_column(q, at + 5) },
	};
	(void)appeal_of(query_column_peek(q, at), &appeal.state);
	return appeal;
}

static struct incident row_incident(const struct query *q, struct arena *arena)
{
	struct incident incident = {
		.id = { query_column(q, 0) },
		.visit = { query_column(q, 1) },
		.reference = row_reference(q, 2),
		.prison = row_code(q, 3),
		.prisoner_name = query_column_str(q, arena, 4),
		.booker = { query_column(q, 5) },
		.evidence = query_column_str(q, arena, 8),
		.seen_at = query_column_wall(q, 9),
		.opened_at = query_column_wall(q, 10),
		.opened_by = { query_column(q, 11) },
		.opened_name = query_column_str(q, arena, 12),
		.counts_pause = query_column_bool(q, 14),
		.charged_minutes = query_column_int(q, 15),
		.follow_up = query_column_str(q, arena, 16),
		.told = query_column_str(q, arena, 17),
		.decided_at = query_column_wall(q, 18),
		.decided_by = { query_column(q, 19) },
		.decided_name = query_column_str(q, arena, 20),
		.prisoner = { query_column(q, 21) },
		.restriction = { query_column(q, 22) },
		.told_prisoner = query_column_str(q, arena, 23),
		.appeals = { [APPELLANT_VISITOR] = row_appeal(q, arena, VISITORS_APPEAL),
			     [APPELLANT_PRISONER] = row_appeal(q, arena, PRISONERS_APPEAL) },
	};
	(void)restriction_on_of(query_column_peek(q, 24), &incident.restriction_on);
	(void)incident_type_of(query_column_peek(q, 6), &incident.type);
	(void)severity_of(query_column_peek(q, 7), &incident.severity);
	(void)incident_outcome_of(query_column_peek(q, 13), &incident.outcome);
	return incident;
}

static enum err rows_incident(struct query *q, struct arena *arena, struct store_incidents *out)
{
	struct store_incidents all = { 0 };
	struct incident *next;
	while (query_row(q) && (next = list_next(arena, &all.list, &all.count, sizeof *next)))
		*next = row_incident(q, arena);
	*out = all;
	return query_end(q);
}

enum err store_incident_insert(struct store *store, const struct incident *incident)
{
	struct query q = query_of(store, INSERT);
	query_int(&q, incident->id.n);
	query_int(&q, incident->visit.n);
	query_text(&q, incident_type_name(incident->type));
	query_text(&q, severity_name(incident->severity));
	query_str(&q, incident->evidence);
	query_int(&q, incident->seen_at.s);
	query_int(&q, incident->opened_at.s);
	query_int(&q, incident->opened_by.n);
	return query_end(&q);
}

enum err store_incident_find(struct store *store, struct arena *arena, struct incident_id id,
			     struct incident *out)
{
	struct query q = query_of(store, FIND);
	query_int(&q, id.n);
	if (query_row(&q))
		*out = row_incident(&q, arena);
	return query_end_one(&q);
}

enum err store_incident_update(struct store *store, const struct incident *incident)
{
	struct query q = query_of(store, UPDATE);
	query_text(&q, incident_outcome_name(incident->outcome));
	query_int(&q, incident->counts_pause);
	query_int(&q, incident->charged_minutes);
	query_str(&q, incident->follow_up);
	query_str(&q, incident->told);
	query_int(&q, incident->decided_at.s);
	query_int_or_null(&q, incident->decided_by.n);
	query_int_or_null(&q, incident->restriction.n);
	query_str(&q, incident->told_prisoner);
	query_int(&q, incident->id.n);
	return query_change(&q);
}

enum err store_incident_appeal_insert(struct store *store, const struct incident *incident,
				      enum appellant who)
{
	const struct incident_appeal *appeal = &incident->appeals[who];
	struct query q = query_of(store, APPEAL_INSERT);
	query_int(&q, incident->id.n);
	query_text(&q, appellant_name(who));
	query_int(&q, incident->decided_by.n);
	query_text(&q, appeal_name(appeal->state));
	query_str(&q, appeal->words);
	query_int(&q, appeal->asked_at.s);
	return query_end(&q);
}

enum err store_incident_appeal_update(struct store *store, const struct incident *incident,
				      enum appellant who)
{
	const struct incident_appeal *appeal = &incident->appeals[who];
	struct query q = query_of(store, APPEAL_UPDATE);
	query_text(&q, appeal_name(appeal->state));
	query_str(&q, appeal->reason);
	query_int(&q, appeal->decided_at.s);
	query_int_or_null(&q, appeal->decided_by.n);
	query_int(&q, incident->id.n);
	query_text(&q, appellant_name(who));
	return query_change(&q);
}

enum err store_incident_list(struct store *store, struct arena *arena, struct prison_code prison,
			     int limit, struct store_incidents *out)
{
	struct query q = query_of(store, LIST);
	query_text(&q, prison.text);
	query_int(&q, limit);
	return rows_incident(&q, arena, out);
}

enum err store_incident_list_told(struct store *store, struct arena *arena,
				  struct prisoner_id prisoner, struct wall since, int limit,
				  struct store_incidents *out)
{
	struct query q = query_of(store, LIST_TOLD);
	query_int(&q, prisoner.n);
	query_int(&q, since.s);
	query_int(&q, limit);
	return rows_incident(&q, arena, out);
}

enum err store_incident_list_of(struct store *store, struct arena *arena, struct visit_id visit,
				struct store_incidents *out)
{
	struct query q = query_of(store, LIST_OF);
	query_int(&q, visit.n);
	return rows_incident(&q, arena, out);
}

/* ---- authorisations ---- */

#define AUTHORISATION                                                                              \
	"SELECT m.id, m.prison, m.prisoner, z.name, z.number, m.necessity, m.proportionality, "    \
	"m.requested_at, m.requested_by, r.name, m.until_at, m.review_at, m.state, m.reason, "     \
	"m.decided_at, COALESCE(m.decided_by, 0), COALESCE(d.name, '') "                           \
	"FROM monitoring_authorisation m JOIN prisoner z ON z.id = m.prisoner "                    \
	"JOIN account r ON r.id = m.requested_by LEFT JOIN account d ON d.id = m.decided_by "
static const char A_FIND[] = AUTHORISATION "WHERE m.id = ?1";
static const char A_LIST[] = AUTHORISATION "WHERE m.prison = ?1 ORDER BY CASE m.state WHEN "
					   "'REQUESTED' THEN 0 WHEN 'GRANTED' THEN 1 ELSE 2 "
					   "END, m.requested_at DESC, m.id LIMIT ?2";
static const char A_LIST_OF[] = AUTHORISATION "WHERE m.prisoner = ?1 AND m.state = 'GRANTED' "
					      "ORDER BY m.until_at DESC, m.id";
static const char A_INSERT[] =
    "INSERT INTO monitoring_authorisation (id, prison, prisoner, necessity, proportionality, "
    "requested_at, requested_by, until_at, review_at, state, reason, decided_at, decided_by) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'REQUESTED', '', 0, NULL)";
static const char A_UPDATE[] = "UPDATE monitoring_authorisation SET state = ?1, reason = ?2, "
			       "review_at = ?3, decided_at = ?4, decided_by = ?5 WHERE id = ?6";

static struct authorisation row_authorisation(const struct query *q, struct arena *arena)
{
	struct authorisation a = {
		.id = { query_column(q, 0) },
		.prison = row_code(q, 1),
		.prisoner = { query_column(q, 2) },
		.prisoner_name = query_column_str(q, arena, 3),
		.prisoner_number = row_number(q, 4),
		.necessity = query_column_str(q, arena, 5),
		.proportionality = query_column_str(q, arena, 6),
		.requested_at = query_column_wall(q, 7),
		.requested_by = { query_column(q, 8) },
		.requested_name = query_column_str(q, arena, 9),
		.until = query_column_wall(q, 10),
		.review_at = query_column_wall(q, 11),
		.reason = query_column_str(q, arena, 13),
		.decided_at = query_column_wall(q, 14),
		.decided_by = { query_column(q, 15) },
		.decided_name = query_column_str(q, arena, 16),
	};
	(void)authorisation_state_of(query_column_peek(q, 12), &a.state);
	return a;
}

static enum err rows_authorisation(struct query *q, struct arena *arena,
				   struct store_authorisations *out)
{
	struct store_authorisations all = { 0 };
	struct authorisation *next;
	while (query_row(q) && (next = list_next(arena, &all.list, &all.count, sizeof *next)))
		*next = row_authorisation(q, arena);
	*out = all;
	return query_end(q);
}

enum err store_authorisation_insert(struct store *store, const struct authorisation *a)
{
	struct query q = query_of(store, A_INSERT);
	query_int(&q, a->id.n);
	query_text(&q, a->prison.text);
	query_int(&q, a->prisoner.n);
	query_str(&q, a->necessity);
	query_str(&q, a->proportionality);
	query_int(&q, a->requested_at.s);
	query_int(&q, a->requested_by.n);
	query_int(&q, a->until.s);
	query_int(&q, a->review_at.s);
	return query_end(&q);
}

enum err store_authorisation_find(struct store *store, struct arena *arena,
				  struct authorisation_id id, struct authorisation *out)
{
	struct query q = query_of(store, A_FIND);
	query_int(&q, id.n);
	if (query_row(&q))
		*out = row_authorisation(&q, arena);
	return query_end_one(&q);
}

enum err store_authorisation_update(struct store *store, const struct authorisation *a)
{
	struct query q = query_of(store, A_UPDATE);
	query_text(&q, authorisation_state_name(a->state));
	query_str(&q, a->reason);
	query_int(&q, a->review_at.s);
	query_int(&q, a->decided_at.s);
	query_int_or_null(&q, a->decided_by.n);
	query_int(&q, a->id.n);
	return query_change(&q);
}

enum err store_authorisation_list(struct store *store, struct arena *arena,
				  struct prison_code prison, int limit,
				  struct store_authorisations *out)
{
	struct query q = query_of(store, A_LIST);
	query_text(&q, prison.text);
	query_int(&q, limit);
	return rows_authorisation(&q, arena, out);
}

enum err store_authorisation_list_of(struct store *store, struct arena *arena,
				     struct prisoner_id prisoner, struct store_authorisations *out)
{
	struct query q = query_of(store, A_LIST_OF);
	query_int(&q, prisoner.n);
	return rows_authorisation(&q, arena, out);
}

/* ---- how often ---- */

static const char COUNTS[] =
    "SELECT a.id, a.name, x.what, COUNT(*) FROM ("
    "SELECT m.officer AS officer, m.purpose AS what FROM monitoring m JOIN visit v ON v.id = "
    "m.visit "
    "WHERE v.prison = ?1 AND m.at >= ?2 UNION ALL "
    "SELECT t.by_account, t.act FROM visit_act t JOIN visit v ON v.id = t.visit "
    "WHERE v.prison = ?1 AND t.at >= ?2 AND t.act IN ('PAUSE', 'MUTE', 'BLANK', 'WARN', 'EXTEND') "
    "AND t.by_account IS NOT NULL UNION ALL "
    "SELECT i.opened_by, '' FROM incident i JOIN visit v ON v.id = i.visit "
    "WHERE v.prison = ?1 AND i.opened_at >= ?2) x JOIN account a ON a.id = x.officer "
    "GROUP BY a.id, a.name, x.what ORDER BY a.name, a.id, x.what";

static struct str counted_of(struct str what)
{
	return str_empty(what) ? STR("INCIDENT_OPENED") : what;
}

enum err store_officer_counts(struct store *store, struct arena *arena, struct prison_code prison,
			      struct wall since, struct officer_counts *out)
{
	struct officer_counts all = { 0 };
	struct officer_count *next;
	struct query q = query_of(store, COUNTS);
	query_text(&q, prison.text);
	query_int(&q, since.s);
	while (query_row(&q) && (next = list_next(arena, &all.list, &all.count, sizeof *next)))
		*next = (struct officer_count){
			.officer = { query_column(&q, 0) },
			.name = query_column_str(&q, arena, 1),
			.what = counted_of(query_column_str(&q, arena, 2)),
			.count = query_column(&q, 3),
		};
	*out = all;
	return query_end(&q);
}
