#include "store/subject.h"

#include "base/assert.h"
#include "store/list_priv.h"
#include "store/query.h"
#include "store/row_priv.h"

/* ---- what is held: one query a section; its columns are the fields in their order ---- */

struct source {
	const char *name;
	const char *sql;                                 /* ?1 the subject, ?2 SUBJECT_ROWS_MAX */
	struct subject_field fields[SUBJECT_FIELDS_MAX]; /* to the first without a name */
};

#define VISIT_FIELDS                                                                               \
	{                                                                                          \
		{ "reference", SUBJECT_TEXT }, { "kind", SUBJECT_CODE },                           \
		    { "state", SUBJECT_CODE }, { "prison", SUBJECT_TEXT },                         \
		    { "start", SUBJECT_TIME }, { "minutes", SUBJECT_NUMBER },                      \
		    { "booked", SUBJECT_TIME }, { "began", SUBJECT_TIME },                         \
		    { "ended", SUBJECT_TIME }, { "used_seconds", SUBJECT_NUMBER },                 \
		    { "counted_minutes", SUBJECT_NUMBER }, { "end", SUBJECT_CODE },                \
	}
#define VISIT_COLUMNS                                                                              \
	"SELECT v.reference, v.kind, v.state, p.name, v.start_at, v.minutes, v.booked_at, "        \
	"v.live_from, v.ended_at, v.used_s, v.counted_minutes, v.end_kind FROM visit v "           \
	"JOIN prison p ON p.code = v.prison "
#define RECORDING_FIELDS                                                                           \
	{                                                                                          \
		{ "reference", SUBJECT_TEXT }, { "began", SUBJECT_TIME },                          \
		    { "keep_until", SUBJECT_TIME }, { "destroyed", SUBJECT_TIME },                 \
	}
#define RECORDING_COLUMNS                                                                          \
	"SELECT v.reference, r.began_ms / 1000, r.keep_until, r.erased_at FROM recording r "       \
	"JOIN visit v ON v.id = r.visit "

#define HINT_FIELDS                                                                                \
	{                                                                                          \
		{ "reference", SUBJECT_TEXT }, { "found", SUBJECT_CODE },                          \
		    { "made", SUBJECT_TIME }, { "staff_say", SUBJECT_CODE },                       \
	}
/* Of one side: seat 0 is the prisoner's. */
#define HINT_COLUMNS                                                                               \
	"SELECT v.reference, h.what, h.made_at, h.answer FROM hint h "                             \
	"JOIN visit v ON v.id = h.visit "

#define STANDBY_COLUMNS                                                                            \
	"SELECT w.kind, p.name, s.start_at, s.asked_at, s.state, s.ended_at, "                     \
	"COALESCE(v.reference, '') FROM standby s JOIN waiting w ON w.id = s.waiting "             \
	"JOIN prison p ON p.code = s.prison LEFT JOIN visit v ON v.id = s.visit "
#define STANDBY_FIELDS                                                                             \
	{                                                                                          \
		{ "kind", SUBJECT_CODE }, { "prison", SUBJECT_TEXT }, { "start", SUBJECT_TIME },   \
		    { "asked", SUBJECT_TIME }, { "state", SUBJECT_CODE },                          \
		    { "ended", SUBJECT_TIME }, { "reference", SUBJECT_TEXT },                      \
	}
/* What one side was told, and their own appeal. */
#define INCIDENT_COLUMNS(told, whose)                                                              \
	"SELECT v.reference, i.outcome, i." told ", i.decided_at, COALESCE(a.state, ''), "         \
	"COALESCE(a.words, ''), COALESCE(a.asked_at, 0) FROM incident i "                          \
	"JOIN visit v ON v.id = i.visit "                                                          \
	"LEFT JOIN incident_appeal a ON a.incident = i.id AND a.appellant = '" whose "' "
#define INCIDENT_FIELDS                                                                            \
	{                                                                                          \
		{ "reference", SUBJECT_TEXT }, { "outcome", SUBJECT_CODE },                        \
		    { "words", SUBJECT_TEXT }, { "decided", SUBJECT_TIME },                        \
		    { "appeal", SUBJECT_CODE }, { "appeal_words", SUBJECT_TEXT },                  \
		    { "asked", SUBJECT_TIME },                                                     \
	}

#define COPY_COLUMNS "SELECT recipient, recipient_name, format, made_at FROM data_copy "
#define COPY_FIELDS                                                                                \
	{                                                                                          \
		{ "recipient", SUBJECT_CODE }, { "name", SUBJECT_TEXT },                           \
		    { "format", SUBJECT_TEXT }, { "made", SUBJECT_TIME },                          \
	}

static const struct source ACCOUNT_SOURCES[] = {
	{ "account",
	  "SELECT email, name, language, created_at FROM account WHERE id = ?1 LIMIT ?2",
	  { { "email", SUBJECT_TEXT },
	    { "name", SUBJECT_TEXT },
	    { "language", SUBJECT_CODE },
	    { "made", SUBJECT_TIME } } },
	{ "reach",
	  "SELECT mobile, texts, line1, line2, town, county, postcode, changed_at FROM reach "
	  "WHERE account = ?1 LIMIT ?2",
	  { { "mobile", SUBJECT_TEXT },
	    { "texts", SUBJECT_FLAG },
	    { "line1", SUBJECT_TEXT },
	    { "line2", SUBJECT_TEXT },
	    { "town", SUBJECT_TEXT },
	    { "county", SUBJECT_TEXT },
	    { "postcode", SUBJECT_TEXT },
	    { "changed", SUBJECT_TIME } } },
	{ "mobile_codes",
	  "SELECT mobile, made_at, asked FROM mobile_code WHERE account = ?1 LIMIT ?2",
	  { { "mobile", SUBJECT_TEXT }, { "sent", SUBJECT_TIME }, { "times", SUBJECT_NUMBER } } },
	{ "people",
	  "SELECT name, born FROM person WHERE booker = ?1 ORDER BY id LIMIT ?2",
	  { { "name", SUBJECT_TEXT }, { "born", SUBJECT_DAY } } },
	{ "contacts", /* of a lawyer: not whose */
	  "SELECT p.name, CASE WHEN EXISTS (SELECT 1 FROM professional l WHERE l.account = "
	  "p.booker) THEN '' ELSE r.number END, c.relationship, COALESCE(c.relationship_code, ''), "
	  "c.part, c.state, c.why, c.requested_at, c.decided_at FROM contact c JOIN person p ON "
	  "p.id = c.person JOIN prisoner r ON r.id = c.prisoner WHERE p.booker = ?1 "
	  "ORDER BY c.requested_at DESC, c.id LIMIT ?2",
	  { { "name", SUBJECT_TEXT },
	    { "prisoner", SUBJECT_TEXT },
	    { "relationship", SUBJECT_TEXT },
	    { "relationship_code", SUBJECT_CODE },
	    { "part", SUBJECT_CODE },
	    { "state", SUBJECT_CODE },
	    { "why", SUBJECT_CODE },
	    { "asked", SUBJECT_TIME },
	    { "decided", SUBJECT_TIME } } },
	{ "identity",
	  "SELECT p.name, i.state, i.document, i.problem, i.sent_at, i.decided_at FROM identity i "
	  "JOIN person p ON p.id = i.person WHERE p.booker = ?1 ORDER BY i.changed_at DESC, p.id "
	  "LIMIT ?2",
	  { { "name", SUBJECT_TEXT },
	    { "state", SUBJECT_CODE },
	    { "document", SUBJECT_CODE },
	    { "why", SUBJECT_CODE },
	    { "sent", SUBJECT_TIME },
	    { "decided", SUBJECT_TIME } } },
	{ "photos",
	  "SELECT p.name, i.picture, i.taken_at, i.keep_until FROM identity_picture i "
	  "JOIN person p ON p.id = i.person WHERE p.booker = ?1 ORDER BY i.taken_at DESC, p.id "
	  "LIMIT ?2",
	  { { "name", SUBJECT_TEXT },
	    { "picture", SUBJECT_CODE },
	    { "sent", SUBJECT_TIME },
	    { "keep_until", SUBJECT_TIME } } },
	{ "visits", VISIT_COLUMNS "WHERE v.booker = ?1 ORDER BY v.start_at DESC, v.id LIMIT ?2",
	  VISIT_FIELDS },
	{ "visitors",
	  "SELECT v.reference, p.name, w.lead, w.admitted_at, w.refused_reason FROM visit_visitor "
	  "w "
	  "JOIN visit v ON v.id = w.visit JOIN person p ON p.id = w.person WHERE p.booker = ?1 "
	  "ORDER BY v.start_at DESC, v.id, p.id LIMIT ?2",
	  { { "reference", SUBJECT_TEXT },
	    { "name", SUBJECT_TEXT },
	    { "lead", SUBJECT_FLAG },
	    { "admitted", SUBJECT_TIME },
	    { "reason", SUBJECT_TEXT } } },
	{ "recordings",
	  RECORDING_COLUMNS "WHERE v.booker = ?1 ORDER BY r.began_ms DESC, r.visit LIMIT ?2",
	  RECORDING_FIELDS },
	{ "hints",
	  HINT_COLUMNS "WHERE v.booker = ?1 AND h.seat > 0 ORDER BY h.made_at DESC, h.id LIMIT ?2",
	  HINT_FIELDS },
	{ "acts",
	  "SELECT v.reference, a.act, a.words, a.at FROM visit_act a JOIN visit v ON v.id = "
	  "a.visit "
	  "WHERE v.booker = ?1 AND (a.side IN ('VISITOR', 'BOTH') OR a.by_account = v.booker) "
	  "ORDER BY a.at DESC, a.id LIMIT ?2",
	  { { "reference", SUBJECT_TEXT },
	    { "act", SUBJECT_CODE },
	    { "words", SUBJECT_TEXT },
	    { "at", SUBJECT_TIME } } },
	{ "incidents",
	  INCIDENT_COLUMNS("told", "VISITOR") "WHERE v.booker = ?1 AND i.told <> '' ORDER BY "
					      "i.decided_at DESC, i.id LIMIT ?2",
	  INCIDENT_FIELDS },
	{ "adjustments",
	  "SELECT p.name, a.kind, a.words, a.state, a.minutes, a.reason, a.asked_at "
	  "FROM adjustment a JOIN contact c ON c.id = a.contact JOIN person p ON p.id = c.person "
	  "WHERE p.booker = ?1 ORDER BY a.asked_at DESC, a.id LIMIT ?2",
	  { { "name", SUBJECT_TEXT },
	    { "kind", SUBJECT_CODE },
	    { "words", SUBJECT_TEXT },
	    { "state", SUBJECT_CODE },
	    { "minutes", SUBJECT_NUMBER },
	    { "reason", SUBJECT_TEXT },
	    { "asked", SUBJECT_TIME } } },
	{ "waiting",
	  "SELECT kind, cause, minutes, asked_at, state, reference FROM waiting WHERE booker = ?1 "
	  "ORDER BY asked_at DESC, id LIMIT ?2",
	  { { "kind", SUBJECT_CODE },
	    { "cause", SUBJECT_CODE },
	    { "minutes", SUBJECT_NUMBER },
	    { "asked", SUBJECT_TIME },
	    { "state", SUBJECT_CODE },
	    { "reference", SUBJECT_TEXT } } },
	{ "standbys", STANDBY_COLUMNS "WHERE s.booker = ?1 ORDER BY s.asked_at DESC, s.id LIMIT ?2",
	  STANDBY_FIELDS },
	{ "messages",
	  "SELECT kind, channel, made_at, state, changed_at FROM message WHERE account = ?1 "
	  "ORDER BY made_at DESC, id LIMIT ?2",
	  { { "kind", SUBJECT_CODE },
	    { "channel", SUBJECT_CODE },
	    { "made", SUBJECT_TIME },
	    { "state", SUBJECT_CODE },
	    { "changed", SUBJECT_TIME } } },
	{ "professional",
	  "SELECT f.name, p.profession, p.regulator_id, p.state, p.asked_at FROM professional p "
	  "JOIN firm f ON f.id = p.firm WHERE p.account = ?1 LIMIT ?2",
	  { { "name", SUBJECT_TEXT },
	    { "kind", SUBJECT_CODE },
	    { "number", SUBJECT_TEXT },
	    { "state", SUBJECT_CODE },
	    { "asked", SUBJECT_TIME } } },
	{ "copies", COPY_COLUMNS "WHERE account = ?1 ORDER BY made_at DESC, id LIMIT ?2",
	  COPY_FIELDS },
	{ "sessions",
	  "SELECT seen, expires FROM web_session WHERE account = ?1 ORDER BY seen DESC LIMIT ?2",
	  { { "at", SUBJECT_TIME }, { "keep_until", SUBJECT_TIME } } },
	{ "log",
	  "SELECT at, verb, object FROM audit_leaf WHERE account = ?1 ORDER BY seq DESC LIMIT ?2",
	  { { "at", SUBJECT_TIME }, { "act", SUBJECT_CODE }, { "kind", SUBJECT_CODE } } },
};

static const struct source PRISONER_SOURCES[] = {
	{ "prisoner",
	  "SELECT r.number, r.name, r.born, p.name, r.wing, r.category, r.incentive "
	  "FROM prisoner r JOIN prison p ON p.code = r.prison WHERE r.id = ?1 LIMIT ?2",
	  { { "number", SUBJECT_TEXT },
	    { "name", SUBJECT_TEXT },
	    { "born", SUBJECT_DAY },
	    { "prison", SUBJECT_TEXT },
	    { "wing", SUBJECT_TEXT },
	    { "category", SUBJECT_TEXT },
	    { "incentive", SUBJECT_TEXT } } },
	{ "custody",
	  "SELECT status, since FROM custody WHERE prisoner = ?1 LIMIT ?2",
	  { { "state", SUBJECT_CODE }, { "at", SUBJECT_TIME } } },
	{ "aliases",
	  "SELECT number, at FROM prisoner_alias WHERE prisoner = ?1 ORDER BY at DESC LIMIT ?2",
	  { { "number", SUBJECT_TEXT }, { "at", SUBJECT_TIME } } },
	{ "contacts",
	  "SELECT p.name, c.relationship, COALESCE(c.relationship_code, ''), c.part, c.decided_at "
	  "FROM contact c JOIN person p ON p.id = c.person WHERE c.prisoner = ?1 AND c.state = "
	  "'APPROVED' ORDER BY c.decided_at DESC, c.id LIMIT ?2",
	  { { "name", SUBJECT_TEXT },
	    { "relationship", SUBJECT_TEXT },
	    { "relationship_code", SUBJECT_CODE },
	    { "part", SUBJECT_CODE },
	    { "decided", SUBJECT_TIME } } },
	{ "visits", VISIT_COLUMNS "WHERE v.prisoner = ?1 ORDER BY v.start_at DESC, v.id LIMIT ?2",
	  VISIT_FIELDS },
	{ "recordings",
	  RECORDING_COLUMNS "WHERE v.prisoner = ?1 ORDER BY r.began_ms DESC, r.visit LIMIT ?2",
	  RECORDING_FIELDS },
	{ "ledger",
	  "SELECT kind, type, amount, at FROM ledger_entry WHERE prisoner = ?1 ORDER BY at DESC, "
	  "id "
	  "LIMIT ?2",
	  { { "kind", SUBJECT_CODE },
	    { "act", SUBJECT_CODE },
	    { "amount", SUBJECT_NUMBER },
	    { "at", SUBJECT_TIME } } },
	{ "asks",
	  "SELECT p.name, a.state, a.asked_at, a.reason FROM visit_ask a JOIN person p ON p.id = "
	  "a.person WHERE a.prisoner = ?1 ORDER BY a.asked_at DESC, a.id LIMIT ?2",
	  { { "name", SUBJECT_TEXT },
	    { "state", SUBJECT_CODE },
	    { "asked", SUBJECT_TIME },
	    { "reason", SUBJECT_TEXT } } },
	{ "standbys",
	  STANDBY_COLUMNS "WHERE s.prisoner = ?1 ORDER BY s.asked_at DESC, s.id LIMIT ?2",
	  STANDBY_FIELDS },
	{ "hints",
	  HINT_COLUMNS
	  "WHERE v.prisoner = ?1 AND h.seat = 0 ORDER BY h.made_at DESC, h.id LIMIT ?2",
	  HINT_FIELDS },
	{ "incidents",
	  INCIDENT_COLUMNS("told_prisoner",
			   "PRISONER") "WHERE v.prisoner = ?1 AND i.told_prisoner <> '' ORDER BY "
				       "i.decided_at DESC, i.id LIMIT ?2",
	  INCIDENT_FIELDS },
	{ "contact_asks",
	  "SELECT name, relationship, state, asked_at, reason FROM contact_ask WHERE prisoner = ?1 "
	  "ORDER BY asked_at DESC, id LIMIT ?2",
	  { { "name", SUBJECT_TEXT },
	    { "relationship", SUBJECT_TEXT },
	    { "state", SUBJECT_CODE },
	    { "asked", SUBJECT_TIME },
	    { "reason", SUBJECT_TEXT } } },
	{ "copies", COPY_COLUMNS "WHERE prisoner = ?1 ORDER BY made_at DESC, id LIMIT ?2",
	  COPY_FIELDS },
	{ "appointments",
	  "SELECT c.name, e.from_at, e.to_at FROM regime_event e JOIN regime_event_code c ON "
	  "c.code "
	  "= e.code WHERE e.prisoner = ?1 ORDER BY e.from_at DESC, e.id LIMIT ?2",
	  { { "name", SUBJECT_TEXT }, { "began", SUBJECT_TIME }, { "ended", SUBJECT_TIME } } },
};

_Static_assert(ARRAY_LEN(ACCOUNT_SOURCES) <= SUBJECT_SECTIONS_MAX, "all fit");
_Static_assert(ARRAY_LEN(PRISONER_SOURCES) <= SUBJECT_SECTIONS_MAX, "all fit");

static bool is_text(enum subject_field_kind kind)
{
	return kind == SUBJECT_TEXT || kind == SUBJECT_CODE;
}

static enum err read_section(struct store *store, struct arena *arena, const struct source *source,
			     int64_t subject, struct subject_section *out)
{
	struct subject_section s = { .name = source->name, .fields = source->fields };
	struct subject_value(*row)[SUBJECT_FIELDS_MAX];
	struct query q = query_of(store, source->sql);
	while (s.fields_len < SUBJECT_FIELDS_MAX && source->fields[s.fields_len].name != NULL)
		s.fields_len++;
	query_int(&q, subject);
	query_int(&q, SUBJECT_ROWS_MAX);
	while (query_row(&q) && (row = list_next(arena, &s.rows, &s.count, sizeof *row)) != NULL)
		for (size_t i = 0; i < s.fields_len; i++) {
			if (is_text(source->fields[i].kind))
				(*row)[i].text = query_column_str(&q, arena, (int)i);
			else
				(*row)[i].number = query_column(&q, (int)i);
		}
	*out = s;
	return query_end(&q);
}

enum err store_subject_read(struct store *store, struct arena *arena, struct subject subject,
			    struct subject_data *out)
{
	bool prisoner = subject.kind == SUBJECT_PRISONER;
	const struct source *sources = prisoner ? PRISONER_SOURCES : ACCOUNT_SOURCES;
	size_t count = prisoner ? ARRAY_LEN(PRISONER_SOURCES) : ARRAY_LEN(ACCOUNT_SOURCES);
	enum err err = OK;
	*out = (struct subject_data){ 0 };
	for (size_t i = 0; err == OK && i < count; i++)
		err = read_section(store, arena, &sources[i], subject.id,
				   &out->sections[out->count++]);
	return err;
}

/* ---- who looked ---- */

#define LOOKS_OF_VISITS(whose)                                                                     \
	"SELECT l.at, l.role, l.prison, l.verb, v.reference FROM audit_leaf l "                    \
	"JOIN visit v ON v.id = l.object_id WHERE " whose " = ?1 AND l.object = 'recording' "      \
	"AND l.verb IN ('recording.open', 'recording.export') AND l.at < ?2 "                      \
	"UNION ALL SELECT l.at, l.role, l.prison, l.verb, v.reference FROM audit_leaf l "          \
	"JOIN visit v ON v.id = l.object_id WHERE " whose " = ?1 AND l.object = 'visit' "          \
	"AND l.verb = 'data.look' "                                                                \
	"UNION ALL SELECT m.at, 'monitor', v.prison, 'monitor.begin', v.reference "                \
	"FROM monitoring m JOIN visit v ON v.id = m.visit WHERE " whose " = ?1 AND m.told <> '' "  \
	"UNION ALL SELECT l.at, l.role, l.prison, l.verb, '' FROM audit_leaf l "                   \
	"WHERE l.object_id = ?1 AND (l.verb = 'data.copy' OR l.verb = 'data.look') "
static const char ACCOUNT_LOOKS[] = LOOKS_OF_VISITS(
    "v.booker") "UNION ALL SELECT l.at, l.role, l.prison, l.verb, '' FROM audit_leaf l "
		"JOIN person p ON p.id = l.object_id WHERE p.booker = ?1 AND l.object = 'person' "
		"AND l.verb IN ('identity.look', 'data.look') ORDER BY 1 DESC LIMIT ?3";
static const char PRISONER_LOOKS[] = LOOKS_OF_VISITS("v.prisoner") "ORDER BY 1 DESC LIMIT ?3";

static enum audit_verb verb_of(struct str name)
{
	enum audit_verb verb = AUDIT_VERB_COUNT;
	(void)audit_verb_of(name, &verb);
	return verb;
}

enum err store_subject_looks(struct store *store, struct arena *arena, struct subject subject,
			     struct wall recordings_before, struct subject_looks *out)
{
	struct subject_looks found = { 0 };
	struct subject_look *next;
	struct query q =
	    query_of(store, subject.kind == SUBJECT_PRISONER ? PRISONER_LOOKS : ACCOUNT_LOOKS);
	query_int(&q, subject.id);
	query_int(&q, recordings_before.s);
	query_int(&q, SUBJECT_LOOKS_MAX);
	while (query_row(&q) &&
	       (next = list_next(arena, &found.list, &found.count, sizeof *next)) != NULL)
		*next = (struct subject_look){ .at = query_column_wall(&q, 0),
					       .role = row_role(&q, 1),
					       .prison = row_code(&q, 2),
					       .what = verb_of(query_column_peek(&q, 3)),
					       .reference = row_reference(&q, 4) };
	*out = found;
	return query_end(&q);
}

/* ---- forgetting ---- */

static const char FACTS[] =
    "SELECT (SELECT COUNT(*) FROM visit WHERE booker = ?1 AND state IN ('REQUESTED', 'BOOKED', "
    "'LOBBY', 'LIVE')), "
    "(SELECT COUNT(*) FROM waiting WHERE booker = ?1 AND state = 'WAITING'), "
    "(SELECT COUNT(*) FROM recording r JOIN visit v ON v.id = r.visit WHERE v.booker = ?1 "
    "AND r.erased_at = 0), "
    "(SELECT COUNT(*) FROM incident i JOIN visit v ON v.id = i.visit WHERE v.booker = ?1 "
    "AND (i.outcome = '' OR EXISTS (SELECT 1 FROM incident_appeal a WHERE a.incident = i.id "
    "AND a.state = 'ASKED'))), "
    "(SELECT COUNT(*) FROM restriction x JOIN person p ON p.id = x.person WHERE p.booker = ?1 "
    "AND x.ended_at = 0 AND (x.to_day IS NULL OR x.to_day >= ?2)), "
    "(SELECT COUNT(*) FROM professional WHERE account = ?1 AND state IN ('ASKED', 'SEEN', "
    "'VERIFIED')), "
    "(SELECT COUNT(*) FROM account WHERE id = ?1 AND staff = 1)";

enum err store_erasure_facts(struct store *store, struct account_id account, struct wall now,
			     struct erasure_facts *out)
{
	struct erasure_facts facts = { 0 };
	struct query q = query_of(store, FACTS);
	query_int(&q, account.n);
	query_int(&q, now.s / 86400);
	if (query_row(&q))
		facts = (struct erasure_facts){
			.visits = query_column(&q, 0),
			.waiting = query_column(&q, 1),
			.recordings = query_column(&q, 2),
			.incidents = query_column(&q, 3),
			.restrictions = query_column(&q, 4),
			.professional = query_column(&q, 5),
			.staff = query_column(&q, 6),
		};
	*out = facts;
	return query_end_one(&q);
}

/* What stands where a name or words stood; ?1 is the account.  Where a rule of the schema wants words, a dash stays. */
#define THEIR_PEOPLE   "(SELECT id FROM person WHERE booker = ?1)"
#define THEIR_VISITS   "(SELECT id FROM visit WHERE booker = ?1)"
#define THEIR_CONTACTS "(SELECT id FROM contact WHERE person IN " THEIR_PEOPLE ")"
static const char *const FORGET[] = {
	"DELETE FROM web_session WHERE account = ?1",
	"DELETE FROM identity_picture WHERE person IN " THEIR_PEOPLE,
	"DELETE FROM identity WHERE person IN " THEIR_PEOPLE,
	"DELETE FROM message WHERE account = ?1",
	"DELETE FROM reach WHERE account = ?1",
	"DELETE FROM mobile_code WHERE account = ?1",
	"DELETE FROM hint WHERE seat > 0 AND visit IN " THEIR_VISITS,
	"DELETE FROM contact_mismatch WHERE account = ?1",
	"DELETE FROM audit_salt WHERE seq IN (SELECT seq FROM audit_leaf WHERE account = ?1)",
	"UPDATE adjustment SET words = '–' WHERE words <> '' AND contact IN " THEIR_CONTACTS,
	"UPDATE contact SET relationship = '' WHERE person IN " THEIR_PEOPLE,
	"UPDATE contact SET reason = '–' WHERE reason <> '' AND person IN " THEIR_PEOPLE,
	"UPDATE visit_visitor SET refused_reason = '–' WHERE refused_reason <> '' AND person "
	"IN " THEIR_PEOPLE,
	"UPDATE visit_act SET words = '', words_cy = '' WHERE by_account = ?1",
	"UPDATE incident_appeal SET words = '–' WHERE appellant = 'VISITOR' AND incident IN "
	"(SELECT id FROM incident WHERE visit IN " THEIR_VISITS ")",
	"UPDATE data_copy SET recipient_name = '–' WHERE recipient_name <> '' AND account = ?1",
	"UPDATE person SET name = '–', born = 0 WHERE booker = ?1",
};
static const char FORGET_ACCOUNT[] =
    "UPDATE account SET name = '–', email = ?2, password_hash = '!' WHERE id = ?1";

enum err store_account_erase(struct store *store, struct account_id account, int64_t *rows)
{
	char nobody[64];
	int64_t before = store_changes(store);
	enum err err = OK;
	for (size_t i = 0; err == OK && i < ARRAY_LEN(FORGET); i++) {
		struct query q = query_of(store, FORGET[i]);
		query_int(&q, account.n);
		err = query_end(&q);
	}
	if (err != OK)
		return err;
	snprintf(nobody, sizeof nobody, "erased-%lld@invalid", (long long)account.n);
	struct query q = query_of(store, FORGET_ACCOUNT);
	query_int(&q, account.n);
	query_text(&q, nobody);
	err = query_change(&q);
	*rows = store_changes(store) - before;
	return err;
}
