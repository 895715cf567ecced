#include "domain/lost.h"

static const char *const NAMES[LOST_CAUSE_COUNT] = {
	[LOST_PRISON_LINE] = "PRISON_LINE",
	[LOST_TERMINAL] = "TERMINAL",
	[LOST_VISITOR_LINE] = "VISITOR_LINE",
	[LOST_SERVICE] = "SERVICE",
	[LOST_STAFF] = "STAFF",
	[LOST_NOBODY] = "NOBODY",
};

const char *lost_cause_name(enum lost_cause cause)
{
	return NAMES[cause < LOST_CAUSE_COUNT ? cause : LOST_NOBODY];
}

bool lost_cause_of(struct str name, enum lost_cause *out)
{
	for (unsigned i = 0; i < LOST_CAUSE_COUNT; i++) {
		if (str_is(name, NAMES[i])) {
			*out = (enum lost_cause)i;
			return true;
		}
	}
	return false;
}

bool lost_is_made_up_for(enum lost_cause cause)
{
	return cause < LOST_NOBODY;
}

/* Its connection stands and nothing passes, one way or the other. */
static bool line_is_dead(const struct lost_end *end)
{
	return end->there && (!end->packets || end->deaf);
}

enum lost_cause lost_judge(const struct lost_second *second)
{
	const struct lost_end *prisoner = &second->prisoner;
	const struct lost_end *visitor = &second->visitor;
	if (second->service_down)
		return LOST_SERVICE;
	if (second->held)
		return LOST_STAFF;
	if (prisoner->left || visitor->left)
		return LOST_NOBODY;
	/* Two lines do not break in the same second: what they have in common did. */
	if (line_is_dead(prisoner) && line_is_dead(visitor))
		return LOST_SERVICE;
	if (line_is_dead(prisoner))
		return LOST_PRISON_LINE;
	if (line_is_dead(visitor))
		return LOST_VISITOR_LINE;
	if (!prisoner->there)
		return second->others_gone ? LOST_PRISON_LINE : LOST_TERMINAL;
	if (!visitor->there)
		return LOST_VISITOR_LINE;
	if (!prisoner->sound)
		return LOST_TERMINAL;
	return visitor->sound ? LOST_NOBODY : LOST_VISITOR_LINE;
}

struct lost_step lost_clock_second(struct lost_clock *clock, bool both_hear, uint32_t apart_ms)
{
	if (both_hear) {
		clock->apart_s = 0;
		return (struct lost_step){ .heard_s = 1 };
	}
	/* Begun seconds: the loss goes on for half a second after this one, on average. */
	int apart_s = apart_ms ? (int)((apart_ms + 999) / 1000) : clock->apart_s + 1;
	int lost = apart_s > clock->apart_s ? apart_s - clock->apart_s : 0;
	clock->apart_s += lost;
	return (struct lost_step){ .heard_s = lost > 1 ? 1 - lost : 0, .lost_s = lost };
}

int lost_made_up_s(const struct lost_time *time)
{
	int sum = 0;
	for (unsigned i = 0; i < LOST_CAUSE_COUNT; i++)
		if (lost_is_made_up_for((enum lost_cause)i))
			sum += time->s[i];
	return sum;
}

enum lost_cause lost_main_cause(const struct lost_time *time)
{
	enum lost_cause most = LOST_NOBODY;
	for (unsigned i = 0; i < LOST_CAUSE_COUNT; i++)
		if (lost_is_made_up_for((enum lost_cause)i) && time->s[i] > 0 &&
		    (most == LOST_NOBODY || time->s[i] > time->s[most]))
			most = (enum lost_cause)i;
	return most;
}
