#include "tests/store/estate.h"

#include "base/assert.h"
#include "store/ledger.h"
#include "store/query.h"
#include "store/slot_use.h"
#include "store/visit.h"

static struct visit find(struct estate *e, const struct actor *actor)
{
	struct visit visit;
	CHECK(visit_find(&e->service, actor, &e->arena, e->sample.joinable, &visit) == OK);
	return visit;
}

static int64_t left(struct estate *e, struct prisoner_id prisoner)
{
	struct allowance_view view;
	CHECK(allowance_find(&e->service, &SYSTEM_ACTOR, &e->arena, prisoner, &view) == OK);
	return view.left;
}

static void walk_to_lobby(struct estate *e, struct actor *family, struct actor *clerk)
{
	enum joining answer;
	struct actor terminal = estate_terminal(e);
	*family = estate_family(e, "amina@family.example");
	*clerk = estate_staff(e, ROLE_VISITS_CLERK, "WWI");
	CHECK(lobby_enter(&e->service, family, e->sample.joinable, &answer) == OK);
	CHECK(answer == JOINING_OK);
	CHECK(lobby_enter(&e->service, &terminal, e->sample.joinable, &answer) == OK);
	CHECK(answer == JOINING_OK);
}

static void a_visit_goes_from_the_lobby_to_its_account(void **state)
{
	(void)state;
	struct estate e;
	struct actor family, clerk;
	estate_open(&e);
	walk_to_lobby(&e, &family, &clerk);
	struct visit visit = find(&e, &family);
	CHECK(visit.state == VISIT_LOBBY && visit.visitor_seen && visit.prisoner_seen);
	CHECK(visit.visitor_count == 2 && visit.visitors[0].lead);
	int64_t before = left(&e, visit.prisoner);

	struct join join;
	CHECK(join_authorise(&e.service, &family, &e.arena, e.sample.joinable, &join) == OK);
	CHECK(join.answer == JOINING_OK && join.in_lobby && join.role == END_ROLE_VISITOR);
	CHECK(visitor_admit(&e.service, &clerk, e.sample.joinable, visit.visitors[0].person) == OK);
	CHECK(join_authorise(&e.service, &family, &e.arena, e.sample.joinable, &join) == OK);
	CHECK(!join.in_lobby);

	CHECK(visit_hearing(&e.service, &SYSTEM_ACTOR, visit.id, 1) == OK);
	for (int i = 0; i < 9; i++)
		CHECK(visit_hearing(&e.service, &SYSTEM_ACTOR, visit.id, 10) == OK);
	CHECK(visit_end(&e.service, &clerk, e.sample.joinable, END_STAFF, STR("")) == ERR_BAD);
	CHECK(visit_end(&e.service, &clerk, e.sample.joinable, END_STAFF, STR("Fire alarm")) == OK);

	visit = find(&e, &family);
	CHECK(visit.state == VISIT_COMPLETED && visit.end == END_STAFF);
	CHECK(visit.used_s == 91 && visit.counted_minutes == 2);
	CHECK(str_is(visit.end_reason, "Fire alarm"));
	CHECK(left(&e, visit.prisoner) == before + 28);
	CHECK(visit_end(&e.service, &clerk, e.sample.joinable, END_STAFF, STR("x")) ==
	      ERR_CONFLICT);
	CHECK(visit_hearing(&e.service, &SYSTEM_ACTOR, visit.id, 1) == ERR_CONFLICT);
	estate_close(&e);
}

static void others_learn_nothing_of_a_visit(void **state)
{
	(void)state;
	struct estate e;
	struct visit visit;
	struct join join;
	estate_open(&e);
	struct actor stranger = estate_family(&e, "ben@family.example");
	struct actor leeds = estate_staff(&e, ROLE_VISITS_CLERK, "LEI");
	struct actor analyst = estate_staff(&e, ROLE_HQ_ANALYST, NULL);
	struct actor other_terminal = estate_terminal(&e);
	other_terminal.terminal.n ^= 1;
	const struct actor *const who[] = { &stranger, &leeds, &analyst, &other_terminal };
	for (size_t i = 0; i < ARRAY_LEN(who); i++) {
		CHECK(visit_find(&e.service, who[i], &e.arena, e.sample.joinable, &visit) ==
		      ERR_NOT_FOUND);
		CHECK(join_authorise(&e.service, who[i], &e.arena, e.sample.joinable, &join) ==
		      ERR_NOT_FOUND);
	}
	CHECK(visit_cancel(&e.service, &stranger, e.sample.joinable, STR("")) == ERR_NOT_FOUND);
	CHECK(visit_cancel(&e.service, &leeds, e.sample.joinable, STR("x")) == ERR_NOT_FOUND);
	estate_close(&e);
}

/* Steps of five minutes that it takes, of whomever. */
static int64_t places_of(struct estate *e, struct visit_id visit)
{
	int64_t count = 0;
	struct query q =
	    query_of(e->service.store, "SELECT COUNT(*) FROM slot_use WHERE visit = ?1");
	query_int(&q, visit.n);
	if (query_row(&q))
		count = query_column(&q, 0);
	CHECK(query_end(&q) == OK);
	return count;
}

static void cancelling_frees_the_places_and_gives_the_minutes_back(void **state)
{
	(void)state;
	struct estate e;
	struct store_quanta quanta;
	struct place_own own = { 0 };
	estate_open(&e);
	struct actor family = estate_family(&e, "amina@family.example");
	struct visit visit = find(&e, &family);
	struct wall end = visit_slot_end(&visit);
	CHECK(store_slot_list(e.service.store, &e.arena, SLOT_TERMINAL, visit.terminal.n,
			      visit.start, end, &own, &quanta) == OK);
	CHECK(quanta.count == 6);
	CHECK(places_of(&e, visit.id) == 6 * (2 + (int64_t)visit.visitor_count));
	int64_t before = left(&e, visit.prisoner);
	CHECK(visit_cancel(&e.service, &family, e.sample.joinable, STR("")) == OK);
	CHECK(left(&e, visit.prisoner) == before + 30);
	CHECK(store_slot_list(e.service.store, &e.arena, SLOT_TERMINAL, visit.terminal.n,
			      visit.start, end, &own, &quanta) == OK);
	CHECK(quanta.count == 0);
	CHECK(places_of(&e, visit.id) == 0);
	CHECK(visit_cancel(&e.service, &family, e.sample.joinable, STR("")) == ERR_CONFLICT);
	CHECK(left(&e, visit.prisoner) == before + 30);
	estate_close(&e);
}

static void a_lead_who_is_refused_ends_the_visit(void **state)
{
	(void)state;
	struct estate e;
	struct actor family, clerk;
	estate_open(&e);
	walk_to_lobby(&e, &family, &clerk);
	struct visit visit = find(&e, &family);
	CHECK(visitor_refuse(&e.service, &clerk, e.sample.joinable, visit.visitors[0].person,
			     STR("Another person")) == OK);
	visit = find(&e, &family);
	CHECK(visit.state == VISIT_CANCELLED && visit.end == END_REFUSED);
	CHECK(visit.counted_minutes == 0);
	estate_close(&e);
}

static void nobody_came_and_the_timer_says_so(void **state)
{
	(void)state;
	struct estate e;
	struct visit_due_list due;
	estate_open(&e);
	struct actor family = estate_family(&e, "amina@family.example");
	struct visit visit = find(&e, &family);
	e.service.now = wall_add_s(visit.start, 15 * 60);
	CHECK(visits_due_to_end(&e.service, &SYSTEM_ACTOR, &e.arena, &due) == OK);
	CHECK(due.count == 0);
	e.service.now = wall_add_s(visit.start, 15 * 60 + 1);
	CHECK(visits_due_to_end(&e.service, &SYSTEM_ACTOR, &e.arena, &due) == OK);
	CHECK(due.count == 1 && due.list[0].end == END_BOTH_ABSENT);
	CHECK(visit_end(&e.service, &SYSTEM_ACTOR, due.list[0].reference, END_TIME, STR("")) == OK);
	visit = find(&e, &family);
	CHECK(visit.state == VISIT_NO_SHOW && visit.end == END_BOTH_ABSENT);
	estate_close(&e);
}

static void a_live_visit_runs_into_its_grace_while_nobody_needs_the_terminal(void **state)
{
	(void)state;
	struct estate e;
	struct actor family, clerk;
	struct visit_due_list due;
	estate_open(&e);
	walk_to_lobby(&e, &family, &clerk);
	struct visit visit = find(&e, &family);
	CHECK(visit_hearing(&e.service, &SYSTEM_ACTOR, visit.id, 1) == OK);
	e.service.now = wall_add_s(visit_slot_end(&visit), 299);
	CHECK(visits_due_to_end(&e.service, &SYSTEM_ACTOR, &e.arena, &due) == OK);
	for (size_t i = 0; i < due.count; i++)
		CHECK(due.list[i].visit.n != visit.id.n);
	e.service.now = wall_add_s(visit_slot_end(&visit), 300);
	CHECK(visits_due_to_end(&e.service, &SYSTEM_ACTOR, &e.arena, &due) == OK);
	CHECK(due.count >= 1 && due.list[0].visit.n == visit.id.n && due.list[0].end == END_TIME);
	estate_close(&e);
}

static void a_second_start_keeps_the_data_and_the_visit(void **state)
{
	(void)state;
	struct estate e;
	struct sample again;
	estate_open(&e);
	CHECK(sample_fill(&e.service, &e.arena, STR("other"), &again) == OK);
	CHECK(str_is(str_from(again.joinable.text), e.sample.joinable.text));
	e.service.now = wall_add_s(e.service.now, 86400 + 1000);
	CHECK(sample_fill(&e.service, &e.arena, STR("other"), &again) == OK);
	CHECK(!str_is(str_from(again.joinable.text), e.sample.joinable.text));
	struct actor family = estate_family(&e, "amina@family.example");
	struct join join;
	CHECK(join_authorise(&e.service, &family, &e.arena, again.joinable, &join) == OK);
	CHECK(join.answer == JOINING_OK);
	estate_close(&e);
}

static void at_any_minute_of_the_day_the_sample_has_a_visit_to_join(void **state)
{
	(void)state;
	for (int minute = 0; minute < 24 * 60; minute += 77) {
		struct estate e;
		struct join join;
		estate_open_at(&e, wall_add_s(ESTATE_NOW, 60L * minute), (uint64_t)minute);
		struct actor terminal = estate_terminal(&e);
		CHECK(join_authorise(&e.service, &terminal, &e.arena, e.sample.joinable, &join) ==
		      OK);
		CHECK(join.answer == JOINING_OK && join.role == END_ROLE_PRISONER);
		estate_close(&e);
	}
}

static void only_who_is_approved_is_offered_times(void **state)
{
	(void)state;
	struct estate e;
	struct contact_list contacts;
	struct offer offer;
	estate_open(&e);
	struct actor ben = estate_family(&e, "ben@family.example");
	struct actor amina = estate_family(&e, "amina@family.example");
	CHECK(contacts_mine(&e.service, &ben, &e.arena, &contacts) == OK);
	struct offer_query query = { .prisoner = contacts.list[0].prisoner.id,
				     .person_count = 1,
				     .persons = { contacts.list[0].person.id },
				     .days = 3,
				     .minutes = 30 };
	CHECK(offer_times(&e.service, &ben, &e.arena, &query, &offer) == OK);
	CHECK(offer.party == BOOKING_NOT_APPROVED && offer.count == 0);
	CHECK(offer_times(&e.service, &amina, &e.arena, &query, &offer) == ERR_NOT_FOUND);
	CHECK(contacts_mine(&e.service, &amina, &e.arena, &contacts) == OK);
	query.prisoner = contacts.list[0].prisoner.id;
	CHECK(offer_times(&e.service, &amina, &e.arena, &query, &offer) == ERR_NOT_FOUND);
	query.persons[0] = contacts.list[0].person.id;
	CHECK(offer_times(&e.service, &amina, &e.arena, &query, &offer) == OK);
	CHECK(offer.party == BOOKING_OK && offer.count > 50);
	for (size_t i = 1; i < offer.count; i++)
		CHECK(offer.times[i - 1].start.s < offer.times[i].start.s);
	estate_close(&e);
}

static void the_audit_log_notices_a_changed_leaf(void **state)
{
	(void)state;
	struct estate e;
	struct audit_verdict verdict;
	estate_open(&e);
	CHECK(audit_verify(&e.service, &(struct audit_trust){ 0 }, &verdict) == OK &&
	      verdict.leaves > 50);
	static const char TAMPER[] = "UPDATE audit_leaf SET amount = amount + 1 WHERE seq = 17";
	struct query q = query_of(e.service.store, TAMPER);
	CHECK(query_change(&q) == OK);
	CHECK(audit_verify(&e.service, &(struct audit_trust){ 0 }, &verdict) == ERR_CRYPTO &&
	      verdict.where == 17);
	estate_close(&e);
}

static void what_a_fault_took_is_added_at_the_end_and_not_counted(void **state)
{
	(void)state;
	struct estate e;
	struct actor family, clerk;
	struct join before, after;
	struct wall must_end;
	estate_open(&e);
	walk_to_lobby(&e, &family, &clerk);
	struct visit visit = find(&e, &family);
	CHECK(visit_losing(&e.service, &SYSTEM_ACTOR, visit.id, LOST_SERVICE, 5, &must_end) ==
	      ERR_CONFLICT); /* nobody heard anybody yet */
	CHECK(visit_hearing(&e.service, &SYSTEM_ACTOR, visit.id, 60) == OK);
	CHECK(join_authorise(&e.service, &family, &e.arena, e.sample.joinable, &before) == OK);
	CHECK(visit_losing(&e.service, &family, visit.id, LOST_SERVICE, 5, &must_end) ==
	      ERR_DENIED);
	CHECK(visit_losing(&e.service, &SYSTEM_ACTOR, visit.id, LOST_SERVICE, 0, &must_end) ==
	      ERR_BAD);
	CHECK(visit_losing(&e.service, &SYSTEM_ACTOR, visit.id, LOST_PRISON_LINE, 90, &must_end) ==
	      OK);
	CHECK(visit_losing(&e.service, &SYSTEM_ACTOR, visit.id, LOST_TERMINAL, 10, &must_end) ==
	      OK);
	CHECK(visit_losing(&e.service, &SYSTEM_ACTOR, visit.id, LOST_NOBODY, 70, &must_end) == OK);
	CHECK(must_end.s == before.must_end.s + 100);
	CHECK(join_authorise(&e.service, &family, &e.arena, e.sample.joinable, &after) == OK);
	CHECK(after.must_end.s == must_end.s);
	CHECK(visit_end(&e.service, &clerk, e.sample.joinable, END_STAFF, STR("Fire alarm")) == OK);
	visit = find(&e, &family);
	CHECK(visit.used_s == 60 && visit.counted_minutes == 1);
	CHECK(visit.lost.s[LOST_PRISON_LINE] == 90 && visit.lost.s[LOST_TERMINAL] == 10 &&
	      visit.lost.s[LOST_NOBODY] == 70 && visit.lost.s[LOST_STAFF] == 0);
	CHECK(visit_losing(&e.service, &SYSTEM_ACTOR, visit.id, LOST_SERVICE, 5, &must_end) ==
	      ERR_CONFLICT);
	estate_close(&e);
}

static void the_kind_of_a_visit_cannot_change(void **state)
{
	(void)state;
	struct estate e;
	estate_open(&e);
	static const char CONVERT[] = "UPDATE visit SET kind = 'LEGAL'";
	struct query q = query_of(e.service.store, CONVERT);
	CHECK(query_change(&q) == ERR_BAD);
	estate_close(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_visit_goes_from_the_lobby_to_its_account),
		TEST(others_learn_nothing_of_a_visit),
		TEST(cancelling_frees_the_places_and_gives_the_minutes_back),
		TEST(a_lead_who_is_refused_ends_the_visit),
		TEST(nobody_came_and_the_timer_says_so),
		TEST(a_live_visit_runs_into_its_grace_while_nobody_needs_the_terminal),
		TEST(a_second_start_keeps_the_data_and_the_visit),
		TEST(at_any_minute_of_the_day_the_sample_has_a_visit_to_join),
		TEST(only_who_is_approved_is_offered_times),
		TEST(the_audit_log_notices_a_changed_leaf),
		TEST(what_a_fault_took_is_added_at_the_end_and_not_counted),
		TEST(the_kind_of_a_visit_cannot_change),
	};
	return RUN("service/visit", tests);
}
