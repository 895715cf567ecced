#include "store/prisoner_erasure.h"

#include <stdio.h>

#include "base/assert.h"
#include "domain/prisoner.h"
#include "store/query.h"

static const char RELEASED[] =
    "SELECT c.prisoner FROM custody c JOIN prisoner r ON r.id = c.prisoner WHERE c.prisoner > ?1 "
    "AND c.status = 'RELEASED' AND c.since <= ?2 AND r.forgotten_at = 0 "
    "ORDER BY c.prisoner LIMIT 1";

enum err store_prisoner_released(struct store *store, struct prisoner_id after, struct wall before,
				 struct prisoner_id *out)
{
	struct query q = query_of(store, RELEASED);
	query_int(&q, after.n);
	query_int(&q, before.s);
	if (query_row(&q))
		out->n = query_column(&q, 0);
	return query_end_one(&q);
}

static const char FACTS[] =
    "SELECT (SELECT COALESCE(MAX(since), 0) FROM custody WHERE prisoner = ?1 AND status = "
    "'RELEASED'), "
    "(SELECT COUNT(*) FROM visit WHERE prisoner = ?1 AND state IN ('REQUESTED', 'BOOKED', "
    "'LOBBY', 'LIVE')), "
    "(SELECT COUNT(*) FROM recording r JOIN visit v ON v.id = r.visit WHERE v.prisoner = ?1 "
    "AND r.erased_at = 0), "
    "(SELECT COUNT(*) FROM incident i JOIN visit v ON v.id = i.visit WHERE v.prisoner = ?1 "
    "AND (i.outcome = '' OR EXISTS (SELECT 1 FROM incident_appeal a WHERE a.incident = i.id "
    "AND a.state = 'ASKED'))), "
    "(SELECT COUNT(*) FROM restriction WHERE prisoner = ?1 AND ended_at = 0 AND (to_day IS NULL "
    "OR to_day >= ?2)), "
    "(SELECT COUNT(*) FROM monitoring_authorisation WHERE prisoner = ?1 AND (state = 'REQUESTED' "
    "OR (state = 'GRANTED' AND until_at > ?3)))";

enum err store_prisoner_erasure_facts(struct store *store, struct prisoner_id prisoner,
				      struct wall now, struct prisoner_erasure_facts *out)
{
	struct query q = query_of(store, FACTS);
	query_int(&q, prisoner.n);
	query_int(&q, now.s / 86400);
	query_int(&q, now.s);
	if (query_row(&q))
		*out = (struct prisoner_erasure_facts){
			.released = { query_column(&q, 0) },
			.visits = query_column(&q, 1),
			.recordings = query_column(&q, 2),
			.incidents = query_column(&q, 3),
			.restrictions = query_column(&q, 4),
			.authorisations = query_column(&q, 5),
		};
	return query_end_one(&q);
}

/* ?1 is the prisoner.  Where a rule of the schema wants words, dashes stay. */
#define THEM                                                                                       \
	"(SELECT id FROM prisoner WHERE id = ?1 OR id IN (SELECT prisoner FROM custody WHERE "     \
	"merged_into = ?1))"
#define THEIR_VISITS "(SELECT id FROM visit WHERE prisoner IN " THEM ")"
#define DASHES       "'––––––––––––––––––––'" /* 20, as the longest of those rules wants */
#define OWN(table)   "(SELECT id FROM " table " WHERE prisoner IN " THEM ")"
#define APART        "(SELECT id FROM non_association WHERE a IN " THEM " OR b IN " THEM ")"
/* Without it the log's commitment to the words of an entry says nothing any more. */
#define SALTS(object, ids)                                                                         \
	"DELETE FROM audit_salt WHERE seq IN (SELECT seq FROM audit_leaf WHERE object = '" object  \
	"' AND object_id IN " ids ")"
static const char *const FORGET[] = {
	/* While it is still known which entries are about them. */
	SALTS("prisoner", THEM),
	SALTS("visit", THEIR_VISITS),
	SALTS("recording", THEIR_VISITS),
	SALTS("incident", "(SELECT id FROM incident WHERE visit IN " THEIR_VISITS ")"),
	SALTS("alert", OWN("alert")),
	SALTS("restriction", OWN("restriction")),
	SALTS("authorisation", OWN("monitoring_authorisation")),
	SALTS("non_association", APART),
	SALTS("contact", OWN("contact")),
	SALTS("ask", OWN("visit_ask")),
	SALTS("ask", OWN("contact_ask")),
	"DELETE FROM prisoner_session WHERE prisoner IN " THEM,
	"DELETE FROM prisoner_pin WHERE prisoner IN " THEM,
	"DELETE FROM prisoner_alias WHERE prisoner IN " THEM,
	"DELETE FROM listed_contact WHERE prisoner IN " THEM,
	"DELETE FROM contact_ask WHERE prisoner IN " THEM,
	"DELETE FROM visit_ask WHERE prisoner IN " THEM,
	"DELETE FROM adjustment WHERE contact IN " OWN("contact"),
	"DELETE FROM contact WHERE prisoner IN " THEM,
	"DELETE FROM child_decision WHERE prisoner IN " THEM,
	"DELETE FROM alert WHERE prisoner IN " THEM,
	"DELETE FROM non_association_day WHERE (a, b) IN (SELECT a, b FROM non_association WHERE a "
	"IN " THEM " OR b IN " THEM ")",
	"DELETE FROM non_association WHERE id IN " APART,
	"DELETE FROM regime_event WHERE prisoner IN " THEM,
	"DELETE FROM hint WHERE visit IN " THEIR_VISITS,
	"UPDATE restriction SET comment = '–', authorised_by = '–', visitor_born = 0, visitor_name "
	"= CASE WHEN visitor_name = '' THEN '' ELSE '–' END, end_reason = CASE WHEN end_reason = "
	"'' THEN '' ELSE '–' END WHERE prisoner IN " THEM,
	"UPDATE incident SET evidence = '–', follow_up = '', told = '', told_prisoner = '' WHERE "
	"visit IN " THEIR_VISITS,
	"UPDATE incident_appeal SET words = '–', reason = '' WHERE incident IN (SELECT id FROM "
	"incident WHERE visit IN " THEIR_VISITS ")",
	"UPDATE monitoring_authorisation SET necessity = " DASHES ", proportionality = " DASHES
	", reason = '' WHERE prisoner IN " THEM,
	"UPDATE monitoring SET words = " DASHES " WHERE visit IN " THEIR_VISITS,
	"UPDATE watch_assignment SET reason = '–' WHERE visit IN " THEIR_VISITS,
	"UPDATE recording_access SET reason = " DASHES ", decided_reason = '' WHERE visit "
	"IN " THEIR_VISITS,
	"UPDATE recording_export SET reason = " DASHES " WHERE access IN (SELECT id FROM "
	"recording_access WHERE visit IN " THEIR_VISITS ")",
	"UPDATE data_copy SET recipient_name = '–' WHERE recipient_name <> '' AND prisoner "
	"IN " THEM,
	"UPDATE legal_hold SET matter = '–', reason = " DASHES ", decided_reason = '', "
	"reviewed_reason = '' WHERE visit IN " THEIR_VISITS,
	"UPDATE not_produced SET words = '' WHERE visit IN " THEIR_VISITS,
	"UPDATE visit_outcome SET words = '' WHERE visit IN " THEIR_VISITS,
	"UPDATE visit_request SET reason = '' WHERE visit IN " THEIR_VISITS,
	"UPDATE visit_review SET reason = '' WHERE visit IN " THEIR_VISITS,
	"UPDATE visit_act SET words = '', words_cy = '' WHERE visit IN " THEIR_VISITS,
	"UPDATE visit_visitor SET refused_reason = '–' WHERE refused_reason <> '' AND visit "
	"IN " THEIR_VISITS,
	"UPDATE visit SET end_reason = '–' WHERE end_reason <> '' AND prisoner IN " THEM,
};

/* ---- the record itself, and those that were merged into it ---- */

static const char NEXT[] =
    "SELECT id, (SELECT COUNT(*) FROM prisoner WHERE forgotten_at <> 0) FROM prisoner WHERE id "
    "IN " THEM " AND forgotten_at = 0 ORDER BY id LIMIT 1";
static const char FORGET_RECORD[] =
    "UPDATE prisoner SET number = ?2, name = '–', born = 0, wing = '', level2 = '', level3 = '', "
    "level4 = '', category = '', incentive = '', forgotten_at = ?3 WHERE id = ?1";

/* "-" and six digits of base 36: it fits where a number stands, and is none. */
static struct prisoner_number number_of_nobody(int64_t nth)
{
	static const char DIGITS[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	struct prisoner_number number = { "-000000" };
	for (size_t at = PRISONER_NUMBER_LEN - 1; at > 0; at--) {
		number.text[at] = DIGITS[nth % 36];
		nth /= 36;
	}
	ASSERT(nth == 0);
	return number;
}

/* ERR_NOT_FOUND: all are forgotten. */
static enum err forget_record(struct store *store, struct prisoner_id prisoner, struct wall now)
{
	int64_t id = 0, forgotten = 0;
	struct query next = query_of(store, NEXT);
	query_int(&next, prisoner.n);
	if (query_row(&next)) {
		id = query_column(&next, 0);
		forgotten = query_column(&next, 1);
	}
	enum err err = query_end_one(&next);
	if (err != OK)
		return err;
	struct prisoner_number number = number_of_nobody(forgotten);
	struct query q = query_of(store, FORGET_RECORD);
	query_int(&q, id);
	query_text(&q, number.text);
	query_int(&q, now.s);
	return query_change(&q);
}

enum err store_prisoner_erase(struct store *store, struct prisoner_id prisoner, struct wall now,
			      int64_t *rows)
{
	int64_t before = store_changes(store);
	enum err err = OK;
	for (size_t i = 0; err == OK && i < ARRAY_LEN(FORGET); i++) {
		struct query q = query_of(store, FORGET[i]);
		query_int(&q, prisoner.n);
		err = query_end(&q);
	}
	while (err == OK)
		err = forget_record(store, prisoner, now);
	*rows = store_changes(store) - before;
	return err == ERR_NOT_FOUND ? OK : err;
}
