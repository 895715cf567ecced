/*
 * Every rule, changed through the staff's page, changes what it decides.
 *
 * Two tables: rules of the offer (the times that somebody is offered change), and rules of what
 * comes after it (an answer of the service or of the pure rule changes, where it takes weeks with the
 * time passed in).  A parameter that stands in neither fails the test, and so does one that changes
 * nothing.
 */
#include "tests/store/lawyers.h"
#include "tests/store/recorded.h"
#include "tests/web/site.h"

#include "base/assert.h"
#include "domain/ask.h"
#include "domain/escort.h"
#include "domain/hint.h"
#include "domain/join.h"
#include "domain/oversight.h"
#include "domain/pin.h"
#include "domain/recording.h"
#include "domain/request.h"
#include "domain/telephone.h"
#include "domain/visit_order.h"
#include "domain/waiting/again.h"
#include "domain/waiting/fence.h"
#include "domain/waiting/refill.h"
#include "domain/waiting/standby.h"
#include "domain/waiting/watch.h"
#include "service/adjustment.h"
#include "service/booking.h"
#include "service/custody.h"
#include "service/hold.h"
#include "service/incident.h"
#include "service/legal_hold.h"
#include "service/orders.h"
#include "service/outcome.h"
#include "service/oversight.h"
#include "service/playback.h"
#include "service/post.h"
#include "service/refill.h"
#include "service/review.h"
#include "service/safeguard.h"
#include "service/standby.h"
#include "service/statistics.h"
#include "service/subject.h"
#include "service/tell.h"
#include "service/waiting.h"
#include "service/waste.h"
#include "store/query.h"
#include "store/reach.h"
#include "store/recording.h"
#include "store/visit.h"

enum {
	DAYS = 28,
};

/* Amina (36), Zara (9) and Kemi (19) may visit Daniel. */
struct scene {
	struct site s;
	struct actor amina, clerk, governor;
	struct prisoner_id daniel;
	struct prisoner_number number;
	struct person_id adult, child, young, carer;
};

/* Somebody more of Amina's account, approved for Daniel. */
static struct person_id approve(struct scene *c, const struct person_new *person,
				enum contact_part part)
{
	struct estate *e = &c->s.estate;
	struct prisoner daniel;
	enum contact_answer answer;
	struct contact_id id;
	struct contact_request ask = { .prisoner_number = str_from(c->number.text),
				       .relationship_code = STR("NIE"),
				       .part = part };
	CHECK(prisoner_named(&e->service, &c->clerk, &e->arena, c->number, &daniel) == OK);
	ask.prisoner_name = daniel.name;
	ask.prisoner_born = daniel.born;
	CHECK(person_add(&e->service, &c->amina, person, &ask.person) == OK);
	CHECK(contact_request(&e->service, &c->amina, &ask, &answer, &id) == OK);
	CHECK(contact_decide(&e->service, &c->governor, id, CONTACT_APPROVED, STR("")) == OK);
	return ask.person;
}

static void scene_open(struct scene *c)
{
	struct contact_list contacts;
	*c = (struct scene){ 0 };
	site_open(&c->s);
	struct estate *e = &c->s.estate;
	c->amina = estate_family(e, "amina@family.example");
	c->clerk = estate_staff(e, ROLE_VISITS_CLERK, "WWI");
	c->governor = estate_staff(e, ROLE_DUTY_GOVERNOR, "WWI");
	CHECK(contacts_mine(&e->service, &c->amina, &e->arena, &contacts) == OK);
	c->daniel = contacts.list[0].prisoner.id;
	c->number = contacts.list[0].prisoner.number;
	c->adult = contacts.list[0].person.id;
	c->child = contacts.list[1].person.id;
	c->young =
	    approve(c, &(struct person_new){ STR("Kemi Okoro"), { 2007, 3, 1 } }, PART_VISITOR);
	c->carer =
	    approve(c, &(struct person_new){ STR("Ada Cole"), { 1970, 3, 1 } }, PART_SUPPORTER);
	sign_in(&c->s, "admin@wandsworth.example");
}

static void set_rule(struct scene *c, const char *name, const char *value)
{
	char path[100], form[200];
	snprintf(path, sizeof path, "/staff/rules/%s", name);
	snprintf(form, sizeof form, "value=%s&from=&reason=A+test&confirm=yes", value);
	struct answer answer = ask(&c->s, path, form);
	if (answer.status != 303)
		fail_msg("%s = %s: %d %s", name, value, answer.status,
			 says(&answer, "error-summary") ? strstr(answer.html, "error-summary")
							: "");
}

/* ---- what is asked ---- */

enum party {
	ALONE,
	WITH_CHILD,
	YOUNG_ALONE,
	TWO_ADULTS,
	WITH_CARER,
	ALL,
};

enum asker {
	FAMILY,
	STAFF,
	STAFF_LEGAL,
	STAFF_OFFICIAL,
};

static struct offer_query query_of_party(const struct scene *c, enum party party, enum asker asker)
{
	struct offer_query q = { .prisoner = c->daniel, .days = DAYS };
	static const enum visit_kind KINDS[] = { [FAMILY] = VISIT_SOCIAL,
						 [STAFF] = VISIT_SOCIAL,
						 [STAFF_LEGAL] = VISIT_LEGAL,
						 [STAFF_OFFICIAL] = VISIT_OFFICIAL };
	q.kind = KINDS[asker];
	if (party != YOUNG_ALONE)
		q.persons[q.person_count++] = c->adult;
	if (party == WITH_CHILD || party == ALL)
		q.persons[q.person_count++] = c->child;
	if (party == YOUNG_ALONE || party == TWO_ADULTS || party == ALL)
		q.persons[q.person_count++] = c->young;
	if (party == WITH_CARER)
		q.persons[q.person_count++] = c->carer;
	return q;
}

/* The offer as a text: all that somebody could see of it. */
static const char *offer_text(struct scene *c, enum party party, enum asker asker)
{
	struct estate *e = &c->s.estate;
	struct offer offer = { 0 };
	struct offer_query q = query_of_party(c, party, asker);
	struct buf out = buf_of(1 << 20);
	const struct actor *actor = asker == FAMILY ? &c->amina : &c->clerk;
	enum err err = offer_times(&e->service, actor, &e->arena, &q, &offer);
	buf_printf(&out, "%d %d %lld\n", err, offer.party, (long long)offer.allowance_left);
	for (size_t i = 0; i < offer.count; i++) {
		buf_printf(&out, "%lld %d", (long long)offer.times[i].start.s,
			   offer.times[i].minutes);
		for (unsigned b = 0; b < BOOKING_COUNT; b++)
			if (verdict_has(offer.times[i].verdict, (enum booking)b))
				buf_printf(&out, " %s", booking_name((enum booking)b));
		buf_char(&out, '\n');
	}
	const char *text = arena_text(&e->arena, buf_view(&out));
	buf_clear(&out);
	return text;
}

/* ---- what must have happened before ---- */

static void add_alert(struct scene *c, const char *code)
{
	struct alert_id id;
	struct alert_new new = { .prisoner = c->daniel, .comment = STR("From the file") };
	CHECK(alert_code_of(str_from(code), &new.code));
	CHECK(alert_add(&c->s.estate.service, &c->governor, &new, &id) == OK);
}

static void an_alert(struct scene *c)
{
	add_alert(c, "RDV");
}

static void an_alert_about_children(struct scene *c)
{
	add_alert(c, "CPRC");
}

static void closed_visits(struct scene *c)
{
	struct restriction_id id;
	struct restriction_new new = { .on = RESTRICTION_ON_PRISONER,
				       .code = RESTRICTION_CLOSED,
				       .prisoner = c->daniel,
				       .comment = STR("After a find"),
				       .authorised_by = STR("Helen Frost") };
	CHECK(restriction_add(&c->s.estate.service, &c->governor, &new, &id) == OK);
}

static void on_remand(struct scene *c)
{
	struct prisoner_status status = { .number = c->number,
					  .incentive = STR("STD"),
					  .reason = STR("Not convicted") };
	CHECK(prisoner_set_status(&c->s.estate.service, &c->governor, &status) == OK);
}

/* One visit a week, and one is booked for a Tuesday. */
static void a_week_that_is_full(struct scene *c)
{
	struct offer offer;
	struct estate *e = &c->s.estate;
	struct offer_query q = query_of_party(c, ALONE, FAMILY);
	on_remand(c);
	CHECK(offer_times(&e->service, &c->amina, &e->arena, &q, &offer) == OK);
	for (size_t i = 0; i < offer.count; i++) {
		if (date_weekday(local_date(offer.times[i].start)) != 2 ||
		    offer.times[i].start.s < e->service.now.s + 7 * 24 * 60 * 60)
			continue;
		struct visit_request request = { .prisoner = c->daniel,
						 .person_count = 1,
						 .persons = { c->adult },
						 .start = offer.times[i].start,
						 .minutes = offer.times[i].minutes };
		struct verdict verdict;
		struct reference reference;
		CHECK(visit_book(&e->service, &c->amina, &request, &verdict, &reference) == OK);
		CHECK(verdict_clean(verdict));
		break;
	}
	set_rule(c, "remand_week_max", "1");
}

static void an_import_of_this_morning(struct scene *c)
{
	CHECK(source_set(&c->s.estate.service, &SYSTEM_ACTOR, SOURCE_ALERTS, SOURCE_UP, STR("")) ==
	      OK);
	c->s.estate.service.now.s += 3 * 60 * 60;
	sign_in(&c->s, "admin@wandsworth.example"); /* the session is over */
}

static void one_adult_at_most(struct scene *c)
{
	set_rule(c, "adults_max", "1");
}

/* One visit of 130 kbit/s fits it, less a fifth in reserve. */
static void a_measured_line(struct scene *c)
{
	set_rule(c, "link_up_kbit", "170");
}

static void a_line_found_too_thin(struct scene *c)
{
	set_rule(c, "link_found_up_kbit", "100");
}

/* The adult signs: what is planned for that fits, and one more would not. */
static void a_signed_language(struct scene *c)
{
	struct service *service = &c->s.estate.service;
	struct adjustment_list all;
	struct contact_list contacts;
	struct contact_id adult = { 0 };
	CHECK(contacts_mine(service, &c->amina, &c->s.estate.arena, &contacts) == OK);
	for (size_t i = 0; i < contacts.count; i++)
		if (contacts.list[i].person.id.n == c->adult.n)
			adult = contacts.list[i].id;
	CHECK(adjustment_ask(service, &c->amina, adult, ADJUSTMENT_SIGN, STR("")) == OK);
	CHECK(adjustments_waiting(service, &c->clerk, &c->s.estate.arena, &all) == OK);
	CHECK(adjustment_decide(service, &c->clerk, all.list[0].id,
				&(struct adjustment_decision){ true, 0, STR("") }) == OK);
	set_rule(c, "link_up_kbit", "250");
}

static void a_line_for_one_call(struct scene *c)
{
	set_rule(c, "link_calls_max", "1");
}

/* ---- the rules ---- */

static const struct {
	enum policy_name name;
	const char *value;
	enum asker asker;
	enum party party;
	void (*before)(struct scene *);
} RULES[] = {
	{ POLICY_ALLOWANCE_MINUTES_MONTH, "10", FAMILY, ALONE, NULL },
	{ POLICY_NOTICE_HOURS, "240", FAMILY, ALONE, NULL },
	{ POLICY_WINDOW_DAYS, "3", FAMILY, ALONE, NULL },
	{ POLICY_PARTY_MAX, "1", FAMILY, WITH_CHILD, NULL },
	{ POLICY_ADULT_AGE, "21", FAMILY, YOUNG_ALONE, NULL },
	{ POLICY_VIDEO_PAYS, "1", FAMILY, ALONE, NULL },
	{ POLICY_REMAND_WEEK_MAX, "0", FAMILY, ALONE, on_remand },
	{ POLICY_REMAND_WEEK_START, "4", FAMILY, ALONE, a_week_that_is_full },
	{ POLICY_SOURCE_STALE_HOURS, "1", STAFF, ALONE, an_import_of_this_morning },
	{ POLICY_CHILD_AGE, "5", STAFF, WITH_CHILD, an_alert_about_children },
	{ POLICY_SOCIAL_ON, "0", FAMILY, ALONE, NULL },
	{ POLICY_LEGAL_ON, "0", STAFF_LEGAL, ALONE, NULL },
	{ POLICY_OFFICIAL_ON, "0", STAFF_OFFICIAL, ALONE, NULL },
	{ POLICY_OPEN_FROM_DAY, "2026-12-10", FAMILY, ALONE, NULL },
	{ POLICY_NOTICE_DAYS, "10", FAMILY, ALONE, NULL },
	{ POLICY_NOTICE_DAYS_STAFF, "10", STAFF, ALONE, NULL },
	{ POLICY_WINDOW_DAYS_STAFF, "3", STAFF, ALONE, NULL },
	{ POLICY_REVIEW_EXTRA_DAYS, "10", FAMILY, ALONE, an_alert },
	{ POLICY_SOCIAL_MINUTES_MIN, "45", FAMILY, ALONE, NULL },
	{ POLICY_SOCIAL_MINUTES_MAX, "15", FAMILY, ALONE, NULL },
	{ POLICY_LEGAL_MINUTES_MIN, "240", STAFF_LEGAL, ALONE, NULL },
	{ POLICY_LEGAL_MINUTES_MAX, "5", STAFF_LEGAL, ALONE, NULL },
	{ POLICY_OFFICIAL_MINUTES_MIN, "240", STAFF_OFFICIAL, ALONE, NULL },
	{ POLICY_OFFICIAL_MINUTES_MAX, "5", STAFF_OFFICIAL, ALONE, NULL },
	{ POLICY_SEAT_ADULT_AGE, "5", FAMILY, WITH_CHILD, one_adult_at_most },
	{ POLICY_ADULTS_MAX, "1", FAMILY, TWO_ADULTS, NULL },
	{ POLICY_CHILDREN_MAX, "0", FAMILY, WITH_CHILD, NULL },
	{ POLICY_SUPPORTERS_MAX, "0", FAMILY, WITH_CARER, one_adult_at_most },
	{ POLICY_CLOSED_VISITS_MAX, "0", FAMILY, ALONE, closed_visits },
	{ POLICY_LINK_CALLS_MAX, "0", FAMILY, ALONE, NULL },
	{ POLICY_LINK_CALLS_RESERVE, "1", FAMILY, ALONE, a_line_for_one_call },
	{ POLICY_LINK_UP_KBIT, "100", FAMILY, ALONE, NULL },
	{ POLICY_LINK_DOWN_KBIT, "100", FAMILY, ALONE, NULL },
	{ POLICY_LINK_FIND, "0", FAMILY, ALONE, a_line_found_too_thin },
	{ POLICY_LINK_FOUND_UP_KBIT, "100", FAMILY, ALONE, NULL },
	{ POLICY_LINK_FOUND_DOWN_KBIT, "100", FAMILY, ALONE, NULL },
	{ POLICY_LINK_OTHER_KBIT, "100", FAMILY, ALONE, a_measured_line },
	{ POLICY_LINK_RESERVE_PERCENT, "50", FAMILY, ALONE, a_measured_line },
	{ POLICY_LINK_PLAN_KBIT, "140", FAMILY, ALONE, a_measured_line },
	{ POLICY_LINK_PLAN_SIGN_KBIT, "210", FAMILY, ALONE, a_signed_language },
};

/* ---- what comes after the offer: each says what the rules in force decide ---- */

enum {
	HOUR_S = 60 * 60,
	DAY_S = 24 * HOUR_S,
	TEXT_MAX = 1 << 18,
};

/* Saturday 28 November 2026, 14:00. */
static const struct wall SATURDAY = { 1795874400 };

static struct visit a_visit(void)
{
	return (struct visit){ .id = { 7 },
			       .kind = VISIT_SOCIAL,
			       .state = VISIT_BOOKED,
			       .start = SATURDAY,
			       .minutes = 30 };
}

static void say_window(struct buf *out, const struct policy *policy)
{
	struct visit visit = a_visit();
	for (int lost_s = 0; lost_s <= 2 * HOUR_S; lost_s += HOUR_S) {
		visit.lost.s[LOST_PRISON_LINE] = lost_s;
		struct visit_window w = visit_window_of(&visit, policy);
		buf_printf(out, "%lld %lld %lld\n", (long long)w.lobby_opens.s,
			   (long long)w.join_until.s, (long long)w.grace_end.s);
	}
}

static void say_telephone(struct buf *out, const struct policy *policy)
{
	struct telephone telephone = telephone_of(policy);
	buf_printf(out, "%lld %lld\n", (long long)telephone.number, (long long)telephone.code);
}

static void say_orders(struct buf *out, const struct policy *policy)
{
	struct order_rules r = order_rules_of(policy, 1, 1);
	buf_printf(out, "%lld %lld %lld %lld %lld %lld\n", (long long)r.vo_days,
		   (long long)r.pvo_days, (long long)r.accumulate_days, (long long)r.pvo_life_days,
		   (long long)r.cap, (long long)r.refund_life_days);
}

static void say_deadline(struct buf *out, const struct policy *policy)
{
	buf_printf(out, "%lld\n", (long long)request_deadline(SATURDAY, policy).s);
}

static void say_need(struct buf *out, const struct policy *policy, const struct waiting_need *need)
{
	struct date today = local_date(SATURDAY);
	struct date due = waiting_due(need, policy);
	buf_printf(out, "%d %d-%d-%d %lld\n", waiting_class_on(need, policy, today), due.year,
		   due.month, due.day, (long long)waiting_slack(need, policy, today));
}

static void say_urgency(struct buf *out, const struct policy *policy)
{
	struct waiting_need need = { .kind = VISIT_SOCIAL, .asked_at = SATURDAY, .minutes = 30 };
	say_need(out, policy, &need);
	need.kind = VISIT_LEGAL;
	for (int hours = 1; hours <= 120; hours += 7) {
		need.received = wall_add_s(SATURDAY, -hours * HOUR_S);
		say_need(out, policy, &need);
	}
	need.received = (struct wall){ 0 };
	need.cause = WAITING_FOR_HEARING;
	for (int days = 0; days <= 40; days++) {
		need.deadline = date_add_days(local_date(SATURDAY), days);
		say_need(out, policy, &need);
	}
}

static void say_fences(struct buf *out, const struct policy *policy)
{
	for (int class = 0; class < WAITING_CLASS_COUNT; class ++)
		for (int lead = 0; lead <= 20; lead++)
			for (int deadline = lead; deadline <= 25; deadline++)
				buf_printf(out, "%lld ",
					   (long long)fence_percent(
					       policy, &(struct fence_ask){
							   .class = (enum waiting_class) class,
							   .lead_days = lead,
							   .deadline_days = deadline }));
	for (int owner = 0; owner < VISIT_KIND_COUNT; owner++)
		for (int to = 0; to < VISIT_KIND_COUNT; to++)
			buf_printf(out, "%lld ",
				   (long long)release_until(policy, (enum visit_kind)owner,
							    (enum visit_kind)to, SATURDAY)
				       .s);
}

static void say_again(struct buf *out, const struct policy *policy)
{
	struct visit visit = {
		.kind = VISIT_LEGAL, .state = VISIT_COMPLETED, .end = END_FAULT, .minutes = 100
	};
	for (visit.used_s = 0; visit.used_s <= 6000; visit.used_s += 60)
		buf_printf(out, "%d", waits_again(&visit, policy));
}

static void say_refill(struct buf *out, const struct policy *policy)
{
	for (int hours = 0; hours <= 200; hours++) {
		struct wall now = wall_add_s(SATURDAY, -hours * HOUR_S - 20 * 60);
		struct refill_round r = refill_round_of(policy, SATURDAY, now);
		buf_printf(out, "%d %lld %d %lld\n", r.at_once, (long long)r.answer_until.s,
			   r.keeps, (long long)r.again.s);
	}
	struct refill_candidate c = { .need = { .kind = VISIT_SOCIAL, .minutes = 30 },
				      .short_notice = true };
	struct wall now = wall_add_s(SATURDAY, -3 * DAY_S);
	for (c.offers_today = 0; c.offers_today <= 20; c.offers_today++)
		buf_printf(out, "%d ", refill_may_ask(&c, policy, SATURDAY, 30, now));
	c.offers_today = 0;
	for (int days = 0; days <= 31; days++) {
		c.booked = wall_add_s(SATURDAY, days * DAY_S);
		buf_printf(out, "%d ", refill_may_ask(&c, policy, SATURDAY, 30, now));
	}
}

static void say_watch_over_waiting(struct buf *out, const struct policy *policy)
{
	for (int n = 0; n <= 101; n++)
		buf_printf(out, "%d%d%d ", damping_allows(policy, n), count_publishable(policy, n),
			   fairness_alert(policy, n, 10));
}

static void say_legal_notice(struct buf *out, const struct policy *policy)
{
	struct booking_facts facts = { .policy = *policy,
				       .today = *policy,
				       .by = BY_FAMILY,
				       .kind = VISIT_LEGAL,
				       .now = SATURDAY,
				       .minutes = 30 };
	for (int hours = 0; hours <= 200; hours++) {
		facts.start = wall_add_s(SATURDAY, hours * HOUR_S + 60);
		buf_printf(out, "%d", verdict_has(booking_decide(&facts), BOOKING_TOO_SOON));
	}
}

static void say_escort(struct buf *out, const struct policy *policy)
{
	struct visit visit = a_visit();
	buf_printf(out, "%lld ", (long long)escort_pick_up(&visit, policy).s);
	for (int minutes = -8 * 24 * 60; minutes <= 120; minutes += 5)
		buf_printf(
		    out, "%d",
		    escort_of(&visit, false, false, policy, wall_add_s(SATURDAY, minutes * 60)));
}

static void say_identity(struct buf *out, const struct policy *policy)
{
	struct date today = local_date(SATURDAY);
	for (int age = 5; age <= 25; age++)
		buf_printf(out, "%d",
			   identity_needed(policy, date_add_days(today, -366 * age), today));
	for (int state = 0; state < IDENTITY_STATE_COUNT; state++)
		for (int picture = IDENTITY_DOCUMENT; picture <= IDENTITY_PORTRAIT; picture++)
			buf_printf(
			    out, " %lld",
			    (long long)identity_keep_until(policy, (enum identity_state)state,
							   (enum identity_picture)picture, SATURDAY)
				.s);
}

static void say_terminal(struct buf *out, const struct policy *policy)
{
	struct asking_facts asked = { .approved = true, .asked_before = true };
	for (int days = 0; days <= 91; days++) {
		enum ask_state begins = ASK_STATE_COUNT;
		asked.asked_at = wall_add_s(SATURDAY, -days * DAY_S);
		buf_printf(out, "%d", ask_decide(&asked, policy, SATURDAY, &begins));
		buf_printf(out, "%d ", begins);
	}
	for (int failures = 0; failures <= 51; failures++)
		for (int minutes = 0; minutes <= 61; minutes++)
			buf_printf(out, "%d",
				   pin_state_of(failures, wall_add_s(SATURDAY, -minutes * 60),
						policy, SATURDAY));
}

static void say_watched(struct buf *out, const struct policy *policy)
{
	struct visit visit = a_visit();
	buf_printf(out, "%d %d %d", watch_need(&visit, policy, 1, 100),
		   recording_wanted(VISIT_SOCIAL, policy), hints_wanted(VISIT_SOCIAL, policy));
}

/* ---- and what the service does ---- */

/* The last time on offer. */
static struct visit_request a_request(struct scene *c)
{
	struct offer offer = { 0 };
	struct estate *e = &c->s.estate;
	struct offer_query q = query_of_party(c, ALONE, FAMILY);
	CHECK(offer_times(&e->service, &c->amina, &e->arena, &q, &offer) == OK);
	CHECK(offer.count > 0);
	return (struct visit_request){ .prisoner = c->daniel,
				       .person_count = 1,
				       .persons = { c->adult },
				       .start = offer.times[offer.count - 1].start,
				       .minutes = offer.times[offer.count - 1].minutes };
}

static void hold_a_time(struct scene *c, struct wall *until)
{
	struct verdict verdict;
	struct visit_request request = a_request(c);
	CHECK(visit_hold(&c->s.estate.service, &c->amina, &request, &verdict, until) == OK);
	CHECK(verdict_clean(verdict));
}

static void do_hold(struct scene *c, struct buf *out)
{
	struct wall until;
	hold_a_time(c, &until);
	buf_printf(out, "%lld", (long long)(until.s - c->s.estate.service.now.s));
}

static int64_t count_of(struct scene *c, const char *sql)
{
	struct query q = query_of(c->s.estate.service.store, sql);
	int64_t n = query_row(&q) ? query_column(&q, 0) : -1;
	CHECK(query_end(&q) == OK);
	return n;
}

/* What was given up is forgotten with the next that is. */
static void do_forget_holds(struct scene *c, struct buf *out)
{
	static const char HELD[] = "SELECT COUNT(*) FROM application";
	struct service *service = &c->s.estate.service;
	struct wall now = service->now, until;
	hold_a_time(c, &until);
	service->now = wall_add_s(until, 1);
	CHECK(holds_sweep(service) == OK);
	service->now = wall_add_s(until, 5 * HOUR_S);
	hold_a_time(c, &until);
	service->now = wall_add_s(until, 1);
	CHECK(holds_sweep(service) == OK);
	buf_printf(out, "%lld", (long long)count_of(c, HELD));
	service->now = now;
}

/* The visit of the sample, called off by the family so long before it. */
static void do_cancel(struct scene *c, struct buf *out)
{
	struct estate *e = &c->s.estate;
	struct allowance_view view;
	struct verdict verdict;
	struct reference reference;
	struct visit_request request = a_request(c);
	struct wall now = e->service.now;
	CHECK(visit_book(&e->service, &c->amina, &request, &verdict, &reference) == OK);
	e->service.now = wall_add_s(request.start, -10 * HOUR_S);
	enum err err = visit_cancel(&e->service, &c->amina, reference, STR(""));
	CHECK(allowance_find(&e->service, &SYSTEM_ACTOR, &e->arena, c->daniel, &view) == OK);
	buf_printf(out, "%s %lld", err_name(err), (long long)view.left);
	e->service.now = now;
}

static void do_remind(struct scene *c, struct buf *out)
{
	static const char DUE[] =
	    "SELECT next_at FROM message WHERE kind = 'REMINDER' ORDER BY next_at";
	struct estate *e = &c->s.estate;
	struct verdict verdict;
	struct reference reference;
	struct visit_request request = a_request(c);
	CHECK(visit_book(&e->service, &c->amina, &request, &verdict, &reference) == OK);
	struct query q = query_of(e->service.store, DUE);
	while (query_row(&q))
		buf_printf(out, "%lld ", (long long)query_column(&q, 0));
	CHECK(query_end(&q) == OK);
}

/* A visit in five days is moved: told to somebody with a telephone, then to them with an address alone. */
static void do_tell(struct scene *c, struct buf *out)
{
	static const char UNMAILED[] = "UPDATE account SET email = 'none-1@invalid' WHERE id = ?1";
	static const char WAYS[] =
	    "SELECT channel, state FROM message WHERE kind = 'MOVED' ORDER BY occasion, channel";
	struct estate *e = &c->s.estate;
	struct store *store = e->service.store;
	const struct reach phone = { .mobile = "+447700900123", .texts = true };
	const struct reach paper = { .postal = { .line1 = STR("12 High Street"),
						 .town = STR("Wandsworth"),
						 .postcode = STR("SW18 3HR") } };
	struct telling moved = { .kind = MESSAGE_MOVED,
				 .account = c->amina.account,
				 .prison = c->clerk.prison,
				 .object = 1,
				 .start = wall_add_s(e->service.now, 5 * DAY_S) };
	CHECK(store_reach_set(store, c->amina.account, &phone, e->service.now) == OK);
	CHECK(tell(&e->service, &moved) == OK);
	struct query q = query_of(store, UNMAILED);
	query_int(&q, c->amina.account.n);
	CHECK(query_change(&q) == OK);
	CHECK(store_reach_set(store, c->amina.account, &paper, e->service.now) == OK);
	moved.occasion = 1;
	CHECK(tell(&e->service, &moved) == OK);
	q = query_of(store, WAYS);
	while (query_row(&q)) {
		buf_str(out, query_column_peek(&q, 0));
		buf_char(out, ' ');
		buf_str(out, query_column_peek(&q, 1));
		buf_char(out, ' ');
	}
	CHECK(query_end(&q) == OK);
}

/* Two prisoners whose details do not fit, then two who do. */
static void do_ask(struct scene *c, struct buf *out)
{
	struct estate *e = &c->s.estate;
	struct prisoner daniel;
	CHECK(prisoner_named(&e->service, &c->clerk, &e->arena, c->number, &daniel) == OK);
	struct contact_request ask = { .prisoner_number = str_from(c->number.text),
				       .prisoner_name = daniel.name,
				       .prisoner_born = daniel.born,
				       .relationship = STR("friend") };
	for (int i = 0; i < 2; i++) {
		enum contact_answer answer;
		struct contact_id id;
		struct person_new new = { i ? STR("Ola Okoro") : STR("Ife Okoro"), { 1970, 1, 1 } };
		CHECK(person_add(&e->service, &c->amina, &new, &ask.person) == OK);
		ask.prisoner_name = daniel.name;
		CHECK(contact_request(&e->service, &c->amina, &ask, &answer, &id) == OK);
		buf_printf(out, "%s ", contact_answer_name(answer));
		ask.prisoner_name = STR("Somebody Else");
		CHECK(contact_request(&e->service, &c->amina, &ask, &answer, &id) == OK);
		buf_printf(out, "%s ", contact_answer_name(answer));
	}
}

/* A flag on a visit that is booked, and until when staff decide. */
static void do_flag(struct scene *c, struct buf *out)
{
	struct estate *e = &c->s.estate;
	struct review_list list = { 0 };
	struct verdict verdict;
	struct reference reference;
	struct visit_request request = a_request(c);
	CHECK(visit_book(&e->service, &c->amina, &request, &verdict, &reference) == OK);
	an_alert(c);
	CHECK(reviews_find(&e->service, &c->governor, &e->arena, c->governor.prison, REVIEW_OPEN,
			   &list) == OK);
	for (size_t i = 0; i < list.count; i++)
		buf_printf(out, "%lld ", (long long)list.list[i].due_at.s);
}

static void do_outcomes(struct scene *c, struct buf *out)
{
	struct visit_list found = { 0 };
	struct estate *e = &c->s.estate;
	struct date day = date_add_days(local_date(e->service.now), -20);
	buf_printf(out, "%s",
		   err_name(visits_over_find(&e->service, &c->clerk, &e->arena, c->clerk.prison,
					     day, &found)));
}

static void do_waste(struct scene *c, struct buf *out)
{
	struct waste waste;
	struct estate *e = &c->s.estate;
	struct date day = date_add_days(local_date(e->service.now), -7);
	CHECK(waste_find(&e->service, &c->clerk, &e->arena, c->clerk.prison, day, &waste) == OK);
	for (int i = 0; i < TERM_COUNT; i++)
		buf_printf(out, "%lld ", (long long)waste.week.minutes[i]);
}

/* Until when staff answer somebody who asks now. */
static void do_due(struct scene *c, struct buf *out)
{
	struct identity_case found;
	struct contact_list mine;
	struct estate *e = &c->s.estate;
	CHECK(contacts_mine(&e->service, &c->amina, &e->arena, &mine) == OK);
	mine.list[0].requested_at = SATURDAY;
	CHECK(identity_case_find(&e->service, &c->governor, &mine.list[0], &found) == OK);
	buf_printf(out, "%lld", (long long)found.due.s);
}

/* ---- and what shows in weeks, or while a visit is under way ---- */

/* Each is somebody else. */
static struct actor somebody(struct scene *c, enum role role, const char *email)
{
	struct actor actor = estate_staff(&c->s.estate, role, "WWI");
	actor.account = estate_family(&c->s.estate, email).account;
	return actor;
}

static struct actor a_monitor(struct scene *c)
{
	return somebody(c, ROLE_MONITOR, "monitor@wandsworth.example");
}

static struct actor a_governor(struct scene *c)
{
	return somebody(c, ROLE_DUTY_GOVERNOR, "governor@wandsworth.example");
}

static struct visit visit_now(struct scene *c)
{
	struct visit visit;
	struct estate *e = &c->s.estate;
	CHECK(visit_find(&e->service, &SYSTEM_ACTOR, &e->arena, e->sample.joinable, &visit) == OK);
	return visit;
}

/* The sample's visit, live. */
static struct visit begin_visit(struct scene *c)
{
	enum joining answer;
	struct estate *e = &c->s.estate;
	struct actor terminal = estate_terminal(e);
	CHECK(lobby_enter(&e->service, &c->amina, e->sample.joinable, &answer) == OK);
	CHECK(lobby_enter(&e->service, &terminal, e->sample.joinable, &answer) == OK);
	struct visit visit = visit_now(c);
	CHECK(visitor_admit(&e->service, &c->clerk, visit.reference, visit.visitors[0].person) ==
	      OK);
	CHECK(visit_hearing(&e->service, &SYSTEM_ACTOR, visit.id, 1) == OK);
	return visit_now(c);
}

/* Whether all of many visits are drawn to be watched. */
static void do_draw(struct scene *c, struct buf *out)
{
	struct visit visit = visit_now(c);
	int drawn = 0;
	set_rule(c, "oversight_watch", "1");
	for (int i = 0; i < 50; i++) {
		struct watch_duty duty;
		visit.id.n++;
		CHECK(watch_duty_find(&c->s.estate.service, &SYSTEM_ACTOR, &visit, &duty) == OK);
		drawn += duty.need == WATCH_NEED_DRAWN;
	}
	buf_printf(out, "%d", drawn == 50);
}

static void do_duty(struct scene *c, struct buf *out)
{
	struct watch_duty duty;
	struct visit visit = visit_now(c);
	CHECK(watch_duty_find(&c->s.estate.service, &SYSTEM_ACTOR, &visit, &duty) == OK);
	buf_printf(out, "%lld %d", (long long)duty.missing_s, duty.missing_pauses);
}

/* The same officer, two visits. */
static void do_watch_two(struct scene *c, struct buf *out)
{
	struct watch_wish wish = { .purpose = PURPOSE_ASSIGNMENT,
				   .words = STR("My visits this afternoon") };
	struct estate *e = &c->s.estate;
	struct actor monitor = a_monitor(c);
	struct visit first = begin_visit(c), second = first;
	second.id.n ^= 1;
	second.reference = reference_new(&e->random);
	second.state = VISIT_BOOKED;
	CHECK(store_visit_insert(e->service.store, &second) == OK);
	second.state = VISIT_LIVE;
	CHECK(store_visit_update(e->service.store, &second) == OK);
	const struct reference both[] = { first.reference, second.reference };
	for (size_t i = 0; i < ARRAY_LEN(both); i++) {
		struct monitoring_id id;
		enum watch_answer answer;
		CHECK(monitoring_begin(&e->service, &monitor, both[i], &wish, &answer, &id) == OK);
		buf_printf(out, "%s ", watch_answer_name(answer));
	}
}

/* Three weeks after an incident was decided. */
static void do_appeal(struct scene *c, struct buf *out)
{
	struct service *service = &c->s.estate.service;
	struct actor monitor = a_monitor(c), governor = a_governor(c);
	struct visit visit = begin_visit(c);
	struct incident_id id;
	enum incident_answer answer;
	struct incident_new new = { .type = INCIDENT_RECORDING,
				    .severity = SEVERITY_MEDIUM,
				    .evidence = STR("A telephone was held to the screen.") };
	struct incident_decision decision = { .outcome = OUTCOME_WARNING,
					      .follow_up = STR("Seen by two officers."),
					      .told = STR("Do not record.") };
	struct wall now = service->now;
	CHECK(incident_open(service, &monitor, visit.reference, &new, &id) == OK);
	CHECK(incident_decide(service, &governor, id, &decision, &answer) == OK);
	CHECK(answer == INCIDENT_OK);
	service->now = wall_add_s(now, 21 * DAY_S);
	CHECK(incident_appeal(service, &c->amina, id, STR("It was the baby alarm."), &answer) ==
	      OK);
	buf_printf(out, "%d", answer);
	service->now = now;
}

/* Asked for, for two months. */
static void do_authorise(struct scene *c, struct buf *out)
{
	struct estate *e = &c->s.estate;
	struct actor monitor = a_monitor(c);
	struct authorisation_id id;
	struct authorisation found = { 0 };
	struct authorisation_new new = { .number = c->number,
					 .necessity = STR("Calls were used to threaten a witness."),
					 .proportionality =
					     STR("Nothing less tells who is threatened."),
					 .days = 60 };
	enum err err = authorisation_request(&e->service, &monitor, &new, &id);
	if (err == OK)
		CHECK(authorisation_find(&e->service, &monitor, &e->arena, id, &found) == OK);
	buf_printf(out, "%s %lld", err_name(err), (long long)found.review_at.s);
}

static void do_record(struct scene *c, struct buf *out)
{
	struct visit visit;
	struct recording recording;
	struct estate *e = &c->s.estate;
	record_visit(e, &visit);
	CHECK(store_recording_find(e->service.store, &e->arena, visit.id, &recording) == OK);
	buf_printf(out, "%lld", (long long)recording.keep_until.s);
}

/* To be kept for two months more. */
static void do_keep_recording(struct scene *c, struct buf *out)
{
	struct visit visit;
	enum legal_hold_answer answer;
	struct estate *e = &c->s.estate;
	struct actor monitor = a_monitor(c);
	struct legal_hold_new new = { .matter = STR("2026/17"),
				      .reason = STR("The police have asked for it."),
				      .review_at = wall_add_s(e->service.now, 60 * DAY_S) };
	record_visit(e, &visit);
	CHECK(legal_hold_ask(&e->service, &monitor, visit.reference, &new, &answer) == OK);
	buf_printf(out, "%d", answer);
}

/* What a family is told the day after staff looked at a recording of theirs. */
static void do_look(struct scene *c, struct buf *out)
{
	struct visit visit;
	struct recording_view recording;
	struct subject_view view;
	enum playback_answer answer;
	struct estate *e = &c->s.estate;
	struct service *service = &e->service;
	struct actor monitor = a_monitor(c), governor = a_governor(c);
	struct subject own = { SUBJECT_ACCOUNT, c->amina.account.n };
	struct wall now = service->now;
	record_visit(e, &visit);
	CHECK(recording_ask(service, &monitor, visit.reference, STR("An incident, reported."),
			    &answer) == OK);
	CHECK(recording_find(service, &monitor, &e->arena, visit.reference, &recording) == OK);
	struct access_id id = recording.accesses.list[0].id;
	CHECK(recording_decide(service, &governor, id, true, STR("Necessary for it."), &answer) ==
	      OK);
	CHECK(recording_open(service, &monitor, id, STR("token"), &answer) == OK);
	CHECK(answer == PLAYBACK_OK);
	service->now = wall_add_s(now, DAY_S);
	CHECK(subject_find(service, &c->amina, &e->arena, own, &view) == OK);
	buf_printf(out, "%zu", view.looks.count);
	service->now = now;
}

/* Half a year after they were sent. */
static void do_forget_messages(struct scene *c, struct buf *out)
{
	static const char SENT[] = "UPDATE message SET state = 'SENT'";
	static const char KEPT[] = "SELECT COUNT(*) FROM message";
	struct service *service = &c->s.estate.service;
	struct wall now = service->now;
	do_remind(c, out); /* somebody books, and is told */
	buf_reset(out);
	struct query q = query_of(service->store, SENT);
	CHECK(query_change(&q) == OK);
	service->now = wall_add_s(now, 180 * DAY_S);
	CHECK(post_erase_due(service, &SYSTEM_ACTOR) == OK);
	buf_printf(out, "%lld", (long long)count_of(c, KEPT));
	service->now = now;
}

/* Released two years ago, with nothing that must be kept. */
static void do_forget_prisoner(struct scene *c, struct buf *out)
{
	static const char RELEASED[] =
	    "INSERT INTO custody (prisoner, status, since, vo_day, pvo_day, run_day) SELECT "
	    "MIN(id), "
	    "'RELEASED', ?1, 0, 0, 0 FROM prisoner WHERE id NOT IN (SELECT prisoner FROM visit)";
	static const char FORGOTTEN[] = "SELECT COUNT(*) FROM prisoner WHERE forgotten_at <> 0";
	struct service *service = &c->s.estate.service;
	struct prisoner_id after = { 0 };
	struct query q = query_of(service->store, RELEASED);
	query_int(&q, service->now.s - 2 * 366 * DAY_S);
	CHECK(query_change(&q) == OK);
	CHECK(prisoner_erase_due(service, &SYSTEM_ACTOR, &after) == OK);
	buf_printf(out, "%lld", (long long)count_of(c, FORGOTTEN));
}

static struct actor a_lawyer(struct scene *c)
{
	struct estate *e = &c->s.estate;
	struct actor lawyer = lawyer_of(e, "lena@marsh.example", PROFESSION_SOLICITOR);
	verify(e, lawyer);
	return lawyer;
}

/* Two requests of one lawyer that no time fits. */
static void do_wait(struct scene *c, struct buf *out)
{
	struct estate *e = &c->s.estate;
	struct actor lawyer = a_lawyer(c);
	struct legal_ask ask = asking();
	for (int i = 0; i < 2; i++) {
		enum legal_answer answer;
		struct verdict verdict;
		struct reference reference;
		CHECK(legal_book(&e->service, &lawyer, &ask, (struct legal_time){ 0 }, &answer,
				 &verdict, &reference) == OK);
		buf_printf(out, "%d ", answer);
	}
}

/* A request of a month ago that nothing came of. */
static void do_give_up(struct scene *c, struct buf *out)
{
	struct estate *e = &c->s.estate;
	struct wall now = e->service.now;
	struct visit_request request = a_request(c);
	struct waiting_wish wish = { .until_minute = 24 * 60 };
	struct refill_cursor cursor = { 0 };
	enum waiting_answer answer;
	struct verdict verdict;
	struct waiting waiting;
	int64_t id;
	bool more = true;
	CHECK(waiting_ask(&e->service, &c->amina, &request, &wish, &answer, &verdict, &id) == OK);
	CHECK(answer == WAITING_FINE);
	e->service.now = wall_add_s(now, 30 * DAY_S);
	for (int i = 0; i < 200 && more; i++)
		CHECK(refill_run(&e->service, &SYSTEM_ACTOR, &cursor, &more) == OK);
	CHECK(waiting_find(&e->service, &c->amina, &e->arena, id, &waiting) == OK);
	buf_printf(out, "%d", waiting.state);
	e->service.now = now;
}

/* The last month whose figures stand. */
static void do_publish(struct scene *c, struct buf *out)
{
	static const char LAST[] = "SELECT MAX(published_month) FROM statistics_run";
	bool more = true;
	for (int i = 0; i < 200 && more; i++)
		CHECK(statistics_count(&c->s.estate.service, &SYSTEM_ACTOR, &more) == OK);
	buf_printf(out, "%lld", (long long)count_of(c, LAST));
}

/* What a lawyer is offered beside a visit that is booked. */
static void do_turn(struct scene *c, struct buf *out)
{
	struct estate *e = &c->s.estate;
	struct actor lawyer = a_lawyer(c);
	struct legal_ask ask = asking();
	struct legal_times *times = arena_new(&e->arena, 1, sizeof *times);
	(void)booked(e, lawyer, &ask);
	CHECK(legal_times_find(&e->service, &lawyer, &e->arena, &ask, times) == OK);
	for (size_t i = 0; i < times->count; i++)
		buf_printf(out, "%lld %lld\n", (long long)times->times[i].start.s,
			   (long long)times->times[i].terminal.n);
}

/* As many visits that begin together as it takes by the first rules: of four, three are rows alone, and longer. */
static struct visit four_at_once(struct scene *c, struct actor lawyer)
{
	static const char MORE[] =
	    "INSERT INTO visit (id, reference, kind, state, prison, prisoner, terminal, booker, "
	    "start_at, minutes, policy_version, booked_at, lobby_at, visitor_seen, prisoner_seen, "
	    "live_from, ended_at, used_s, counted_minutes, end_kind, end_reason, closed, watched, "
	    "revision, free_minutes) SELECT ?1, ?2, kind, state, prison, prisoner, "
	    "(SELECT MAX(id) FROM terminal WHERE prison <> 'WWI'), booker, start_at, minutes + 30, "
	    "policy_version, booked_at, 0, 0, 0, 0, 0, 0, 0, 'NONE', '', closed, watched, 0, 0 "
	    "FROM visit WHERE reference = ?3";
	struct estate *e = &c->s.estate;
	struct legal_ask ask = asking();
	struct visit visit = { 0 };
	ask.minutes = 60;
	struct reference reference = booked(e, lawyer, &ask);
	for (int i = 1; i < 4; i++) {
		struct query q = query_of(e->service.store, MORE);
		query_int(&q, i); /* far from the ids that come */
		query_text(&q, reference_new(e->service.random).text);
		query_text(&q, reference.text);
		CHECK(query_change(&q) == OK);
	}
	CHECK(visit_find(&e->service, &SYSTEM_ACTOR, &e->arena, reference, &visit) == OK);
	return visit;
}

static void change(struct scene *c, const char *sql)
{
	struct query q = query_of(c->s.estate.service.store, sql);
	CHECK(query_end(&q) == OK);
}

static void count_visits(struct scene *c, const char *measure, int value)
{
	struct query q = query_of(c->s.estate.service.store,
				  "INSERT INTO visit_count (prison, kind, month, measure, value) "
				  "VALUES ('WWI', 'LEGAL', ?1, ?2, ?3)");
	query_int(&q, local_month(c->s.estate.service.now));
	query_text(&q, measure);
	query_int(&q, value);
	CHECK(query_end(&q) == OK);
}

/* Whoever waits is asked to stand by, agrees, and is called when nobody comes. */
static void do_stand_by(struct scene *c, struct buf *out)
{
	struct estate *e = &c->s.estate;
	struct wall now = e->service.now;
	struct actor waits = lawyer_of(e, "standby@law.example", PROFESSION_SOLICITOR);
	struct legal_ask ask = asking();
	enum legal_answer answer;
	enum standby_state state = STANDBY_STATE_COUNT;
	struct verdict verdict;
	struct reference called = { 0 };
	struct waiting_lines lines;
	struct standby_cursor cursor = { 0 };
	bool more = true;
	verify(e, waits);
	change(c, "UPDATE session_template SET start_minute = 600, end_minute = 660 "
		  "WHERE prison = 'WWI'");
	count_visits(c, "PLANNED", 40);
	count_visits(c, "BOTH_ABSENT", 8);
	struct visit visit = four_at_once(c, a_lawyer(c));
	ask.prisoner_number = STR("A3456DE");
	ask.prisoner_born = (struct date){ 1979, 1, 27 };
	CHECK(legal_book(&e->service, &waits, &ask, (struct legal_time){ 0 }, &answer, &verdict,
			 &called) == OK);
	for (int i = 0; i < 200 && more; i++)
		CHECK(standby_run(&e->service, &SYSTEM_ACTOR, &cursor, &more) == OK);
	CHECK(waiting_mine(&e->service, &waits, &e->arena, &lines) == OK);
	buf_printf(out, "%d", lines.list[0].has_standby);
	if (lines.list[0].has_standby) {
		CHECK(standby_answer(&e->service, &waits, lines.list[0].standby.id, ANSWER_ACCEPT,
				     &state) == OK);
		e->service.now = wall_add_s(visit.start, 10 * 60);
		CHECK(standby_hand_over(&e->service, &SYSTEM_ACTOR, visit.reference, &called) ==
		      OK);
		CHECK(visit_find(&e->service, &SYSTEM_ACTOR, &e->arena, called, &visit) == OK);
		buf_printf(out, " %d %lld %d", state, (long long)visit.start.s, visit.minutes);
	}
	e->service.now = now;
}

/* Ten minutes after the start of the shortest visit of a family. */
static void say_standby(struct buf *out, const struct policy *policy)
{
	const struct waiting_need need = { .kind = VISIT_SOCIAL, .minutes = 60 };
	struct wall end = { policy->values[POLICY_SOCIAL_MINUTES_MIN] * 60 };
	buf_printf(out, "%d", standby_minutes(policy, &need, (struct wall){ 600 }, end));
}

static const struct {
	enum policy_name name;
	const char *value;
	void (*says)(struct buf *, const struct policy *); /* of the rules in force */
	void (*does)(struct scene *, struct buf *);        /* undone afterwards */
} AFTER[] = {
	{ POLICY_GRACE_MINUTES, "7", say_window, NULL },
	{ POLICY_LOST_ADDED_MINUTES, "7", say_window, NULL },
	{ POLICY_LOBBY_MINUTES, "7", say_window, NULL },
	{ POLICY_JOIN_MINUTES, "7", say_window, NULL },
	{ POLICY_TELEPHONE_NUMBER, "441632960001", say_telephone, NULL },
	{ POLICY_TELEPHONE_CODE, "4711", say_telephone, NULL },
	{ POLICY_ORDER_VO_DAYS, "7", say_orders, NULL },
	{ POLICY_ORDER_PVO_DAYS, "7", say_orders, NULL },
	{ POLICY_ORDER_ACCUMULATE_DAYS, "7", say_orders, NULL },
	{ POLICY_ORDER_PVO_LIFE_DAYS, "7", say_orders, NULL },
	{ POLICY_ORDER_CAP, "7", say_orders, NULL },
	{ POLICY_ORDER_REFUND_LIFE_DAYS, "7", say_orders, NULL },
	{ POLICY_REVIEW_DECIDE_HOURS, "100", say_deadline, NULL },
	{ POLICY_REVIEW_CLOSE_MINUTE, "07:30", say_deadline, NULL },
	{ POLICY_WAIT_HEARING_DAYS, "9", say_urgency, NULL },
	{ POLICY_WAIT_CUSTODY_HOURS, "100", say_urgency, NULL },
	{ POLICY_WAIT_URGENT_DAYS, "9", say_urgency, NULL },
	{ POLICY_WAIT_DATED_DAYS, "29", say_urgency, NULL },
	{ POLICY_WAIT_DATED_BEFORE_DAYS, "9", say_urgency, NULL },
	{ POLICY_WAIT_ROUTINE_DAYS, "29", say_urgency, NULL },
	{ POLICY_WAIT_SOCIAL_DAYS, "29", say_urgency, NULL },
	{ POLICY_WAIT_PREPARE_DAYS, "9", say_urgency, NULL },
	{ POLICY_LEGAL_NOTICE_MINUTES, "5000", say_legal_notice, NULL },
	{ POLICY_FENCE_ROUTINE_FAR, "77", say_fences, NULL },
	{ POLICY_FENCE_ROUTINE_NEAR, "77", say_fences, NULL },
	{ POLICY_FENCE_DATED_FAR, "77", say_fences, NULL },
	{ POLICY_FENCE_DATED_NEAR, "77", say_fences, NULL },
	{ POLICY_FENCE_FAR_DAYS, "15", say_fences, NULL },
	{ POLICY_RELEASE_SOCIAL_HOURS, "300", say_fences, NULL },
	{ POLICY_RELEASE_COURT_MINUTE, "07:30", say_fences, NULL },
	{ POLICY_RELEASE_LEGAL_HOURS, "300", say_fences, NULL },
	{ POLICY_OFFER_ANSWER_MINUTES, "77", say_refill, NULL },
	{ POLICY_OFFER_SHORT_MINUTES, "77", say_refill, NULL },
	{ POLICY_OFFER_FAR_HOURS, "150", say_refill, NULL },
	{ POLICY_OFFER_PARALLEL_HOURS, "48", say_refill, NULL },
	{ POLICY_OFFER_PARALLEL_MAX, "17", say_refill, NULL },
	{ POLICY_OFFER_LAST_MINUTES, "1000", say_refill, NULL },
	{ POLICY_OFFER_FROM_MINUTE, "11:30", say_refill, NULL },
	{ POLICY_OFFER_UNTIL_MINUTE, "15:30", say_refill, NULL },
	{ POLICY_OFFERS_DAY, "17", say_refill, NULL },
	{ POLICY_OFFER_GAIN_DAYS, "30", say_refill, NULL },
	{ POLICY_STANDBY_BOOTHS, "7", NULL, do_stand_by },
	{ POLICY_STANDBY_NO_SHOW_PERCENT, "77", NULL, do_stand_by },
	{ POLICY_STANDBY_MINUTES_MIN, "25", say_standby, NULL },
	{ POLICY_FIRM_ROUTINE_MAX, "49", say_watch_over_waiting, NULL },
	{ POLICY_FAIR_PERCENT, "777", say_watch_over_waiting, NULL },
	{ POLICY_PUBLISH_MIN, "77", say_watch_over_waiting, NULL },
	{ POLICY_FAILED_WAITS, "0", say_again, NULL },
	{ POLICY_FAILED_HELD_PERCENT, "77", say_again, NULL },
	{ POLICY_START_WITHIN_MINUTES, "45", say_escort, NULL },
	{ POLICY_ESCORT_MINUTES, "77", say_escort, NULL },
	{ POLICY_ACKNOWLEDGE_HOURS, "77", say_escort, NULL },
	{ POLICY_ACKNOWLEDGE_LAST_MINUTES, "77", say_escort, NULL },
	{ POLICY_IDENTITY_NEEDED, "0", say_identity, NULL },
	{ POLICY_IDENTITY_AGE, "21", say_identity, NULL },
	{ POLICY_IDENTITY_UNFINISHED_DAYS, "77", say_identity, NULL },
	{ POLICY_IDENTITY_UNDECIDED_DAYS, "77", say_identity, NULL },
	{ POLICY_IDENTITY_DOCUMENT_DAYS, "77", say_identity, NULL },
	{ POLICY_IDENTITY_PORTRAIT_DAYS, "77", say_identity, NULL },
	{ POLICY_PRISONER_ASKS, "0", say_terminal, NULL },
	{ POLICY_PRISONER_ASK_DAYS, "77", say_terminal, NULL },
	{ POLICY_PIN_TRIES, "9", say_terminal, NULL },
	{ POLICY_PIN_PAUSE_MINUTES, "47", say_terminal, NULL },
	{ POLICY_PIN_TRIES_MAX, "47", say_terminal, NULL },
	{ POLICY_OVERSIGHT_WATCH, "0", say_watched, NULL },
	{ POLICY_RECORDING_ON, "0", say_watched, NULL },
	{ POLICY_HOLD_MINUTES, "47", NULL, do_hold },
	{ POLICY_HOLD_PURGE_MINUTES, "60", NULL, do_forget_holds },
	{ POLICY_CANCEL_UNTIL_MINUTES, "2000", NULL, do_cancel },
	{ POLICY_CANCEL_REFUND_MINUTES, "2000", NULL, do_cancel },
	{ POLICY_OPEN_REQUESTS_MAX, "1", NULL, do_ask },
	{ POLICY_MISMATCHES_DAY, "1", NULL, do_ask },
	{ POLICY_REVIEW_DAYS, "9", NULL, do_flag },
	{ POLICY_OUTCOME_DAYS, "5", NULL, do_outcomes },
	{ POLICY_REMIND_FIRST_HOURS, "33", NULL, do_remind },
	{ POLICY_REMIND_SECOND_HOURS, "33", NULL, do_remind },
	{ POLICY_REMIND_LAST_HOURS, "33", NULL, do_remind },
	{ POLICY_HOURS_FROM_MINUTE, "11:30", NULL, do_waste },
	{ POLICY_HOURS_UNTIL_MINUTE, "15:30", NULL, do_waste },
	{ POLICY_HOURS_DAYS, "3", NULL, do_waste },
	{ POLICY_CONTACT_ANSWER_DAYS, "27", NULL, do_due },
	{ POLICY_TURN_MINUTES, "30", NULL, do_turn },
	{ POLICY_PUBLISH_DAYS, "1", NULL, do_publish },
	{ POLICY_WAITING_MAX, "1", NULL, do_wait },
	{ POLICY_WAITING_KEEP_DAYS, "7", NULL, do_give_up },
	{ POLICY_OVERSIGHT_SHARE, "100", NULL, do_draw },
	{ POLICY_OVERSIGHT_RATIO, "1", NULL, do_watch_two },
	{ POLICY_OVERSIGHT_MISSING_MINUTES, "7", NULL, do_duty },
	{ POLICY_OVERSIGHT_MISSING_PAUSE, "1", NULL, do_duty },
	{ POLICY_INCIDENT_APPEAL_DAYS, "7", NULL, do_appeal },
	{ POLICY_AUTHORISATION_DAYS, "7", NULL, do_authorise },
	{ POLICY_AUTHORISATION_REVIEW_DAYS, "7", NULL, do_authorise },
	{ POLICY_RECORDING_DAYS, "7", NULL, do_record },
	{ POLICY_HINTS_ON, "1", say_watched, NULL },
	{ POLICY_LEGAL_HOLD_DAYS, "7", NULL, do_keep_recording },
	{ POLICY_LOOKS_TOLD_DAYS, "0", NULL, do_look },
	{ POLICY_MESSAGE_KEEP_DAYS, "366", NULL, do_forget_messages },
	{ POLICY_PRISONER_KEEP_DAYS, "366", NULL, do_forget_prisoner },
	{ POLICY_LETTER_DAYS, "14", NULL, do_tell },
	{ POLICY_TEXT_NOTICE_HOURS, "336", NULL, do_tell },
};

/* The rules for the whole country, which no prison sets for itself. */
static bool is_national(enum policy_name name)
{
	static const enum policy_name NATIONAL[] = {
		POLICY_OPEN_REQUESTS_MAX,  POLICY_MISMATCHES_DAY,  POLICY_HOLD_PURGE_MINUTES,
		POLICY_PUBLISH_DAYS,       POLICY_LOOKS_TOLD_DAYS, POLICY_MESSAGE_KEEP_DAYS,
		POLICY_PRISONER_KEEP_DAYS,
	};
	for (size_t i = 0; i < ARRAY_LEN(NATIONAL); i++)
		if (NATIONAL[i] == name)
			return true;
	return false;
}

static struct policy in_force(struct scene *c)
{
	struct policy policy;
	CHECK(policy_find(&c->s.estate.service, c->clerk.prison, &policy) == OK);
	return policy;
}

static const char *decision(struct scene *c, size_t i)
{
	struct store *store = c->s.estate.service.store;
	struct buf out = buf_of(TEXT_MAX);
	struct policy policy = in_force(c);
	CHECK(store_enter(store) == OK);
	if (AFTER[i].says)
		AFTER[i].says(&out, &policy);
	else
		AFTER[i].does(c, &out);
	CHECK(store_leave(store, false) == OK);
	CHECK(buf_ok(&out));
	const char *text = arena_text(&c->s.estate.arena, buf_view(&out));
	buf_clear(&out);
	return text;
}

static int stands_in_tables(enum policy_name name)
{
	int n = 0;
	for (size_t i = 0; i < ARRAY_LEN(RULES); i++)
		n += RULES[i].name == name;
	for (size_t i = 0; i < ARRAY_LEN(AFTER); i++)
		n += AFTER[i].name == name;
	return n;
}

/* A row is tried on the same scene as the others, and undone. */
static void try_begin(struct scene *c)
{
	CHECK(store_enter(c->s.estate.service.store) == OK);
}

static void try_end(struct scene *c)
{
	CHECK(store_leave(c->s.estate.service.store, false) == OK);
	c->s.estate.service.now = ESTATE_NOW;
	sign_in(&c->s, "admin@wandsworth.example");
}

static void every_rule_of_the_offer_changes_it_through_its_page(void **state)
{
	(void)state;
	struct scene c;
	scene_open(&c);
	for (size_t i = 0; i < ARRAY_LEN(RULES); i++) {
		const char *name = policy_name_text(RULES[i].name);
		try_begin(&c);
		if (RULES[i].before)
			RULES[i].before(&c);
		const char *before = offer_text(&c, RULES[i].party, RULES[i].asker);
		set_rule(&c, name, RULES[i].value);
		const char *after = offer_text(&c, RULES[i].party, RULES[i].asker);
		if (strcmp(before, after) == 0)
			fail_msg("%s = %s changes nothing: %.200s", name, RULES[i].value, before);
		try_end(&c);
	}
	site_close(&c.s);
}

static void every_other_rule_changes_what_it_decides_through_its_page(void **state)
{
	(void)state;
	struct scene c;
	size_t nothing = 0;
	scene_open(&c);
	for (size_t i = 0; i < ARRAY_LEN(AFTER); i++) {
		const char *name = policy_name_text(AFTER[i].name);
		try_begin(&c);
		if (is_national(AFTER[i].name))
			sign_in(&c.s, "admin@hq.example");
		const char *before = decision(&c, i);
		if (strcmp(before, decision(&c, i)) != 0)
			fail_msg("%s: says another thing each time", name);
		set_rule(&c, name, AFTER[i].value);
		const char *after = decision(&c, i);
		if (strcmp(before, after) == 0) {
			print_message("# %s = %s changes nothing: %.200s\n", name, AFTER[i].value,
				      before);
			nothing++;
		}
		try_end(&c);
	}
	assert_int_equal(nothing, 0);
	site_close(&c.s);
}

/* The nearest other value that it may have, as somebody types it. */
static const char *another_value(struct scene *c, enum policy_name name, int64_t is, int64_t *out)
{
	int64_t min, max;
	policy_bounds(name, &min, &max);
	*out = is < max ? is + 1 : is - 1;
	if (policy_unit(name) == UNIT_CLOCK)
		return arena_printf(&c->s.estate.arena, "%02d:%02d", (int)(*out / 60),
				    (int)(*out % 60));
	if (policy_unit(name) != UNIT_DATE)
		return arena_printf(&c->s.estate.arena, "%lld", (long long)*out);
	*out = date_to_days(local_date(c->s.estate.service.now));
	return "2026-11-23";
}

static void every_rule_can_be_changed_on_its_page(void **state)
{
	(void)state;
	struct scene c;
	scene_open(&c);
	for (unsigned i = 0; i < POLICY_COUNT; i++) {
		int64_t value;
		enum policy_name name = (enum policy_name)i;
		struct policy before = in_force(&c);
		const char *typed = another_value(&c, name, before.values[name], &value);
		set_rule(&c, policy_name_text(name), typed);
		struct policy after = in_force(&c);
		if (after.values[name] != value)
			fail_msg("%s: %s was typed, %lld holds", policy_name_text(name), typed,
				 (long long)after.values[name]);
	}
	site_close(&c.s);
}

static void every_rule_says_what_it_changes(void **state)
{
	(void)state;
	for (unsigned name = 0; name < POLICY_COUNT; name++)
		if (stands_in_tables((enum policy_name)name) != 1)
			fail_msg("%s: say what it changes, in one of the tables",
				 policy_name_text((enum policy_name)name));
}

/* The heading that stands last before the rule. */
static const char *heading_of(const char *html, const char *rule)
{
	static const char *const GROUPS[] = { "general",  "orders",   "times",     "waiting",
					      "identity", "terminal", "oversight", "messages" };
	char text[100];
	const char *found = "none";
	snprintf(text, sizeof text, "href=\"/staff/rules/%s\"", rule);
	const char *at = strstr(html, text);
	for (size_t g = 0; at && g < ARRAY_LEN(GROUPS); g++) {
		snprintf(text, sizeof text, "<h2 class=\"govuk-heading-m\" id=\"%s\">", GROUPS[g]);
		const char *heading = strstr(html, text);
		if (heading && heading < at)
			found = GROUPS[g];
	}
	return found;
}

static void a_rule_stands_among_its_like(void **state)
{
	(void)state;
	static const struct {
		enum policy_name name;
		const char *group;
	} CASES[] = {
		{ POLICY_ALLOWANCE_MINUTES_MONTH, "general" },
		{ POLICY_CANCEL_REFUND_MINUTES, "general" },
		{ POLICY_ORDER_VO_DAYS, "orders" },
		{ POLICY_CHILD_AGE, "orders" },
		{ POLICY_SOCIAL_ON, "times" },
		{ POLICY_REVIEW_DAYS, "times" },
		{ POLICY_WAIT_HEARING_DAYS, "waiting" },
		{ POLICY_FAILED_HELD_PERCENT, "waiting" },
		{ POLICY_IDENTITY_NEEDED, "identity" },
		{ POLICY_IDENTITY_PORTRAIT_DAYS, "identity" },
		{ POLICY_PRISONER_ASKS, "terminal" },
		{ POLICY_PIN_TRIES_MAX, "terminal" },
		{ POLICY_OVERSIGHT_WATCH, "oversight" },
		{ POLICY_LEGAL_HOLD_DAYS, "oversight" },
		{ POLICY_REMIND_FIRST_HOURS, "messages" },
		{ POLICY_TEXT_NOTICE_HOURS, "messages" },
	};
	struct site s;
	site_open(&s);
	sign_in(&s, "admin@wandsworth.example");
	struct answer page = ask(&s, "/staff/rules", NULL);
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++)
		assert_string_equal(heading_of(page.html, policy_name_text(CASES[i].name)),
				    CASES[i].group);
	site_close(&s);
}

static void the_page_of_a_prison_says_what_a_rule_says(void **state)
{
	(void)state;
	static const struct {
		const char *rule, *value, *says, *says_cy;
	} CASES[] = {
		{ "review_extra_days", "3", "to book 3 days earlier", "archebu 3 diwrnod yn" },
		{ "review_extra_days", "1", "to book 1 day earlier", "archebu 1 diwrnod yn" },
		{ "video_pays", "0", "uses the free video minutes", "munudau fideo am ddim y" },
		{ "video_pays", "1", "uses a visiting order of", "gorchymyn ymweld y person" },
		{ "video_pays", "2", "both a visiting order and", "ymweld a munudau fideo" },
		{ "remand_week_max", "0", "cannot have video visits here", "Ni all person nad yw" },
		{ "remand_week_max", "1", "can have one visit a week", "gael un ymweliad yr wyth" },
		{ "children_max", "0", "Children cannot be on a call", "Ni all plant fod ar" },
		{ "children_max", "1", "Only one child can be on a", "Dim ond un plentyn" },
		{ "children_max", "2", "Up to 2 children can be on", "hyd at 2 blentyn" },
		{ "adults_max", "3", "Up to 3 adults can be on one", "hyd at 3 oedolyn" },
		{ "supporters_max", "2", "Up to 2 supporters and", "hyd at 2 gefnogwr" },
		{ "notice_days", "1", "at least one whole day", "o leiaf un diwrnod llawn" },
		{ "social_on", "0", "Family and friends cannot visit", "Ni all teulu a ffrindiau" },
		{ "identity_needed", "0", "approved before staff have seen", "cyn i staff weld" },
		{ "identity_needed", "1", "only when staff have seen", "ar ôl i staff weld" },
		{ "identity_age", "19", "Visitors aged 19 or over", "sy’n 19 oed neu’n hŷn" },
		{ "contact_answer_days", "7", "within 7 days, weekends not counted", "o fewn 7" },
		{ "recording_on", "0", "friends are not recorded.", "Nid yw ymweliadau teulu" },
		{ "recording_on", "1", "friends are recorded.", "Mae ymweliadau teulu" },
		{ "recording_days", "77", "is kept for 77 days, unless", "recordiad am 77" },
		{ "legal_on", "1", "Lawyers can visit by video", "Gall cyfreithwyr ymweld" },
		{ "legal_minutes_min", "20", "lawyer lasts at least 20 minutes", "leiaf 20 munud" },
		{ "legal_minutes_max", "95", "lawyer lasts at most 95 minutes", "para 95 munud" },
		{ "legal_notice_minutes", "150", "at least 150 minutes before the visit",
		  "o leiaf 150 munud cyn" },
		{ "start_within_minutes", "20", "not begun after 20 minutes", "ar ôl 20 munud" },
		{ "standby_booths", "1", "stand by for each visit.", "gyfer pob ymweliad." },
		{ "standby_booths", "6", "every 6 visits that begin", "pob 6 ymweliad sy’n" },
	};
	struct scene c;
	scene_open(&c);
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		set_rule(&c, CASES[i].rule, CASES[i].value);
		struct answer page = ask(&c.s, "/prisons/WWI", NULL);
		if (!says(&page, CASES[i].says))
			fail_msg("%s = %s is not told", CASES[i].rule, CASES[i].value);
		c.s.signed_in = false; /* as a guest, whose language the cookie says */
		c.s.language_cookie = "cy";
		page = ask(&c.s, "/prisons/WWI", NULL);
		if (!says(&page, CASES[i].says_cy))
			fail_msg("%s = %s is not told in Welsh", CASES[i].rule, CASES[i].value);
		c.s.signed_in = true;
		c.s.language_cookie = NULL;
	}
	/* What counts only while a switch is on goes with it. */
	set_rule(&c, "recording_on", "0");
	set_rule(&c, "identity_needed", "0");
	set_rule(&c, "legal_on", "0");
	struct answer page = ask(&c.s, "/prisons/WWI", NULL);
	CHECK(says(&page, "Lawyers cannot visit by video") && !says(&page, "by a lawyer:"));
	CHECK(!says(&page, "keeps it longer") && !says(&page, "from the age of"));
	site_close(&c.s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_rule_of_the_offer_changes_it_through_its_page),
		TEST(every_other_rule_changes_what_it_decides_through_its_page),
		TEST(every_rule_can_be_changed_on_its_page),
		TEST(every_rule_says_what_it_changes),
		TEST(a_rule_stands_among_its_like),
		TEST(the_page_of_a_prison_says_what_a_rule_says),
	};
	return RUN("web/offer_rules", tests);
}
