#include "domain/outcome.h"

enum {
	DAY_S = 24 * 60 * 60,
};

enum when {
	HEARD = 1, /* of a visit in which both sides heard each other */
	NOT_HEARD = 2,
};

static const struct {
	const char *name;
	unsigned of; /* bits of enum when */
	bool prisons;
} OUTCOMES[OUTCOME_COUNT] = {
	[OUTCOME_COMPLETED] = { "COMPLETED_NORMALLY", HEARD, false },
	[OUTCOME_PRISONER_EARLY] = { "PRISONER_COMPLETED_EARLY", HEARD, false },
	[OUTCOME_VISITOR_EARLY] = { "VISITOR_COMPLETED_EARLY", HEARD, false },
	[OUTCOME_STAFF_ENDED] = { "TERMINATED_BY_STAFF", HEARD, false },
	[OUTCOME_PRISONER_REFUSED] = { "PRISONER_REFUSED_TO_ATTEND", NOT_HEARD, true },
	[OUTCOME_PRISONER_NOT_PRODUCED] = { "PRISONER_NOT_PRODUCED", NOT_HEARD, true },
	[OUTCOME_VISITOR_DECLINED] = { "VISITOR_DECLINED_ENTRY", NOT_HEARD, false },
	[OUTCOME_VISITOR_ABSENT] = { "VISITOR_DID_NOT_ARRIVE", NOT_HEARD, false },
	[OUTCOME_VISITOR_FAILED_CHECKS] = { "VISITOR_FAILED_SECURITY_CHECKS", NOT_HEARD, false },
	[OUTCOME_ESTABLISHMENT] = { "ESTABLISHMENT_CANCELLED", NOT_HEARD, true },
	[OUTCOME_PRISON_NETWORK] = { "NETWORK_FAILURE_PRISON", HEARD | NOT_HEARD, true },
	[OUTCOME_CALLER_NETWORK] = { "NETWORK_FAILURE_CALLER", HEARD | NOT_HEARD, false },
	[OUTCOME_EQUIPMENT] = { "EQUIPMENT", HEARD | NOT_HEARD, true },
};

const char *visit_outcome_name(enum visit_outcome outcome)
{
	return outcome < OUTCOME_COUNT ? OUTCOMES[outcome].name : "";
}

bool visit_outcome_of(struct str name, enum visit_outcome *out)
{
	for (unsigned i = 0; i < OUTCOME_COUNT; i++) {
		if (str_is(name, OUTCOMES[i].name)) {
			*out = (enum visit_outcome)i;
			return true;
		}
	}
	return false;
}

enum outcome_answer visit_outcome_answer(enum visit_outcome outcome, const struct visit *visit,
					 const struct policy *policy, struct wall now)
{
	int64_t until_s = visit->start.s + policy->values[POLICY_OUTCOME_DAYS] * DAY_S;
	unsigned was = visit->live_from.s ? HEARD : NOT_HEARD;
	if (!visit_is_over(visit->state))
		return OUTCOME_NOT_OVER;
	if (visit->state == VISIT_CANCELLED)
		return OUTCOME_CALLED_OFF;
	if (now.s > until_s)
		return OUTCOME_TOO_LATE;
	return outcome < OUTCOME_COUNT && (OUTCOMES[outcome].of & was) ? OUTCOME_MAY
								       : OUTCOME_NOT_SO;
}

bool visit_outcome_gives_back(enum visit_outcome outcome, const struct visit *visit)
{
	return outcome < OUTCOME_COUNT && OUTCOMES[outcome].prisons && !visit->live_from.s &&
	       visit->counted_minutes > 0;
}
