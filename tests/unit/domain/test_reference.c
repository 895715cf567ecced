#include "base/assert.h"
#include "tests/unit/check.h"

#include "domain/prisoner.h"
#include "domain/reference.h"

static const char SYMBOLS[] = "0123456789BCDFGHJKMNPQRSTVWXYZ";

static void one_wrong_character_is_noticed_wherever_it_is(void **state)
{
	(void)state;
	struct random random = random_seeded(7);
	for (int round = 0; round < 50; round++) {
		struct reference good = reference_new(&random);
		struct reference out;
		CHECK(reference_of(str_from(good.text), &out));
		for (int at = 0; at < REFERENCE_LEN; at++) {
			for (const char *c = SYMBOLS; *c; c++) {
				struct reference bad = good;
				bad.text[at] = *c;
				CHECK(reference_of(str_from(bad.text), &out) ==
				      (*c == good.text[at]));
			}
		}
	}
}

static void two_swapped_characters_are_noticed(void **state)
{
	(void)state;
	struct random random = random_seeded(8);
	for (int round = 0; round < 200; round++) {
		struct reference good = reference_new(&random);
		for (int i = 0; i < REFERENCE_LEN; i++) {
			for (int j = 0; j < i; j++) {
				struct reference bad = good;
				struct reference out;
				bad.text[i] = good.text[j];
				bad.text[j] = good.text[i];
				CHECK(reference_of(str_from(bad.text), &out) ==
				      (good.text[i] == good.text[j]));
			}
		}
	}
}

static void people_may_type_it_their_way(void **state)
{
	(void)state;
	struct random random = random_seeded(9);
	struct reference r = reference_new(&random);
	struct reference out;
	char shown[REFERENCE_SHOWN_LEN + 1];
	reference_show(r, shown);
	CHECK(reference_of(str_from(shown), &out) && !strcmp(out.text, r.text));
	for (char *c = shown; *c; c++)
		*c = *c == '0' ? 'o' : *c == '1' ? 'l' : *c == '-' ? ' ' : *c >= 'A' ? *c + 32 : *c;
	CHECK(reference_of(str_from(shown), &out) && !strcmp(out.text, r.text));
	CHECK(!reference_of(str_of(r.text, 8), &out));
	CHECK(!reference_of(STR(""), &out) && !reference_of(STR("0000000000"), &out));
	CHECK(!reference_of(STR("AAAAAAAAA"), &out));
}

static void a_prisoner_number_has_one_form(void **state)
{
	(void)state;
	struct prisoner_number n;
	CHECK(prisoner_number_of(STR(" a1234bc "), &n) && !strcmp(n.text, "A1234BC"));
	static const char *const BAD[] = { "",        "A123BC",  "A12345BC", "11234BC",
					   "A1234B1", "AB234BC", "A1234BCD" };
	for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
		CHECK(!prisoner_number_of(str_from(BAD[i]), &n));
}

static void names_match_whatever_their_case_and_spacing(void **state)
{
	(void)state;
	CHECK(prisoner_name_matches(STR("Daniel Okoro"), STR("  daniel   OKORO ")));
	CHECK(!prisoner_name_matches(STR("Daniel Okoro"), STR("Daniel Okor")));
	CHECK(!prisoner_name_matches(STR("Daniel Okoro"), STR("DanielOkoro")));
	CHECK(!prisoner_name_matches(STR("Daniel Okoro"), STR("")));
	/* Letters beyond English ones have cases too; their accents count. */
	static const char *const SAME[][2] = {
		{ "Siân Ŵyn", "SIÂN ŵYN" },
		{ "Łukasz Żak", "ŁUKASZ ŻAK" },
		{ "Jürgen Ñuñez", "JÜRGEN ÑUÑEZ" },
		{ "Ẅyn Ỳstyn", "ẅyn ỳstyn" },
		{ "Ÿ", "ÿ" },
	};
	static const char *const OTHER[][2] = {
		{ "Siân", "Sian" }, { "Ä", "Å" }, { "×", "÷" }, { "Ł", "Ľ" }, { "Ĺ", "Ļ" },
	};
	struct arena arena;
	arena_init(&arena);
	for (size_t i = 0; i < ARRAY_LEN(SAME); i++) {
		struct str a = str_from(SAME[i][0]), b = str_from(SAME[i][1]);
		CHECK(prisoner_name_matches(a, b));
		CHECK(str_equal(prisoner_name_key(&arena, a), prisoner_name_key(&arena, b)));
	}
	for (size_t i = 0; i < ARRAY_LEN(OTHER); i++) {
		struct str a = str_from(OTHER[i][0]), b = str_from(OTHER[i][1]);
		CHECK(!prisoner_name_matches(a, b));
		CHECK(!str_equal(prisoner_name_key(&arena, a), prisoner_name_key(&arena, b)));
	}
	/* What is no UTF-8 is compared byte by byte, and read no further than it goes. */
	CHECK(prisoner_name_matches(STR("\xe2\x82"), STR("\xe2\x82")));
	CHECK(!prisoner_name_matches(STR("\xe2"), STR("\xc2")));
	arena_clear(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(one_wrong_character_is_noticed_wherever_it_is),
		TEST(two_swapped_characters_are_noticed),
		TEST(people_may_type_it_their_way),
		TEST(a_prisoner_number_has_one_form),
		TEST(names_match_whatever_their_case_and_spacing),
	};
	return RUN("domain/reference", tests);
}
