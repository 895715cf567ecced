#include "domain/session.h"

#include <string.h>

static const char *const GROUP_KINDS[GROUP_KIND_COUNT] = {
	[GROUP_LOCATION] = "LOCATION",
	[GROUP_CATEGORY] = "CATEGORY",
	[GROUP_INCENTIVE] = "INCENTIVE",
};

enum {
	CAPACITY_MAX = 200,
	EVERY_WEEKS_MAX = 52,
	SLOT_MINUTES_MAX = 240,
};

const char *session_group_kind_name(enum session_group_kind kind)
{
	return GROUP_KINDS[kind < GROUP_KIND_COUNT ? kind : GROUP_LOCATION];
}

bool session_group_kind_of(struct str name, enum session_group_kind *out)
{
	for (unsigned i = 0; i < GROUP_KIND_COUNT; i++) {
		if (str_is(name, GROUP_KINDS[i])) {
			*out = (enum session_group_kind)i;
			return true;
		}
	}
	return false;
}

struct session_lengths policy_lengths(const struct policy *policy, enum visit_kind kind)
{
	static const struct {
		enum policy_name min;
		enum policy_name max;
	} NAMES[VISIT_KIND_COUNT] = {
		[VISIT_SOCIAL] = { POLICY_SOCIAL_MINUTES_MIN, POLICY_SOCIAL_MINUTES_MAX },
		[VISIT_LEGAL] = { POLICY_LEGAL_MINUTES_MIN, POLICY_LEGAL_MINUTES_MAX },
		[VISIT_OFFICIAL] = { POLICY_OFFICIAL_MINUTES_MIN, POLICY_OFFICIAL_MINUTES_MAX },
	};
	return (struct session_lengths){ .min = (int)policy->values[NAMES[kind].min],
					 .max = (int)policy->values[NAMES[kind].max] };
}

int policy_shortest_called(const struct policy *policy, enum visit_kind kind)
{
	int booked = policy_lengths(policy, kind).min;
	int called = (int)policy->values[POLICY_STANDBY_MINUTES_MIN];
	return called < booked ? called : booked;
}

bool session_runs_on(const struct session_template *t, struct date date)
{
	if (!t->active || date_compare(date, t->valid_from) < 0)
		return false;
	if (t->valid_to.year && date_compare(date, t->valid_to) > 0)
		return false;
	if (!(t->weekdays & 1U << date_weekday(date)))
		return false;
	struct date anchor = t->anchor.year ? t->anchor : t->valid_from;
	int64_t first_monday = date_to_days(anchor) - (date_weekday(anchor) - 1);
	int64_t week = (date_to_days(date) - first_monday) / 7;
	return t->every_weeks <= 1 || week % t->every_weeks == 0;
}

bool session_is_for(const struct session_template *t, enum visit_kind kind)
{
	return (t->kinds & 1U << kind) != 0;
}

size_t session_times(const struct session_template *t, struct date date,
		     struct session_lengths lengths, struct session_time out[SESSION_TIMES_MAX])
{
	size_t n = 0;
	if (t->slot_minutes < 5 || !session_runs_on(t, date))
		return 0;
	for (int m = t->start_minute; m + t->slot_minutes <= t->end_minute; m += t->slot_minutes) {
		struct wall start;
		if (local_to_wall(date, m, &start) == LOCAL_GAP)
			continue;
		for (int length = t->slot_minutes;
		     length <= lengths.max && m + length <= t->end_minute && n < SESSION_TIMES_MAX;
		     length += t->slot_minutes)
			if (length >= lengths.min)
				out[n++] =
				    (struct session_time){ .start = start, .minutes = length };
	}
	return n;
}

bool session_holds(const struct session_template *t, struct wall start, int minutes)
{
	struct local_time local = local_of(start);
	struct wall again;
	if (t->slot_minutes < 5 || local.second || !session_runs_on(t, local.date) ||
	    local.minute < t->start_minute || local.minute + minutes > t->end_minute ||
	    (local.minute - t->start_minute) % t->slot_minutes || minutes <= 0 ||
	    minutes % t->slot_minutes)
		return false;
	/* Of an hour that comes twice only the first one counts. */
	(void)local_to_wall(local.date, local.minute, &again);
	return again.s == start.s;
}

/* Whether path is the group itself or lies under it: "A-2" holds "A-2-014", not "A-21". */
static bool lies_under(const struct prisoner *prisoner, struct str group)
{
	struct str rest = group;
	for (int level = 0; level < LOCATION_LEVELS && !str_empty(rest); level++) {
		struct str here = level ? prisoner->levels[level - 1] : prisoner->wing;
		if (!str_equal(str_cut(&rest, '-'), here))
			return false;
	}
	return str_empty(rest);
}

static bool is_in_group(const struct session_group *group, const struct prisoner *prisoner,
			bool transitional)
{
	switch (group->kind) {
	case GROUP_LOCATION:
		return !transitional && lies_under(prisoner, group->value);
	case GROUP_CATEGORY:
		return str_equal(group->value, prisoner->category);
	case GROUP_INCENTIVE:
		return str_equal(group->value, prisoner->incentive);
	case GROUP_KIND_COUNT:
		break;
	}
	return false;
}

bool session_admits(const struct session_template *t, const struct prisoner *prisoner,
		    bool transitional)
{
	bool named[GROUP_KIND_COUNT] = { false };
	bool in[GROUP_KIND_COUNT] = { false };
	for (size_t i = 0; i < t->group_count; i++) {
		named[t->groups[i].kind] = true;
		in[t->groups[i].kind] |= is_in_group(&t->groups[i], prisoner, transitional);
	}
	for (unsigned kind = 0; kind < GROUP_KIND_COUNT; kind++) {
		bool include = (t->includes & 1U << kind) != 0;
		if (named[kind] && in[kind] != include)
			return false;
	}
	return true;
}

static bool group_is_fine(struct session_group group)
{
	if (str_empty(group.value) || group.value.len > SESSION_NAME_MAX ||
	    group.kind >= GROUP_KIND_COUNT)
		return false;
	int levels = 0;
	struct str rest = group.value;
	while (!str_empty(rest))
		if (str_empty(str_cut(&rest, '-')) || ++levels > LOCATION_LEVELS)
			return false;
	return true;
}

static bool dates_are_fine(const struct session_template *t)
{
	return date_valid(t->valid_from) &&
	       (!t->valid_to.year ||
		(date_valid(t->valid_to) && date_compare(t->valid_to, t->valid_from) >= 0));
}

enum session_fault session_fault(const struct session_template *t)
{
	enum {
		EVERY_DAY = 0xfe,
		EVERY_KIND = (1U << VISIT_KIND_COUNT) - 1
	};
	if (!t->weekdays || (t->weekdays & ~(unsigned)EVERY_DAY))
		return SESSION_BAD_DAYS;
	if (t->start_minute < 0 || t->end_minute > DAY_MINUTES || t->start_minute % 5 ||
	    t->end_minute % 5 || t->start_minute >= t->end_minute)
		return SESSION_BAD_TIMES;
	if (t->slot_minutes < 5 || t->slot_minutes % 5 || t->slot_minutes > SLOT_MINUTES_MAX ||
	    t->slot_minutes > t->end_minute - t->start_minute)
		return SESSION_BAD_LENGTH;
	if (t->every_weeks < 1 || t->every_weeks > EVERY_WEEKS_MAX)
		return SESSION_BAD_WEEKS;
	if (!dates_are_fine(t))
		return SESSION_BAD_DATES;
	if (!t->kinds || (t->kinds & ~(unsigned)EVERY_KIND) || !t->clients ||
	    t->clients > (SESSION_FAMILY | SESSION_STAFF))
		return SESSION_BAD_KINDS;
	if (t->open_capacity < SESSION_CAPACITY_NONE || t->open_capacity > CAPACITY_MAX ||
	    t->closed_capacity < SESSION_CAPACITY_NONE || t->closed_capacity > CAPACITY_MAX)
		return SESSION_BAD_CAPACITY;
	if (t->group_count > SESSION_GROUPS_MAX)
		return SESSION_BAD_GROUPS;
	for (size_t i = 0; i < t->group_count; i++)
		if (!group_is_fine(t->groups[i]))
			return SESSION_BAD_GROUPS;
	return SESSION_FINE;
}

bool session_holds_steps(const struct session_template *t, struct wall start, int minutes)
{
	struct session_template fine = *t;
	fine.slot_minutes = QUANTUM_S / 60;
	return session_holds(&fine, start, minutes);
}

bool session_holds_kind(const struct session_template *t, enum visit_kind kind, struct wall start,
			int minutes)
{
	return kind == VISIT_LEGAL ? session_holds_steps(t, start, minutes)
				   : session_holds(t, start, minutes);
}
