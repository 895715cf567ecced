/*
 * What stands before a visitor and who can see to it, as the pages tell it: held against what the
 * use-cases do, role by role and fact by fact.
 */
#include "service/approval.h"

#include "base/assert.h"
#include "service/booking.h"
#include "service/identity.h"
#include "service/request.h"
#include "service/safeguard.h"
#include "tests/store/estate.h"

struct scene {
	struct estate e;
	uint8_t key[PICTURE_KEY_LEN];
	struct actor ben, amina, authoriser, governor;
	struct contact request;  /* of Ben, 60, who waits */
	struct contact approved; /* of Amina */
	struct contact child;    /* of hers, for the same prisoner */
};

static struct contact of(struct scene *s, const struct actor *family, size_t at)
{
	struct contact_list mine;
	CHECK(contacts_mine(&s->e.service, family, &s->e.arena, &mine) == OK && mine.count > at);
	return mine.list[at];
}

static void scene_open(struct scene *s)
{
	*s = (struct scene){ 0 };
	estate_open(&s->e);
	s->e.service.picture_key = s->key;
	s->ben = estate_family(&s->e, "ben@family.example");
	s->amina = estate_family(&s->e, "amina@family.example");
	s->authoriser = estate_staff(&s->e, ROLE_CONTACTS_AUTHORISER, "WWI");
	s->governor = estate_staff(&s->e, ROLE_DUTY_GOVERNOR, "WWI");
	s->request = of(s, &s->ben, 0);
	s->approved = of(s, &s->amina, 0);
	s->child = of(s, &s->amina, 1);
}

static struct contact_outlook outlook(struct scene *s, const struct contact *contact)
{
	struct contact_outlook out;
	CHECK(contact_outlook_find(&s->e.service, &s->authoriser, &s->e.arena, contact, &out) ==
	      OK);
	return out;
}

/* What comes of an approval by somebody who has not seen who they are. */
static enum err approve(struct scene *s, bool *missing)
{
	struct contact_decision decision = { .to = CONTACT_APPROVED };
	return contact_decide_by(&s->e.service, &s->authoriser, s->request.id, &decision, missing);
}

static struct restriction_id restrict_them(struct scene *s, const struct contact *contact,
					   enum restriction_code code)
{
	struct restriction_id id;
	struct restriction_new new = { .on = RESTRICTION_ON_PAIR,
				       .code = code,
				       .prisoner = contact->prisoner.id,
				       .person = contact->person.id,
				       .comment = STR("From the file"),
				       .authorised_by = STR("Helen Frost") };
	CHECK(restriction_add(&s->e.service, &s->governor, &new, &id) == OK);
	return id;
}

static void send_photos(struct scene *s)
{
	struct identity_upload upload = { .person = s->request.person.id,
					  .jpeg = bytes_from_text("a photo") };
	CHECK(identity_put(&s->e.service, &s->ben, &upload) == OK);
	upload.picture = IDENTITY_PORTRAIT;
	CHECK(identity_put(&s->e.service, &s->ben, &upload) == OK);
	CHECK(identity_send(&s->e.service, &s->ben, upload.person) == OK);
}

static void what_is_told_is_what_stops_the_decision(void **state)
{
	(void)state;
	struct scene s;
	bool missing;
	const unsigned identity = CONTACT_STOP_BIT(CONTACT_STOP_IDENTITY),
		       barred = CONTACT_STOP_BIT(CONTACT_STOP_BARRED);
	scene_open(&s);
	assert_int_equal(outlook(&s, &s.request).stops, identity);
	CHECK(approve(&s, &missing) == OK && missing);
	struct restriction_id order = restrict_them(&s, &s.request, RESTRICTION_NO_CONTACT);
	assert_int_equal(outlook(&s, &s.request).stops, identity | barred);
	CHECK(verdict_has(outlook(&s, &s.request).visits, BOOKING_NO_CONTACT));
	CHECK(approve(&s, &missing) == ERR_DENIED);
	send_photos(&s);
	assert_int_equal(outlook(&s, &s.request).stops, barred);
	CHECK(approve(&s, &missing) == ERR_DENIED);
	CHECK(restriction_end(&s.e.service, &s.governor, order, STR("Lifted")) == OK);
	assert_int_equal(outlook(&s, &s.request).stops, 0);
	CHECK(approve(&s, &missing) == OK && !missing);
	s.request = of(&s, &s.ben, 0);
	assert_int_equal(outlook(&s, &s.request).stops, CONTACT_STOP_BIT(CONTACT_STOP_STATE));
	CHECK(approve(&s, &missing) == ERR_CONFLICT);
	estate_close(&s.e);
}

/* Of the next week, when nothing else speaks against it; at another hour each time. */
static struct verdict book(struct scene *s, size_t party, int hour)
{
	struct verdict verdict;
	struct reference reference;
	struct visit_request wish = { .prisoner = s->approved.prisoner.id,
				      .person_count = party,
				      .persons = { s->approved.person.id, s->child.person.id },
				      .minutes = 30 };
	struct date day = date_add_days(local_date(s->e.service.now), 4);
	(void)local_to_wall(day, hour * 60, &wish.start);
	CHECK(visit_book(&s->e.service, &s->amina, &wish, &verdict, &reference) == OK);
	return verdict;
}

static void check_said(struct scene *s, const struct contact *contact, enum booking issue, int hour)
{
	struct verdict verdict = book(s, contact == &s->child ? 2 : 1, hour);
	CHECK((verdict.no | verdict.review) >> issue & 1U);
	CHECK(verdict_has(outlook(s, contact).visits, issue));
}

static void what_visits_will_wait_for_is_what_booking_says(void **state)
{
	(void)state;
	struct scene s;
	struct alert_id id;
	scene_open(&s);
	CHECK(verdict_first(outlook(&s, &s.approved).visits) == BOOKING_OK);
	CHECK(verdict_first(outlook(&s, &s.child).visits) == BOOKING_OK);
	struct alert_new alert = { .prisoner = s.approved.prisoner.id, .comment = STR("Noted") };
	CHECK(alert_code_of(STR("RDV"), &alert.code));
	CHECK(alert_add(&s.e.service, &s.governor, &alert, &id) == OK);
	check_said(&s, &s.approved, BOOKING_REVIEW_ALERT, 10);
	(void)restrict_them(&s, &s.child, RESTRICTION_CHILD);
	check_said(&s, &s.child, BOOKING_REVIEW_CHILD, 11);
	CHECK(!verdict_has(outlook(&s, &s.approved).visits, BOOKING_REVIEW_CHILD)); /* no child */
	const struct child_new refused = { .prisoner = s.child.prisoner.id,
					   .child = s.child.person.id,
					   .level = CHILD_REFUSED,
					   .review_on =
					       date_add_days(local_date(s.e.service.now), 99),
					   .reason = STR("As advised") };
	CHECK(child_decide(&s.e.service, &s.governor, &refused) == OK);
	check_said(&s, &s.child, BOOKING_CHILD_REFUSED, 13);
	CHECK(source_set(&s.e.service, &SYSTEM_ACTOR, SOURCE_ALERTS, SOURCE_DOWN,
			 STR("No answer")) == OK);
	check_said(&s, &s.approved, BOOKING_REVIEW_SOURCE, 14);
	(void)restrict_them(&s, &s.approved, RESTRICTION_BAN);
	check_said(&s, &s.approved, BOOKING_BANNED, 15);
	estate_close(&s.e);
}

/* ---- who ---- */

/* Whether that role is let in: the answer to something that is not there, or not as it should be. */
typedef enum err (*attempt)(struct scene *, const struct actor *);

static enum err try_contact(struct scene *s, const struct actor *actor)
{
	struct contact_decision decision = { .to = CONTACT_APPROVED };
	bool missing;
	return contact_decide_by(&s->e.service, actor, (struct contact_id){ 1 }, &decision,
				 &missing);
}

static enum err try_child(struct scene *s, const struct actor *actor)
{
	return child_decide(&s->e.service, actor, &(struct child_new){ 0 });
}

static enum err try_request(struct scene *s, const struct actor *actor)
{
	return request_reject(&s->e.service, actor, (struct reference){ "00000000" }, STR("No"));
}

static enum err try_ban(struct scene *s, const struct actor *actor)
{
	struct restriction_id id;
	struct restriction_new new = { .on = RESTRICTION_ON_PAIR, .code = RESTRICTION_BAN };
	return restriction_add(&s->e.service, actor, &new, &id);
}

static enum err try_order(struct scene *s, const struct actor *actor)
{
	struct restriction_id id;
	struct restriction_new new = { .on = RESTRICTION_ON_PAIR, .code = RESTRICTION_NO_CONTACT };
	return restriction_add(&s->e.service, actor, &new, &id);
}

static void who_is_named_is_who_may(void **state)
{
	(void)state;
	struct scene s;
	const struct {
		unsigned roles;
		attempt attempt;
	} CASES[] = {
		{ contact_deciders(), try_contact },
		{ contact_stop_deciders(CONTACT_STOP_IDENTITY), try_contact },
		{ contact_stop_deciders(CONTACT_STOP_BARRED), try_order },
		{ contact_visit_deciders(BOOKING_NO_CONTACT), try_order },
		{ contact_visit_deciders(BOOKING_BANNED), try_ban },
		{ contact_visit_deciders(BOOKING_CHILD_REFUSED), try_child },
		{ contact_visit_deciders(BOOKING_REVIEW_CHILD), try_child },
		{ contact_visit_deciders(BOOKING_REVIEW_ALERT), try_request },
		{ contact_visit_deciders(BOOKING_REVIEW_VISITOR), try_request },
		{ contact_visit_deciders(BOOKING_REVIEW_PRISONER), try_request },
		{ contact_visit_deciders(BOOKING_REVIEW_SOURCE), try_request },
	};
	scene_open(&s);
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++)
		for (unsigned r = 0; r < ROLE_COUNT; r++) {
			if (!role_is_staff((enum role)r))
				continue;
			struct actor actor = estate_staff(&s.e, (enum role)r, "WWI");
			bool let_in = CASES[i].attempt(&s, &actor) != ERR_DENIED;
			assert_int_equal(let_in, CASES[i].roles >> r & 1U);
		}
	assert_int_equal(contact_visit_deciders(BOOKING_PRISONER_AWAY), 0);
	estate_close(&s.e);
}

static void it_is_told_to_staff_of_that_prison(void **state)
{
	(void)state;
	struct scene s;
	struct contact_outlook out;
	scene_open(&s);
	struct actor clerk = estate_staff(&s.e, ROLE_VISITS_CLERK, "WWI"),
		     leeds = estate_staff(&s.e, ROLE_CONTACTS_AUTHORISER, "LEI");
	struct service *service = &s.e.service;
	struct arena *arena = &s.e.arena;
	CHECK(contact_outlook_find(service, &clerk, arena, &s.request, &out) == OK);
	CHECK(contact_outlook_find(service, &leeds, arena, &s.request, &out) == ERR_NOT_FOUND);
	CHECK(contact_outlook_find(service, &s.ben, arena, &s.request, &out) == ERR_DENIED);
	estate_close(&s.e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_told_is_what_stops_the_decision),
		TEST(what_visits_will_wait_for_is_what_booking_says),
		TEST(who_is_named_is_who_may),
		TEST(it_is_told_to_staff_of_that_prison),
	};
	return RUN("service/approval", tests);
}
