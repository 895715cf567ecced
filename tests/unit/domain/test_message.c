#include "domain/message.h"

#include "tests/unit/check.h"

static void every_kind_state_channel_and_provider_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (unsigned i = 0; i < MESSAGE_KIND_COUNT; i++) {
		enum message_kind kind;
		CHECK(message_kind_of(str_from(message_kind_name((enum message_kind)i)), &kind));
		CHECK(kind == i);
	}
	for (unsigned i = 0; i < MESSAGE_STATE_COUNT; i++) {
		enum message_state found;
		CHECK(
		    message_state_of(str_from(message_state_name((enum message_state)i)), &found) &&
		    found == i);
	}
	for (unsigned i = 0; i < MESSAGE_CHANNEL_COUNT; i++) {
		enum message_channel found;
		CHECK(message_channel_of(str_from(message_channel_name((enum message_channel)i)),
					 &found) &&
		      found == i);
	}
	for (unsigned i = 0; i < MESSAGE_PROVIDER_COUNT; i++) {
		enum message_provider found;
		CHECK(message_provider_of(str_from(message_provider_name((enum message_provider)i)),
					  &found) &&
		      found == i);
	}
	enum message_kind none;
	CHECK(!message_kind_of(STR("BOOKE"), &none));
}

static void what_is_final_stays(void **state)
{
	(void)state;
	static const enum message_state FINAL[] = { MESSAGE_DELIVERED, MESSAGE_BOUNCED,
						    MESSAGE_FAILED, MESSAGE_WITHDRAWN };
	for (size_t f = 0; f < 4; f++)
		for (unsigned to = 0; to < MESSAGE_STATE_COUNT; to++)
			CHECK(!message_may_become(FINAL[f], (enum message_state)to));
	CHECK(message_may_become(MESSAGE_SENDING, MESSAGE_WAITING));
	CHECK(!message_may_become(MESSAGE_SENT, MESSAGE_WAITING));
	CHECK(!message_may_become(MESSAGE_SENDING, MESSAGE_WITHDRAWN));
}

static void waits_grow_to_an_hour_and_differ_by_half(void **state)
{
	(void)state;
	static const struct {
		int attempts;
		int64_t mean;
	} CASES[] = { { 0, 30 },   { 1, 30 },   { 2, 60 },    { 3, 120 },
		      { 7, 1920 }, { 8, 3600 }, { 60, 3600 }, { 1000000, 3600 } };
	struct random random = random_seeded(7);
	for (size_t c = 0; c < sizeof CASES / sizeof *CASES; c++) {
		int64_t least = INT64_MAX, most = 0;
		for (int i = 0; i < 400; i++) {
			int64_t wait = message_wait_s(CASES[c].attempts, 0, &random);
			least = wait < least ? wait : least;
			most = wait > most ? wait : most;
		}
		CHECK(least >= CASES[c].mean / 2 && least < CASES[c].mean * 7 / 10);
		CHECK(most <= CASES[c].mean * 3 / 2 && most > CASES[c].mean * 13 / 10);
	}
	CHECK(message_wait_s(1, 7200, &random) == 7200);
}

static void asking_whether_it_arrived_gets_rarer_and_ends(void **state)
{
	(void)state;
	CHECK(message_ask_again_s(0) == 60);
	CHECK(message_ask_again_s(600) == 600);
	CHECK(message_ask_again_s(7200) == 3600);
	CHECK(message_ask_again_s(3 * 86400) == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_state_channel_and_provider_has_a_name_of_its_own),
		cmocka_unit_test(what_is_final_stays),
		cmocka_unit_test(waits_grow_to_an_hour_and_differ_by_half),
		cmocka_unit_test(asking_whether_it_arrived_gets_rarer_and_ends),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
