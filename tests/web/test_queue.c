/*
 * Staff's lists of work: finding in them, and deciding on several at once after a look.
 */
#include "site.h"

#include "service/approval.h"
#include "service/ask.h"
#include "service/booking.h"
#include "service/hint.h"
#include "service/incident.h"
#include "service/prison.h"
#include "service/safeguard.h"
#include "service/timetable.h"
#include "store/query.h"
#include "web/live_priv.h"
#include "web/queue.h"

enum {
	MORE_THAN_FIT = 55,
};

static int64_t count(struct site *s, const char *sql)
{
	struct query q = query_of(s->estate.service.store, sql);
	int64_t n = query_row(&q) ? query_column(&q, 0) : -1;
	CHECK(query_end(&q) == OK);
	return n;
}

/* The person in prison whom that family may visit, and the one who books. */
static struct contact contact_of(struct site *s, const struct actor *family)
{
	struct contact_list contacts;
	CHECK(contacts_mine(&s->estate.service, family, &s->estate.arena, &contacts) == OK);
	return contacts.list[0];
}

static struct reference book(struct site *s, const char *email, int days, int hour)
{
	struct actor family = estate_family(&s->estate, email);
	struct contact contact = contact_of(s, &family);
	struct verdict verdict;
	struct reference reference;
	struct visit_request request = { .prisoner = contact.prisoner.id,
					 .person_count = 1,
					 .persons = { contact.person.id },
					 .minutes = 30 };
	struct date day = date_add_days(local_date(s->estate.service.now), days);
	(void)local_to_wall(day, hour * 60, &request.start);
	CHECK(visit_book(&s->estate.service, &family, &request, &verdict, &reference) == OK);
	CHECK(verdict_clean(verdict));
	return reference;
}

/* The day of those visits is closed: each goes to review. */
static void close_day(struct site *s, int days)
{
	struct exclude_date date = { .day = date_add_days(local_date(s->estate.service.now), days),
				     .reason = STR("Training") };
	struct effect_list effects;
	CHECK(prison_code_of(STR("WWI"), &date.prison));
	CHECK(exclude_date_add(&s->estate.service, &SYSTEM_ACTOR, &s->estate.arena, &date,
			       CHANGE_SAVE, &effects) == OK);
	CHECK(effects.count > 0);
}

/* From now on staff look first at what is asked for this prisoner. */
static void alert(struct site *s, const char *email)
{
	struct actor family = estate_family(&s->estate, email);
	struct actor governor = estate_staff(&s->estate, ROLE_DUTY_GOVERNOR, "WWI");
	struct alert_new new = { .prisoner = contact_of(s, &family).prisoner.id,
				 .comment = STR("From the file") };
	struct alert_id id;
	CHECK(alert_code_of(STR("RDV"), &new.code));
	CHECK(alert_add(&s->estate.service, &governor, &new, &id) == OK);
}

static struct visit see(struct site *s, struct reference reference)
{
	struct visit visit;
	CHECK(visit_find(&s->estate.service, &SYSTEM_ACTOR, &s->estate.arena, reference, &visit) ==
	      OK);
	return visit;
}

/* Two visits on a day that is closed, of two prisoners. */
static void open_reviews(struct site *s, struct reference out[2])
{
	site_open(s);
	out[0] = book(s, "amina@family.example", 3, 10);
	out[1] = book(s, "farah@family.example", 3, 11);
	close_day(s, 3);
	sign_in(s, "clerk@wandsworth.example");
}

/* "item=ID" of the n-th box of a page. */
static const char *box(struct site *s, const struct answer *page, int n)
{
	const char *at = page->html;
	for (int i = 0; i <= n; i++) {
		at = strstr(at, "name=\"item\" type=\"checkbox\" value=\"");
		if (at == NULL)
			return NULL;
		at += strlen("name=\"item\" type=\"checkbox\" value=\"");
	}
	return arena_printf(&s->estate.arena, "item=%.*s", (int)strcspn(at, "\""), at);
}

/* Buttons to decide on several, where there is a box for one at least; else a sentence, and nothing to press. */
static void check_buttons(struct site *s, const struct answer *page, const char *sentence)
{
	bool boxes = box(s, page, 0) != NULL;
	CHECK(boxes == (sentence == NULL));
	CHECK(says(page, "name=\"all\"") == boxes && says(page, "Decide on the chosen") == boxes);
	CHECK(boxes || says(page, sentence));
}

#define SETTLED "All of these have been decided: there is nothing to choose."
#define READS   "In your role you can read this list, not decide on it."

static const char *joined(struct site *s, const char *a, const char *b)
{
	return arena_printf(&s->estate.arena, "%s&%s", a, b);
}

static void one_finds_in_a_list_with_a_letter_wrong(void **state)
{
	(void)state;
	struct site s;
	struct reference visits[2];
	open_reviews(&s, visits);
	const char *first = see(&s, visits[0]).prisoner_number.text;
	const char *second = see(&s, visits[1]).prisoner_number.text;
	struct answer page = ask(&s, "/staff/reviews", NULL);
	CHECK(says(&page, first) && says(&page, second));
	page = ask(&s, arena_printf(&s.estate.arena, "/staff/reviews?find=%s", first), NULL);
	CHECK(says(&page, first) && !says(&page, second) && says(&page, ">Show all<"));
	page = ask(&s, "/staff/reviews?find=Danyel", NULL); /* Daniel */
	CHECK(says(&page, first) && !says(&page, second));
	page = ask(&s, "/staff/reviews?find=Nobody", NULL);
	CHECK(says(&page, "Nothing here fits") && !says(&page, "type=\"checkbox\""));
	page = ask(&s, "/staff/reviews?cause=PRISON_DATE_BLOCKED", NULL);
	CHECK(says(&page, first) && says(&page, second));
	page = ask(&s, "/staff/reviews?cause=ALERT", NULL);
	CHECK(!says(&page, first) && says(&page, "Nothing here fits"));
	site_close(&s);
}

static void nothing_is_decided_before_the_look(void **state)
{
	(void)state;
	struct site s;
	struct reference visits[2];
	open_reviews(&s, visits);
	struct answer page = ask(&s, "/staff/reviews", NULL);
	const char *both = joined(&s, box(&s, &page, 0), box(&s, &page, 1));
	struct answer look = ask(&s, "/staff/reviews/chosen", both);
	CHECK(look.status == 200 && !look.wrote && says(&look, "You have chosen 2."));
	look = ask(&s, "/staff/reviews/chosen", joined(&s, both, "confirm=yes"));
	CHECK(look.status == 422 && !look.wrote && says(&look, "Choose what happens"));
	look = ask(&s, "/staff/reviews/chosen", "");
	CHECK(look.status == 422 && !look.wrote && says(&look, "Choose at least one visit"));
	CHECK(see(&s, visits[0]).state == VISIT_BOOKED && see(&s, visits[1]).state == VISIT_BOOKED);
	site_close(&s);
}

static void several_visits_are_cancelled_with_one_reason(void **state)
{
	(void)state;
	struct site s;
	struct reference visits[2];
	open_reviews(&s, visits);
	struct answer page = ask(&s, "/staff/reviews", NULL);
	const char *form = joined(&s, joined(&s, box(&s, &page, 0), box(&s, &page, 1)),
				  "confirm=yes&decision=cancel&reason=Staff+training");
	struct answer done = ask(&s, "/staff/reviews/chosen", form);
	CHECK(done.status == 303 && done.wrote);
	assert_string_equal(done.location, "/staff/reviews?done=reviews_decided");
	for (size_t i = 0; i < 2; i++) {
		struct visit visit = see(&s, visits[i]);
		assert_int_equal(visit.state, VISIT_CANCELLED);
		CHECK(str_is(visit.end_reason, "Staff training"));
	}
	CHECK(count(&s, "SELECT COUNT(*) FROM visit_review WHERE state = 'OPEN'") == 0);
	done = ask(&s, "/staff/reviews/chosen", form); /* sent twice */
	CHECK(done.status == 303 && !done.wrote);
	site_close(&s);
}

static void several_visits_stay_and_those_of_another_prison_are_not_touched(void **state)
{
	(void)state;
	struct site s;
	struct reference visits[2];
	open_reviews(&s, visits);
	struct answer page = ask(&s, "/staff/reviews", NULL);
	const char *one = box(&s, &page, 0);
	sign_in(&s, "clerk@cardiff.example");
	struct answer other = ask(&s, "/staff/reviews/chosen",
				  joined(&s, one, "confirm=yes&decision=cancel&reason=Not+ours"));
	CHECK(!other.wrote && see(&s, visits[0]).state == VISIT_BOOKED);
	sign_in(&s, "clerk@wandsworth.example");
	struct answer done = ask(&s, "/staff/reviews/chosen",
				 "all=yes&confirm=yes&decision=keep&reason=In+the+other+room");
	CHECK(done.status == 303 && done.wrote);
	CHECK(see(&s, visits[0]).state == VISIT_BOOKED && see(&s, visits[1]).state == VISIT_BOOKED);
	CHECK(count(&s, "SELECT COUNT(*) FROM visit_review WHERE state = 'ACKNOWLEDGED'") == 2);
	page = ask(&s, "/staff/reviews?state=stays", NULL);
	check_buttons(&s, &page, SETTLED);
	site_close(&s);
}

/* A visit that has begun meanwhile can be cancelled no more: it stands there again, and why. */
static void what_cannot_be_decided_stands_there_again(void **state)
{
	(void)state;
	struct site s;
	struct reference visits[2];
	open_reviews(&s, visits);
	struct answer page = ask(&s, "/staff/reviews", NULL);
	const char *both = joined(&s, box(&s, &page, 0), box(&s, &page, 1));
	struct query q =
	    query_of(s.estate.service.store, "UPDATE visit SET state = 'LIVE', live_from = 1 WHERE "
					     "reference = ?1");
	query_text(&q, visits[0].text);
	CHECK(query_end(&q) == OK);
	struct answer done = ask(&s, "/staff/reviews/chosen",
				 joined(&s, both, "confirm=yes&decision=cancel&reason=Training"));
	CHECK(done.status == 422 && done.wrote && says(&done, "could not be decided so"));
	CHECK(says(&done, "It can no longer be cancelled") && says(&done, "You have chosen 1."));
	assert_int_equal(see(&s, visits[0]).state, VISIT_LIVE);
	assert_int_equal(see(&s, visits[1]).state, VISIT_CANCELLED);
	site_close(&s);
}

static void requests_are_approved_and_rejected_together(void **state)
{
	(void)state;
	struct site s;
	site_open(&s);
	alert(&s, "amina@family.example");
	struct reference asked = { 0 };
	struct actor amina = estate_family(&s.estate, "amina@family.example");
	struct contact contact = contact_of(&s, &amina);
	struct verdict verdict;
	struct visit_request request = { .prisoner = contact.prisoner.id,
					 .person_count = 1,
					 .persons = { contact.person.id },
					 .minutes = 30 };
	(void)local_to_wall(date_add_days(local_date(s.estate.service.now), 4), 600,
			    &request.start);
	CHECK(visit_book(&s.estate.service, &amina, &request, &verdict, &asked) == OK);
	CHECK(see(&s, asked).state == VISIT_REQUESTED);
	sign_in(&s, "clerk@wandsworth.example");
	struct answer page = ask(&s, "/staff/requests?cause=REVIEW_ALERT", NULL);
	const char *one = box(&s, &page, 0);
	assert_string_equal(one, arena_printf(&s.estate.arena, "item=%s", asked.text));
	struct answer look = ask(&s, "/staff/requests/chosen", one);
	CHECK(look.status == 200 && !look.wrote && says(&look, "Approve: the visit is booked"));
	struct answer done = ask(&s, "/staff/requests/chosen",
				 joined(&s, one, "confirm=yes&decision=approve&reason=Known"));
	CHECK(done.status == 303 && done.wrote);
	assert_int_equal(see(&s, asked).state, VISIT_BOOKED);
	site_close(&s);
}

/* What no reason overrules is said of the one whom it is about; the other is decided. */
static void a_request_that_must_not_be_is_not_approved_with_the_rest(void **state)
{
	(void)state;
	struct site s;
	site_open(&s);
	struct reference asked[2];
	for (size_t i = 0; i < 2; i++) {
		const char *const emails[] = { "amina@family.example", "farah@family.example" };
		struct actor family = estate_family(&s.estate, emails[i]);
		struct contact contact = contact_of(&s, &family);
		struct verdict verdict;
		struct visit_request request = { .prisoner = contact.prisoner.id,
						 .person_count = 1,
						 .persons = { contact.person.id },
						 .minutes = 30 };
		alert(&s, emails[i]);
		(void)local_to_wall(date_add_days(local_date(s.estate.service.now), 4),
				    600 + 60 * (int)i, &request.start);
		CHECK(visit_book(&s.estate.service, &family, &request, &verdict, &asked[i]) == OK);
	}
	struct query q =
	    query_of(s.estate.service.store,
		     "UPDATE contact SET state = 'REJECTED' WHERE prisoner = (SELECT prisoner FROM "
		     "visit WHERE reference = ?1)");
	query_text(&q, asked[0].text);
	CHECK(query_end(&q) == OK);
	sign_in(&s, "clerk@wandsworth.example");
	struct answer done =
	    ask(&s, "/staff/requests/chosen", "all=yes&confirm=yes&decision=approve&reason=Known");
	CHECK(done.status == 422 && says(&done, "could not be decided so"));
	CHECK(says(&done, see(&s, asked[0]).prisoner_number.text));
	CHECK(!says(&done, see(&s, asked[1]).prisoner_number.text));
	assert_int_equal(see(&s, asked[0]).state, VISIT_REQUESTED);
	assert_int_equal(see(&s, asked[1]).state, VISIT_BOOKED);
	site_close(&s);
}

/* Copies of a review, each as open as the first. */
static void a_long_list_shows_its_beginning_and_says_how_many_more(void **state)
{
	(void)state;
	struct site s;
	struct reference visits[2];
	open_reviews(&s, visits);
	for (int i = 0; i < MORE_THAN_FIT - 2; i++) {
		struct query q = query_of(
		    s.estate.service.store,
		    "INSERT INTO visit_review SELECT ?1, visit, event, issue || ?1, opened_at, "
		    "due_at, "
		    "state, reason, decided_by, decided_at FROM visit_review ORDER BY id LIMIT 1");
		query_int(&q, i + 1);
		CHECK(query_end(&q) == OK);
	}
	struct answer page = ask(&s, "/staff/reviews", NULL);
	CHECK(box(&s, &page, QUEUE_SHOWN_MAX - 1) && !box(&s, &page, QUEUE_SHOWN_MAX));
	CHECK(says(&page, "5 more are not shown."));
	site_close(&s);
}

/* Whether whoever has the visit open is told with this turn's commit. */
static bool is_told(const struct site *s, struct reference reference)
{
	for (size_t i = 0; i < s->web.live->changes_len; i++)
		if (strcmp(s->web.live->changes[i].reference.text, reference.text) == 0)
			return true;
	return false;
}

/* Together, or by itself: pages that show the visit are made anew. */
static void who_has_it_open_is_told_of_each_decision(void **state)
{
	(void)state;
	struct site s;
	struct reference visits[2];
	open_reviews(&s, visits);
	struct answer page = ask(&s, "/staff/reviews", NULL);
	const char *first = box(&s, &page, 0);
	CHECK(ask(&s, "/staff/reviews/chosen",
		  joined(&s, first, "confirm=yes&decision=keep&reason=Fine"))
		  .status == 303);
	const char *second = box(&s, &page, 1) + strlen("item=");
	CHECK(is_told(&s, visits[0]) && !is_told(&s, visits[1]));
	CHECK(ask(&s, arena_printf(&s.estate.arena, "/staff/reviews/%s", second), "reason=Fine")
		  .status == 303);
	CHECK(is_told(&s, visits[1]));
	alert(&s, "amina@family.example");
	struct actor amina = estate_family(&s.estate, "amina@family.example");
	struct contact contact = contact_of(&s, &amina);
	struct verdict verdict;
	struct reference asked = { 0 };
	struct visit_request request = { .prisoner = contact.prisoner.id,
					 .person_count = 1,
					 .persons = { contact.person.id },
					 .minutes = 30 };
	(void)local_to_wall(date_add_days(local_date(s.estate.service.now), 4), 600,
			    &request.start);
	CHECK(visit_book(&s.estate.service, &amina, &request, &verdict, &asked) == OK);
	const char *path = arena_printf(&s.estate.arena, "/staff/requests/%s", asked.text);
	CHECK(ask(&s, path, "decision=approve&reason=").status == 422 && !is_told(&s, asked));
	CHECK(ask(&s, path, "decision=approve&reason=Known").status == 303 && is_told(&s, asked));
	site_close(&s);
}

/* ---- who asks to visit ---- */

static enum contact_state state_of(struct site *s, const char *email)
{
	struct actor family = estate_family(&s->estate, email);
	return contact_of(s, &family).state;
}

/* Nobody is approved unseen: without photos, or before they are looked at, it stands there again. */
static void who_asks_to_visit_is_found_and_decided_on_together(void **state)
{
	(void)state;
	struct site s;
	site_open(&s);
	sign_in(&s, "contacts@wandsworth.example");
	struct answer page = ask(&s, "/staff/approvals?find=Ben+Read", NULL); /* Reed */
	const char *ben = box(&s, &page, 0);
	CHECK(ben != NULL && says(&page, "Ben Reed"));
	page = ask(&s, "/staff/approvals?find=Nobody", NULL);
	CHECK(says(&page, "Nothing here fits") && box(&s, &page, 0) == NULL);
	page = ask(&s, "/staff/approvals?cause=waits", NULL);
	CHECK(says(&page, "Ben Reed"));
	page = ask(&s, "/staff/approvals?cause=ready", NULL);
	CHECK(box(&s, &page, 0) == NULL && says(&page, ">Show all<"));
	page = ask(&s, "/staff/approvals/chosen", ben);
	CHECK(page.status == 200 && !page.wrote && says(&page, "Visitor: Ben Reed"));
	page = ask(&s, "/staff/approvals/chosen",
		   joined(&s, ben, "confirm=yes&decision=approve&reason="));
	CHECK(page.status == 422 && !page.wrote && says(&page, "none was sent"));
	send_photos(&s, "ben@family.example");
	sign_in(&s, "contacts@wandsworth.example");
	page = ask(&s, "/staff/approvals/chosen",
		   joined(&s, ben, "confirm=yes&decision=approve&reason="));
	CHECK(page.status == 422 && !page.wrote && says(&page, "look at them first"));
	page = ask(&s, "/staff/approvals/chosen",
		   joined(&s, ben, "confirm=yes&decision=reject&reason="));
	CHECK(page.status == 422 && !page.wrote && says(&page, "Enter a reason"));
	const char *reject = joined(&s, ben, "confirm=yes&decision=reject&reason=Not+known");
	sign_in(&s, "governor@wandsworth.example");
	page = ask(&s, "/staff/approvals/chosen", reject);
	CHECK(page.status == 303 && page.wrote);
	assert_int_equal(state_of(&s, "ben@family.example"), CONTACT_REJECTED);
	page = ask(&s, "/staff/approvals/chosen", reject); /* sent twice */
	CHECK(page.status == 303 && !page.wrote);
	site_close(&s);
}

/* Whose identity nobody asks for is approved with the rest; who only reads has no boxes. */
static void where_no_photos_are_needed_several_are_approved(void **state)
{
	(void)state;
	struct site s;
	struct effect_list effects;
	site_open(&s);
	struct actor admin = estate_staff(&s.estate, ROLE_PRISON_ADMIN, "WWI");
	struct policy_setting set = { .prison = { "WWI" },
				      .name = POLICY_IDENTITY_NEEDED,
				      .valid_from = s.estate.service.now,
				      .reason = STR("Seen at the gate") };
	CHECK(policy_set(&s.estate.service, &admin, &s.estate.arena, &set, &effects) == OK);
	sign_in(&s, "clerk@wandsworth.example");
	struct answer page = ask(&s, "/staff/approvals", NULL);
	CHECK(says(&page, "Ben Reed"));
	check_buttons(&s, &page, READS);
	sign_in(&s, "clerk@cardiff.example");
	page = ask(&s, "/staff/approvals", NULL);
	CHECK(!says(&page, "Ben Reed"));
	sign_in(&s, "governor@wandsworth.example");
	page = ask(&s, "/staff/approvals/chosen", "all=yes&find=Reed&confirm=yes&decision=approve");
	CHECK(page.status == 303 && page.wrote);
	assert_string_equal(page.location, "/staff/approvals?done=approvals_decided");
	assert_int_equal(state_of(&s, "ben@family.example"), CONTACT_APPROVED);
	site_close(&s);
}

/* ---- what prisoners ask for ---- */

static void what_prisoners_ask_for_is_answered_together(void **state)
{
	(void)state;
	struct site s;
	enum asking asking;
	struct effect_list effects;
	site_open(&s);
	struct estate *e = &s.estate;
	struct actor amina = estate_family(e, "amina@family.example");
	struct actor admin = estate_staff(e, ROLE_PRISON_ADMIN, "WWI");
	struct actor self = estate_terminal(e);
	struct contact contact = contact_of(&s, &amina);
	struct policy_setting set = { .prison = { "WWI" },
				      .name = POLICY_PRISONER_ASKS,
				      .value = PRISONER_ASKS_STAFF,
				      .valid_from = e->service.now,
				      .reason = STR("Test") };
	CHECK(policy_set(&e->service, &admin, &e->arena, &set, &effects) == OK);
	self.prisoner = contact.prisoner.id;
	CHECK(ask_for_visit(&e->service, &self, contact.person.id, &asking) == OK);
	assert_int_equal(asking, ASKING_OK);
	CHECK(ask_for_contact(&e->service, &self, STR("Ruth Okoro"), STR("sister")) == OK);
	CHECK(ask_for_contact(&e->service, &self, STR("Ivor Quill"), STR("friend")) == OK);

	sign_in(&s, "clerk@cardiff.example");
	struct answer page = ask(&s, "/staff/asks", NULL);
	CHECK(box(&s, &page, 0) == NULL);
	sign_in(&s, "clerk@wandsworth.example");
	page = ask(&s, "/staff/asks", NULL);
	CHECK(box(&s, &page, 2) != NULL && box(&s, &page, 3) == NULL);
	check_buttons(&s, &page, NULL);
	sign_in(&s, "monitor@wandsworth.example");
	page = ask(&s, "/staff/asks", NULL);
	check_buttons(&s, &page, READS);
	sign_in(&s, "clerk@wandsworth.example");
	page = ask(&s, "/staff/asks?cause=visit", NULL);
	CHECK(box(&s, &page, 0) != NULL && box(&s, &page, 1) == NULL && !says(&page, "Ruth Okoro"));
	page = ask(&s, "/staff/asks?find=Ivor+Quil", NULL);
	const char *ivor = box(&s, &page, 0);
	CHECK(ivor != NULL && box(&s, &page, 1) == NULL);
	page = ask(&s, "/staff/asks/chosen", joined(&s, ivor, "confirm=yes&decision=no&reason="));
	CHECK(page.status == 422 && !page.wrote && says(&page, "Enter a reason"));
	page = ask(&s, "/staff/asks/chosen",
		   joined(&s, ivor, "confirm=yes&decision=no&reason=Not+known"));
	CHECK(page.status == 303 && page.wrote);
	CHECK(count(&s, "SELECT COUNT(*) FROM contact_ask WHERE state = 'REFUSED'") == 1);
	/* No reason is needed to pass on what is left. */
	page = ask(&s, "/staff/asks/chosen", "all=yes&confirm=yes&decision=yes");
	CHECK(page.status == 303 && page.wrote);
	page = ask(&s, "/staff/asks", NULL);
	CHECK(says(&page, "No request waits for you."));
	struct visit_ask_list mine;
	CHECK(asks_mine(&e->service, &amina, &e->arena, &mine) == OK);
	assert_int_equal(mine.count, 1);
	site_close(&s);
}

/* ---- incidents ---- */

static void open_incidents(struct site *s, enum severity severity, enum incident_type type)
{
	struct estate *e = &s->estate;
	struct actor monitor = estate_staff(e, ROLE_MONITOR, "WWI");
	struct incident_id id;
	struct incident_new new = { .type = type, .severity = severity, .evidence = STR("Seen") };
	CHECK(incident_open(&e->service, &monitor, e->sample.joinable, &new, &id) == OK);
}

/* A visit that has begun, and what happened in it. */
static void incidents_scene(struct site *s)
{
	site_open(s);
	struct query q =
	    query_of(s->estate.service.store,
		     "UPDATE visit SET state = 'LIVE', lobby_at = 1, live_from = 1 WHERE "
		     "reference = ?1");
	query_text(&q, s->estate.sample.joinable.text);
	CHECK(query_end(&q) == OK);
	open_incidents(s, SEVERITY_LOW, INCIDENT_DRESS);
	open_incidents(s, SEVERITY_LOW, INCIDENT_CONDUCT);
	open_incidents(s, SEVERITY_HIGH, INCIDENT_THREAT);
}

static int64_t incidents_with(struct site *s, const char *outcome)
{
	return count(s,
		     arena_printf(&s->estate.arena,
				  "SELECT COUNT(*) FROM incident WHERE outcome = '%s'", outcome));
}

static void small_incidents_are_closed_together_and_grave_ones_by_the_governor(void **state)
{
	(void)state;
	struct site s;
	incidents_scene(&s);
	sign_in(&s, "monitor@wandsworth.example");
	struct answer page = ask(&s, "/staff/incidents", NULL);
	CHECK(box(&s, &page, 2) != NULL && box(&s, &page, 3) == NULL);
	page = ask(&s, "/staff/incidents?cause=HIGH", NULL);
	const char *grave = box(&s, &page, 0);
	CHECK(grave != NULL && box(&s, &page, 1) == NULL && says(&page, "A threat"));
	page = ask(&s, "/staff/incidents?cause=DRESS", NULL);
	CHECK(box(&s, &page, 0) != NULL && box(&s, &page, 1) == NULL);
	page = ask(&s, "/staff/incidents/chosen",
		   joined(&s, grave, "confirm=yes&decision=report&reason=To+security"));
	CHECK(page.status == 422 && !page.wrote && says(&page, "The duty governor decides this"));
	page = ask(&s, "/staff/incidents/chosen", "all=yes&cause=LOW&confirm=yes&decision=nothing");
	CHECK(page.status == 422 && !page.wrote && says(&page, "Enter a reason"));
	page = ask(&s, "/staff/incidents/chosen",
		   "all=yes&cause=LOW&confirm=yes&decision=nothing&reason=Spoken+to");
	CHECK(page.status == 303 && page.wrote);
	CHECK(incidents_with(&s, "NONE") == 2 && incidents_with(&s, "SECURITY_REPORT") == 0);
	/* They stay in the list, without a box; nothing of them is decided again. */
	page = ask(&s, "/staff/incidents?cause=NONE", NULL);
	CHECK(says(&page, "Dress"));
	check_buttons(&s, &page, SETTLED);
	page = ask(&s, "/staff/incidents", NULL); /* beside those that wait */
	CHECK(says(&page, "<div>Decided") && box(&s, &page, 1) == NULL);
	check_buttons(&s, &page, NULL);
	sign_in(&s, "governor@wandsworth.example");
	page = ask(&s, "/staff/incidents/chosen",
		   "all=yes&confirm=yes&decision=report&reason=To+security");
	CHECK(page.status == 303 && page.wrote);
	CHECK(incidents_with(&s, "NONE") == 2 && incidents_with(&s, "SECURITY_REPORT") == 1);
	page = ask(&s, "/staff/incidents", NULL);
	check_buttons(&s, &page, SETTLED);
	/* Nor from a page that was open before: it says that there is nothing. */
	page = ask(&s, "/staff/incidents/chosen", "all=yes");
	CHECK(page.status == 422 && !page.wrote && says(&page, "Choose at least one incident"));
	check_buttons(&s, &page, SETTLED);
	site_close(&s);
}

static void inspectors_find_in_the_incidents_of_a_prison_and_decide_nothing(void **state)
{
	(void)state;
	struct site s;
	incidents_scene(&s);
	sign_in(&s, "inspector@hq.example");
	struct answer page = ask(&s, "/staff/incidents?prison=WWI&cause=DRESS", NULL);
	CHECK(page.status == 200 && says(&page, "name=\"prison\" value=\"WWI\""));
	CHECK(says(&page, "href=\"/staff/incidents?prison=WWI\">Show all<"));
	CHECK(says(&page, "Dress"));
	check_buttons(&s, &page, READS);
	page = ask(&s, "/staff/incidents?prison=LEI", NULL);
	CHECK(!says(&page, "Dress") && says(&page, "There are no incidents"));
	CHECK(!says(&page, READS)); /* there is nothing to be decided */
	site_close(&s);
}

/* ---- hints ---- */

static void several_hints_are_answered_at_once(void **state)
{
	(void)state;
	struct site s;
	struct visit visit;
	struct effect_list effects;
	site_open(&s);
	struct estate *e = &s.estate;
	struct actor admin = estate_staff(e, ROLE_PRISON_ADMIN, "WWI");
	CHECK(visit_find(&e->service, &SYSTEM_ACTOR, &e->arena, e->sample.joinable, &visit) == OK);
	struct policy_setting set = { .prison = visit.prison,
				      .name = POLICY_HINTS_ON,
				      .value = 1,
				      .valid_from = e->service.now,
				      .reason = STR("Test") };
	CHECK(policy_set(&e->service, &admin, &e->arena, &set, &effects) == OK);
	const struct hint_note notes[] = {
		{ .visit = visit.id, .end = 0, .kind = HINT_COVERED, .on = true },
		{ .visit = visit.id, .end = 1, .kind = HINT_COVERED, .on = true },
		{ .visit = visit.id, .end = 1, .kind = HINT_NOBODY, .on = true },
	};
	for (size_t i = 0; i < ARRAY_LEN(notes); i++) {
		enum hint_made made;
		CHECK(hint_make(&e->service, &SYSTEM_ACTOR, &notes[i], &made) == OK);
		assert_int_equal(made, HINT_NEW);
	}
	sign_in(&s, "clerk@wandsworth.example");
	struct answer page = ask(&s, "/staff/hints", NULL);
	CHECK(says(&page, "may be covered") && box(&s, &page, 0) == NULL);
	sign_in(&s, "monitor@wandsworth.example");
	page = ask(&s, "/staff/hints?cause=COVERED", NULL);
	const char *one = box(&s, &page, 0);
	CHECK(box(&s, &page, 1) != NULL && box(&s, &page, 2) == NULL);
	CHECK(says(&page, "form=\"chosen\""));
	page = ask(&s, "/staff/hints/chosen", joined(&s, one, "confirm=yes&decision=maybe"));
	CHECK(page.status == 422 && !page.wrote && !says(&page, "name=\"reason\""));
	page = ask(&s, "/staff/hints/chosen", "all=yes&cause=COVERED&confirm=yes&decision=wrong");
	CHECK(page.status == 303 && page.wrote);
	CHECK(count(&s, "SELECT COUNT(*) FROM hint WHERE answer = 'WRONG'") == 2);
	page = ask(&s, "/staff/hints/chosen", joined(&s, one, "confirm=yes&decision=right"));
	CHECK(page.status == 303 && !page.wrote); /* the first answer stands */
	site_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(one_finds_in_a_list_with_a_letter_wrong),
		TEST(nothing_is_decided_before_the_look),
		TEST(several_visits_are_cancelled_with_one_reason),
		TEST(several_visits_stay_and_those_of_another_prison_are_not_touched),
		TEST(what_cannot_be_decided_stands_there_again),
		TEST(requests_are_approved_and_rejected_together),
		TEST(a_request_that_must_not_be_is_not_approved_with_the_rest),
		TEST(who_has_it_open_is_told_of_each_decision),
		TEST(who_asks_to_visit_is_found_and_decided_on_together),
		TEST(where_no_photos_are_needed_several_are_approved),
		TEST(what_prisoners_ask_for_is_answered_together),
		TEST(small_incidents_are_closed_together_and_grave_ones_by_the_governor),
		TEST(inspectors_find_in_the_incidents_of_a_prison_and_decide_nothing),
		TEST(several_hints_are_answered_at_once),
		TEST(a_long_list_shows_its_beginning_and_says_how_many_more),
	};
	return RUN("web/queue", tests);
}
