#include "tests/store/estate.h"

#include <stdio.h>

#include "base/assert.h"
#include "service/booking.h"
#include "service/password.h"
#include "service/post.h"
#include "service/reach.h"
#include "service/subject.h"
#include "service/visit_link.h"
#include "store/message.h"
#include "store/query.h"
#include "store/reach.h"

enum {
	HOUR = 3600,
	DAY = 24 * HOUR,
};

#define MOBILE "07700 900123"
#define KEPT   "+447700900123"

static struct reach_view own(struct estate *e, const struct actor *actor)
{
	struct reach_view v;
	CHECK(reach_find(&e->service, actor, &e->arena, &v) == OK);
	return v;
}

static enum mobile_asked asked(struct estate *e, const struct actor *actor, const char *typed)
{
	enum mobile_asked out;
	CHECK(mobile_ask(&e->service, actor, str_from(typed), &out) == OK);
	return out;
}

static enum mobile_confirmed typed(struct estate *e, const struct actor *actor, const char *code)
{
	enum mobile_confirmed out;
	CHECK(mobile_confirm(&e->service, actor, str_from(code), &out) == OK);
	return out;
}

/* What is due in a channel; the sample's own messages went before. */
static struct post_list due(struct estate *e, enum message_channel channel)
{
	struct post_list list;
	CHECK(post_take(&e->service, &SYSTEM_ACTOR, &e->arena, channel, POST_TAKE_MAX, &list) ==
	      OK);
	return list;
}

/* The code, as the text message tells it. */
static const char *told_code(struct estate *e, const char *to)
{
	static char code[MOBILE_CODE_LEN + 1];
	struct post_list list = due(e, MESSAGE_SMS);
	CHECK(list.count == 1 && list.list[0].message.kind == MESSAGE_CODE);
	assert_string_equal(list.list[0].to, to);
	CHECK(mobile_code_tell(&e->service, &SYSTEM_ACTOR, list.list[0].message.account,
			       list.list[0].message.answer_by, code) == OK);
	CHECK(strlen(code) == MOBILE_CODE_LEN);
	return code;
}

static void change(struct estate *e, const char *sql)
{
	struct query q = query_of(e->service.store, sql);
	CHECK(query_end(&q) == OK);
}

static int64_t count(struct estate *e, const char *sql)
{
	int64_t n = -1;
	struct query q = query_of(e->service.store, sql);
	if (query_row(&q))
		n = query_column(&q, 0);
	CHECK(query_end(&q) == OK);
	return n;
}

static void a_number_is_theirs_once_they_typed_the_code_that_went_to_it(void **state)
{
	(void)state;
	struct estate e;
	estate_open(&e);
	struct actor amina = estate_family(&e, "amina@family.example");
	int64_t leaves = estate_leaves(&e);
	CHECK(asked(&e, &amina, MOBILE) == MOBILE_ASKED_SENT);
	CHECK(estate_leaves(&e) == leaves + 1);
	CHECK(!own(&e, &amina).reach.mobile[0]);
	assert_string_equal(own(&e, &amina).asked, KEPT);
	char code[MOBILE_CODE_LEN + 1], wrong[MOBILE_CODE_LEN + 1];
	(void)snprintf(code, sizeof code, "%s", told_code(&e, KEPT));
	(void)snprintf(wrong, sizeof wrong, "%s", code);
	wrong[5] = wrong[5] == '9' ? '0' : '9';
	CHECK(typed(&e, &amina, wrong) == MOBILE_WRONG);
	CHECK(typed(&e, &amina, "") == MOBILE_WRONG &&
	      typed(&e, &amina, "1234567") == MOBILE_WRONG);
	const char *spaced = arena_printf(&e.arena, " %.3s %s ", code, code + 3);
	CHECK(typed(&e, &amina, spaced) == MOBILE_CONFIRMED);
	struct reach_view v = own(&e, &amina);
	assert_string_equal(v.reach.mobile, KEPT);
	CHECK(v.reach.texts && v.reach.email && !v.asked[0] && !v.bounced);
	CHECK(typed(&e, &amina, code) == MOBILE_OVER); /* once */
	CHECK(texts_choose(&e.service, &amina, false) == OK && !own(&e, &amina).reach.texts);
	CHECK(mobile_remove(&e.service, &amina) == OK && !own(&e, &amina).reach.mobile[0]);
	CHECK(mobile_remove(&e.service, &amina) == OK);
	CHECK(texts_choose(&e.service, &amina, true) == ERR_CONFLICT);
	CHECK(count(&e, "SELECT COUNT(*) FROM message WHERE number <> 0 AND kind = 'CODE'") == 0);
	estate_close(&e);
}

static void nobody_guesses_a_code_or_wakes_strangers(void **state)
{
	(void)state;
	struct estate e;
	estate_open(&e);
	struct actor amina = estate_family(&e, "amina@family.example");
	struct actor clerk = estate_staff(&e, ROLE_VISITS_CLERK, "WWI");
	enum mobile_asked out;
	enum mobile_confirmed confirmed;
	CHECK(mobile_ask(&e.service, &clerk, STR(MOBILE), &out) == ERR_DENIED);
	CHECK(mobile_confirm(&e.service, &clerk, STR("123456"), &confirmed) == ERR_DENIED);
	CHECK(typed(&e, &amina, "123456") == MOBILE_OVER);
	CHECK(asked(&e, &amina, "020 7946 0018") == MOBILE_ASKED_LANDLINE);
	CHECK(asked(&e, &amina, "12") == MOBILE_ASKED_BAD);
	/* Five guesses a code. */
	CHECK(asked(&e, &amina, MOBILE) == MOBILE_ASKED_SENT);
	char code[MOBILE_CODE_LEN + 1];
	(void)snprintf(code, sizeof code, "%s", told_code(&e, KEPT));
	const char *wrong = strcmp(code, "000000") == 0 ? "000001" : "000000";
	for (int i = 0; i < MOBILE_CODE_TRIES; i++)
		CHECK(typed(&e, &amina, wrong) == MOBILE_WRONG);
	CHECK(typed(&e, &amina, code) == MOBILE_OVER);
	/* Not at once, and five a day. */
	CHECK(asked(&e, &amina, MOBILE) == MOBILE_ASKED_TOO_SOON);
	for (int i = 1; i < MOBILE_CODES_DAY; i++) {
		e.service.now.s += MOBILE_CODE_AGAIN_S;
		CHECK(asked(&e, &amina, "07700 900124") == MOBILE_ASKED_SENT);
	}
	e.service.now.s += MOBILE_CODE_AGAIN_S;
	CHECK(asked(&e, &amina, MOBILE) == MOBILE_ASKED_TOO_MANY);
	/* Three accounts a number and day. */
	e.service.now.s += DAY;
	static const char *const OTHERS[] = { "ben@family.example", "farah@family.example",
					      "carys@family.example" };
	for (size_t i = 0; i < ARRAY_LEN(OTHERS); i++) {
		struct actor other = estate_family(&e, OTHERS[i]);
		CHECK(asked(&e, &other, "+44 7700 900123") == MOBILE_ASKED_SENT);
	}
	CHECK(asked(&e, &amina, MOBILE) == MOBILE_ASKED_TOO_MANY);
	CHECK(asked(&e, &amina, "07700 900125") == MOBILE_ASKED_SENT);
	/* It holds ten minutes. */
	e.service.now.s += MOBILE_CODE_S;
	CHECK(typed(&e, &amina, "000000") == MOBILE_OVER && !own(&e, &amina).asked[0]);
	/* And is forgotten after a day. */
	e.service.now.s += DAY + 1;
	CHECK(mobile_code_erase_due(&e.service, &SYSTEM_ACTOR) == OK);
	CHECK(count(&e, "SELECT COUNT(*) FROM mobile_code") == 0);
	CHECK(mobile_code_erase_due(&e.service, &amina) == ERR_DENIED);
	estate_close(&e);
}

static void a_code_that_another_took_the_place_of_is_not_sent(void **state)
{
	(void)state;
	struct estate e;
	estate_open(&e);
	struct actor amina = estate_family(&e, "amina@family.example");
	CHECK(asked(&e, &amina, MOBILE) == MOBILE_ASKED_SENT);
	e.service.now.s += MOBILE_CODE_AGAIN_S;
	CHECK(asked(&e, &amina, "07700 900124") == MOBILE_ASKED_SENT);
	CHECK(due(&e, MESSAGE_SMS).count == 0); /* the first has nowhere to go */
	(void)told_code(&e, "+447700900124");
	CHECK(count(&e, "SELECT COUNT(*) FROM message WHERE kind = 'CODE' AND state = 'WITHDRAWN' "
			"AND problem = 'NO_ADDRESS'") == 1);
	estate_close(&e);
}

static struct postal some_address(void)
{
	return (struct postal){ .line1 = STR("12 High Street"),
				.town = STR("Wandsworth"),
				.postcode = STR("SW18 3HR") };
}

static void an_address_and_a_number_stand_in_the_copy_and_go_with_the_account(void **state)
{
	(void)state;
	struct estate e;
	struct subject_view v;
	enum erasure answer;
	int64_t seq;
	estate_open(&e);
	struct actor ben = estate_family(&e, "ben@family.example");
	struct postal postal = some_address();
	CHECK(asked(&e, &ben, MOBILE) == MOBILE_ASKED_SENT);
	CHECK(typed(&e, &ben, told_code(&e, KEPT)) == MOBILE_CONFIRMED);
	CHECK(address_set(&e.service, &ben, &postal) == OK);
	postal.postcode = STR("nowhere");
	CHECK(address_set(&e.service, &ben, &postal) == ERR_BAD);
	CHECK(str_is(own(&e, &ben).reach.postal.town, "Wandsworth"));
	struct subject subject = { SUBJECT_ACCOUNT, ben.account.n };
	CHECK(subject_find(&e.service, &ben, &e.arena, subject, &v) == OK);
	size_t found = 0;
	for (size_t i = 0; i < v.data.count; i++) {
		const struct subject_section *s = &v.data.sections[i];
		if (strcmp(s->name, "reach") == 0 && s->count == 1)
			found += str_is(s->rows[0][0].text, KEPT) +
				 str_is(s->rows[0][6].text, "SW18 3HR");
		if (strcmp(s->name, "mobile_codes") == 0 && s->count == 1)
			found += str_is(s->rows[0][0].text, KEPT);
	}
	CHECK(found == 3);
	CHECK(address_set(&e.service, &ben, NULL) == OK);
	struct reach_view gone = own(&e, &ben);
	CHECK(postal_empty(&gone.reach.postal));
	postal = some_address();
	CHECK(address_set(&e.service, &ben, &postal) == OK);
	CHECK(account_erase(&e.service, &ben, ben.account, &answer, &seq) == OK &&
	      answer == ERASURE_OK);
	CHECK(count(&e, "SELECT COUNT(*) FROM reach") == 0);
	CHECK(count(&e, "SELECT COUNT(*) FROM mobile_code") == 0);
	estate_close(&e);
}

static size_t waiting_for(struct estate *e, enum message_channel channel, enum message_kind kind,
			  int64_t object)
{
	struct store_messages all;
	size_t n = 0;
	CHECK(store_message_list_of(e->service.store, &e->arena, object, 100, &all) == OK);
	for (size_t i = 0; i < all.count; i++)
		n += all.list[i].channel == channel && all.list[i].kind == kind &&
		     all.list[i].state == MESSAGE_WAITING;
	return n;
}

static struct visit book_at(struct estate *e, const struct actor *actor,
			    struct visit_request *request, int64_t in_s)
{
	struct verdict verdict;
	struct reference reference = { 0 };
	struct visit visit;
	int64_t s = e->service.now.s + in_s;
	request->start = (struct wall){ s - s % 1800 + 1800 };
	CHECK(visit_book(&e->service, actor, request, &verdict, &reference) == OK);
	CHECK(verdict_clean(verdict));
	CHECK(visit_find(&e->service, &SYSTEM_ACTOR, &e->arena, reference, &visit) == OK);
	return visit;
}

static void a_text_message_goes_beside_the_email_where_time_presses(void **state)
{
	(void)state;
	struct estate e;
	struct contact_list contacts;
	estate_open(&e);
	struct actor amina = estate_family(&e, "amina@family.example");
	change(&e, "DELETE FROM message");
	CHECK(asked(&e, &amina, MOBILE) == MOBILE_ASKED_SENT);
	CHECK(typed(&e, &amina, told_code(&e, KEPT)) == MOBILE_CONFIRMED);
	CHECK(contacts_mine(&e.service, &amina, &e.arena, &contacts) == OK);
	struct visit_request request = { .minutes = 30,
					 .prisoner = contacts.list[0].prisoner.id,
					 .person_count = 1,
					 .persons = { contacts.list[0].person.id } };
	struct visit visit = book_at(&e, &amina, &request, 10 * DAY);
	int64_t id = visit.id.n;
	CHECK(waiting_for(&e, MESSAGE_EMAIL, MESSAGE_BOOKED, id) == 1);
	CHECK(waiting_for(&e, MESSAGE_SMS, MESSAGE_BOOKED, id) == 0);
	CHECK(waiting_for(&e, MESSAGE_SMS, MESSAGE_REMINDER, id) == 3);
	CHECK(waiting_for(&e, MESSAGE_EMAIL, MESSAGE_REMINDER, id) == 3);
	/* Near: the cancellation goes both ways, and no reminder any more. */
	e.service.now.s = visit.start.s - 5 * HOUR;
	CHECK(visit_cancel(&e.service, &amina, visit.reference, STR("")) == OK);
	CHECK(waiting_for(&e, MESSAGE_SMS, MESSAGE_CANCELLED, id) == 1);
	CHECK(waiting_for(&e, MESSAGE_EMAIL, MESSAGE_CANCELLED, id) == 1);
	CHECK(waiting_for(&e, MESSAGE_SMS, MESSAGE_REMINDER, id) == 0);
	/* The number was removed meanwhile: nothing goes to it. */
	CHECK(mobile_remove(&e.service, &amina) == OK);
	CHECK(due(&e, MESSAGE_SMS).count == 0);
	CHECK(waiting_for(&e, MESSAGE_SMS, MESSAGE_CANCELLED, id) == 0);
	estate_close(&e);
}

/* Walter, 84, has no e-mail; the clerk enters him, the authoriser says yes. */
struct walter {
	struct estate e;
	struct actor clerk, governor;
	struct contact_id contact;
	struct account_id account;
	struct visit_request request;
};

static struct visitor_entry walters_entry(void)
{
	return (struct visitor_entry){ .name = STR("Walter Okoro"),
				       .born = { 1942, 3, 9 },
				       .relationship_code = STR("GFA"),
				       .mobile = KEPT,
				       .postal = some_address() };
}

static void open_walter(struct walter *w, const struct visitor_entry *entry)
{
	struct contact_list contacts;
	struct contact_case c;
	estate_open(&w->e);
	w->clerk = estate_staff(&w->e, ROLE_VISITS_CLERK, "WWI");
	w->governor = estate_staff(&w->e, ROLE_DUTY_GOVERNOR, "WWI");
	struct actor amina = estate_family(&w->e, "amina@family.example");
	CHECK(contacts_mine(&w->e.service, &amina, &w->e.arena, &contacts) == OK);
	struct prisoner_id prisoner = contacts.list[0].prisoner.id;
	int64_t leaves = estate_leaves(&w->e);
	CHECK(visitor_enter(&w->e.service, &w->clerk, prisoner, entry, &w->contact) == OK);
	CHECK(estate_leaves(&w->e) == leaves + 1);
	CHECK(contact_find(&w->e.service, &w->clerk, &w->e.arena, w->contact, &c) == OK);
	CHECK(str_empty(c.booker_email) && c.contact.state == CONTACT_REQUESTED);
	CHECK(contact_decide(&w->e.service, &w->governor, w->contact, CONTACT_APPROVED,
			     STR("Seen at the gate")) == OK);
	w->account = c.contact.person.booker;
	w->request = (struct visit_request){ .minutes = 30,
					     .prisoner = prisoner,
					     .person_count = 1,
					     .persons = { c.contact.person.id } };
}

static void staff_book_for_whoever_has_no_email_who_is_told_and_joins(void **state)
{
	(void)state;
	struct walter w;
	struct visitor_entry entry = walters_entry();
	struct visit_link_bearer bearer;
	char code[LINK_CODE_LEN + 1], again[LINK_CODE_LEN + 1];
	open_walter(&w, &entry);
	struct estate *e = &w.e;
	change(e, "DELETE FROM message");
	struct visit visit = book_at(e, &w.clerk, &w.request, 10 * DAY);
	CHECK(visit.booker.n == w.account.n);
	CHECK(waiting_for(e, MESSAGE_SMS, MESSAGE_BOOKED, visit.id.n) == 1);
	CHECK(waiting_for(e, MESSAGE_LETTER, MESSAGE_BOOKED, visit.id.n) == 1);
	CHECK(waiting_for(e, MESSAGE_EMAIL, MESSAGE_BOOKED, visit.id.n) == 0);
	CHECK(waiting_for(e, MESSAGE_SMS, MESSAGE_REMINDER, visit.id.n) == 3);
	CHECK(waiting_for(e, MESSAGE_LETTER, MESSAGE_REMINDER, visit.id.n) == 0);
	struct post_list letters = due(e, MESSAGE_LETTER);
	CHECK(letters.count == 1);
	assert_string_equal(letters.list[0].to,
			    "Walter Okoro\n12 High Street\nWandsworth\nSW18 3HR");
	/* The code that both tell lets him in, and stays when the visit moves. */
	CHECK(visit_link_code_tell(&e->service, &SYSTEM_ACTOR, &e->arena, visit.reference, code) ==
	      OK);
	CHECK(visit_link_code_tell(&e->service, &w.clerk, &e->arena, visit.reference, again) ==
	      ERR_DENIED);
	struct verdict verdict;
	struct visit_move move = { .reference = visit.reference,
				   .start = wall_add_s(visit.start, DAY),
				   .minutes = 30 };
	CHECK(visit_move(&e->service, &w.clerk, &move, &verdict) == OK && verdict_clean(verdict));
	CHECK(visit_link_code_tell(&e->service, &SYSTEM_ACTOR, &e->arena, visit.reference, again) ==
	      OK);
	assert_string_equal(code, again);
	CHECK(visit_link_use(&e->service, str_from(code), &bearer) == OK);
	CHECK(bearer.visitor == 0);
	estate_close(e);
}

static void where_no_letter_comes_in_time_staff_are_told_to_ring(void **state)
{
	(void)state;
	struct walter w;
	struct visitor_entry entry = walters_entry();
	struct post_view told;
	entry.mobile[0] = '\0';
	open_walter(&w, &entry);
	struct estate *e = &w.e;
	struct visit visit = book_at(e, &w.clerk, &w.request, 2 * DAY);
	CHECK(post_of(&e->service, &w.clerk, &e->arena, visit.reference, &told) == OK);
	CHECK(told.count > 0);
	for (size_t i = 0; i < told.count; i++) {
		CHECK(told.list[i].state == MESSAGE_FAILED);
		assert_string_equal(told.list[i].problem, "NO_WAY");
	}
	CHECK(due(e, MESSAGE_LETTER).count <= 1); /* that he is approved; nothing about the visit */
	estate_close(e);
}

static void staff_keep_the_number_of_those_alone_who_have_no_email(void **state)
{
	(void)state;
	struct walter w;
	struct visitor_entry entry = walters_entry();
	struct reach_view v;
	struct contact_id id;
	struct contact_list contacts;
	open_walter(&w, &entry);
	struct service *service = &w.e.service;
	struct postal none = { 0 };
	struct actor cardiff = estate_staff(&w.e, ROLE_VISITS_CLERK, "CFI");
	struct actor monitor = estate_staff(&w.e, ROLE_MONITOR, "WWI");
	struct actor amina = estate_family(&w.e, "amina@family.example");
	struct arena *arena = &w.e.arena;
	CHECK(visitor_enter(service, &w.clerk, w.request.prisoner, &entry, &id) == ERR_CONFLICT);
	CHECK(visitor_enter(service, &cardiff, w.request.prisoner, &entry, &id) == ERR_NOT_FOUND);
	CHECK(visitor_enter(service, &monitor, w.request.prisoner, &entry, &id) == ERR_DENIED);
	CHECK(visitor_enter(service, &amina, w.request.prisoner, &entry, &id) == ERR_DENIED);
	entry.name = STR("Winifred Okoro");
	entry.mobile[0] = '\0';
	entry.postal = none;
	CHECK(visitor_enter(service, &w.clerk, w.request.prisoner, &entry, &id) == ERR_BAD);
	CHECK(visitor_reach_set(service, &w.clerk, w.contact, "+447700900129", &none) == OK);
	CHECK(visitor_reach_find(service, &w.governor, arena, w.contact, &v) == OK);
	assert_string_equal(v.reach.mobile, "+447700900129");
	CHECK(!v.reach.email && v.reach.texts && postal_empty(&v.reach.postal));
	CHECK(visitor_reach_set(service, &w.clerk, w.contact, "", &none) == ERR_BAD);
	CHECK(visitor_reach_set(service, &w.clerk, w.contact, "07700 900129", &none) == ERR_BAD);
	CHECK(visitor_reach_find(service, &cardiff, arena, w.contact, &v) == ERR_NOT_FOUND);
	CHECK(visitor_reach_find(service, &monitor, arena, w.contact, &v) == ERR_DENIED);
	/* What somebody gave themselves is nobody else's. */
	CHECK(contacts_mine(service, &amina, arena, &contacts) == OK);
	CHECK(visitor_reach_find(service, &w.clerk, arena, contacts.list[0].id, &v) ==
	      ERR_NOT_FOUND);
	CHECK(visitor_reach_set(service, &w.clerk, contacts.list[0].id, KEPT, &none) ==
	      ERR_NOT_FOUND);
	/* Nobody signs in to such an account. */
	struct sign_in_candidate candidate;
	CHECK(account_find_for_sign_in(service, STR(""), &candidate) == OK && !candidate.account.n);
	const char *nobodys = arena_printf(arena, "none-%lld@invalid", (long long)w.account.n);
	CHECK(account_find_for_sign_in(service, str_from(nobodys), &candidate) == OK &&
	      !candidate.account.n);
	estate_close(&w.e);
}

static void whoever_has_no_email_any_more_is_told_otherwise_and_signs_in_no_more(void **state)
{
	(void)state;
	struct estate e;
	struct contact_list contacts;
	struct reach_view v;
	struct account account;
	struct sign_in_candidate candidate;
	const struct postal none = { 0 }, home = some_address();
	estate_open(&e);
	struct service *service = &e.service;
	struct actor clerk = estate_staff(&e, ROLE_VISITS_CLERK, "WWI");
	struct actor cardiff = estate_staff(&e, ROLE_VISITS_CLERK, "CFI");
	struct actor monitor = estate_staff(&e, ROLE_MONITOR, "WWI");
	struct actor amina = estate_family(&e, "amina@family.example");
	CHECK(contacts_mine(service, &amina, &e.arena, &contacts) == OK);
	struct contact_id id = contacts.list[0].id;
	change(&e, "UPDATE account SET password_hash = '$argon2id$some' "
		   "WHERE email = 'amina@family.example'");
	CHECK(visitor_email_find(service, &clerk, &e.arena, id, &account) == OK);
	assert_int_equal(account.id.n, amina.account.n);
	CHECK(visitor_email_end(service, &cardiff, id, KEPT, &none) == ERR_NOT_FOUND);
	CHECK(visitor_email_end(service, &monitor, id, KEPT, &none) == ERR_DENIED);
	CHECK(visitor_email_end(service, &amina, id, KEPT, &none) == ERR_DENIED);
	CHECK(visitor_email_end(service, &clerk, id, "", &none) == ERR_BAD);
	int64_t leaves = estate_leaves(&e);
	unsigned ended = service->sessions_ended;
	CHECK(visitor_email_end(service, &clerk, id, "", &home) == OK);
	CHECK(estate_leaves(&e) == leaves + 1 && service->sessions_ended != ended);
	CHECK(visitor_reach_find(service, &clerk, &e.arena, id, &v) == OK);
	CHECK(!v.reach.email && !v.reach.texts && !postal_empty(&v.reach.postal));
	CHECK(account_find_for_sign_in(service, STR("amina@family.example"), &candidate) == OK);
	CHECK(!candidate.account.n);
	CHECK(visitor_email_end(service, &clerk, id, KEPT, &none) == ERR_NOT_FOUND); /* once */
	CHECK(estate_leaves(&e) == leaves + 1);
	/* Staff, and lawyers, are reached as they signed up. */
	change(&e,
	       arena_printf(&e.arena,
			    "UPDATE account SET email = 'a@b.example', staff = 1 WHERE id = %lld",
			    (long long)amina.account.n));
	CHECK(visitor_email_find(service, &clerk, &e.arena, id, &account) == ERR_NOT_FOUND);
	estate_close(&e);
}

/* Amina, whose e-mail staff end. */
struct amina {
	struct estate e;
	struct actor self, clerk;
	struct contact contact;
	struct visit visit;
};

static void open_amina(struct amina *a, int64_t visit_in_s)
{
	struct contact_list contacts;
	estate_open(&a->e);
	a->self = estate_family(&a->e, "amina@family.example");
	a->clerk = estate_staff(&a->e, ROLE_VISITS_CLERK, "WWI");
	change(&a->e, "DELETE FROM message");
	CHECK(contacts_mine(&a->e.service, &a->self, &a->e.arena, &contacts) == OK);
	a->contact = contacts.list[0];
	struct visit_request request = { .minutes = 30,
					 .prisoner = a->contact.prisoner.id,
					 .person_count = 1,
					 .persons = { a->contact.person.id } };
	a->visit = book_at(&a->e, &a->self, &request, visit_in_s);
	CHECK(waiting_for(&a->e, MESSAGE_EMAIL, MESSAGE_BOOKED, a->visit.id.n) == 1);
}

static void amina_ends(struct amina *a, const char *mobile, const struct postal *postal)
{
	int64_t leaves = estate_leaves(&a->e);
	CHECK(visitor_email_end(&a->e.service, &a->clerk, a->contact.id, mobile, postal) == OK);
	CHECK(estate_leaves(&a->e) == leaves + 1);
}

static void what_waits_for_an_address_that_is_no_more_goes_another_way_once(void **state)
{
	(void)state;
	struct amina a;
	const struct postal home = some_address();
	open_amina(&a, 10 * DAY);
	int64_t id = a.visit.id.n;
	CHECK(password_forgotten(&a.e.service, STR("amina@family.example")) == OK);
	amina_ends(&a, KEPT, &home);
	CHECK(due(&a.e, MESSAGE_EMAIL).count == 0);
	CHECK(count(&a.e, "SELECT COUNT(*) FROM message WHERE channel = 'EMAIL' AND state = "
			  "'WAITING'") == 0);
	CHECK(waiting_for(&a.e, MESSAGE_SMS, MESSAGE_BOOKED, id) == 1);
	CHECK(waiting_for(&a.e, MESSAGE_LETTER, MESSAGE_BOOKED, id) == 1);
	CHECK(waiting_for(&a.e, MESSAGE_SMS, MESSAGE_REMINDER, id) == 3);
	CHECK(count(&a.e, "SELECT COUNT(*) FROM message WHERE kind = 'PASSWORD' AND channel <> "
			  "'EMAIL'") == 0); /* nobody signs in by it any more */
	CHECK(count(&a.e, "SELECT COUNT(*) FROM message WHERE state = 'FAILED'") == 0);
	struct post_list texts = due(&a.e, MESSAGE_SMS);
	CHECK(texts.count == 1 && texts.list[0].message.kind == MESSAGE_BOOKED);
	assert_string_equal(texts.list[0].to, KEPT);
	CHECK(due(&a.e, MESSAGE_LETTER).count == 1);
	CHECK(post_answered(&a.e.service, &SYSTEM_ACTOR,
			    &(struct post_answer){ .message = texts.list[0].message.id,
						   .result = POST_TAKEN,
						   .provider = MESSAGE_BY_NOTIFY }) == OK);
	/* The reminders come when they would have come by e-mail. */
	a.e.service.now.s = a.visit.start.s - 2 * DAY;
	CHECK(due(&a.e, MESSAGE_SMS).count == 1);
	estate_close(&a.e);
}

static void what_can_go_no_other_way_in_time_is_shown_to_staff(void **state)
{
	(void)state;
	struct amina a;
	struct post_view told;
	size_t untold = 0;
	const struct postal home = some_address();
	open_amina(&a, 2 * DAY);
	amina_ends(&a, "", &home);
	CHECK(post_of(&a.e.service, &a.clerk, &a.e.arena, a.visit.reference, &told) == OK);
	for (size_t i = 0; i < told.count; i++) {
		CHECK(told.list[i].state == MESSAGE_FAILED ||
		      told.list[i].state == MESSAGE_WITHDRAWN);
		bool no_way = strcmp(told.list[i].problem, "NO_WAY") == 0;
		CHECK(no_way == (told.list[i].state == MESSAGE_FAILED));
		untold += no_way && told.list[i].kind == MESSAGE_BOOKED;
	}
	assert_int_equal(untold, 1);
	estate_close(&a.e);
}

static void what_was_being_sent_when_it_ended_goes_another_way_if_it_comes_back(void **state)
{
	(void)state;
	struct amina a;
	const struct postal none = { 0 };
	open_amina(&a, 10 * DAY);
	struct post_list list = due(&a.e, MESSAGE_EMAIL);
	CHECK(list.count == 1);
	amina_ends(&a, KEPT, &none);
	CHECK(waiting_for(&a.e, MESSAGE_SMS, MESSAGE_BOOKED, a.visit.id.n) ==
	      0); /* it may arrive */
	CHECK(post_answered(&a.e.service, &SYSTEM_ACTOR,
			    &(struct post_answer){ .message = list.list[0].message.id,
						   .result = POST_LATER,
						   .problem = STR("SMTP_451") }) == OK);
	a.e.service.now.s += HOUR;
	CHECK(due(&a.e, MESSAGE_EMAIL).count == 0);
	CHECK(waiting_for(&a.e, MESSAGE_SMS, MESSAGE_BOOKED, a.visit.id.n) == 1);
	estate_close(&a.e);
}

static void a_number_that_took_no_message_is_said_so(void **state)
{
	(void)state;
	struct walter w;
	struct visitor_entry entry = walters_entry();
	struct reach_view v;
	open_walter(&w, &entry);
	struct post_list list = due(&w.e, MESSAGE_SMS);
	CHECK(list.count == 1); /* that he is approved */
	CHECK(post_answered(&w.e.service, &SYSTEM_ACTOR,
			    &(struct post_answer){ .message = list.list[0].message.id,
						   .result = POST_BOUNCED,
						   .provider = MESSAGE_BY_NOTIFY,
						   .problem = STR("NOTIFY_permanent-failure") }) ==
	      OK);
	CHECK(visitor_reach_find(&w.e.service, &w.clerk, &w.e.arena, w.contact, &v) == OK);
	CHECK(v.bounced);
	estate_close(&w.e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_number_is_theirs_once_they_typed_the_code_that_went_to_it),
		TEST(nobody_guesses_a_code_or_wakes_strangers),
		TEST(a_code_that_another_took_the_place_of_is_not_sent),
		TEST(an_address_and_a_number_stand_in_the_copy_and_go_with_the_account),
		TEST(a_text_message_goes_beside_the_email_where_time_presses),
		TEST(staff_book_for_whoever_has_no_email_who_is_told_and_joins),
		TEST(where_no_letter_comes_in_time_staff_are_told_to_ring),
		TEST(staff_keep_the_number_of_those_alone_who_have_no_email),
		TEST(whoever_has_no_email_any_more_is_told_otherwise_and_signs_in_no_more),
		TEST(what_waits_for_an_address_that_is_no_more_goes_another_way_once),
		TEST(what_can_go_no_other_way_in_time_is_shown_to_staff),
		TEST(what_was_being_sent_when_it_ended_goes_another_way_if_it_comes_back),
		TEST(a_number_that_took_no_message_is_said_so),
	};
	return RUN("service/reach", tests);
}
