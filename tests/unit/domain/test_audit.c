#include "domain/audit.h"

#include "../check.h"

/* The text of old leaves must stay what it was, or the log verifies no more. */
static void a_record_has_one_text_for_all_times(void **state)
{
	(void)state;
	struct audit_record r = {
		.seq = 17,
		.at = { 1795428420 },
		.role = ROLE_VISITS_CLERK,
		.account = { 9223372036854775807 },
		.prison = { "WWI" },
		.verb = AUDIT_VISIT_CANCEL,
		.object = AUDIT_ON_VISIT,
		.object_id = 42,
		.amount = -30,
		.commitment = { 0x00, 0x0f, 0xf0, 0xff },
	};
	struct buf text = buf_of(AUDIT_CANONICAL_MAX);
	audit_canonical(&r, &text);
	assert_string_equal(buf_cstr(&text),
			    "seq 17\n"
			    "at 1795428420\n"
			    "actor visits_clerk 9223372036854775807 0\n"
			    "prison WWI\n"
			    "verb visit.cancel\n"
			    "object visit 42\n"
			    "amount -30\n"
			    "commitment 000ff0ff"
			    "00000000000000000000000000000000000000000000000000000000\n");
	buf_clear(&text);
}

static void every_verb_and_object_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (int i = 0; i < AUDIT_VERB_COUNT; i++) {
		enum audit_verb verb;
		CHECK(audit_verb_of(str_from(audit_verb_name((enum audit_verb)i)), &verb));
		assert_int_equal(verb, i);
	}
	for (int i = 0; i < AUDIT_OBJECT_COUNT; i++) {
		enum audit_object object;
		CHECK(audit_object_of(str_from(audit_object_name((enum audit_object)i)), &object));
		assert_int_equal(object, i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_record_has_one_text_for_all_times),
		TEST(every_verb_and_object_has_a_name_of_its_own),
	};
	return RUN("domain/audit", tests);
}
