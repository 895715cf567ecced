#include "store/waiting.h"

#include "store/list_priv.h"
#include "store/query.h"
#include "store/row_priv.h"

static const char *const STATES[] = {
	[WAITING_OPEN] = "WAITING", [WAITING_BOOKED] = "BOOKED", [WAITING_ENDED] = "ENDED"
};

static const char INSERT[] =
    "INSERT INTO waiting (id, booker, prisoner, kind, cause, deadline, minutes, asked_at, state, "
    "reference, earlier, from_minute, until_minute, automatic, short_notice) VALUES (?1, ?2, ?3, "
    "?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)";
static const char INSERT_PERSON[] =
    "INSERT INTO waiting_person (waiting, person, place) VALUES (?1, ?2, ?3)";
static const char PERSONS[] = "SELECT person FROM waiting_person WHERE waiting = ?1 ORDER BY place";
static const char SET[] = "UPDATE waiting SET state = ?1, reference = ?2 WHERE id = ?3";
#define COLUMNS                                                                                    \
	"SELECT w.id, w.booker, w.prisoner, w.kind, w.cause, w.deadline, w.minutes, w.asked_at, "  \
	"w.state, w.reference, p.prison, p.name, p.number, a.name, "                               \
	"COALESCE(v.start_at, 0), w.earlier, w.from_minute, w.until_minute, w.automatic, "         \
	"w.short_notice, COALESCE(v.minutes, 0), COALESCE(c.admitted_at, 0) FROM waiting w "       \
	"JOIN prisoner p ON p.id = w.prisoner LEFT JOIN custody c ON c.prisoner = w.prisoner "     \
	"JOIN account a ON a.id = w.booker LEFT JOIN visit v ON v.reference = w.reference "
static const char FIND[] = COLUMNS "WHERE w.reference = ?1";
static const char FIND_ID[] = COLUMNS "WHERE w.id = ?1";
static const char WISH[] =
    "UPDATE waiting SET earlier = ?1, from_minute = ?2, until_minute = ?3, automatic = ?4, "
    "short_notice = ?5 WHERE id = ?6";
static const char COUNT[] =
    "SELECT COUNT(*) FROM waiting WHERE booker = ?1 AND state = 'WAITING' AND kind = ?2 "
    "AND (prisoner = ?3 OR ?3 = 0)";
static const char LIST_FOR[] =
    COLUMNS "WHERE w.prisoner = ?1 AND w.state <> 'ENDED' ORDER BY w.asked_at, w.id LIMIT ?2";
static const char LIST_WISHING[] =
    COLUMNS "WHERE (w.state = 'WAITING' OR (w.state = 'BOOKED' AND w.earlier = 1)) AND w.id > ?1 "
	    "AND NOT EXISTS (SELECT 1 FROM waiting_offer o WHERE o.waiting = w.id "
	    "AND o.state = 'OPEN') ORDER BY w.id LIMIT ?2";
static const char LIST[] =
    COLUMNS "WHERE w.state <> 'ENDED' AND (w.booker = ?1 OR ?2 = 0) "
	    "AND (p.prison = ?3 OR ?4 = '') ORDER BY w.asked_at, w.id LIMIT ?5";
static const char LIST_TO_COME[] = COLUMNS
    "WHERE w.state <> 'ENDED' AND (w.booker = ?1 OR ?2 = 0) "
    "AND (p.prison = ?3 OR ?4 = '') AND (v.start_at IS NULL OR v.start_at >= ?5) "
    "ORDER BY w.kind = 'SOCIAL', w.state = 'BOOKED', w.deadline = 0, w.deadline, w.asked_at, "
    "w.id LIMIT ?6";
static const char COUNT_FIRM[] =
    "SELECT COUNT(*) FROM waiting w JOIN professional f ON f.account = w.booker "
    "JOIN visit v ON v.reference = w.reference WHERE w.state = 'BOOKED' AND w.cause = 'NONE' "
    "AND w.prisoner = ?1 AND v.start_at > ?2 "
    "AND f.firm = (SELECT firm FROM professional WHERE account = ?3)";

static void put_wish(struct query *q, const struct waiting_wish *wish)
{
	query_int(q, wish->earlier);
	query_int(q, wish->from_minute);
	query_int(q, wish->until_minute);
	query_int(q, wish->automatic);
	query_int(q, wish->short_notice);
}

enum err store_waiting_insert(struct store *store, const struct waiting *w)
{
	struct query q = query_of(store, INSERT);
	query_int(&q, w->id);
	query_int(&q, w->booker.n);
	query_int(&q, w->prisoner.n);
	query_text(&q, visit_kind_name(w->need.kind));
	query_text(&q, waiting_cause_name(w->need.cause));
	query_int(&q, w->need.deadline.year ? date_to_days(w->need.deadline) : 0);
	query_int(&q, w->need.minutes);
	query_int(&q, w->need.asked_at.s);
	query_text(&q, STATES[w->state]);
	query_text(&q, w->reference.text);
	put_wish(&q, &w->wish);
	enum err err = query_end(&q);
	for (size_t i = 0; i < w->person_count && err == OK; i++) {
		struct query p = query_of(store, INSERT_PERSON);
		query_int(&p, w->id);
		query_int(&p, w->persons[i].n);
		query_int(&p, (int64_t)i);
		err = query_end(&p);
	}
	return err;
}

enum err store_waiting_set(struct store *store, int64_t id, enum waiting_state state,
			   struct reference reference)
{
	struct query q = query_of(store, SET);
	query_text(&q, STATES[state]);
	query_text(&q, reference.text);
	query_int(&q, id);
	return query_change(&q);
}

static enum waiting_state state_of(struct str name)
{
	if (str_is(name, STATES[WAITING_OPEN]))
		return WAITING_OPEN;
	return str_is(name, STATES[WAITING_BOOKED]) ? WAITING_BOOKED : WAITING_ENDED;
}

static struct waiting row(const struct query *q, struct arena *arena)
{
	struct waiting w = {
		.id = query_column(q, 0),
		.booker = { query_column(q, 1) },
		.prisoner = { query_column(q, 2) },
		.need = { .minutes = query_column_int(q, 6),
			  .asked_at = query_column_wall(q, 7),
			  .received = query_column_wall(q, 21) },
		.state = state_of(query_column_peek(q, 8)),
		.prison = row_code(q, 10),
		.prisoner_name = query_column_str(q, arena, 11),
		.prisoner_number = row_number(q, 12),
		.booker_name = query_column_str(q, arena, 13),
		.start = query_column_wall(q, 14),
		.wish = { .earlier = query_column_bool(q, 15),
			  .from_minute = query_column_int(q, 16),
			  .until_minute = query_column_int(q, 17),
			  .automatic = query_column_bool(q, 18),
			  .short_notice = query_column_bool(q, 19) },
		.minutes = query_column_int(q, 20),
	};
	(void)visit_kind_of(query_column_peek(q, 3), &w.need.kind);
	(void)waiting_cause_of(query_column_peek(q, 4), &w.need.cause);
	if (query_column(q, 5))
		w.need.deadline = row_date(q, 5);
	if (query_column_peek(q, 9).len)
		w.reference = row_reference(q, 9);
	return w;
}

static enum err load_persons(struct store *store, struct waiting *w)
{
	struct query q = query_of(store, PERSONS);
	query_int(&q, w->id);
	while (query_row(&q) && w->person_count < PARTY_MAX)
		w->persons[w->person_count++] = (struct person_id){ query_column(&q, 0) };
	return query_end(&q);
}

enum err store_waiting_find(struct store *store, struct arena *arena, struct reference reference,
			    struct waiting *out)
{
	struct query q = query_of(store, FIND);
	query_text(&q, reference.text);
	if (query_row(&q))
		*out = row(&q, arena);
	enum err err = query_end_one(&q);
	return err == OK ? load_persons(store, out) : err;
}

enum err store_waiting_find_id(struct store *store, struct arena *arena, int64_t id,
			       struct waiting *out)
{
	struct query q = query_of(store, FIND_ID);
	query_int(&q, id);
	if (query_row(&q))
		*out = row(&q, arena);
	enum err err = query_end_one(&q);
	return err == OK ? load_persons(store, out) : err;
}

enum err store_waiting_wish(struct store *store, int64_t id, const struct waiting_wish *wish)
{
	struct query q = query_of(store, WISH);
	put_wish(&q, wish);
	query_int(&q, id);
	return query_change(&q);
}

enum err store_waiting_count(struct store *store, struct account_id booker,
			     struct prisoner_id prisoner, enum visit_kind kind, int64_t *out)
{
	struct query q = query_of(store, COUNT);
	query_int(&q, booker.n);
	query_text(&q, visit_kind_name(kind));
	query_int(&q, prisoner.n);
	if (query_row(&q))
		*out = query_column(&q, 0);
	return query_end(&q);
}

/* The rows of a query that is bound, with their people. */
static enum err load_list(struct store *store, struct arena *arena, struct query *q,
			  struct store_waitings *out)
{
	struct store_waitings found = { 0 };
	struct waiting *next;
	while (query_row(q) && (next = list_next(arena, &found.list, &found.count, sizeof *next)))
		*next = row(q, arena);
	enum err err = query_end(q);
	for (size_t i = 0; i < found.count && err == OK; i++)
		err = load_persons(store, &found.list[i]);
	*out = found;
	return err;
}

enum err store_waiting_list_for(struct store *store, struct arena *arena,
				struct prisoner_id prisoner, struct store_waitings *out)
{
	struct query q = query_of(store, LIST_FOR);
	query_int(&q, prisoner.n);
	query_int(&q, STORE_LIST_MAX);
	return load_list(store, arena, &q, out);
}

enum err store_waiting_list_wishing(struct store *store, struct arena *arena, int64_t after,
				    int limit, struct store_waitings *out)
{
	struct query q = query_of(store, LIST_WISHING);
	query_int(&q, after);
	query_int(&q, limit);
	return load_list(store, arena, &q, out);
}

/* ?1 to ?4: of a booker (0: of all) at a prison (empty: at all). */
static void put_whose(struct query *q, struct account_id booker, struct prison_code prison)
{
	query_int(q, booker.n);
	query_int(q, booker.n);
	query_text(q, prison.text);
	query_text(q, prison.text);
}

enum err store_waiting_list(struct store *store, struct arena *arena, struct account_id booker,
			    struct prison_code prison, int limit, struct store_waitings *out)
{
	struct query q = query_of(store, LIST);
	put_whose(&q, booker, prison);
	query_int(&q, limit);
	return load_list(store, arena, &q, out);
}

enum err store_waiting_list_to_come(struct store *store, struct arena *arena,
				    struct account_id booker, struct prison_code prison,
				    struct wall now, int limit, struct store_waitings *out)
{
	struct query q = query_of(store, LIST_TO_COME);
	put_whose(&q, booker, prison);
	query_int(&q, now.s);
	query_int(&q, limit);
	return load_list(store, arena, &q, out);
}

enum err store_waiting_count_firm(struct store *store, struct account_id account,
				  struct prisoner_id prisoner, struct wall from, int64_t *out)
{
	struct query q = query_of(store, COUNT_FIRM);
	query_int(&q, prisoner.n);
	query_int(&q, from.s);
	query_int(&q, account.n);
	if (query_row(&q))
		*out = query_column(&q, 0);
	return query_end(&q);
}
