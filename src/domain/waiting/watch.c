#include "domain/waiting/watch.h"

bool damping_allows(const struct policy *policy, int64_t open_routine)
{
	return open_routine < policy->values[POLICY_FIRM_ROUTINE_MAX];
}

bool fairness_alert(const struct policy *policy, int64_t prison_p90, int64_t country_p90)
{
	return prison_p90 * 100 > country_p90 * policy->values[POLICY_FAIR_PERCENT];
}

bool count_publishable(const struct policy *policy, int64_t count)
{
	return count == 0 || count >= policy->values[POLICY_PUBLISH_MIN];
}
