#include "tests/unit/check.h"

#include "base/assert.h"
#include "domain/restriction.h"

static const struct prisoner_id DANIEL = { 11 };
static const struct prisoner_id THOMAS = { 12 };

static struct person amina(void)
{
	return (struct person){
		.id = { 21 }, .booker = { 31 }, .name = STR("Amina Okoro"), .born = { 1990, 5, 2 }
	};
}

/* 1 to 30 November, on Amina and Daniel. */
static struct restriction of(enum restriction_on on, enum restriction_code code)
{
	struct restriction r = {
		.id = { 1 },
		.on = on,
		.code = code,
		.from = { 2026, 11, 1 },
		.to = { 2026, 11, 30 },
	};
	if (on != RESTRICTION_ON_VISITOR)
		r.prisoner = DANIEL;
	if (on != RESTRICTION_ON_PRISONER) {
		r.person = amina().id;
		r.visitor_name = STR("Amina Okoro");
		r.visitor_born = amina().born;
	}
	return r;
}

static void each_code_has_its_effect(void **state)
{
	(void)state;
	static const struct {
		const char *code;
		const char *effect; /* letters: contact, ban, closed, watched, review, kids */
	} CASES[] = {
		{ "ACC", "r" },      { "BAN", "b" },        { "CCTV", "r" },
		{ "CHILD", "rk" },   { "CLOSED", "cw" },    { "DIHCON", "r" },
		{ "NONCON", "wr" },  { "PREINF", "r" },     { "RESTRICTED", "r" },
		{ "RESTRICT", "r" }, { "NO_CONTACT", "n" },
	};
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		enum restriction_code code;
		CHECK(restriction_code_of(str_from(CASES[i].code), &code));
		struct restriction_effect e = restriction_effect_of(code);
		assert_int_equal(e.no_contact, strchr(CASES[i].effect, 'n') != NULL);
		assert_int_equal(e.banned, strchr(CASES[i].effect, 'b') != NULL);
		assert_int_equal(e.closed, strchr(CASES[i].effect, 'c') != NULL);
		assert_int_equal(e.watched, strchr(CASES[i].effect, 'w') != NULL);
		assert_int_equal(e.review, strchr(CASES[i].effect, 'r') != NULL);
		assert_int_equal(e.child, strchr(CASES[i].effect, 'k') != NULL);
	}
	enum restriction_code none;
	CHECK(!restriction_code_of(STR("ban"), &none) && !restriction_code_of(STR(""), &none));
}

static void it_holds_from_its_first_day_to_its_last(void **state)
{
	(void)state;
	static const struct {
		struct date day;
		bool holds;
	} CASES[] = {
		{ { 2026, 10, 31 }, false },
		{ { 2026, 11, 1 }, true },
		{ { 2026, 11, 30 }, true },
		{ { 2026, 12, 1 }, false },
	};
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct restriction r = of(RESTRICTION_ON_PAIR, RESTRICTION_BAN);
		assert_int_equal(restriction_holds(&r, CASES[i].day), CASES[i].holds);
		r.ended_at = (struct wall){ 1 };
		CHECK(!restriction_holds(&r, CASES[i].day));
	}
	struct restriction open = of(RESTRICTION_ON_PAIR, RESTRICTION_BAN);
	open.to = (struct date){ 0 };
	CHECK(restriction_holds(&open, (struct date){ 2060, 1, 1 }));
}

static void it_speaks_of_the_prisoner_the_visitor_or_both(void **state)
{
	(void)state;
	struct person visitor = amina();
	static const struct {
		enum restriction_on on;
		bool daniel, thomas, daniel_alone;
	} CASES[] = {
		{ RESTRICTION_ON_PRISONER, true, false, true },
		{ RESTRICTION_ON_VISITOR, true, true, false },
		{ RESTRICTION_ON_PAIR, true, false, false },
	};
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct restriction r = of(CASES[i].on, RESTRICTION_BAN);
		assert_int_equal(restriction_concerns(&r, DANIEL, &visitor), CASES[i].daniel);
		assert_int_equal(restriction_concerns(&r, THOMAS, &visitor), CASES[i].thomas);
		assert_int_equal(restriction_concerns(&r, DANIEL, NULL), CASES[i].daniel_alone);
	}
}

/* Whoever is banned does not come back by opening another account. */
static void the_same_name_and_birth_are_the_same_visitor(void **state)
{
	(void)state;
	struct restriction r = of(RESTRICTION_ON_PAIR, RESTRICTION_NO_CONTACT);
	struct person other = amina();
	other.id = (struct person_id){ 99 };
	other.name = STR("amina  OKORO");
	CHECK(restriction_concerns(&r, DANIEL, &other));
	other.born.day = 3;
	CHECK(!restriction_concerns(&r, DANIEL, &other));
	other.born.day = 2;
	other.name = STR("Amina Okoroh");
	CHECK(!restriction_concerns(&r, DANIEL, &other));
	other.id = r.person; /* married since: the same record */
	CHECK(restriction_concerns(&r, DANIEL, &other));
}

static void effects_add_up_over_all_that_hold(void **state)
{
	(void)state;
	struct person visitor = amina();
	struct restriction list[] = {
		of(RESTRICTION_ON_PRISONER, RESTRICTION_CLOSED),
		of(RESTRICTION_ON_VISITOR, RESTRICTION_PREINF),
		of(RESTRICTION_ON_PAIR, RESTRICTION_BAN),
	};
	list[2].to = (struct date){ 2026, 11, 10 };
	struct restriction_effect e =
	    restrictions_on_day(list, 3, DANIEL, &visitor, (struct date){ 2026, 11, 10 });
	CHECK(!e.closed && !e.watched && e.review && e.banned && !e.no_contact && !e.child);
	e = restrictions_on_day(list, 3, DANIEL, &visitor, (struct date){ 2026, 11, 11 });
	CHECK(e.review && !e.banned);
	e = restrictions_on_day(list, 3, DANIEL, NULL, (struct date){ 2026, 11, 11 });
	CHECK(e.closed && e.watched && !e.review);
}

static void after_the_last_of_the_bans_there_is_a_day(void **state)
{
	(void)state;
	struct person visitor = amina();
	struct restriction list[] = {
		of(RESTRICTION_ON_PAIR, RESTRICTION_BAN),
		of(RESTRICTION_ON_VISITOR, RESTRICTION_BAN),
		of(RESTRICTION_ON_PAIR, RESTRICTION_CCTV),
	};
	list[0].to = (struct date){ 2026, 11, 10 };
	list[1].from = (struct date){ 2026, 11, 5 };
	list[1].to = (struct date){ 2026, 11, 20 };
	list[2].to = (struct date){ 0 };
	struct date day = { 2026, 11, 2 };
	struct date over = restrictions_ban_over(list, 3, DANIEL, &visitor, day);
	CHECK(date_compare(over, (struct date){ 2026, 11, 21 }) == 0);
	CHECK(restrictions_ban_over(list, 3, THOMAS, NULL, day).day == 2);
	list[1].to = (struct date){ 0 };
	assert_int_equal(restrictions_ban_over(list, 3, DANIEL, &visitor, day).year, 0);
}

static void only_two_people_can_have_no_contact(void **state)
{
	(void)state;
	CHECK(restriction_fits(RESTRICTION_ON_PAIR, RESTRICTION_NO_CONTACT));
	CHECK(!restriction_fits(RESTRICTION_ON_PRISONER, RESTRICTION_NO_CONTACT));
	CHECK(!restriction_fits(RESTRICTION_ON_VISITOR, RESTRICTION_NO_CONTACT));
	CHECK(!restriction_fits(RESTRICTION_ON_VISITOR, RESTRICTION_CHILD));
	CHECK(restriction_fits(RESTRICTION_ON_VISITOR, RESTRICTION_BAN));
	CHECK(!restriction_fits(RESTRICTION_ON_COUNT, RESTRICTION_BAN));
}

static void every_name_is_found_again(void **state)
{
	(void)state;
	for (unsigned i = 0; i < RESTRICTION_CODE_COUNT; i++) {
		enum restriction_code code;
		CHECK(restriction_code_of(str_from(restriction_code_name((enum restriction_code)i)),
					  &code));
		assert_int_equal(code, i);
	}
	for (unsigned i = 0; i < RESTRICTION_ON_COUNT; i++) {
		enum restriction_on on;
		CHECK(
		    restriction_on_of(str_from(restriction_on_name((enum restriction_on)i)), &on));
		assert_int_equal(on, i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_code_has_its_effect),
		TEST(it_holds_from_its_first_day_to_its_last),
		TEST(it_speaks_of_the_prisoner_the_visitor_or_both),
		TEST(the_same_name_and_birth_are_the_same_visitor),
		TEST(effects_add_up_over_all_that_hold),
		TEST(after_the_last_of_the_bans_there_is_a_day),
		TEST(only_two_people_can_have_no_contact),
		TEST(every_name_is_found_again),
	};
	return RUN("domain/restriction", tests);
}
