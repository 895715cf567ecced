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

static const char *hint_of(struct site *s, struct visit_id visit, uint8_t end, enum hint_kind what)
{
	struct estate *e = &s->estate;
	enum hint_made made = false;
	struct hint_note note = { .visit = visit,
				  .end = end,
				  .kind = what,
				  .on = true,
				  .faces = what == HINT_FACES ? 9 : 0 };
	CHECK(hint_make(&e->service, &SYSTEM_ACTOR, &note, &made) == OK && made == HINT_NEW);
	struct answer a = ask(s, "/staff/hints", NULL);
	return arena_printf(&e->arena, "/staff/hints/%s",
			    between(s, &a, "action=\"/staff/hints/", "\""));
}

/* Of each kind: how many, right, wrong, not answered, and the share of those answered that was wrong. */
static bool row_says(const struct answer *a, const char *what, const char *const cells[5])
{
	const char *at = strstr(a->html, "worth in the last 90 days");
	at = at ? strstr(at, what) : NULL;
	for (int i = 0; at != NULL && i < 5; i++) {
		at = strstr(at + 1, "<td");
		at = at ? strchr(at, '>') : NULL;
		if (at != NULL && strncmp(at + 1, cells[i], strlen(cells[i])) != 0)
			return false;
	}
	return at != NULL;
}

static void the_share_of_false_alarms_is_of_those_answered_for_each_kind(void **state)
{
	(void)state;
	struct site s;
	struct visit visit;
	site_open(&s);
	struct estate *e = &s.estate;
	CHECK(visit_find(&e->service, &SYSTEM_ACTOR, &e->arena, e->sample.joinable, &visit) == OK);
	switch_on(&s, visit.prison);
	sign_in(&s, MONITOR);
	CHECK(ask(&s, hint_of(&s, visit.id, 0, HINT_COVERED), "answer=WRONG").status == 303);
	CHECK(ask(&s, hint_of(&s, visit.id, 1, HINT_COVERED), "answer=RIGHT").status == 303);
	CHECK(ask(&s, hint_of(&s, visit.id, 0, HINT_NOBODY), "answer=RIGHT").status == 303);
	(void)hint_of(&s, visit.id, 1, HINT_NOBODY);
	(void)hint_of(&s, visit.id, 0, HINT_FACES);
	struct answer a = ask(&s, "/staff/hints", NULL);
	CHECK(row_says(&a, "Picture may be covered",
		       (const char *const[]){ "2<", "1<", "1<", "0<", "50 %<" }));
	CHECK(row_says(&a, "Nobody may be in the picture",
		       (const char *const[]){ "2<", "1<", "0<", "1<", "0 %<" }));
	CHECK(row_says(&a, "More faces than expected",
		       (const char *const[]){ "1<", "0<", "0<", "1<", "–<" }));
	CHECK(says(&a, "It does not tell what the machine overlooked"));
	site_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(officers_say_whether_a_hint_was_right_and_see_how_often_not),
		TEST(the_share_of_false_alarms_is_of_those_answered_for_each_kind),
	};
	return RUN("web/hints", tests);
}
