#include "service/identity.h"

#include "store/identity.h"
#include "store/query.h"
#include "tests/store/estate.h"
#include "tests/store/promises.h"

enum {
	DAY = 24 * 60 * 60,
};

/* Ben Reed, 60, waits for Wandsworth's answer; Amina Okoro's is given. */
struct story {
	struct estate e;
	uint8_t key[PICTURE_KEY_LEN];
	struct actor ben;
	struct actor amina;
	struct actor authoriser;
	struct actor clerk;
	struct actor leeds;
	struct contact contact;
};

static void story_open(struct story *s)
{
	*s = (struct story){ 0 };
	estate_open(&s->e);
	memset(s->key, 7, sizeof(s->key));
	s->e.service.picture_key = s->key;
	s->ben = estate_family(&s->e, "ben@family.example");
	s->amina = estate_family(&s->e, "amina@family.example");
	s->authoriser = estate_staff(&s->e, ROLE_CONTACTS_AUTHORISER, "WWI");
	s->clerk = estate_staff(&s->e, ROLE_VISITS_CLERK, "WWI");
	s->leeds = estate_staff(&s->e, ROLE_CONTACTS_AUTHORISER, "LEI");
	struct contact_list mine;
	CHECK(contacts_mine(&s->e.service, &s->ben, &s->e.arena, &mine) == OK && mine.count == 1);
	s->contact = mine.list[0];
}

static enum err put(struct story *s, enum identity_picture picture, const char *jpeg)
{
	struct identity_upload upload = { .person = s->contact.person.id,
					  .picture = picture,
					  .document = IDENTITY_DRIVING_LICENCE,
					  .jpeg = bytes_from_text(jpeg) };
	return identity_put(&s->e.service, &s->ben, &upload);
}

static struct identity_mine mine(struct story *s)
{
	struct identity_mine m = { 0 };
	CHECK(identity_mine_find(&s->e.service, &s->ben, &s->e.arena, s->contact.person.id, &m) ==
	      OK);
	return m;
}

static void send_both(struct story *s)
{
	CHECK(put(s, IDENTITY_DOCUMENT, "licence") == OK);
	CHECK(put(s, IDENTITY_PORTRAIT, "face") == OK);
	CHECK(identity_send(&s->e.service, &s->ben, s->contact.person.id) == OK);
}

static enum err look(struct story *s, const struct actor *actor, enum identity_picture picture,
		     const char *expected)
{
	struct bytes jpeg = { 0 };
	enum err err =
	    identity_look(&s->e.service, actor, &s->e.arena, s->contact.id, picture, &jpeg);
	CHECK(err != OK || bytes_equal(jpeg, bytes_from_text(expected)));
	return err;
}

static enum err decide(struct story *s, struct contact_decision decision, bool *missing)
{
	return contact_decide_by(&s->e.service, &s->authoriser, s->contact.id, &decision, missing);
}

static size_t erase_all(struct story *s)
{
	size_t count = 0;
	bool done = true;
	while (done) {
		CHECK(identity_erase_due(&s->e.service, &SYSTEM_ACTOR, &done) == OK);
		count += done;
	}
	return count;
}

static void photos_are_gathered_sent_seen_and_verified(void **state)
{
	(void)state;
	struct story s;
	bool missing;
	story_open(&s);
	CHECK(mine(&s).wanted && !mine(&s).begun);
	CHECK(put(&s, IDENTITY_PORTRAIT, "first face") == OK);
	CHECK(mine(&s).identity.state == IDENTITY_DRAFT);
	CHECK(identity_send(&s.e.service, &s.ben, s.contact.person.id) == ERR_CONFLICT);
	CHECK(look(&s, &s.authoriser, IDENTITY_PORTRAIT, "") == ERR_NOT_FOUND); /* not sent */
	send_both(&s);
	CHECK(mine(&s).identity.state == IDENTITY_SENT);
	CHECK(mine(&s).identity.document == IDENTITY_DRIVING_LICENCE);
	CHECK(put(&s, IDENTITY_PORTRAIT, "another") == ERR_CONFLICT);
	CHECK(identity_send(&s.e.service, &s.ben, s.contact.person.id) == ERR_CONFLICT);
	int64_t leaves = estate_leaves(&s.e);
	CHECK(look(&s, &s.authoriser, IDENTITY_DOCUMENT, "licence") == OK);
	CHECK(look(&s, &s.authoriser, IDENTITY_PORTRAIT, "face") == OK);
	CHECK(estate_leaves(&s.e) == leaves + 2);
	CHECK(decide(&s, (struct contact_decision){ .to = CONTACT_APPROVED }, &missing) == OK);
	CHECK(!missing && mine(&s).identity.state == IDENTITY_VERIFIED);
	CHECK(look(&s, &s.authoriser, IDENTITY_DOCUMENT, "") == ERR_NOT_FOUND); /* decided */
	estate_close(&s.e);
}

static void only_who_decides_there_sees_them_and_the_owner(void **state)
{
	(void)state;
	struct story s;
	struct bytes jpeg;
	story_open(&s);
	send_both(&s);
	CHECK(look(&s, &s.clerk, IDENTITY_DOCUMENT, "") == ERR_DENIED);
	CHECK(look(&s, &s.ben, IDENTITY_DOCUMENT, "") == ERR_DENIED);
	CHECK(look(&s, &s.leeds, IDENTITY_DOCUMENT, "") == ERR_NOT_FOUND);
	CHECK(identity_ask_again(&s.e.service, &s.leeds, s.contact.id, 1, IDENTITY_UNCLEAR) ==
	      ERR_NOT_FOUND);
	CHECK(identity_ask_again(&s.e.service, &s.clerk, s.contact.id, 1, IDENTITY_UNCLEAR) ==
	      ERR_DENIED);
	CHECK(identity_own_picture(&s.e.service, &s.ben, &s.e.arena, s.contact.person.id,
				   IDENTITY_PORTRAIT, &jpeg) == OK);
	CHECK(bytes_equal(jpeg, bytes_from_text("face")));
	CHECK(identity_own_picture(&s.e.service, &s.amina, &s.e.arena, s.contact.person.id,
				   IDENTITY_PORTRAIT, &jpeg) == ERR_NOT_FOUND);
	struct identity_upload theirs = { .person = s.contact.person.id,
					  .jpeg = bytes_from_text("x") };
	CHECK(identity_put(&s.e.service, &s.amina, &theirs) == ERR_NOT_FOUND);
	CHECK(identity_send(&s.e.service, &s.amina, s.contact.person.id) == ERR_NOT_FOUND);
	estate_close(&s.e);
}

static void one_picture_is_asked_for_again_and_comes_alone(void **state)
{
	(void)state;
	struct story s;
	story_open(&s);
	send_both(&s);
	CHECK(identity_ask_again(&s.e.service, &s.authoriser, s.contact.id, 0, IDENTITY_UNCLEAR) ==
	      ERR_BAD);
	CHECK(identity_ask_again(&s.e.service, &s.authoriser, s.contact.id, 4, IDENTITY_UNCLEAR) ==
	      ERR_BAD);
	CHECK(identity_ask_again(&s.e.service, &s.authoriser, s.contact.id, 1, IDENTITY_FINE) ==
	      ERR_BAD);
	CHECK(identity_ask_again(&s.e.service, &s.authoriser, s.contact.id,
				 IDENTITY_BIT(IDENTITY_DOCUMENT), IDENTITY_OUT_OF_DATE) == OK);
	CHECK(identity_ask_again(&s.e.service, &s.authoriser, s.contact.id, 1, IDENTITY_UNCLEAR) ==
	      ERR_CONFLICT);
	struct identity_mine m = mine(&s);
	CHECK(m.identity.state == IDENTITY_ASKED_AGAIN && m.identity.asked == 1);
	CHECK(m.identity.problem == IDENTITY_OUT_OF_DATE);
	CHECK(look(&s, &s.authoriser, IDENTITY_PORTRAIT, "") == ERR_NOT_FOUND); /* back with Ben */
	CHECK(put(&s, IDENTITY_PORTRAIT, "another") == ERR_CONFLICT);
	s.e.service.now = wall_add_s(s.e.service.now, 3 * DAY);
	CHECK(put(&s, IDENTITY_DOCUMENT, "new licence") == OK);
	m = mine(&s);
	CHECK(m.identity.state == IDENTITY_SENT && m.identity.sent_at.s == s.e.service.now.s);
	CHECK(look(&s, &s.authoriser, IDENTITY_DOCUMENT, "new licence") == OK);
	CHECK(look(&s, &s.authoriser, IDENTITY_PORTRAIT, "face") == OK);
	/* The clock of the answer begins anew: Thursday 26 November and five working days. */
	struct identity_case c;
	CHECK(identity_case_find(&s.e.service, &s.authoriser, &s.contact, &c) == OK);
	CHECK(c.due.s == local_midnight((struct date){ 2026, 12, 4 }).s);
	estate_close(&s.e);
}

static void nobody_is_approved_unseen(void **state)
{
	(void)state;
	struct story s;
	bool missing;
	story_open(&s);
	CHECK(decide(&s, (struct contact_decision){ .to = CONTACT_APPROVED }, &missing) == OK);
	CHECK(missing);
	CHECK(put(&s, IDENTITY_PORTRAIT, "face") == OK); /* half of it counts for nothing */
	CHECK(decide(&s, (struct contact_decision){ .to = CONTACT_APPROVED }, &missing) == OK);
	CHECK(missing);
	CHECK(
	    decide(&s,
		   (struct contact_decision){ .to = CONTACT_APPROVED, .why = CONTACT_WHY_IDENTITY },
		   &missing) == ERR_BAD);
	CHECK(decide(&s, (struct contact_decision){ .to = CONTACT_APPROVED, .identity_seen = true },
		     &missing) == OK);
	CHECK(!missing);
	estate_close(&s.e);
}

static void a_rejection_for_identity_ends_it_and_it_can_be_shown_anew(void **state)
{
	(void)state;
	struct story s;
	bool missing;
	story_open(&s);
	send_both(&s);
	struct contact_decision no = { .to = CONTACT_REJECTED,
				       .reason = STR("Not the man on the licence"),
				       .why = CONTACT_WHY_IDENTITY };
	CHECK(decide(&s, no, &missing) == OK && !missing);
	CHECK(mine(&s).identity.state == IDENTITY_REJECTED && !mine(&s).wanted);
	struct contact_list all;
	CHECK(contacts_mine(&s.e.service, &s.ben, &s.e.arena, &all) == OK);
	CHECK(all.list[0].why == CONTACT_WHY_IDENTITY && str_empty(all.list[0].reason));
	CHECK(put(&s, IDENTITY_DOCUMENT, "x") == ERR_DENIED); /* nobody asks */
	struct bytes jpeg;
	CHECK(identity_own_picture(&s.e.service, &s.ben, &s.e.arena, s.contact.person.id,
				   IDENTITY_PORTRAIT, &jpeg) == ERR_NOT_FOUND);
	struct contact_request again = { .prisoner_number = STR("A2345CD"),
					 .prisoner_name = STR("Thomas Reed"),
					 .prisoner_born = { 1992, 9, 3 },
					 .person = s.contact.person.id,
					 .relationship = STR("father") };
	enum contact_answer answer;
	struct contact_id id;
	CHECK(contact_request(&s.e.service, &s.ben, &again, &answer, &id) == OK);
	CHECK(answer == CONTACT_ANSWER_ASKED);
	send_both(&s);
	CHECK(decide(&s, (struct contact_decision){ .to = CONTACT_APPROVED }, &missing) == OK);
	CHECK(!missing && mine(&s).identity.state == IDENTITY_VERIFIED);
	estate_close(&s.e);
}

/* Zara is 9: whatever her mother sends, nothing is taken. */
static void a_child_is_asked_for_nothing(void **state)
{
	(void)state;
	struct story s;
	struct person_new child = { STR("Tom Reed"), { 2017, 1, 9 } };
	struct contact_request ask = { .prisoner_number = STR("A2345CD"),
				       .prisoner_name = STR("Thomas Reed"),
				       .prisoner_born = { 1992, 9, 3 },
				       .relationship = STR("son") };
	enum contact_answer answer;
	bool missing;
	story_open(&s);
	CHECK(person_add(&s.e.service, &s.ben, &child, &ask.person) == OK);
	CHECK(contact_request(&s.e.service, &s.ben, &ask, &answer, &s.contact.id) == OK);
	struct identity_mine m;
	CHECK(identity_mine_find(&s.e.service, &s.ben, &s.e.arena, ask.person, &m) == OK);
	CHECK(!m.wanted);
	struct identity_upload upload = { .person = ask.person,
					  .picture = IDENTITY_PORTRAIT,
					  .jpeg = bytes_from_text("face") };
	CHECK(identity_put(&s.e.service, &s.ben, &upload) == ERR_DENIED);
	CHECK(decide(&s, (struct contact_decision){ .to = CONTACT_APPROVED }, &missing) == OK);
	CHECK(!missing);
	CHECK(!policy_value_acceptable(POLICY_IDENTITY_AGE, 9));
	estate_close(&s.e);
}

static void pictures_are_erased_when_their_time_is_over(void **state)
{
	(void)state;
	struct story s;
	bool missing, kept = false;
	story_open(&s);
	send_both(&s);
	CHECK(erase_all(&s) == 0);
	CHECK(identity_erase_due(&s.e.service, &s.authoriser, &missing) == ERR_DENIED);
	CHECK(decide(&s, (struct contact_decision){ .to = CONTACT_APPROVED }, &missing) == OK);
	s.e.service.now = wall_add_s(s.e.service.now, 14 * DAY - 1);
	CHECK(erase_all(&s) == 0);
	s.e.service.now.s += 1;
	int64_t leaves = estate_leaves(&s.e);
	CHECK(erase_all(&s) == 1); /* the document */
	CHECK(estate_leaves(&s.e) == leaves + 1);
	CHECK(mine(&s).identity.held == IDENTITY_BIT(IDENTITY_PORTRAIT));
	CHECK(identity_portrait_kept(&s.e.service, s.contact.person.id, &kept) == OK && kept);
	s.e.service.now = wall_add_s(s.e.service.now, 351 * DAY);
	CHECK(erase_all(&s) == 1);
	CHECK(mine(&s).identity.state == IDENTITY_EXPIRED && mine(&s).identity.held == 0);
	CHECK(identity_portrait_kept(&s.e.service, s.contact.person.id, &kept) == OK && !kept);
	CHECK(number(s.e.service.store, "SELECT COUNT(*) FROM identity_picture") == 0);
	estate_close(&s.e);
}

static void what_is_never_sent_or_never_decided_does_not_stay(void **state)
{
	(void)state;
	struct story s;
	story_open(&s);
	CHECK(put(&s, IDENTITY_PORTRAIT, "face") == OK);
	s.e.service.now = wall_add_s(s.e.service.now, 28 * DAY);
	CHECK(erase_all(&s) == 1);
	CHECK(mine(&s).identity.state == IDENTITY_DRAFT && mine(&s).identity.held == 0);
	send_both(&s);
	s.e.service.now = wall_add_s(s.e.service.now, 90 * DAY - 1);
	CHECK(erase_all(&s) == 0);
	s.e.service.now.s += 1;
	CHECK(erase_all(&s) == 2);
	CHECK(mine(&s).identity.state == IDENTITY_EXPIRED);
	CHECK(put(&s, IDENTITY_PORTRAIT, "face") == OK); /* from the start */
	CHECK(mine(&s).identity.state == IDENTITY_DRAFT);
	estate_close(&s.e);
}

static void the_database_holds_no_picture_that_opens_without_the_key(void **state)
{
	(void)state;
	struct story s;
	struct bytes sealed, jpeg;
	story_open(&s);
	send_both(&s);
	CHECK(store_picture_find(s.e.service.store, &s.e.arena, s.contact.person.id,
				 IDENTITY_PORTRAIT, &sealed) == OK);
	CHECK(memmem(sealed.at, sealed.len, "face", 4) == NULL);
	s.key[3] ^= 1;
	CHECK(look(&s, &s.authoriser, IDENTITY_PORTRAIT, "") == ERR_CRYPTO);
	s.key[3] ^= 1;
	/* Nor does one open as another, or for somebody else. */
	CHECK(store_picture_put(s.e.service.store, s.contact.person.id, IDENTITY_DOCUMENT, sealed,
				s.e.service.now, s.e.service.now) == OK);
	CHECK(identity_own_picture(&s.e.service, &s.ben, &s.e.arena, s.contact.person.id,
				   IDENTITY_DOCUMENT, &jpeg) == ERR_CRYPTO);
	s.e.service.picture_key = NULL;
	CHECK(look(&s, &s.authoriser, IDENTITY_PORTRAIT, "") == ERR_CRYPTO);
	CHECK(put(&s, IDENTITY_PORTRAIT, "x") == ERR_CRYPTO);
	estate_close(&s.e);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(photos_are_gathered_sent_seen_and_verified),
		TEST(only_who_decides_there_sees_them_and_the_owner),
		TEST(one_picture_is_asked_for_again_and_comes_alone),
		TEST(nobody_is_approved_unseen),
		TEST(a_rejection_for_identity_ends_it_and_it_can_be_shown_anew),
		TEST(a_child_is_asked_for_nothing),
		TEST(pictures_are_erased_when_their_time_is_over),
		TEST(what_is_never_sent_or_never_decided_does_not_stay),
		TEST(the_database_holds_no_picture_that_opens_without_the_key),
	};
	return RUN("service/identity", tests);
}
