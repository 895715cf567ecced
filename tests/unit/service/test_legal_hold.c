#include "tests/store/recorded.h"

#include "base/assert.h"
#include "service/legal_hold.h"
#include "service/playback.h"

#define REASON STR("The inquest needs it.")

enum {
	DAY_S = 86400,
	KEPT_DAYS = 90, /* recording_days of the sample */
};

static struct legal_hold newest(struct kept *k)
{
	struct store_legal_holds holds;
	CHECK(legal_holds_of(&k->e.service, &k->governor, &k->e.arena, k->visit.reference,
			     &holds) == OK);
	CHECK(holds.count > 0);
	return holds.list[0];
}

static enum legal_hold_answer ask(struct kept *k, const struct actor *actor, int64_t days)
{
	enum legal_hold_answer answer;
	int64_t leaves = estate_leaves(&k->e);
	struct legal_hold_new new = { .matter = STR("Inquest 12/2026"),
				      .reason = REASON,
				      .review_at = wall_add_s(k->e.service.now, days * DAY_S) };
	CHECK(legal_hold_ask(&k->e.service, actor, k->visit.reference, &new, &answer) == OK);
	CHECK(estate_leaves(&k->e) == leaves + (answer == LEGAL_HOLD_OK));
	return answer;
}

static enum legal_hold_answer decide(struct kept *k, const struct actor *actor, bool agree)
{
	enum legal_hold_answer answer;
	int64_t leaves = estate_leaves(&k->e);
	CHECK(legal_hold_decide(&k->e.service, actor, newest(k).id, agree, REASON, &answer) == OK);
	CHECK(estate_leaves(&k->e) == leaves + (answer == LEGAL_HOLD_OK));
	return answer;
}

/* days 0: it ends. */
static enum legal_hold_answer review(struct kept *k, const struct actor *actor, int64_t days)
{
	enum legal_hold_answer answer;
	int64_t leaves = estate_leaves(&k->e);
	struct wall until = days ? wall_add_s(k->e.service.now, days * DAY_S) : (struct wall){ 0 };
	CHECK(legal_hold_review(&k->e.service, actor, newest(k).id, until, REASON, &answer) == OK);
	CHECK(estate_leaves(&k->e) == leaves + (answer == LEGAL_HOLD_OK));
	return answer;
}

/* Whether the service would destroy it now; it is undone. */
static bool would_be_destroyed(struct kept *k)
{
	struct store_segments segments;
	CHECK(store_enter(k->e.service.store) == OK);
	enum err err = recording_erase_due(&k->e.service, &SYSTEM_ACTOR, &k->e.arena, &segments);
	CHECK(store_leave(k->e.service.store, false) == OK);
	CHECK(err == OK || err == ERR_NOT_FOUND);
	return err == OK;
}

static bool is_due(struct kept *k)
{
	struct legal_hold hold = newest(k);
	return legal_hold_is_due(&hold, k->e.service.now);
}

static void go_to(struct kept *k, int64_t days_after_visit)
{
	k->e.service.now.s = k->visit.start.s + days_after_visit * DAY_S + 1;
}

static void what_two_people_hold_is_not_destroyed_by_its_time(void **state)
{
	(void)state;
	struct kept k;
	keep(&k);
	go_to(&k, 80);
	CHECK(ask(&k, &k.monitor, 60) == LEGAL_HOLD_OK);
	CHECK(ask(&k, &k.authoriser, 60) == LEGAL_HOLD_STANDS);
	CHECK(decide(&k, &k.governor, true) == LEGAL_HOLD_OK);
	CHECK(decide(&k, &k.authoriser, true) == LEGAL_HOLD_DECIDED);
	go_to(&k, KEPT_DAYS);
	CHECK(!would_be_destroyed(&k));
	go_to(&k, 1000); /* nobody has looked: it goes on, and lists say so */
	CHECK(!would_be_destroyed(&k) && is_due(&k));
	struct actor other_role = k.monitor;
	other_role.role = ROLE_DUTY_GOVERNOR;
	CHECK(review(&k, &other_role, 30) == LEGAL_HOLD_SAME_HUMAN);
	CHECK(review(&k, &k.governor, 91) == LEGAL_HOLD_FAR);
	CHECK(review(&k, &k.governor, 90) == LEGAL_HOLD_OK);
	CHECK(!is_due(&k));
	CHECK(review(&k, &k.authoriser, 0) == LEGAL_HOLD_OK);
	CHECK(review(&k, &k.authoriser, 0) == LEGAL_HOLD_DECIDED);
	CHECK(!would_be_destroyed(&k)); /* whoever disagrees can ask again */
	go_to(&k, 1000 + LEGAL_HOLD_ASKED_DAYS);
	CHECK(would_be_destroyed(&k));
	estate_close(&k.e);
}

static void what_is_only_asked_for_is_kept_for_some_days_more(void **state)
{
	(void)state;
	struct kept k;
	keep(&k);
	go_to(&k, 80);
	CHECK(ask(&k, &k.monitor, 60) == LEGAL_HOLD_OK);
	go_to(&k, KEPT_DAYS + LEGAL_HOLD_ASKED_DAYS - 1);
	CHECK(!would_be_destroyed(&k));
	go_to(&k, KEPT_DAYS + LEGAL_HOLD_ASKED_DAYS);
	CHECK(would_be_destroyed(&k));
	go_to(&k, KEPT_DAYS + 1);
	CHECK(decide(&k, &k.governor, false) == LEGAL_HOLD_OK); /* refused: its time counts again */
	CHECK(would_be_destroyed(&k));
	CHECK(ask(&k, &k.monitor, 60) == LEGAL_HOLD_OK); /* one person alone gains nothing by it */
	go_to(&k, KEPT_DAYS + LEGAL_HOLD_ASKED_DAYS);
	CHECK(would_be_destroyed(&k));
	estate_close(&k.e);
}

static void nobody_holds_alone(void **state)
{
	(void)state;
	struct kept k;
	keep(&k);
	struct actor other_role = k.monitor, same_line = k.authoriser;
	other_role.role = ROLE_DUTY_GOVERNOR;
	CHECK(ask(&k, &k.monitor, 60) == LEGAL_HOLD_OK);
	CHECK(decide(&k, &other_role, true) == LEGAL_HOLD_SAME_HUMAN);
	CHECK(decide(&k, &k.governor, false) == LEGAL_HOLD_OK);
	k.e.service.now.s++;
	CHECK(ask(&k, &k.governor, 60) == LEGAL_HOLD_OK);
	same_line.role = ROLE_DUTY_GOVERNOR;
	CHECK(decide(&k, &same_line, true) == LEGAL_HOLD_SAME_LINE);
	/* Nor does the database let anybody, whatever the code says. */
	struct legal_hold hold = newest(&k);
	hold.state = LEGAL_HOLD_HELD;
	hold.decided_by = hold.asked_by;
	hold.decided_as = ROLE_CONTACTS_AUTHORISER;
	hold.decided_at = k.e.service.now;
	CHECK(store_enter(k.e.service.store) == OK);
	CHECK(store_legal_hold_update(k.e.service.store, &hold) != OK);
	CHECK(store_leave(k.e.service.store, false) == OK);
	estate_close(&k.e);
}

static void who_may_and_until_when(void **state)
{
	(void)state;
	struct kept k;
	enum legal_hold_answer answer;
	keep(&k);
	CHECK(ask(&k, &k.monitor, 0) == LEGAL_HOLD_PAST);
	CHECK(ask(&k, &k.monitor, 91) == LEGAL_HOLD_FAR);
	CHECK(ask(&k, &k.monitor, 90) == LEGAL_HOLD_OK);
	struct legal_hold_id id = newest(&k).id;
	struct legal_hold_new new = { .matter = STR("M"), .reason = REASON, .review_at = { 1 } };
	const unsigned asks =
	    1u << ROLE_MONITOR | 1u << ROLE_DUTY_GOVERNOR | 1u << ROLE_CONTACTS_AUTHORISER;
	const unsigned decides = 1u << ROLE_DUTY_GOVERNOR | 1u << ROLE_CONTACTS_AUTHORISER;
	for (unsigned role = 0; role < ROLE_COUNT; role++) {
		struct actor actor = k.clerk;
		actor.role = (enum role)role;
		if ((asks >> role & 1) == 0)
			CHECK(legal_hold_ask(&k.e.service, &actor, k.visit.reference, &new,
					     &answer) == ERR_DENIED);
		if ((decides >> role & 1) == 0) {
			CHECK(legal_hold_decide(&k.e.service, &actor, id, true, REASON, &answer) ==
			      ERR_DENIED);
			CHECK(legal_hold_review(&k.e.service, &actor, id, (struct wall){ 0 },
						REASON, &answer) == ERR_DENIED);
		}
	}
	struct actor elsewhere = k.governor;
	CHECK(prison_code_of(STR("MDI"), &elsewhere.prison));
	CHECK(legal_hold_decide(&k.e.service, &elsewhere, id, true, REASON, &answer) ==
	      ERR_NOT_FOUND);
	CHECK(legal_hold_decide(&k.e.service, &k.governor, id, true, STR("Short"), &answer) == OK &&
	      answer == LEGAL_HOLD_NO_WORDS);
	new.reason = STR("Short");
	CHECK(legal_hold_ask(&k.e.service, &k.monitor, k.visit.reference, &new, &answer) == OK &&
	      answer == LEGAL_HOLD_NO_WORDS);
	estate_close(&k.e);
}

static void what_is_destroyed_cannot_be_held(void **state)
{
	(void)state;
	struct kept k;
	struct store_segments segments;
	keep(&k);
	go_to(&k, KEPT_DAYS);
	CHECK(recording_erase_due(&k.e.service, &SYSTEM_ACTOR, &k.e.arena, &segments) == OK);
	CHECK(ask(&k, &k.monitor, 30) == LEGAL_HOLD_GONE);
	estate_close(&k.e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_two_people_hold_is_not_destroyed_by_its_time),
		TEST(what_is_only_asked_for_is_kept_for_some_days_more),
		TEST(nobody_holds_alone),
		TEST(who_may_and_until_when),
		TEST(what_is_destroyed_cannot_be_held),
	};
	return RUN("service/legal_hold", tests);
}
