#include "ipc/hints.h"

#include "../check.h"
#include "base/assert.h"
#include "ipc/media.h"

static uint8_t wire[HINTS_NOTE_MAX + 1];
static size_t len;

static void each_note_comes_back_as_it_went(void **state)
{
	(void)state;
	static const struct hint_note all[] = {
		{ .visit = { 77 }, .end = 0, .kind = HINT_COVERED, .on = true },
		{ .visit = { INT64_MAX }, .end = MEDIA_ENDS_MAX - 1, .kind = HINT_STILL },
		{ .visit = { 77 }, .end = 1, .kind = HINT_NOBODY, .on = true },
		{ .visit = { 77 }, .end = 1, .kind = HINT_FACES, .on = true, .faces = 3 },
		{ .visit = { 77 }, .end = 1, .kind = HINT_FACES },
	};
	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		struct hint_note out;
		CHECK(hint_note_encode(&all[i], wire, sizeof wire, &len) == OK);
		CHECK(hint_note_decode(bytes_of(wire, len), &out) == OK);
		CHECK(out.visit.n == all[i].visit.n && out.end == all[i].end);
		CHECK(out.kind == all[i].kind && out.on == all[i].on);
		CHECK(out.faces == all[i].faces);
		for (size_t cut = 0; cut < len; cut++)
			CHECK(hint_note_decode(bytes_of(wire, cut), &out) == ERR_BAD);
		wire[len] = 0;
		CHECK(hint_note_decode(bytes_of(wire, len + 1), &out) == ERR_BAD);
	}
}

static void numbers_that_mean_nothing_are_refused(void **state)
{
	(void)state;
	static const struct {
		size_t at;
		uint8_t value;
	} CASES[] = {
		{ 0, HINTS_VERSION + 1 },
		{ 1, 0x80 }, /* a negative id */
		{ 9, MEDIA_ENDS_MAX },
		{ 10, HINT_KIND_COUNT },
		{ 11, 2 },
		{ 12, 1 },          /* faces, of a picture that is covered */
		{ 10, HINT_FACES }, /* none, of faces */
	};
	struct hint_note out, in = { .visit = { 77 }, .on = true };
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		CHECK(hint_note_encode(&in, wire, sizeof wire, &len) == OK);
		wire[CASES[i].at] = CASES[i].value;
		CHECK(hint_note_decode(bytes_of(wire, len), &out) == ERR_BAD);
	}
	in.visit.n = 0;
	CHECK(hint_note_encode(&in, wire, sizeof wire, &len) == OK);
	CHECK(hint_note_decode(bytes_of(wire, len), &out) == ERR_BAD);
}

static void each_sort_has_a_name(void **state)
{
	(void)state;
	enum hint_kind kind;
	for (unsigned i = 0; i < HINT_KIND_COUNT; i++)
		CHECK(hint_kind_of(hint_kind_name((enum hint_kind)i), &kind) && kind == i);
	CHECK(!hint_kind_of("GUILTY", &kind));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_note_comes_back_as_it_went),
		TEST(numbers_that_mean_nothing_are_refused),
		TEST(each_sort_has_a_name),
	};
	return RUN("ipc/hints", tests);
}
