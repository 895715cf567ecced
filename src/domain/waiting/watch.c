#include "domain/waiting/watch.h"

int standby_places(const struct policy *policy, int places, int no_show_percent)
{
	if (no_show_percent < policy->values[POLICY_STANDBY_NO_SHOW_PERCENT])
		return 0;
	return places / (int)policy->values[POLICY_STANDBY_BOOTHS];
}

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
