#include "service/staff.h"

#include "base/assert.h"
#include "service/password.h"
#include "store/message.h"
#include "store/query.h"
#include "tests/store/estate.h"

static struct prison_code code(const char *text)
{
	struct prison_code prison = { 0 };
	CHECK(prison_code_of(str_from(text), &prison));
	return prison;
}

static struct staff_role role_at(enum role role, const char *prison)
{
	return (struct staff_role){ .role = role, .prison = code(prison) };
}

static struct staff_new newcomer(const char *email, struct staff_role role)
{
	return (struct staff_new){ .email = str_from(email),
				   .name = STR("Nia Newcomer"),
				   .role = role };
}

static int64_t messages_of(struct estate *e, enum message_kind kind, struct account_id account)
{
	static const char COUNT[] =
	    "SELECT COUNT(*) FROM message WHERE kind = ?1 AND account = ?2 AND state = 'WAITING'";
	struct query q = query_of(e->service.store, COUNT);
	query_text(&q, message_kind_name(kind));
	query_int(&q, account.n);
	CHECK(query_row(&q));
	int64_t count = query_column(&q, 0);
	CHECK(query_end(&q) == OK);
	return count;
}

static struct password_link link_of(struct estate *e, struct account_id account, int64_t holds_s)
{
	struct password_link link = { .account = account,
				      .until = wall_add_s(e->service.now, holds_s) };
	CHECK(password_link_prove(&e->service, &link) == OK);
	return link;
}

/* ---- staff ---- */

static void the_first_administrator_comes_from_the_command_line_and_makes_the_others(void **state)
{
	(void)state;
	struct estate e;
	struct session_started s;
	struct account_session found;
	struct account account;
	enum staff_added added;
	struct account_id id;
	estate_open(&e);
	struct staff_new new =
	    newcomer("Nia@HQ.example", (struct staff_role){ .role = ROLE_HQ_ADMIN });
	CHECK(staff_add(&e.service, &SYSTEM_ACTOR, &new, &added, &id) == OK);
	CHECK(added == STAFF_NEW && messages_of(&e, MESSAGE_STAFF_ACCOUNT, id) == 1);
	struct password_link link = link_of(&e, id, PASSWORD_FIRST_S);
	CHECK(password_set(&e.service, &e.arena, &link, STR("$hash"), &account) == OK);
	CHECK(account.staff && str_is(account.email, "nia@hq.example"));
	CHECK(account_session_start(&e.service, id, &s) == OK);
	CHECK(account_session_find(&e.service, &e.arena, str_from(s.token), &found) == OK);
	struct actor nia = found.actor;
	CHECK(nia.role == ROLE_HQ_ADMIN);

	new = newcomer("ian@wandsworth.example", role_at(ROLE_PRISON_ADMIN, "WWI"));
	CHECK(staff_add(&e.service, &nia, &new, &added, &id) == OK && added == STAFF_NEW);
	struct actor ian = { .role = ROLE_PRISON_ADMIN, .account = id, .prison = code("WWI") };
	new = newcomer("mo@wandsworth.example", role_at(ROLE_MONITOR, "WWI"));
	CHECK(staff_add(&e.service, &ian, &new, &added, &id) == OK && added == STAFF_NEW);
	CHECK(staff_add(&e.service, &ian, &new, &added, &id) == OK && added == STAFF_HAS_ROLE);
	new.role.role = ROLE_VISITS_CLERK;
	CHECK(staff_add(&e.service, &ian, &new, &added, &id) == OK && added == STAFF_KNOWN);
	estate_close(&e);
}

static void administrators_give_only_what_is_theirs_and_nothing_to_themselves(void **state)
{
	(void)state;
	static const struct {
		enum role actor;
		const char *at;
		enum role role;
		const char *prison;
		enum err expected;
	} CASES[] = {
		{ ROLE_PRISON_ADMIN, "WWI", ROLE_MONITOR, "WWI", OK },
		{ ROLE_PRISON_ADMIN, "WWI", ROLE_MONITOR, "LEI", ERR_DENIED },
		{ ROLE_PRISON_ADMIN, "WWI", ROLE_HQ_ADMIN, "", ERR_DENIED },
		{ ROLE_PRISON_ADMIN, "WWI", ROLE_INSPECTOR, "WWI", ERR_DENIED },
		{ ROLE_PRISON_ADMIN, "WWI", ROLE_FAMILY, "WWI", ERR_BAD },
		{ ROLE_PRISON_ADMIN, "WWI", ROLE_SYSTEM, "WWI", ERR_BAD },
		{ ROLE_HQ_ADMIN, "", ROLE_MONITOR, "LEI", OK },
		{ ROLE_HQ_ADMIN, "", ROLE_MONITOR, "", ERR_BAD },
		{ ROLE_HQ_ADMIN, "", ROLE_OPERATOR, "", OK },
		{ ROLE_HQ_ADMIN, "", ROLE_TERMINAL, "", ERR_BAD },
		{ ROLE_DUTY_GOVERNOR, "WWI", ROLE_MONITOR, "WWI", ERR_DENIED },
		{ ROLE_HQ_ANALYST, "", ROLE_MONITOR, "WWI", ERR_DENIED },
		{ ROLE_FAMILY, "", ROLE_MONITOR, "WWI", ERR_DENIED },
	};
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct estate e;
		enum staff_added added;
		struct account_id id;
		estate_open(&e);
		struct actor actor = estate_staff(&e, CASES[i].actor, NULL);
		if (CASES[i].at[0])
			actor.prison = code(CASES[i].at);
		struct staff_role role = { .role = CASES[i].role };
		if (CASES[i].prison[0])
			role.prison = code(CASES[i].prison);
		struct staff_new new = newcomer("new@work.example", role);
		CHECK(staff_add(&e.service, &actor, &new, &added, &id) == CASES[i].expected);
		new.email = STR("clerk@wandsworth.example"); /* the actor's own */
		CHECK(staff_add(&e.service, &actor, &new, &added, &id) != OK);
		estate_close(&e);
	}
}

static void an_address_of_a_visitor_gets_no_role(void **state)
{
	(void)state;
	struct estate e;
	enum staff_added added;
	struct account_id id;
	estate_open(&e);
	struct staff_new new = newcomer("amina@family.example", role_at(ROLE_MONITOR, "WWI"));
	CHECK(staff_add(&e.service, &SYSTEM_ACTOR, &new, &added, &id) == OK);
	CHECK(added == STAFF_IS_VISITOR);
	struct account_id amina = estate_family(&e, "amina@family.example").account;
	CHECK(staff_role_grant(&e.service, &SYSTEM_ACTOR, amina, new.role) == ERR_NOT_FOUND);
	estate_close(&e);
}

static void a_role_that_is_taken_signs_out_at_once(void **state)
{
	(void)state;
	struct estate e;
	struct session_started s;
	struct account_session found;
	struct store_staff staff;
	estate_open(&e);
	struct account_id clerk = estate_family(&e, "clerk@wandsworth.example").account;
	struct staff_role role = role_at(ROLE_VISITS_CLERK, "WWI");
	CHECK(account_session_start(&e.service, clerk, &s) == OK);
	struct actor self = estate_staff(&e, ROLE_PRISON_ADMIN, "WWI");
	CHECK(staff_role_revoke(&e.service, &self, clerk, role) == ERR_DENIED);
	struct actor admin = estate_family(&e, "admin@wandsworth.example");
	admin.role = ROLE_PRISON_ADMIN;
	admin.prison = role.prison;
	CHECK(staff_role_revoke(&e.service, &admin, clerk, role) == OK);
	CHECK(staff_role_revoke(&e.service, &admin, clerk, role) == ERR_NOT_FOUND);
	CHECK(account_session_find(&e.service, &e.arena, str_from(s.token), &found) ==
	      ERR_NOT_FOUND);
	CHECK(account_session_start(&e.service, clerk, &s) == ERR_DENIED); /* no role is left */
	CHECK(staff_link_send(&e.service, &admin, clerk) == ERR_NOT_FOUND);
	CHECK(staff_find(&e.service, &admin, &e.arena, role.prison, &staff) == OK);
	for (size_t i = 0; i < staff.count; i++)
		CHECK(staff.list[i].account.id.n != clerk.n);
	CHECK(staff.count > 0);
	CHECK(staff_find(&e.service, &admin, &e.arena, code("LEI"), &staff) == ERR_DENIED);
	estate_close(&e);
}

/* ---- passwords ---- */

static void a_link_works_once_within_its_time_and_signs_out_everywhere(void **state)
{
	(void)state;
	struct estate e;
	struct session_started s;
	struct account_session found;
	struct account whose;
	struct sign_in_candidate candidate;
	estate_open(&e);
	struct account_id amina = estate_family(&e, "amina@family.example").account;
	CHECK(account_session_start(&e.service, amina, &s) == OK);
	struct password_link link = link_of(&e, amina, PASSWORD_FORGOTTEN_S);
	struct password_link other = link_of(&e, amina, PASSWORD_FORGOTTEN_S - 1);
	CHECK(password_link_find(&e.service, &e.arena, &link, &whose) == OK);
	CHECK(password_set(&e.service, &e.arena, &link, STR("$new"), &whose) == OK);
	CHECK(whose.id.n == amina.n && !whose.staff);
	CHECK(password_set(&e.service, &e.arena, &link, STR("$again"), &whose) == ERR_NOT_FOUND);
	CHECK(password_set(&e.service, &e.arena, &other, STR("$again"), &whose) == ERR_NOT_FOUND);
	CHECK(account_find_for_sign_in(&e.service, STR("amina@family.example"), &candidate) == OK);
	assert_string_equal(candidate.password_hash, "$new");
	CHECK(account_session_find(&e.service, &e.arena, str_from(s.token), &found) ==
	      ERR_NOT_FOUND);
	CHECK(messages_of(&e, MESSAGE_PASSWORD_SET, amina) == 1);

	link = link_of(&e, amina, PASSWORD_FORGOTTEN_S);
	e.service.now.s += PASSWORD_FORGOTTEN_S - 1;
	CHECK(password_link_find(&e.service, &e.arena, &link, &whose) == OK);
	e.service.now.s++;
	CHECK(password_link_find(&e.service, &e.arena, &link, &whose) == ERR_NOT_FOUND);
	estate_close(&e);
}

static void a_link_that_was_touched_leads_nowhere(void **state)
{
	(void)state;
	struct estate e;
	struct account whose;
	estate_open(&e);
	struct account_id amina = estate_family(&e, "amina@family.example").account;
	struct account_id ben = estate_family(&e, "ben@family.example").account;
	struct password_link good = link_of(&e, amina, PASSWORD_FORGOTTEN_S), bad = good;
	bad.account = ben;
	CHECK(password_link_find(&e.service, &e.arena, &bad, &whose) == ERR_NOT_FOUND);
	bad = good;
	bad.until.s++;
	CHECK(password_link_find(&e.service, &e.arena, &bad, &whose) == ERR_NOT_FOUND);
	for (size_t i = 0; i < PASSWORD_PROOF_LEN - 1; i++) {
		bad = good;
		bad.proof[i] = bad.proof[i] == 'A' ? 'B' : 'A';
		CHECK(password_link_find(&e.service, &e.arena, &bad, &whose) == ERR_NOT_FOUND);
	}
	bad = good;
	bad.account.n = 12345;
	CHECK(password_link_find(&e.service, &e.arena, &bad, &whose) == ERR_NOT_FOUND);
	estate_close(&e);
}

static void who_forgot_is_told_once_in_five_minutes_and_strangers_see_no_difference(void **state)
{
	(void)state;
	struct estate e;
	estate_open(&e);
	struct account_id amina = estate_family(&e, "amina@family.example").account;
	int64_t leaves = estate_leaves(&e);
	CHECK(password_forgotten(&e.service, STR("Amina@family.example ")) == OK);
	CHECK(password_forgotten(&e.service, STR("amina@family.example")) == OK);
	CHECK(password_forgotten(&e.service, STR("nobody@family.example")) == OK);
	CHECK(password_forgotten(&e.service, STR("none")) == OK);
	CHECK(estate_leaves(&e) == leaves + 4);
	CHECK(messages_of(&e, MESSAGE_PASSWORD, amina) == 1);
	e.service.now.s += 300;
	CHECK(password_forgotten(&e.service, STR("amina@family.example")) == OK);
	CHECK(messages_of(&e, MESSAGE_PASSWORD, amina) == 2);
	estate_close(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_first_administrator_comes_from_the_command_line_and_makes_the_others),
		TEST(administrators_give_only_what_is_theirs_and_nothing_to_themselves),
		TEST(an_address_of_a_visitor_gets_no_role),
		TEST(a_role_that_is_taken_signs_out_at_once),
		TEST(a_link_works_once_within_its_time_and_signs_out_everywhere),
		TEST(a_link_that_was_touched_leads_nowhere),
		TEST(who_forgot_is_told_once_in_five_minutes_and_strangers_see_no_difference),
	};
	return RUN("service/staff", tests);
}
