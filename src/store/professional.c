#include "store/professional.h"

#include "store/list_priv.h"
#include "store/query.h"

static const char FIRM_FIND[] = "SELECT id FROM firm WHERE name = ?1";
static const char FIRM_INSERT[] = "INSERT INTO firm (id, name) VALUES (?1, ?2)";
static const char INSERT[] =
    "INSERT INTO professional (account, person, firm, profession, regulator_id, state, asked_at, "
    "first_at, second_at, ended_at, reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, 0, 0, '')";
#define COLUMNS                                                                                    \
	"SELECT p.account, p.person, p.firm, a.name, a.email, f.name, p.profession, "              \
	"p.regulator_id, p.state, p.asked_at, COALESCE(p.first_by, 0), p.first_at, "               \
	"COALESCE(p.second_by, 0), p.second_at, COALESCE(p.ended_by, 0), p.ended_at, p.reason "    \
	"FROM professional p JOIN account a ON a.id = p.account JOIN firm f ON f.id = p.firm "
static const char FIND[] = COLUMNS "WHERE p.account = ?1";
static const char FIND_PERSON[] = COLUMNS "WHERE p.person = ?1";
static const char LIST[] = COLUMNS "WHERE p.state IN ('ASKED', 'SEEN', 'VERIFIED') "
				   "ORDER BY p.state = 'VERIFIED', p.asked_at, a.name LIMIT ?1";
static const char UPDATE[] =
    "UPDATE professional SET state = ?1, first_by = ?2, first_at = ?3, second_by = ?4, "
    "second_at = ?5, ended_by = ?6, ended_at = ?7, reason = ?8 WHERE account = ?9";

enum err store_firm_find(struct store *store, struct str name, int64_t *out)
{
	struct query q = query_of(store, FIRM_FIND);
	query_str(&q, name);
	if (query_row(&q))
		*out = query_column(&q, 0);
	return query_end_one(&q);
}

enum err store_firm_insert(struct store *store, int64_t id, struct str name)
{
	struct query q = query_of(store, FIRM_INSERT);
	query_int(&q, id);
	query_str(&q, name);
	return query_end(&q);
}

enum err store_professional_insert(struct store *store, const struct professional *p)
{
	struct query q = query_of(store, INSERT);
	query_int(&q, p->account.n);
	query_int(&q, p->person.n);
	query_int(&q, p->firm);
	query_text(&q, profession_name(p->profession));
	query_str(&q, p->regulator_id);
	query_text(&q, professional_state_name(p->state));
	query_int(&q, p->asked_at.s);
	return query_end(&q);
}

static struct professional row(const struct query *q, struct arena *arena)
{
	struct professional p = {
		.account = { query_column(q, 0) },
		.person = { query_column(q, 1) },
		.firm = query_column(q, 2),
		.name = query_column_str(q, arena, 3),
		.email = query_column_str(q, arena, 4),
		.firm_name = query_column_str(q, arena, 5),
		.regulator_id = query_column_str(q, arena, 7),
		.asked_at = query_column_wall(q, 9),
		.first_by = { query_column(q, 10) },
		.first_at = query_column_wall(q, 11),
		.second_by = { query_column(q, 12) },
		.second_at = query_column_wall(q, 13),
		.ended_by = { query_column(q, 14) },
		.ended_at = query_column_wall(q, 15),
		.reason = query_column_str(q, arena, 16),
	};
	(void)profession_of(query_column_peek(q, 6), &p.profession);
	if (!professional_state_of(query_column_peek(q, 8), &p.state))
		p.state = PROFESSIONAL_REVOKED; /* fail closed */
	return p;
}

enum err store_professional_find(struct store *store, struct arena *arena,
				 struct account_id account, struct professional *out)
{
	struct query q = query_of(store, FIND);
	query_int(&q, account.n);
	if (query_row(&q))
		*out = row(&q, arena);
	return query_end_one(&q);
}

enum err store_professional_find_person(struct store *store, struct arena *arena,
					struct person_id person, struct professional *out)
{
	struct query q = query_of(store, FIND_PERSON);
	query_int(&q, person.n);
	if (query_row(&q))
		*out = row(&q, arena);
	return query_end_one(&q);
}

enum err store_professional_list(struct store *store, struct arena *arena, int limit,
				 struct store_professionals *out)
{
	struct query q = query_of(store, LIST);
	struct store_professionals found = { 0 };
	struct professional *next;
	query_int(&q, limit);
	while (query_row(&q) && (next = list_next(arena, &found.list, &found.count, sizeof *next)))
		*next = row(&q, arena);
	*out = found;
	return query_end(&q);
}

enum err store_professional_update(struct store *store, const struct professional *p)
{
	struct query q = query_of(store, UPDATE);
	query_text(&q, professional_state_name(p->state));
	query_int_or_null(&q, p->first_by.n);
	query_int(&q, p->first_at.s);
	query_int_or_null(&q, p->second_by.n);
	query_int(&q, p->second_at.s);
	query_int_or_null(&q, p->ended_by.n);
	query_int(&q, p->ended_at.s);
	query_str(&q, p->reason);
	query_int(&q, p->account.n);
	return query_change(&q);
}
