#include "tests/store/estate.h"

#include <sodium.h>

#include "base/assert.h"
#include "service/staff.h"
#include "store/query.h"
#include "sys/hasher.h"

static void an_address_with_an_account_is_not_told_apart(void **state)
{
	(void)state;
	struct estate e;
	struct account_id id = { 77 };
	struct sign_in_candidate known, unknown, broken;
	estate_open(&e);
	struct account_new new = { .email = STR(" AMINA@family.example "),
				   .name = STR("Somebody"),
				   .password_hash = STR("h") };
	CHECK(account_create(&e.service, &new, &id) == OK);
	assert_int_equal(id.n, 0);
	CHECK(account_find_for_sign_in(&e.service, STR("Amina@Family.example"), &known) == OK);
	CHECK(account_find_for_sign_in(&e.service, STR("nobody@family.example"), &unknown) == OK);
	CHECK(account_find_for_sign_in(&e.service, STR("no address"), &broken) == OK);
	CHECK(known.account.n && !unknown.account.n && !broken.account.n);
	CHECK(crypto_pwhash_str_verify(unknown.password_hash, "x", 1) != 0);
	/* The very work that a known address costs. */
	CHECK(crypto_pwhash_str_needs_rehash(unknown.password_hash, HASHER_PASSES, HASHER_MEMORY) ==
	      0);
	int64_t before = store_changes(e.service.store);
	CHECK(account_sign_in_failed(&e.service, unknown.account) == OK);
	CHECK(store_changes(e.service.store) > before); /* as for a known one */
	estate_close(&e);
}

static void bad_addresses_and_names_make_no_account(void **state)
{
	(void)state;
	struct estate e;
	struct account_id id;
	static const char *const BAD[] = { "",
					   "a",
					   "a@",
					   "@b.example",
					   "a@b",
					   "a@b..c",
					   "a b@c.example",
					   "a@b@c.example",
					   "a@.example",
					   "a@b.",
					   "a\n@b.example" };
	estate_open(&e);
	struct account_new new = { .name = STR("N"), .password_hash = STR("h") };
	for (size_t i = 0; i < ARRAY_LEN(BAD); i++) {
		new.email = str_from(BAD[i]);
		CHECK(account_create(&e.service, &new, &id) == ERR_BAD);
	}
	new.email = STR("ok@example.org");
	new.name = STR("  ");
	CHECK(account_create(&e.service, &new, &id) == ERR_BAD);
	new.name = STR("a\nb");
	CHECK(account_create(&e.service, &new, &id) == ERR_BAD);
	estate_close(&e);
}

static void a_session_ends_by_sign_out_idleness_or_age(void **state)
{
	(void)state;
	struct estate e;
	struct session_started s;
	struct account_session found;
	estate_open(&e);
	struct account_id who = estate_family(&e, "amina@family.example").account;
	CHECK(account_session_start(&e.service, who, &s) == OK);
	struct str token = str_from(s.token);
	CHECK(account_session_find(&e.service, &e.arena, token, &found) == OK);
	CHECK(found.actor.role == ROLE_FAMILY && found.actor.account.n == who.n);
	CHECK(str_is(found.csrf, s.csrf) && strcmp(s.csrf, s.token));
	CHECK(account_session_end(&e.service, token) == OK);
	CHECK(account_session_find(&e.service, &e.arena, token, &found) == ERR_NOT_FOUND);

	CHECK(account_session_start(&e.service, who, &s) == OK);
	token = str_from(s.token);
	e.service.now.s += 3600;
	CHECK(account_session_find(&e.service, &e.arena, token, &found) == ERR_NOT_FOUND);

	CHECK(account_session_start(&e.service, who, &s) == OK);
	token = str_from(s.token);
	for (int i = 0; i < 12 * 3600 - 1800; i += 1800) {
		e.service.now.s += 1800;
		CHECK(account_session_touch(&e.service, token) == OK);
	}
	e.service.now.s += 1800;
	CHECK(account_session_touch(&e.service, token) == ERR_NOT_FOUND);
	estate_close(&e);
}

static void the_database_holds_no_token(void **state)
{
	(void)state;
	struct estate e;
	struct session_started s;
	static const char FIND[] = "SELECT COUNT(*) FROM web_session WHERE csrf = ?1 OR token = ?2";
	estate_open(&e);
	struct account_id who = estate_family(&e, "amina@family.example").account;
	CHECK(account_session_start(&e.service, who, &s) == OK);
	struct query q = query_of(e.service.store, FIND);
	query_text(&q, s.token);
	query_bytes(&q, bytes_from_text(s.token));
	CHECK(query_row(&q) && query_column(&q, 0) == 0);
	CHECK(query_end(&q) == OK);
	estate_close(&e);
}

static void staff_choose_only_among_their_roles(void **state)
{
	(void)state;
	struct estate e;
	struct session_started s;
	struct account_session found;
	estate_open(&e);
	struct account_id who = estate_family(&e, "clerk@wandsworth.example").account;
	struct staff_role inspector = { .role = ROLE_INSPECTOR };
	CHECK(account_session_start(&e.service, who, &s) == OK);
	struct str token = str_from(s.token);
	CHECK(account_session_find(&e.service, &e.arena, token, &found) == OK);
	CHECK(found.actor.role == ROLE_VISITS_CLERK && !strcmp(found.actor.prison.text, "WWI"));
	CHECK(str_is(found.prison_name, "HMP Wandsworth") && found.role_count == 1);
	CHECK(account_session_choose_role(&e.service, token, inspector) == ERR_DENIED);
	CHECK(staff_role_grant(&e.service, &SYSTEM_ACTOR, who, inspector) == OK);
	CHECK(staff_role_grant(&e.service, &found.actor, who, inspector) == ERR_DENIED);
	CHECK(account_session_choose_role(&e.service, token, inspector) == OK);
	CHECK(account_session_find(&e.service, &e.arena, token, &found) == OK);
	CHECK(found.actor.role == ROLE_INSPECTOR && prison_code_empty(found.actor.prison));
	estate_close(&e);
}

static void wrong_prisoner_details_cannot_be_tried_for_long(void **state)
{
	(void)state;
	struct estate e;
	struct person_list persons;
	enum contact_answer answer;
	struct contact_id id;
	estate_open(&e);
	struct actor amina = estate_family(&e, "amina@family.example");
	CHECK(persons_mine(&e.service, &amina, &e.arena, &persons) == OK);
	struct contact_request request = { .prisoner_number = STR("a2345cd"),
					   .prisoner_name = STR("thomas  reed"),
					   .prisoner_born = { 1992, 9, 4 },
					   .person = persons.list[0].id,
					   .relationship = STR("friend") };
	for (int i = 0; i < 5; i++) {
		CHECK(contact_request(&e.service, &amina, &request, &answer, &id) == OK);
		assert_int_equal(answer, CONTACT_ANSWER_NO_MATCH);
	}
	request.prisoner_born.day = 3; /* right now, and too late */
	CHECK(contact_request(&e.service, &amina, &request, &answer, &id) == OK);
	assert_int_equal(answer, CONTACT_ANSWER_TRY_TOMORROW);
	e.service.now.s += 86400;
	CHECK(contact_request(&e.service, &amina, &request, &answer, &id) == OK);
	assert_int_equal(answer, CONTACT_ANSWER_ASKED);
	CHECK(contact_request(&e.service, &amina, &request, &answer, &id) == OK);
	assert_int_equal(answer, CONTACT_ANSWER_KNOWN);
	estate_close(&e);
}

static void a_prison_decides_for_its_own_prisoners_alone(void **state)
{
	(void)state;
	struct estate e;
	struct contact_case_list cases;
	struct contact_case one;
	estate_open(&e);
	struct actor leeds = estate_staff(&e, ROLE_CONTACTS_AUTHORISER, "LEI");
	struct actor clerk = estate_staff(&e, ROLE_VISITS_CLERK, "WWI");
	struct actor wwi = estate_staff(&e, ROLE_CONTACTS_AUTHORISER, "WWI");
	struct actor family = estate_family(&e, "ben@family.example");
	CHECK(contacts_pending(&e.service, &leeds, &e.arena, &cases) == OK && cases.count == 0);
	CHECK(contacts_pending(&e.service, &family, &e.arena, &cases) == ERR_DENIED);
	CHECK(contacts_pending(&e.service, &wwi, &e.arena, &cases) == OK && cases.count == 1);
	struct contact_id id = cases.list[0].contact.id;
	CHECK(str_is(cases.list[0].booker_name, "Ben Reed"));
	CHECK(contact_decide(&e.service, &leeds, id, CONTACT_APPROVED, STR("")) == ERR_NOT_FOUND);
	CHECK(contact_decide(&e.service, &clerk, id, CONTACT_APPROVED, STR("")) == ERR_DENIED);
	CHECK(contact_decide(&e.service, &wwi, id, CONTACT_REJECTED, STR(" ")) == ERR_BAD);
	CHECK(contact_decide(&e.service, &wwi, id, CONTACT_REJECTED, STR("No identity")) == OK);
	CHECK(contact_decide(&e.service, &wwi, id, CONTACT_APPROVED, STR("")) == ERR_CONFLICT);
	CHECK(contact_find(&e.service, &wwi, &e.arena, id, &one) == OK);
	CHECK(one.contact.state == CONTACT_REJECTED && one.contact.decided_by.n == wwi.account.n);
	estate_close(&e);
}

static enum err ask_as(struct estate *e, const char *code, const char *words,
		       enum contact_part part, struct contact_id *out)
{
	struct actor amina = estate_family(e, "amina@family.example");
	enum contact_answer answer;
	struct person_id person;
	CHECK(person_add(&e->service, &amina,
			 &(struct person_new){ STR("Kemi Okoro"), { 1987, 3, 1 } }, &person) == OK);
	struct contact_request request = { .prisoner_number = STR("A1234BC"),
					   .prisoner_name = STR("Daniel Okoro"),
					   .prisoner_born = { 1988, 4, 12 },
					   .person = person,
					   .relationship_code = str_from(code),
					   .relationship = str_from(words),
					   .part = part };
	enum err err = contact_request(&e->service, &amina, &request, &answer, out);
	CHECK(err != OK || answer == CONTACT_ANSWER_ASKED);
	return err;
}

static void a_relationship_is_one_of_the_list_or_said_in_words(void **state)
{
	(void)state;
	struct estate e;
	struct contact_id id;
	estate_open(&e);
	CHECK(ask_as(&e, "SISTER", "", PART_VISITOR, &id) == ERR_BAD);
	CHECK(ask_as(&e, "SISTER", "my sister", PART_VISITOR, &id) == ERR_BAD);
	CHECK(ask_as(&e, "OTHER", "", PART_VISITOR, &id) == ERR_BAD);
	CHECK(ask_as(&e, "", " ", PART_VISITOR, &id) == ERR_BAD);
	CHECK(ask_as(&e, "SIS", "", PART_COUNT, &id) == ERR_BAD);
	CHECK(ask_as(&e, "OTHER", "neighbour", PART_VISITOR, &id) == OK);
	estate_close(&e);
}

static void staff_know_better_how_two_people_know_each_other(void **state)
{
	(void)state;
	struct estate e;
	struct contact_id id;
	struct contact_case found;
	bool missing;
	estate_open(&e);
	struct actor wwi = estate_staff(&e, ROLE_CONTACTS_AUTHORISER, "WWI");
	CHECK(ask_as(&e, "OTHER", "probation", PART_SUPPORTER, &id) == OK);
	CHECK(contact_find(&e.service, &wwi, &e.arena, id, &found) == OK);
	CHECK(str_is(found.contact.relationship_code, "OTHER") && !found.contact.official);
	CHECK(found.contact.part == PART_SUPPORTER);
	struct contact_decision d = { .to = CONTACT_APPROVED,
				      .identity_seen = true,
				      .relationship_code = STR("PROBATION") };
	CHECK(contact_decide_by(&e.service, &wwi, id, &d, &missing) == ERR_BAD);
	d.relationship_code = STR("PROB");
	CHECK(contact_decide_by(&e.service, &wwi, id, &d, &missing) == OK && !missing);
	CHECK(contact_find(&e.service, &wwi, &e.arena, id, &found) == OK);
	CHECK(found.contact.state == CONTACT_APPROVED && found.contact.official);
	CHECK(str_is(found.contact.relationship, "probation")); /* what the family said stays */
	estate_close(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_address_with_an_account_is_not_told_apart),
		TEST(bad_addresses_and_names_make_no_account),
		TEST(a_session_ends_by_sign_out_idleness_or_age),
		TEST(the_database_holds_no_token),
		TEST(staff_choose_only_among_their_roles),
		TEST(wrong_prisoner_details_cannot_be_tried_for_long),
		TEST(a_relationship_is_one_of_the_list_or_said_in_words),
		TEST(staff_know_better_how_two_people_know_each_other),
		TEST(a_prison_decides_for_its_own_prisoners_alone),
	};
	return RUN("service/account", tests);
}
