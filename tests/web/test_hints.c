/*
 * Hints of a machine on the pages of staff: what they say, who may answer, and what the answers add up to.
 */
#include "tests/web/site.h"

#include "service/hint.h"
#include "service/prison.h"

#define MONITOR "monitor@wandsworth.example"
#define CLERK   "clerk@wandsworth.example"

static void switch_on(struct site *s, struct prison_code prison)
{
	struct estate *e = &s->estate;
	struct actor admin = estate_staff(e, ROLE_PRISON_ADMIN, "WWI");
	struct effect_list effects;
	struct policy_setting setting = { .prison = prison,
					  .name = POLICY_HINTS_ON,
					  .value = 1,
					  .valid_from = e->service.now,
					  .reason = STR("We try what it is worth.") };
	CHECK(policy_set(&e->service, &admin, &e->arena, &setting, &effects) == OK);
}

static void officers_say_whether_a_hint_was_right_and_see_how_often_not(void **state)
{
	(void)state;
	struct site s;
	struct visit visit;
	enum hint_made made = false;
	site_open(&s);
	struct estate *e = &s.estate;
	CHECK(visit_find(&e->service, &SYSTEM_ACTOR, &e->arena, e->sample.joinable, &visit) == OK);
	sign_in(&s, MONITOR);
	struct answer a = ask(&s, "/staff/hints", NULL);
	CHECK(a.status == 200 && says(&a, "Hints are switched off") &&
	      says(&a, "has not been measured"));
	switch_on(&s, visit.prison);
	struct hint_note note = { .visit = visit.id, .end = 1, .kind = HINT_COVERED, .on = true };
	CHECK(hint_make(&e->service, &SYSTEM_ACTOR, &note, &made) == OK && made == HINT_NEW);

	sign_in(&s, CLERK);
	a = ask(&s, "/staff/hints", NULL);
	CHECK(a.status == 200 && says(&a, "Picture may be covered, visitor’s side"));
	CHECK(!says(&a, "value=\"WRONG\"") && !says(&a, "switched off"));
	sign_in(&s, MONITOR);
	a = ask(&s, "/staff/hints", NULL);
	CHECK(says(&a, "value=\"RIGHT\"") && says(&a, "value=\"WRONG\""));
	const char *id = between(&s, &a, "action=\"/staff/hints/", "\"");
	const char *path = arena_printf(&e->arena, "/staff/hints/%s", id);
	CHECK(ask(&s, path, "answer=GUILTY").status >= 400);
	CHECK(ask(&s, path, "answer=WRONG").status == 303);
	a = ask(&s, "/staff/hints?done=hint_answered", NULL);
	CHECK(says(&a, "Your answer is counted") && says(&a, "100 %"));
	CHECK(says(&a, "There is no hint to answer"));
	CHECK(ask(&s, path, "answer=RIGHT").status == 303);
	a = ask(&s, "/staff/hints", NULL);
	CHECK(says(&a, "100 %")); /* the first answer stands */
	site_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(officers_say_whether_a_hint_was_right_and_see_how_often_not),
	};
	return RUN("web/hints", tests);
}
