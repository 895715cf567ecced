#include "tests/store/recorded.h"

#include "base/assert.h"
#include "domain/message.h"
#include "service/privilege.h"
#include "service/staff.h"
#include "store/query.h"

#define REASON STR("The visitor is a solicitor.")
#define DONE   STR("The solicitor was told by letter.")

/* To whom that kind is told, and by now is not sent: how many messages. */
static int64_t told(struct kept *k, struct account_id account)
{
	static const char COUNT[] =
	    "SELECT COUNT(*) FROM message WHERE kind = 'RECORDING_PRIVILEGED' AND account = ?1 "
	    "AND state = 'WAITING' AND object = ?2 AND reference = ?3";
	struct query q = query_of(k->e.service.store, COUNT);
	query_int(&q, account.n);
	query_int(&q, k->visit.id.n);
	query_text(&q, k->visit.reference.text);
	CHECK(query_row(&q));
	int64_t count = query_column(&q, 0);
	CHECK(query_end(&q) == OK);
	return count;
}

static int64_t told_at_all(struct kept *k)
{
	struct query q = query_of(
	    k->e.service.store, "SELECT COUNT(*) FROM message WHERE kind = 'RECORDING_PRIVILEGED'");
	CHECK(query_row(&q));
	int64_t count = query_column(&q, 0);
	CHECK(query_end(&q) == OK);
	return count;
}

static size_t waiting(struct kept *k, const struct actor *actor)
{
	struct store_recordings list;
	CHECK(privilege_waiting(&k->e.service, actor, &k->e.arena, &list) == OK);
	return list.count;
}

static enum err close_it(struct kept *k, const struct actor *actor)
{
	int64_t leaves = estate_leaves(&k->e);
	enum err err = recording_lock(&k->e.service, actor, k->visit.reference, REASON);
	CHECK(estate_leaves(&k->e) == leaves + (err == OK));
	return err;
}

static enum err settle(struct kept *k, const struct actor *actor)
{
	int64_t leaves = estate_leaves(&k->e);
	enum err err = privilege_settle(&k->e.service, actor, k->visit.reference, DONE);
	CHECK(estate_leaves(&k->e) == leaves + (err == OK));
	return err;
}

static void the_officers_of_the_prison_are_told_with_it(void **state)
{
	(void)state;
	struct kept k;
	keep(&k);
	CHECK(waiting(&k, &k.governor) == 0);
	CHECK(close_it(&k, &k.monitor) == OK);
	CHECK(told(&k, k.governor.account) == 1 && told(&k, k.authoriser.account) == 1);
	CHECK(told_at_all(&k) == 2); /* and nobody else is */
	CHECK(waiting(&k, &k.governor) == 1 && waiting(&k, &k.authoriser) == 1);
	CHECK(waiting(&k, &k.monitor) == 0 && waiting(&k, &k.clerk) == 0);
	struct actor elsewhere = k.governor;
	CHECK(prison_code_of(STR("CFI"), &elsewhere.prison));
	CHECK(waiting(&k, &elsewhere) == 0);
	CHECK(close_it(&k, &k.authoriser) == ERR_CONFLICT && told_at_all(&k) == 2);
	estate_close(&k.e);
}

static void what_is_not_written_is_told_to_nobody(void **state)
{
	(void)state;
	struct kept k;
	keep(&k);
	CHECK(store_enter(k.e.service.store) == OK);
	CHECK(recording_lock(&k.e.service, &k.monitor, k.visit.reference, REASON) == OK);
	CHECK(store_leave(k.e.service.store, false) == OK);
	CHECK(told_at_all(&k) == 0 && waiting(&k, &k.governor) == 0);
	estate_close(&k.e);
}

static void who_closed_it_is_not_told_and_does_not_see_to_it(void **state)
{
	(void)state;
	struct kept k;
	keep(&k);
	CHECK(close_it(&k, &k.governor) == OK);
	CHECK(told(&k, k.governor.account) == 0 && told(&k, k.authoriser.account) == 1);
	CHECK(waiting(&k, &k.governor) == 0);
	CHECK(settle(&k, &k.governor) == ERR_DENIED);
	struct actor other_role = k.governor; /* nor in another role */
	other_role.role = ROLE_CONTACTS_AUTHORISER;
	CHECK(settle(&k, &other_role) == ERR_DENIED && waiting(&k, &other_role) == 0);
	CHECK(settle(&k, &k.authoriser) == OK);
	estate_close(&k.e);
}

static void who_holds_both_roles_is_told_once(void **state)
{
	(void)state;
	struct kept k;
	keep(&k);
	struct staff_role second = { ROLE_CONTACTS_AUTHORISER, k.visit.prison };
	CHECK(staff_role_grant(&k.e.service, &SYSTEM_ACTOR, k.governor.account, second) == OK);
	CHECK(close_it(&k, &k.monitor) == OK);
	CHECK(told(&k, k.governor.account) == 1 && told_at_all(&k) == 2);
	estate_close(&k.e);
}

static void where_nobody_else_is_one_headquarters_are_told(void **state)
{
	(void)state;
	struct kept k;
	keep(&k);
	struct staff_role role = { ROLE_CONTACTS_AUTHORISER, k.visit.prison };
	CHECK(staff_role_revoke(&k.e.service, &SYSTEM_ACTOR, k.authoriser.account, role) == OK);
	CHECK(close_it(&k, &k.governor) == OK);
	CHECK(told(&k, estate_family(&k.e, "admin@hq.example").account) == 1);
	CHECK(told_at_all(&k) == 1);
	estate_close(&k.e);
}

static void one_of_them_sees_to_it_once(void **state)
{
	(void)state;
	struct kept k;
	keep(&k);
	CHECK(settle(&k, &k.governor) == ERR_CONFLICT); /* it is not closed */
	CHECK(close_it(&k, &k.monitor) == OK);
	for (unsigned role = 0; role < ROLE_COUNT; role++) {
		struct actor actor = k.clerk;
		actor.role = (enum role)role;
		if (role != ROLE_DUTY_GOVERNOR && role != ROLE_CONTACTS_AUTHORISER)
			CHECK(settle(&k, &actor) == ERR_DENIED);
	}
	struct actor elsewhere = k.governor;
	CHECK(prison_code_of(STR("CFI"), &elsewhere.prison));
	CHECK(settle(&k, &elsewhere) == ERR_NOT_FOUND);
	CHECK(privilege_settle(&k.e.service, &k.governor, k.visit.reference, STR(" ")) == ERR_BAD);
	CHECK(settle(&k, &k.governor) == OK);
	CHECK(settle(&k, &k.authoriser) == ERR_CONFLICT);
	CHECK(waiting(&k, &k.governor) == 0 && waiting(&k, &k.authoriser) == 0);
	estate_close(&k.e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_officers_of_the_prison_are_told_with_it),
		TEST(what_is_not_written_is_told_to_nobody),
		TEST(who_closed_it_is_not_told_and_does_not_see_to_it),
		TEST(who_holds_both_roles_is_told_once),
		TEST(where_nobody_else_is_one_headquarters_are_told),
		TEST(one_of_them_sees_to_it_once),
	};
	return RUN("service/privilege", tests);
}
