#include "tests/store/estate.h"

#include "base/assert.h"
#include "service/hold.h"
#include "service/line.h"
#include "service/place.h"
#include "service/review.h"
#include "service/timetable.h"
#include "store/query.h"

/* Wandsworth of the sample: every half hour, day and night, two terminals. */
struct prison_day {
	struct estate estate;
	struct actor amina, farah, clerk, admin;
	struct visit_request request; /* Amina's and her child's */
};

static struct wall at(int month, int day, int minute)
{
	struct wall wall;
	(void)local_to_wall((struct date){ 2026, month, day }, minute, &wall);
	return wall;
}

static struct visit_request request_of(struct estate *e, const struct actor *family)
{
	struct contact_list contacts;
	struct visit_request request = { .minutes = 30 };
	CHECK(contacts_mine(&e->service, family, &e->arena, &contacts) == OK);
	CHECK(contacts.count > 0);
	request.prisoner = contacts.list[0].prisoner.id;
	for (size_t i = 0; i < contacts.count; i++)
		request.persons[request.person_count++] = contacts.list[i].person.id;
	return request;
}

static void open_day(struct prison_day *d)
{
	struct estate *e = &d->estate;
	estate_open(e);
	d->amina = estate_family(e, "amina@family.example");
	d->farah = estate_family(e, "farah@family.example");
	d->clerk = estate_staff(e, ROLE_VISITS_CLERK, "WWI");
	d->admin = estate_staff(e, ROLE_PRISON_ADMIN, "WWI");
	d->request = request_of(e, &d->amina);
}

static void close_day(struct prison_day *d)
{
	estate_close(&d->estate);
}

static int64_t number(struct estate *e, const char *sql)
{
	struct query q = query_of(e->service.store, sql);
	int64_t n = query_row(&q) ? query_column(&q, 0) : -1;
	CHECK(query_end(&q) == OK);
	return n;
}

static struct offer_query query_like(const struct visit_request *request, struct wall start)
{
	struct offer_query query = { .kind = request->kind,
				     .prisoner = request->prisoner,
				     .person_count = request->person_count,
				     .from = local_date(start),
				     .days = 1,
				     .minutes = request->minutes };
	memcpy(query.persons, request->persons, sizeof query.persons);
	return query;
}

/* What is said of a time; families see free times alone: NO_SESSION for others. */
static struct verdict said_of(struct estate *e, const struct actor *actor,
			      const struct visit_request *request, struct wall start)
{
	struct offer offer;
	struct offer_query query = query_like(request, start);
	struct verdict none = { 0 };
	CHECK(offer_times(&e->service, actor, &e->arena, &query, &offer) == OK);
	for (size_t i = 0; i < offer.count; i++)
		if (offer.times[i].start.s == start.s)
			return offer.times[i].verdict;
	verdict_add(&none, BOOKING_NO_SESSION);
	return none;
}

static bool offered(struct estate *e, const struct actor *actor,
		    const struct visit_request *request, struct wall start)
{
	return verdict_clean(said_of(e, actor, request, start));
}

static bool holds(struct estate *e, const struct actor *actor, struct visit_request request,
		  struct wall start)
{
	struct verdict verdict;
	struct wall until;
	request.start = start;
	CHECK(visit_hold(&e->service, actor, &request, &verdict, &until) == OK);
	if (verdict_clean(verdict))
		assert_int_equal(until.s, e->service.now.s + 600);
	return verdict_clean(verdict);
}

static struct reference booked(struct estate *e, const struct actor *actor,
			       struct visit_request request, struct wall start)
{
	struct verdict verdict;
	struct reference reference = { 0 };
	request.start = start;
	CHECK(visit_book(&e->service, actor, &request, &verdict, &reference) == OK);
	CHECK(verdict_clean(verdict));
	return reference;
}

static struct visit find(struct estate *e, struct reference reference)
{
	struct visit visit;
	CHECK(visit_find(&e->service, &SYSTEM_ACTOR, &e->arena, reference, &visit) == OK);
	return visit;
}

static size_t open_reviews(struct estate *e, const struct actor *clerk)
{
	struct review_list reviews;
	CHECK(reviews_find(&e->service, clerk, &e->arena, clerk->prison, REVIEW_OPEN, &reviews) ==
	      OK);
	return reviews.count;
}

/* ---- holds ---- */

static void a_chosen_time_is_held_ten_minutes_and_let_go_by_itself(void **state)
{
	(void)state;
	struct prison_day d;
	open_day(&d);
	struct estate *e = &d.estate;
	struct visit_request farahs = request_of(e, &d.farah);
	struct wall noon = at(11, 25, 720);
	CHECK(holds(e, &d.amina, d.request, noon));
	CHECK(offered(e, &d.amina, &d.request, noon)); /* her own hold is no obstacle */
	CHECK(holds(e, &d.farah, farahs, noon));
	/* Both terminals are held: for a prisoner of the clerk's own family there is none. */
	CHECK(verdict_has(said_of(e, &d.clerk, &d.request, noon), BOOKING_NO_TERMINAL));
	e->service.now.s += 599;
	CHECK(verdict_has(said_of(e, &d.clerk, &d.request, noon), BOOKING_NO_TERMINAL));
	e->service.now.s += 1;
	CHECK(offered(e, &d.clerk, &d.request, noon));
	struct visit_request clerks = d.request;
	(void)booked(e, &d.clerk, clerks, noon);
	assert_int_equal(number(e, "SELECT COUNT(*) FROM application WHERE state = 'IN_PROGRESS'"),
			 0);
	assert_int_equal(number(e, "SELECT COUNT(*) FROM slot_use WHERE visit IS NULL"), 0);
	close_day(&d);
}

static void a_booker_holds_one_time_for_a_prisoner(void **state)
{
	(void)state;
	struct prison_day d;
	open_day(&d);
	struct estate *e = &d.estate;
	CHECK(holds(e, &d.amina, d.request, at(11, 25, 720)));
	CHECK(holds(e, &d.amina, d.request, at(11, 26, 720)));
	assert_int_equal(number(e, "SELECT COUNT(*) FROM application WHERE state = 'IN_PROGRESS'"),
			 1);
	/* 6 steps of five minutes for the prisoner, the terminal and two people. */
	assert_int_equal(number(e, "SELECT COUNT(*) FROM slot_use WHERE visit IS NULL"), 24);
	(void)booked(e, &d.amina, d.request, at(11, 26, 720));
	assert_int_equal(number(e, "SELECT COUNT(*) FROM application WHERE state = 'ACCEPTED'"), 1);
	assert_int_equal(number(e, "SELECT COUNT(*) FROM slot_use WHERE visit IS NULL"), 0);
	close_day(&d);
}

static void forms_given_up_are_forgotten_after_a_day(void **state)
{
	(void)state;
	struct prison_day d;
	open_day(&d);
	struct estate *e = &d.estate;
	CHECK(holds(e, &d.amina, d.request, at(11, 25, 720)));
	e->service.now.s += 2 * 86400;
	CHECK(holds_sweep(&e->service) == OK);
	assert_int_equal(number(e, "SELECT COUNT(*) FROM application"), 0);
	CHECK(holds_sweep(&e->service) == OK); /* nothing left to write */
	close_day(&d);
}

/* ---- moving ---- */

static int64_t charged(struct estate *e, const char *month)
{
	const char *sql =
	    str_is(str_from(month), "nov")
		? "SELECT COALESCE(SUM(amount), 0) FROM ledger_entry "
		  "WHERE type <> 'MONTH' AND kind = 'VIDEO' AND month = 2026 * 12 + 10"
		: "SELECT COALESCE(SUM(amount), 0) FROM ledger_entry "
		  "WHERE type <> 'MONTH' AND kind = 'VIDEO' AND month = 2026 * 12 + 11";
	return number(e, sql);
}

static struct verdict moved(struct estate *e, const struct actor *actor, struct reference reference,
			    struct wall start, int minutes)
{
	struct visit_move move = { .reference = reference, .start = start, .minutes = minutes };
	struct verdict verdict;
	CHECK(visit_move(&e->service, actor, &move, &verdict) == OK);
	return verdict;
}

static void a_moved_visit_keeps_its_reference_and_its_minutes_change_months(void **state)
{
	(void)state;
	struct prison_day d;
	open_day(&d);
	struct estate *e = &d.estate;
	assert_int_equal(local_month(at(11, 30, 720)), 2026 * 12 + 10);
	struct reference reference = booked(e, &d.amina, d.request, at(11, 30, 720));
	int64_t november = charged(e, "nov"), december = charged(e, "dec");
	int64_t leaves = estate_leaves(e);
	CHECK(verdict_clean(moved(e, &d.amina, reference, at(12, 1, 600), 60)));
	assert_int_equal(estate_leaves(e), leaves + 1);
	struct visit visit = find(e, reference);
	CHECK(visit.state == VISIT_BOOKED && visit.start.s == at(12, 1, 600).s);
	CHECK(visit.minutes == 60 && visit.visitor_count == 2);
	assert_int_equal(charged(e, "nov"), november + 30);
	assert_int_equal(charged(e, "dec"), december - 60);
	assert_int_equal(number(e, "SELECT COUNT(*) FROM visit WHERE end_kind = 'MOVED'"), 1);
	CHECK(offered(e, &d.amina, &d.request, at(11, 30, 720)));
	close_day(&d);
}

static void the_first_time_stays_until_another_is_taken(void **state)
{
	(void)state;
	struct prison_day d;
	open_day(&d);
	struct estate *e = &d.estate;
	struct reference reference = booked(e, &d.amina, d.request, at(11, 30, 720));
	int64_t leaves = estate_leaves(e), november = charged(e, "nov");
	CHECK(!verdict_ok(moved(e, &d.amina, reference, at(11, 30, 725), 30))); /* no session */
	CHECK(!verdict_ok(moved(e, &d.amina, reference, at(12, 31, 720), 30))); /* too far */
	struct visit visit = find(e, reference);
	CHECK(visit.state == VISIT_BOOKED && visit.start.s == at(11, 30, 720).s);
	assert_int_equal(estate_leaves(e), leaves);
	assert_int_equal(charged(e, "nov"), november);
	CHECK(!offered(e, &d.amina, &d.request, at(11, 30, 720)));
	struct visit_move move = { .reference = reference, .start = at(12, 1, 0), .minutes = 30 };
	struct verdict verdict;
	CHECK(visit_move(&e->service, &d.farah, &move, &verdict) == ERR_NOT_FOUND);
	e->service.now = at(11, 30, 721); /* it has begun */
	CHECK(visit_move(&e->service, &d.amina, &move, &verdict) == ERR_CONFLICT);
	close_day(&d);
}

static void amending_a_visit_does_not_clash_with_itself(void **state)
{
	(void)state;
	struct prison_day d;
	open_day(&d);
	struct estate *e = &d.estate;
	struct reference reference = booked(e, &d.amina, d.request, at(11, 30, 720));
	struct offer_query query = query_like(&d.request, at(11, 30, 720));
	struct offer offer;
	query.minutes = 60;
	query.moving = reference;
	CHECK(offer_times(&e->service, &d.amina, &e->arena, &query, &offer) == OK);
	bool seen = false;
	for (size_t i = 0; i < offer.count; i++)
		seen |= offer.times[i].start.s == at(11, 30, 690).s;
	CHECK(seen);                                     /* 11:30 to 12:30 overlaps its own 12:00 */
	CHECK(find(e, reference).state == VISIT_BOOKED); /* the look changed nothing */
	CHECK(verdict_clean(moved(e, &d.amina, reference, at(11, 30, 690), 60)));
	assert_int_equal(find(e, reference).minutes, 60);
	close_day(&d);
}

/* ---- changes touch visits ---- */

static struct session_list sessions(struct estate *e, const struct actor *admin)
{
	struct session_list list;
	CHECK(sessions_find(&e->service, admin, &e->arena, admin->prison, &list) == OK);
	return list;
}

static void slots_survive_the_edit_of_their_session(void **state)
{
	(void)state;
	struct prison_day d;
	open_day(&d);
	struct estate *e = &d.estate;
	struct effect_list effects;
	struct reference reference = booked(e, &d.amina, d.request, at(11, 30, 720));
	struct session_edit edit = { .session = sessions(e, &d.admin).list[0],
				     .reason = STR("Mornings only") };
	edit.session.valid_from = (struct date){ 2026, 11, 28 };
	edit.session.end_minute = 600;
	int64_t leaves = estate_leaves(e);
	CHECK(session_save(&e->service, &d.admin, &e->arena, &edit, CHANGE_PREVIEW, &effects) ==
	      OK);
	CHECK(effects.count == 1 && verdict_has(effects.list[0].broken, BOOKING_NO_SESSION));
	assert_int_equal(estate_leaves(e), leaves); /* a preview changes nothing */
	assert_int_equal(open_reviews(e, &d.clerk), 0);
	CHECK(session_save(&e->service, &d.admin, &e->arena, &edit, CHANGE_SAVE, &effects) == OK);
	assert_int_equal(estate_leaves(e), leaves + 1);
	struct visit visit = find(e, reference);
	CHECK(visit.state == VISIT_BOOKED && visit.start.s == at(11, 30, 720).s);
	assert_int_equal(open_reviews(e, &d.clerk), 1);
	CHECK(offered(e, &d.amina, &d.request, at(11, 27, 780))); /* the old one until then */
	CHECK(!offered(e, &d.amina, &d.request, at(11, 28, 780)));
	CHECK(offered(e, &d.amina, &d.request, at(11, 28, 540)));
	close_day(&d);
}

static void an_exclude_date_flags_visits_and_cancels_none(void **state)
{
	(void)state;
	struct prison_day d;
	open_day(&d);
	struct estate *e = &d.estate;
	struct effect_list effects;
	struct exclude_date_list dates;
	struct reference reference = booked(e, &d.amina, d.request, at(11, 30, 720));
	struct exclude_date date = { .prison = d.admin.prison,
				     .day = { 2026, 11, 30 },
				     .reason = STR("Training day") };
	CHECK(exclude_date_add(&e->service, &d.clerk, &e->arena, &date, CHANGE_SAVE, &effects) ==
	      ERR_DENIED);
	CHECK(exclude_date_add(&e->service, &d.admin, &e->arena, &date, CHANGE_SAVE, &effects) ==
	      OK);
	CHECK(effects.count == 1);
	CHECK(find(e, reference).state == VISIT_BOOKED);
	CHECK(!offered(e, &d.amina, &d.request, at(11, 30, 840)));
	CHECK(verdict_has(said_of(e, &d.clerk, &d.request, at(11, 30, 840)), BOOKING_DATE_BLOCKED));
	assert_int_equal(open_reviews(e, &d.clerk), 1);
	CHECK(exclude_date_add(&e->service, &d.admin, &e->arena, &date, CHANGE_SAVE, &effects) ==
	      ERR_CONFLICT);
	CHECK(exclude_dates_find(&e->service, &d.admin, &e->arena, date.prison, &dates) == OK);
	CHECK(exclude_date_remove(&e->service, &d.admin, &e->arena, date.prison,
				  dates.list[0].id) == OK);
	assert_int_equal(open_reviews(e, &d.clerk), 0); /* what spoke against it is gone */
	CHECK(offered(e, &d.amina, &d.request, at(11, 30, 840)));
	close_day(&d);
}

static void a_cancelled_visit_is_no_longer_under_review(void **state)
{
	(void)state;
	struct prison_day d;
	open_day(&d);
	struct estate *e = &d.estate;
	struct effect_list effects;
	struct exclude_date date = { .prison = d.admin.prison,
				     .day = { 2026, 11, 30 },
				     .reason = STR("Training day") };
	struct reference first = booked(e, &d.amina, d.request, at(11, 30, 720));
	struct reference second = booked(e, &d.amina, d.request, at(11, 30, 780));
	CHECK(exclude_date_add(&e->service, &d.admin, &e->arena, &date, CHANGE_SAVE, &effects) ==
	      OK);
	assert_int_equal(open_reviews(e, &d.clerk), 2);
	CHECK(visit_cancel(&e->service, &d.clerk, first, STR("Training day")) == OK);
	assert_int_equal(open_reviews(e, &d.clerk), 1);
	struct review_list reviews;
	CHECK(reviews_of(&e->service, &d.clerk, &e->arena, second, &reviews) == OK);
	CHECK(review_acknowledge(&e->service, &d.admin, reviews.list[0].id, STR("x")) ==
	      ERR_DENIED);
	CHECK(review_acknowledge(&e->service, &d.clerk, reviews.list[0].id, STR("")) == ERR_BAD);
	CHECK(review_acknowledge(&e->service, &d.clerk, reviews.list[0].id,
				 STR("The governor lets it stand")) == OK);
	CHECK(review_acknowledge(&e->service, &d.clerk, reviews.list[0].id, STR("again")) ==
	      ERR_CONFLICT);
	assert_int_equal(open_reviews(e, &d.clerk), 0);
	close_day(&d);
}

static void a_rule_of_later_holds_for_visits_of_later(void **state)
{
	(void)state;
	struct prison_day d;
	open_day(&d);
	struct estate *e = &d.estate;
	struct effect_list effects;
	(void)booked(e, &d.amina, d.request, at(12, 5, 720));
	struct policy_setting set = { .prison = d.admin.prison,
				      .name = POLICY_CHILDREN_MAX,
				      .value = 0,
				      .valid_from = at(12, 1, 0),
				      .reason = STR("No children for a while") };
	CHECK(policy_preview(&e->service, &d.admin, &e->arena, &set, &effects) == OK);
	CHECK(effects.count == 1);
	CHECK(policy_set(&e->service, &d.admin, &e->arena, &set, &effects) == OK);
	CHECK(offered(e, &d.amina, &d.request, at(11, 30, 720)));
	CHECK(!offered(e, &d.amina, &d.request, at(12, 1, 720)));
	assert_int_equal(open_reviews(e, &d.clerk), 1);
	set.valid_from = at(11, 1, 0);
	CHECK(policy_set(&e->service, &d.admin, &e->arena, &set, &effects) == ERR_BAD);
	close_day(&d);
}

/* ---- places ---- */

static void rooms_blocks_and_regime_hide_times_and_say_why(void **state)
{
	(void)state;
	struct prison_day d;
	open_day(&d);
	struct estate *e = &d.estate;
	struct effect_list effects;
	struct place_list places;
	struct prison_code wwi = d.admin.prison;
	CHECK(places_find(&e->service, &d.admin, &e->arena, wwi, &places) == OK);
	assert_int_equal(places.room_count, 2);
	struct place_block block = { .from = at(11, 25, 720),
				     .to = at(11, 25, 780),
				     .reason = STR("Painting") };
	for (size_t i = 0; i < 2; i++) {
		block.room = places.rooms[i].id;
		CHECK(offered(e, &d.amina, &d.request, at(11, 25, 720)));
		CHECK(place_block_add(&e->service, &d.admin, &e->arena, wwi, &block, CHANGE_SAVE,
				      &effects) == OK);
	}
	CHECK(verdict_has(said_of(e, &d.clerk, &d.request, at(11, 25, 720)), BOOKING_NO_PLACE));
	CHECK(offered(e, &d.amina, &d.request, at(11, 25, 690)));
	CHECK(offered(e, &d.amina, &d.request, at(11, 25, 780))); /* half open */

	/* Protected hours: legal visits alone on Thursday from 9 to 11, in both rooms. */
	struct room_usage hours = {
		.weekdays = 1U << 4, .start_minute = 540, .end_minute = 660, .use = ROOM_USE_LEGAL
	};
	for (size_t i = 0; i < 2; i++) {
		hours.room = places.rooms[i].id;
		CHECK(room_set_use(&e->service, &d.admin, &e->arena, wwi, hours.room, true,
				   ROOM_USE_SCHEDULE, STR("Legal hours"), CHANGE_SAVE,
				   &effects) == OK);
		CHECK(room_hours_set(&e->service, &d.admin, &e->arena, wwi, &hours,
				     STR("Legal hours"), CHANGE_SAVE, &effects) == OK);
	}
	CHECK(!offered(e, &d.amina, &d.request, at(11, 26, 570)));
	CHECK(offered(e, &d.amina, &d.request, at(11, 26, 660)));
	struct visit_request legal = d.request;
	legal.kind = VISIT_LEGAL;
	CHECK(offered(e, &d.clerk, &legal, at(11, 26, 570)));

	struct regime_event dentist = { .prisoner = d.request.prisoner,
					.code = "MEDE",
					.from = at(11, 27, 725),
					.to = at(11, 27, 740) };
	CHECK(regime_add(&e->service, &d.clerk, &e->arena, &dentist, CHANGE_SAVE, &effects) == OK);
	CHECK(!offered(e, &d.amina, &d.request, at(11, 27, 720)));
	CHECK(offered(e, &d.amina, &d.request, at(11, 27, 750)));
	struct verdict verdict = said_of(e, &d.clerk, &d.request, at(11, 27, 720));
	CHECK(verdict_ok(verdict) && verdict_has(verdict, BOOKING_PRISONER_REGIME));
	snprintf(dentist.code, sizeof dentist.code, "NONE");
	CHECK(regime_add(&e->service, &d.clerk, &e->arena, &dentist, CHANGE_SAVE, &effects) ==
	      ERR_BAD);
	close_day(&d);
}

static void sessions_are_for_whom_they_are_for(void **state)
{
	(void)state;
	struct prison_day d;
	open_day(&d);
	struct estate *e = &d.estate;
	struct effect_list effects;
	struct session_group groups[1] = { { GROUP_LOCATION, STR("B") } };
	struct session_edit edit = { .session = sessions(e, &d.admin).list[0],
				     .reason = STR("By wings") };
	edit.session.valid_from = (struct date){ 2026, 11, 25 };
	edit.session.groups = groups; /* Amina's prisoner is on wing A */
	edit.session.group_count = 1;
	CHECK(session_save(&e->service, &d.admin, &e->arena, &edit, CHANGE_SAVE, &effects) == OK);
	CHECK(!offered(e, &d.amina, &d.request, at(11, 26, 720)));
	struct verdict verdict = said_of(e, &d.clerk, &d.request, at(11, 26, 720));
	CHECK(verdict_ok(verdict) && !verdict_clean(verdict));
	CHECK(verdict_has(verdict, BOOKING_NOT_ELIGIBLE));
	/* Staff may waive it, and must say why. */
	struct visit_request request = d.request;
	struct reference reference;
	request.start = at(11, 26, 720);
	CHECK(visit_book(&e->service, &d.clerk, &request, &verdict, &reference) == OK);
	CHECK(!verdict_clean(verdict));
	request.waiver = STR("Moves to wing B tomorrow");
	int64_t visits = number(e, "SELECT COUNT(*) FROM visit");
	CHECK(visit_book(&e->service, &d.clerk, &request, &verdict, &reference) == OK);
	assert_int_equal(number(e, "SELECT COUNT(*) FROM visit"), visits + 1);
	/* Nobody waives that a time is over. */
	e->service.now = wall_add_s(request.start, (int64_t)request.minutes * 60);
	CHECK(visit_book(&e->service, &d.clerk, &request, &verdict, &reference) == ERR_BAD);
	assert_int_equal(number(e, "SELECT COUNT(*) FROM visit"), visits + 1);
	close_day(&d);
}

static void staff_are_bound_by_fewer_rules_and_nobody_by_none(void **state)
{
	(void)state;
	struct prison_day d;
	open_day(&d);
	struct estate *e = &d.estate;
	struct effect_list effects;
	struct policy_setting set = { .prison = d.admin.prison,
				      .name = POLICY_NOTICE_DAYS,
				      .value = 2,
				      .valid_from = e->service.now,
				      .reason = STR("Movements") };
	CHECK(policy_set(&e->service, &d.admin, &e->arena, &set, &effects) == OK);
	/* Monday: two whole days between mean Thursday. */
	CHECK(!offered(e, &d.amina, &d.request, at(11, 25, 1410)));
	CHECK(offered(e, &d.amina, &d.request, at(11, 26, 0)));
	CHECK(offered(e, &d.clerk, &d.request, at(11, 24, 720)));
	set.name = POLICY_SOCIAL_ON;
	set.value = 0;
	CHECK(policy_set(&e->service, &d.admin, &e->arena, &set, &effects) == OK);
	CHECK(verdict_has(said_of(e, &d.clerk, &d.request, at(11, 26, 720)), BOOKING_KIND_OFF));
	CHECK(!verdict_ok(said_of(e, &d.clerk, &d.request, at(11, 26, 720))));
	close_day(&d);
}

static void the_line_and_the_sessions_bear_so_many_visits_at_once(void **state)
{
	(void)state;
	struct prison_day d;
	open_day(&d);
	struct estate *e = &d.estate;
	struct effect_list effects;
	struct visit_request farahs = request_of(e, &d.farah);
	(void)booked(e, &d.farah, farahs, at(11, 25, 720));
	CHECK(offered(e, &d.amina, &d.request, at(11, 25, 720)));
	struct policy_setting set = { .prison = d.admin.prison,
				      .name = POLICY_LINK_CALLS_MAX,
				      .value = 2,
				      .valid_from = e->service.now,
				      .reason = STR("Slow line") };
	CHECK(policy_set(&e->service, &d.admin, &e->arena, &set, &effects) == OK);
	CHECK(offered(e, &d.amina, &d.request, at(11, 25, 720)));
	set.name = POLICY_LINK_CALLS_RESERVE;
	set.value = 1;
	CHECK(policy_set(&e->service, &d.admin, &e->arena, &set, &effects) == OK);
	CHECK(verdict_has(said_of(e, &d.clerk, &d.request, at(11, 25, 720)), BOOKING_LINK_FULL));
	CHECK(offered(e, &d.amina, &d.request, at(11, 25, 750)));
	set.value = 0;
	CHECK(policy_set(&e->service, &d.admin, &e->arena, &set, &effects) == OK);
	CHECK(offered(e, &d.amina, &d.request, at(11, 25, 720)));
	/* The line bears one visit of 130 kbit/s: 300 less a fifth in reserve. */
	set.name = POLICY_LINK_UP_KBIT;
	set.value = 300;
	CHECK(policy_set(&e->service, &d.admin, &e->arena, &set, &effects) == OK);
	CHECK(verdict_has(said_of(e, &d.clerk, &d.request, at(11, 25, 720)), BOOKING_LINK_FULL));
	CHECK(offered(e, &d.amina, &d.request, at(11, 25, 750)));
	set.value = 330;
	CHECK(policy_set(&e->service, &d.admin, &e->arena, &set, &effects) == OK);
	CHECK(offered(e, &d.amina, &d.request, at(11, 25, 720)));
	struct session_edit edit = { .session = sessions(e, &d.admin).list[0],
				     .reason = STR("One at a time") };
	edit.session.valid_from = local_date(e->service.now);
	edit.session.open_capacity = 1;
	CHECK(session_save(&e->service, &d.admin, &e->arena, &edit, CHANGE_SAVE, &effects) == OK);
	(void)booked(e, &d.farah, farahs, at(11, 26, 720));
	CHECK(verdict_has(said_of(e, &d.clerk, &d.request, at(11, 26, 720)), BOOKING_SESSION_FULL));
	/* Staff may open one more place of it, with a reason; a family may not. */
	struct verdict verdict;
	struct reference reference;
	struct visit_request more = d.request;
	more.start = at(11, 26, 720);
	CHECK(visit_book(&e->service, &d.amina, &more, &verdict, &reference) == OK);
	CHECK(!verdict_ok(verdict) && verdict_has(verdict, BOOKING_SESSION_FULL));
	CHECK(visit_book(&e->service, &d.clerk, &more, &verdict, &reference) == OK);
	CHECK(verdict_ok(verdict) && !verdict_clean(verdict));
	more.waiver = STR("The family travels far and comes once a year");
	CHECK(visit_book(&e->service, &d.clerk, &more, &verdict, &reference) == OK);
	CHECK(verdict_passes(verdict, true) && !str_empty(str_from(reference.text)));
	close_day(&d);
}

static void on_the_nights_when_clocks_change_no_visit_is_lost_or_doubled(void **state)
{
	(void)state;
	static const struct {
		struct date night;
		int times; /* half hours from 0:00 to 4:00 that exist */
	} NIGHTS[] = {
		{ { 2026, 10, 25 }, 8 }, /* 1:00 comes twice and is held once */
		{ { 2027, 3, 28 }, 6 },  /* 1:00 to 2:00 does not come */
	};
	for (size_t n = 0; n < ARRAY_LEN(NIGHTS); n++) {
		struct estate e;
		struct offer offer;
		estate_open_at(&e, local_midnight(date_add_days(NIGHTS[n].night, -2)), 1);
		struct actor amina = estate_family(&e, "amina@family.example");
		struct visit_request request = request_of(&e, &amina);
		struct offer_query query = query_like(&request, local_midnight(NIGHTS[n].night));
		CHECK(offer_times(&e.service, &amina, &e.arena, &query, &offer) == OK);
		struct wall four;
		(void)local_to_wall(NIGHTS[n].night, 240, &four);
		int times = 0;
		for (size_t i = 0; i < offer.count && offer.times[i].start.s < four.s; i++) {
			times++;
			if (i)
				CHECK(offer.times[i].start.s >= offer.times[i - 1].start.s + 1800);
		}
		assert_int_equal(times, NIGHTS[n].times);
		request.start = offer.times[2].start;
		(void)booked(&e, &amina, request, offer.times[2].start);
		estate_close(&e);
	}
}

static void families_are_told_the_next_time_that_works(void **state)
{
	(void)state;
	struct prison_day d;
	open_day(&d);
	struct estate *e = &d.estate;
	struct effect_list effects;
	struct offered_time next;
	struct policy_setting set = { .prison = d.admin.prison,
				      .name = POLICY_OPEN_FROM_DAY,
				      .value = date_to_days((struct date){ 2026, 12, 9 }),
				      .valid_from = e->service.now,
				      .reason = STR("The line opens then") };
	CHECK(policy_set(&e->service, &d.admin, &e->arena, &set, &effects) == OK);
	struct offer_query query = query_like(&d.request, e->service.now);
	CHECK(offer_next(&e->service, &d.amina, &e->arena, &query, &next) == OK);
	assert_int_equal(next.start.s, at(12, 9, 0).s);
	set.value = date_to_days((struct date){ 2027, 12, 9 });
	CHECK(policy_set(&e->service, &d.admin, &e->arena, &set, &effects) == OK);
	CHECK(offer_next(&e->service, &d.amina, &e->arena, &query, &next) == OK);
	assert_int_equal(next.start.s, 0);
	close_day(&d);
}

/* ---- the line ---- */

/* In two parts, as two programs tell it: full for thirty seconds, and then it carried so much. */
static void note_day(struct prison_day *d, int day, int kbit)
{
	struct line_way part = {
		.seconds = 3600, .most_kbit = 900, .full_s = 15, .full_kbit = 15 * kbit
	};
	struct line_day half = { .day = { 2026, 11, day },
				 .up = part,
				 .down = { .seconds = 3600 } };
	for (int i = 0; i < 2; i++)
		CHECK(line_note(&d->estate.service, &SYSTEM_ACTOR, d->admin.prison, &half) == OK);
}

/* As each night; how many lines were looked at. */
static int look_at_lines(struct prison_day *d)
{
	struct prison_code after = { 0 };
	int looked = 0;
	for (; looked < 10; looked++) {
		CHECK(line_look(&d->estate.service, &SYSTEM_ACTOR, &after) == OK);
		if (prison_code_empty(after))
			break;
	}
	return looked;
}

static int64_t found_up(struct prison_day *d)
{
	struct policy policy;
	CHECK(policy_find(&d->estate.service, d->admin.prison, &policy) == OK);
	return policy.values[POLICY_LINK_FOUND_UP_KBIT];
}

static void a_line_that_shows_to_carry_less_is_booked_by_that_until_it_does_not(void **state)
{
	(void)state;
	struct prison_day d;
	open_day(&d);
	struct estate *e = &d.estate;
	struct wall noon = at(11, 25, 720), later = at(11, 25, 900);
	struct line_day none = { .day = { 2026, 11, 22 } };
	struct prison_code after = { 0 };
	struct reference reference = booked(e, &d.amina, d.request, noon);
	CHECK(line_note(&e->service, &d.admin, d.admin.prison, &none) == ERR_DENIED);
	CHECK(line_look(&e->service, &d.admin, &after) == ERR_DENIED);
	for (int day = 18; day <= 21; day++)
		note_day(&d, day, 300 + day);
	assert_int_equal(look_at_lines(&d), 1);
	assert_int_equal(found_up(&d), 0); /* four days say nothing yet */
	note_day(&d, 22, 120);
	assert_int_equal(look_at_lines(&d), 1);
	/* Of 120, 318, 319, 320 and 321: one bad day does not count. */
	assert_int_equal(found_up(&d), 310);
	CHECK(offered(e, &d.clerk, &d.request, later));
	note_day(&d, 17, 110);
	int64_t leaves = number(e, "SELECT COUNT(*) FROM audit_leaf");
	assert_int_equal(look_at_lines(&d), 1);
	assert_int_equal(found_up(&d), 120); /* of which four fifths bear no visit */
	CHECK(number(e, "SELECT COUNT(*) FROM audit_leaf") > leaves);
	CHECK(verdict_has(said_of(e, &d.clerk, &d.request, later), BOOKING_LINK_FULL));
	assert_int_equal(number(e, "SELECT COUNT(*) FROM visit_review r JOIN visit v ON v.id = "
				   "r.visit WHERE r.state = 'OPEN' AND v.state = 'BOOKED' AND "
				   "v.start_at = 1795608000"),
			 1);
	CHECK(find(e, reference).state == VISIT_BOOKED);
	leaves = number(e, "SELECT COUNT(*) FROM audit_leaf");
	assert_int_equal(look_at_lines(&d), 1); /* nothing new, and nothing is written */
	assert_int_equal(number(e, "SELECT COUNT(*) FROM audit_leaf"), leaves);
	e->service.now = at(12, 6, 600);
	assert_int_equal(look_at_lines(&d), 1);
	assert_int_equal(found_up(&d), 0); /* two weeks without such days: as it should be */
	e->service.now.s += 100 * (int64_t)86400;
	(void)look_at_lines(&d);
	assert_int_equal(number(e, "SELECT COUNT(*) FROM line_day"), 0);
	close_day(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_line_that_shows_to_carry_less_is_booked_by_that_until_it_does_not),
		TEST(a_chosen_time_is_held_ten_minutes_and_let_go_by_itself),
		TEST(a_booker_holds_one_time_for_a_prisoner),
		TEST(forms_given_up_are_forgotten_after_a_day),
		TEST(a_moved_visit_keeps_its_reference_and_its_minutes_change_months),
		TEST(the_first_time_stays_until_another_is_taken),
		TEST(amending_a_visit_does_not_clash_with_itself),
		TEST(slots_survive_the_edit_of_their_session),
		TEST(an_exclude_date_flags_visits_and_cancels_none),
		TEST(a_cancelled_visit_is_no_longer_under_review),
		TEST(a_rule_of_later_holds_for_visits_of_later),
		TEST(rooms_blocks_and_regime_hide_times_and_say_why),
		TEST(sessions_are_for_whom_they_are_for),
		TEST(staff_are_bound_by_fewer_rules_and_nobody_by_none),
		TEST(the_line_and_the_sessions_bear_so_many_visits_at_once),
		TEST(on_the_nights_when_clocks_change_no_visit_is_lost_or_doubled),
		TEST(families_are_told_the_next_time_that_works),
	};
	return RUN("service/times", tests);
}
