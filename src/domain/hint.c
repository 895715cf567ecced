#include "domain/hint.h"

#include "base/assert.h"

static const char *const ANSWERS[HINT_ANSWER_COUNT] = {
	[HINT_OPEN] = "",
	[HINT_RIGHT] = "RIGHT",
	[HINT_WRONG] = "WRONG",
};

const char *hint_answer_name(enum hint_answer answer)
{
	ASSERT(answer < HINT_ANSWER_COUNT);
	return ANSWERS[answer];
}

bool hint_answer_of(struct str name, enum hint_answer *out)
{
	for (unsigned i = 0; i < HINT_ANSWER_COUNT; i++) {
		if (!str_is(name, ANSWERS[i]))
			continue;
		*out = (enum hint_answer)i;
		return true;
	}
	return false;
}

bool hints_wanted(enum visit_kind kind, const struct policy *policy)
{
	return kind == VISIT_SOCIAL && policy->values[POLICY_HINTS_ON] != 0;
}

unsigned hint_faces_expected(const struct visit *visit, int seat)
{
	return seat == 0 ? 1 : (unsigned)visit->visitor_count;
}

int hint_wrong_percent(const struct hint_count *count)
{
	int64_t answered = count->right + count->wrong;
	return answered == 0 ? -1 : (int)((count->wrong * 100 + answered / 2) / answered);
}
