#include "tests/store/estate.h"

#include "base/assert.h"
#include "service/hint.h"
#include "service/prison.h"
#include "service/subject.h"
#include "store/subject.h"
#include "store/visit.h"

/* A social visit of the sample, a legal one beside it, and who watches. */
struct made {
	struct estate e;
	struct visit social;
	struct visit legal;
	struct actor monitor;
	struct actor clerk;
};

/* The prison admin does. */
static void switch_on(struct made *m)
{
	struct actor admin = estate_staff(&m->e, ROLE_PRISON_ADMIN, "WWI");
	struct effect_list effects;
	struct policy_setting setting = { .prison = m->social.prison,
					  .name = POLICY_HINTS_ON,
					  .value = 1,
					  .valid_from = m->e.service.now,
					  .reason = STR("We try what it is worth.") };
	CHECK(policy_set(&m->e.service, &admin, &m->e.arena, &setting, &effects) == OK);
}

static void make(struct made *m, bool on)
{
	*m = (struct made){ 0 };
	estate_open(&m->e);
	CHECK(visit_find(&m->e.service, &SYSTEM_ACTOR, &m->e.arena, m->e.sample.joinable,
			 &m->social) == OK);
	m->legal = m->social;
	m->legal.id.n ^= 2;
	m->legal.kind = VISIT_LEGAL;
	m->legal.watched = false;
	m->legal.reference = reference_new(&m->e.random);
	m->legal.state = VISIT_BOOKED;
	CHECK(store_visit_insert(m->e.service.store, &m->legal) == OK);
	m->monitor = estate_staff(&m->e, ROLE_MONITOR, "WWI");
	m->clerk = estate_staff(&m->e, ROLE_VISITS_CLERK, "WWI");
	if (on)
		switch_on(m);
}

/* How many leaves it wrote. */
static int64_t give(struct made *m, struct visit_id visit, enum hint_kind kind, enum err expected)
{
	struct hint_note note = { .visit = visit, .end = 1, .kind = kind, .on = true };
	int64_t leaves = estate_leaves(&m->e);
	enum hint_made made = HINT_NONE;
	assert_int_equal(hint_make(&m->e.service, &SYSTEM_ACTOR, &note, &made), expected);
	CHECK((made == HINT_NEW) == (estate_leaves(&m->e) == leaves + 1));
	return estate_leaves(&m->e) - leaves;
}

static struct hints_view view(struct made *m)
{
	struct hints_view out = { 0 };
	CHECK(hints_find(&m->e.service, &m->monitor, &m->e.arena, &out) == OK);
	return out;
}

static void nothing_is_written_where_the_prison_does_not_want_it(void **state)
{
	(void)state;
	struct made m;
	make(&m, false);
	CHECK(give(&m, m.social.id, HINT_COVERED, ERR_DENIED) == 0);
	CHECK(!view(&m).on && view(&m).open.count == 0);
	estate_close(&m.e);
}

static void a_legal_visit_has_no_hints_and_no_row_could_stand(void **state)
{
	(void)state;
	struct made m;
	make(&m, true);
	bool wanted = true;
	CHECK(hints_are_wanted(&m.e.service, VISIT_LEGAL, m.legal.prison, &wanted) == OK);
	CHECK(!wanted);
	CHECK(give(&m, m.legal.id, HINT_COVERED, ERR_DENIED) == 0);
	struct hint hint = { .id = { 5 }, .visit = m.legal.id, .what = "COVERED" };
	CHECK(store_enter(m.e.service.store) == OK);
	CHECK(store_hint_insert(m.e.service.store, &hint, VISIT_LEGAL) != OK);
	CHECK(store_leave(m.e.service.store, false) == OK);
	CHECK(store_enter(m.e.service.store) == OK);
	CHECK(store_hint_insert(m.e.service.store, &hint, VISIT_SOCIAL) != OK);
	CHECK(store_leave(m.e.service.store, false) == OK);
	estate_close(&m.e);
}

static void the_same_within_five_minutes_is_one_hint(void **state)
{
	(void)state;
	struct made m;
	make(&m, true);
	CHECK(give(&m, m.social.id, HINT_COVERED, OK) == 1);
	CHECK(give(&m, m.social.id, HINT_COVERED, OK) == 0);
	CHECK(give(&m, m.social.id, HINT_STILL, OK) == 1);
	m.e.service.now.s += HINT_AGAIN_S + 1;
	CHECK(give(&m, m.social.id, HINT_COVERED, OK) == 1);
	CHECK(view(&m).on && view(&m).open.count == 3);
	estate_close(&m.e);
}

static enum hint_made give_faces(struct made *m, uint8_t seat, uint8_t faces)
{
	struct hint_note note = { m->social.id, seat, HINT_FACES, true, faces };
	enum hint_made made = HINT_NONE;
	CHECK(hint_make(&m->e.service, &SYSTEM_ACTOR, &note, &made) == OK);
	return made;
}

static void faces_are_a_hint_only_beyond_those_who_may_be_there(void **state)
{
	(void)state;
	struct made m;
	make(&m, true);
	uint8_t visitors = (uint8_t)m.social.visitor_count;
	CHECK(visitors >= 1);
	if (visitors >= 2)
		CHECK(give_faces(&m, 1, visitors) == HINT_NONE);
	CHECK(give_faces(&m, 1, visitors + 1) == HINT_NEW);
	CHECK(give_faces(&m, 1, visitors + 2) == HINT_AGAIN);
	CHECK(give_faces(&m, 0, 2) == HINT_NEW); /* at the prisoner's side is one */
	CHECK(view(&m).open.count == 2);
	estate_close(&m.e);
}

static void officers_answers_are_counted_and_given_once(void **state)
{
	(void)state;
	struct made m;
	make(&m, true);
	for (int i = 0; i < 3; i++) {
		CHECK(give(&m, m.social.id, HINT_STILL, OK) == 1);
		m.e.service.now.s += HINT_AGAIN_S + 1;
	}
	struct hints_view v = view(&m);
	CHECK(v.open.count == 3 && v.open.list[0].seat == 1);
	CHECK(v.open.list[0].made_at.s > v.open.list[2].made_at.s);
	struct hint_id first = v.open.list[0].id, second = v.open.list[1].id;
	CHECK(hint_settle(&m.e.service, &m.clerk, first, true) == ERR_DENIED);
	int64_t leaves = estate_leaves(&m.e);
	CHECK(hint_settle(&m.e.service, &m.monitor, first, false) == OK);
	CHECK(estate_leaves(&m.e) == leaves + 1);
	CHECK(hint_settle(&m.e.service, &m.monitor, first, true) == ERR_CONFLICT);
	CHECK(hint_settle(&m.e.service, &m.monitor, second, true) == OK);
	CHECK(estate_leaves(&m.e) == leaves + 2);
	CHECK(hint_settle(&m.e.service, &m.monitor, (struct hint_id){ 1 }, true) == ERR_NOT_FOUND);
	v = view(&m);
	CHECK(v.open.count == 1 && v.counts.count == 1);
	CHECK(v.counts.list[0].made == 3 && v.counts.list[0].right == 1 &&
	      v.counts.list[0].wrong == 1);
	CHECK(hint_wrong_percent(&v.counts.list[0]) == 50);
	estate_close(&m.e);
}

static const struct subject_section *hints_of(struct made *m, enum subject_kind kind, int64_t id)
{
	struct actor admin = estate_staff(&m->e, ROLE_HQ_ADMIN, NULL);
	struct subject_view *v = arena_new(&m->e.arena, 1, sizeof *v);
	CHECK(subject_find(&m->e.service, &admin, &m->e.arena, (struct subject){ kind, id }, v) ==
	      OK);
	for (size_t i = 0; i < v->data.count; i++)
		if (strcmp(v->data.sections[i].name, "hints") == 0)
			return &v->data.sections[i];
	return NULL;
}

static void each_side_reads_the_hints_on_itself(void **state)
{
	(void)state;
	struct made m;
	make(&m, true);
	CHECK(give(&m, m.social.id, HINT_COVERED, OK) == 1);
	CHECK(hint_settle(&m.e.service, &m.monitor, view(&m).open.list[0].id, false) == OK);
	const struct subject_section *s = hints_of(&m, SUBJECT_ACCOUNT, m.social.booker.n);
	CHECK(s != NULL && s->count == 1);
	CHECK(str_is(s->rows[0][0].text, m.social.reference.text));
	CHECK(str_is(s->rows[0][1].text, "COVERED") && str_is(s->rows[0][3].text, "WRONG"));
	s = hints_of(&m, SUBJECT_PRISONER, m.social.prisoner.n);
	CHECK(s != NULL && s->count == 0);
	struct hint_note note = { .visit = m.social.id, .end = 0, .kind = HINT_STILL, .on = true };
	enum hint_made made = HINT_NONE;
	CHECK(hint_make(&m.e.service, &SYSTEM_ACTOR, &note, &made) == OK && made == HINT_NEW);
	CHECK(hints_of(&m, SUBJECT_ACCOUNT, m.social.booker.n)->count == 1);
	s = hints_of(&m, SUBJECT_PRISONER, m.social.prisoner.n);
	CHECK(s->count == 1 && str_is(s->rows[0][1].text, "STILL"));
	CHECK(s->rows[0][2].number == m.e.service.now.s && str_empty(s->rows[0][3].text));
	/* Who is forgotten takes theirs along. */
	int64_t rows = 0;
	CHECK(store_enter(m.e.service.store) == OK);
	CHECK(store_account_erase(m.e.service.store, m.social.booker, &rows) == OK && rows > 0);
	CHECK(store_leave(m.e.service.store, true) == OK);
	CHECK(view(&m).counts.count == 1);
	assert_string_equal(view(&m).counts.list[0].what, "STILL");
	estate_close(&m.e);
}

static struct retention_kind clock_of(struct made *m)
{
	struct actor governor = estate_staff(&m->e, ROLE_DUTY_GOVERNOR, "WWI");
	struct retention found;
	CHECK(retention_find(&m->e.service, &governor, governor.prison, &found) == OK);
	for (size_t i = 0; i < found.count; i++)
		if (strcmp(found.kinds[i].name, "hints") == 0)
			return found.kinds[i];
	return (struct retention_kind){ .count = -1 };
}

static void after_ninety_days_they_are_gone(void **state)
{
	(void)state;
	struct made m;
	make(&m, true);
	CHECK(give(&m, m.social.id, HINT_STILL, OK) == 1);
	m.e.service.now.s += 86400;
	CHECK(give(&m, m.social.id, HINT_COVERED, OK) == 1);
	m.e.service.now.s += HINT_COUNTED_S - 86400;
	int64_t leaves = estate_leaves(&m.e);
	CHECK(hint_erase_due(&m.e.service, &m.monitor) == ERR_DENIED);
	CHECK(hint_erase_due(&m.e.service, &SYSTEM_ACTOR) == OK); /* not a second too early */
	CHECK(estate_leaves(&m.e) == leaves && clock_of(&m).count == 2);
	m.e.service.now.s += 1;
	CHECK(clock_of(&m).overdue == 0);
	CHECK(hint_erase_due(&m.e.service, &SYSTEM_ACTOR) == OK);
	CHECK(estate_leaves(&m.e) == leaves + 1 && clock_of(&m).count == 1);
	CHECK(view(&m).counts.count == 1);
	m.e.service.now.s += 2 * 86400;
	CHECK(clock_of(&m).overdue == 1); /* nobody has done it for a day */
	CHECK(hint_erase_due(&m.e.service, &SYSTEM_ACTOR) == OK);
	CHECK(hint_erase_due(&m.e.service, &SYSTEM_ACTOR) == OK); /* nothing is left: no leaf */
	CHECK(estate_leaves(&m.e) == leaves + 2 && clock_of(&m).count == 0);
	estate_close(&m.e);
}

static void of_another_prison_nothing_is_seen_or_answered(void **state)
{
	(void)state;
	struct made m;
	make(&m, true);
	CHECK(give(&m, m.social.id, HINT_STILL, OK) == 1);
	struct hint_id id = view(&m).open.list[0].id;
	struct actor other = estate_staff(&m.e, ROLE_MONITOR, "LEI");
	struct hints_view v = { 0 };
	CHECK(hints_find(&m.e.service, &other, &m.e.arena, &v) == OK && v.open.count == 0);
	CHECK(hint_settle(&m.e.service, &other, id, true) == ERR_NOT_FOUND);
	estate_close(&m.e);
}

static void of_no_answers_there_is_no_rate(void **state)
{
	(void)state;
	static const struct {
		struct hint_count count;
		int percent;
	} CASES[] = {
		{ { .made = 7 }, -1 },
		{ { .made = 7, .right = 3 }, 0 },
		{ { .made = 7, .wrong = 1 }, 100 },
		{ { .made = 9, .right = 2, .wrong = 1 }, 33 },
		{ { .made = 9, .right = 1, .wrong = 2 }, 67 },
	};
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++)
		assert_int_equal(hint_wrong_percent(&CASES[i].count), CASES[i].percent);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing_is_written_where_the_prison_does_not_want_it),
		TEST(a_legal_visit_has_no_hints_and_no_row_could_stand),
		TEST(the_same_within_five_minutes_is_one_hint),
		TEST(faces_are_a_hint_only_beyond_those_who_may_be_there),
		TEST(officers_answers_are_counted_and_given_once),
		TEST(each_side_reads_the_hints_on_itself),
		TEST(after_ninety_days_they_are_gone),
		TEST(of_another_prison_nothing_is_seen_or_answered),
		TEST(of_no_answers_there_is_no_rate),
	};
	return RUN("service/hint", tests);
}
