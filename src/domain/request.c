#include "domain/request.h"

struct wall request_deadline(struct wall start, const struct policy *policy)
{
	struct wall latest = wall_add_s(start, -policy->values[POLICY_REVIEW_DECIDE_HOURS] * 3600);
	int minute = (int)policy->values[POLICY_REVIEW_CLOSE_MINUTE];
	struct date day = local_date(latest);
	struct wall deadline;
	(void)local_to_wall(day, minute, &deadline);
	if (deadline.s > latest.s)
		(void)local_to_wall(date_add_days(day, -1), minute, &deadline);
	return deadline;
}
