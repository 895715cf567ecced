#include "domain/readiness.h"

enum {
	SILENT_S = 86400, /* terminals say that they are there whenever they are on */
};

static const char *const LAMPS[LAMP_COUNT] = {
	[LAMP_DECLARED] = "DECLARED",   [LAMP_EQUIPMENT] = "EQUIPMENT", [LAMP_LINE] = "LINE",
	[LAMP_TIMETABLE] = "TIMETABLE", [LAMP_LEGAL] = "LEGAL",
};

static const char *const STATES[LAMP_STATE_COUNT] = {
	[LAMP_FINE] = "FINE",
	[LAMP_UNKNOWN] = "UNKNOWN",
	[LAMP_MISSING] = "MISSING",
};

const char *readiness_lamp_name(enum readiness_lamp lamp)
{
	return LAMPS[lamp < LAMP_COUNT ? lamp : 0];
}

const char *lamp_state_name(enum lamp_state state)
{
	return STATES[state < LAMP_STATE_COUNT ? state : 0];
}

static struct lamp lamp_of(bool fine, struct wall since)
{
	return (struct lamp){ fine ? LAMP_FINE : LAMP_MISSING, since };
}

/* Without a terminal that was heard of there is nothing to sit at. */
static struct lamp equipment_of(const struct readiness_facts *f, struct wall now)
{
	bool heard = f->enrolled > 0 && f->last_seen.s > now.s - SILENT_S;
	return lamp_of(heard, heard ? (struct wall){ 0 } : f->last_seen);
}

static struct lamp line_of(const struct readiness_facts *f)
{
	if (!f->line_known)
		return (struct lamp){ .state = LAMP_UNKNOWN };
	return lamp_of(f->calls > 0, f->line_at);
}

struct readiness readiness_of(const struct readiness_facts *f, struct wall now)
{
	struct readiness r = { .lamps = {
				   [LAMP_DECLARED] = lamp_of(f->declared, f->declared_at),
				   [LAMP_EQUIPMENT] = equipment_of(f, now),
				   [LAMP_LINE] = line_of(f),
				   [LAMP_TIMETABLE] =
				       lamp_of(f->social_session, (struct wall){ 0 }),
				   [LAMP_LEGAL] =
				       lamp_of(f->legal_on && f->legal_session, (struct wall){ 0 }),
			       } };
	/* A line that nobody has measured stops nothing: many prisons run on one. */
	bool site = r.lamps[LAMP_DECLARED].state == LAMP_FINE &&
		    r.lamps[LAMP_EQUIPMENT].state == LAMP_FINE &&
		    r.lamps[LAMP_LINE].state != LAMP_MISSING;
	r.can_hold = site && r.lamps[LAMP_TIMETABLE].state == LAMP_FINE;
	r.can_hold_legal = site && r.lamps[LAMP_LEGAL].state == LAMP_FINE;
	return r;
}
