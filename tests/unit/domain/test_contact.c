#include "tests/unit/check.h"

#include "base/assert.h"
#include "domain/contact.h"

/* In letters: it cannot become that, an order bars it, nobody has seen who they are. */
static const char *in_letters(unsigned stops)
{
	static char text[4];
	char *at = text;
	if (stops & CONTACT_STOP_BIT(CONTACT_STOP_STATE))
		*at++ = 's';
	if (stops & CONTACT_STOP_BIT(CONTACT_STOP_BARRED))
		*at++ = 'b';
	if (stops & CONTACT_STOP_BIT(CONTACT_STOP_IDENTITY))
		*at++ = 'i';
	*at = '\0';
	return text;
}

static void all_that_stops_a_decision_is_told(void **state)
{
	(void)state;
	static const struct {
		struct contact_facts facts;
		enum contact_state to;
		const char *stops;
	} CASES[] = {
		{ { CONTACT_REQUESTED, false, true, false }, CONTACT_APPROVED, "" },
		{ { CONTACT_REQUESTED, false, false, true }, CONTACT_APPROVED, "" },
		{ { CONTACT_REQUESTED, false, false, false }, CONTACT_APPROVED, "i" },
		{ { CONTACT_REQUESTED, true, true, true }, CONTACT_APPROVED, "b" },
		{ { CONTACT_REQUESTED, true, false, false }, CONTACT_APPROVED, "bi" },
		{ { CONTACT_APPROVED, true, false, false }, CONTACT_APPROVED, "sbi" },
		{ { CONTACT_REJECTED, false, true, false }, CONTACT_APPROVED, "s" },
		/* Nobody's identity is needed to say no, nor does an order speak against that. */
		{ { CONTACT_REQUESTED, true, false, false }, CONTACT_REJECTED, "" },
		{ { CONTACT_APPROVED, true, false, false }, CONTACT_REJECTED, "" },
		{ { CONTACT_REJECTED, false, true, true }, CONTACT_REJECTED, "s" },
		{ { CONTACT_REJECTED, true, false, false }, CONTACT_REQUESTED, "" },
	};
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++)
		assert_string_equal(in_letters(contact_stops(&CASES[i].facts, CASES[i].to)),
				    CASES[i].stops);
}

static void each_stop_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (unsigned i = 0; i < CONTACT_STOP_COUNT; i++)
		for (unsigned k = 0; k < i; k++)
			assert_string_not_equal(contact_stop_name((enum contact_stop)i),
						contact_stop_name((enum contact_stop)k));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(all_that_stops_a_decision_is_told),
		TEST(each_stop_has_a_name_of_its_own),
	};
	return RUN("domain/contact", tests);
}
