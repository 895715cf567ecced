#include "domain/waiting/again.h"

enum {
	PERCENT = 100,
	MINUTE_S = 60,
};

/* What the prison's side or the service took of it. */
static int lost_to_faults_s(const struct visit *visit)
{
	return visit->lost.s[LOST_PRISON_LINE] + visit->lost.s[LOST_TERMINAL] +
	       visit->lost.s[LOST_SERVICE];
}

/* They heard each other for less than the share that makes it a visit. */
static bool was_too_short(const struct visit *visit, const struct policy *policy)
{
	return (int64_t)visit->used_s * PERCENT <
	       (int64_t)visit->minutes * MINUTE_S * policy->values[POLICY_FAILED_HELD_PERCENT];
}

/* From which rule on a legal visit with that end waits again; FAILED_ENDS: never by its end. */
static const enum failed_waits BY_END[END_COUNT] = {
	[END_PRISONER_ABSENT] = FAILED_WAITS,
	[END_FAULT] = FAILED_WAITS,
	[END_LEFT] = FAILED_WAITS,
	[END_TIME] = FAILED_WAITS,
	[END_VISITOR_ABSENT] = FAILED_ALL_WAITS,
	[END_BOTH_ABSENT] = FAILED_ALL_WAITS,
};

static const bool PREVENTED[OUTCOME_COUNT] = {
	[OUTCOME_PRISONER_NOT_PRODUCED] = true,
	[OUTCOME_ESTABLISHMENT] = true,
	[OUTCOME_PRISON_NETWORK] = true,
	[OUTCOME_CALLER_NETWORK] = true,
	[OUTCOME_EQUIPMENT] = true,
};

static bool legal_failed(const struct visit *visit, const struct policy *policy)
{
	enum failed_waits from = BY_END[visit->end];
	bool went = visit->end == END_LEFT || visit->end == END_TIME;
	if (from == FAILED_ENDS || policy->values[POLICY_FAILED_WAITS] < (int64_t)from)
		return false;
	return was_too_short(visit, policy) && (!went || lost_to_faults_s(visit) > visit->used_s);
}

bool waits_again(const struct visit *visit, const struct policy *policy)
{
	bool held = visit->state == VISIT_COMPLETED;
	if (!visit_is_over(visit->state))
		return false;
	if (!held && (visit->end == END_PRISONER_MOVED || visit->end == END_CANCELLED_BY_PRISON))
		return true;
	if (visit->kind == VISIT_LEGAL)
		return legal_failed(visit, policy);
	return !held && (visit->end == END_PRISONER_ABSENT || visit->end == END_FAULT);
}

bool waits_again_as_told(const struct visit *visit, enum visit_outcome told,
			 const struct policy *policy)
{
	return visit->kind == VISIT_LEGAL && visit_is_over(visit->state) && PREVENTED[told] &&
	       policy->values[POLICY_FAILED_WAITS] >= FAILED_WAITS && was_too_short(visit, policy);
}
