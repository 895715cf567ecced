#include "store/application.h"

#include <stdlib.h>

#include "store/list_priv.h"
#include "store/query.h"
#include "store/row_priv.h"

#define COLUMNS                                                                                    \
	"id, booker, prisoner, prison, kind, terminal, COALESCE(session, 0), start_at, minutes, "  \
	"made_at, hold_until, state, offered"
static const char INSERT[] =
    "INSERT INTO application (id, booker, prisoner, prison, kind, terminal, session, start_at, "
    "minutes, made_at, hold_until, state, offered) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, "
    "?10, ?11, ?12, ?13)";
static const char FIND[] = "SELECT " COLUMNS " FROM application WHERE booker = ?1 "
			   "AND prisoner = ?2 AND state = 'IN_PROGRESS' AND offered = 0";
static const char FIND_ID[] = "SELECT " COLUMNS " FROM application WHERE id = ?1";
static const char LIST_DUE[] =
    "SELECT " COLUMNS " FROM application WHERE state = 'IN_PROGRESS' "
    "AND offered = 0 AND hold_until <= ?1 ORDER BY hold_until, id LIMIT ?2";
static const char SET_STATE[] = "UPDATE application SET state = ?1 WHERE id = ?2";
static const char PURGE_COUNT[] =
    "SELECT COUNT(*) FROM application WHERE state <> 'IN_PROGRESS' AND made_at < ?1";
static const char PURGE[] = "DELETE FROM application WHERE state <> 'IN_PROGRESS' AND made_at < ?1";
/*
 * Visits that began within the hour before, longer ones that began earlier, and held times.  Those in a signed
 * language are looked for once, from the few people for whom it is agreed.
 */
#define SIGNS                                                                                      \
	"CASE WHEN id IN (SELECT v.id FROM adjustment a JOIN contact c ON c.id = a.contact "       \
	"JOIN visit v ON v.prisoner = c.prisoner "                                                 \
	"JOIN visit_visitor w ON w.visit = v.id AND w.person = c.person "                          \
	"WHERE a.state = 'AGREED' AND a.kind = 'SIGN' AND v.prison = ?1 AND v.start_at > ?2) "     \
	"THEN 1 ELSE 0 END "
#define VISITS                                                                                     \
	"SELECT start_at, minutes, terminal, COALESCE(session, 0), closed, kind, " SIGNS           \
	"FROM visit WHERE prison = ?1 AND start_at + minutes * 60 > ?7 AND id <> ?4 "              \
	"AND (state = 'BOOKED' OR state = 'REQUESTED' OR state = 'LOBBY' OR state = 'LIVE') "
static const char PLACES[] =
    VISITS "AND start_at > ?7 - 3600 AND start_at < ?3 "
	   "UNION ALL " VISITS "AND minutes > 60 AND start_at > ?2 AND start_at <= ?7 - 3600 "
	   "UNION ALL SELECT start_at, minutes, terminal, COALESCE(session, 0), 0, kind, 0 "
	   "FROM application WHERE prison = ?1 AND start_at > ?2 AND start_at < ?3 "
	   "AND start_at + minutes * 60 > ?7 AND id <> ?5 "
	   "AND state = 'IN_PROGRESS' AND hold_until > ?6";

static const char *const STATES[APPLICATION_STATE_COUNT] = {
	[APPLICATION_IN_PROGRESS] = "IN_PROGRESS",
	[APPLICATION_ACCEPTED] = "ACCEPTED",
	[APPLICATION_EXPIRED] = "EXPIRED",
};

enum {
	LONGEST_VISIT_S = 24 * 3600, /* nothing that began before can still be there */
};

enum err store_application_insert(struct store *store, const struct application *a)
{
	struct query q = query_of(store, INSERT);
	query_int(&q, a->id.n);
	query_int(&q, a->booker.n);
	query_int(&q, a->prisoner.n);
	query_text(&q, a->prison.text);
	query_text(&q, visit_kind_name(a->kind));
	query_int(&q, a->terminal.n);
	query_int_or_null(&q, a->session.n);
	query_int(&q, a->start.s);
	query_int(&q, a->minutes);
	query_int(&q, a->made_at.s);
	query_int(&q, a->hold_until.s);
	query_text(&q, STATES[a->state]);
	query_int(&q, a->offered);
	return query_end(&q);
}

static struct application row_application(const struct query *q)
{
	struct application a = {
		.id = { query_column(q, 0) },
		.booker = { query_column(q, 1) },
		.prisoner = { query_column(q, 2) },
		.prison = row_code(q, 3),
		.terminal = { query_column(q, 5) },
		.session = { query_column(q, 6) },
		.start = query_column_wall(q, 7),
		.minutes = query_column_int(q, 8),
		.made_at = query_column_wall(q, 9),
		.hold_until = query_column_wall(q, 10),
		.state = APPLICATION_EXPIRED,
		.offered = query_column_bool(q, 12),
	};
	(void)visit_kind_of(query_column_peek(q, 4), &a.kind);
	for (unsigned i = 0; i < APPLICATION_STATE_COUNT; i++)
		if (str_is(query_column_peek(q, 11), STATES[i]))
			a.state = (enum application_state)i;
	return a;
}

enum err store_application_find(struct store *store, struct account_id booker,
				struct prisoner_id prisoner, struct application *out)
{
	struct query q = query_of(store, FIND);
	query_int(&q, booker.n);
	query_int(&q, prisoner.n);
	if (query_row(&q))
		*out = row_application(&q);
	return query_end_one(&q);
}

enum err store_application_find_id(struct store *store, struct application_id id,
				   struct application *out)
{
	struct query q = query_of(store, FIND_ID);
	query_int(&q, id.n);
	if (query_row(&q))
		*out = row_application(&q);
	return query_end_one(&q);
}

enum err store_application_list_due(struct store *store, struct arena *arena, struct wall now,
				    int limit, struct store_applications *out)
{
	struct query q = query_of(store, LIST_DUE);
	query_int(&q, now.s);
	query_int(&q, limit);
	struct store_applications due = { 0 };
	struct application *next;
	while (query_row(&q) && (next = list_next(arena, &due.list, &due.count, sizeof *next)))
		*next = row_application(&q);
	*out = due;
	return query_end(&q);
}

enum err store_application_set_state(struct store *store, struct application_id id,
				     enum application_state state)
{
	struct query q = query_of(store, SET_STATE);
	query_text(&q, STATES[state]);
	query_int(&q, id.n);
	return query_change(&q);
}

enum err store_application_purge(struct store *store, struct wall before, int64_t *count)
{
	struct query counted = query_of(store, PURGE_COUNT);
	query_int(&counted, before.s);
	if (query_row(&counted))
		*count = query_column(&counted, 0);
	enum err err = query_end(&counted);
	if (err != OK || !*count)
		return err;
	struct query q = query_of(store, PURGE);
	query_int(&q, before.s);
	return query_end(&q);
}

static int by_start(const void *a, const void *b)
{
	const struct place_use *x = a, *y = b;
	if (x->start.s != y->start.s)
		return x->start.s < y->start.s ? -1 : 1;
	return (x->terminal.n > y->terminal.n) - (x->terminal.n < y->terminal.n);
}

enum err store_place_use_list(struct store *store, struct arena *arena, struct prison_code prison,
			      struct wall from, struct wall to, const struct place_own *own,
			      struct store_place_uses *out)
{
	struct query q = query_of(store, PLACES);
	query_text(&q, prison.text);
	query_int(&q, from.s - LONGEST_VISIT_S);
	query_int(&q, to.s);
	query_int(&q, own->visit.n);
	query_int(&q, own->application.n);
	query_int(&q, own->now.s);
	query_int(&q, from.s);
	struct store_place_uses uses = { 0 };
	bool room = true;
	while (room && query_row(&q)) {
		struct place_use *next = list_next(arena, &uses.list, &uses.count, sizeof *next);
		room = next != NULL;
		if (!room)
			break;
		*next = (struct place_use){ .start = query_column_wall(&q, 0),
					    .minutes = query_column_int(&q, 1),
					    .terminal = { query_column(&q, 2) },
					    .session = { query_column(&q, 3) },
					    .closed = query_column_bool(&q, 4),
					    .signs = query_column(&q, 6) > 0 };
		(void)visit_kind_of(query_column_peek(&q, 5), &next->kind);
	}
	enum err err = query_end(&q);
	if (!room) /* never offer what may be taken */
		return ERR_LIMIT;
	if (uses.count)
		qsort(uses.list, uses.count, sizeof *uses.list, by_start);
	*out = uses;
	return err;
}
