#include "domain/waiting/standby.h"

#include "domain/session.h"

enum {
	MINUTE_S = 60,
	PERCENT = 100,
};

static const char *const STATES[STANDBY_STATE_COUNT] = {
	[STANDBY_ASKED] = "ASKED",         [STANDBY_AGREED] = "AGREED",
	[STANDBY_DECLINED] = "DECLINED",   [STANDBY_EXPIRED] = "EXPIRED",
	[STANDBY_CALLED] = "CALLED",       [STANDBY_NOT_NEEDED] = "NOT_NEEDED",
	[STANDBY_WITHDRAWN] = "WITHDRAWN", [STANDBY_GONE] = "GONE",
};

const char *standby_state_name(enum standby_state state)
{
	return STATES[state < STANDBY_STATE_COUNT ? state : 0];
}

bool standby_state_of(struct str name, enum standby_state *out)
{
	for (unsigned i = 0; i < STANDBY_STATE_COUNT; i++) {
		if (str_is(name, STATES[i])) {
			*out = (enum standby_state)i;
			return true;
		}
	}
	return false;
}

enum standby_state standby_after(const struct standby *standby, struct wall now)
{
	bool over = standby->state == STANDBY_ASKED && now.s >= standby->answer_until.s;
	return over ? STANDBY_EXPIRED : standby->state;
}

enum standby_state standby_answered(const struct standby *standby, enum offer_answer answer,
				    struct wall now)
{
	enum standby_state state = standby_after(standby, now);
	if (state == STANDBY_ASKED)
		return answer == ANSWER_ACCEPT ? STANDBY_AGREED : STANDBY_DECLINED;
	if (state == STANDBY_AGREED && answer == ANSWER_DECLINE)
		return STANDBY_WITHDRAWN;
	return state;
}

/* ---- how many ---- */

int standby_share(const struct visit_figures *figures)
{
	const int64_t *n = figures->value;
	int64_t absent =
	    n[MEASURE_VISITOR_ABSENT] + n[MEASURE_PRISONER_ABSENT] + n[MEASURE_BOTH_ABSENT];
	if (n[MEASURE_PLANNED] < STANDBY_JUDGED_MIN)
		return 0;
	return (int)(absent * PERCENT / n[MEASURE_PLANNED]);
}

int standby_places(const struct policy *policy, int places, int no_show_percent)
{
	if (no_show_percent < policy->values[POLICY_STANDBY_NO_SHOW_PERCENT])
		return 0;
	return places / (int)policy->values[POLICY_STANDBY_BOOTHS];
}

/* ---- when ---- */

bool standby_is_for(enum visit_kind visit, enum visit_kind waits)
{
	return (visit == VISIT_SOCIAL) == (waits == VISIT_SOCIAL);
}

struct wall standby_handover(const struct policy *policy, struct wall start)
{
	int64_t within = policy->values[POLICY_START_WITHIN_MINUTES];
	int64_t join = policy->values[POLICY_JOIN_MINUTES];
	return wall_add_s(start, (within < join ? within : join) * MINUTE_S);
}

struct wall standby_begins(const struct policy *policy, struct wall start, struct wall now)
{
	int64_t first = (standby_handover(policy, start).s + QUANTUM_S - 1) / QUANTUM_S * QUANTUM_S;
	int64_t step = now.s / QUANTUM_S * QUANTUM_S;
	return (struct wall){ step > first ? step : first };
}

bool standby_has(const struct visit *visit, const struct policy *policy, struct wall now)
{
	int64_t last_s = policy->values[POLICY_OFFER_LAST_MINUTES] * MINUTE_S;
	bool off = visit->state == VISIT_CANCELLED || visit->state == VISIT_NO_SHOW;
	return off && now.s >= visit->start.s - last_s && now.s < visit_slot_end(visit).s;
}

struct wall standby_begins_freed(struct wall start, struct wall now)
{
	struct wall step = { now.s / QUANTUM_S * QUANTUM_S };
	return step.s > start.s ? step : start;
}

int standby_minutes(const struct policy *policy, const struct waiting_need *need,
		    struct wall begins, struct wall end)
{
	int64_t left = (end.s - begins.s) / MINUTE_S;
	int64_t minutes = need->minutes < left ? need->minutes : left;
	return minutes < policy_shortest_called(policy, need->kind) ? 0 : (int)minutes;
}

bool standby_may_take(const struct visit *visit)
{
	bool waits = visit->state == VISIT_BOOKED || visit->state == VISIT_LOBBY;
	return waits && !(visit->visitor_seen && visit->prisoner_seen);
}

bool standby_takes(const struct visit *visit, const struct policy *policy, struct wall now)
{
	return standby_may_take(visit) && now.s >= standby_handover(policy, visit->start).s &&
	       now.s < visit_slot_end(visit).s;
}
