#include "domain/escort.h"

enum {
	MINUTE_S = 60,
	HOUR_S = 3600,
};

static const char *const ESCORTS[ESCORT_COUNT] = {
	[ESCORT_NONE] = "NONE",
	[ESCORT_AHEAD] = "AHEAD",
	[ESCORT_TO_KNOW] = "TO_KNOW",
	[ESCORT_UNKNOWN] = "UNKNOWN",
	[ESCORT_ACKNOWLEDGED] = "ACKNOWLEDGED",
	[ESCORT_PICK_UP] = "PICK_UP",
	[ESCORT_LATE] = "LATE",
	[ESCORT_OVERDUE] = "OVERDUE",
	[ESCORT_THERE] = "THERE",
	[ESCORT_NOT_PRODUCED] = "NOT_PRODUCED",
};

static const char *const CAUSES[NOT_PRODUCED_COUNT] = {
	[NOT_PRODUCED_REFUSED] = "REFUSED",     [NOT_PRODUCED_COURT] = "COURT",
	[NOT_PRODUCED_MOVED] = "MOVED",         [NOT_PRODUCED_HEALTH] = "HEALTH",
	[NOT_PRODUCED_NO_ESCORT] = "NO_ESCORT", [NOT_PRODUCED_LOCKDOWN] = "LOCKDOWN",
	[NOT_PRODUCED_NOT_TOLD] = "NOT_TOLD",   [NOT_PRODUCED_OTHER] = "OTHER",
};

const char *escort_name(enum escort escort)
{
	return ESCORTS[escort < ESCORT_COUNT ? escort : 0];
}

const char *not_produced_name(enum not_produced cause)
{
	return CAUSES[cause < NOT_PRODUCED_COUNT ? cause : 0];
}

bool not_produced_of(struct str name, enum not_produced *out)
{
	for (unsigned i = 0; i < NOT_PRODUCED_COUNT; i++) {
		if (str_is(name, CAUSES[i])) {
			*out = (enum not_produced)i;
			return true;
		}
	}
	return false;
}

struct wall escort_pick_up(const struct visit *visit, const struct policy *policy)
{
	return wall_add_s(visit->start, -policy->values[POLICY_ESCORT_MINUTES] * MINUTE_S);
}

static bool is_absence(const struct visit *visit)
{
	return visit->state == VISIT_NO_SHOW &&
	       (visit->end == END_PRISONER_ABSENT || visit->end == END_BOTH_ABSENT);
}

/* Of a visit that is still to begin, and whose prisoner is not there. */
static enum escort waiting(const struct visit *visit, bool acknowledged,
			   const struct policy *policy, struct wall now)
{
	const int64_t *rule = policy->values;
	int64_t left_s = visit->start.s - now.s;
	if (left_s < -rule[POLICY_START_WITHIN_MINUTES] * MINUTE_S)
		return ESCORT_OVERDUE;
	if (left_s < 0)
		return ESCORT_LATE;
	if (now.s >= escort_pick_up(visit, policy).s)
		return ESCORT_PICK_UP;
	if (acknowledged)
		return ESCORT_ACKNOWLEDGED;
	if (left_s <= rule[POLICY_ACKNOWLEDGE_LAST_MINUTES] * MINUTE_S)
		return ESCORT_UNKNOWN;
	return left_s <= rule[POLICY_ACKNOWLEDGE_HOURS] * HOUR_S ? ESCORT_TO_KNOW : ESCORT_AHEAD;
}

enum escort escort_of(const struct visit *visit, bool acknowledged, bool noted,
		      const struct policy *policy, struct wall now)
{
	if (noted || is_absence(visit))
		return ESCORT_NOT_PRODUCED;
	if (visit->prisoner_seen)
		return ESCORT_THERE;
	if (visit->state != VISIT_BOOKED && visit->state != VISIT_LOBBY)
		return ESCORT_NONE;
	return waiting(visit, acknowledged, policy, now);
}

bool escort_may_be_noted(const struct visit *visit, struct wall now)
{
	if (is_absence(visit))
		return true;
	return (visit->state == VISIT_BOOKED || visit->state == VISIT_LOBBY) &&
	       !visit->prisoner_seen && now.s >= visit->start.s;
}
