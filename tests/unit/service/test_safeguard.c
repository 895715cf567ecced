#include "tests/store/estate.h"

#include "base/assert.h"
#include "service/custody.h"
#include "service/hold.h"
#include "service/offer.h"
#include "service/orders.h"
#include "service/request.h"
#include "service/review.h"
#include "service/safeguard.h"
#include "store/query.h"
#include "store/visit.h"

enum {
	DAY_S = 86400,
};

struct scene {
	struct estate e;
	struct actor amina, farah, governor, clerk, admin;
	struct prisoner_id daniel, imran;
	struct prisoner_number daniel_no, imran_no;
	struct person amina_herself, zara;
};

static struct contact contact_at(struct scene *s, const struct actor *family, size_t at)
{
	struct contact_list contacts;
	CHECK(contacts_mine(&s->e.service, family, &s->e.arena, &contacts) == OK);
	CHECK(contacts.count > at);
	return contacts.list[at];
}

static void scene_open(struct scene *s)
{
	*s = (struct scene){ 0 };
	estate_open(&s->e);
	s->amina = estate_family(&s->e, "amina@family.example");
	s->farah = estate_family(&s->e, "farah@family.example");
	s->governor = estate_staff(&s->e, ROLE_DUTY_GOVERNOR, "WWI");
	s->clerk = estate_staff(&s->e, ROLE_VISITS_CLERK, "WWI");
	s->admin = estate_staff(&s->e, ROLE_PRISON_ADMIN, "WWI");
	struct contact first = contact_at(s, &s->amina, 0);
	s->daniel = first.prisoner.id;
	s->daniel_no = first.prisoner.number;
	s->amina_herself = first.person;
	s->zara = contact_at(s, &s->amina, 1).person;
	s->imran = contact_at(s, &s->farah, 0).prisoner.id;
	s->imran_no = contact_at(s, &s->farah, 0).prisoner.number;
}

static void scene_close(struct scene *s)
{
	CHECK(estate_leaves(&s->e) > 0);
	estate_close(&s->e);
}

static struct wall at(struct scene *s, int days, int slot)
{
	struct wall start;
	struct date day = date_add_days(local_date(s->e.service.now), days);
	(void)local_to_wall(day, 9 * 60 + slot * 30, &start);
	return start;
}

/* party: 1 the adult, 2 with the child. */
static struct visit_request wish(struct scene *s, const struct actor *family, size_t party,
				 int days, int slot)
{
	struct visit_request request = { .prisoner = contact_at(s, family, 0).prisoner.id,
					 .person_count = party,
					 .start = at(s, days, slot),
					 .minutes = 30 };
	for (size_t i = 0; i < party; i++)
		request.persons[i] = contact_at(s, family, i).person.id;
	return request;
}

static struct verdict try_book(struct scene *s, const struct actor *family, size_t party, int days,
			       int slot, struct reference *out)
{
	struct visit_request request = wish(s, family, party, days, slot);
	struct verdict verdict;
	CHECK(visit_book(&s->e.service, family, &request, &verdict, out) == OK);
	return verdict;
}

static struct reference book(struct scene *s, const struct actor *family, size_t party, int days,
			     int slot)
{
	struct reference reference = { 0 };
	assert_int_equal(verdict_first(try_book(s, family, party, days, slot, &reference)),
			 BOOKING_OK);
	return reference;
}

static struct visit see(struct scene *s, struct reference reference)
{
	struct visit visit;
	CHECK(visit_find(&s->e.service, &SYSTEM_ACTOR, &s->e.arena, reference, &visit) == OK);
	return visit;
}

/* The issues that are open for a visit, in words. */
static const char *flags(struct scene *s, struct reference reference)
{
	struct review_list list;
	const char *text = "";
	CHECK(reviews_of(&s->e.service, &s->governor, &s->e.arena, reference, &list) == OK);
	for (size_t i = 0; i < list.count; i++)
		if (list.list[i].state == REVIEW_OPEN)
			text = arena_printf(&s->e.arena, "%s%s ", text, list.list[i].issue);
	return text;
}

static struct restriction_id restrict_pair(struct scene *s, enum restriction_code code,
					   struct date to)
{
	struct restriction_id id;
	struct restriction_new new = {
		.on = RESTRICTION_ON_PAIR,
		.code = code,
		.prisoner = s->daniel,
		.person = s->amina_herself.id,
		.to = to,
		.comment = STR("See the file"),
		.authorised_by = STR("Helen Frost"),
	};
	CHECK(restriction_add(&s->e.service, &s->governor, &new, &id) == OK);
	return id;
}

static struct non_association_id keep_apart(struct scene *s)
{
	struct non_association_id id;
	struct non_association_new new = {
		.one = s->daniel,
		.other = s->imran_no,
		.reason = NON_ASSOCIATION_THREAT,
		.scope = NON_ASSOCIATION_WING,
		.comment = STR("Threats on the landing"),
	};
	CHECK(non_association_add(&s->e.service, &s->governor, &new, &id) == OK);
	return id;
}

/* ---- restrictions ---- */

static void a_ban_hides_days_until_it_is_over_and_flags_what_is_booked(void **state)
{
	(void)state;
	struct scene s;
	struct reference none = { 0 };
	scene_open(&s);
	struct reference early = book(&s, &s.amina, 1, 4, 0);
	struct reference late = book(&s, &s.amina, 1, 9, 0);
	struct date last = date_add_days(local_date(s.e.service.now), 7);
	struct restriction_id ban = restrict_pair(&s, RESTRICTION_BAN, last);
	assert_string_equal(flags(&s, early), "BANNED ");
	assert_string_equal(flags(&s, late), "");
	CHECK(see(&s, early).state == VISIT_BOOKED); /* never silently gone */
	assert_int_equal(verdict_first(try_book(&s, &s.amina, 1, 7, 0, &none)), BOOKING_BANNED);
	(void)book(&s, &s.amina, 1, 8, 0);
	CHECK(restriction_end(&s.e.service, &s.governor, ban, STR("Appeal allowed")) == OK);
	assert_string_equal(flags(&s, early), "");
	(void)book(&s, &s.amina, 1, 7, 0);
	CHECK(restriction_end(&s.e.service, &s.governor, ban, STR("Again")) == ERR_CONFLICT);
	scene_close(&s);
}

static void whoever_is_banned_does_not_come_back_under_another_account(void **state)
{
	(void)state;
	struct scene s;
	struct restriction_id id;
	struct reference none = { 0 };
	scene_open(&s);
	struct person farah = contact_at(&s, &s.farah, 0).person;
	struct restriction_new by_name = {
		.on = RESTRICTION_ON_VISITOR,
		.code = RESTRICTION_BAN,
		.visitor_name = STR("FARAH  sadiq"),
		.visitor_born = farah.born,
		.comment = STR("Banned at another prison"),
		.authorised_by = STR("Governor of Leeds"),
	};
	CHECK(restriction_add(&s.e.service, &s.governor, &by_name, &id) == OK);
	assert_int_equal(verdict_first(try_book(&s, &s.farah, 1, 5, 0, &none)), BOOKING_BANNED);
	scene_close(&s);
}

static void only_the_governor_bans_and_reasons_are_needed(void **state)
{
	(void)state;
	struct scene s;
	struct restriction_id id;
	scene_open(&s);
	struct actor authoriser = estate_staff(&s.e, ROLE_CONTACTS_AUTHORISER, "WWI");
	struct actor elsewhere = estate_staff(&s.e, ROLE_DUTY_GOVERNOR, "CFI");
	struct restriction_new new = {
		.on = RESTRICTION_ON_PRISONER,
		.code = RESTRICTION_CCTV,
		.prisoner = s.daniel,
		.comment = STR("Seat 4"),
		.authorised_by = STR("Helen Frost"),
	};
	CHECK(restriction_add(&s.e.service, &authoriser, &new, &id) == OK);
	CHECK(restriction_add(&s.e.service, &s.clerk, &new, &id) == ERR_DENIED);
	CHECK(restriction_add(&s.e.service, &elsewhere, &new, &id) == ERR_NOT_FOUND);
	new.comment = STR(" ");
	CHECK(restriction_add(&s.e.service, &authoriser, &new, &id) == ERR_BAD);
	new.comment = STR("Seat 4");
	new.code = RESTRICTION_BAN;
	CHECK(restriction_add(&s.e.service, &authoriser, &new, &id) == ERR_DENIED);
	new.code = RESTRICTION_NO_CONTACT;
	CHECK(restriction_add(&s.e.service, &s.governor, &new, &id) == ERR_BAD);
	new.code = RESTRICTION_CCTV;
	new.from = (struct date){ 2026, 12, 2 };
	new.to = (struct date){ 2026, 12, 1 };
	CHECK(restriction_add(&s.e.service, &authoriser, &new, &id) == ERR_BAD);
	scene_close(&s);
}

static void an_order_of_no_contact_holds_at_approval_booking_and_joining(void **state)
{
	(void)state;
	struct scene s;
	struct reference none = { 0 };
	enum joining answer;
	scene_open(&s);
	struct contact contact = contact_at(&s, &s.amina, 0);
	struct restriction_id order = restrict_pair(&s, RESTRICTION_NO_CONTACT, (struct date){ 0 });
	/* Booking: no day is left, in the words of no session. */
	struct verdict verdict = try_book(&s, &s.amina, 1, 5, 0, &none);
	assert_int_equal(verdict_first(verdict), BOOKING_NO_CONTACT);
	assert_string_equal(booking_family_key(verdict_first(verdict)), "booking.no_times");
	/* Joining: as if staff had refused; staff have it in the queue. */
	assert_string_equal(flags(&s, s.e.sample.joinable), "NO_CONTACT ");
	CHECK(lobby_enter(&s.e.service, &s.amina, s.e.sample.joinable, &answer) == OK);
	assert_int_equal(answer, JOINING_REFUSED);
	struct actor terminal = estate_terminal(&s.e);
	CHECK(lobby_enter(&s.e.service, &terminal, s.e.sample.joinable, &answer) == OK);
	assert_int_equal(answer, JOINING_REFUSED);
	CHECK(see(&s, s.e.sample.joinable).state == VISIT_BOOKED);
	/* Approval: not while it stands. */
	CHECK(contact_decide(&s.e.service, &s.governor, contact.id, CONTACT_REJECTED,
			     STR("Order of the court")) == OK);
	CHECK(contact_request(
		  &s.e.service, &s.amina,
		  &(struct contact_request){ .prisoner_number = str_from(s.daniel_no.text),
					     .prisoner_name = contact.prisoner.name,
					     .prisoner_born = contact.prisoner.born,
					     .person = contact.person.id,
					     .relationship = STR("wife") },
		  &(enum contact_answer){ 0 }, &contact.id) == OK);
	enum err approved =
	    contact_decide(&s.e.service, &s.governor, contact.id, CONTACT_APPROVED, STR(""));
	CHECK(approved == ERR_DENIED || approved == ERR_CONFLICT);
	CHECK(restriction_end(&s.e.service, &s.governor, order, STR("Order discharged")) == OK);
	scene_close(&s);
}

static void a_closed_visit_is_watched(void **state)
{
	(void)state;
	struct scene s;
	struct restriction_id id;
	scene_open(&s);
	struct restriction_new new = {
		.on = RESTRICTION_ON_PRISONER,
		.code = RESTRICTION_CLOSED,
		.prisoner = s.daniel,
		.comment = STR("After a find"),
		.authorised_by = STR("Helen Frost"),
	};
	struct reference before = book(&s, &s.amina, 1, 5, 0);
	CHECK(restriction_add(&s.e.service, &s.governor, &new, &id) == OK);
	struct visit visit = see(&s, book(&s, &s.amina, 1, 5, 2));
	assert_int_equal(visit.state, VISIT_BOOKED);
	CHECK(visit.closed);
	CHECK(visit.watched);
	assert_string_equal(flags(&s, before), "REVIEW_PRISONER_RESTRICTION ");
	/* What was booked before it is closed and watched too, and staff look at it. */
	CHECK(see(&s, before).closed && see(&s, before).watched);
	/* Its end does not loosen what is booked by itself. */
	CHECK(restriction_end(&s.e.service, &s.governor, id, STR("Reviewed")) == OK);
	CHECK(see(&s, before).closed && see(&s, before).watched);
	scene_close(&s);
}

static void a_restriction_after_the_booking_has_the_visit_watched(void **state)
{
	(void)state;
	struct scene s;
	scene_open(&s);
	struct reference with = book(&s, &s.amina, 1, 5, 0);
	struct reference other = book(&s, &s.farah, 1, 5, 4);
	CHECK(!see(&s, with).watched);
	int64_t leaves = estate_leaves(&s.e);
	(void)restrict_pair(&s, RESTRICTION_NONCON, (struct date){ 0 });
	CHECK(estate_leaves(&s.e) == leaves + 1);
	CHECK(see(&s, with).watched && !see(&s, with).closed);
	assert_string_equal(flags(&s, with), "REVIEW_VISITOR_RESTRICTION ");
	CHECK(!see(&s, other).watched);
	scene_close(&s);
}

/* ---- requests ---- */

static struct reference ask_for(struct scene *s, int days, int slot)
{
	struct alert_id id;
	struct alert_new alert = { .prisoner = s->daniel, .comment = STR("From the file") };
	struct reference reference;
	CHECK(alert_code_of(STR("RDV"), &alert.code));
	CHECK(alert_add(&s->e.service, &s->governor, &alert, &id) == OK);
	struct verdict verdict = try_book(s, &s->amina, 1, days, slot, &reference);
	CHECK(verdict_clean(verdict) && verdict_needs_review(verdict));
	CHECK(see(s, reference).state == VISIT_REQUESTED);
	return reference;
}

static int64_t minutes(struct scene *s)
{
	struct allowance_view view;
	CHECK(allowance_find(&s->e.service, &SYSTEM_ACTOR, &s->e.arena, s->daniel, &view) == OK);
	return view.left;
}

static void a_request_holds_its_time_until_staff_approve_it(void **state)
{
	(void)state;
	struct scene s;
	struct verdict verdict;
	struct reference none = { 0 };
	struct request_list list;
	scene_open(&s);
	int64_t before = minutes(&s);
	struct reference asked = ask_for(&s, 5, 0);
	assert_string_equal(flags(&s, asked), "REVIEW_ALERT ");
	assert_int_equal(minutes(&s), before - 30);
	verdict = try_book(&s, &s.amina, 1, 5, 0, &none); /* its time is taken */
	CHECK(!verdict_clean(verdict));
	CHECK(requests_find(&s.e.service, &s.clerk, &s.e.arena, &list) == OK && list.count == 1);
	CHECK(request_approve(&s.e.service, &s.amina, asked, STR("I say so"), &verdict) ==
	      ERR_DENIED);
	CHECK(request_approve(&s.e.service, &s.clerk, asked, STR(""), &verdict) == ERR_BAD);
	CHECK(request_approve(&s.e.service, &s.clerk, asked, STR("Known to us"), &verdict) == OK);
	CHECK(see(&s, asked).state == VISIT_BOOKED && verdict_ok(verdict));
	assert_string_equal(flags(&s, asked), "");
	CHECK(request_approve(&s.e.service, &s.clerk, asked, STR("Twice"), &verdict) ==
	      ERR_CONFLICT);
	scene_close(&s);
}

/* Each with its own visitors and deadline, as one by one; those of another prison and decided ones are not there. */
static void the_list_of_requests_has_each_with_its_visitors(void **state)
{
	(void)state;
	struct scene s;
	struct request_list list;
	struct verdict verdict;
	struct reference asked[3];
	scene_open(&s);
	asked[2] = ask_for(&s, 7, 0);
	CHECK(verdict_clean(try_book(&s, &s.amina, 2, 5, 0, &asked[0])));
	CHECK(verdict_clean(try_book(&s, &s.amina, 1, 6, 0, &asked[1])));
	CHECK(requests_find(&s.e.service, &s.clerk, &s.e.arena, &list) == OK);
	assert_int_equal(list.count, 3);
	for (size_t i = 0; i < list.count; i++) {
		struct visit one = see(&s, asked[i]);
		const struct visit *listed = &list.list[i].visit;
		struct wall deadline = { 0 };
		CHECK(request_deadline_find(&s.e.service, &s.clerk, asked[i], &deadline) == OK);
		assert_int_equal(list.list[i].deadline.s, deadline.s);
		assert_string_equal(listed->reference.text, asked[i].text);
		assert_int_equal(listed->visitor_count, i == 0 ? 2 : 1);
		assert_int_equal(listed->visitor_count, one.visitor_count);
		for (size_t w = 0; w < one.visitor_count; w++) {
			assert_int_equal(listed->visitors[w].person.n, one.visitors[w].person.n);
			assert_int_equal(listed->visitors[w].lead, one.visitors[w].lead);
		}
		assert_int_equal(list.list[i].review_count, 1);
	}
	CHECK(request_approve(&s.e.service, &s.clerk, asked[1], STR("Known"), &verdict) == OK);
	CHECK(requests_find(&s.e.service, &s.clerk, &s.e.arena, &list) == OK);
	assert_int_equal(list.count, 2);
	assert_string_equal(list.list[1].visit.reference.text, asked[2].text);
	assert_int_equal(list.list[1].visit.visitor_count, 1);
	struct actor elsewhere = s.clerk;
	CHECK(prison_code_of(STR("CFI"), &elsewhere.prison));
	CHECK(requests_find(&s.e.service, &elsewhere, &s.e.arena, &list) == OK && list.count == 0);
	scene_close(&s);
}

static void a_rejected_or_withdrawn_request_gives_all_back(void **state)
{
	(void)state;
	struct scene s;
	scene_open(&s);
	int64_t before = minutes(&s);
	struct reference first = ask_for(&s, 5, 0);
	CHECK(request_reject(&s.e.service, &s.clerk, first, STR("Not this week")) == OK);
	CHECK(see(&s, first).end == END_REJECTED && minutes(&s) == before);
	CHECK(request_reject(&s.e.service, &s.clerk, first, STR("Twice")) == ERR_CONFLICT);
	struct reference second = ask_for(&s, 5, 0);
	CHECK(visit_cancel(&s.e.service, &s.amina, second, STR("")) == OK);
	CHECK(see(&s, second).end == END_WITHDRAWN && minutes(&s) == before);
	assert_string_equal(flags(&s, second), "");
	scene_close(&s);
}

static void what_nobody_decides_is_rejected_at_its_deadline(void **state)
{
	(void)state;
	struct scene s;
	struct wall deadline;
	size_t done;
	scene_open(&s);
	int64_t before = minutes(&s);
	struct reference asked = ask_for(&s, 5, 0);
	CHECK(request_deadline_find(&s.e.service, &s.amina, asked, &deadline) == OK);
	CHECK(local_of(deadline).minute == 20 * 60 && deadline.s <= see(&s, asked).start.s - DAY_S);
	s.e.service.now = wall_add_s(deadline, -1);
	CHECK(requests_expire(&s.e.service, &SYSTEM_ACTOR, &done) == OK && done == 0);
	s.e.service.now = deadline;
	CHECK(requests_expire(&s.e.service, &s.clerk, &done) == ERR_DENIED);
	CHECK(requests_expire(&s.e.service, &SYSTEM_ACTOR, &done) == OK && done == 1);
	CHECK(see(&s, asked).end == END_AUTO_REJECTED && minutes(&s) == before);
	CHECK(requests_expire(&s.e.service, &SYSTEM_ACTOR, &done) == OK && done == 0);
	scene_close(&s);
}

static void a_request_is_not_approved_over_an_order(void **state)
{
	(void)state;
	struct scene s;
	struct verdict verdict;
	scene_open(&s);
	struct reference asked = ask_for(&s, 5, 0);
	(void)restrict_pair(&s, RESTRICTION_NO_CONTACT, (struct date){ 0 });
	CHECK(request_approve(&s.e.service, &s.clerk, asked, STR("Known to us"), &verdict) == OK);
	CHECK(verdict_has(verdict, BOOKING_NO_CONTACT));
	CHECK(see(&s, asked).state == VISIT_REQUESTED);
	scene_close(&s);
}

static void a_child_waits_for_the_governor_where_one_must_decide(void **state)
{
	(void)state;
	struct scene s;
	struct alert_id id;
	struct reference reference = { 0 };
	struct alert_new alert = { .comment = STR("OASys") };
	scene_open(&s);
	alert.prisoner = s.daniel;
	struct alert_rule quiet = { .description = STR("Child contact, level 1"), .child = true };
	CHECK(alert_code_of(STR("C1"), &quiet.code) && alert_code_of(STR("C1"), &alert.code));
	struct actor hq = estate_staff(&s.e, ROLE_HQ_ADMIN, NULL);
	CHECK(alert_rule_set(&s.e.service, &s.governor, &quiet, STR("Pilot")) == ERR_DENIED);
	CHECK(alert_rule_set(&s.e.service, &hq, &quiet, STR("Pilot")) == OK);
	CHECK(alert_add(&s.e.service, &s.governor, &alert, &id) == OK);
	(void)book(&s, &s.amina, 1, 5, 0); /* she alone: no child */
	CHECK(verdict_needs_review(try_book(&s, &s.amina, 2, 5, 2, &reference)));
	struct child_new decision = {
		.prisoner = s.daniel,
		.child = s.zara.id,
		.level = CHILD_SUPERVISED,
		.review_on = date_add_days(local_date(s.e.service.now), 90),
		.reason = STR("Panel of 20 November"),
	};
	CHECK(child_decide(&s.e.service, &s.clerk, &decision) == ERR_DENIED);
	CHECK(child_decide(&s.e.service, &s.governor, &decision) == OK);
	struct visit visit = see(&s, book(&s, &s.amina, 2, 5, 4));
	CHECK(visit.state == VISIT_BOOKED && visit.watched && !visit.closed);
	decision.level = CHILD_REFUSED;
	CHECK(child_decide(&s.e.service, &s.governor, &decision) == OK);
	assert_string_equal(flags(&s, visit.reference), "CHILD_REFUSED ");
	assert_int_equal(verdict_first(try_book(&s, &s.amina, 2, 5, 6, &reference)),
			 BOOKING_CHILD_REFUSED);
	scene_close(&s);
}

/* ---- non-associations: edge cases 1 and 9 ---- */

static void edge_1_the_final_check_stands_inside_the_booking(void **state)
{
	(void)state;
	struct scene s;
	struct reference reference = { 0 };
	struct offer offer;
	scene_open(&s);
	(void)keep_apart(&s);
	struct visit_request request = wish(&s, &s.farah, 1, 5, 8);
	struct offer_query query = { .prisoner = request.prisoner,
				     .person_count = 1,
				     .persons = { request.persons[0] },
				     .from = date_add_days(local_date(s.e.service.now), 5),
				     .days = 1 };
	CHECK(offer_times(&s.e.service, &s.farah, &s.e.arena, &query, &offer) == OK);
	CHECK(offer.count > 0);
	(void)book(&s, &s.amina, 1, 5, 0); /* a moment earlier */
	/* The whole day, from both sides. */
	assert_int_equal(verdict_first(try_book(&s, &s.farah, 1, 5, 8, &reference)),
			 BOOKING_NON_ASSOCIATION);
	CHECK(offer_times(&s.e.service, &s.farah, &s.e.arena, &query, &offer) == OK);
	CHECK(offer.count == 0);
	(void)book(&s, &s.amina, 1, 5, 4); /* the same one may come twice */
	(void)book(&s, &s.farah, 1, 6, 0);
	assert_int_equal(verdict_first(try_book(&s, &s.amina, 1, 6, 4, &reference)),
			 BOOKING_NON_ASSOCIATION);
	scene_close(&s);
}

static void edge_1_a_held_time_counts_too(void **state)
{
	(void)state;
	struct scene s;
	struct verdict verdict;
	struct wall until;
	struct reference reference = { 0 };
	scene_open(&s);
	(void)keep_apart(&s);
	struct visit_request request = wish(&s, &s.amina, 1, 5, 0);
	CHECK(visit_hold(&s.e.service, &s.amina, &request, &verdict, &until) == OK);
	CHECK(verdict_clean(verdict));
	assert_int_equal(verdict_first(try_book(&s, &s.farah, 1, 5, 8, &reference)),
			 BOOKING_NON_ASSOCIATION);
	scene_close(&s);
}

static void edge_9_cancelling_one_of_a_pair_clears_the_others_flag(void **state)
{
	(void)state;
	struct scene s;
	struct reference none = { 0 };
	scene_open(&s);
	struct reference hers = book(&s, &s.amina, 1, 5, 0);
	struct reference theirs = book(&s, &s.farah, 1, 5, 4);
	struct reference another = book(&s, &s.farah, 1, 6, 4);
	struct non_association_id pair = keep_apart(&s);
	assert_string_equal(flags(&s, hers), "NON_ASSOCIATION_VISITS ");
	assert_string_equal(flags(&s, theirs), "NON_ASSOCIATION_VISITS ");
	assert_string_equal(flags(&s, another), "");
	CHECK(visit_cancel(&s.e.service, &s.amina, hers, STR("")) == OK);
	assert_string_equal(flags(&s, theirs), "");
	/* Now it is theirs: nobody takes the day again. */
	assert_int_equal(verdict_first(try_book(&s, &s.amina, 1, 5, 0, &none)),
			 BOOKING_NON_ASSOCIATION);
	CHECK(non_association_end(&s.e.service, &s.governor, pair, STR("Reconciled")) == OK);
	(void)book(&s, &s.amina, 1, 5, 0);
	scene_close(&s);
}

/* ---- custody: edge cases 5 and 6 ---- */

static void moves(struct scene *s, enum movement movement, const char *to, enum err expected)
{
	struct prisoner_movement m = { .number = s->daniel_no,
				       .movement = movement,
				       .reason = STR("Movement slip") };
	if (to)
		CHECK(prison_code_of(str_from(to), &m.to));
	CHECK(prisoner_move(&s->e.service, &s->clerk, &m) == expected);
}

static void edge_5_a_transfer_calls_visits_off_rejects_requests_and_keeps_the_orders(void **state)
{
	(void)state;
	struct scene s;
	struct prisoner_id after = { 0 };
	struct orders_view orders;
	size_t changed;
	scene_open(&s);
	CHECK(orders_run(&s.e.service, &SYSTEM_ACTOR, &after, &changed) == OK && changed > 0);
	struct reference booked = book(&s, &s.amina, 1, 5, 0);
	struct reference asked = ask_for(&s, 6, 0);
	moves(&s, MOVEMENT_TRANSFERRED, "CFI", OK);
	moves(&s, MOVEMENT_TRANSFERRED, "CFI", ERR_NOT_FOUND); /* no longer theirs */
	CHECK(see(&s, booked).end == END_PRISONER_MOVED); /* its request waits: service/refill */
	assert_string_equal(flags(&s, booked), "");
	CHECK(see(&s, asked).end == END_AUTO_REJECTED);
	struct actor cardiff = estate_staff(&s.e, ROLE_VISITS_CLERK, "CFI");
	CHECK(orders_find(&s.e.service, &cardiff, &s.e.arena, s.daniel_no, &orders) == OK);
	CHECK(orders.vo == 2 && orders.pvo == 1);
	scene_close(&s);
}

static void edge_5_released_hospital_court_and_absence_differ(void **state)
{
	(void)state;
	struct scene s;
	struct reference none = { 0 };
	scene_open(&s);
	struct reference booked = book(&s, &s.amina, 1, 5, 0);
	moves(&s, MOVEMENT_TO_COURT, NULL, OK);
	assert_string_equal(flags(&s, booked), "");
	(void)book(&s, &s.amina, 1, 6, 0);
	moves(&s, MOVEMENT_TO_HOSPITAL, NULL, ERR_CONFLICT);
	moves(&s, MOVEMENT_RETURNED, NULL, OK);
	moves(&s, MOVEMENT_TO_HOSPITAL, NULL, OK);
	assert_string_equal(flags(&s, booked), "PRISONER_AWAY ");
	assert_int_equal(verdict_first(try_book(&s, &s.amina, 1, 7, 0, &none)),
			 BOOKING_PRISONER_AWAY);
	moves(&s, MOVEMENT_RETURNED, NULL, OK);
	assert_string_equal(flags(&s, booked), ""); /* it stands again */
	moves(&s, MOVEMENT_RELEASED, NULL, OK);
	moves(&s, MOVEMENT_RELEASED, NULL, ERR_CONFLICT); /* edge case 10: told twice */
	CHECK(see(&s, booked).state == VISIT_CANCELLED);
	scene_close(&s);
}

static void a_new_admission_begins_with_no_orders(void **state)
{
	(void)state;
	struct scene s;
	struct prisoner_id after = { 0 };
	struct orders_view orders;
	size_t changed;
	scene_open(&s);
	CHECK(orders_run(&s.e.service, &SYSTEM_ACTOR, &after, &changed) == OK);
	moves(&s, MOVEMENT_RELEASED, NULL, OK);
	moves(&s, MOVEMENT_ADMITTED, "WWI", OK);
	CHECK(orders_find(&s.e.service, &s.clerk, &s.e.arena, s.daniel_no, &orders) == OK);
	CHECK(orders.vo == 0 && orders.pvo == 0);
	scene_close(&s);
}

static int64_t order_entries(struct scene *s)
{
	static const char COUNT[] = "SELECT COUNT(*) FROM ledger_entry WHERE kind <> 'VIDEO'";
	struct query q = query_of(s->e.service.store, COUNT);
	int64_t count = query_row(&q) ? query_column(&q, 0) : -1;
	CHECK(query_end(&q) == OK);
	return count;
}

/* One turn, as the service does it; the prisoners to whom it brought something. */
static int64_t night(struct scene *s)
{
	struct store *store = s->e.service.store;
	struct prisoner_id after = { 0 };
	size_t changed = 0;
	CHECK(store_enter(store) == OK);
	CHECK(orders_run(&s->e.service, &SYSTEM_ACTOR, &after, &changed) == OK);
	CHECK(store_leave(store, true) == OK);
	CHECK(!after.n);
	return (int64_t)changed;
}

static void a_night_writes_each_prisoner_once_however_many_days_it_makes_up_for(void **state)
{
	(void)state;
	struct scene s;
	scene_open(&s);
	CHECK(night(&s) > 1);
	CHECK(night(&s) == 0);
	for (int i = 0; i < 2; i++) {
		s.e.service.now.s += 60 * (int64_t)DAY_S;
		int64_t entries = order_entries(&s);
		int64_t changes = store_changes(s.e.service.store);
		int64_t people = night(&s);
		entries = order_entries(&s) - entries;
		changes = store_changes(s.e.service.store) - changes;
		assert_true(people > 1 && entries > 2 * people);
		assert_int_equal(changes, entries + 2 * people); /* the days, and a leaf */
		CHECK(night(&s) == 0);
	}
	scene_close(&s);
}

static void edge_6_merged_numbers_are_one_person_under_both(void **state)
{
	(void)state;
	struct scene s;
	struct prisoner_id after = { 0 };
	struct orders_view orders;
	struct safeguards found;
	enum merge_answer answer;
	size_t changed;
	scene_open(&s);
	CHECK(orders_run(&s.e.service, &SYSTEM_ACTOR, &after, &changed) == OK);
	struct reference hers = book(&s, &s.amina, 1, 5, 0);
	struct reference same_time = { 0 };
	assert_int_equal(verdict_first(try_book(&s, &s.farah, 1, 5, 0, &same_time)), BOOKING_OK);
	CHECK(prisoner_merge(&s.e.service, &s.clerk, s.imran_no, s.daniel_no, STR("Prints"),
			     &answer) == ERR_DENIED);
	CHECK(prisoner_merge(&s.e.service, &s.admin, s.imran_no, s.daniel_no, STR("Prints"),
			     &answer) == OK);
	assert_int_equal(answer, MERGE_CLASH); /* nobody is in two visits at once */
	CHECK(visit_cancel(&s.e.service, &s.farah, same_time, STR("")) == OK);
	struct visit_list theirs;
	CHECK(visits_mine(&s.e.service, &s.farah, &s.e.arena, &theirs) == OK);
	for (size_t i = 0; i < theirs.count; i++)
		if (theirs.list[i].state == VISIT_BOOKED)
			CHECK(visit_cancel(&s.e.service, &s.farah, theirs.list[i].reference,
					   STR("")) == OK);
	CHECK(prisoner_merge(&s.e.service, &s.admin, s.imran_no, s.daniel_no, STR("Prints"),
			     &answer) == OK);
	assert_int_equal(answer, MERGE_DONE);
	CHECK(safeguards_find(&s.e.service, &s.clerk, &s.e.arena, s.imran_no, &found) == OK);
	CHECK(found.prisoner.id.n == s.daniel.n && found.visitor_count == 3);
	CHECK(orders_find(&s.e.service, &s.clerk, &s.e.arena, s.imran_no, &orders) == OK);
	CHECK(orders.vo == 4 && orders.pvo == 2);
	CHECK(see(&s, hers).state == VISIT_BOOKED);
	CHECK(prisoner_merge(&s.e.service, &s.admin, s.imran_no, s.daniel_no, STR("Prints"),
			     &answer) == OK);
	assert_int_equal(answer, MERGE_SAME);
	scene_close(&s);
}

/* ---- sources, and visitors who are no longer approved ---- */

static void every_time_needs_review_while_a_source_is_down(void **state)
{
	(void)state;
	struct scene s;
	struct reference reference = { 0 };
	scene_open(&s);
	struct actor hq = estate_staff(&s.e, ROLE_HQ_ADMIN, NULL);
	struct service *service = &s.e.service;
	CHECK(source_set(service, &s.admin, SOURCE_ALERTS, SOURCE_DOWN, STR("x")) == ERR_DENIED);
	CHECK(source_set(service, &hq, SOURCE_ALERTS, SOURCE_DOWN, STR("")) == ERR_BAD);
	CHECK(source_set(service, &hq, SOURCE_ALERTS, SOURCE_UP, STR("")) == OK);
	(void)book(&s, &s.amina, 1, 5, 0);
	CHECK(see(&s, book(&s, &s.amina, 1, 5, 1)).state == VISIT_BOOKED);
	service->now = wall_add_s(service->now, 27 * 3600); /* stale: nobody imported since */
	CHECK(verdict_needs_review(try_book(&s, &s.amina, 1, 6, 2, &reference)));
	CHECK(source_set(service, &SYSTEM_ACTOR, SOURCE_ALERTS, SOURCE_UP, STR("")) == OK);
	CHECK(!verdict_needs_review(try_book(&s, &s.amina, 1, 6, 4, &reference)));
	CHECK(source_set(service, &hq, SOURCE_NON_ASSOCIATIONS, SOURCE_DOWN,
			 STR("The interface is closed for repair")) == OK);
	CHECK(verdict_needs_review(try_book(&s, &s.farah, 1, 7, 2, &reference)));
	scene_close(&s);
}

static void a_visit_of_somebody_no_longer_approved_waits_for_staff(void **state)
{
	(void)state;
	struct scene s;
	scene_open(&s);
	struct reference booked = book(&s, &s.amina, 1, 5, 0);
	struct contact_id id = contact_at(&s, &s.amina, 0).id;
	CHECK(contact_decide(&s.e.service, &s.governor, id, CONTACT_REJECTED,
			     STR("False papers")) == OK);
	assert_string_equal(flags(&s, booked), "NOT_APPROVED ");
	CHECK(see(&s, booked).state == VISIT_BOOKED);
	scene_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_ban_hides_days_until_it_is_over_and_flags_what_is_booked),
		TEST(whoever_is_banned_does_not_come_back_under_another_account),
		TEST(only_the_governor_bans_and_reasons_are_needed),
		TEST(an_order_of_no_contact_holds_at_approval_booking_and_joining),
		TEST(a_closed_visit_is_watched),
		TEST(a_restriction_after_the_booking_has_the_visit_watched),
		TEST(a_request_holds_its_time_until_staff_approve_it),
		TEST(the_list_of_requests_has_each_with_its_visitors),
		TEST(a_rejected_or_withdrawn_request_gives_all_back),
		TEST(what_nobody_decides_is_rejected_at_its_deadline),
		TEST(a_request_is_not_approved_over_an_order),
		TEST(a_child_waits_for_the_governor_where_one_must_decide),
		TEST(edge_1_the_final_check_stands_inside_the_booking),
		TEST(edge_1_a_held_time_counts_too),
		TEST(edge_9_cancelling_one_of_a_pair_clears_the_others_flag),
		TEST(edge_5_a_transfer_calls_visits_off_rejects_requests_and_keeps_the_orders),
		TEST(edge_5_released_hospital_court_and_absence_differ),
		TEST(a_new_admission_begins_with_no_orders),
		TEST(a_night_writes_each_prisoner_once_however_many_days_it_makes_up_for),
		TEST(edge_6_merged_numbers_are_one_person_under_both),
		TEST(every_time_needs_review_while_a_source_is_down),
		TEST(a_visit_of_somebody_no_longer_approved_waits_for_staff),
	};
	return RUN("service/safeguard", tests);
}
