/*
 * promises.h - what must hold in a database whatever was done to it, told without the code that keeps it.
 */
#ifndef PVL_TESTS_PROMISES_H
#define PVL_TESTS_PROMISES_H

#include "tests/unit/check.h"

#include "service/audit.h"
#include "service/webhook.h"
#include "store/query.h"

static inline int64_t number(struct store *store, const char *sql)
{
	struct query q = query_of(store, sql);
	int64_t n = query_row(&q) ? query_column(&q, 0) : -1;
	CHECK(query_end(&q) == OK);
	return n;
}

/* Every use of a resource belongs to a visit that is not over, and each such visit has all. */
static inline void promise_places(struct store *store)
{
	static const char STRAY[] =
	    "SELECT COUNT(*) FROM slot_use u JOIN visit v ON v.id = u.visit "
	    "WHERE v.state IN ('COMPLETED', 'CANCELLED', 'NO_SHOW') "
	    "OR u.quantum * 300 < v.start_at "
	    "OR u.quantum * 300 >= v.start_at + v.minutes * 60";
	static const char MISSING[] =
	    "SELECT COUNT(*) FROM visit v WHERE v.state IN ('REQUESTED', 'BOOKED', 'LOBBY', "
	    "'LIVE') AND "
	    "(SELECT COUNT(*) FROM slot_use u WHERE u.visit = v.id) <> v.minutes / 5 * "
	    "(2 + (SELECT COUNT(*) FROM visit_visitor w WHERE w.visit = v.id))";
	/* Told without slot_use: two visits at one time share nothing. */
	static const char TWICE[] = "SELECT COUNT(*) FROM visit a JOIN visit b ON a.id < b.id "
				    "AND a.start_at < b.start_at + b.minutes * 60 AND b.start_at < "
				    "a.start_at + a.minutes * 60 "
				    "WHERE a.state IN ('BOOKED', 'LOBBY', 'LIVE') AND b.state IN "
				    "('BOOKED', 'LOBBY', 'LIVE') "
				    "AND (a.terminal = b.terminal OR a.prisoner = b.prisoner)";
	assert_int_equal(number(store, STRAY), 0);
	assert_int_equal(number(store, MISSING), 0);
	assert_int_equal(number(store, TWICE), 0);
}

/* What left the ledger is what the visits cost, told without the ledger. */
static inline void promise_ledger(struct store *store)
{
	static const char TAKEN[] = "SELECT COALESCE(-SUM(amount), 0) FROM ledger_entry WHERE kind "
				    "= 'VIDEO' AND type NOT IN ('MONTH', 'ADJUSTED', 'MERGED')";
	static const char COST[] = "SELECT COALESCE(SUM(CASE WHEN state IN ('REQUESTED', 'BOOKED', "
				   "'LOBBY', 'LIVE') THEN minutes "
				   "ELSE counted_minutes END), 0) FROM visit WHERE kind = 'SOCIAL'";
	static const char BELOW[] =
	    "SELECT COUNT(*) FROM (SELECT SUM(amount) AS s FROM ledger_entry "
	    "WHERE kind = 'VIDEO' GROUP BY prisoner, month) t WHERE s < 0";
	assert_int_equal(number(store, TAKEN), number(store, COST));
	assert_int_equal(number(store, BELOW), 0);
}

/* A hold has all its places until it is let go, then none; no visit that is over waits for a decision. */
static inline void promise_holds(struct store *store)
{
	static const char STRAY[] =
	    "SELECT COUNT(*) FROM slot_use u JOIN application a ON a.id = u.application "
	    "WHERE a.state <> 'IN_PROGRESS' OR u.quantum * 300 < a.start_at "
	    "OR u.quantum * 300 >= a.start_at + a.minutes * 60";
	static const char MISSING[] =
	    "SELECT COUNT(*) FROM application a WHERE a.state = 'IN_PROGRESS' AND "
	    "(SELECT COUNT(*) FROM slot_use u WHERE u.application = a.id) < a.minutes / 5 * 3";
	static const char TWO[] =
	    "SELECT COUNT(*) FROM (SELECT booker FROM application WHERE state = 'IN_PROGRESS' "
	    "AND offered = 0 GROUP BY booker, prisoner HAVING COUNT(*) > 1) t";
	static const char WAITING[] =
	    "SELECT COUNT(*) FROM visit_review r JOIN visit v ON v.id = r.visit "
	    "WHERE r.state = 'OPEN' AND v.state = 'CANCELLED' AND v.end_kind IN "
	    "('MOVED', 'CANCELLED_BY_BOOKER', 'CANCELLED_BY_PRISON')";
	assert_int_equal(number(store, STRAY), 0);
	assert_int_equal(number(store, MISSING), 0);
	assert_int_equal(number(store, TWO), 0);
	assert_int_equal(number(store, WAITING), 0);
}

/* From now on everything is told to one other system: promise_systems(). */
static inline void tell_all(struct service *service, const struct actor *hq)
{
	struct webhook_new new = { .url = STR("https://visits.example/events") };
	char secret[WEBHOOK_SECRET_TEXT_LEN + 1];
	struct webhook_id id;
	CHECK(webhook_add(service, hq, &new, secret, &id) == OK);
}

/* The other system of tell_all() knows of each visit that it was booked, and once that it is over. */
static inline void promise_systems(struct store *store)
{
	static const char UNBOOKED[] =
	    "SELECT COUNT(*) FROM visit v JOIN webhook w ON v.booked_at > w.made_at "
	    "WHERE v.state <> 'REQUESTED' AND v.end_kind NOT IN ('MOVED', 'WITHDRAWN', 'REJECTED', "
	    "'AUTO_REJECTED') AND NOT EXISTS (SELECT 1 FROM webhook_event e WHERE e.object_id = "
	    "v.id AND e.type IN ('prison-visit.booked', 'prison-visit.changed'))";
	static const char NOT_ONCE_OVER[] =
	    "SELECT COUNT(*) FROM visit v JOIN webhook w ON v.ended_at > w.made_at "
	    "WHERE v.end_kind <> 'MOVED' AND (SELECT COUNT(*) FROM webhook_event e "
	    "WHERE e.object_id = v.id AND e.type IN ('prison-visit.cancelled', "
	    "'video-visit.ended', 'video-visit.terminated')) <> 1";
	static const char NUMBERLESS[] = "SELECT COUNT(*) FROM webhook_event WHERE seq = 0";
	assert_int_equal(number(store, "SELECT COUNT(*) FROM webhook"), 1);
	assert_int_equal(number(store, UNBOOKED), 0);
	assert_int_equal(number(store, NOT_ONCE_OVER), 0);
	assert_int_equal(number(store, NUMBERLESS), 0);
}

/* Every leaf verifies, and none is missing. */
static inline void promise_log(struct service *service)
{
	static const char GAPS[] = "SELECT MAX(seq) - COUNT(*) FROM audit_leaf";
	struct audit_verdict verdict;
	CHECK(audit_verify(service, &(struct audit_trust){ 0 }, &verdict) == OK);
	assert_int_equal(number(service->store, GAPS), 0);
}

#endif
