#include "store/retention.h"

#include "base/assert.h"
#include "store/query.h"

/* What ?1, ?2 … of a query are. */
enum bound {
	BIND_NOTHING,
	BIND_PRISON = 1 << 0,
	BIND_NOW = 1 << 1,
	BIND_SINCE = 1 << 2, /* now less the days of the rule */
};

#define COUNT_OF(at, overdue)                                                                      \
	"SELECT COUNT(*), COALESCE(MIN(" at "), 0), COALESCE(SUM(CASE WHEN " overdue               \
	" THEN 1 ELSE 0 END), 0) FROM "
#define NEVER    "1 = 0"
#define OF_VISIT "JOIN visit v ON v.id = x.visit WHERE (?1 = '' OR v.prison = ?1) "

/* Each gives how many there are, since when the oldest, and how many are overdue. */
static const struct {
	const char *name;
	enum policy_name rule;
	unsigned bound;
	const char *tables; /* where data of that kind stands */
	const char *sql;
} KINDS[] = {
	{ "recordings", POLICY_RECORDING_DAYS, BIND_PRISON | BIND_NOW,
	  "recording recording_segment recording_gap",
	  COUNT_OF("x.began_ms / 1000",
		   "x.keep_until <= ?2 AND NOT EXISTS (SELECT 1 FROM legal_hold h WHERE h.visit = "
		   "x.visit AND h.state IN ('HELD', 'ASKED'))") "recording x " OF_VISIT
								"AND x.erased_at = 0" },
	{ "holds", POLICY_LEGAL_HOLD_DAYS, BIND_PRISON | BIND_NOW, "legal_hold",
	  COUNT_OF("x.asked_at", "x.review_at <= ?2") "legal_hold x " OF_VISIT
						      "AND x.state = 'HELD'" },
	{ "documents", POLICY_IDENTITY_DOCUMENT_DAYS, BIND_NOW, "identity_picture",
	  COUNT_OF("x.taken_at",
		   "x.keep_until <= ?1") "identity_picture x WHERE x.picture = 'DOCUMENT'" },
	{ "portraits", POLICY_IDENTITY_PORTRAIT_DAYS, BIND_NOW, "identity_picture",
	  COUNT_OF("x.taken_at",
		   "x.keep_until <= ?1") "identity_picture x WHERE x.picture = 'PORTRAIT'" },
	{ "messages", POLICY_MESSAGE_KEEP_DAYS, BIND_PRISON | BIND_SINCE, "message",
	  COUNT_OF("x.made_at", "x.made_at <= ?2") "message x WHERE (?1 = '' OR x.prison = ?1)" },
	{ "reach", POLICY_COUNT, BIND_NOTHING, "reach",
	  COUNT_OF("x.changed_at", NEVER) "reach x WHERE x.mobile <> '' OR x.line1 <> ''" },
	{ "mobile_codes", POLICY_COUNT, BIND_NOW, "mobile_code",
	  COUNT_OF("x.made_at", "x.made_at <= ?1 - 2 * 86400") "mobile_code x" },
	{ "sessions", POLICY_COUNT, BIND_NOW, "web_session prisoner_session",
	  COUNT_OF("x.seen", "x.expires <= ?1") "web_session x" },
	{ "accounts", POLICY_COUNT, BIND_NOTHING, "account staff_role person professional firm",
	  COUNT_OF("x.created_at", NEVER) "account x WHERE x.staff = 0 AND x.email NOT LIKE "
					  "'erased-%@invalid'" },
	{ "visits", POLICY_COUNT, BIND_PRISON,
	  "visit visit_visitor visit_home visit_link visit_outcome "
	  "visit_request visit_review visit_cancellation visit_apart "
	  "visit_ask application slot_use escort not_produced",
	  COUNT_OF("x.start_at", NEVER) "visit x WHERE (?1 = '' OR x.prison = ?1)" },
	{ "incidents", POLICY_COUNT, BIND_PRISON, "incident incident_appeal",
	  COUNT_OF("x.opened_at", NEVER) "incident x " OF_VISIT },
	{ "hints", POLICY_COUNT, BIND_PRISON | BIND_NOW, "hint",
	  COUNT_OF("x.made_at", "x.made_at <= ?2 - 91 * 86400") "hint x " OF_VISIT },
	{ "contacts", POLICY_COUNT, BIND_NOTHING,
	  "contact contact_ask contact_mismatch listed_contact identity adjustment",
	  COUNT_OF("x.requested_at", NEVER) "contact x" },
	{ "prisoners", POLICY_PRISONER_KEEP_DAYS, BIND_PRISON | BIND_SINCE,
	  "prisoner prisoner_alias prisoner_pin custody regime_event allowance_entry ledger_entry",
	  COUNT_OF("c.since",
		   "c.since <= ?2") "prisoner x LEFT JOIN custody c ON c.prisoner = x.id AND "
				    "c.status = 'RELEASED' WHERE x.forgotten_at = 0 AND "
				    "(?1 = '' OR x.prison = ?1)" },
	{ "safeguards", POLICY_COUNT, BIND_PRISON,
	  "restriction alert child_decision non_association non_association_day",
	  COUNT_OF("x.made_at", NEVER) "restriction x WHERE (?1 = '' OR x.prison = ?1)" },
	{ "waiting", POLICY_COUNT, BIND_NOTHING,
	  "waiting waiting_person waiting_offer freed_time standby",
	  COUNT_OF("x.asked_at", NEVER) "waiting x" },
	{ "oversight", POLICY_COUNT, BIND_PRISON,
	  "visit_act monitoring watch_assignment watch_draw",
	  COUNT_OF("x.at", NEVER) "monitoring x " OF_VISIT },
	{ "authorisations", POLICY_COUNT, BIND_PRISON, "monitoring_authorisation",
	  COUNT_OF("x.requested_at",
		   NEVER) "monitoring_authorisation x WHERE (?1 = '' OR x.prison = ?1)" },
	{ "accesses", POLICY_COUNT, BIND_PRISON,
	  "recording_access recording_export recording_export_file",
	  COUNT_OF("x.asked_at", NEVER) "recording_access x " OF_VISIT },
	{ "copies", POLICY_COUNT, BIND_PRISON, "data_copy",
	  COUNT_OF("x.made_at", NEVER) "data_copy x WHERE (?1 = '' OR x.prison = ?1)" },
	{ "events", POLICY_MESSAGE_KEEP_DAYS, BIND_PRISON | BIND_SINCE, "webhook_event",
	  COUNT_OF("x.at", "x.state <> 'WAITING' AND x.changed_at <= ?2") "webhook_event x WHERE "
									  "(?1 = '' OR x.prison = "
									  "?1)" },
	{ "log", POLICY_COUNT, BIND_NOTHING, "audit_leaf audit_salt",
	  "SELECT COALESCE(MAX(seq), 0), COALESCE(MIN(at), 0), 0 FROM audit_leaf" },
};
/* Of places, rules, figures and machines. */
static const char *const NOBODYS[] = {
	"alert_rule api_key audit_checkpoint audit_cosignature audit_node audit_witness "
	"exclude_date",
	"incentive_amount line_day place_block prepared_warning prison prison_policy "
	"published_figure",
	"reference_code regime_event_code relationship room room_feed room_usage",
	"migration service_alive session_group session_template shared_secret source",
	"statistics_run terminal terminal_challenge transitional_location visit_count wait_count",
	"webhook",
};

_Static_assert(ARRAY_LEN(KINDS) <= RETENTION_MAX, "all fit");

static bool is_named(const char *names, struct str table)
{
	struct str rest = str_from(names);
	while (!str_empty(rest))
		if (str_equal(str_cut(&rest, ' '), table))
			return true;
	return false;
}

bool retention_knows(struct str table)
{
	for (size_t i = 0; i < ARRAY_LEN(KINDS); i++)
		if (is_named(KINDS[i].tables, table))
			return true;
	for (size_t i = 0; i < ARRAY_LEN(NOBODYS); i++)
		if (is_named(NOBODYS[i], table))
			return true;
	return false;
}

enum err store_retention_read(struct store *store, struct prison_code prison, struct wall now,
			      const struct policy *policy, struct retention *out)
{
	enum err err = OK;
	*out = (struct retention){ 0 };
	for (size_t i = 0; err == OK && i < ARRAY_LEN(KINDS); i++) {
		struct retention_kind *kind = &out->kinds[out->count++];
		struct query q = query_of(store, KINDS[i].sql);
		*kind = (struct retention_kind){ .name = KINDS[i].name, .rule = KINDS[i].rule };
		if (kind->rule < POLICY_COUNT)
			kind->days = policy->values[kind->rule];
		if (KINDS[i].bound & BIND_PRISON)
			query_text(&q, prison.text);
		if (KINDS[i].bound & BIND_NOW)
			query_int(&q, now.s);
		if (KINDS[i].bound & BIND_SINCE)
			query_int(&q, now.s - kind->days * 86400);
		if (query_row(&q)) {
			kind->count = query_column(&q, 0);
			kind->oldest = query_column_wall(&q, 1);
			kind->overdue = query_column(&q, 2);
		}
		err = query_end_one(&q);
	}
	return err;
}
