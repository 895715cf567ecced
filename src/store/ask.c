#include "store/ask.h"

#include "store/list_priv.h"
#include "store/query.h"
#include "store/row_priv.h"

#define SELECT                                                                                     \
	"SELECT a.id, a.prisoner, z.name, z.number, z.prison, a.person, p.name, a.state, "         \
	"a.asked_at, a.lapses_at, a.reason FROM visit_ask a "                                      \
	"JOIN prisoner z ON z.id = a.prisoner JOIN person p ON p.id = a.person "
static const char INSERT[] =
    "INSERT INTO visit_ask (id, prisoner, person, state, asked_at, lapses_at, reason, decided_by, "
    "decided_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, '', ?7, ?8)";
static const char FIND[] = SELECT "WHERE a.id = ?1";
static const char LAST[] =
    SELECT "WHERE a.prisoner = ?1 AND a.person = ?2 ORDER BY a.asked_at DESC, a.id LIMIT 1";
static const char LIST_OF[] =
    SELECT "WHERE a.prisoner = ?1 ORDER BY a.asked_at DESC, a.id LIMIT ?2";
static const char LIST_FOR[] = SELECT
    "WHERE p.booker = ?1 AND a.state = 'OPEN' AND a.lapses_at > ?2 ORDER BY a.asked_at, a.id";
static const char LIST_AT[] =
    SELECT "WHERE a.state = 'STAFF' AND z.prison = ?1 AND a.lapses_at > ?2 "
	   "ORDER BY a.asked_at, a.id LIMIT ?3";
static const char SET_STATE[] =
    "UPDATE visit_ask SET state = ?1, decided_by = ?2, decided_at = ?3, reason = ?4 "
    "WHERE id = ?5 AND decided_at = 0";
static const char BOOKED[] = "UPDATE visit_ask SET state = 'BOOKED', decided_at = ?1 "
			     "WHERE prisoner = ?2 AND person = ?3 AND decided_at = 0";
static const char NO_ASKS[] = "SELECT no_asks FROM contact WHERE person = ?1 AND prisoner = ?2";
static const char SET_NO_ASKS[] =
    "UPDATE contact SET no_asks = ?1 WHERE person = ?2 AND prisoner = ?3";

#define CONTACT_SELECT                                                                             \
	"SELECT a.id, a.prisoner, z.name, z.number, z.prison, a.name, a.relationship, a.state, "   \
	"a.asked_at, a.reason FROM contact_ask a JOIN prisoner z ON z.id = a.prisoner "
static const char CONTACT_INSERT[] =
    "INSERT INTO contact_ask (id, prisoner, name, relationship, state, asked_at, reason, "
    "decided_by, decided_at) VALUES (?1, ?2, ?3, ?4, 'OPEN', ?5, '', NULL, 0)";
static const char CONTACT_FIND[] = CONTACT_SELECT "WHERE a.id = ?1";
static const char CONTACT_LIST_OF[] =
    CONTACT_SELECT "WHERE a.prisoner = ?1 ORDER BY a.asked_at DESC, a.id LIMIT ?2";
static const char CONTACT_LIST_AT[] =
    CONTACT_SELECT "WHERE a.state = 'OPEN' AND z.prison = ?1 ORDER BY a.asked_at, a.id LIMIT ?2";
static const char CONTACT_COUNT[] =
    "SELECT COUNT(*) FROM contact_ask WHERE prisoner = ?1 AND state = 'OPEN'";
static const char CONTACT_SET[] =
    "UPDATE contact_ask SET state = ?1, decided_by = ?2, decided_at = ?3, reason = ?4 "
    "WHERE id = ?5 AND decided_at = 0";

static struct visit_ask row_visit_ask(const struct query *q, struct arena *arena)
{
	struct visit_ask ask = {
		.id = { query_column(q, 0) },
		.prisoner = { query_column(q, 1) },
		.prisoner_name = query_column_str(q, arena, 2),
		.prisoner_number = row_number(q, 3),
		.prison = row_code(q, 4),
		.person = { query_column(q, 5) },
		.person_name = query_column_str(q, arena, 6),
		.asked_at = query_column_wall(q, 8),
		.lapses_at = query_column_wall(q, 9),
		.reason = query_column_str(q, arena, 10),
	};
	if (!ask_state_of(query_column_peek(q, 7), &ask.state))
		ask.state = ASK_LAPSED;
	return ask;
}

static struct contact_ask row_contact_ask(const struct query *q, struct arena *arena)
{
	struct contact_ask ask = {
		.id = { query_column(q, 0) },
		.prisoner = { query_column(q, 1) },
		.prisoner_name = query_column_str(q, arena, 2),
		.prisoner_number = row_number(q, 3),
		.prison = row_code(q, 4),
		.name = query_column_str(q, arena, 5),
		.relationship = query_column_str(q, arena, 6),
		.asked_at = query_column_wall(q, 8),
		.reason = query_column_str(q, arena, 9),
	};
	if (!contact_ask_state_of(query_column_peek(q, 7), &ask.state))
		ask.state = CONTACT_ASK_REFUSED;
	return ask;
}

static bool is_decided(enum ask_state state)
{
	return state != ASK_STAFF && state != ASK_OPEN;
}

enum err store_visit_ask_insert(struct store *store, const struct visit_ask *ask,
				struct account_id by, struct wall now)
{
	struct query q = query_of(store, INSERT);
	query_int(&q, ask->id.n);
	query_int(&q, ask->prisoner.n);
	query_int(&q, ask->person.n);
	query_text(&q, ask_state_name(ask->state));
	query_int(&q, ask->asked_at.s);
	query_int(&q, ask->lapses_at.s);
	query_int_or_null(&q, by.n);
	query_int(&q, is_decided(ask->state) ? now.s : 0);
	return query_end(&q);
}

static enum err read_one(struct query *q, struct arena *arena, struct visit_ask *out)
{
	if (query_row(q))
		*out = row_visit_ask(q, arena);
	return query_end_one(q);
}

static enum err read_all(struct query *q, struct arena *arena, struct store_visit_asks *out)
{
	struct store_visit_asks asks = { 0 };
	struct visit_ask *next;
	while (query_row(q) && (next = list_next(arena, &asks.list, &asks.count, sizeof *next)))
		*next = row_visit_ask(q, arena);
	*out = asks;
	return query_end(q);
}

enum err store_visit_ask_find(struct store *store, struct arena *arena, struct ask_id id,
			      struct visit_ask *out)
{
	struct query q = query_of(store, FIND);
	query_int(&q, id.n);
	return read_one(&q, arena, out);
}

enum err store_visit_ask_last(struct store *store, struct arena *arena, struct prisoner_id prisoner,
			      struct person_id person, struct visit_ask *out)
{
	struct query q = query_of(store, LAST);
	query_int(&q, prisoner.n);
	query_int(&q, person.n);
	return read_one(&q, arena, out);
}

enum err store_visit_ask_list_of(struct store *store, struct arena *arena,
				 struct prisoner_id prisoner, int limit,
				 struct store_visit_asks *out)
{
	struct query q = query_of(store, LIST_OF);
	query_int(&q, prisoner.n);
	query_int(&q, limit);
	return read_all(&q, arena, out);
}

enum err store_visit_ask_list_for(struct store *store, struct arena *arena,
				  struct account_id booker, struct wall now,
				  struct store_visit_asks *out)
{
	struct query q = query_of(store, LIST_FOR);
	query_int(&q, booker.n);
	query_int(&q, now.s);
	return read_all(&q, arena, out);
}

enum err store_visit_ask_list_at(struct store *store, struct arena *arena,
				 struct prison_code prison, struct wall now, int limit,
				 struct store_visit_asks *out)
{
	struct query q = query_of(store, LIST_AT);
	query_text(&q, prison.text);
	query_int(&q, now.s);
	query_int(&q, limit);
	return read_all(&q, arena, out);
}

enum err store_visit_ask_set(struct store *store, struct ask_id id, enum ask_state state,
			     struct account_id by, struct wall now, struct str reason)
{
	struct query q = query_of(store, SET_STATE);
	query_text(&q, ask_state_name(state));
	query_int_or_null(&q, by.n);
	query_int(&q, is_decided(state) ? now.s : 0);
	query_str(&q, reason);
	query_int(&q, id.n);
	return query_change(&q);
}

enum err store_visit_ask_booked(struct store *store, struct prisoner_id prisoner,
				struct person_id person, struct wall now)
{
	struct query q = query_of(store, BOOKED);
	query_int(&q, now.s);
	query_int(&q, prisoner.n);
	query_int(&q, person.n);
	return query_later(&q);
}

enum err store_contact_no_asks(struct store *store, struct person_id person,
			       struct prisoner_id prisoner, bool *out)
{
	struct query q = query_of(store, NO_ASKS);
	query_int(&q, person.n);
	query_int(&q, prisoner.n);
	if (query_row(&q))
		*out = query_column_bool(&q, 0);
	return query_end_one(&q);
}

enum err store_contact_set_no_asks(struct store *store, struct person_id person,
				   struct prisoner_id prisoner, bool no_asks)
{
	struct query q = query_of(store, SET_NO_ASKS);
	query_int(&q, no_asks);
	query_int(&q, person.n);
	query_int(&q, prisoner.n);
	return query_change(&q);
}

enum err store_contact_ask_insert(struct store *store, const struct contact_ask *ask)
{
	struct query q = query_of(store, CONTACT_INSERT);
	query_int(&q, ask->id.n);
	query_int(&q, ask->prisoner.n);
	query_str(&q, ask->name);
	query_str(&q, ask->relationship);
	query_int(&q, ask->asked_at.s);
	return query_end(&q);
}

enum err store_contact_ask_find(struct store *store, struct arena *arena, struct ask_id id,
				struct contact_ask *out)
{
	struct query q = query_of(store, CONTACT_FIND);
	query_int(&q, id.n);
	if (query_row(&q))
		*out = row_contact_ask(&q, arena);
	return query_end_one(&q);
}

static enum err read_contacts(struct query *q, struct arena *arena, struct store_contact_asks *out)
{
	struct store_contact_asks asks = { 0 };
	struct contact_ask *next;
	while (query_row(q) && (next = list_next(arena, &asks.list, &asks.count, sizeof *next)))
		*next = row_contact_ask(q, arena);
	*out = asks;
	return query_end(q);
}

enum err store_contact_ask_list_of(struct store *store, struct arena *arena,
				   struct prisoner_id prisoner, int limit,
				   struct store_contact_asks *out)
{
	struct query q = query_of(store, CONTACT_LIST_OF);
	query_int(&q, prisoner.n);
	query_int(&q, limit);
	return read_contacts(&q, arena, out);
}

enum err store_contact_ask_list_at(struct store *store, struct arena *arena,
				   struct prison_code prison, int limit,
				   struct store_contact_asks *out)
{
	struct query q = query_of(store, CONTACT_LIST_AT);
	query_text(&q, prison.text);
	query_int(&q, limit);
	return read_contacts(&q, arena, out);
}

enum err store_contact_ask_count_open(struct store *store, struct prisoner_id prisoner,
				      int64_t *out)
{
	struct query q = query_of(store, CONTACT_COUNT);
	query_int(&q, prisoner.n);
	if (query_row(&q))
		*out = query_column(&q, 0);
	return query_end(&q);
}

enum err store_contact_ask_set(struct store *store, struct ask_id id, enum contact_ask_state state,
			       struct account_id by, struct wall now, struct str reason)
{
	struct query q = query_of(store, CONTACT_SET);
	query_text(&q, contact_ask_state_name(state));
	query_int_or_null(&q, by.n);
	query_int(&q, now.s);
	query_str(&q, reason);
	query_int(&q, id.n);
	return query_change(&q);
}
