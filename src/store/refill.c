#include "store/refill.h"

#include "store/list_priv.h"
#include "store/query.h"
#include "store/row_priv.h"

static const char *const FREED_STATES[] = {
	[FREED_OPEN] = "OPEN", [FREED_TAKEN] = "TAKEN", [FREED_UNUSED] = "UNUSED"
};

static const char FREED_INSERT[] =
    "INSERT INTO freed_time (id, prison, terminal, start_at, minutes, freed_at, state, ended_at) "
    "SELECT ?1, ?2, ?3, ?4, ?5, ?6, 'OPEN', 0 WHERE NOT EXISTS (SELECT 1 FROM freed_time "
    "WHERE terminal = ?3 AND start_at = ?4 AND state = 'OPEN')";
#define FREED "SELECT id, prison, terminal, start_at, minutes, freed_at FROM freed_time "
static const char FREED_FIND[] = FREED "WHERE id = ?1";
static const char FREED_LIST[] = FREED "WHERE state = 'OPEN' AND id > ?1 ORDER BY id LIMIT ?2";
static const char FREED_END[] =
    "UPDATE freed_time SET state = ?1, ended_at = ?2 WHERE id = ?3 AND state = 'OPEN'";
static const char FREED_SINCE[] = "SELECT COUNT(*) FROM freed_time WHERE terminal = ?1 "
				  "AND start_at = ?2 AND freed_at >= ?3";
static const char FREED_WANTED[] =
    "SELECT COUNT(*) FROM waiting w JOIN prisoner p ON p.id = w.prisoner WHERE p.prison = ?1 "
    "AND (w.state = 'WAITING' OR (w.state = 'BOOKED' AND w.earlier = 1))";

static const char WAITERS[] =
    "SELECT w.id, (SELECT COUNT(*) FROM waiting_offer o WHERE o.booker = w.booker "
    "AND o.made_at >= ?1) + (SELECT COUNT(*) FROM standby s WHERE s.booker = w.booker "
    "AND s.asked_at >= ?1), (SELECT COUNT(*) FROM waiting_offer o WHERE o.waiting = w.id "
    "AND (o.state = 'OPEN' OR o.start_at = ?2)) + (SELECT COUNT(*) FROM standby s "
    "WHERE s.waiting = w.id AND s.state = 'ASKED'), (SELECT COUNT(*) FROM standby s "
    "WHERE s.waiting = w.id AND (s.state = 'AGREED' OR s.start_at = ?2)) FROM waiting w "
    "JOIN prisoner p ON p.id = w.prisoner LEFT JOIN visit v ON v.reference = w.reference "
    "WHERE p.prison = ?3 AND (w.state = 'WAITING' OR (w.state = 'BOOKED' AND w.earlier = 1 "
    "AND v.start_at > ?2)) ORDER BY w.kind = 'SOCIAL', w.asked_at, w.id LIMIT ?4";

#define OFFER_COLUMNS                                                                              \
	"SELECT id, freed, waiting, booker, terminal, start_at, minutes, keeps, made_at, "         \
	"answer_until, state, ended_at FROM waiting_offer "
static const char OFFER_INSERT[] =
    "INSERT INTO waiting_offer (id, freed, waiting, booker, terminal, start_at, minutes, keeps, "
    "made_at, answer_until, state, ended_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, "
    "?11, ?12)";
static const char OFFER_FIND[] = OFFER_COLUMNS "WHERE id = ?1";
static const char OFFER_FIND_OPEN[] = OFFER_COLUMNS "WHERE waiting = ?1 AND state = 'OPEN'";
static const char OFFER_END[] =
    "UPDATE waiting_offer SET state = ?1, ended_at = ?2 WHERE id = ?3 AND state = 'OPEN'";
static const char OFFER_DUE[] = OFFER_COLUMNS "WHERE state = 'OPEN' AND answer_until <= ?1 "
					      "ORDER BY answer_until, id LIMIT ?2";
static const char OFFER_OF[] = OFFER_COLUMNS "WHERE freed = ?1 AND state = 'OPEN' ORDER BY id";
static const char OFFER_STARTS[] =
    "SELECT start_at FROM waiting_offer WHERE waiting = ?1 ORDER BY start_at";

/* ---- freed times ---- */

enum err store_freed_insert(struct store *store, const struct freed_time *f)
{
	struct query q = query_of(store, FREED_INSERT);
	query_int(&q, f->id.n);
	query_text(&q, f->prison.text);
	query_int(&q, f->terminal.n);
	query_int(&q, f->start.s);
	query_int(&q, f->minutes);
	query_int(&q, f->freed_at.s);
	return query_change(&q);
}

static struct freed_time freed_row(const struct query *q)
{
	return (struct freed_time){ .id = { query_column(q, 0) },
				    .prison = row_code(q, 1),
				    .terminal = { query_column(q, 2) },
				    .start = query_column_wall(q, 3),
				    .minutes = query_column_int(q, 4),
				    .freed_at = query_column_wall(q, 5) };
}

enum err store_freed_find(struct store *store, struct freed_id id, struct freed_time *out)
{
	struct query q = query_of(store, FREED_FIND);
	query_int(&q, id.n);
	if (query_row(&q))
		*out = freed_row(&q);
	return query_end_one(&q);
}

enum err store_freed_list(struct store *store, struct arena *arena, struct freed_id after,
			  int limit, struct store_freed_times *out)
{
	struct query q = query_of(store, FREED_LIST);
	struct store_freed_times found = { 0 };
	struct freed_time *next;
	query_int(&q, after.n);
	query_int(&q, limit);
	while (query_row(&q) && (next = list_next(arena, &found.list, &found.count, sizeof *next)))
		*next = freed_row(&q);
	*out = found;
	return query_end(&q);
}

enum err store_freed_end(struct store *store, struct freed_id id, enum freed_state state,
			 struct wall now)
{
	struct query q = query_of(store, FREED_END);
	query_text(&q, FREED_STATES[state]);
	query_int(&q, now.s);
	query_int(&q, id.n);
	return query_change(&q);
}

static enum err any(struct query *q, bool *out)
{
	if (query_row(q))
		*out = query_column(q, 0) > 0;
	return query_end(q);
}

enum err store_freed_since(struct store *store, struct terminal_id terminal, struct wall start,
			   struct wall since, bool *out)
{
	struct query q = query_of(store, FREED_SINCE);
	query_int(&q, terminal.n);
	query_int(&q, start.s);
	query_int(&q, since.s);
	return any(&q, out);
}

enum err store_freed_wanted(struct store *store, struct prison_code prison, bool *out)
{
	struct query q = query_of(store, FREED_WANTED);
	query_text(&q, prison.text);
	return any(&q, out);
}

/* ---- who waits ---- */

enum err store_refill_waiters(struct store *store, struct arena *arena, struct prison_code prison,
			      struct wall start, struct wall today, int limit,
			      struct refill_waiters *out)
{
	struct query q = query_of(store, WAITERS);
	struct refill_waiters found = { 0 };
	struct refill_waiter *next;
	query_int(&q, today.s);
	query_int(&q, start.s);
	query_text(&q, prison.text);
	query_int(&q, limit);
	while (query_row(&q) &&
	       (next = list_next(arena, &found.list, &found.count, sizeof *next))) {
		next->waiting.id = query_column(&q, 0);
		next->offers_today = query_column_int(&q, 1);
		next->asked_before = query_column(&q, 2) > 0;
		next->stood_by = query_column(&q, 3) > 0;
	}
	enum err err = query_end(&q);
	for (size_t i = 0; i < found.count && err == OK; i++)
		err = store_waiting_find_id(store, arena, found.list[i].waiting.id,
					    &found.list[i].waiting);
	*out = found;
	return err;
}

/* ---- offers ---- */

enum err store_offer_insert(struct store *store, const struct offer_row *o)
{
	struct query q = query_of(store, OFFER_INSERT);
	query_int(&q, o->id.n);
	query_int(&q, o->freed.n);
	query_int(&q, o->waiting);
	query_int(&q, o->booker.n);
	query_int(&q, o->terminal.n);
	query_int(&q, o->offer.start.s);
	query_int(&q, o->minutes);
	query_int(&q, o->keeps);
	query_int(&q, o->offer.made_at.s);
	query_int(&q, o->offer.answer_until.s);
	query_text(&q, offer_state_name(o->offer.state));
	query_int(&q, o->ended_at.s);
	return query_end(&q);
}

static struct offer_row offer_of_row(const struct query *q)
{
	struct offer_row o = { .id = { query_column(q, 0) },
			       .freed = { query_column(q, 1) },
			       .waiting = query_column(q, 2),
			       .booker = { query_column(q, 3) },
			       .terminal = { query_column(q, 4) },
			       .minutes = query_column_int(q, 6),
			       .keeps = query_column_bool(q, 7),
			       .offer = { .state = OFFER_GONE,
					  .start = query_column_wall(q, 5),
					  .made_at = query_column_wall(q, 8),
					  .answer_until = query_column_wall(q, 9) },
			       .ended_at = query_column_wall(q, 11) };
	(void)offer_state_of(query_column_peek(q, 10), &o.offer.state);
	return o;
}

enum err store_offer_find(struct store *store, struct offer_id id, struct offer_row *out)
{
	struct query q = query_of(store, OFFER_FIND);
	query_int(&q, id.n);
	if (query_row(&q))
		*out = offer_of_row(&q);
	return query_end_one(&q);
}

enum err store_offer_find_open(struct store *store, int64_t waiting, struct offer_row *out)
{
	struct query q = query_of(store, OFFER_FIND_OPEN);
	query_int(&q, waiting);
	if (query_row(&q))
		*out = offer_of_row(&q);
	return query_end_one(&q);
}

enum err store_offer_end(struct store *store, struct offer_id id, enum offer_state state,
			 struct wall now)
{
	struct query q = query_of(store, OFFER_END);
	query_text(&q, offer_state_name(state));
	query_int(&q, now.s);
	query_int(&q, id.n);
	return query_change(&q);
}

static enum err offers(struct query *q, struct arena *arena, struct store_offers *out)
{
	struct store_offers found = { 0 };
	struct offer_row *next;
	while (query_row(q) && (next = list_next(arena, &found.list, &found.count, sizeof *next)))
		*next = offer_of_row(q);
	*out = found;
	return query_end(q);
}

enum err store_offer_list_due(struct store *store, struct arena *arena, struct wall now, int limit,
			      struct store_offers *out)
{
	struct query q = query_of(store, OFFER_DUE);
	query_int(&q, now.s);
	query_int(&q, limit);
	return offers(&q, arena, out);
}

enum err store_offer_list_of(struct store *store, struct arena *arena, struct freed_id freed,
			     struct store_offers *out)
{
	struct query q = query_of(store, OFFER_OF);
	query_int(&q, freed.n);
	return offers(&q, arena, out);
}

enum err store_offer_starts(struct store *store, struct arena *arena, int64_t waiting,
			    size_t *count, struct wall **out)
{
	struct query q = query_of(store, OFFER_STARTS);
	struct wall *next;
	*count = 0;
	*out = NULL;
	query_int(&q, waiting);
	while (query_row(&q) && (next = list_next(arena, out, count, sizeof *next)))
		*next = query_column_wall(&q, 0);
	return query_end(&q);
}
