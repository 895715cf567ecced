#include "tests/store/recorded.h"

#include "base/assert.h"
#include "service/oversight.h"
#include "service/playback.h"
#include "service/privilege.h"
#include "service/staff.h"
#include "store/query.h"

#define REASON STR("An incident was reported.")

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

static enum playback_answer hand_out(struct kept *k, const struct actor *actor,
				     struct export_id *out)
{
	enum playback_answer answer;
	int64_t leaves = estate_leaves(&k->e);
	struct export_new new = { newest(k).id, STR("The coroner"), REASON };
	CHECK(export_make(&k->e.service, actor, &new, STR("their token"), out, &answer) == OK);
	CHECK(estate_leaves(&k->e) == leaves + (answer == PLAYBACK_OK));
	return answer;
}

static enum playback_answer fetch(struct kept *k, const struct actor *actor, struct export_id id,
				  struct str session)
{
	struct export_view view;
	enum playback_answer answer;
	CHECK(export_find(&k->e.service, actor, &k->e.arena, id, session, &view, &answer) == OK);
	return answer;
}

/* A third step by a third person: neither who asked nor who agreed, nor anybody of their lines. */
static void a_third_person_hands_it_out_once_somebody_has_looked(void **state)
{
	(void)state;
	struct kept k;
	struct export_id id = { 0 };
	keep(&k);
	CHECK(ask(&k, &k.monitor) == PLAYBACK_OK);
	CHECK(decide(&k, &k.governor, true) == PLAYBACK_OK);
	CHECK(hand_out(&k, &k.authoriser, &id) == PLAYBACK_NOT_AGREED);
	CHECK(begin_viewing(&k, &k.monitor) == PLAYBACK_OK);
	struct actor other = k.monitor;
	other.role = ROLE_CONTACTS_AUTHORISER;
	CHECK(hand_out(&k, &other, &id) == PLAYBACK_SAME_HUMAN);
	other = k.authoriser;
	other.role = ROLE_DUTY_GOVERNOR;
	CHECK(hand_out(&k, &other, &id) == PLAYBACK_SAME_LINE);
	CHECK(hand_out(&k, &k.authoriser, &id) == PLAYBACK_OK);
	CHECK(fetch(&k, &k.authoriser, id, STR("their token")) == PLAYBACK_OK);
	CHECK(fetch(&k, &k.authoriser, id, STR("another")) == PLAYBACK_OTHER_SESSION);
	CHECK(fetch(&k, &k.governor, id, STR("their token")) == PLAYBACK_NOT_ASKER);

	struct recording_export_file file = {
		.export = id, .seat = 1, .bytes = 1234, .hash = { 7, 8 }, .sent_at = k.e.service.now
	};
	struct recording_view view;
	int64_t leaves = estate_leaves(&k.e);
	CHECK(export_file_sent(&k.e.service, &k.authoriser, &file) == ERR_DENIED);
	CHECK(export_file_sent(&k.e.service, &SYSTEM_ACTOR, &file) == OK);
	CHECK(estate_leaves(&k.e) == leaves + 1);
	CHECK(recording_find(&k.e.service, &k.governor, &k.e.arena, k.visit.reference, &view) ==
	      OK);
	CHECK(view.exports.count == 1 && str_is(view.exports.list[0].recipient, "The coroner"));
	CHECK(view.files.count == 1 && view.files.list[0].bytes == 1234 &&
	      view.files.list[0].hash[1] == 8);

	k.e.service.now.s += PLAYBACK_VIEWING_S;
	CHECK(fetch(&k, &k.authoriser, id, STR("their token")) == PLAYBACK_OVER);
	k.e.service.now.s += PLAYBACK_EXPORT_DAYS * 86400;
	CHECK(hand_out(&k, &k.authoriser, &id) == PLAYBACK_TOO_LATE);
	estate_close(&k.e);
}

static void who_loses_the_role_loses_the_recording(void **state)
{
	(void)state;
	struct kept k;
	enum playback_answer answer;
	keep(&k);
	CHECK(ask(&k, &k.monitor) == PLAYBACK_OK);
	CHECK(decide(&k, &k.governor, true) == PLAYBACK_OK);
	CHECK(begin_viewing(&k, &k.monitor) == PLAYBACK_OK);
	CHECK(look(&k, &k.monitor, STR("a token")) == PLAYBACK_OK);
	struct staff_role role = { k.monitor.role, k.monitor.prison };
	CHECK(staff_role_revoke(&k.e.service, &SYSTEM_ACTOR, k.monitor.account, role) == OK);
	CHECK(look(&k, &k.monitor, STR("a token")) == PLAYBACK_NO_ROLE);
	CHECK(viewing_may(&k.e.service, &k.monitor, &k.e.arena, newest(&k).id, STR("a token"),
			  &answer) == OK &&
	      answer == PLAYBACK_NO_ROLE);
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
		TEST(a_third_person_hands_it_out_once_somebody_has_looked),
		TEST(who_loses_the_role_loses_the_recording),
		TEST(a_recording_ends_with_its_keys_and_a_certificate),
		TEST(the_database_alone_keeps_two_steps_apart),
	};
	return RUN("service/playback", tests);
}
