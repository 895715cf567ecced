/*
 * Staff's lists of work: finding in them, and deciding on several at once after a look.
 */
#include "site.h"

#include "service/booking.h"
#include "service/safeguard.h"
#include "service/timetable.h"
#include "store/query.h"
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
		TEST(a_long_list_shows_its_beginning_and_says_how_many_more),
	};
	return RUN("web/queue", tests);
}
