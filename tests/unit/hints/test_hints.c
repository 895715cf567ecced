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
	enum hint_kind kind;
	bool on;
	for (size_t i = 0; pictures[i] != '\0'; i++) {
		struct look look = picture(pictures[i]);
		if (pictures[i] != ' ')
			hints_picture(&hints, &look, at);
		*out = '.';
		while (hints_next(&hints, &kind, &on))
			*out = (char)((kind == HINT_COVERED ? 'c' : 's') - (on ? 0 : 'a' - 'A'));
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
		TEST(many_pictures_at_once_make_no_hint_sooner),
	};
	return RUN("hints/hints", tests);
}
