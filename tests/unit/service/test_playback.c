#include "tests/store/estate.h"

#include "base/assert.h"
#include "service/oversight.h"
#include "service/playback.h"
#include "service/recording.h"
#include "store/query.h"

#define REASON STR("An incident was reported.")

/* A social visit of the sample with a recording of two segments, and staff of each line. */
struct kept {
	struct estate e;
	struct visit visit;
	struct actor monitor, governor, authoriser, clerk;
};

/* Each role is somebody else. */
static struct actor staff(struct kept *k, enum role role, const char *email)
{
	struct actor actor = estate_staff(&k->e, role, "WWI");
	actor.account = estate_family(&k->e, email).account;
	return actor;
}

static void keep(struct kept *k)
{
	size_t refused;
	*k = (struct kept){ 0 };
	estate_open(&k->e);
	CHECK(visit_find(&k->e.service, &SYSTEM_ACTOR, &k->e.arena, k->e.sample.joinable,
			 &k->visit) == OK);
	k->monitor = staff(k, ROLE_MONITOR, "monitor@wandsworth.example");
	k->governor = staff(k, ROLE_DUTY_GOVERNOR, "governor@wandsworth.example");
	k->authoriser = staff(k, ROLE_CONTACTS_AUTHORISER, "contacts@wandsworth.example");
	k->clerk = staff(k, ROLE_VISITS_CLERK, "clerk@wandsworth.example");
	struct record_note notes[2];
	for (int64_t i = 0; i < 2; i++)
		notes[i] = (struct record_note){ .type = RECORD_BEGAN,
						 .instance = 7,
						 .visit = k->visit.id,
						 .segment = 5 + i,
						 .codec = CODEC_OPUS,
						 .at_ms = (ESTATE_NOW.s + 60 * i) * 1000,
						 .key = { 1, 2, 3 } };
	struct recording_notes all = { .count = 2, .list = notes };
	CHECK(recording_notes_take(&k->e.service, &SYSTEM_ACTOR, &all, &refused) == OK);
}

static enum playback_answer ask(struct kept *k, const struct actor *actor)
{
	enum playback_answer answer;
	int64_t leaves = estate_leaves(&k->e);
	CHECK(recording_ask(&k->e.service, actor, k->visit.reference, REASON, &answer) == OK);
	CHECK(estate_leaves(&k->e) == leaves + (answer == PLAYBACK_OK));
	return answer;
}

static struct access newest(struct kept *k)
{
	struct recording_view view;
	CHECK(recording_find(&k->e.service, &k->governor, &k->e.arena, k->visit.reference, &view) ==
	      OK);
	CHECK(view.accesses.count > 0);
	return view.accesses.list[0];
}

static enum playback_answer decide(struct kept *k, const struct actor *actor, bool agree)
{
	enum playback_answer answer;
	int64_t leaves = estate_leaves(&k->e);
	CHECK(recording_decide(&k->e.service, actor, newest(k).id, agree, REASON, &answer) == OK);
	CHECK(estate_leaves(&k->e) == leaves + (answer == PLAYBACK_OK));
	return answer;
}

static enum playback_answer begin_viewing(struct kept *k, const struct actor *actor)
{
	enum playback_answer answer;
	CHECK(recording_open(&k->e.service, actor, newest(k).id, STR("a token"), &answer) == OK);
	return answer;
}

static enum playback_answer look(struct kept *k, const struct actor *actor, struct str session)
{
	enum playback_answer answer;
	struct segment_row segment;
	int64_t leaves = estate_leaves(&k->e);
	CHECK(viewing_look(&k->e.service, actor, &k->e.arena, newest(k).id,
			   (struct segment_id){ 6 }, session, &segment, &answer) == OK);
	CHECK(estate_leaves(&k->e) == leaves + (answer == PLAYBACK_OK));
	if (answer == PLAYBACK_OK)
		CHECK(segment.has_key && segment.key[1] == 2);
	return answer;
}

static void one_asks_another_agrees_and_the_first_looks_for_an_hour(void **state)
{
	(void)state;
	struct kept k;
	keep(&k);
	CHECK(ask(&k, &k.monitor) == PLAYBACK_OK);
	CHECK(ask(&k, &k.monitor) == PLAYBACK_WAITS);
	CHECK(begin_viewing(&k, &k.monitor) == PLAYBACK_NOT_AGREED);
	CHECK(look(&k, &k.monitor, STR("a token")) == PLAYBACK_NOT_AGREED);
	CHECK(decide(&k, &k.governor, true) == PLAYBACK_OK);
	CHECK(decide(&k, &k.authoriser, true) == PLAYBACK_DECIDED);
	CHECK(begin_viewing(&k, &k.governor) == PLAYBACK_NOT_ASKER);
	CHECK(begin_viewing(&k, &k.monitor) == PLAYBACK_OK);
	CHECK(begin_viewing(&k, &k.monitor) == PLAYBACK_DECIDED); /* one viewing */
	CHECK(look(&k, &k.monitor, STR("a token")) == PLAYBACK_OK);
	CHECK(look(&k, &k.monitor, STR("another")) == PLAYBACK_OTHER_SESSION);
	CHECK(look(&k, &k.governor, STR("a token")) == PLAYBACK_NOT_ASKER);
	k.e.service.now.s += PLAYBACK_VIEWING_S - 1;
	CHECK(look(&k, &k.monitor, STR("a token")) == PLAYBACK_OK);
	k.e.service.now.s += 1;
	CHECK(look(&k, &k.monitor, STR("a token")) == PLAYBACK_OVER);
	CHECK(ask(&k, &k.monitor) == PLAYBACK_OK); /* again, from the start */
	estate_close(&k.e);
}

static void nobody_agrees_to_what_they_asked_in_whatever_role(void **state)
{
	(void)state;
	struct kept k;
	keep(&k);
	struct actor other_role = k.monitor;
	other_role.role = ROLE_DUTY_GOVERNOR;
	CHECK(ask(&k, &k.monitor) == PLAYBACK_OK);
	CHECK(decide(&k, &other_role, true) == PLAYBACK_SAME_HUMAN);
	/* By another account of the same name. */
	struct query q =
	    query_of(k.e.service.store, "UPDATE account SET name = (SELECT b.name FROM account b "
					"WHERE b.id = ?1) WHERE id = ?2");
	query_int(&q, k.monitor.account.n);
	query_int(&q, k.governor.account.n);
	CHECK(query_change(&q) == OK);
	CHECK(decide(&k, &k.governor, true) == PLAYBACK_SAME_HUMAN);
	CHECK(decide(&k, &k.authoriser, true) == PLAYBACK_OK);
	estate_close(&k.e);
}

static void nobody_of_the_same_line_and_nobody_who_watched_agrees(void **state)
{
	(void)state;
	struct kept k;
	keep(&k);
	CHECK(ask(&k, &k.governor) == PLAYBACK_OK);
	struct actor second = k.authoriser;
	second.role = ROLE_DUTY_GOVERNOR;
	CHECK(decide(&k, &second, true) == PLAYBACK_SAME_LINE);
	struct query q = query_of(
	    k.e.service.store,
	    "INSERT INTO monitoring (id, visit, kind, officer, purpose, purpose_id, words, at, "
	    "told, left_at) VALUES (9, ?1, 'SOCIAL', ?2, 'ASSIGNMENT', 0, 'On the desk today.', 1, "
	    "'', 0)");
	query_int(&q, k.visit.id.n);
	query_int(&q, k.authoriser.account.n);
	CHECK(query_change(&q) == OK);
	CHECK(decide(&k, &k.authoriser, true) == PLAYBACK_MONITOR);
	estate_close(&k.e);
}

static void who_may_ask_and_who_may_decide(void **state)
{
	(void)state;
	struct kept k;
	keep(&k);
	enum playback_answer answer;
	CHECK(ask(&k, &k.monitor) == PLAYBACK_OK);
	struct access_id id = newest(&k).id;
	const unsigned asks =
	    1u << ROLE_MONITOR | 1u << ROLE_DUTY_GOVERNOR | 1u << ROLE_CONTACTS_AUTHORISER;
	const unsigned decides = 1u << ROLE_DUTY_GOVERNOR | 1u << ROLE_CONTACTS_AUTHORISER;
	for (unsigned role = 0; role < ROLE_COUNT; role++) {
		struct actor actor = k.clerk;
		actor.role = (enum role)role;
		if ((asks >> role & 1) == 0) {
			CHECK(recording_ask(&k.e.service, &actor, k.visit.reference, REASON,
					    &answer) == ERR_DENIED);
			CHECK(recording_open(&k.e.service, &actor, id, STR("t"), &answer) ==
			      ERR_DENIED);
			CHECK(recording_lock(&k.e.service, &actor, k.visit.reference, REASON) ==
			      ERR_DENIED);
		}
		if ((decides >> role & 1) == 0)
			CHECK(recording_decide(&k.e.service, &actor, id, true, REASON, &answer) ==
			      ERR_DENIED);
	}
	struct actor elsewhere = k.governor;
	CHECK(prison_code_of(STR("MDI"), &elsewhere.prison));
	CHECK(recording_decide(&k.e.service, &elsewhere, id, true, REASON, &answer) ==
	      ERR_NOT_FOUND);
	CHECK(recording_ask(&k.e.service, &k.monitor, k.visit.reference, STR("short"), &answer) ==
		  OK &&
	      answer == PLAYBACK_NO_WORDS);
	estate_close(&k.e);
}

static void what_is_privileged_is_closed_to_everybody_at_once(void **state)
{
	(void)state;
	struct kept k;
	keep(&k);
	CHECK(ask(&k, &k.monitor) == PLAYBACK_OK);
	CHECK(decide(&k, &k.governor, true) == PLAYBACK_OK);
	CHECK(begin_viewing(&k, &k.monitor) == PLAYBACK_OK);
	CHECK(look(&k, &k.monitor, STR("a token")) == PLAYBACK_OK);
	CHECK(recording_lock(&k.e.service, &k.monitor, k.visit.reference, REASON) == OK);
	CHECK(look(&k, &k.monitor, STR("a token")) == PLAYBACK_LOCKED);
	CHECK(ask(&k, &k.authoriser) == PLAYBACK_LOCKED);
	CHECK(recording_lock(&k.e.service, &k.governor, k.visit.reference, REASON) == ERR_CONFLICT);
	estate_close(&k.e);
}

static void a_recording_ends_with_its_keys_and_a_certificate(void **state)
{
	(void)state;
	struct kept k;
	struct store_segments segments;
	keep(&k);
	CHECK(recording_erase_due(&k.e.service, &SYSTEM_ACTOR, &k.e.arena, &segments) ==
	      ERR_NOT_FOUND);
	k.e.service.now.s = k.visit.start.s + 90 * 86400;
	int64_t leaves = estate_leaves(&k.e);
	CHECK(recording_erase_due(&k.e.service, &SYSTEM_ACTOR, &k.e.arena, &segments) == OK);
	CHECK(estate_leaves(&k.e) == leaves + 1 && segments.count == 2);
	CHECK(recording_erase_due(&k.e.service, &SYSTEM_ACTOR, &k.e.arena, &segments) ==
	      ERR_NOT_FOUND);
	struct recording_view view;
	CHECK(recording_find(&k.e.service, &k.governor, &k.e.arena, k.visit.reference, &view) ==
	      OK);
	CHECK(view.recording.erased_at.s == k.e.service.now.s);
	for (size_t i = 0; i < view.segments.count; i++)
		CHECK(!view.segments.list[i].has_key);
	CHECK(ask(&k, &k.monitor) == PLAYBACK_ERASED);
	estate_close(&k.e);
}

static void the_database_alone_keeps_two_steps_apart(void **state)
{
	(void)state;
	struct kept k;
	keep(&k);
	CHECK(ask(&k, &k.monitor) == PLAYBACK_OK);
	struct access access = newest(&k);
	access.state = ACCESS_AGREED;
	access.decided_by = access.asked_by;
	access.decided_as = ROLE_DUTY_GOVERNOR;
	CHECK(store_enter(k.e.service.store) == OK);
	CHECK(store_access_update(k.e.service.store, &access) != OK);
	CHECK(store_leave(k.e.service.store, false) == OK);
	estate_close(&k.e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(one_asks_another_agrees_and_the_first_looks_for_an_hour),
		TEST(nobody_agrees_to_what_they_asked_in_whatever_role),
		TEST(nobody_of_the_same_line_and_nobody_who_watched_agrees),
		TEST(who_may_ask_and_who_may_decide),
		TEST(what_is_privileged_is_closed_to_everybody_at_once),
		TEST(a_recording_ends_with_its_keys_and_a_certificate),
		TEST(the_database_alone_keeps_two_steps_apart),
	};
	return RUN("service/playback", tests);
}
