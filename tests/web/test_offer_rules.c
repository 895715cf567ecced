/*
 * Every rule of the offer, changed through the staff's page, changes the offer.
 *
 * A parameter that is neither here nor among those that speak of something else
 * fails the test, and so does one that is here and changes nothing.
 */
#include "tests/web/site.h"

#include "base/assert.h"
#include "service/booking.h"
#include "service/custody.h"
#include "service/orders.h"
#include "service/safeguard.h"

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
	{ POLICY_LINK_OTHER_KBIT, "100", FAMILY, ALONE, a_measured_line },
	{ POLICY_LINK_RESERVE_PERCENT, "50", FAMILY, ALONE, a_measured_line },
	{ POLICY_LINK_PLAN_KBIT, "140", FAMILY, ALONE, a_measured_line },
};

/* These speak of what comes after the offer, or of other things: ledger, lobby, requests, waiting, photos, PINs. */
static bool is_of_something_else(enum policy_name name)
{
	static const enum policy_name OTHERS[] = {
		POLICY_GRACE_MINUTES,
		POLICY_LOST_ADDED_MINUTES,
		POLICY_TELEPHONE_NUMBER,
		POLICY_TELEPHONE_CODE,
		POLICY_LOBBY_MINUTES,
		POLICY_JOIN_MINUTES,
		POLICY_OPEN_REQUESTS_MAX,
		POLICY_MISMATCHES_DAY,
		POLICY_CANCEL_REFUND_MINUTES,
		POLICY_ORDER_VO_DAYS,
		POLICY_ORDER_PVO_DAYS,
		POLICY_ORDER_ACCUMULATE_DAYS,
		POLICY_ORDER_PVO_LIFE_DAYS,
		POLICY_ORDER_CAP,
		POLICY_ORDER_REFUND_LIFE_DAYS,
		POLICY_REVIEW_DECIDE_HOURS,
		POLICY_REVIEW_CLOSE_MINUTE,
		POLICY_HOLD_MINUTES,
		POLICY_HOLD_PURGE_MINUTES,
		POLICY_CANCEL_UNTIL_MINUTES,
		POLICY_REVIEW_DAYS,
	};
	for (size_t i = 0; i < ARRAY_LEN(OTHERS); i++)
		if (OTHERS[i] == name)
			return true;
	return name >
	       POLICY_REVIEW_DAYS; /* waiting, identity, lost time, terminals: after the offer */
}

static bool is_here(enum policy_name name)
{
	for (size_t i = 0; i < ARRAY_LEN(RULES); i++)
		if (RULES[i].name == name)
			return true;
	return false;
}

static void every_rule_of_the_offer_changes_it_through_its_page(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(RULES); i++) {
		struct scene c;
		const char *name = policy_name_text(RULES[i].name);
		scene_open(&c);
		if (RULES[i].before)
			RULES[i].before(&c);
		const char *before = offer_text(&c, RULES[i].party, RULES[i].asker);
		set_rule(&c, name, RULES[i].value);
		const char *after = offer_text(&c, RULES[i].party, RULES[i].asker);
		if (strcmp(before, after) == 0)
			fail_msg("%s = %s changes nothing: %.200s", name, RULES[i].value, before);
		site_close(&c.s);
	}
}

static void every_rule_is_of_the_offer_or_of_something_else(void **state)
{
	(void)state;
	for (unsigned name = 0; name < POLICY_COUNT; name++) {
		enum policy_name parameter = (enum policy_name)name;
		if (is_here(parameter) == is_of_something_else(parameter))
			fail_msg("%s: say what it changes", policy_name_text(parameter));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_rule_of_the_offer_changes_it_through_its_page),
		TEST(every_rule_is_of_the_offer_or_of_something_else),
	};
	return RUN("web/offer_rules", tests);
}
