#include "tests/store/estate.h"

#include "base/assert.h"
#include "domain/local_time.h"
#include "service/ask.h"
#include "service/incident.h"
#include "service/oversight.h"
#include "service/safeguard.h"
#include "store/message.h"
#include "store/query.h"
#include "store/review.h"
#include "store/slot_use.h"
#include "store/visit.h"

struct running {
	struct estate e;
	struct actor family, terminal, officer;
	struct reference reference;
	struct visit visit;
};

static struct visit again(struct running *r)
{
	struct visit visit;
	CHECK(visit_find(&r->e.service, &SYSTEM_ACTOR, &r->e.arena, r->reference, &visit) == OK);
	return visit;
}

/* The sample's visit, live since just now. */
static void run(struct running *r)
{
	enum joining answer;
	*r = (struct running){ 0 };
	estate_open(&r->e);
	r->reference = r->e.sample.joinable;
	r->family = estate_family(&r->e, "amina@family.example");
	r->terminal = estate_terminal(&r->e);
	r->officer = estate_staff(&r->e, ROLE_MONITOR, "WWI");
	CHECK(lobby_enter(&r->e.service, &r->family, r->reference, &answer) == OK);
	CHECK(lobby_enter(&r->e.service, &r->terminal, r->reference, &answer) == OK);
	r->visit = again(r);
	CHECK(visitor_admit(&r->e.service, &r->officer, r->reference,
			    r->visit.visitors[0].person) == OK);
	CHECK(visit_hearing(&r->e.service, &SYSTEM_ACTOR, r->visit.id, 1) == OK);
	r->visit = again(r);
	CHECK(r->visit.state == VISIT_LIVE);
}

static void later(struct running *r, int64_t s)
{
	r->e.service.now.s += s;
}

static enum act_answer act_as(struct running *r, const struct actor *actor, struct visit_act wish)
{
	enum act_answer answer;
	int64_t leaves = estate_leaves(&r->e);
	CHECK(visit_do(&r->e.service, actor, r->reference, &wish, &answer) == OK);
	CHECK(estate_leaves(&r->e) == leaves + (answer == ACT_OK));
	return answer;
}

static enum act_answer act(struct running *r, struct visit_act wish)
{
	return act_as(r, &r->officer, wish);
}

/* The visit once more, of another kind or another time. */
static void insert_copy(struct running *r, struct visit *copy)
{
	struct visit booked = *copy;
	booked.state = VISIT_BOOKED;
	CHECK(store_visit_insert(r->e.service.store, &booked) == OK);
	CHECK(store_visit_update(r->e.service.store, copy) == OK);
}

static struct oversight sum(struct running *r)
{
	struct oversight out;
	CHECK(oversight_sum(&r->e.service, &SYSTEM_ACTOR, &r->e.arena, r->visit.id, &out) == OK);
	return out;
}

#define WISH(...) ((struct visit_act){ __VA_ARGS__ })
#define WHY       .words = STR("Somebody else came in.")

static void acts_add_up_each_with_one_leaf(void **state)
{
	(void)state;
	struct running r;
	run(&r);
	CHECK(act(&r, WISH(.act = ACT_PAUSE)) == ACT_NO_WORDS);
	CHECK(act(&r, WISH(.act = ACT_PAUSE, .side = SIDE_BOTH, WHY)) == ACT_NO_SIDE);
	CHECK(act(&r, WISH(.act = ACT_PAUSE, WHY)) == ACT_OK);
	CHECK(act(&r, WISH(.act = ACT_PAUSE, WHY)) == ACT_SO_ALREADY);
	later(&r, 90);
	struct oversight o = sum(&r);
	CHECK(o.paused_at.s && oversight_paused_s(&o, r.e.service.now) == 90);
	CHECK(act(&r, WISH(.act = ACT_RESUME)) == ACT_OK);
	CHECK(act(&r, WISH(.act = ACT_RESUME)) == ACT_SO_ALREADY);
	CHECK(act(&r, WISH(.act = ACT_MUTE, .side = SIDE_BOTH, WHY)) == ACT_NO_SIDE);
	CHECK(act(&r, WISH(.act = ACT_MUTE, .side = SIDE_VISITOR, WHY)) == ACT_OK);
	CHECK(act(&r, WISH(.act = ACT_BLANK, .side = SIDE_PRISONER, WHY)) == ACT_OK);
	later(&r, 30);
	o = sum(&r);
	CHECK(!o.paused_at.s && oversight_paused_s(&o, r.e.service.now) == 90);
	CHECK(o.muted[SIDE_VISITOR] && !o.muted[SIDE_PRISONER]);
	CHECK(o.blanked[SIDE_PRISONER] && !o.blanked[SIDE_VISITOR]);
	CHECK(act(&r, WISH(.act = ACT_UNMUTE, .side = SIDE_VISITOR)) == ACT_OK);
	CHECK(act(&r, WISH(.act = ACT_UNMUTE, .side = SIDE_VISITOR)) == ACT_SO_ALREADY);

	struct oversight_record record;
	CHECK(oversight_find(&r.e.service, &r.officer, &r.e.arena, r.reference, &record) == OK);
	CHECK(record.acts.count == 5);
	for (size_t i = 0; i < record.acts.count; i++)
		CHECK(record.acts.list[i].seq == (int64_t)i + 1);
	CHECK(record.acts.list[1].act == ACT_RESUME && record.acts.list[1].amount == 90);
	CHECK(str_is(record.acts.list[0].words, "Somebody else came in."));
	CHECK(visit_end(&r.e.service, &r.officer, r.reference, END_STAFF, STR("Over")) == OK);
	CHECK(act(&r, WISH(.act = ACT_PAUSE, WHY)) == ACT_NOT_RUNNING);
	estate_close(&r.e);
}

static void who_may_do_what(void **state)
{
	(void)state;
	struct running r;
	run(&r);
	const unsigned staff =
	    1u << ROLE_MONITOR | 1u << ROLE_DUTY_GOVERNOR | 1u << ROLE_VISITS_CLERK;
	const unsigned sides = 1u << ROLE_FAMILY | 1u << ROLE_TERMINAL;
	for (unsigned role = 0; role < ROLE_COUNT; role++) {
		struct actor actor = r.officer;
		actor.role = (enum role)role;
		if (role == ROLE_FAMILY)
			actor = r.family;
		if (role == ROLE_TERMINAL)
			actor = r.terminal;
		if (role == ROLE_GUEST)
			continue; /* of one visit, by a link */
		for (unsigned a = 0; a < ACT_COUNT; a++) {
			bool said = a == ACT_ACKNOWLEDGE || a == ACT_REPORT || a == ACT_NOT_PRIVATE;
			unsigned who = said ? sides : staff;
			if (a == ACT_PAUSE || a == ACT_RESUME)
				who |= 1u << ROLE_SYSTEM;
			struct visit_act wish = { .act = (enum act)a, .side = SIDE_NONE };
			enum act_answer answer;
			enum err err = visit_do(&r.e.service, &actor, r.reference, &wish, &answer);
			CHECK((err == OK) == ((who >> role & 1) != 0));
			CHECK(err == OK || err == ERR_DENIED);
		}
	}
	struct actor stranger = estate_family(&r.e, "ben@family.example");
	struct actor leeds = estate_staff(&r.e, ROLE_MONITOR, "LEI");
	enum act_answer answer;
	CHECK(visit_do(&r.e.service, &stranger, r.reference, &WISH(.act = ACT_REPORT), &answer) ==
	      ERR_NOT_FOUND);
	CHECK(visit_do(&r.e.service, &leeds, r.reference, &WISH(.act = ACT_PAUSE, WHY), &answer) ==
	      ERR_NOT_FOUND);
	estate_close(&r.e);
}

static void each_side_speaks_for_itself_alone(void **state)
{
	(void)state;
	struct running r;
	run(&r);
	CHECK(act_as(&r, &r.family, WISH(.act = ACT_REPORT, .side = SIDE_PRISONER)) == ACT_OK);
	struct oversight o = sum(&r);
	CHECK(o.reported && o.said[SIDE_VISITOR] == 1 && o.said[SIDE_PRISONER] == 0);
	for (int i = 1; i < ACTS_SAID_MAX; i++)
		CHECK(act_as(&r, &r.family, WISH(.act = ACT_REPORT)) == ACT_OK);
	CHECK(act_as(&r, &r.family, WISH(.act = ACT_REPORT)) == ACT_TOO_MANY);
	CHECK(act_as(&r, &r.terminal, WISH(.act = ACT_REPORT)) == ACT_OK);

	CHECK(act(&r, WISH(.act = ACT_WARN, .side = SIDE_BOTH, .words = STR("Please stop."),
			   .words_cy = STR("Peidiwch."))) == ACT_OK);
	o = sum(&r);
	struct act_id warning = o.warning[SIDE_VISITOR].id;
	CHECK(warning.n && warning.n == o.warning[SIDE_PRISONER].id.n);
	CHECK(act_as(&r, &r.family, WISH(.act = ACT_ACKNOWLEDGE, .amount = warning.n ^ 1)) ==
	      ACT_SO_ALREADY);
	CHECK(act_as(&r, &r.family, WISH(.act = ACT_ACKNOWLEDGE, .amount = warning.n)) == ACT_OK);
	o = sum(&r);
	CHECK(o.warning[SIDE_VISITOR].acknowledged && !o.warning[SIDE_PRISONER].acknowledged);
	CHECK(str_is(o.warning[SIDE_PRISONER].words_cy, "Peidiwch."));
	/* Not a thing of social visits. */
	CHECK(act_as(&r, &r.family, WISH(.act = ACT_NOT_PRIVATE)) == ACT_CONFIDENTIAL);
	estate_close(&r.e);
}

static struct wall must_end(struct running *r)
{
	struct join join;
	CHECK(join_authorise(&r->e.service, &r->family, &r->e.arena, r->reference, &join) == OK);
	return join.must_end;
}

static bool is_due(struct running *r)
{
	struct visit_due_list due;
	CHECK(visits_due_to_end(&r->e.service, &SYSTEM_ACTOR, &r->e.arena, &due) == OK);
	for (size_t i = 0; i < due.count; i++)
		if (due.list[i].visit.n == r->visit.id.n)
			return true;
	return false;
}

static void more_time_moves_the_end_takes_the_places_and_costs_nothing(void **state)
{
	(void)state;
	struct running r;
	run(&r);
	struct wall before = must_end(&r);
	CHECK(act(&r, WISH(.act = ACT_EXTEND, .amount = 7, WHY)) == ACT_BAD_AMOUNT);
	CHECK(act(&r, WISH(.act = ACT_EXTEND, .amount = 35, WHY)) == ACT_BAD_AMOUNT);
	CHECK(act(&r, WISH(.act = ACT_EXTEND, .amount = 10, WHY)) == ACT_OK);
	CHECK(must_end(&r).s == before.s + 600);
	CHECK(act(&r, WISH(.act = ACT_EXTEND, .amount = 5, WHY)) == ACT_OK);
	CHECK(must_end(&r).s == before.s + 900);
	r.e.service.now = wall_add_s(before, 800);
	CHECK(!is_due(&r));
	r.e.service.now = wall_add_s(before, 900);
	CHECK(is_due(&r));
	/* What was booked is what it costs at most. */
	for (int i = 0; i < 20; i++)
		CHECK(visit_hearing(&r.e.service, &SYSTEM_ACTOR, r.visit.id, 120) == OK);
	CHECK(visit_end(&r.e.service, &SYSTEM_ACTOR, r.reference, END_TIME, STR("")) == OK);
	struct visit over = again(&r);
	CHECK(over.counted_minutes == over.minutes && over.used_s > 60 * over.minutes);
	estate_close(&r.e);
}

static void time_that_somebody_else_has_is_not_given(void **state)
{
	(void)state;
	struct running r;
	run(&r);
	struct wall end = visit_slot_end(&r.visit);
	/* The lead's next five minutes but one are another visit's. */
	struct visit other = r.visit;
	other.id.n ^= 1;
	other.reference = reference_new(&r.e.random);
	CHECK(store_enter(r.e.service.store) == OK);
	insert_copy(&r, &other);
	CHECK(store_slot_take(r.e.service.store, SLOT_PERSON, r.visit.visitors[0].person.n,
			      wall_add_s(end, 300), 5,
			      (struct slot_holder){ .visit = other.id }) == OK);
	CHECK(store_leave(r.e.service.store, true) == OK);
	struct wall before = must_end(&r);
	CHECK(act(&r, WISH(.act = ACT_EXTEND, .amount = 10, WHY)) == ACT_TIME_TAKEN);
	CHECK(must_end(&r).s == before.s);
	CHECK(act(&r, WISH(.act = ACT_EXTEND, .amount = 5, WHY)) == ACT_OK);
	CHECK(act(&r, WISH(.act = ACT_EXTEND, .amount = 5, WHY)) == ACT_TIME_TAKEN);
	estate_close(&r.e);
}

/* ---- watching ---- */

static enum watch_answer watch(struct running *r, enum purpose purpose, const char *words,
			       struct monitoring_id *out)
{
	enum watch_answer answer;
	struct watch_wish wish = { .purpose = purpose, .words = str_from(words) };
	int64_t leaves = estate_leaves(&r->e);
	CHECK(monitoring_begin(&r->e.service, &r->officer, r->reference, &wish, &answer, out) ==
	      OK);
	CHECK(estate_leaves(&r->e) == leaves + (answer == WATCH_OK));
	return answer;
}

static void who_watches_says_why_and_the_record_says_who_knew(void **state)
{
	(void)state;
	struct running r;
	struct monitoring_id first, second;
	run(&r);
	CHECK(watch(&r, PURPOSE_ASSIGNMENT, "too short", &first) == WATCH_NO_WORDS);
	CHECK(watch(&r, PURPOSE_ADMISSION, "", &first) == WATCH_BEGUN);
	CHECK(watch(&r, PURPOSE_ASSIGNMENT, "My visits this afternoon", &first) == WATCH_OK);
	CHECK(monitoring_told(&r.e.service, &r.officer, first, true) == ERR_DENIED);
	CHECK(monitoring_told(&r.e.service, &SYSTEM_ACTOR, first, true) == OK);
	CHECK(monitoring_told(&r.e.service, &SYSTEM_ACTOR, first, true) == ERR_NOT_FOUND);
	later(&r, 60);
	CHECK(watch(&r, PURPOSE_ASSIGNMENT, "My visits this afternoon", &second) == WATCH_OK);
	CHECK(monitoring_told(&r.e.service, &SYSTEM_ACTOR, second, false) == OK);
	later(&r, 60);
	CHECK(monitoring_end(&r.e.service, &SYSTEM_ACTOR, first) == ERR_NOT_FOUND);
	CHECK(monitoring_end(&r.e.service, &SYSTEM_ACTOR, second) == OK);
	struct oversight_record record;
	CHECK(oversight_find(&r.e.service, &r.officer, &r.e.arena, r.reference, &record) == OK);
	CHECK(record.watched.count == 2);
	const struct monitoring *a = &record.watched.list[0], *b = &record.watched.list[1];
	CHECK(a->told && a->acknowledged && b->told && !b->acknowledged);
	CHECK(a->left_at.s == a->at.s + 60 && b->left_at.s == b->at.s + 60);
	CHECK(str_is(a->words, "My visits this afternoon") && a->officer_name.len);
	estate_close(&r.e);
}

static void set_policy(struct running *r, enum policy_name name, int64_t value)
{
	static const char SET[] =
	    "INSERT INTO prison_policy (seq, prison, name, value, valid_from, author, reason) "
	    "SELECT MAX(seq) + 1, 'WWI', ?2, ?1, ?3, NULL, 'Test' FROM prison_policy";
	CHECK(store_enter(r->e.service.store) == OK);
	struct query q = query_of(r->e.service.store, SET);
	query_int(&q, value);
	query_text(&q, policy_name_text(name));
	query_int(&q, r->e.service.now.s);
	CHECK(query_change(&q) == OK);
	CHECK(store_leave(r->e.service.store, true) == OK);
}

static void what_is_drawn_can_be_drawn_again_by_anybody(void **state)
{
	(void)state;
	struct running r;
	struct watch_duty duty, twice;
	struct watch_draw draw;
	struct monitoring_id id;
	run(&r);
	set_policy(&r, POLICY_OVERSIGHT_WATCH, WATCH_SHARE);
	CHECK(watch(&r, PURPOSE_SAMPLE, "", &id) == WATCH_NOT_DRAWN); /* not drawn yet */
	set_policy(&r, POLICY_OVERSIGHT_SHARE, 100);
	int64_t leaves = estate_leaves(&r.e);
	CHECK(watch_duty_find(&r.e.service, &r.officer, &r.visit, &duty) == ERR_DENIED);
	CHECK(watch_duty_find(&r.e.service, &SYSTEM_ACTOR, &r.visit, &duty) == OK);
	CHECK(watch_duty_find(&r.e.service, &SYSTEM_ACTOR, &r.visit, &twice) == OK);
	CHECK(estate_leaves(&r.e) == leaves + 1); /* once a day */
	CHECK(duty.need == WATCH_NEED_DRAWN && twice.need == duty.need);
	int64_t day = date_to_days(local_date(r.e.service.now));
	CHECK(store_draw_find(r.e.service.store, r.visit.prison, day, &draw) == OK);
	CHECK(draw.share == 100 && watch_drawn(draw.seed, draw.share, r.visit.id));
	CHECK(watch(&r, PURPOSE_SAMPLE, "", &id) == WATCH_OK);
	/* A rule changed later draws nobody else today. */
	set_policy(&r, POLICY_OVERSIGHT_SHARE, 0);
	CHECK(watch_duty_find(&r.e.service, &SYSTEM_ACTOR, &r.visit, &duty) == OK);
	CHECK(duty.need == WATCH_NEED_DRAWN);
	set_policy(&r, POLICY_OVERSIGHT_WATCH, WATCH_ALL);
	CHECK(watch_duty_find(&r.e.service, &SYSTEM_ACTOR, &r.visit, &duty) == OK);
	CHECK(duty.need == WATCH_NEED_RULE);
	estate_close(&r.e);
}

/* Seed and share give that share, whichever the seed; and neighbours differ. */
static void a_draw_takes_its_share(void **state)
{
	(void)state;
	struct random random = random_seeded(7);
	static const int shares[] = { 0, 1, 10, 50, 99, 100 };
	for (size_t s = 0; s < ARRAY_LEN(shares); s++) {
		int drawn = 0;
		int64_t seed = random_id(&random);
		for (int i = 0; i < 10000; i++)
			drawn +=
			    watch_drawn(seed, shares[s], (struct visit_id){ random_id(&random) });
		CHECK(drawn >= shares[s] * 100 - 200 && drawn <= shares[s] * 100 + 200);
	}
	/* As it was on the first day: an auditor's program must find the same. */
	static const bool expected[] = { true,  false, true, true, false, false,
					 false, true,  true, true, false, false };
	for (size_t i = 0; i < ARRAY_LEN(expected); i++)
		CHECK(watch_drawn(1, 50, (struct visit_id){ (int64_t)i + 1 }) == expected[i]);
}

static void an_officer_watches_no_more_than_the_prison_allows(void **state)
{
	(void)state;
	struct running r;
	struct monitoring_id id;
	run(&r);
	set_policy(&r, POLICY_OVERSIGHT_RATIO, 1);
	CHECK(watch(&r, PURPOSE_ASSIGNMENT, "My visits this afternoon", &id) == WATCH_OK);
	/* Again the same visit: not one more. */
	CHECK(watch(&r, PURPOSE_ASSIGNMENT, "My visits this afternoon", &id) == WATCH_OK);
	struct visit other = r.visit;
	other.id.n ^= 1;
	other.reference = reference_new(&r.e.random);
	CHECK(store_enter(r.e.service.store) == OK);
	insert_copy(&r, &other);
	CHECK(store_leave(r.e.service.store, true) == OK);
	r.reference = other.reference;
	CHECK(watch(&r, PURPOSE_ASSIGNMENT, "My visits this afternoon", &id) == WATCH_TOO_MANY);
	estate_close(&r.e);
}

/* ---- confidential visits ---- */

static void make_confidential(struct running *r, enum visit_kind kind)
{
	struct visit legal = r->visit;
	legal.id.n = random_id(&r->e.random);
	legal.reference = reference_new(&r->e.random);
	legal.kind = kind;
	legal.watched =
	    kind !=
	    VISIT_LEGAL; /* even if a rule says so; of a legal one the database refuses it */
	CHECK(store_enter(r->e.service.store) == OK);
	insert_copy(r, &legal);
	CHECK(store_leave(r->e.service.store, true) == OK);
	r->reference = legal.reference;
	r->visit = legal;
}

static void nobody_watches_a_confidential_visit_whatever_they_are(void **state)
{
	(void)state;
	for (enum visit_kind kind = VISIT_LEGAL; kind <= VISIT_OFFICIAL; kind++) {
		struct running r;
		struct join join;
		run(&r);
		make_confidential(&r, kind);
		for (unsigned role = 0; role < ROLE_COUNT; role++) {
			struct actor actor = r.officer;
			actor.role = (enum role)role;
			if (role == ROLE_FAMILY || role == ROLE_TERMINAL || role == ROLE_GUEST)
				continue; /* they are its ends */
			for (unsigned p = 0; p < PURPOSE_COUNT; p++) {
				struct watch_wish wish = { .purpose = (enum purpose)p,
							   .words = STR("Security says so.") };
				enum watch_answer answer;
				struct monitoring_id id;
				CHECK(monitoring_begin(&r.e.service, &actor, r.reference, &wish,
						       &answer, &id) == ERR_DENIED);
			}
			enum err err =
			    join_authorise(&r.e.service, &actor, &r.e.arena, r.reference, &join);
			CHECK(err == ERR_DENIED || err == ERR_NOT_FOUND);
		}
		struct watch_duty duty;
		set_policy(&r, POLICY_OVERSIGHT_WATCH, WATCH_ALL);
		CHECK(watch_duty_find(&r.e.service, &SYSTEM_ACTOR, &r.visit, &duty) == OK);
		CHECK(duty.need == WATCH_FREE);
		/* Were all of that gone, the database would still refuse the row. */
		struct monitoring row = { .id = { 1 },
					  .visit = r.visit.id,
					  .officer = r.officer.account,
					  .words = STR("long enough"),
					  .at = r.e.service.now };
		for (enum visit_kind as = VISIT_SOCIAL; as < VISIT_KIND_COUNT; as++) {
			CHECK(store_enter(r.e.service.store) == OK);
			CHECK(store_monitoring_insert(r.e.service.store, &row, as) != OK);
			CHECK(store_leave(r.e.service.store, false) == OK);
		}
		estate_close(&r.e);
	}
}

static void staff_can_hide_and_say_nothing_in_a_confidential_visit(void **state)
{
	(void)state;
	struct running r;
	run(&r);
	make_confidential(&r, VISIT_LEGAL);
	for (unsigned a = 0; a < ACT_COUNT; a++) {
		bool allowed = a == ACT_EXTEND || a == ACT_NOT_PRIVATE;
		if (a == ACT_NOT_PRIVATE || a == ACT_ACKNOWLEDGE || a == ACT_REPORT)
			continue;
		struct visit_act wish = { .act = (enum act)a, .amount = 5, WHY };
		if (!allowed)
			CHECK(act(&r, wish) == ACT_CONFIDENTIAL);
		/* And the database refuses the row. */
		wish.id.n = 1;
		wish.seq = 99;
		CHECK(store_enter(r.e.service.store) == OK);
		CHECK((store_act_insert(r.e.service.store, &r.visit, &wish) == OK) == allowed);
		CHECK(store_leave(r.e.service.store, false) == OK);
	}
	CHECK(act(&r, WISH(.act = ACT_EXTEND, .amount = 5, WHY)) == ACT_OK);
	CHECK(act_as(&r, &r.terminal, WISH(.act = ACT_REPORT)) == ACT_CONFIDENTIAL);
	CHECK(act_as(&r, &r.terminal, WISH(.act = ACT_NOT_PRIVATE)) == ACT_OK);
	CHECK(sum(&r).not_private);
	estate_close(&r.e);
}

static void a_prison_words_its_own_warnings(void **state)
{
	(void)state;
	struct running r;
	struct store_warnings before, after;
	run(&r);
	struct actor admin = estate_staff(&r.e, ROLE_PRISON_ADMIN, "WWI");
	CHECK(warnings_find(&r.e.service, &r.officer, &r.e.arena, &before) == OK);
	CHECK(before.count == 8);
	CHECK(warning_add(&r.e.service, &r.officer, STR("a"), STR("b")) == ERR_DENIED);
	CHECK(warning_add(&r.e.service, &admin, STR("Please sit down."), STR("")) == ERR_BAD);
	CHECK(warning_add(&r.e.service, &admin, STR("Please sit down."), STR("Eisteddwch.")) == OK);
	CHECK(warnings_find(&r.e.service, &r.officer, &r.e.arena, &after) == OK);
	CHECK(after.count == 9 && str_is(after.list[8].words, "Please sit down."));
	CHECK(warning_retire(&r.e.service, &admin, after.list[0].id) == ERR_DENIED);
	CHECK(warning_retire(&r.e.service, &admin, after.list[8].id) == OK);
	CHECK(warning_retire(&r.e.service, &admin, after.list[8].id) == ERR_NOT_FOUND);
	struct actor leeds = estate_staff(&r.e, ROLE_PRISON_ADMIN, "LEI");
	CHECK(warning_add(&r.e.service, &leeds, STR("x"), STR("y")) == OK);
	CHECK(warnings_find(&r.e.service, &r.officer, &r.e.arena, &after) == OK);
	CHECK(after.count == 8);
	estate_close(&r.e);
}

/* ---- incidents ---- */

static struct actor governor_of(struct running *r)
{
	struct actor governor = estate_family(&r->e, "governor@wandsworth.example");
	governor.role = ROLE_DUTY_GOVERNOR;
	governor.prison = r->officer.prison;
	return governor;
}

static struct incident_id open_one(struct running *r)
{
	struct incident_id id;
	struct incident_new new = { .type = INCIDENT_RECORDING,
				    .severity = SEVERITY_MEDIUM,
				    .evidence = STR("A telephone was held to the screen.") };
	CHECK(incident_open(&r->e.service, &r->officer, r->reference, &new, &id) == OK);
	return id;
}

static enum incident_answer decide(struct running *r, const struct actor *by, struct incident_id id,
				   enum incident_outcome outcome, bool counts, const char *told)
{
	enum incident_answer answer;
	struct incident_decision d = { .outcome = outcome,
				       .counts_pause = counts,
				       .follow_up = STR("Seen by two officers."),
				       .told = str_from(told) };
	int64_t leaves = estate_leaves(&r->e);
	CHECK(incident_decide(&r->e.service, by, id, &d, &answer) == OK);
	CHECK(estate_leaves(&r->e) == leaves + (answer == INCIDENT_OK));
	return answer;
}

/* Messages of that kind to the family, and until when the last one may be answered. */
static int64_t messages(struct running *r, struct incident_id id, enum message_kind kind,
			struct wall *answer_by, const char **why)
{
	struct store_messages all;
	int64_t count = 0;
	CHECK(store_message_list_of(r->e.service.store, &r->e.arena, id.n, 50, &all) == OK);
	for (size_t i = 0; i < all.count; i++) {
		if (all.list[i].kind != kind || all.list[i].account.n != r->family.account.n)
			continue;
		*answer_by = all.list[i].answer_by;
		*why = arena_printf(&r->e.arena, "%s", all.list[i].why);
		count++;
	}
	return count;
}

static void the_booker_is_told_of_a_decision_and_of_the_answer_to_an_appeal(void **state)
{
	(void)state;
	struct running r;
	enum incident_answer answer;
	struct wall until = { 0 };
	const char *why = "";
	run(&r);
	struct actor governor = governor_of(&r), second = governor;
	second.account = estate_family(&r.e, "admin@wandsworth.example").account;
	struct incident_id id = open_one(&r);
	assert_int_equal(messages(&r, id, MESSAGE_INCIDENT, &until, &why), 0);
	CHECK(decide(&r, &governor, id, OUTCOME_WARNING, false, "Do not record.") == INCIDENT_OK);
	assert_int_equal(messages(&r, id, MESSAGE_INCIDENT, &until, &why), 1);
	struct incident found;
	CHECK(incident_find(&r.e.service, &governor, &r.e.arena, id, &found) == OK);
	CHECK(until.s > r.e.service.now.s &&
	      incident_may_appeal(&found, APPELLANT_VISITOR, (until.s - found.decided_at.s) / 86400,
				  until) == INCIDENT_OK);
	CHECK(incident_appeal(&r.e.service, &r.family, id, STR("It was not me."), &answer) == OK);
	CHECK(incident_appeal_decide(&r.e.service, &second, id, APPELLANT_VISITOR, false,
				     STR("It was."), &answer) == OK);
	CHECK(answer == INCIDENT_OK);
	assert_int_equal(messages(&r, id, MESSAGE_APPEAL, &until, &why), 1);
	assert_string_equal(why, "REFUSED");
	estate_close(&r.e);
}

static void of_what_may_not_be_said_nobody_is_told(void **state)
{
	(void)state;
	struct running r;
	struct wall until = { 0 };
	const char *why = "";
	run(&r);
	struct actor governor = governor_of(&r);
	struct incident_id id = open_one(&r);
	CHECK(decide(&r, &governor, id, OUTCOME_SECURITY_REPORT, false, "") == INCIDENT_OK);
	assert_int_equal(messages(&r, id, MESSAGE_INCIDENT, &until, &why), 0);
	/* Told, and nothing to appeal against. */
	id = open_one(&r);
	CHECK(decide(&r, &governor, id, OUTCOME_NONE, false, "It was nothing.") == INCIDENT_OK);
	assert_int_equal(messages(&r, id, MESSAGE_INCIDENT, &until, &why), 1);
	assert_int_equal(until.s, 0);
	estate_close(&r.e);
}

static void what_weighs_most_is_never_one_persons_doing(void **state)
{
	(void)state;
	struct running r;
	run(&r);
	struct actor governor = governor_of(&r), opener = r.officer;
	opener.role = ROLE_DUTY_GOVERNOR; /* the same human in another role */
	struct incident_id id = open_one(&r);
	CHECK(decide(&r, &r.officer, id, OUTCOME_RESTRICTION, false, "x") ==
	      INCIDENT_GOVERNOR_NEEDED);
	CHECK(decide(&r, &opener, id, OUTCOME_SECURITY_REPORT, false, "") ==
	      INCIDENT_OTHER_PERSON_NEEDED);
	CHECK(decide(&r, &opener, id, OUTCOME_WARNING, true, "x") == INCIDENT_OTHER_PERSON_NEEDED);
	CHECK(decide(&r, &governor, id, OUTCOME_NONE, true, "x") == INCIDENT_NOT_UPHELD);
	CHECK(decide(&r, &governor, id, OUTCOME_WARNING, false, "") == INCIDENT_TELL_NEEDED);
	CHECK(decide(&r, &governor, id, OUTCOME_SECURITY_REPORT, false, "") == INCIDENT_OK);
	CHECK(decide(&r, &governor, id, OUTCOME_NONE, false, "") == INCIDENT_DECIDED_ALREADY);
	/* The booker learns nothing of it, and cannot appeal against what nobody told them. */
	struct store_incidents told;
	enum incident_answer answer;
	CHECK(incidents_told(&r.e.service, &r.family, &r.e.arena, r.reference, &told) == OK);
	CHECK(told.count == 0);
	CHECK(incident_appeal(&r.e.service, &r.family, id, STR("Why?"), &answer) == ERR_NOT_FOUND);
	struct actor leeds = estate_staff(&r.e, ROLE_MONITOR, "LEI");
	struct incident found;
	CHECK(incident_find(&r.e.service, &leeds, &r.e.arena, id, &found) == ERR_NOT_FOUND);
	estate_close(&r.e);
}

static int64_t minutes_left(struct running *r)
{
	struct allowance_view view;
	CHECK(allowance_find(&r->e.service, &SYSTEM_ACTOR, &r->e.arena, r->visit.prisoner, &view) ==
	      OK);
	return view.left;
}

/* Nine minutes heard, four and a half paused. */
static void hear_and_pause(struct running *r)
{
	for (int i = 0; i < 9; i++)
		CHECK(visit_hearing(&r->e.service, &SYSTEM_ACTOR, r->visit.id, 59) == OK);
	CHECK(act(r, WISH(.act = ACT_PAUSE, WHY)) == ACT_OK);
	later(r, 270);
	CHECK(act(r, WISH(.act = ACT_RESUME)) == ACT_OK);
}

static void paused_time_is_given_back_unless_an_incident_is_upheld(void **state)
{
	(void)state;
	for (int when = 0; when < 3; when++) {
		struct running r;
		enum incident_answer answer;
		run(&r);
		struct actor governor = governor_of(&r), second = governor;
		second.account = estate_family(&r.e, "admin@wandsworth.example").account;
		hear_and_pause(&r);
		struct incident_id id = open_one(&r);
		int64_t paid = minutes_left(&r);
		if (when == 0) /* decided while the visit runs */
			CHECK(decide(&r, &governor, id, OUTCOME_WARNING, true, "Do not record.") ==
			      INCIDENT_OK);
		CHECK(visit_end(&r.e.service, &r.officer, r.reference, END_STAFF, STR("Over")) ==
		      OK);
		int used = again(&r).used_s;
		CHECK(used > 8 * 60 && used <= 9 * 60);
		if (when == 0) {
			CHECK(again(&r).counted_minutes == 14);
			CHECK(minutes_left(&r) == paid + again(&r).minutes - 14);
			estate_close(&r.e);
			continue;
		}
		CHECK(again(&r).counted_minutes == 9); /* nothing is upheld */
		CHECK(minutes_left(&r) == paid + again(&r).minutes - 9);
		if (when == 1) {
			estate_close(&r.e);
			continue;
		}
		CHECK(decide(&r, &governor, id, OUTCOME_WARNING, true, "Do not record.") ==
		      INCIDENT_OK);
		CHECK(again(&r).counted_minutes == 14);
		CHECK(minutes_left(&r) == paid + again(&r).minutes - 14);
		/* The booker reads it, appeals, and gets them back. */
		struct store_incidents told;
		CHECK(incidents_told(&r.e.service, &r.family, &r.e.arena, r.reference, &told) ==
		      OK);
		CHECK(told.count == 1 && str_is(told.list[0].told, "Do not record."));
		CHECK(incident_appeal(&r.e.service, &r.family, id, STR("It was the baby alarm."),
				      &answer) == OK &&
		      answer == INCIDENT_OK);
		CHECK(incident_appeal(&r.e.service, &r.family, id, STR("Again."), &answer) == OK &&
		      answer == INCIDENT_NO_APPEAL);
		CHECK(incident_appeal_decide(&r.e.service, &governor, id, APPELLANT_VISITOR, true,
					     STR("Believed."), &answer) == OK &&
		      answer == INCIDENT_OTHER_PERSON_NEEDED);
		CHECK(incident_appeal_decide(&r.e.service, &second, id, APPELLANT_VISITOR, true,
					     STR("Believed."), &answer) == OK &&
		      answer == INCIDENT_OK);
		CHECK(again(&r).counted_minutes == 9);
		CHECK(minutes_left(&r) == paid + again(&r).minutes - 9);
		estate_close(&r.e);
	}
}

static void an_appeal_has_its_time(void **state)
{
	(void)state;
	struct running r;
	enum incident_answer answer;
	run(&r);
	struct actor governor = governor_of(&r);
	struct incident_id id = open_one(&r);
	CHECK(decide(&r, &governor, id, OUTCOME_WARNING, false, "Do not record.") == INCIDENT_OK);
	later(&r, 28 * 86400 + 1);
	CHECK(incident_appeal(&r.e.service, &r.family, id, STR("Late."), &answer) == OK &&
	      answer == INCIDENT_APPEAL_LATE);
	estate_close(&r.e);
}

/* A visit of the same people a week later. */
static struct visit next_week(struct running *r)
{
	struct visit later = r->visit;
	later.id.n ^= 2;
	later.reference = reference_new(&r->e.random);
	later.start = wall_add_s(later.start, 7 * 86400);
	later.state = VISIT_BOOKED;
	later.lobby_at = later.ended_at = (struct wall){ 0 };
	CHECK(store_enter(r->e.service.store) == OK);
	CHECK(store_visit_insert(r->e.service.store, &later) == OK);
	CHECK(store_leave(r->e.service.store, true) == OK);
	return later;
}

static size_t waiting_reviews(struct running *r, struct visit_id visit)
{
	struct store_reviews all;
	size_t open = 0;
	CHECK(store_review_list_of(r->e.service.store, &r->e.arena, visit, &all) == OK);
	for (size_t i = 0; i < all.count; i++)
		open += all.list[i].state == REVIEW_OPEN;
	return open;
}

static enum incident_answer restrict_by(struct running *r, const struct actor *by,
					struct incident_id id,
					struct incident_restriction restriction)
{
	enum incident_answer answer;
	struct incident_decision d = { .outcome = OUTCOME_RESTRICTION,
				       .follow_up = STR("Seen by two officers."),
				       .told = STR("You may not visit until March."),
				       .told_prisoner = STR("She may not visit until March."),
				       .restriction = restriction };
	int64_t leaves = estate_leaves(&r->e);
	CHECK(incident_decide(&r->e.service, by, id, &d, &answer) == OK);
	CHECK(estate_leaves(&r->e) == leaves + (answer == INCIDENT_OK));
	return answer;
}

static size_t restrictions(struct running *r)
{
	struct store_restrictions list;
	CHECK(store_restriction_list_of(r->e.service.store, &r->e.arena, r->visit.prisoner,
					&list) == OK);
	return list.count;
}

static void a_restriction_that_comes_of_an_incident_is_entered_and_an_appeal_lifts_it(void **state)
{
	(void)state;
	struct running r;
	enum incident_answer answer;
	run(&r);
	struct actor governor = governor_of(&r), second = governor;
	second.account = estate_family(&r.e, "admin@wandsworth.example").account;
	struct visit booked = next_week(&r);
	struct incident_id id = open_one(&r);
	struct person_id amina = r.visit.visitors[0].person;
	struct date today = local_date(r.e.service.now);
	size_t before = restrictions(&r);
	CHECK(restrict_by(&r, &governor, id, (struct incident_restriction){ 0 }) ==
	      INCIDENT_RESTRICTION_NEEDED);
	CHECK(
	    restrict_by(&r, &r.officer, id,
			(struct incident_restriction){ .given = true, .code = RESTRICTION_BAN }) ==
	    INCIDENT_GOVERNOR_NEEDED);
	/* Over yesterday; somebody who was not there; an order that takes two. */
	CHECK(restrict_by(&r, &governor, id,
			  (struct incident_restriction){ .given = true,
							 .code = RESTRICTION_BAN,
							 .person = amina,
							 .to = date_add_days(today, -1) }) ==
	      INCIDENT_RESTRICTION_BAD);
	CHECK(restrict_by(&r, &governor, id,
			  (struct incident_restriction){
			      .given = true, .code = RESTRICTION_BAN, .person = { 1 } }) ==
	      INCIDENT_RESTRICTION_BAD);
	CHECK(restrict_by(
		  &r, &governor, id,
		  (struct incident_restriction){ .given = true, .code = RESTRICTION_NO_CONTACT }) ==
	      INCIDENT_RESTRICTION_BAD);
	assert_int_equal(restrictions(&r), before);
	assert_int_equal(waiting_reviews(&r, booked.id), 0);
	CHECK(restrict_by(&r, &governor, id,
			  (struct incident_restriction){ .given = true,
							 .code = RESTRICTION_BAN,
							 .person = amina,
							 .to = date_add_days(today, 60) }) ==
	      INCIDENT_OK);
	assert_int_equal(restrictions(&r), before + 1);
	assert_int_equal(waiting_reviews(&r, booked.id), 1);
	CHECK(incident_appeal(&r.e.service, &r.family, id, STR("It was not me."), &answer) == OK);
	CHECK(incident_appeal_decide(&r.e.service, &second, id, APPELLANT_VISITOR, true,
				     STR("Believed."), &answer) == OK &&
	      answer == INCIDENT_OK);
	assert_int_equal(restrictions(&r), before);
	assert_int_equal(waiting_reviews(&r, booked.id), 0);
	estate_close(&r.e);
}

static void an_appeal_that_is_refused_or_comes_after_its_end_leaves_the_restriction(void **state)
{
	(void)state;
	for (int ended = 0; ended < 2; ended++) {
		struct running r;
		enum incident_answer answer;
		struct incident found;
		run(&r);
		struct actor governor = governor_of(&r), second = governor;
		second.account = estate_family(&r.e, "admin@wandsworth.example").account;
		struct incident_id id = open_one(&r);
		size_t before = restrictions(&r);
		CHECK(restrict_by(&r, &governor, id,
				  (struct incident_restriction){
				      .given = true,
				      .code = RESTRICTION_CLOSED,
				      .person = r.visit.visitors[0].person }) == INCIDENT_OK);
		CHECK(incident_find(&r.e.service, &governor, &r.e.arena, id, &found) == OK);
		if (ended)
			CHECK(restriction_end(&r.e.service, &governor, found.restriction,
					      STR("Enough.")) == OK);
		CHECK(incident_appeal(&r.e.service, &r.family, id, STR("No."), &answer) == OK);
		CHECK(incident_appeal_decide(&r.e.service, &second, id, APPELLANT_VISITOR, ended,
					     STR("So it is."), &answer) == OK);
		CHECK(answer == INCIDENT_OK);
		assert_int_equal(restrictions(&r), before + (ended ? 0 : 1));
		estate_close(&r.e);
	}
}

/* An appeal of one side, and what the second governor says to it. */
static void appeal_and_answer(struct running *r, const struct actor *who, struct incident_id id,
			      bool allowed)
{
	enum incident_answer answer;
	enum appellant whose = who->role == ROLE_TERMINAL ? APPELLANT_PRISONER : APPELLANT_VISITOR;
	struct actor second = governor_of(r);
	second.account = estate_family(&r->e, "admin@wandsworth.example").account;
	CHECK(incident_appeal(&r->e.service, who, id, STR("It was not so."), &answer) == OK);
	assert_int_equal(answer, INCIDENT_OK);
	CHECK(incident_appeal_decide(&r->e.service, &second, id, whose, allowed, STR("Looked at."),
				     &answer) == OK);
	assert_int_equal(answer, INCIDENT_OK);
}

static void each_side_appeals_once_and_is_answered_on_its_own(void **state)
{
	(void)state;
	struct running r;
	enum incident_answer answer;
	struct incident found;
	struct wall until;
	const char *why = "";
	run(&r);
	struct actor governor = governor_of(&r), self = r.terminal, second = governor;
	self.prisoner = r.visit.prisoner;
	second.account = estate_family(&r.e, "admin@wandsworth.example").account;
	struct incident_id id = open_one(&r);
	CHECK(restrict_by(&r, &governor, id,
			  (struct incident_restriction){
			      .given = true, .code = RESTRICTION_CLOSED }) == INCIDENT_OK);
	CHECK(incident_appeal(&r.e.service, &self, id, STR("The baby."), &answer) == OK &&
	      answer == INCIDENT_OK);
	/* Nobody of the other side has appealed. */
	CHECK(incident_appeal_decide(&r.e.service, &second, id, APPELLANT_VISITOR, true,
				     STR("Yes."), &answer) == OK &&
	      answer == INCIDENT_NO_APPEAL);
	CHECK(incident_appeal_decide(&r.e.service, &second, id, APPELLANT_NONE, true, STR("Yes."),
				     &answer) == OK &&
	      answer == INCIDENT_NO_APPEAL);
	later(&r, 60);
	CHECK(incident_appeal(&r.e.service, &r.family, id, STR("Me too."), &answer) == OK &&
	      answer == INCIDENT_OK);
	CHECK(incident_appeal(&r.e.service, &r.family, id, STR("Again."), &answer) == OK &&
	      answer == INCIDENT_NO_APPEAL);
	CHECK(incident_find(&r.e.service, &governor, &r.e.arena, id, &found) == OK);
	CHECK(str_is(found.appeals[APPELLANT_PRISONER].words, "The baby.") &&
	      str_is(found.appeals[APPELLANT_VISITOR].words, "Me too."));
	assert_int_equal(incident_appeal_waiting(&found), APPELLANT_PRISONER); /* the older */
	CHECK(incident_appeal_decide(&r.e.service, &second, id, APPELLANT_PRISONER, false,
				     STR("No."), &answer) == OK &&
	      answer == INCIDENT_OK);
	assert_int_equal(messages(&r, id, MESSAGE_APPEAL, &until, &why), 0);
	CHECK(incident_find(&r.e.service, &governor, &r.e.arena, id, &found) == OK);
	assert_int_equal(incident_appeal_waiting(&found), APPELLANT_VISITOR);
	assert_int_equal(incident_appeals(&found), APPEAL_ASKED);
	CHECK(incident_appeal_decide(&r.e.service, &second, id, APPELLANT_VISITOR, true,
				     STR("Yes."), &answer) == OK &&
	      answer == INCIDENT_OK);
	assert_int_equal(messages(&r, id, MESSAGE_APPEAL, &until, &why), 1);
	assert_string_equal(why, "ALLOWED");
	CHECK(incident_find(&r.e.service, &governor, &r.e.arena, id, &found) == OK);
	CHECK(found.appeals[APPELLANT_PRISONER].state == APPEAL_REFUSED &&
	      found.appeals[APPELLANT_VISITOR].state == APPEAL_ALLOWED);
	assert_int_equal(incident_appeal_waiting(&found), APPELLANT_NONE);
	estate_close(&r.e);
}

/* On the prisoner alone: by the prisoner's.  On the two of them: by either's. */
static void a_restriction_ends_by_the_appeal_of_whom_it_was_laid_on(void **state)
{
	(void)state;
	static const struct {
		bool pair, prisoners, ends;
	} CASES[] = { { false, false, false },
		      { false, true, true },
		      { true, false, true },
		      { true, true, true } };
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct running r;
		struct incident found;
		run(&r);
		struct actor governor = governor_of(&r), self = r.terminal;
		self.prisoner = r.visit.prisoner;
		struct incident_id id = open_one(&r);
		size_t before = restrictions(&r);
		struct incident_restriction laid = { .given = true, .code = RESTRICTION_CLOSED };
		if (CASES[i].pair)
			laid.person = r.visit.visitors[0].person;
		CHECK(restrict_by(&r, &governor, id, laid) == INCIDENT_OK);
		appeal_and_answer(&r, CASES[i].prisoners ? &self : &r.family, id, true);
		assert_int_equal(restrictions(&r), before + (CASES[i].ends ? 0 : 1));
		CHECK(incident_find(&r.e.service, &governor, &r.e.arena, id, &found) == OK);
		enum appellant other = CASES[i].prisoners ? APPELLANT_VISITOR : APPELLANT_PRISONER;
		assert_int_equal(incident_eased_by_other(&found, other), CASES[i].ends);
		/* The other side may still be heard; what has ended stays so. */
		appeal_and_answer(&r, CASES[i].prisoners ? &r.family : &self, id, true);
		assert_int_equal(restrictions(&r), before);
		estate_close(&r.e);
	}
}

static void a_restriction_on_the_prisoner_alone_is_told_to_the_prisoner(void **state)
{
	(void)state;
	struct running r;
	enum incident_answer answer;
	run(&r);
	struct actor governor = governor_of(&r);
	struct incident_id id = open_one(&r);
	struct incident_decision d = { .outcome = OUTCOME_RESTRICTION,
				       .follow_up = STR("Seen."),
				       .told = STR("No visits."),
				       .restriction = { .given = true,
							.code = RESTRICTION_CLOSED } };
	CHECK(incident_decide(&r.e.service, &governor, id, &d, &answer) == OK &&
	      answer == INCIDENT_TELL_PRISONER_NEEDED);
	d.restriction.person = r.visit.visitors[0].person;
	CHECK(incident_decide(&r.e.service, &governor, id, &d, &answer) == OK &&
	      answer == INCIDENT_OK);
	estate_close(&r.e);
}

static struct own_view own_of(struct running *r, const struct actor *self)
{
	struct own_view own;
	CHECK(own_find(&r->e.service, self, &r->e.arena, &own) == OK);
	return own;
}

static void the_prisoner_reads_what_was_written_for_them_and_appeals(void **state)
{
	(void)state;
	struct running r;
	enum incident_answer answer;
	struct store_incidents told;
	struct wall until = { 0 };
	const char *why = "";
	run(&r);
	struct actor governor = governor_of(&r), second = governor, self = r.terminal,
		     other = r.terminal;
	second.account = estate_family(&r.e, "admin@wandsworth.example").account;
	self.prisoner = r.visit.prisoner;
	other.prisoner.n = r.visit.prisoner.n + 1;
	struct incident_id id = open_one(&r), silent = open_one(&r);
	CHECK(own_of(&r, &self).decision_count == 0); /* nobody has decided */
	CHECK(restrict_by(&r, &governor, id,
			  (struct incident_restriction){
			      .given = true, .code = RESTRICTION_CLOSED }) == INCIDENT_OK);
	CHECK(decide(&r, &governor, silent, OUTCOME_WARNING, false, "Do not record.") ==
	      INCIDENT_OK); /* nothing for the prisoner */
	struct own_view own = own_of(&r, &self);
	CHECK(own.decision_count == 1 && own.decisions[0].may == INCIDENT_OK);
	CHECK(str_is(own.decisions[0].incident.told_prisoner, "She may not visit until March."));
	CHECK(incident_appeal(&r.e.service, &other, id, STR("Mine."), &answer) == ERR_NOT_FOUND);
	CHECK(incident_appeal(&r.e.service, &self, silent, STR("What?"), &answer) == ERR_NOT_FOUND);
	CHECK(incident_appeal(&r.e.service, &r.terminal, id, STR("Nobody."), &answer) ==
	      ERR_DENIED);
	CHECK(incident_appeal(&r.e.service, &self, id, STR(""), &answer) == ERR_BAD);
	struct wall now = r.e.service.now;
	r.e.service.now.s = own.decisions[0].appeal_until.s + 1;
	CHECK(incident_appeal(&r.e.service, &self, id, STR("Late."), &answer) == OK &&
	      answer == INCIDENT_APPEAL_LATE);
	r.e.service.now = now;
	CHECK(incident_appeal(&r.e.service, &self, id, STR("It was the baby."), &answer) == OK &&
	      answer == INCIDENT_OK);
	CHECK(incident_appeal(&r.e.service, &self, id, STR("Again."), &answer) == OK &&
	      answer == INCIDENT_NO_APPEAL);
	CHECK(incidents_told(&r.e.service, &r.family, &r.e.arena, r.reference, &told) == OK);
	CHECK(told.count == 2);
	CHECK(incident_appeal_decide(&r.e.service, &second, id, APPELLANT_PRISONER, true,
				     STR("Believed."), &answer) == OK);
	own = own_of(&r, &self);
	CHECK(own.decisions[0].incident.appeals[APPELLANT_PRISONER].state == APPEAL_ALLOWED);
	CHECK(own.decisions[0].may == INCIDENT_NO_APPEAL);
	assert_int_equal(messages(&r, id, MESSAGE_APPEAL, &until, &why), 0);
	r.e.service.now.s += (OWN_DECISIONS_DAYS + 1) * INT64_C(86400);
	CHECK(own_of(&r, &self).decision_count == 0);
	estate_close(&r.e);
}

static void an_incident_happened_in_the_visit(void **state)
{
	(void)state;
	struct running r;
	struct incident_id id;
	struct incident found;
	run(&r);
	struct incident_new new = { .type = INCIDENT_OTHER, .evidence = STR("A shout.") };
	later(&r, 600);
	CHECK(visit_end(&r.e.service, &r.officer, r.reference, END_STAFF, STR("Over")) == OK);
	struct wall end = again(&r).ended_at;
	later(&r, 3600);
	new.seen_at = wall_add_s(end, 1);
	CHECK(incident_open(&r.e.service, &r.officer, r.reference, &new, &id) == ERR_BAD);
	new.seen_at = end;
	CHECK(incident_open(&r.e.service, &r.officer, r.reference, &new, &id) == OK);
	new.seen_at = (struct wall){ 0 }; /* not said: the latest that it can have been */
	CHECK(incident_open(&r.e.service, &r.officer, r.reference, &new, &id) == OK);
	CHECK(incident_find(&r.e.service, &r.officer, &r.e.arena, id, &found) == OK);
	CHECK(found.seen_at.s == end.s);
	new.seen_at = wall_add_s(again(&r).lobby_at, -1);
	CHECK(incident_open(&r.e.service, &r.officer, r.reference, &new, &id) == ERR_BAD);
	estate_close(&r.e);
}

static bool stands(struct running *r, struct monitoring_id id)
{
	bool out;
	CHECK(monitoring_stands(&r->e.service, &SYSTEM_ACTOR, id, &out) == OK);
	return out;
}

static void an_authorisation_needs_two_people_and_ends_unless_somebody_looks_again(void **state)
{
	(void)state;
	struct running r;
	struct authorisation_id id;
	struct monitoring_id watching;
	run(&r);
	struct actor governor = governor_of(&r), asker = r.officer;
	struct authorisation_new new = { .number = r.visit.prisoner_number,
					 .necessity = STR("Threats were made in the last visit."),
					 .proportionality = STR("short"),
					 .days = 60 };
	CHECK(authorisation_request(&r.e.service, &r.officer, &new, &id) == ERR_BAD);
	new.proportionality = STR("Recordings alone come too late to stop it.");
	new.days = 91;
	CHECK(authorisation_request(&r.e.service, &r.officer, &new, &id) == ERR_LIMIT);
	new.days = 60;
	CHECK(authorisation_request(&r.e.service, &governor, &new, &id) == ERR_DENIED);
	CHECK(authorisation_request(&r.e.service, &r.officer, &new, &id) == OK);
	CHECK(watch(&r, PURPOSE_AUTHORISATION, "By the authorisation", &watching) ==
	      WATCH_NO_AUTHORISATION);
	asker.role = ROLE_DUTY_GOVERNOR;
	CHECK(authorisation_decide(&r.e.service, &asker, id, AUTHORISATION_GRANTED,
				   STR("I agree with myself.")) == ERR_CONFLICT);
	CHECK(authorisation_decide(&r.e.service, &governor, id, AUTHORISATION_REVOKED, STR("x")) ==
	      ERR_CONFLICT);
	CHECK(authorisation_decide(&r.e.service, &governor, id, AUTHORISATION_GRANTED,
				   STR("Necessary: threats. Proportionate: these visits alone.")) ==
	      OK);
	CHECK(watch(&r, PURPOSE_AUTHORISATION, "By the authorisation", &watching) == WATCH_OK);
	CHECK(stands(&r, watching));
	struct wall granted = r.e.service.now;
	r.e.service.now = wall_add_s(granted, 28 * 86400 + 1);
	CHECK(!stands(&r, watching));
	CHECK(watch(&r, PURPOSE_AUTHORISATION, "By the authorisation", &watching) ==
	      WATCH_NO_AUTHORISATION);
	CHECK(authorisation_decide(&r.e.service, &governor, id, AUTHORISATION_GRANTED,
				   STR("Still needed.")) == OK);
	CHECK(watch(&r, PURPOSE_AUTHORISATION, "By the authorisation", &watching) == WATCH_OK);
	r.e.service.now = wall_add_s(granted, 60 * 86400 + 1);
	CHECK(authorisation_decide(&r.e.service, &governor, id, AUTHORISATION_GRANTED,
				   STR("Again.")) == ERR_CONFLICT);
	CHECK(watch(&r, PURPOSE_AUTHORISATION, "By the authorisation", &watching) ==
	      WATCH_NO_AUTHORISATION);
	estate_close(&r.e);
}

static void an_incident_is_a_ground_to_watch_while_it_is_open(void **state)
{
	(void)state;
	struct running r;
	struct monitoring_id id;
	run(&r);
	CHECK(watch(&r, PURPOSE_INCIDENT, "What happens next", &id) == WATCH_NO_INCIDENT);
	struct incident_id incident = open_one(&r);
	CHECK(watch(&r, PURPOSE_INCIDENT, "What happens next", &id) == WATCH_OK);
	CHECK(decide(&r, &r.officer, incident, OUTCOME_NONE, false, "") == INCIDENT_OK);
	CHECK(watch(&r, PURPOSE_INCIDENT, "What happens next", &id) == WATCH_NO_INCIDENT);
	estate_close(&r.e);
}

static struct store_assignments assigned(struct running *r)
{
	struct oversight_record record;
	CHECK(oversight_find(&r->e.service, &r->officer, &r->e.arena, r->reference, &record) == OK);
	return record.assigned;
}

static enum assign_answer assign(struct running *r, const struct actor *governor,
				 struct account_id officer)
{
	enum assign_answer answer;
	int64_t leaves = estate_leaves(&r->e);
	CHECK(watch_assign(&r->e.service, governor, r->reference, officer,
			   STR("Asked for by the wing"), &answer) == OK);
	CHECK(estate_leaves(&r->e) == leaves + (answer == ASSIGN_OK));
	return answer;
}

static void an_assignment_is_the_governors_and_of_one_visit(void **state)
{
	(void)state;
	struct running r;
	struct monitoring_id id;
	enum assign_answer answer;
	struct account_id nobody = { 1 };
	run(&r);
	set_policy(&r, POLICY_OVERSIGHT_WATCH, WATCH_SHARE);
	struct actor governor = governor_of(&r), leeds = estate_family(&r.e, "staff@leeds.example");
	CHECK(watch(&r, PURPOSE_ASSIGNMENT, "My visits this afternoon", &id) == WATCH_NOT_ASSIGNED);
	CHECK(watch_assign(&r.e.service, &r.officer, r.reference, r.officer.account, STR("Mine"),
			   &answer) == ERR_DENIED);
	CHECK(watch_assign(&r.e.service, &governor, r.reference, r.officer.account, STR(""),
			   &answer) == ERR_BAD);
	CHECK(assign(&r, &governor, governor.account) == ASSIGN_NOT_OFFICER);
	CHECK(assign(&r, &governor, leeds.account) == ASSIGN_NOT_OFFICER);
	CHECK(assign(&r, &governor, nobody) == ASSIGN_NOT_OFFICER);
	CHECK(assign(&r, &governor, r.family.account) == ASSIGN_NOT_OFFICER);
	CHECK(assign(&r, &governor, r.officer.account) == ASSIGN_OK);
	CHECK(assign(&r, &governor, r.officer.account) == ASSIGN_ALREADY);
	CHECK(watch(&r, PURPOSE_ASSIGNMENT, "My visits this afternoon", &id) == WATCH_OK);
	CHECK(stands(&r, id));
	struct assignment_id assignment = assigned(&r).list[0].id;
	struct actor other = estate_staff(&r.e, ROLE_DUTY_GOVERNOR, "LEI");
	CHECK(watch_assignment_end(&r.e.service, &other, r.reference, assignment) == ERR_NOT_FOUND);
	CHECK(watch_assignment_end(&r.e.service, &r.officer, r.reference, assignment) ==
	      ERR_DENIED);
	CHECK(watch_assignment_end(&r.e.service, &governor, r.reference, assignment) == OK);
	CHECK(watch_assignment_end(&r.e.service, &governor, r.reference, assignment) ==
	      ERR_NOT_FOUND);
	CHECK(!stands(&r, id) && assigned(&r).list[0].ended_at.s != 0);
	CHECK(watch(&r, PURPOSE_ASSIGNMENT, "My visits this afternoon", &id) == WATCH_NOT_ASSIGNED);
	CHECK(assign(&r, &governor, r.officer.account) == ASSIGN_OK); /* once more */
	set_policy(&r, POLICY_OVERSIGHT_WATCH, WATCH_NOBODY);
	CHECK(watch(&r, PURPOSE_ASSIGNMENT, "My visits this afternoon", &id) ==
	      WATCH_RECORDED_ONLY);
	struct actor clerk = estate_staff(&r.e, ROLE_VISITS_CLERK, "WWI");
	CHECK(assign(&r, &governor, clerk.account) == ASSIGN_RECORDED_ONLY);
	set_policy(&r, POLICY_OVERSIGHT_WATCH, WATCH_SHARE);
	CHECK(visit_end(&r.e.service, &r.officer, r.reference, END_STAFF, STR("Over")) == OK);
	CHECK(assign(&r, &governor, clerk.account) == ASSIGN_OVER);
	make_confidential(&r, VISIT_LEGAL);
	CHECK(watch_assign(&r.e.service, &governor, r.reference, r.officer.account, STR("Why not"),
			   &answer) == ERR_DENIED);
	estate_close(&r.e);
}

static void
where_visits_are_recorded_only_nobody_watches_without_incident_or_authorisation(void **state)
{
	(void)state;
	struct running r;
	struct monitoring_id id;
	run(&r);
	set_policy(&r, POLICY_OVERSIGHT_WATCH, WATCH_NOBODY);
	CHECK(watch(&r, PURPOSE_ASSIGNMENT, "My visits this afternoon", &id) ==
	      WATCH_RECORDED_ONLY);
	CHECK(watch(&r, PURPOSE_SAMPLE, "", &id) == WATCH_RECORDED_ONLY);
	CHECK(watch(&r, PURPOSE_AUTHORISATION, "By the authorisation", &id) ==
	      WATCH_NO_AUTHORISATION);
	struct incident_id incident = open_one(&r);
	CHECK(watch(&r, PURPOSE_INCIDENT, "What happens next", &id) == WATCH_OK);
	CHECK(stands(&r, id));
	CHECK(decide(&r, &r.officer, incident, OUTCOME_NONE, false, "") == INCIDENT_OK);
	CHECK(!stands(&r, id)); /* decided: whoever watched for it stops */
	estate_close(&r.e);
}

static int64_t counted(struct running *r, const char *what)
{
	struct actor governor = governor_of(r);
	struct officer_counts counts;
	CHECK(officer_counts_find(&r->e.service, &governor, &r->e.arena, governor.prison,
				  &counts) == OK);
	for (size_t i = 0; i < counts.count; i++)
		if (str_is(counts.list[i].what, what) &&
		    counts.list[i].officer.n == r->officer.account.n)
			return counts.list[i].count;
	return 0;
}

static void a_second_person_sees_how_often_each_officer_watched_and_acted(void **state)
{
	(void)state;
	struct running r;
	struct monitoring_id id;
	struct officer_counts counts;
	run(&r);
	CHECK(officer_counts_find(&r.e.service, &r.officer, &r.e.arena, r.officer.prison,
				  &counts) == ERR_DENIED);
	CHECK(watch(&r, PURPOSE_ASSIGNMENT, "My visits this afternoon", &id) == WATCH_OK);
	CHECK(watch(&r, PURPOSE_ASSIGNMENT, "My visits this afternoon", &id) == WATCH_OK);
	CHECK(act(&r, WISH(.act = ACT_PAUSE, WHY)) == ACT_OK);
	(void)open_one(&r);
	CHECK(counted(&r, "ASSIGNMENT") == 2 && counted(&r, "PAUSE") == 1);
	CHECK(counted(&r, "INCIDENT_OPENED") == 1 && counted(&r, "WARN") == 0);
	later(&r, 29 * 86400);
	CHECK(counted(&r, "ASSIGNMENT") == 0);
	estate_close(&r.e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(acts_add_up_each_with_one_leaf),
		TEST(who_may_do_what),
		TEST(each_side_speaks_for_itself_alone),
		TEST(more_time_moves_the_end_takes_the_places_and_costs_nothing),
		TEST(time_that_somebody_else_has_is_not_given),
		TEST(who_watches_says_why_and_the_record_says_who_knew),
		TEST(what_is_drawn_can_be_drawn_again_by_anybody),
		TEST(a_draw_takes_its_share),
		TEST(an_officer_watches_no_more_than_the_prison_allows),
		TEST(nobody_watches_a_confidential_visit_whatever_they_are),
		TEST(staff_can_hide_and_say_nothing_in_a_confidential_visit),
		TEST(a_prison_words_its_own_warnings),
		TEST(the_booker_is_told_of_a_decision_and_of_the_answer_to_an_appeal),
		TEST(of_what_may_not_be_said_nobody_is_told),
		TEST(what_weighs_most_is_never_one_persons_doing),
		TEST(paused_time_is_given_back_unless_an_incident_is_upheld),
		TEST(an_appeal_has_its_time),
		TEST(a_restriction_that_comes_of_an_incident_is_entered_and_an_appeal_lifts_it),
		TEST(an_appeal_that_is_refused_or_comes_after_its_end_leaves_the_restriction),
		TEST(each_side_appeals_once_and_is_answered_on_its_own),
		TEST(a_restriction_ends_by_the_appeal_of_whom_it_was_laid_on),
		TEST(a_restriction_on_the_prisoner_alone_is_told_to_the_prisoner),
		TEST(the_prisoner_reads_what_was_written_for_them_and_appeals),
		TEST(an_incident_happened_in_the_visit),
		TEST(an_authorisation_needs_two_people_and_ends_unless_somebody_looks_again),
		TEST(an_incident_is_a_ground_to_watch_while_it_is_open),
		TEST(an_assignment_is_the_governors_and_of_one_visit),
		TEST(
		    where_visits_are_recorded_only_nobody_watches_without_incident_or_authorisation),
		TEST(a_second_person_sees_how_often_each_officer_watched_and_acted),
	};
	return RUN("service/oversight", tests);
}
