#include "domain/waiting/diagnosis.h"

enum {
	PERCENT = 100,
	LOAD_MAX = 90, /* above it waits grow without bound in practice (M/D/1) */
	WASTE_BIG = 5, /* of a hundred minutes: below, no term is worth a remedy */
};

static const struct {
	const char *name;
	enum diagnosis_remedy remedy;
} TERMS[TERM_COUNT] = {
	[TERM_USED] = { "USED", REMEDY_NONE },
	[TERM_NO_SHOW] = { "NO_SHOW", REMEDY_REMINDERS },
	[TERM_LATE_CANCEL] = { "LATE_CANCEL", REMEDY_REMINDERS },
	[TERM_NOT_PRODUCED] = { "NOT_PRODUCED", REMEDY_ESCORT },
	[TERM_BLOCKED] = { "BLOCKED", REMEDY_TEMPLATE },
	[TERM_OUTAGE] = { "OUTAGE", REMEDY_LINE },
	[TERM_NEVER_OFFERED] = { "NEVER_OFFERED", REMEDY_TEMPLATE },
	[TERM_IDLE] = { "IDLE", REMEDY_RELEASE },
};

static const char *const REMEDIES[REMEDY_COUNT] = {
	[REMEDY_NONE] = "NONE",         [REMEDY_REMINDERS] = "REMINDERS",
	[REMEDY_ESCORT] = "ESCORT",     [REMEDY_TEMPLATE] = "TEMPLATE",
	[REMEDY_LINE] = "LINE",         [REMEDY_RELEASE] = "RELEASE",
	[REMEDY_CAPACITY] = "CAPACITY",
};

const char *diagnosis_term_name(enum diagnosis_term term)
{
	return TERMS[term < TERM_COUNT ? term : 0].name;
}

const char *diagnosis_remedy_name(enum diagnosis_remedy remedy)
{
	return REMEDIES[remedy < REMEDY_COUNT ? remedy : 0];
}

/* Idle time is waste only as far as somebody waits for it. */
static int64_t waste_of(const struct diagnosis_week *week, unsigned term)
{
	int64_t minutes = week->minutes[term];
	bool idle = term == TERM_IDLE || term == TERM_NEVER_OFFERED;
	return idle && minutes > week->queued_minutes ? week->queued_minutes : minutes;
}

static enum diagnosis_term largest_of(const struct diagnosis_week *week)
{
	unsigned largest = TERM_USED;
	for (unsigned t = TERM_USED + 1; t < TERM_COUNT; t++)
		if (waste_of(week, t) > 0 &&
		    (largest == TERM_USED || waste_of(week, t) > waste_of(week, largest)))
			largest = t;
	return (enum diagnosis_term)largest;
}

/* Minutes that can hold a visit: what was wasted this week will be wasted next week too. */
static int64_t usable_of(const struct diagnosis_week *week)
{
	return week->minutes[TERM_USED] + week->minutes[TERM_IDLE];
}

struct diagnosis diagnosis_of(const struct diagnosis_week *week)
{
	struct diagnosis d = { .largest = largest_of(week) };
	for (unsigned t = 0; t < TERM_COUNT; t++)
		d.offered += week->minutes[t];
	int64_t usable = usable_of(week);
	int64_t load = week->asked_minutes + week->queued_minutes;
	if (usable > 0)
		d.load_percent = (int)(load * PERCENT / usable);
	else
		d.load_percent = load > 0 ? PERCENT : 0;
	bool big =
	    d.largest != TERM_USED && waste_of(week, d.largest) * PERCENT >= d.offered * WASTE_BIG;
	if (big) {
		d.remedy = TERMS[d.largest].remedy;
	} else if (d.load_percent > LOAD_MAX) {
		d.remedy = REMEDY_CAPACITY;
		d.add_minutes = load * PERCENT / LOAD_MAX - usable;
	}
	return d;
}
