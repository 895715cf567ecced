#include "tests/store/estate.h"

#include "base/assert.h"
#include "service/adjustment.h"
#include "service/booking.h"
#include "service/live.h"
#include "service/post.h"

/* Amina, approved for Daniel; her daughter comes along. */
struct scene {
	struct estate e;
	struct actor amina, clerk, leeds;
	struct contact contact;
};

static void scene_open(struct scene *s)
{
	struct contact_list contacts;
	*s = (struct scene){ 0 };
	estate_open(&s->e);
	s->amina = estate_family(&s->e, "amina@family.example");
	s->clerk = estate_staff(&s->e, ROLE_VISITS_CLERK, "WWI");
	s->leeds = estate_staff(&s->e, ROLE_VISITS_CLERK, "LEI");
	CHECK(contacts_mine(&s->e.service, &s->amina, &s->e.arena, &contacts) == OK);
	s->contact = contacts.list[0];
}

static enum err ask(struct scene *s, enum adjustment_kind kind, const char *words)
{
	return adjustment_ask(&s->e.service, &s->amina, s->contact.id, kind, str_from(words));
}

static struct adjustment waiting(struct scene *s)
{
	struct adjustment_list all;
	CHECK(adjustments_waiting(&s->e.service, &s->clerk, &s->e.arena, &all) == OK);
	CHECK(all.count == 1);
	return all.list[0];
}

static enum err decide(struct scene *s, const struct actor *actor, struct adjustment_id id,
		       bool agree, int minutes, const char *reason)
{
	return adjustment_decide(&s->e.service, actor, id,
				 &(struct adjustment_decision){ agree, minutes, str_from(reason) });
}

/* Asked for and agreed. */
static struct adjustment_id agreed(struct scene *s, enum adjustment_kind kind, int minutes)
{
	CHECK(ask(s, kind, "") == OK);
	struct adjustment_id id = waiting(s).id;
	CHECK(decide(s, &s->clerk, id, true, minutes, "") == OK);
	return id;
}

static void the_booker_asks_and_the_prison_answers(void **state)
{
	(void)state;
	struct scene s;
	struct contact contact;
	struct adjustment_list mine;
	scene_open(&s);
	CHECK(ask(&s, ADJUSTMENT_OTHER, " ") == ERR_BAD);
	CHECK(ask(&s, ADJUSTMENT_KIND_COUNT, "x") == ERR_BAD);
	CHECK(ask(&s, ADJUSTMENT_LONGER, "We use a speech aid") == OK);
	CHECK(ask(&s, ADJUSTMENT_LONGER, "") == ERR_CONFLICT);
	struct adjustment a = waiting(&s);
	CHECK(a.kind == ADJUSTMENT_LONGER && str_is(a.words, "We use a speech aid"));
	CHECK(str_is(a.person_name, "Amina Okoro") && str_is(a.prisoner_name, "Daniel Okoro"));

	CHECK(decide(&s, &s.clerk, a.id, false, 0, " ") == ERR_BAD); /* a no has its reason */
	CHECK(decide(&s, &s.clerk, a.id, true, 0, "") == ERR_BAD);   /* and a yes its minutes */
	CHECK(decide(&s, &s.clerk, a.id, true, 33, "") == ERR_BAD);
	CHECK(decide(&s, &s.clerk, a.id, false, 0, "Ask the governor first") == OK);
	CHECK(decide(&s, &s.clerk, a.id, true, 30, "") == ERR_CONFLICT);
	CHECK(adjustments_mine(&s.e.service, &s.amina, &s.e.arena, s.contact.id, &contact, &mine) ==
	      OK);
	CHECK(mine.count == 1 && mine.list[0].state == ADJUSTMENT_REFUSED);
	CHECK(str_is(mine.list[0].reason, "Ask the governor first"));
	CHECK(ask(&s, ADJUSTMENT_LONGER, "") == OK); /* anew */
	estate_close(&s.e);
}

static void nobody_else_asks_sees_or_decides(void **state)
{
	(void)state;
	struct scene s;
	struct contact contact;
	struct adjustment_list all;
	struct adjustment found;
	scene_open(&s);
	struct actor ben = estate_family(&s.e, "ben@family.example");
	struct actor monitor = estate_staff(&s.e, ROLE_MONITOR, "WWI");
	CHECK(ask(&s, ADJUSTMENT_SIGN, "") == OK);
	struct adjustment_id id = waiting(&s).id;
	struct service *service = &s.e.service;
	CHECK(adjustment_ask(service, &ben, s.contact.id, ADJUSTMENT_SIGN, STR("")) ==
	      ERR_NOT_FOUND);
	CHECK(adjustments_mine(service, &ben, &s.e.arena, s.contact.id, &contact, &all) ==
	      ERR_NOT_FOUND);
	CHECK(adjustment_withdraw(service, &ben, id) == ERR_NOT_FOUND);
	CHECK(adjustment_withdraw(service, &s.clerk, id) == ERR_DENIED);
	CHECK(adjustment_find(service, &s.leeds, &s.e.arena, id, &found) == ERR_NOT_FOUND);
	CHECK(adjustments_of(service, &s.leeds, &s.e.arena, s.contact.id, &all) == ERR_NOT_FOUND);
	CHECK(adjustments_waiting(service, &s.leeds, &s.e.arena, &all) == OK && all.count == 0);
	CHECK(adjustments_waiting(service, &s.amina, &s.e.arena, &all) == ERR_DENIED);
	CHECK(decide(&s, &s.leeds, id, true, 0, "") == ERR_NOT_FOUND);
	CHECK(decide(&s, &monitor, id, true, 0, "") == ERR_DENIED);
	CHECK(decide(&s, &s.amina, id, true, 0, "") == ERR_DENIED);
	estate_close(&s.e);
}

static void what_is_agreed_ends_by_either_side(void **state)
{
	(void)state;
	struct scene s;
	scene_open(&s);
	struct adjustment_id id = agreed(&s, ADJUSTMENT_SIGN, 0);
	CHECK(ask(&s, ADJUSTMENT_SIGN, "") == ERR_CONFLICT);
	CHECK(adjustment_withdraw(&s.e.service, &s.amina, id) == OK);
	CHECK(adjustment_withdraw(&s.e.service, &s.amina, id) == ERR_CONFLICT);
	id = agreed(&s, ADJUSTMENT_SIGN, 0);
	CHECK(decide(&s, &s.clerk, id, true, 0, "") == ERR_CONFLICT);
	CHECK(decide(&s, &s.clerk, id, false, 0, "The interpreter has left") == OK);
	CHECK(adjustment_withdraw(&s.e.service, &s.amina, id) == ERR_CONFLICT);
	estate_close(&s.e);
}

/* ---- in the offer and the account ---- */

static struct offer offer_of(struct scene *s)
{
	struct offer offer;
	struct offer_query query = { .kind = VISIT_SOCIAL,
				     .prisoner = s->contact.prisoner.id,
				     .person_count = 1,
				     .persons = { s->contact.person.id },
				     .from = date_add_days(local_date(s->e.service.now), 3),
				     .days = 1 };
	CHECK(offer_times(&s->e.service, &s->amina, &s->e.arena, &query, &offer) == OK);
	return offer;
}

static const struct offered_time *longest_of(const struct offer *offer)
{
	size_t most = 0;
	CHECK(offer->count > 0);
	for (size_t i = 1; i < offer->count; i++)
		if (offer->times[i].minutes > offer->times[most].minutes)
			most = i;
	return &offer->times[most];
}

static int longest(const struct offer *offer)
{
	return longest_of(offer)->minutes;
}

static struct visit book(struct scene *s, const struct offered_time *time)
{
	struct verdict verdict;
	struct reference reference;
	struct visit visit = { 0 };
	struct visit_request request = { .kind = VISIT_SOCIAL,
					 .prisoner = s->contact.prisoner.id,
					 .person_count = 1,
					 .persons = { s->contact.person.id },
					 .start = time->start,
					 .minutes = time->minutes };
	CHECK(visit_book(&s->e.service, &s->amina, &request, &verdict, &reference) == OK);
	CHECK(verdict_clean(verdict));
	CHECK(visit_find(&s->e.service, &s->amina, &s->e.arena, reference, &visit) == OK);
	return visit;
}

static void longer_visits_are_offered_and_their_minutes_cost_nothing(void **state)
{
	(void)state;
	struct scene s;
	scene_open(&s);
	struct offer usual = offer_of(&s);
	(void)agreed(&s, ADJUSTMENT_LONGER, 30);
	struct offer longer = offer_of(&s);
	CHECK(longer.longer_minutes == 30 && usual.longer_minutes == 0);
	assert_int_equal(longest(&longer), longest(&usual) + 30);

	struct visit visit = book(&s, longest_of(&longer));
	CHECK(visit.free_minutes == 30 && visit_paid_minutes(&visit) == longest(&usual));
	assert_int_equal(offer_of(&s).allowance_left, usual.allowance_left - longest(&usual));
	CHECK(visit_cancel(&s.e.service, &s.amina, visit.reference, STR("")) == OK);
	assert_int_equal(offer_of(&s).allowance_left, usual.allowance_left);
	estate_close(&s.e);
}

static void who_uses_all_of_a_longer_visit_pays_for_the_usual_part(void **state)
{
	(void)state;
	struct scene s;
	enum joining answer;
	scene_open(&s);
	(void)agreed(&s, ADJUSTMENT_LONGER, 30);
	struct offer offer = offer_of(&s);
	struct visit visit = book(&s, longest_of(&offer));
	s.e.service.now = visit.start;
	struct actor terminal = estate_terminal(&s.e);
	terminal.terminal = visit.terminal;
	CHECK(lobby_enter(&s.e.service, &s.amina, visit.reference, &answer) == OK);
	CHECK(lobby_enter(&s.e.service, &terminal, visit.reference, &answer) == OK);
	CHECK(visitor_admit(&s.e.service, &s.clerk, visit.reference, s.contact.person.id) == OK);
	for (int i = 0; i < visit.minutes * 6; i++)
		CHECK(visit_hearing(&s.e.service, &SYSTEM_ACTOR, visit.id, 10) == OK);
	s.e.service.now = visit_slot_end(&visit);
	CHECK(visit_end(&s.e.service, &SYSTEM_ACTOR, visit.reference, END_LEFT, STR("")) == OK);
	CHECK(visit_find(&s.e.service, &s.amina, &s.e.arena, visit.reference, &visit) == OK);
	CHECK(visit.state == VISIT_COMPLETED && visit.used_s == visit.minutes * 60);
	assert_int_equal(visit.counted_minutes, visit.minutes - 30);
	struct allowance_view left;
	CHECK(allowance_find(&s.e.service, &s.amina, &s.e.arena, visit.prisoner, &left) == OK);
	assert_int_equal(left.left, offer.allowance_left - visit.counted_minutes);
	estate_close(&s.e);
}

static void a_signed_language_goes_before_on_the_line_and_staff_see_it(void **state)
{
	(void)state;
	struct scene s;
	struct join join;
	struct adjustment_list in;
	scene_open(&s);
	CHECK(join_authorise(&s.e.service, &s.amina, &s.e.arena, s.e.sample.joinable, &join) == OK);
	int before = join.line_weight;
	CHECK(!join.signs);
	(void)agreed(&s, ADJUSTMENT_SIGN, 0);
	CHECK(join_authorise(&s.e.service, &s.amina, &s.e.arena, s.e.sample.joinable, &join) == OK);
	CHECK(join.line_weight > before && join.signs);
	struct actor terminal = estate_terminal(&s.e);
	CHECK(join_authorise(&s.e.service, &terminal, &s.e.arena, s.e.sample.joinable, &join) ==
	      OK);
	CHECK(join.signs); /* both sides */
	CHECK(adjustments_in(&s.e.service, &s.clerk, &s.e.arena, s.e.sample.joinable, &in) == OK);
	CHECK(in.count == 1 && in.list[0].kind == ADJUSTMENT_SIGN);
	CHECK(adjustments_in(&s.e.service, &s.leeds, &s.e.arena, s.e.sample.joinable, &in) ==
	      ERR_NOT_FOUND);
	estate_close(&s.e);
}

static void the_answer_is_told(void **state)
{
	(void)state;
	struct scene s;
	struct post_view post;
	scene_open(&s);
	struct adjustment_id id = agreed(&s, ADJUSTMENT_SIGN, 0);
	CHECK(decide(&s, &s.clerk, id, false, 0, "The interpreter has left") == OK);
	struct actor inspector = estate_staff(&s.e, ROLE_INSPECTOR, NULL);
	CHECK(post_view(&s.e.service, &inspector, &s.e.arena, (struct prison_code){ 0 },
			MESSAGE_WAITING, &post) == OK);
	int told = 0;
	for (size_t i = 0; i < post.count; i++)
		told += post.list[i].object == id.n &&
			(post.list[i].kind == MESSAGE_ADJUSTMENT_AGREED ||
			 post.list[i].kind == MESSAGE_ADJUSTMENT_REFUSED);
	assert_int_equal(told, 2);
	estate_close(&s.e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_booker_asks_and_the_prison_answers),
		TEST(nobody_else_asks_sees_or_decides),
		TEST(what_is_agreed_ends_by_either_side),
		TEST(longer_visits_are_offered_and_their_minutes_cost_nothing),
		TEST(who_uses_all_of_a_longer_visit_pays_for_the_usual_part),
		TEST(a_signed_language_goes_before_on_the_line_and_staff_see_it),
		TEST(the_answer_is_told),
	};
	return RUN("service/adjustment", tests);
}
