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
	const char *sql;
} KINDS[] = {
	{ "recordings", POLICY_RECORDING_DAYS, BIND_PRISON | BIND_NOW,
	  COUNT_OF("x.began_ms / 1000",
		   "x.keep_until <= ?2 AND NOT EXISTS (SELECT 1 FROM legal_hold h WHERE h.visit = "
		   "x.visit AND h.state IN ('HELD', 'ASKED'))") "recording x " OF_VISIT
								"AND x.erased_at = 0" },
	{ "holds", POLICY_LEGAL_HOLD_DAYS, BIND_PRISON | BIND_NOW,
	  COUNT_OF("x.asked_at", "x.review_at <= ?2") "legal_hold x " OF_VISIT
						      "AND x.state = 'HELD'" },
	{ "documents", POLICY_IDENTITY_DOCUMENT_DAYS, BIND_NOW,
	  COUNT_OF("x.taken_at",
		   "x.keep_until <= ?1") "identity_picture x WHERE x.picture = 'DOCUMENT'" },
	{ "portraits", POLICY_IDENTITY_PORTRAIT_DAYS, BIND_NOW,
	  COUNT_OF("x.taken_at",
		   "x.keep_until <= ?1") "identity_picture x WHERE x.picture = 'PORTRAIT'" },
	{ "messages", POLICY_MESSAGE_KEEP_DAYS, BIND_PRISON | BIND_SINCE,
	  COUNT_OF("x.made_at", "x.made_at <= ?2") "message x WHERE (?1 = '' OR x.prison = ?1)" },
	{ "reach", POLICY_COUNT, BIND_NOTHING,
	  COUNT_OF("x.changed_at", NEVER) "reach x WHERE x.mobile <> '' OR x.line1 <> ''" },
	{ "mobile_codes", POLICY_COUNT, BIND_NOW,
	  COUNT_OF("x.made_at", "x.made_at <= ?1 - 2 * 86400") "mobile_code x" },
	{ "sessions", POLICY_COUNT, BIND_NOW,
	  COUNT_OF("x.seen", "x.expires <= ?1") "web_session x" },
	{ "accounts", POLICY_COUNT, BIND_NOTHING,
	  COUNT_OF("x.created_at", NEVER) "account x WHERE x.staff = 0 AND x.email NOT LIKE "
					  "'erased-%@invalid'" },
	{ "visits", POLICY_COUNT, BIND_PRISON,
	  COUNT_OF("x.start_at", NEVER) "visit x WHERE (?1 = '' OR x.prison = ?1)" },
	{ "incidents", POLICY_COUNT, BIND_PRISON,
	  COUNT_OF("x.opened_at", NEVER) "incident x " OF_VISIT },
	{ "hints", POLICY_COUNT, BIND_PRISON | BIND_NOW,
	  COUNT_OF("x.made_at", "x.made_at <= ?2 - 91 * 86400") "hint x " OF_VISIT },
	{ "log", POLICY_COUNT, BIND_NOTHING,
	  "SELECT COALESCE(MAX(seq), 0), COALESCE(MIN(at), 0), 0 FROM audit_leaf" },
};
_Static_assert(ARRAY_LEN(KINDS) <= RETENTION_MAX, "all fit");

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
