#include "hints/hints.h"

#include <string.h>

#include "../check.h"

enum {
	STEP_MS = 15000,
	STEPS_MAX = 16,
	BEGIN_MS = 1000,
};

/* What a camera shows: one letter for each picture. */
static struct look picture(char what)
{
	struct look look = { .mean = 1600, .spread = 400, .detail = 60 };
	for (size_t i = 0; i < LOOK_CELLS; i++)
		look.likeness[i] = (uint16_t)(800 + 16 * i);
	if (what == 'C') { /* covered */
		look = (struct look){ .mean = 300, .spread = 20, .detail = 4 };
	} else { /* somebody, who sits otherwise for each letter */
		look.likeness[100] = (uint16_t)(1000 + 20 * what);
	}
	return look;
}

/* For each picture what was told after it: 'c' and 's' begin, 'C' and 'S' end, '.' nothing. */
static void run(const char *pictures, int step_ms, char *out)
{
	struct hints hints = { 0 };
	struct mono at = { BEGIN_MS * 1000 };
	struct hint_note note;
	for (size_t i = 0; pictures[i] != '\0'; i++) {
		struct seen seen = { picture(pictures[i]), { .sure = 1, .anybody = true } };
		if (pictures[i] != ' ')
			hints_picture(&hints, &seen, at);
		*out = '.';
		while (hints_next(&hints, &note))
			*out = (char)((note.kind == HINT_COVERED ? 'c' : 's') -
				      (note.on ? 0 : 'a' - 'A'));
		out++;
		at = mono_add_ms(at, step_ms);
	}
	*out = '\0';
}

static void a_hint_begins_after_a_while_and_ends_with_the_first_that_is_not_so(void **state)
{
	(void)state;
	static const struct {
		const char *pictures; /* one each 15 s; a blank: none came */
		const char *told;
	} CASES[] = {
		{ "abcabcabc", "........." }, /* a visit */
		{ "abCCabCaC", "........." }, /* a hand before the camera, now and then */
		{ "abCCCC", "....c." },       /* 30 s, three pictures */
		{ "abCCCCabCC", "....c.C..." },
		{ "aaaaaabc", "....s.S." }, /* frozen */
		{ "abcaaaaa", ".......s" },
		{ "aaaaCCCC", "......c." }, /* covered is not still as well */
		{ "aaaaaCCCC", "....sS.c." },
		{ "abCC      CC",
		  "............" }, /* what was before a long silence counts no more */
		{ "aaa      aa", "..........." },
		{ "CCC      ab", "..c......C." },
	};
	for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
		char told[STEPS_MAX + 1];
		run(CASES[i].pictures, STEP_MS, told);
		assert_string_equal(told, CASES[i].told);
	}
}

/* So many faces in each picture, in which something moves; '?': none for sure, and yet somebody may be
 * there; 'C': covered.  For each what was told after it: 'n' and 'N' nobody, '0' no more than one face,
 * else how many. */
static void run_faces(const char *pictures, char *out)
{
	struct hints hints = { 0 };
	struct mono at = { BEGIN_MS * 1000 };
	struct hint_note note;
	for (size_t i = 0; pictures[i] != '\0'; i++) {
		char what = pictures[i];
		struct seen seen = { .look = picture(what == 'C' ? 'C' : (char)('a' + i % 2)) };
		seen.faces.sure = what >= '0' && what <= '9' ? (unsigned)(what - '0') : 0;
		seen.faces.anybody = seen.faces.sure > 0 || what == '?';
		hints_picture(&hints, &seen, at);
		*out = '.';
		while (hints_next(&hints, &note))
			if (note.kind == HINT_NOBODY)
				*out = note.on ? 'n' : 'N';
			else if (note.kind == HINT_FACES)
				*out = (char)('0' + note.faces);
		out++;
		at = mono_add_ms(at, STEP_MS);
	}
	*out = '\0';
}

static void faces_are_counted_only_where_several_pictures_agree(void **state)
{
	(void)state;
	static const struct {
		const char *pictures;
		const char *told;
	} CASES[] = {
		{ "1111111", "......." },
		{ "1212212", "......." }, /* a poster, now and then */
		{ "112222", "....2." },
		{ "122233331", "...2..3.0" }, /* a third comes; then all are gone */
		{ "33332221", "..3.2..0" },   /* one goes: two were there all the time */
		{ "33313", "..30." },
		{ "10000001", ".....n.N" },
		{ "10?00000", ".......n" }, /* somebody who looks down is somebody */
		{ "1CCC0000", "........" }, /* too short; what is covered was said */
		{ "1CCC00000", "........n" },
	};
	for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
		char told[STEPS_MAX + 1];
		run_faces(CASES[i].pictures, told);
		assert_string_equal(told, CASES[i].told);
	}
}

static void an_empty_chair_is_told_in_one_word(void **state)
{
	(void)state;
	struct hints hints = { 0 };
	struct seen seen = { .look = picture('a') };
	struct hint_note note;
	for (int i = 0; i < STEPS_MAX; i++)
		hints_picture(&hints, &seen,
			      (struct mono){ (int64_t)(BEGIN_MS + i * STEP_MS) * 1000 });
	CHECK(hints_next(&hints, &note) && note.kind == HINT_NOBODY && note.on);
	CHECK(!hints_next(&hints, &note));
}

static void many_pictures_at_once_make_no_hint_sooner(void **state)
{
	(void)state;
	char told[STEPS_MAX + 1];
	run("CCCCCCCCCCCCCCCC", 1000, told); /* 15 s */
	assert_string_equal(told, "................");
	run("CCCCCCCCCCCC", 2000, told);
	assert_string_equal(told, "..........c.");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_hint_begins_after_a_while_and_ends_with_the_first_that_is_not_so),
		TEST(faces_are_counted_only_where_several_pictures_agree),
		TEST(an_empty_chair_is_told_in_one_word),
		TEST(many_pictures_at_once_make_no_hint_sooner),
	};
	return RUN("hints/hints", tests);
}
