#include "tests/store/estate.h"

#include <stdio.h>

#include "base/assert.h"
#include "service/post.h"
#include "service/request.h"
#include "service/tell.h"
#include "store/message.h"
#include "store/query.h"

enum {
	HOUR = 3600,
	DAY = 24 * HOUR,
};

struct post_day {
	struct estate estate;
	struct actor amina, clerk;
	struct visit_request request;
};

static void open_day(struct post_day *d)
{
	struct estate *e = &d->estate;
	struct contact_list contacts;
	estate_open(e);
	d->amina = estate_family(e, "amina@family.example");
	d->clerk = estate_staff(e, ROLE_VISITS_CLERK, "WWI");
	d->request = (struct visit_request){ .minutes = 30 };
	CHECK(contacts_mine(&e->service, &d->amina, &e->arena, &contacts) == OK);
	d->request.prisoner = contacts.list[0].prisoner.id;
	for (size_t i = 0; i < contacts.count; i++)
		d->request.persons[d->request.person_count++] = contacts.list[i].person.id;
	/* What the sample's own bookings told is not ours. */
	static const char NONE[] = "DELETE FROM message";
	struct query q = query_of(e->service.store, NONE);
	CHECK(query_end(&q) == OK);
}

static void close_day(struct post_day *d)
{
	estate_close(&d->estate);
}

static struct wall in_days(const struct post_day *d, int days)
{
	int64_t s = d->estate.service.now.s + (int64_t)days * DAY;
	return (struct wall){ s - s % 1800 + 1800 };
}

static struct reference book_at(struct post_day *d, struct wall start)
{
	struct verdict verdict;
	struct reference reference = { 0 };
	d->request.start = start;
	CHECK(visit_book(&d->estate.service, &d->amina, &d->request, &verdict, &reference) == OK);
	CHECK(verdict_clean(verdict));
	return reference;
}

static struct visit find(struct post_day *d, struct reference reference)
{
	struct visit visit;
	CHECK(visit_find(&d->estate.service, &SYSTEM_ACTOR, &d->estate.arena, reference, &visit) ==
	      OK);
	return visit;
}

static struct store_messages told(struct post_day *d, int64_t object)
{
	struct store_messages messages;
	CHECK(store_message_list_of(d->estate.service.store, &d->estate.arena, object, 100,
				    &messages) == OK);
	return messages;
}

static size_t count_of(struct post_day *d, int64_t object, enum message_kind kind,
		       enum message_state state)
{
	struct store_messages messages = told(d, object);
	size_t count = 0;
	for (size_t i = 0; i < messages.count; i++)
		count += messages.list[i].kind == kind && messages.list[i].state == state;
	return count;
}

static struct message only(struct post_day *d, int64_t object, enum message_kind kind)
{
	struct store_messages messages = told(d, object);
	struct message found = { 0 };
	for (size_t i = 0; i < messages.count; i++) {
		if (messages.list[i].kind != kind)
			continue;
		CHECK(!found.id.n);
		found = messages.list[i];
	}
	CHECK(found.id.n);
	return found;
}

static struct post_list taken(struct post_day *d)
{
	struct post_list list;
	CHECK(post_take(&d->estate.service, &SYSTEM_ACTOR, &d->estate.arena, MESSAGE_EMAIL,
			POST_TAKE_MAX, &list) == OK);
	return list;
}

static enum err answer(struct post_day *d, struct message_id id, enum post_result result)
{
	return post_answered(
	    &d->estate.service, &SYSTEM_ACTOR,
	    &(struct post_answer){
		.message = id, .result = result, .provider = MESSAGE_BY_SMTP, .problem = STR("") });
}

static void a_booking_is_told_once_and_reminded_of_three_times(void **state)
{
	(void)state;
	struct post_day d;
	open_day(&d);
	struct visit visit = find(&d, book_at(&d, in_days(&d, 10)));
	struct message m = only(&d, visit.id.n, MESSAGE_BOOKED);
	CHECK(m.account.n == d.amina.account.n && m.channel == MESSAGE_EMAIL);
	CHECK(m.start.s == visit.start.s && m.minutes == 30 && m.revision == 0);
	CHECK(m.next_at.s == d.estate.service.now.s);
	CHECK(str_is(str_from(m.reference.text), visit.reference.text));
	struct store_messages messages = told(&d, visit.id.n);
	static const int HOURS[] = { 72, 24, 1 };
	CHECK(messages.count == 4);
	for (size_t i = 0; i < ARRAY_LEN(HOURS); i++) {
		CHECK(messages.list[i + 1].kind == MESSAGE_REMINDER);
		CHECK(messages.list[i + 1].next_at.s == visit.start.s - HOURS[i] * HOUR);
		CHECK(messages.list[i + 1].no_use_after.s == visit.start.s);
	}
	close_day(&d);
}

static void only_reminders_that_lie_ahead_are_written(void **state)
{
	(void)state;
	struct post_day d;
	open_day(&d);
	struct visit visit = find(&d, book_at(&d, in_days(&d, 2)));
	CHECK(count_of(&d, visit.id.n, MESSAGE_REMINDER, MESSAGE_WAITING) == 2);
	close_day(&d);
}

static void a_visit_called_off_is_told_once_and_no_longer_reminded_of(void **state)
{
	(void)state;
	struct post_day d;
	open_day(&d);
	struct reference reference = book_at(&d, in_days(&d, 10));
	struct visit visit = find(&d, reference);
	CHECK(visit_cancel(&d.estate.service, &d.clerk, reference, STR("His cell mate told us")) ==
	      OK);
	struct message m = only(&d, visit.id.n, MESSAGE_CANCELLED);
	CHECK(str_is(str_from(m.why), "CANCELLED_BY_PRISON") && m.revision == 1);
	CHECK(count_of(&d, visit.id.n, MESSAGE_REMINDER, MESSAGE_WITHDRAWN) == 3);
	CHECK(count_of(&d, visit.id.n, MESSAGE_REMINDER, MESSAGE_WAITING) == 0);
	CHECK(visit_cancel(&d.estate.service, &d.clerk, reference, STR("x")) == ERR_CONFLICT);
	(void)only(&d, visit.id.n, MESSAGE_CANCELLED);
	close_day(&d);
}

static void a_visit_moved_is_told_with_both_times_and_a_higher_revision(void **state)
{
	(void)state;
	struct post_day d;
	struct verdict verdict;
	open_day(&d);
	struct reference reference = book_at(&d, in_days(&d, 10));
	struct visit before = find(&d, reference);
	struct visit_move move = { .reference = reference,
				   .start = in_days(&d, 12),
				   .minutes = 30 };
	CHECK(visit_move(&d.estate.service, &d.amina, &move, &verdict) == OK);
	CHECK(verdict_clean(verdict));
	struct visit after = find(&d, reference);
	struct message m = only(&d, after.id.n, MESSAGE_MOVED);
	CHECK(m.was.s == before.start.s && m.start.s == after.start.s && m.revision == 1);
	CHECK(after.revision == 1);
	CHECK(count_of(&d, before.id.n, MESSAGE_REMINDER, MESSAGE_WITHDRAWN) == 3);
	CHECK(count_of(&d, before.id.n, MESSAGE_CANCELLED, MESSAGE_WAITING) == 0);
	CHECK(count_of(&d, after.id.n, MESSAGE_REMINDER, MESSAGE_WAITING) == 3);
	CHECK(count_of(&d, after.id.n, MESSAGE_BOOKED, MESSAGE_WAITING) == 0);
	CHECK(visit_cancel(&d.estate.service, &d.amina, reference, STR("")) == OK);
	m = only(&d, after.id.n, MESSAGE_CANCELLED);
	CHECK(str_is(str_from(m.why), "CANCELLED_BY_BOOKER") && m.revision == 2);
	close_day(&d);
}

static void what_is_undone_tells_nobody(void **state)
{
	(void)state;
	struct post_day d;
	open_day(&d);
	struct store *store = d.estate.service.store;
	CHECK(store_enter(store) == OK);
	struct visit visit = find(&d, book_at(&d, in_days(&d, 10)));
	CHECK(store_leave(store, false) == OK);
	CHECK(told(&d, visit.id.n).count == 0);
	close_day(&d);
}

static void a_visit_ended_early_tells_what_came_back(void **state)
{
	(void)state;
	struct post_day d;
	enum joining joining;
	open_day(&d);
	struct estate *e = &d.estate;
	struct actor terminal = estate_terminal(e);
	struct reference reference = e->sample.joinable;
	struct visit visit = find(&d, reference);
	CHECK(lobby_enter(&e->service, &d.amina, reference, &joining) == OK);
	CHECK(lobby_enter(&e->service, &terminal, reference, &joining) == OK);
	CHECK(visit_hearing(&e->service, &SYSTEM_ACTOR, visit.id, 91) == OK);
	CHECK(visit_end(&e->service, &d.clerk, reference, END_STAFF, STR("Fire alarm")) == OK);
	struct message m = only(&d, visit.id.n, MESSAGE_ENDED);
	CHECK(m.number == 28 && str_is(str_from(m.why), "STAFF"));
	close_day(&d);
}

static void a_visit_that_nobody_came_to_is_told_as_not_held(void **state)
{
	(void)state;
	struct post_day d;
	open_day(&d);
	struct estate *e = &d.estate;
	struct visit visit = find(&d, e->sample.joinable);
	e->service.now = wall_add_s(visit.start, 15 * 60 + 1);
	CHECK(visit_end(&e->service, &SYSTEM_ACTOR, e->sample.joinable, END_TIME, STR("")) == OK);
	struct message m = only(&d, visit.id.n, MESSAGE_NOT_HELD);
	CHECK(str_is(str_from(m.why), "BOTH_ABSENT") && m.number == 30);
	close_day(&d);
}

static void each_decision_about_a_contact_is_told(void **state)
{
	(void)state;
	struct post_day d;
	struct contact_list contacts;
	open_day(&d);
	struct estate *e = &d.estate;
	struct actor ben = estate_family(e, "ben@family.example");
	struct actor staff = estate_staff(e, ROLE_DUTY_GOVERNOR, NULL);
	CHECK(contacts_mine(&e->service, &ben, &e->arena, &contacts) == OK);
	struct contact contact = contacts.list[0];
	staff.prison = contact.prisoner.prison;
	CHECK(contact_decide(&e->service, &staff, contact.id, CONTACT_APPROVED, STR("Seen")) == OK);
	(void)only(&d, contact.id.n, MESSAGE_CONTACT_APPROVED);
	e->service.now.s++;
	bool missing;
	struct contact_decision no = { .to = CONTACT_REJECTED,
				       .reason = STR("The victim asked"),
				       .why = CONTACT_WHY_DECISION };
	CHECK(contact_decide_by(&e->service, &staff, contact.id, &no, &missing) == OK);
	struct message m = only(&d, contact.id.n, MESSAGE_CONTACT_REJECTED);
	CHECK(m.account.n == ben.account.n && str_is(str_from(m.why), "DECISION"));
	close_day(&d);
}

/* ---- on its way ---- */

static void what_was_taken_is_taken_once(void **state)
{
	(void)state;
	struct post_day d;
	open_day(&d);
	(void)book_at(&d, in_days(&d, 10));
	int64_t leaves = estate_leaves(&d.estate);
	struct post_list list = taken(&d);
	CHECK(list.count == 1 && list.list[0].message.state == MESSAGE_SENDING);
	CHECK(str_is(list.list[0].account.email, "amina@family.example"));
	CHECK(!str_empty(list.list[0].prison.name));
	CHECK(taken(&d).count == 0);
	CHECK(estate_leaves(&d.estate) == leaves + 1);
	CHECK(answer(&d, list.list[0].message.id, POST_TAKEN) == OK);
	CHECK(answer(&d, list.list[0].message.id, POST_TAKEN) == ERR_CONFLICT);
	CHECK(answer(&d, list.list[0].message.id, POST_LATER) == ERR_CONFLICT);
	CHECK(taken(&d).count == 0);
	CHECK(answer(&d, list.list[0].message.id, POST_DELIVERED) == OK);
	CHECK(answer(&d, list.list[0].message.id, POST_BOUNCED) == ERR_CONFLICT);
	close_day(&d);
}

static void what_failed_is_tried_again_later_and_later_and_not_for_ever(void **state)
{
	(void)state;
	struct post_day d;
	open_day(&d);
	struct estate *e = &d.estate;
	struct visit visit = find(&d, book_at(&d, in_days(&d, 12)));
	struct wall begun = e->service.now;
	int tries = 0;
	struct message m = only(&d, visit.id.n, MESSAGE_BOOKED);
	while (m.state == MESSAGE_WAITING) {
		e->service.now = m.next_at;
		struct post_list list = taken(&d);
		CHECK(list.count == 1 && ++tries <= MESSAGE_ATTEMPTS_MAX);
		CHECK(answer(&d, m.id, POST_LATER) == OK);
		m = only(&d, visit.id.n, MESSAGE_BOOKED);
		CHECK(m.state != MESSAGE_WAITING || m.next_at.s >= e->service.now.s + 15);
		CHECK(m.next_at.s <= e->service.now.s + 5401);
	}
	CHECK(m.state == MESSAGE_FAILED && tries == MESSAGE_ATTEMPTS_MAX);
	CHECK(e->service.now.s - begun.s > DAY && e->service.now.s - begun.s < 5 * DAY);
	close_day(&d);
}

static void an_outage_of_an_hour_loses_nothing_and_keeps_the_order(void **state)
{
	(void)state;
	struct post_day d;
	open_day(&d);
	struct estate *e = &d.estate;
	struct reference reference = book_at(&d, in_days(&d, 12));
	struct wall back = wall_add_s(e->service.now, HOUR);
	size_t tries = 0, out = 0;
	enum message_kind order[2] = { MESSAGE_KIND_COUNT, MESSAGE_KIND_COUNT };
	for (int minute = 0; minute < 3 * 60; minute++) {
		if (minute == 10)
			CHECK(visit_cancel(&e->service, &d.amina, reference, STR("")) == OK);
		struct post_list list = taken(&d);
		tries += list.count;
		for (size_t i = 0; i < list.count; i++) {
			bool up = e->service.now.s >= back.s;
			CHECK(answer(&d, list.list[i].message.id, up ? POST_TAKEN : POST_LATER) ==
			      OK);
			if (up && out < 2)
				order[out++] = list.list[i].message.kind;
		}
		e->service.now.s += 60;
	}
	CHECK(out == 2 && order[0] == MESSAGE_BOOKED && order[1] == MESSAGE_CANCELLED);
	CHECK(tries < 20);
	close_day(&d);
}

static void without_an_answer_it_waits_again(void **state)
{
	(void)state;
	struct post_day d;
	size_t count;
	open_day(&d);
	struct estate *e = &d.estate;
	(void)book_at(&d, in_days(&d, 10));
	struct message_id id = taken(&d).list[0].message.id;
	CHECK(post_put_back(&e->service, &SYSTEM_ACTOR, 600, &count) == OK && count == 0);
	e->service.now.s += 601;
	CHECK(post_put_back(&e->service, &SYSTEM_ACTOR, 600, &count) == OK && count == 1);
	struct post_list list = taken(&d);
	CHECK(list.count == 1 && list.list[0].message.id.n == id.n);
	CHECK(list.list[0].message.attempts == 2);
	close_day(&d);
}

static void what_came_too_late_is_withdrawn_instead(void **state)
{
	(void)state;
	struct post_day d;
	open_day(&d);
	struct estate *e = &d.estate;
	struct visit visit = find(&d, book_at(&d, in_days(&d, 4)));
	e->service.now = visit.start;
	struct post_list list = taken(&d);
	CHECK(list.count == 1 && list.list[0].message.kind == MESSAGE_BOOKED);
	CHECK(answer(&d, list.list[0].message.id, POST_TAKEN) == OK);
	for (int i = 0; i < 3; i++)
		CHECK(taken(&d).count == 0);
	CHECK(count_of(&d, visit.id.n, MESSAGE_REMINDER, MESSAGE_WITHDRAWN) == 3);
	close_day(&d);
}

static void a_provider_that_tells_is_asked_until_it_knows(void **state)
{
	(void)state;
	struct post_day d;
	struct post_list list;
	open_day(&d);
	struct estate *e = &d.estate;
	(void)book_at(&d, in_days(&d, 10));
	struct message_id id = taken(&d).list[0].message.id;
	struct post_answer yes = { .message = id,
				   .result = POST_TAKEN,
				   .provider = MESSAGE_BY_NOTIFY,
				   .provider_id = STR("740e5834-3a29-46b4-9a6f-16142fde533a") };
	CHECK(post_answered(&e->service, &SYSTEM_ACTOR, &yes) == OK);
	CHECK(post_ask(&e->service, &SYSTEM_ACTOR, &e->arena, 8, &list) == OK && !list.count);
	e->service.now.s += 60;
	CHECK(post_ask(&e->service, &SYSTEM_ACTOR, &e->arena, 8, &list) == OK && list.count == 1);
	CHECK(str_is(str_from(list.list[0].message.provider_id),
		     "740e5834-3a29-46b4-9a6f-16142fde533a"));
	CHECK(post_ask(&e->service, &SYSTEM_ACTOR, &e->arena, 8, &list) == OK && !list.count);
	e->service.now.s += 4 * DAY;
	CHECK(post_ask(&e->service, &SYSTEM_ACTOR, &e->arena, 8, &list) == OK && list.count == 1);
	e->service.now.s += 4 * DAY;
	CHECK(post_ask(&e->service, &SYSTEM_ACTOR, &e->arena, 8, &list) == OK && !list.count);
	CHECK(answer(&d, id, POST_BOUNCED) == OK);
	close_day(&d);
}

static void what_was_told_is_forgotten_after_its_days(void **state)
{
	(void)state;
	struct post_day d;
	open_day(&d);
	struct estate *e = &d.estate;
	struct visit visit = find(&d, book_at(&d, in_days(&d, 10)));
	CHECK(answer(&d, taken(&d).list[0].message.id, POST_TAKEN) == OK);
	e->service.now.s += 89 * DAY;
	CHECK(post_erase_due(&e->service, &SYSTEM_ACTOR) == OK);
	CHECK(told(&d, visit.id.n).count == 4);
	e->service.now.s += 2 * DAY;
	CHECK(post_erase_due(&e->service, &SYSTEM_ACTOR) == OK);
	CHECK(told(&d, visit.id.n).count == 3); /* the reminders have not gone out */
	for (int i = 0; i < 3; i++)
		(void)taken(&d);
	CHECK(post_erase_due(&e->service, &SYSTEM_ACTOR) == OK);
	CHECK(told(&d, visit.id.n).count == 0);
	close_day(&d);
}

static void only_the_service_hands_on_and_only_staff_look(void **state)
{
	(void)state;
	struct post_day d;
	struct post_list list;
	struct post_view view;
	open_day(&d);
	struct estate *e = &d.estate;
	struct reference reference = book_at(&d, in_days(&d, 10));
	CHECK(post_take(&e->service, &d.clerk, &e->arena, MESSAGE_EMAIL, 1, &list) == ERR_DENIED);
	CHECK(post_view(&e->service, &d.amina, &e->arena, d.clerk.prison, MESSAGE_WAITING, &view) ==
	      ERR_DENIED);
	CHECK(post_view(&e->service, &d.clerk, &e->arena, d.clerk.prison, MESSAGE_WAITING, &view) ==
	      OK);
	CHECK(view.count == 4 && view.counts[MESSAGE_WAITING] == 4);
	struct actor leeds = estate_staff(e, ROLE_VISITS_CLERK, "LEI");
	CHECK(post_view(&e->service, &leeds, &e->arena, d.clerk.prison, MESSAGE_WAITING, &view) ==
	      ERR_NOT_FOUND);
	CHECK(post_of(&e->service, &leeds, &e->arena, reference, &view) == ERR_NOT_FOUND);
	CHECK(post_of(&e->service, &d.clerk, &e->arena, reference, &view) == OK);
	CHECK(view.count == 4);
	close_day(&d);
}

/* Of random histories: each change that succeeded is told to the booker exactly once. */
static void a_random_history_tells_each_change_once(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 6; seed++) {
		struct post_day d;
		struct random random = random_seeded(seed);
		struct verdict verdict;
		size_t booked = 0, moved = 0, cancelled = 0;
		struct reference live[8];
		size_t count = 0;
		open_day(&d);
		struct service *service = &d.estate.service;
		for (int step = 0; step < 40; step++) {
			size_t at = count ? random_below(&random, count) : 0;
			struct wall start = in_days(&d, 3 + (int)random_below(&random, 12));
			struct reference reference = { 0 };
			start.s += 1800 * (int64_t)random_below(&random, 6);
			switch (random_below(&random, 4)) {
			case 0:
			case 1:
				d.request.start = start;
				if (count == ARRAY_LEN(live) ||
				    visit_book(service, &d.amina, &d.request, &verdict,
					       &reference) != OK ||
				    !verdict_clean(verdict))
					break;
				live[count++] = reference;
				booked++;
				break;
			case 2: {
				struct visit_move move = { .reference = live[at],
							   .start = start,
							   .minutes = 30 };
				if (count && visit_move(service, &d.amina, &move, &verdict) == OK &&
				    verdict_clean(verdict))
					moved++;
				break;
			}
			default:
				if (count &&
				    visit_cancel(service, &d.amina, live[at], STR("")) == OK) {
					cancelled++;
					live[at] = live[--count];
				}
				break;
			}
			d.estate.service.now.s += 60;
		}
		size_t seen[MESSAGE_KIND_COUNT] = { 0 };
		struct store_messages all;
		for (unsigned s = 0; s < MESSAGE_STATE_COUNT; s++) {
			CHECK(store_message_list_state(service->store, &d.estate.arena,
						       (struct prison_code){ 0 },
						       (enum message_state)s, 1000, &all) == OK);
			for (size_t i = 0; i < all.count; i++)
				seen[all.list[i].kind]++;
		}
		CHECK(booked > 2 && moved > 0 && cancelled > 0);
		CHECK(seen[MESSAGE_BOOKED] + seen[MESSAGE_REQUESTED] == booked);
		CHECK(seen[MESSAGE_MOVED] == moved && seen[MESSAGE_CANCELLED] == cancelled);
		close_day(&d);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_booking_is_told_once_and_reminded_of_three_times),
		cmocka_unit_test(only_reminders_that_lie_ahead_are_written),
		cmocka_unit_test(a_visit_called_off_is_told_once_and_no_longer_reminded_of),
		cmocka_unit_test(a_visit_moved_is_told_with_both_times_and_a_higher_revision),
		cmocka_unit_test(what_is_undone_tells_nobody),
		cmocka_unit_test(a_visit_ended_early_tells_what_came_back),
		cmocka_unit_test(a_visit_that_nobody_came_to_is_told_as_not_held),
		cmocka_unit_test(each_decision_about_a_contact_is_told),
		cmocka_unit_test(what_was_taken_is_taken_once),
		cmocka_unit_test(what_failed_is_tried_again_later_and_later_and_not_for_ever),
		cmocka_unit_test(an_outage_of_an_hour_loses_nothing_and_keeps_the_order),
		cmocka_unit_test(without_an_answer_it_waits_again),
		cmocka_unit_test(what_came_too_late_is_withdrawn_instead),
		cmocka_unit_test(a_provider_that_tells_is_asked_until_it_knows),
		cmocka_unit_test(what_was_told_is_forgotten_after_its_days),
		cmocka_unit_test(only_the_service_hands_on_and_only_staff_look),
		cmocka_unit_test(a_random_history_tells_each_change_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
