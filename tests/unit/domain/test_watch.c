/* test_watch.c - on what grounds a social visit may be watched. */
#include "tests/unit/check.h"

#include "base/assert.h"
#include "domain/oversight.h"

static const struct {
	const char *what;
	struct watch_facts facts;
	const char *words; /* NULL: some that are long enough */
	enum watch_answer answer;
} CASES[] = {
	{ "an assignment that nobody made",
	  { .purpose = PURPOSE_ASSIGNMENT, .rule = WATCH_SHARE },
	  NULL,
	  WATCH_NOT_ASSIGNED },
	{ "drawn, but the officer says assigned",
	  { .purpose = PURPOSE_ASSIGNMENT, .rule = WATCH_SHARE, .need = WATCH_NEED_DRAWN },
	  NULL,
	  WATCH_NOT_ASSIGNED },
	{ "assigned",
	  { .purpose = PURPOSE_ASSIGNMENT, .rule = WATCH_SHARE, .assigned = true },
	  NULL,
	  WATCH_OK },
	{ "all are watched",
	  { .purpose = PURPOSE_ASSIGNMENT, .rule = WATCH_ALL, .need = WATCH_NEED_RULE },
	  NULL,
	  WATCH_OK },
	{ "this one is watched for itself, where others are recorded only",
	  { .purpose = PURPOSE_ASSIGNMENT, .rule = WATCH_NOBODY, .need = WATCH_NEED_CLOSED },
	  NULL,
	  WATCH_OK },
	{ "recorded only: an assignment of before opens nothing",
	  { .purpose = PURPOSE_ASSIGNMENT, .rule = WATCH_NOBODY, .assigned = true },
	  NULL,
	  WATCH_RECORDED_ONLY },
	{ "recorded only: no sample",
	  { .purpose = PURPOSE_SAMPLE, .rule = WATCH_NOBODY },
	  NULL,
	  WATCH_RECORDED_ONLY },
	{ "recorded only: an incident",
	  { .purpose = PURPOSE_INCIDENT, .rule = WATCH_NOBODY, .incident = true },
	  NULL,
	  WATCH_OK },
	{ "recorded only: an authorisation",
	  { .purpose = PURPOSE_AUTHORISATION, .rule = WATCH_NOBODY, .authorised = true },
	  NULL,
	  WATCH_OK },
	{ "recorded only: admission is no watching",
	  { .purpose = PURPOSE_ADMISSION, .rule = WATCH_NOBODY },
	  NULL,
	  WATCH_OK },
	{ "drawn",
	  { .purpose = PURPOSE_SAMPLE, .rule = WATCH_SHARE, .need = WATCH_NEED_DRAWN },
	  NULL,
	  WATCH_OK },
	{ "not drawn, though assigned",
	  { .purpose = PURPOSE_SAMPLE, .rule = WATCH_SHARE, .assigned = true },
	  NULL,
	  WATCH_NOT_DRAWN },
	{ "all are watched: nothing is drawn",
	  { .purpose = PURPOSE_SAMPLE, .rule = WATCH_ALL, .need = WATCH_NEED_RULE },
	  NULL,
	  WATCH_NOT_DRAWN },
	{ "no incident, though assigned and authorised",
	  { .purpose = PURPOSE_INCIDENT,
	    .rule = WATCH_SHARE,
	    .assigned = true,
	    .authorised = true },
	  NULL,
	  WATCH_NO_INCIDENT },
	{ "no authorisation, though there is an incident",
	  { .purpose = PURPOSE_AUTHORISATION, .rule = WATCH_SHARE, .incident = true },
	  NULL,
	  WATCH_NO_AUTHORISATION },
	{ "even where all are watched",
	  { .purpose = PURPOSE_AUTHORISATION, .rule = WATCH_ALL, .need = WATCH_NEED_RULE },
	  NULL,
	  WATCH_NO_AUTHORISATION },
	{ "as many as allowed",
	  { .purpose = PURPOSE_ASSIGNMENT, .rule = WATCH_SHARE, .assigned = true, .watching = 4 },
	  NULL,
	  WATCH_TOO_MANY },
	{ "one fewer",
	  { .purpose = PURPOSE_ASSIGNMENT, .rule = WATCH_SHARE, .assigned = true, .watching = 3 },
	  NULL,
	  WATCH_OK },
	{ "to admit takes no place",
	  { .purpose = PURPOSE_ADMISSION, .watching = 9 },
	  NULL,
	  WATCH_OK },
	{ "to admit whom, when it has begun",
	  { .purpose = PURPOSE_ADMISSION, .begun = true },
	  NULL,
	  WATCH_BEGUN },
	{ "nine characters",
	  { .purpose = PURPOSE_ASSIGNMENT, .rule = WATCH_SHARE, .assigned = true },
	  "  ŵŵŵŵŵŵŵŵŵ ",
	  WATCH_NO_WORDS },
	{ "ten",
	  { .purpose = PURPOSE_ASSIGNMENT, .rule = WATCH_SHARE, .assigned = true },
	  " ŵŵŵŵŵŵŵŵŵŵ ",
	  WATCH_OK },
};

static void a_purpose_is_one_that_exists(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct watch_facts facts = CASES[i].facts;
		facts.words = str_from(CASES[i].words ? CASES[i].words : "Why I look at it");
		facts.ratio = 4;
		enum watch_answer answer = watch_allowed(&facts);
		if (answer != CASES[i].answer)
			fail_msg("%s: %s", CASES[i].what, watch_answer_name(answer));
	}
}

/* Whatever else is so, words alone open nothing. */
static void no_words_are_a_ground(void **state)
{
	(void)state;
	for (unsigned purpose = PURPOSE_ASSIGNMENT; purpose < PURPOSE_COUNT; purpose++)
		for (unsigned rule = WATCH_NOBODY; rule <= WATCH_ALL; rule++) {
			struct watch_facts facts = { .purpose = (enum purpose)purpose,
						     .rule = (enum watch_rule)rule,
						     .words = STR("Why I look at it"),
						     .ratio = 4 };
			CHECK(watch_allowed(&facts) != WATCH_OK);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_purpose_is_one_that_exists),
		TEST(no_words_are_a_ground),
	};
	return RUN("domain/watch", tests);
}
