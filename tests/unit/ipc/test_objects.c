#include "ipc/objects.h"

#include "../check.h"
#include "base/assert.h"

static uint8_t wire[OBJECTS_MESSAGE_MAX + 1];
static size_t len;

static const struct objects_message all[] = {
	{ .type = OBJECTS_HELLO },
	{ .type = OBJECTS_WANT, .segment = { 77 } },
	{ .type = OBJECTS_CAME, .segment = { INT64_MAX }, .outcome = OBJECTS_REFUSED },
	{ .type = OBJECTS_CAME, .segment = { 1 }, .outcome = OBJECTS_DONE },
	{ .type = OBJECTS_STATE,
	  .state = { .waiting = 70000, .bytes = 1LL << 40, .full = true, .last = OBJECTS_AWAY } },
};

static void each_message_comes_back_as_it_went(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		struct objects_message out;
		bool from_web = all[i].type < OBJECTS_CAME;
		CHECK(objects_message_encode(&all[i], wire, sizeof wire, &len) == OK);
		CHECK(objects_message_decode(bytes_of(wire, len), from_web, &out) == OK);
		CHECK(out.type == all[i].type && out.segment.n == all[i].segment.n);
		CHECK(out.outcome == all[i].outcome && out.state.full == all[i].state.full);
		CHECK(out.state.waiting == all[i].state.waiting);
		CHECK(out.state.bytes == all[i].state.bytes);
		CHECK(out.state.last == all[i].state.last);
		CHECK(objects_message_decode(bytes_of(wire, len), !from_web, &out) == ERR_BAD);
	}
}

static void what_is_cut_off_or_longer_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		struct objects_message out;
		bool from_web = all[i].type < OBJECTS_CAME;
		CHECK(objects_message_encode(&all[i], wire, sizeof wire, &len) == OK);
		for (size_t cut = 0; cut < len; cut++)
			CHECK(objects_message_decode(bytes_of(wire, cut), from_web, &out) ==
			      ERR_BAD);
		wire[len] = 0;
		CHECK(objects_message_decode(bytes_of(wire, len + 1), from_web, &out) == ERR_BAD);
	}
}

static void numbers_that_mean_nothing_are_refused(void **state)
{
	(void)state;
	struct objects_message out;
	CHECK(objects_message_encode(&all[3], wire, sizeof wire, &len) == OK);
	wire[len - 1] = OBJECTS_OUTCOME_COUNT;
	CHECK(objects_message_decode(bytes_of(wire, len), false, &out) == ERR_BAD);
	CHECK(objects_message_encode(&all[3], wire, sizeof wire, &len) == OK);
	wire[2] = 0x80; /* a negative id */
	CHECK(objects_message_decode(bytes_of(wire, len), false, &out) == ERR_BAD);
	CHECK(objects_message_encode(&all[4], wire, sizeof wire, &len) == OK);
	wire[len - 2] = 2; /* neither full nor not */
	CHECK(objects_message_decode(bytes_of(wire, len), false, &out) == ERR_BAD);
	CHECK(objects_message_encode(&all[4], wire, sizeof wire, &len) == OK);
	wire[0] = OBJECTS_VERSION + 1;
	CHECK(objects_message_decode(bytes_of(wire, len), false, &out) == ERR_BAD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_message_comes_back_as_it_went),
		TEST(what_is_cut_off_or_longer_is_refused),
		TEST(numbers_that_mean_nothing_are_refused),
	};
	return RUN("ipc/objects", tests);
}
