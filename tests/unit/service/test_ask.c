#include "service/ask.h"

#include "service/booking.h"
#include "service/custody.h"
#include "service/pin.h"
#include "service/safeguard.h"
#include "store/query.h"
#include "tests/store/estate.h"
#include "tests/store/promises.h"

enum {
	DAY = 24 * 60 * 60,
};

/* Daniel Okoro, A1234BC, in Wandsworth; Amina, his wife, books for herself and Zara. */
struct story {
	struct estate e;
	struct actor terminal;
	struct actor clerk;
	struct actor amina;
	struct prisoner_number number;
	struct prisoner_id daniel;
	struct person_id person; /* Amina */
};

static void story_open(struct story *s)
{
	*s = (struct story){ 0 };
	estate_open(&s->e);
	s->terminal = estate_terminal(&s->e);
	s->clerk = estate_staff(&s->e, ROLE_VISITS_CLERK, "WWI");
	s->amina = estate_family(&s->e, "amina@family.example");
	struct contact_list mine;
	CHECK(contacts_mine(&s->e.service, &s->amina, &s->e.arena, &mine) == OK);
	for (size_t i = 0; i < mine.count; i++) {
		if (!str_is(mine.list[i].person.name, "Amina Okoro"))
			continue;
		s->person = mine.list[i].person.id;
		s->daniel = mine.list[i].prisoner.id;
		s->number = mine.list[i].prisoner.number;
	}
	CHECK(s->person.n && pin_set(&s->e.service, &s->clerk, s->number, STR("hash")) == OK);
}

static struct pin_candidate candidate(struct story *s, const char *number)
{
	struct pin_candidate c;
	CHECK(pin_candidate_find(&s->e.service, &s->terminal, str_from(number), &c) == OK);
	return c;
}

static struct actor signed_in(struct story *s)
{
	struct pin_candidate c = candidate(s, "A1234BC");
	struct pin_session session;
	struct actor self;
	CHECK(c.prisoner.n == s->daniel.n && strcmp(c.hash, "hash") == 0);
	CHECK(pin_session_start(&s->e.service, &s->terminal, &c, &session) == OK);
	CHECK(pin_session_find(&s->e.service, &s->terminal, str_from(session.token), &self) == OK);
	CHECK(self.prisoner.n == s->daniel.n);
	return self;
}

static struct own_view own(struct story *s, const struct actor *self)
{
	struct own_view view;
	CHECK(own_find(&s->e.service, self, &s->e.arena, &view) == OK);
	return view;
}

/* What the prisoner sees of Amina; .person 0: nothing. */
static struct own_visitor find_visitor(const struct story *s, const struct own_view *view)
{
	for (size_t i = 0; i < view->visitor_count; i++)
		if (view->visitors[i].person.n == s->person.n)
			return view->visitors[i];
	return (struct own_visitor){ 0 };
}

static void rule(struct story *s, const char *name, int64_t value)
{
	struct actor admin = estate_staff(&s->e, ROLE_PRISON_ADMIN, "WWI");
	struct effect_list effects;
	struct policy_setting setting = { .prison = s->terminal.prison,
					  .value = value,
					  .valid_from = s->e.service.now,
					  .reason = STR("A test") };
	CHECK(policy_name_of(str_from(name), &setting.name));
	CHECK(policy_set(&s->e.service, &admin, &s->e.arena, &setting, &effects) == OK);
}

static void pins_are_made_by_staff_of_the_prison_alone(void **state)
{
	(void)state;
	struct story s;
	char pin[PIN_LEN + 1], other[PIN_LEN + 1], read[PIN_LEN + 1];
	struct pin_overview overview;
	story_open(&s);
	pin_make(&s.e.service, pin);
	pin_make(&s.e.service, other);
	CHECK(pin_of(str_from(pin), read) && strcmp(pin, other) != 0);
	struct actor leeds = estate_staff(&s.e, ROLE_VISITS_CLERK, "LEI");
	struct actor monitor = estate_staff(&s.e, ROLE_MONITOR, "WWI");
	CHECK(pin_set(&s.e.service, &leeds, s.number, STR("x")) == ERR_NOT_FOUND);
	CHECK(pin_set(&s.e.service, &monitor, s.number, STR("x")) == ERR_DENIED);
	CHECK(pin_set(&s.e.service, &s.amina, s.number, STR("x")) == ERR_DENIED);
	CHECK(pin_find(&s.e.service, &leeds, &s.e.arena, s.number, &overview) == ERR_NOT_FOUND);
	int64_t leaves = estate_leaves(&s.e);
	CHECK(pin_set(&s.e.service, &s.clerk, s.number, STR("second")) == OK);
	CHECK(estate_leaves(&s.e) == leaves + 1);
	CHECK(pin_find(&s.e.service, &monitor, &s.e.arena, s.number, &overview) == OK);
	CHECK(overview.set && overview.state == PIN_OPEN);
	CHECK(strcmp(candidate(&s, "a1234bc").hash, "second") == 0);
	estate_close(&s.e);
}

static void a_number_without_pin_or_elsewhere_looks_like_a_wrong_pin(void **state)
{
	(void)state;
	static const char *const NOBODY[] = { "A2345CD", "Z9999ZZ", "nonsense", "" };
	struct story s;
	story_open(&s);
	for (size_t i = 0; i < sizeof NOBODY / sizeof NOBODY[0]; i++) {
		struct pin_candidate c = candidate(&s, NOBODY[i]);
		struct pin_session session;
		CHECK(!c.prisoner.n && strncmp(c.hash, "$argon2id$", 10) == 0);
		CHECK(pin_session_start(&s.e.service, &s.terminal, &c, &session) == ERR_DENIED);
		int64_t leaves = estate_leaves(&s.e);
		CHECK(pin_wrong(&s.e.service, &s.terminal, &c) == OK);
		CHECK(estate_leaves(&s.e) == leaves + 1);
	}
	struct actor leeds = s.terminal;
	struct pin_candidate c;
	CHECK(prison_code_of(STR("LEI"), &leeds.prison));
	CHECK(pin_candidate_find(&s.e.service, &leeds, STR("A1234BC"), &c) == OK);
	CHECK(!c.prisoner.n);
	CHECK(pin_candidate_find(&s.e.service, &s.clerk, STR("A1234BC"), &c) == ERR_DENIED);
	estate_close(&s.e);
}

static void wrong_pins_pause_it_and_a_right_one_begins_anew(void **state)
{
	(void)state;
	struct story s;
	struct pin_session session;
	story_open(&s);
	struct pin_candidate before = candidate(&s, "A1234BC");
	for (int i = 0; i < 5; i++) {
		struct pin_candidate c = candidate(&s, "A1234BC");
		CHECK(c.prisoner.n && pin_wrong(&s.e.service, &s.terminal, &c) == OK);
	}
	CHECK(!candidate(&s, "A1234BC").prisoner.n);
	/* One that was being verified meanwhile comes too late, right or not. */
	CHECK(pin_session_start(&s.e.service, &s.terminal, &before, &session) == ERR_DENIED);
	/* Tries during the pause do not lengthen it. */
	struct pin_candidate paused = candidate(&s, "A1234BC");
	s.e.service.now.s += 14 * 60;
	CHECK(pin_wrong(&s.e.service, &s.terminal, &paused) == OK);
	s.e.service.now.s += 60;
	(void)signed_in(&s);
	CHECK(number(s.e.service.store, "SELECT failures FROM prisoner_pin") == 0);
	estate_close(&s.e);
}

static void many_wrong_pins_close_it_until_staff_make_a_new_one(void **state)
{
	(void)state;
	struct story s;
	struct pin_overview overview;
	story_open(&s);
	for (int i = 0; i < 15; i++) {
		struct pin_candidate c = candidate(&s, "A1234BC");
		CHECK(c.prisoner.n && pin_wrong(&s.e.service, &s.terminal, &c) == OK);
		s.e.service.now.s += 15 * 60;
	}
	s.e.service.now.s += 30 * DAY;
	CHECK(!candidate(&s, "A1234BC").prisoner.n);
	CHECK(pin_find(&s.e.service, &s.clerk, &s.e.arena, s.number, &overview) == OK);
	CHECK(overview.state == PIN_CLOSED);
	CHECK(pin_set(&s.e.service, &s.clerk, s.number, STR("hash")) == OK);
	(void)signed_in(&s);
	estate_close(&s.e);
}

static void a_sign_in_ends_by_itself_and_holds_at_one_terminal(void **state)
{
	(void)state;
	struct story s;
	struct pin_session one, two;
	struct actor self, other;
	story_open(&s);
	struct service *service = &s.e.service;
	struct pin_candidate c = candidate(&s, "A1234BC");
	other = s.terminal;
	other.terminal.n += 1;
	CHECK(pin_session_start(service, &s.terminal, &c, &one) == OK);
	CHECK(pin_session_find(service, &other, str_from(one.token), &self) == ERR_DENIED);
	CHECK(pin_session_find(service, &s.terminal, STR("x"), &self) == ERR_DENIED);
	/* Another sign-in takes its place. */
	CHECK(pin_session_start(service, &s.terminal, &c, &two) == OK);
	CHECK(pin_session_find(service, &s.terminal, str_from(one.token), &self) == ERR_DENIED);
	/* A touch keeps it, up to its end. */
	struct wall began = service->now;
	while (service->now.s + 60 < began.s + PIN_TOTAL_S) {
		service->now.s += 60;
		CHECK(pin_session_find(service, &s.terminal, str_from(two.token), &self) == OK);
	}
	service->now.s = began.s + PIN_TOTAL_S;
	CHECK(pin_session_find(service, &s.terminal, str_from(two.token), &self) == ERR_DENIED);
	/* Nobody there: over. */
	CHECK(pin_session_start(service, &s.terminal, &c, &one) == OK);
	service->now.s += PIN_IDLE_S;
	CHECK(pin_session_find(service, &s.terminal, str_from(one.token), &self) == ERR_DENIED);
	/* Finished, once. */
	CHECK(pin_session_start(service, &s.terminal, &c, &one) == OK);
	CHECK(pin_session_end(service, &s.terminal, str_from(one.token)) == OK);
	CHECK(pin_session_end(service, &s.terminal, str_from(one.token)) == ERR_NOT_FOUND);
	/* A new PIN, or a transfer, ends it too. */
	CHECK(pin_session_start(service, &s.terminal, &c, &one) == OK);
	CHECK(pin_set(service, &s.clerk, s.number, STR("hash")) == OK);
	CHECK(pin_session_find(service, &s.terminal, str_from(one.token), &self) == ERR_DENIED);
	CHECK(pin_session_start(service, &s.terminal, &c, &one) == OK);
	struct prisoner_movement out = { .number = s.number,
					 .movement = MOVEMENT_TO_COURT,
					 .reason = STR("Trial") };
	CHECK(prisoner_move(service, &s.clerk, &out) == OK);
	CHECK(pin_session_find(service, &s.terminal, str_from(one.token), &self) == ERR_DENIED);
	estate_close(&s.e);
}

static void the_prisoner_sees_their_own_and_nobody_elses(void **state)
{
	(void)state;
	struct story s;
	struct own_view view;
	story_open(&s);
	CHECK(own_find(&s.e.service, &s.terminal, &s.e.arena, &view) == ERR_DENIED);
	CHECK(own_find(&s.e.service, &s.clerk, &s.e.arena, &view) == ERR_DENIED);
	struct actor self = signed_in(&s);
	view = own(&s, &self);
	CHECK(str_is(view.prisoner.name, "Daniel Okoro") && view.pays_minutes && !view.pays_order);
	CHECK(view.minutes_left >= 0 && view.visit_count > 0);
	for (size_t i = 0; i < view.visit_count; i++)
		CHECK(view.visits[i].prisoner.n == s.daniel.n);
	CHECK(find_visitor(&s, &view).may == ASKING_OK && !find_visitor(&s, &view).asked);
	/* The service's other doors stay shut to a terminal. */
	struct safeguards safeguards;
	CHECK(safeguards_find(&s.e.service, &self, &s.e.arena, s.number, &safeguards) != OK);
	CHECK(own_choose_language(&s.e.service, &s.terminal, LANGUAGE_CY) == ERR_DENIED);
	CHECK(own_choose_language(&s.e.service, &self, LANGUAGE_CY) == OK);
	CHECK(own(&s, &self).language == LANGUAGE_CY);
	estate_close(&s.e);
}

static void a_request_reaches_the_family_and_ends_with_a_booking(void **state)
{
	(void)state;
	struct story s;
	enum asking answer;
	struct visit_ask_list asks;
	story_open(&s);
	struct actor self = signed_in(&s);
	int64_t leaves = estate_leaves(&s.e);
	CHECK(ask_for_visit(&s.e.service, &self, s.person, &answer) == OK);
	CHECK(answer == ASKING_OK && estate_leaves(&s.e) == leaves + 1);
	CHECK(ask_for_visit(&s.e.service, &self, s.person, &answer) == OK);
	CHECK(answer == ASKING_STANDS && estate_leaves(&s.e) == leaves + 1);
	CHECK(asks_mine(&s.e.service, &s.amina, &s.e.arena, &asks) == OK && asks.count == 1);
	CHECK(str_is(asks.list[0].prisoner_name, "Daniel Okoro"));
	struct actor ben = estate_family(&s.e, "ben@family.example");
	CHECK(asks_mine(&s.e.service, &ben, &s.e.arena, &asks) == OK && asks.count == 0);

	struct offer_query query = { .kind = VISIT_SOCIAL,
				     .prisoner = s.daniel,
				     .person_count = 1,
				     .persons = { s.person },
				     .days = 28,
				     .minutes = 30 };
	struct offered_time first = { 0 };
	CHECK(offer_next(&s.e.service, &s.amina, &s.e.arena, &query, &first) == OK);
	CHECK(first.start.s);
	struct visit_request request = { .kind = VISIT_SOCIAL,
					 .prisoner = s.daniel,
					 .person_count = 1,
					 .persons = { s.person },
					 .start = first.start,
					 .minutes = 30 };
	struct verdict verdict = { 0 };
	struct reference reference;
	CHECK(visit_book(&s.e.service, &s.amina, &request, &verdict, &reference) == OK);
	CHECK(verdict_clean(verdict));
	CHECK(asks_mine(&s.e.service, &s.amina, &s.e.arena, &asks) == OK && asks.count == 0);
	struct own_view view = own(&s, &self);
	CHECK(find_visitor(&s, &view).told == ASK_BOOKED);
	estate_close(&s.e);
}

static void the_family_declines_and_the_prisoner_sees_no_difference(void **state)
{
	(void)state;
	struct story s;
	enum asking answer;
	struct visit_ask_list asks;
	struct visit_ask ask;
	story_open(&s);
	struct actor self = signed_in(&s);
	struct actor ben = estate_family(&s.e, "ben@family.example");
	CHECK(ask_for_visit(&s.e.service, &self, s.person, &answer) == OK);
	CHECK(asks_mine(&s.e.service, &s.amina, &s.e.arena, &asks) == OK && asks.count == 1);
	struct ask_id id = asks.list[0].id;
	CHECK(ask_decline(&s.e.service, &ben, id, true) == ERR_NOT_FOUND);
	CHECK(ask_decline(&s.e.service, &s.clerk, id, false) == ERR_DENIED);
	CHECK(ask_mine_find(&s.e.service, &ben, &s.e.arena, id, &ask) == ERR_NOT_FOUND);
	struct own_view before = own(&s, &self);
	CHECK(ask_decline(&s.e.service, &s.amina, id, true) == OK);
	CHECK(ask_decline(&s.e.service, &s.amina, id, true) == ERR_NOT_FOUND);
	struct own_view after = own(&s, &self);
	CHECK(find_visitor(&s, &after).told == find_visitor(&s, &before).told);
	CHECK(find_visitor(&s, &after).may == find_visitor(&s, &before).may);
	/* Two weeks on he asks again, and she hears nothing of it. */
	s.e.service.now.s += 14 * DAY;
	self = signed_in(&s);
	CHECK(ask_for_visit(&s.e.service, &self, s.person, &answer) == OK && answer == ASKING_OK);
	CHECK(asks_mine(&s.e.service, &s.amina, &s.e.arena, &asks) == OK && asks.count == 0);
	after = own(&s, &self);
	CHECK(find_visitor(&s, &after).told == ASK_OPEN);
	estate_close(&s.e);
}

static void what_nobody_answers_lapses_and_can_be_asked_again(void **state)
{
	(void)state;
	struct story s;
	enum asking answer;
	struct visit_ask_list asks;
	story_open(&s);
	struct actor self = signed_in(&s);
	CHECK(ask_for_visit(&s.e.service, &self, s.person, &answer) == OK);
	s.e.service.now.s += 14 * DAY;
	CHECK(asks_mine(&s.e.service, &s.amina, &s.e.arena, &asks) == OK && asks.count == 0);
	self = signed_in(&s);
	CHECK(ask_for_visit(&s.e.service, &self, s.person, &answer) == OK && answer == ASKING_OK);
	CHECK(asks_mine(&s.e.service, &s.amina, &s.e.arena, &asks) == OK && asks.count == 1);
	estate_close(&s.e);
}

static void staff_look_first_where_the_rules_say_so(void **state)
{
	(void)state;
	struct story s;
	enum asking answer;
	struct visit_ask_list asks;
	struct asks_waiting waiting;
	story_open(&s);
	rule(&s, "prisoner_asks", PRISONER_ASKS_STAFF);
	struct actor self = signed_in(&s);
	struct actor leeds = estate_staff(&s.e, ROLE_VISITS_CLERK, "LEI");
	struct actor monitor = estate_staff(&s.e, ROLE_MONITOR, "WWI");
	CHECK(ask_for_visit(&s.e.service, &self, s.person, &answer) == OK && answer == ASKING_OK);
	CHECK(asks_mine(&s.e.service, &s.amina, &s.e.arena, &asks) == OK && asks.count == 0);
	CHECK(asks_waiting(&s.e.service, &s.clerk, &s.e.arena, &waiting) == OK);
	assert_int_equal(waiting.visits.count, 1);
	struct ask_id id = waiting.visits.list[0].id;
	CHECK(asks_waiting(&s.e.service, &leeds, &s.e.arena, &waiting) == OK);
	assert_int_equal(waiting.visits.count, 0);
	CHECK(visit_ask_decide(&s.e.service, &leeds, id, true, STR("")) == ERR_NOT_FOUND);
	CHECK(visit_ask_decide(&s.e.service, &monitor, id, true, STR("")) == ERR_DENIED);
	CHECK(visit_ask_decide(&s.e.service, &s.clerk, id, false, STR("")) == ERR_BAD);
	CHECK(visit_ask_decide(&s.e.service, &s.clerk, id, true, STR("")) == OK);
	CHECK(visit_ask_decide(&s.e.service, &s.clerk, id, true, STR("")) == ERR_CONFLICT);
	CHECK(asks_mine(&s.e.service, &s.amina, &s.e.arena, &asks) == OK && asks.count == 1);
	/* Switched off: nothing more is asked. */
	rule(&s, "prisoner_asks", PRISONER_ASKS_OFF);
	s.e.service.now.s += 14 * DAY;
	self = signed_in(&s);
	CHECK(ask_for_visit(&s.e.service, &self, s.person, &answer) == OK && answer == ASKING_OFF);
	estate_close(&s.e);
}

static void an_order_that_came_since_hides_the_request(void **state)
{
	(void)state;
	struct story s;
	enum asking answer;
	struct visit_ask_list asks;
	struct asks_waiting waiting;
	story_open(&s);
	struct actor governor = estate_staff(&s.e, ROLE_DUTY_GOVERNOR, "WWI");
	struct actor self = signed_in(&s);
	CHECK(ask_for_visit(&s.e.service, &self, s.person, &answer) == OK && answer == ASKING_OK);
	struct restriction_id id;
	struct restriction_new order = { .on = RESTRICTION_ON_PAIR,
					 .code = RESTRICTION_NO_CONTACT,
					 .prisoner = s.daniel,
					 .person = s.person,
					 .comment = STR("Order of the court"),
					 .authorised_by = STR("Court") };
	CHECK(restriction_add(&s.e.service, &governor, &order, &id) == OK);
	CHECK(asks_mine(&s.e.service, &s.amina, &s.e.arena, &asks) == OK && asks.count == 0);
	struct own_view view = own(&s, &self);
	CHECK(!find_visitor(&s, &view).person.n);
	/* Nor can staff pass one on, or the prisoner ask. */
	rule(&s, "prisoner_asks", PRISONER_ASKS_STAFF);
	CHECK(ask_for_visit(&s.e.service, &self, s.person, &answer) == OK);
	CHECK(answer == ASKING_UNKNOWN);
	CHECK(restriction_end(&s.e.service, &governor, id, STR("Over")) == OK);
	s.e.service.now.s += 14 * DAY;
	self = signed_in(&s);
	CHECK(ask_for_visit(&s.e.service, &self, s.person, &answer) == OK && answer == ASKING_OK);
	CHECK(restriction_add(&s.e.service, &governor, &order, &id) == OK);
	CHECK(asks_waiting(&s.e.service, &s.clerk, &s.e.arena, &waiting) == OK);
	assert_int_equal(waiting.visits.count, 1);
	CHECK(visit_ask_decide(&s.e.service, &s.clerk, waiting.visits.list[0].id, true, STR("")) ==
	      ERR_DENIED);
	estate_close(&s.e);
}

static void somebody_to_be_added_is_for_staff_and_a_few_at_once(void **state)
{
	(void)state;
	struct story s;
	struct asks_waiting waiting;
	story_open(&s);
	struct actor self = signed_in(&s);
	struct actor leeds = estate_staff(&s.e, ROLE_VISITS_CLERK, "LEI");
	CHECK(ask_for_contact(&s.e.service, &self, STR(""), STR("sister")) == ERR_BAD);
	CHECK(ask_for_contact(&s.e.service, &self, STR("Ruth Okoro"), STR(" ")) == ERR_BAD);
	CHECK(ask_for_contact(&s.e.service, &s.clerk, STR("Ruth Okoro"), STR("sister")) ==
	      ERR_DENIED);
	rule(&s, "open_requests_max", 2);
	CHECK(ask_for_contact(&s.e.service, &self, STR("Ruth Okoro"), STR("sister")) == OK);
	CHECK(ask_for_contact(&s.e.service, &self, STR("Ada Okoro"), STR("aunt")) == OK);
	CHECK(ask_for_contact(&s.e.service, &self, STR("Eve Okoro"), STR("aunt")) == ERR_LIMIT);
	CHECK(asks_waiting(&s.e.service, &s.clerk, &s.e.arena, &waiting) == OK);
	assert_int_equal(waiting.contacts.count, 2);
	struct ask_id id = waiting.contacts.list[0].id;
	CHECK(contact_ask_decide(&s.e.service, &leeds, id, true, STR("")) == ERR_NOT_FOUND);
	CHECK(contact_ask_decide(&s.e.service, &s.clerk, id, false, STR("")) == ERR_BAD);
	CHECK(contact_ask_decide(&s.e.service, &s.clerk, id, true, STR("")) == OK);
	CHECK(contact_ask_decide(&s.e.service, &s.clerk, id, false, STR("No")) == ERR_CONFLICT);
	CHECK(ask_for_contact(&s.e.service, &self, STR("Eve Okoro"), STR("aunt")) == OK);
	CHECK(own(&s, &self).contact_count == 3);
	estate_close(&s.e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(pins_are_made_by_staff_of_the_prison_alone),
		TEST(a_number_without_pin_or_elsewhere_looks_like_a_wrong_pin),
		TEST(wrong_pins_pause_it_and_a_right_one_begins_anew),
		TEST(many_wrong_pins_close_it_until_staff_make_a_new_one),
		TEST(a_sign_in_ends_by_itself_and_holds_at_one_terminal),
		TEST(the_prisoner_sees_their_own_and_nobody_elses),
		TEST(a_request_reaches_the_family_and_ends_with_a_booking),
		TEST(the_family_declines_and_the_prisoner_sees_no_difference),
		TEST(what_nobody_answers_lapses_and_can_be_asked_again),
		TEST(staff_look_first_where_the_rules_say_so),
		TEST(an_order_that_came_since_hides_the_request),
		TEST(somebody_to_be_added_is_for_staff_and_a_few_at_once),
	};
	return RUN("service/ask", tests);
}
