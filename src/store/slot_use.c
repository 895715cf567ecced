#include "store/slot_use.h"

#include "domain/visit.h"
#include "store/list_priv.h"
#include "store/query.h"

static const char TAKE[] =
    "INSERT INTO slot_use (resource_kind, resource, quantum, visit, application) "
    "VALUES (?1, ?2, ?3, ?4, ?5)";
static const char RELEASE[] = "DELETE FROM slot_use WHERE resource_kind = ?1 AND resource = ?2 "
			      "AND quantum >= ?3 AND quantum < ?4 AND visit = ?5";
static const char RELEASE_HOLD[] = "DELETE FROM slot_use WHERE application = ?1";
static const char LIST[] =
    "SELECT u.quantum FROM slot_use u LEFT JOIN application a ON a.id = u.application "
    "WHERE u.resource_kind = ?1 AND u.resource = ?2 AND u.quantum >= ?3 AND u.quantum < ?4 "
    "AND (u.visit IS NULL OR u.visit <> ?5) "
    "AND (u.application IS NULL OR (a.id <> ?6 AND a.hold_until > ?7)) ORDER BY u.quantum";
static const char NEXT[] =
    "SELECT COALESCE(MIN(quantum), 0) FROM slot_use WHERE resource_kind = ?1 AND resource = ?2 "
    "AND quantum >= ?3 AND quantum < ?4 AND COALESCE(visit, 0) <> ?5";

static const char *const KINDS[] = {
	[SLOT_PRISONER] = "PRISONER",
	[SLOT_PERSON] = "PERSON",
	[SLOT_TERMINAL] = "TERMINAL",
};

static int64_t quantum_of(struct wall at)
{
	return at.s / QUANTUM_S;
}

/* The first quantum that begins at or after the end. */
static int64_t quantum_after(struct wall start, int minutes)
{
	return (start.s + (int64_t)minutes * 60 + QUANTUM_S - 1) / QUANTUM_S;
}

static enum err take_step(struct store *store, enum slot_resource kind, int64_t resource,
			  int64_t quantum, struct slot_holder holder)
{
	struct query q = query_of(store, TAKE);
	query_text(&q, KINDS[kind]);
	query_int(&q, resource);
	query_int(&q, quantum);
	query_int_or_null(&q, holder.visit.n);
	query_int_or_null(&q, holder.application.n);
	return query_later(&q);
}

enum err store_slot_take(struct store *store, enum slot_resource kind, int64_t resource,
			 struct wall start, int minutes, struct slot_holder holder)
{
	int64_t end = quantum_after(start, minutes);
	enum err err = OK;
	for (int64_t at = quantum_of(start); at < end && err == OK; at++)
		err = take_step(store, kind, resource, at, holder);
	return err;
}

static enum err release(struct store *store, enum slot_resource kind, int64_t resource,
			const struct visit *visit)
{
	struct query q = query_of(store, RELEASE);
	query_text(&q, KINDS[kind]);
	query_int(&q, resource);
	query_int(&q, quantum_of(visit->start));
	query_int(&q, quantum_after(visit->start, visit->minutes));
	query_int(&q, visit->id.n);
	return query_later(&q);
}

enum err store_slot_release(struct store *store, const struct visit *visit)
{
	enum err err = release(store, SLOT_PRISONER, visit->prisoner.n, visit);
	if (err == OK)
		err = release(store, SLOT_TERMINAL, visit->terminal.n, visit);
	for (size_t i = 0; i < visit->visitor_count && err == OK; i++)
		err = release(store, SLOT_PERSON, visit->visitors[i].person.n, visit);
	return err;
}

enum err store_slot_release_hold(struct store *store, struct application_id application)
{
	struct query q = query_of(store, RELEASE_HOLD);
	query_int(&q, application.n);
	return query_end(&q);
}

enum err store_slot_list(struct store *store, struct arena *arena, enum slot_resource kind,
			 int64_t resource, struct wall from, struct wall to,
			 const struct place_own *own, struct store_quanta *out)
{
	struct query q = query_of(store, LIST);
	query_text(&q, KINDS[kind]);
	query_int(&q, resource);
	query_int(&q, quantum_of(from));
	query_int(&q, quantum_after(to, 0));
	query_int(&q, own->visit.n);
	query_int(&q, own->application.n);
	query_int(&q, own->now.s);
	struct store_quanta quanta = { 0 };
	bool room = true;
	while (room && query_row(&q)) {
		int64_t *next = list_next(arena, &quanta.list, &quanta.count, sizeof *next);
		room = next != NULL;
		if (room)
			*next = query_column(&q, 0);
	}
	enum err err = query_end(&q);
	if (!room) /* never offer what may be taken */
		return ERR_LIMIT;
	*out = quanta;
	return err;
}

enum err store_slot_next(struct store *store, enum slot_resource kind, int64_t resource,
			 struct wall from, struct wall to, struct visit_id other_than,
			 struct wall *out)
{
	struct query q = query_of(store, NEXT);
	query_text(&q, KINDS[kind]);
	query_int(&q, resource);
	query_int(&q, quantum_of(from));
	query_int(&q, quantum_after(to, 0));
	query_int(&q, other_than.n);
	if (query_row(&q))
		*out = (struct wall){ query_column(&q, 0) * QUANTUM_S };
	return query_end(&q);
}

/* The first of the sorted list that is not before the quantum. */
static size_t lower_bound(const struct store_quanta *quanta, int64_t quantum)
{
	size_t low = 0;
	size_t high = quanta->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (quanta->list[middle] < quantum)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool store_quanta_free(const struct store_quanta *quanta, struct wall start, int minutes)
{
	size_t at = lower_bound(quanta, quantum_of(start));
	return at == quanta->count || quanta->list[at] >= quantum_after(start, minutes);
}
