#include "tests/store/estate.h"

#include <string.h>

#include "base/assert.h"
#include "domain/message.h"
#include "service/booking.h"
#include "service/custody.h"
#include "service/live.h"
#include "service/webhook.h"

static struct webhook_id hook_of(struct estate *e, const struct actor *actor, const char *prison)
{
	struct webhook_new new = { .url = STR("https://visits.example/events") };
	char secret[WEBHOOK_SECRET_TEXT_LEN + 1];
	struct webhook_id id;
	(void)prison_code_of(str_from(prison), &new.prison);
	CHECK(webhook_add(&e->service, actor, &new, secret, &id) == OK);
	CHECK(strlen(secret) == WEBHOOK_SECRET_TEXT_LEN);
	return id;
}

static struct webhook_items take(struct estate *e)
{
	struct webhook_items items;
	CHECK(webhook_take(&e->service, &SYSTEM_ACTOR, &e->arena, WEBHOOK_TAKE_MAX, &items) == OK);
	return items;
}

static enum err answer(struct estate *e, const struct webhook_event *event,
		       enum webhook_result result)
{
	return webhook_answered(
	    &e->service, &SYSTEM_ACTOR,
	    &(struct webhook_answer){ .event = { event->webhook, event->seq, event->object_id },
				      .result = result,
				      .problem = STR("HTTP_503") });
}

/* The sample's visit is called off: one event. */
static void cancel_one(struct estate *e)
{
	struct actor amina = estate_family(e, "amina@family.example");
	CHECK(visit_cancel(&e->service, &amina, e->sample.joinable, STR("")) == OK);
}

static void an_address_is_checked_before_it_is_used(void **state)
{
	(void)state;
	static const struct {
		const char *url;
		bool plain_too;
		bool good;
	} CASES[] = {
		{ "https://a.example", false, true },
		{ "https://a.example:8443/x?y=1", false, true },
		{ "https://[2001:db8::1]/x", false, true },
		{ "http://a.example/", false, false },
		{ "http://a.example/", true, true },
		{ "https://", false, false },
		{ "https:///x", false, false },
		{ "https://:80/x", false, false },
		{ "https://user:secret@a.example/", false, false },
		{ "https://a.example/@x", false, true },
		{ "https://a.example/#x", false, false },
		{ "https://a.example/a b", false, false },
		{ "https://a.example/\r\nX: y", false, false },
		{ "https://ä.example/", false, false },
		{ "ftp://a.example/", true, false },
		{ "file:///etc/passwd", true, false },
		{ "", true, false },
	};
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++)
		if (webhook_url_acceptable(str_from(CASES[i].url), CASES[i].plain_too) !=
		    CASES[i].good)
			fail_msg("%s", CASES[i].url);
	char longest[WEBHOOK_URL_MAX + 2];
	memset(longest, 'a', sizeof longest);
	memcpy(longest, "https://", 8);
	CHECK(webhook_url_acceptable(str_of(longest, WEBHOOK_URL_MAX), false));
	CHECK(!webhook_url_acceptable(str_of(longest, WEBHOOK_URL_MAX + 1), false));
}

static void a_change_is_told_once_to_whom_it_concerns(void **state)
{
	(void)state;
	struct estate e;
	estate_open(&e);
	struct actor hq = estate_staff(&e, ROLE_HQ_ADMIN, NULL);
	struct actor wwi = estate_staff(&e, ROLE_PRISON_ADMIN, "WWI");
	struct webhook_id national = hook_of(&e, &hq, "");
	struct webhook_id own = hook_of(&e, &wwi, "LEI"); /* a prison's own, whatever was asked */
	(void)hook_of(&e, &hq, "LEI");
	CHECK(take(&e).count == 0);
	cancel_one(&e);
	struct webhook_items items = take(&e);
	CHECK(items.count == 2 && take(&e).count == 0);
	bool to_national = false, to_own = false;
	for (size_t i = 0; i < items.count; i++) {
		const struct webhook_item *item = &items.list[i];
		CHECK(item->event.type == EVENT_VISIT_CANCELLED);
		CHECK(!strcmp(item->event.reference.text, e.sample.joinable.text));
		CHECK(item->visit.state == VISIT_CANCELLED);
		CHECK(!strcmp(item->number.text, "A1234BC"));
		to_national |= item->hook.id.n == national.n;
		to_own |= item->hook.id.n == own.n;
	}
	CHECK(to_national && to_own);
	estate_close(&e);
}

static void what_is_undone_is_told_to_nobody(void **state)
{
	(void)state;
	struct estate e;
	estate_open(&e);
	struct actor hq = estate_staff(&e, ROLE_HQ_ADMIN, NULL);
	(void)hook_of(&e, &hq, "");
	CHECK(store_enter(e.service.store) == OK);
	cancel_one(&e);
	CHECK(take(&e).count == 1);
	CHECK(store_leave(e.service.store, false) == OK);
	CHECK(take(&e).count == 0);
	estate_close(&e);
}

/* What pvl-media hears and staff do: started, paused, ended. */
static void one_visit_live(struct estate *e)
{
	enum joining joining;
	struct actor terminal = estate_terminal(e);
	struct actor amina = estate_family(e, "amina@family.example");
	struct actor clerk = estate_staff(e, ROLE_VISITS_CLERK, "WWI");
	struct visit visit;
	struct reference reference = e->sample.joinable;
	CHECK(visit_find(&e->service, &amina, &e->arena, reference, &visit) == OK);
	CHECK(lobby_enter(&e->service, &amina, reference, &joining) == OK);
	CHECK(lobby_enter(&e->service, &terminal, reference, &joining) == OK);
	CHECK(visitor_admit(&e->service, &clerk, reference, visit.visitors[0].person) == OK);
	CHECK(visit_hearing(&e->service, &SYSTEM_ACTOR, visit.id, 1) == OK);
	CHECK(visit_hearing(&e->service, &SYSTEM_ACTOR, visit.id, 10) == OK);
	CHECK(visit_end(&e->service, &clerk, reference, END_STAFF, STR("Fire alarm")) == OK);
}

static void events_of_a_visit_go_out_in_their_order(void **state)
{
	(void)state;
	struct estate e;
	estate_open(&e);
	struct actor hq = estate_staff(&e, ROLE_HQ_ADMIN, NULL);
	(void)hook_of(&e, &hq, "");
	one_visit_live(&e);
	struct webhook_items items = take(&e);
	CHECK(items.count == 1 && items.list[0].event.type == EVENT_VIDEO_STARTED);
	CHECK(take(&e).count == 0); /* the first is on its way: the second waits */
	CHECK(answer(&e, &items.list[0].event, WEBHOOK_LATER) == OK);
	CHECK(answer(&e, &items.list[0].event, WEBHOOK_TAKEN) == ERR_CONFLICT);
	CHECK(take(&e).count == 0); /* not yet, and nothing overtakes it */
	e.service.now.s += 120;
	items = take(&e);
	CHECK(items.count == 1 && items.list[0].event.type == EVENT_VIDEO_STARTED);
	CHECK(items.list[0].event.attempts == 2);
	CHECK(answer(&e, &items.list[0].event, WEBHOOK_TAKEN) == OK);
	items = take(&e);
	CHECK(items.count == 1 && items.list[0].event.type == EVENT_VIDEO_TERMINATED);
	CHECK(answer(&e, &items.list[0].event, WEBHOOK_TAKEN) == OK);
	CHECK(answer(&e, &items.list[0].event, WEBHOOK_TAKEN) == ERR_CONFLICT);
	estate_close(&e);
}

static void a_visit_that_nobody_came_to_has_ended_and_was_not_terminated(void **state)
{
	(void)state;
	struct estate e;
	estate_open(&e);
	struct actor hq = estate_staff(&e, ROLE_HQ_ADMIN, NULL);
	(void)hook_of(&e, &hq, "");
	e.service.now.s += 3600;
	CHECK(visit_end(&e.service, &SYSTEM_ACTOR, e.sample.joinable, END_TIME, STR("")) == OK);
	struct webhook_items items = take(&e);
	CHECK(items.count == 1 && items.list[0].event.type == EVENT_VIDEO_ENDED);
	estate_close(&e);
}

static void moves(struct estate *e, enum movement movement, const char *to)
{
	struct prisoner_movement m = { .movement = movement, .reason = STR("Movement slip") };
	CHECK(prisoner_number_of(STR("A1234BC"), &m.number));
	if (to)
		CHECK(prison_code_of(str_from(to), &m.to));
	CHECK(prisoner_move(&e->service, &SYSTEM_ACTOR, &m) == OK);
}

/* In three days, by the family of the sample's visit and like it. */
static void book_another(struct estate *e)
{
	struct actor amina = estate_family(e, "amina@family.example");
	struct verdict verdict;
	struct reference reference;
	struct visit like;
	CHECK(visit_find(&e->service, &amina, &e->arena, e->sample.joinable, &like) == OK);
	struct visit_request request = { .kind = VISIT_SOCIAL,
					 .prisoner = like.prisoner,
					 .person_count = 1,
					 .persons = { like.visitors[0].person },
					 .minutes = 30 };
	request.start.s = like.start.s - like.start.s % 1800 + 3 * 86400;
	CHECK(visit_book(&e->service, &amina, &request, &verdict, &reference) == OK);
	CHECK(verdict_clean(verdict));
}

/* What has been told so far is done with. */
static void take_all(struct estate *e)
{
	for (struct webhook_items items; (items = take(e)).count;)
		for (size_t i = 0; i < items.count; i++)
			CHECK(answer(e, &items.list[i].event, WEBHOOK_TAKEN) == OK);
}

static void a_transfer_tells_of_each_visit_that_it_calls_off(void **state)
{
	(void)state;
	struct estate e;
	estate_open(&e);
	struct actor hq = estate_staff(&e, ROLE_HQ_ADMIN, NULL);
	(void)hook_of(&e, &hq, "");
	book_another(&e);
	take_all(&e);
	moves(&e, MOVEMENT_TRANSFERRED, "LEI");
	struct webhook_items items = take(&e);
	CHECK(items.count >= 2);
	for (size_t i = 0; i < items.count; i++) {
		const struct webhook_event *event = &items.list[i].event;
		CHECK(event->type == EVENT_VISIT_CANCELLED && event->seq > 0);
		CHECK(event->seq == items.list[0].event.seq);
		CHECK(items.list[i].visit.state == VISIT_CANCELLED);
		CHECK(i == 0 || event->object_id != items.list[0].event.object_id);
		assert_string_equal(event->prison.text, "WWI"); /* where it was booked */
		CHECK(answer(&e, event, WEBHOOK_TAKEN) == OK);
	}
	CHECK(take(&e).count == 0);
	estate_close(&e);
}

static void a_visit_refused_at_the_door_was_terminated(void **state)
{
	(void)state;
	struct estate e;
	enum joining joining;
	struct visit visit;
	estate_open(&e);
	struct actor hq = estate_staff(&e, ROLE_HQ_ADMIN, NULL);
	struct actor amina = estate_family(&e, "amina@family.example");
	struct actor clerk = estate_staff(&e, ROLE_VISITS_CLERK, "WWI");
	(void)hook_of(&e, &hq, "");
	CHECK(visit_find(&e.service, &amina, &e.arena, e.sample.joinable, &visit) == OK);
	CHECK(lobby_enter(&e.service, &amina, e.sample.joinable, &joining) == OK);
	CHECK(visitor_refuse(&e.service, &clerk, e.sample.joinable, visit.visitors[0].person,
			     STR("Not who they say")) == OK);
	struct webhook_items items = take(&e);
	CHECK(items.count == 1 && items.list[0].event.type == EVENT_VIDEO_TERMINATED);
	estate_close(&e);
}

static void only_a_new_period_in_prison_resets_the_balance(void **state)
{
	(void)state;
	struct estate e;
	estate_open(&e);
	struct actor hq = estate_staff(&e, ROLE_HQ_ADMIN, NULL);
	(void)hook_of(&e, &hq, "");
	cancel_one(&e);
	CHECK(take(&e).count == 1);
	moves(&e, MOVEMENT_TRANSFERRED, "LEI");
	moves(&e, MOVEMENT_TO_COURT, NULL);
	moves(&e, MOVEMENT_RETURNED, NULL);
	moves(&e, MOVEMENT_RELEASED, NULL);
	CHECK(take(&e).count == 0);
	moves(&e, MOVEMENT_ADMITTED, "WWI");
	struct webhook_items items = take(&e);
	CHECK(items.count == 1 && items.list[0].event.type == EVENT_ALLOWANCE_RESET);
	assert_string_equal(items.list[0].number.text, "A1234BC");
	assert_string_equal(items.list[0].event.prison.text, "WWI");
	estate_close(&e);
}

static void it_is_tried_later_each_time_and_in_the_end_has_failed(void **state)
{
	(void)state;
	struct estate e;
	struct webhook_view view;
	estate_open(&e);
	struct actor hq = estate_staff(&e, ROLE_HQ_ADMIN, NULL);
	struct webhook_id id = hook_of(&e, &hq, "");
	cancel_one(&e);
	struct wall begun = e.service.now;
	int tries = 0;
	for (; tries < MESSAGE_ATTEMPTS_MAX; tries++) {
		struct webhook_items items = take(&e);
		CHECK(items.count == 1);
		CHECK(answer(&e, &items.list[0].event, WEBHOOK_LATER) == OK);
		CHECK(take(&e).count == 0);
		e.service.now.s += 2 * 3600; /* longer than any wait */
	}
	CHECK(webhook_find(&e.service, &hq, &e.arena, id, &view) == OK);
	CHECK(view.count == 1 && view.events[0].state == EVENT_FAILED);
	CHECK(str_is(view.events[0].problem, "HTTP_503") && view.hook.counts[EVENT_FAILED] == 1);
	CHECK(e.service.now.s > begun.s && take(&e).count == 0);
	CHECK(webhook_again(&e.service, &hq, id) == OK);
	CHECK(take(&e).count == 1);
	estate_close(&e);
}

static void a_sender_that_died_is_no_reason_to_lose_one(void **state)
{
	(void)state;
	struct estate e;
	estate_open(&e);
	struct actor hq = estate_staff(&e, ROLE_HQ_ADMIN, NULL);
	(void)hook_of(&e, &hq, "");
	cancel_one(&e);
	struct webhook_items first = take(&e);
	CHECK(first.count == 1);
	e.service.now.s += 500;
	CHECK(webhook_put_back(&e.service, &SYSTEM_ACTOR, 600) == OK && take(&e).count == 0);
	e.service.now.s += 200;
	CHECK(webhook_put_back(&e.service, &SYSTEM_ACTOR, 600) == OK);
	struct webhook_items second = take(&e);
	CHECK(second.count == 1 && second.list[0].event.seq == first.list[0].event.seq);
	estate_close(&e);
}

static void each_sees_and_ends_what_is_theirs(void **state)
{
	(void)state;
	struct estate e;
	struct webhook_list list;
	struct webhook_view view;
	char secret[WEBHOOK_SECRET_TEXT_LEN + 1];
	struct webhook_id id;
	struct webhook_new new = { .url = STR("https://visits.example/") };
	estate_open(&e);
	struct actor hq = estate_staff(&e, ROLE_HQ_ADMIN, NULL);
	struct actor wwi = estate_staff(&e, ROLE_PRISON_ADMIN, "WWI");
	struct actor clerk = estate_staff(&e, ROLE_VISITS_CLERK, "WWI");
	struct actor amina = estate_family(&e, "amina@family.example");
	struct service *service = &e.service;
	struct webhook_id national = hook_of(&e, &hq, ""), own = hook_of(&e, &wwi, "");
	CHECK(webhooks_find(service, &hq, &e.arena, &list) == OK && list.count == 2);
	CHECK(webhooks_find(service, &wwi, &e.arena, &list) == OK && list.count == 1);
	for (size_t i = 0; i < WEBHOOK_SECRET_LEN; i++)
		CHECK(list.list[0].secret[i] == 0);
	CHECK(webhooks_find(service, &clerk, &e.arena, &list) == ERR_DENIED);
	CHECK(webhook_add(service, &clerk, &new, secret, &id) == ERR_DENIED);
	CHECK(webhook_add(service, &amina, &new, secret, &id) == ERR_DENIED);
	CHECK(webhook_find(service, &wwi, &e.arena, national, &view) == ERR_NOT_FOUND);
	CHECK(webhook_end(service, &wwi, national, STR("x")) == ERR_NOT_FOUND);
	CHECK(webhook_again(service, &clerk, own) == ERR_DENIED);
	CHECK(webhook_end(service, &wwi, own, STR(" ")) == ERR_BAD);
	cancel_one(&e);
	CHECK(webhook_end(service, &wwi, own, STR("Moved")) == OK);
	CHECK(webhook_end(service, &wwi, own, STR("Moved")) == ERR_NOT_FOUND);
	struct webhook_items items = take(&e);
	CHECK(items.count == 1 && items.list[0].hook.id.n == national.n);

	for (int i = 0; i < WEBHOOKS_MAX; i++)
		(void)hook_of(&e, &wwi, "");
	CHECK(webhook_add(service, &wwi, &new, secret, &id) == ERR_LIMIT);
	CHECK(prison_code_of(STR("ZZZ"), &new.prison));
	CHECK(webhook_add(service, &hq, &new, secret, &id) == ERR_NOT_FOUND);
	estate_close(&e);
}

static void what_is_done_is_forgotten_after_its_time(void **state)
{
	(void)state;
	struct estate e;
	struct webhook_view view;
	estate_open(&e);
	struct actor hq = estate_staff(&e, ROLE_HQ_ADMIN, NULL);
	struct webhook_id id = hook_of(&e, &hq, "");
	cancel_one(&e);
	struct webhook_items items = take(&e);
	CHECK(answer(&e, &items.list[0].event, WEBHOOK_TAKEN) == OK);
	CHECK(webhook_erase_due(&e.service, &SYSTEM_ACTOR) == OK);
	CHECK(webhook_find(&e.service, &hq, &e.arena, id, &view) == OK && view.count == 1);
	e.service.now.s += 400 * 86400;
	CHECK(webhook_erase_due(&e.service, &SYSTEM_ACTOR) == OK);
	CHECK(webhook_find(&e.service, &hq, &e.arena, id, &view) == OK && view.count == 0);
	estate_close(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_address_is_checked_before_it_is_used),
		TEST(a_change_is_told_once_to_whom_it_concerns),
		TEST(what_is_undone_is_told_to_nobody),
		TEST(events_of_a_visit_go_out_in_their_order),
		TEST(a_visit_that_nobody_came_to_has_ended_and_was_not_terminated),
		TEST(a_transfer_tells_of_each_visit_that_it_calls_off),
		TEST(a_visit_refused_at_the_door_was_terminated),
		TEST(only_a_new_period_in_prison_resets_the_balance),
		TEST(it_is_tried_later_each_time_and_in_the_end_has_failed),
		TEST(a_sender_that_died_is_no_reason_to_lose_one),
		TEST(each_sees_and_ends_what_is_theirs),
		TEST(what_is_done_is_forgotten_after_its_time),
	};
	return RUN("service/webhook", tests);
}
