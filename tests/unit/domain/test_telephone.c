#include "domain/telephone.h"

#include "../check.h"

static void a_number_is_shown_as_people_write_it_and_linked_as_machines_do(void **state)
{
	(void)state;
	static const struct {
		int64_t number;
		const char *shown;
		const char *link;
	} CASES[] = {
		{ 0, "", "" },
		{ 443301234567, "0330 123 4567", "+443301234567" },
		{ 442079460123, "0207 946 0123", "+442079460123" },
		{ 44123456789, "+44123456789", "+44123456789" },
		{ 33123456789, "+33123456789", "+33123456789" },
		{ 353123456789, "+353123456789", "+353123456789" },
		{ 999999999999999, "+999999999999999", "+999999999999999" },
	};
	for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
		struct telephone telephone = { .number = CASES[i].number };
		char text[TELEPHONE_TEXT];
		telephone_shown(&telephone, text);
		assert_string_equal(text, CASES[i].shown);
		telephone_link(&telephone, text);
		assert_string_equal(text, CASES[i].link);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_number_is_shown_as_people_write_it_and_linked_as_machines_do),
	};
	return RUN("domain/telephone", tests);
}
