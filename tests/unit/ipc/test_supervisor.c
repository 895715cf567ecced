#include "ipc/supervisor.h"

#include "../check.h"

static uint8_t wire[SUPERVISOR_MESSAGE_MAX];
static size_t len;

static void each_message_comes_back_as_it_went(void **state)
{
	(void)state;
	static const struct supervisor_message all[] = {
		{ .type = SUPERVISOR_WORKER,
		  .worker = { .index = 7, .port = 40007, .starts = 70000 } },
		{ .type = SUPERVISOR_STARTED },
		{ .type = SUPERVISOR_VAULT },
		{ .type = SUPERVISOR_NOTIFY },
		{ .type = SUPERVISOR_RECORD },
		{ .type = SUPERVISOR_READY },
	};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		struct supervisor_message out;
		bool from_web = all[i].type == SUPERVISOR_READY;
		CHECK(supervisor_message_encode(&all[i], wire, sizeof wire, &len) == OK);
		CHECK(supervisor_message_decode(bytes_of(wire, len), from_web, &out) == OK);
		CHECK(out.type == all[i].type && out.worker.index == all[i].worker.index &&
		      out.worker.port == all[i].worker.port &&
		      out.worker.starts == all[i].worker.starts);
		CHECK(supervisor_message_decode(bytes_of(wire, len), !from_web, &out) == ERR_BAD);
		for (size_t cut = 0; cut < len; cut++)
			CHECK(supervisor_message_decode(bytes_of(wire, cut), from_web, &out));
		CHECK(supervisor_message_decode(bytes_of(wire, len + 1), from_web, &out) ==
		      ERR_BAD);
	}
}

static void foreign_versions_types_and_indices_are_refused(void **state)
{
	(void)state;
	struct supervisor_message m = { .type = SUPERVISOR_WORKER }, out;
	CHECK(supervisor_message_encode(&m, wire, sizeof wire, &len) == OK);
	wire[2] = SUPERVISOR_WORKERS_MAX;
	CHECK(supervisor_message_decode(bytes_of(wire, len), false, &out) == ERR_BAD);
	wire[2] = 0;
	wire[0]++;
	CHECK(supervisor_message_decode(bytes_of(wire, len), false, &out) == ERR_BAD);
	wire[0]--;
	wire[1] = 9;
	CHECK(supervisor_message_decode(bytes_of(wire, len), false, &out) == ERR_BAD);
	CHECK(supervisor_message_encode(&m, wire, 3, &len) == ERR_LIMIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_message_comes_back_as_it_went),
		TEST(foreign_versions_types_and_indices_are_refused),
	};
	return RUN("ipc/supervisor", tests);
}
