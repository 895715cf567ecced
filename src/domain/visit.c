#include "domain/visit.h"

static const char *const KINDS[VISIT_KIND_COUNT] = {
	[VISIT_SOCIAL] = "SOCIAL",
	[VISIT_LEGAL] = "LEGAL",
	[VISIT_OFFICIAL] = "OFFICIAL",
};

static const char *const STATES[VISIT_STATE_COUNT] = {
	[VISIT_REQUESTED] = "REQUESTED", [VISIT_BOOKED] = "BOOKED",
	[VISIT_LOBBY] = "LOBBY",         [VISIT_LIVE] = "LIVE",
	[VISIT_COMPLETED] = "COMPLETED", [VISIT_CANCELLED] = "CANCELLED",
	[VISIT_NO_SHOW] = "NO_SHOW",
};

static const char *const ENDS[END_COUNT] = {
	[END_NONE] = "NONE",
	[END_LEFT] = "LEFT",
	[END_TIME] = "TIME",
	[END_STAFF] = "STAFF",
	[END_CANCELLED_BY_BOOKER] = "CANCELLED_BY_BOOKER",
	[END_CANCELLED_BY_PRISON] = "CANCELLED_BY_PRISON",
	[END_PRISONER_ABSENT] = "PRISONER_ABSENT",
	[END_VISITOR_ABSENT] = "VISITOR_ABSENT",
	[END_BOTH_ABSENT] = "BOTH_ABSENT",
	[END_REFUSED] = "REFUSED",
	[END_FAULT] = "FAULT",
	[END_REJECTED] = "REJECTED",
	[END_AUTO_REJECTED] = "AUTO_REJECTED",
	[END_WITHDRAWN] = "WITHDRAWN",
	[END_MOVED] = "MOVED",
	[END_PRISONER_MOVED] = "PRISONER_MOVED",
};

#define BIT(state) (1U << (state))

static const unsigned MAY_BECOME[VISIT_STATE_COUNT] = {
	[VISIT_REQUESTED] = BIT(VISIT_BOOKED) | BIT(VISIT_CANCELLED),
	[VISIT_BOOKED] = BIT(VISIT_LOBBY) | BIT(VISIT_CANCELLED) | BIT(VISIT_NO_SHOW),
	[VISIT_LOBBY] = BIT(VISIT_LIVE) | BIT(VISIT_CANCELLED) | BIT(VISIT_NO_SHOW),
	[VISIT_LIVE] = BIT(VISIT_COMPLETED),
};

static bool find(struct str name, const char *const *names, unsigned count, unsigned *out)
{
	for (unsigned i = 0; i < count; i++) {
		if (str_is(name, names[i])) {
			*out = i;
			return true;
		}
	}
	return false;
}

const char *visit_kind_name(enum visit_kind kind)
{
	return KINDS[kind < VISIT_KIND_COUNT ? kind : VISIT_SOCIAL];
}

bool visit_kind_of(struct str name, enum visit_kind *out)
{
	unsigned i;
	if (!find(name, KINDS, VISIT_KIND_COUNT, &i))
		return false;
	*out = (enum visit_kind)i;
	return true;
}

const char *visit_state_name(enum visit_state state)
{
	return STATES[state < VISIT_STATE_COUNT ? state : VISIT_REQUESTED];
}

bool visit_state_of(struct str name, enum visit_state *out)
{
	unsigned i;
	if (!find(name, STATES, VISIT_STATE_COUNT, &i))
		return false;
	*out = (enum visit_state)i;
	return true;
}

bool visit_may_become(enum visit_state from, enum visit_state to)
{
	return from < VISIT_STATE_COUNT && to < VISIT_STATE_COUNT &&
	       (MAY_BECOME[from] & BIT(to)) != 0;
}

bool visit_is_over(enum visit_state state)
{
	return state < VISIT_STATE_COUNT && MAY_BECOME[state] == 0;
}

const char *visit_end_name(enum visit_end end)
{
	return ENDS[end < END_COUNT ? end : END_NONE];
}

bool visit_end_of(struct str name, enum visit_end *out)
{
	unsigned i;
	if (!find(name, ENDS, END_COUNT, &i))
		return false;
	*out = (enum visit_end)i;
	return true;
}

struct wall visit_slot_end(const struct visit *visit)
{
	return wall_add_s(visit->start, (int64_t)visit->minutes * 60);
}

int visit_paid_minutes(const struct visit *visit)
{
	return visit->minutes - visit->free_minutes;
}
