#include "tests/store/lawyers.h"

#include "base/assert.h"
#include "service/booking.h"
#include "store/query.h"
#include "tests/store/promises.h"

/* A lawyer with an interpreter, a visit for both of them, and times to move it to. */
struct scene {
	struct estate e;
	struct actor lawyer, interpreter;
	struct reference reference;
	struct visit before;
	struct legal_times *found;
};

static void change(struct scene *s, const char *sql)
{
	struct query q = query_of(s->e.service.store, sql);
	CHECK(query_end(&q) == OK);
}

static int64_t count_of(struct scene *s, const char *sql)
{
	struct query q = query_of(s->e.service.store, sql);
	int64_t n = query_row(&q) ? query_column(&q, 0) : -1;
	CHECK(query_end(&q) == OK);
	return n;
}

static struct visit see(struct scene *s)
{
	struct visit visit = { 0 };
	CHECK(visit_find(&s->e.service, &s->lawyer, &s->e.arena, s->reference, &visit) == OK);
	return visit;
}

static void scene_open(struct scene *s, const struct legal_ask *asked)
{
	struct legal_ask ask = *asked;
	*s = (struct scene){ .found = calloc(1, sizeof *s->found) };
	estate_open(&s->e);
	s->lawyer = lawyer_of(&s->e, "lena@law.example", PROFESSION_SOLICITOR);
	s->interpreter = lawyer_of(&s->e, "ida@words.example", PROFESSION_INTERPRETER);
	verify(&s->e, s->lawyer);
	verify(&s->e, s->interpreter);
	ask.other_count = 1;
	ask.others[0] = STR("ida@words.example");
	s->reference = booked(&s->e, s->lawyer, &ask);
	s->before = see(s);
}

static void scene_close(struct scene *s)
{
	promise_places(s->e.service.store);
	promise_log(&s->e.service);
	free(s->found);
	estate_close(&s->e);
}

static void find(struct scene *s, struct date from)
{
	CHECK(legal_move_times(&s->e.service, &s->lawyer, &s->e.arena, s->reference, from,
			       (struct wall){ 0 }, s->found) == OK);
}

static enum legal_answer move(struct scene *s, struct legal_time time, struct verdict *verdict)
{
	enum legal_answer answer;
	CHECK(legal_move(&s->e.service, &s->lawyer, s->reference, time, &answer, verdict) == OK);
	return answer;
}

static void nothing_moved(struct scene *s)
{
	struct visit visit = see(s);
	assert_int_equal(visit.start.s, s->before.start.s);
	assert_int_equal(visit.id.n, s->before.id.n);
	assert_int_equal(visit.state, VISIT_BOOKED);
}

static void a_moved_visit_keeps_its_reference_its_people_and_its_first_moment(void **state)
{
	struct scene s;
	struct verdict verdict;
	struct wait_list waits = { 0 };
	const struct legal_ask ask = asking();
	(void)state;
	scene_open(&s, &ask);
	struct wall asked_at = s.e.service.now;
	s.e.service.now.s += 600;
	find(&s, (struct date){ 0 });
	CHECK(s.found->count > 2);
	assert_int_equal(s.found->need.asked_at.s, asked_at.s);
	struct legal_time chosen = s.found->times[2];
	int64_t leaves = estate_leaves(&s.e);
	change(&s, "DELETE FROM message"); /* what the booking told */
	assert_int_equal(move(&s, chosen, &verdict), LEGAL_FINE);
	CHECK(verdict_clean(verdict));
	struct visit after = see(&s);
	assert_int_equal(after.start.s, chosen.start.s);
	assert_int_equal(after.terminal.n, chosen.terminal.n);
	assert_int_equal(after.minutes, s.before.minutes);
	assert_int_equal(after.visitor_count, 2);
	assert_int_equal(after.revision, s.before.revision + 1);
	assert_int_equal(estate_leaves(&s.e), leaves + 1);
	CHECK(waits_find(&s.e.service, &s.lawyer, &s.e.arena, &waits) == OK);
	assert_int_equal(waits.count, 1);
	assert_int_equal(waits.list[0].waiting.need.asked_at.s, asked_at.s);
	assert_int_equal(waits.list[0].waiting.start.s, chosen.start.s);
	/* Each of the two is told once, of the move alone. */
	assert_int_equal(count_of(&s, "SELECT COUNT(*) FROM message WHERE kind = 'MOVED'"), 2);
	assert_int_equal(count_of(&s, "SELECT COUNT(DISTINCT account) FROM message WHERE kind = "
				      "'MOVED'"),
			 2);
	assert_int_equal(count_of(&s, "SELECT COUNT(*) FROM message WHERE kind IN ('BOOKED', "
				      "'CANCELLED')"),
			 0);
	scene_close(&s);
}

static void the_list_has_neither_its_own_time_nor_one_after_its_date(void **state)
{
	struct scene s;
	struct verdict verdict;
	struct legal_ask ask = asking();
	(void)state;
	ask.deadline = (struct date){ 2026, 11, 25 };
	scene_open(&s, &ask);
	int64_t leaves = estate_leaves(&s.e);
	find(&s, (struct date){ 0 });
	assert_int_equal(estate_leaves(&s.e), leaves);
	nothing_moved(&s); /* it was only a look */
	CHECK(s.found->count > 0);
	for (size_t i = 0; i < s.found->count; i++) {
		CHECK(s.found->times[i].start.s != s.before.start.s);
		CHECK(date_compare(local_date(s.found->times[i].start), ask.deadline) <= 0);
	}
	struct legal_time late = s.found->times[0];
	late.start = local_midnight((struct date){ 2026, 11, 26 });
	late.start.s += 11 * 3600;
	assert_int_equal(move(&s, late, &verdict), LEGAL_PAST_DATE);
	nothing_moved(&s);
	assert_int_equal(estate_leaves(&s.e), leaves);
	find(&s, (struct date){ 2026, 11, 26 });
	assert_int_equal(s.found->count, 0);
	scene_close(&s);
}

static void what_a_refused_move_would_have_taken_stays_free_and_its_own_time_its_own(void **state)
{
	struct scene s;
	struct verdict verdict;
	enum legal_answer answer;
	const struct legal_ask ask = asking();
	(void)state;
	scene_open(&s, &ask);
	find(&s, (struct date){ 2026, 11, 25 }); /* not beside its own time */
	struct legal_time chosen = s.found->times[0];
	/* Nearer than the notice: lawyers have an hour of it. */
	struct legal_time soon = { { (s.e.service.now.s / 300 + 2) * 300 }, chosen.terminal };
	assert_int_equal(move(&s, soon, &verdict), LEGAL_FINE);
	CHECK(verdict_has(verdict, BOOKING_TOO_SOON));
	nothing_moved(&s);
	/* Somebody else is faster, for the same client: nobody can be at two visits. */
	struct actor other = lawyer_of(&s.e, "omar@law.example", PROFESSION_BARRISTER);
	verify(&s.e, other);
	struct legal_ask theirs = asking();
	struct reference reference;
	CHECK(legal_book(&s.e.service, &other, &theirs, chosen, &answer, &verdict, &reference) ==
	      OK);
	assert_int_equal(answer, LEGAL_FINE);
	CHECK(verdict_clean(verdict));
	int64_t leaves = estate_leaves(&s.e);
	assert_int_equal(move(&s, chosen, &verdict), LEGAL_FINE);
	CHECK(!verdict_clean(verdict));
	nothing_moved(&s);
	assert_int_equal(estate_leaves(&s.e), leaves);
	scene_close(&s);
}

static void only_the_booker_moves_it_and_only_by_what_it_is_for(void **state)
{
	struct scene s;
	struct verdict verdict;
	enum legal_answer answer;
	const struct legal_ask ask = asking();
	(void)state;
	scene_open(&s, &ask);
	find(&s, (struct date){ 0 });
	struct legal_time chosen = s.found->times[0];
	struct actor family = estate_family(&s.e, "amina@family.example");
	const struct actor others[] = { s.interpreter, family };
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		CHECK(legal_move_times(&s.e.service, &others[i], &s.e.arena, s.reference,
				       (struct date){ 0 }, (struct wall){ 0 },
				       s.found) == ERR_NOT_FOUND);
		CHECK(legal_move(&s.e.service, &others[i], s.reference, chosen, &answer,
				 &verdict) == ERR_NOT_FOUND);
	}
	struct actor clerk = officer(&s.e, "clerk@wandsworth.example", ROLE_VISITS_CLERK);
	CHECK(legal_move(&s.e.service, &clerk, s.reference, chosen, &answer, &verdict) ==
	      ERR_DENIED);
	const struct visit_move plain = { .reference = s.reference,
					  .start = chosen.start,
					  .minutes = 45 };
	CHECK(visit_move(&s.e.service, &s.lawyer, &plain, &verdict) == ERR_DENIED);
	nothing_moved(&s);
	CHECK(visit_cancel(&s.e.service, &s.lawyer, s.reference, STR("")) == OK);
	CHECK(legal_move_times(&s.e.service, &s.lawyer, &s.e.arena, s.reference, (struct date){ 0 },
			       (struct wall){ 0 }, s.found) == ERR_CONFLICT);
	CHECK(legal_move(&s.e.service, &s.lawyer, s.reference, chosen, &answer, &verdict) ==
	      ERR_CONFLICT);
	scene_close(&s);
}

static void a_firm_with_more_than_it_may_have_moves_none_of_it(void **state)
{
	struct scene s;
	struct verdict verdict;
	struct legal_ask ask = asking();
	(void)state;
	ask.cause = WAITING_FOR_NOTHING;
	ask.deadline = (struct date){ 0 };
	ask.minutes = 15;
	scene_open(&s, &ask);
	(void)booked(&s.e, s.lawyer, &ask);
	(void)booked(&s.e, s.lawyer, &ask); /* three: as many as a firm may */
	find(&s, (struct date){ 0 });
	assert_int_equal(move(&s, s.found->times[0], &verdict), LEGAL_FINE);
	CHECK(verdict_clean(verdict));
	s.before = see(&s);
	change(&s, "UPDATE prison_policy SET value = 1 WHERE name = 'firm_routine_max'");
	find(&s, (struct date){ 0 });
	assert_int_equal(move(&s, s.found->times[0], &verdict), LEGAL_BLOCK_BOOKED);
	nothing_moved(&s);
	scene_close(&s);
}

static void times_are_found_from_a_day_on(void **state)
{
	struct scene s;
	const struct date day = { 2026, 11, 26 };
	struct legal_ask ask = asking();
	(void)state;
	scene_open(&s, &ask);
	find(&s, (struct date){ 0 });
	CHECK(date_compare(local_date(s.found->times[0].start), day) < 0);
	find(&s, day);
	CHECK(s.found->count > 0);
	CHECK(date_compare(local_date(s.found->times[0].start), day) >= 0);
	scene_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_moved_visit_keeps_its_reference_its_people_and_its_first_moment),
		TEST(the_list_has_neither_its_own_time_nor_one_after_its_date),
		TEST(what_a_refused_move_would_have_taken_stays_free_and_its_own_time_its_own),
		TEST(only_the_booker_moves_it_and_only_by_what_it_is_for),
		TEST(a_firm_with_more_than_it_may_have_moves_none_of_it),
		TEST(times_are_found_from_a_day_on),
	};
	return RUN("service/legal_move", tests);
}
