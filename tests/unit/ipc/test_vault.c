#include "ipc/vault.h"

#include "../check.h"
#include "base/assert.h"

static uint8_t wire[VAULT_MESSAGE_MAX + 1];
static size_t len;

static const uint8_t hashes[2 * VAULT_HASH_LEN] = { 1, 2, 3 };

static void each_message_comes_back_as_it_went(void **state)
{
	(void)state;
	const struct vault_message all[] = {
		{ .type = VAULT_ASK },
		{ .type = VAULT_EXTEND, .size = 70000, .hashes = { hashes, sizeof hashes } },
		{ .type = VAULT_SIGN },
		{ .type = VAULT_STATE, .size = 1, .text = STR("name+01234567+AAAA") },
		{ .type = VAULT_EXTENDED, .size = INT64_MAX },
		{ .type = VAULT_REFUSED, .size = 5 },
		{ .type = VAULT_UNKEPT, .size = 6 },
		{ .type = VAULT_CHECKPOINT, .size = 2, .text = STR("a note") },
	};
	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		struct vault_message out;
		bool from_web = all[i].type < VAULT_STATE;
		CHECK(vault_message_encode(&all[i], wire, sizeof wire, &len) == OK);
		CHECK(vault_message_decode(bytes_of(wire, len), from_web, &out) == OK);
		CHECK(out.type == all[i].type && out.size == all[i].size);
		CHECK(bytes_equal(out.hashes, all[i].hashes) && str_equal(out.text, all[i].text));
		CHECK(vault_message_decode(bytes_of(wire, len), !from_web, &out) == ERR_BAD);
		if (all[i].text.len + all[i].hashes.len == 0) /* less of those is a message, too */
			for (size_t cut = 0; cut < len; cut++)
				CHECK(vault_message_decode(bytes_of(wire, cut), from_web, &out));
	}
}

static void what_opens_a_recording_comes_back_as_it_went(void **state)
{
	(void)state;
	static const uint8_t sealed[VAULT_SEALED_LEN] = { 4, 5, 6 };
	struct vault_message in = { .type = VAULT_OPEN, .visit = { 77 } }, out;
	for (size_t i = 0; i < VAULT_STEPS; i++)
		in.steps[i] = (struct vault_proof){ .record = STR("seq 1\nat 2\n"),
						    .index = 40 + i,
						    .hashes = { hashes, sizeof hashes } };
	CHECK(vault_message_encode(&in, wire, sizeof wire, &len) == OK);
	CHECK(vault_message_decode(bytes_of(wire, len), true, &out) == OK);
	CHECK(out.visit.n == 77 && out.steps[2].index == 42);
	CHECK(str_equal(out.steps[1].record, in.steps[1].record));
	CHECK(bytes_equal(out.steps[0].hashes, in.steps[0].hashes));
	for (size_t cut = 0; cut < len; cut++)
		CHECK(vault_message_decode(bytes_of(wire, cut), true, &out) == ERR_BAD);
	in = (struct vault_message){ .type = VAULT_UNSEAL,
				     .size = 9,
				     .visit = { 77 },
				     .segment = { 5 },
				     .end = 1,
				     .sealed = { sealed, sizeof sealed } };
	CHECK(vault_message_encode(&in, wire, sizeof wire, &len) == OK);
	CHECK(vault_message_decode(bytes_of(wire, len), true, &out) == OK);
	CHECK(out.size == 9 && out.segment.n == 5 && out.end == 1 && out.sealed.at[1] == 5);
	for (size_t cut = 0; cut < len; cut++)
		CHECK(vault_message_decode(bytes_of(wire, cut), true, &out) == ERR_BAD);
	in = (struct vault_message){ .type = VAULT_KEY, .sealed = { sealed, VAULT_KEY_LEN } };
	CHECK(vault_message_encode(&in, wire, sizeof wire, &len) == OK);
	CHECK(vault_message_decode(bytes_of(wire, len), false, &out) == OK);
	CHECK(out.sealed.len == VAULT_KEY_LEN && out.sealed.at[2] == 6);
	CHECK(vault_message_decode(bytes_of(wire, len - 1), false, &out) == ERR_BAD);
}

static void what_is_none_of_them_is_refused(void **state)
{
	(void)state;
	static const struct {
		const char *at;
		size_t len;
	} bad[] = {
		{ "", 0 },
		{ "\x01", 1 },
		{ "\x02\x01", 2 },                             /* another version */
		{ "\x01\x09", 2 },                             /* another type */
		{ "\x01\x01x", 3 },                            /* too long */
		{ "\x01\x02\0\0\0\0\0\0\0\0", 10 },            /* no hash */
		{ "\x01\x02\0\0\0\0\0\0\0\0half a hash", 21 }, /* less than one */
		{ "\x01\x02\xff\0\0\0\0\0\0\0"
		  "0123456789abcdef0123456789abcdef",
		  42 }, /* size */
	};
	struct vault_message out;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		CHECK(vault_message_decode(bytes_of(bad[i].at, bad[i].len), true, &out) == ERR_BAD);
	memset(wire, 0, sizeof wire);
	wire[0] = VAULT_VERSION;
	wire[1] = VAULT_EXTEND;
	CHECK(vault_message_decode(bytes_of(wire, VAULT_MESSAGE_MAX), true, &out) == OK);
	CHECK(vault_message_decode(bytes_of(wire, sizeof wire), true, &out) == ERR_BAD);
}

static void what_does_not_fit_is_not_sent(void **state)
{
	(void)state;
	struct vault_message m = { .type = VAULT_EXTEND, .hashes = { hashes, sizeof hashes } };
	CHECK(vault_message_encode(&m, wire, 73, &len) == ERR_LIMIT);
	CHECK(vault_message_encode(&m, wire, 74, &len) == OK && len == 74);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_opens_a_recording_comes_back_as_it_went),
		TEST(each_message_comes_back_as_it_went),
		TEST(what_is_none_of_them_is_refused),
		TEST(what_does_not_fit_is_not_sent),
	};
	return RUN("ipc/vault", tests);
}
