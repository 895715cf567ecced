#include "domain/incident.h"

#include "base/assert.h"

static const char *const TYPES[INCIDENT_TYPE_COUNT] = {
	[INCIDENT_THIRD_PERSON] = "THIRD_PERSON",
	[INCIDENT_CONDUCT] = "CONDUCT",
	[INCIDENT_THREAT] = "THREAT",
	[INCIDENT_DRESS] = "DRESS",
	[INCIDENT_RECORDING] = "RECORDING",
	[INCIDENT_SELF_HARM] = "SELF_HARM",
	[INCIDENT_CHILD] = "CHILD",
	[INCIDENT_OTHER] = "OTHER",
};

static const char *const SEVERITIES[SEVERITY_COUNT] = { "LOW", "MEDIUM", "HIGH" };

static const char *const OUTCOMES[INCIDENT_OUTCOME_COUNT] = {
	[OUTCOME_OPEN] = "",
	[OUTCOME_NONE] = "NONE",
	[OUTCOME_WARNING] = "WARNING",
	[OUTCOME_RESTRICTION] = "RESTRICTION",
	[OUTCOME_SECURITY_REPORT] = "SECURITY_REPORT",
};

static const char *const APPEALS[APPEAL_COUNT] = { "", "ASKED", "REFUSED", "ALLOWED" };

static const char *const APPELLANTS[APPELLANT_COUNT] = { "", "VISITOR", "PRISONER" };

static const char *const ANSWERS[INCIDENT_ANSWER_COUNT] = {
	[INCIDENT_OK] = "OK",
	[INCIDENT_DECIDED_ALREADY] = "DECIDED_ALREADY",
	[INCIDENT_GOVERNOR_NEEDED] = "GOVERNOR_NEEDED",
	[INCIDENT_OTHER_PERSON_NEEDED] = "OTHER_PERSON_NEEDED",
	[INCIDENT_TELL_NEEDED] = "TELL_NEEDED",
	[INCIDENT_TELL_PRISONER_NEEDED] = "TELL_PRISONER_NEEDED",
	[INCIDENT_NOT_UPHELD] = "NOT_UPHELD",
	[INCIDENT_RESTRICTION_NEEDED] = "RESTRICTION_NEEDED",
	[INCIDENT_RESTRICTION_BAD] = "RESTRICTION_BAD",
	[INCIDENT_NO_APPEAL] = "NO_APPEAL",
	[INCIDENT_APPEAL_LATE] = "APPEAL_LATE",
};

static const char *const STATES[AUTHORISATION_STATE_COUNT] = { "REQUESTED", "GRANTED", "REFUSED",
							       "REVOKED" };

/* The place of a name among some; count: it is none of them. */
static unsigned place(const char *const *names, unsigned count, struct str name)
{
	unsigned i = 0;
	while (i < count && !str_is(name, names[i]))
		i++;
	return i;
}

const char *incident_type_name(enum incident_type type)
{
	return TYPES[type < INCIDENT_TYPE_COUNT ? type : INCIDENT_OTHER];
}

bool incident_type_of(struct str name, enum incident_type *out)
{
	unsigned i = place(TYPES, INCIDENT_TYPE_COUNT, name);
	if (i < INCIDENT_TYPE_COUNT)
		*out = (enum incident_type)i;
	return i < INCIDENT_TYPE_COUNT;
}

const char *severity_name(enum severity severity)
{
	return SEVERITIES[severity < SEVERITY_COUNT ? severity : SEVERITY_HIGH];
}

bool severity_of(struct str name, enum severity *out)
{
	unsigned i = place(SEVERITIES, SEVERITY_COUNT, name);
	if (i < SEVERITY_COUNT)
		*out = (enum severity)i;
	return i < SEVERITY_COUNT;
}

const char *incident_outcome_name(enum incident_outcome outcome)
{
	return OUTCOMES[outcome < INCIDENT_OUTCOME_COUNT ? outcome : OUTCOME_OPEN];
}

bool incident_outcome_of(struct str name, enum incident_outcome *out)
{
	unsigned i = place(OUTCOMES, INCIDENT_OUTCOME_COUNT, name);
	if (i < INCIDENT_OUTCOME_COUNT)
		*out = (enum incident_outcome)i;
	return i < INCIDENT_OUTCOME_COUNT;
}

const char *appeal_name(enum appeal appeal)
{
	return APPEALS[appeal < APPEAL_COUNT ? appeal : APPEAL_NO];
}

bool appeal_of(struct str name, enum appeal *out)
{
	unsigned i = place(APPEALS, APPEAL_COUNT, name);
	if (i < APPEAL_COUNT)
		*out = (enum appeal)i;
	return i < APPEAL_COUNT;
}

const char *appellant_name(enum appellant appellant)
{
	return APPELLANTS[appellant < APPELLANT_COUNT ? appellant : APPELLANT_NONE];
}

bool appellant_of(struct str name, enum appellant *out)
{
	unsigned i = place(APPELLANTS, APPELLANT_COUNT, name);
	if (i < APPELLANT_COUNT)
		*out = (enum appellant)i;
	return i < APPELLANT_COUNT;
}

const char *incident_answer_name(enum incident_answer answer)
{
	return ANSWERS[answer < INCIDENT_ANSWER_COUNT ? answer : INCIDENT_DECIDED_ALREADY];
}

static bool is_upheld(enum incident_outcome outcome)
{
	return outcome == OUTCOME_WARNING || outcome == OUTCOME_RESTRICTION ||
	       outcome == OUTCOME_SECURITY_REPORT;
}

static bool weighs(const struct incident_decision *d)
{
	return d->outcome == OUTCOME_RESTRICTION || d->outcome == OUTCOME_SECURITY_REPORT ||
	       d->counts_pause;
}

bool incident_time_fits(const struct visit *visit, struct wall seen_at, struct wall now)
{
	struct wall last = visit->ended_at.s ? visit->ended_at : now;
	return visit->lobby_at.s && seen_at.s >= visit->lobby_at.s && seen_at.s <= last.s;
}

enum incident_answer incident_may_decide(const struct incident *incident,
					 const struct incident_decision *d, enum role role,
					 struct account_id by)
{
	if (incident->outcome != OUTCOME_OPEN || d->outcome == OUTCOME_OPEN)
		return INCIDENT_DECIDED_ALREADY;
	if (weighs(d) && role != ROLE_DUTY_GOVERNOR)
		return INCIDENT_GOVERNOR_NEEDED;
	if (weighs(d) && incident->opened_by.n == by.n)
		return INCIDENT_OTHER_PERSON_NEEDED;
	if (d->counts_pause && !is_upheld(d->outcome))
		return INCIDENT_NOT_UPHELD;
	if (d->outcome == OUTCOME_RESTRICTION && !d->restriction.given)
		return INCIDENT_RESTRICTION_NEEDED;
	bool tell =
	    d->outcome == OUTCOME_WARNING || d->outcome == OUTCOME_RESTRICTION || d->counts_pause;
	if (tell && str_empty(d->told))
		return INCIDENT_TELL_NEEDED;
	bool prisoners = d->outcome == OUTCOME_RESTRICTION && !d->restriction.person.n;
	return prisoners && str_empty(d->told_prisoner) ? INCIDENT_TELL_PRISONER_NEEDED
							: INCIDENT_OK;
}

struct str incident_told_to(const struct incident *incident, enum appellant who)
{
	return who == APPELLANT_PRISONER ? incident->told_prisoner : incident->told;
}

struct wall incident_appeal_until(const struct incident *incident, enum appellant who,
				  int64_t appeal_days)
{
	if (!is_upheld(incident->outcome) || str_empty(incident_told_to(incident, who)))
		return (struct wall){ 0 };
	return wall_add_s(incident->decided_at, appeal_days * 86400);
}

enum incident_answer incident_may_appeal(const struct incident *incident, enum appellant who,
					 int64_t appeal_days, struct wall now)
{
	struct wall until = incident_appeal_until(incident, who, appeal_days);
	if (!until.s || incident->appeals[who].state != APPEAL_NO)
		return INCIDENT_NO_APPEAL;
	return now.s <= until.s ? INCIDENT_OK : INCIDENT_APPEAL_LATE;
}

enum incident_answer incident_may_decide_appeal(const struct incident *incident, enum appellant who,
						struct account_id by)
{
	if (incident->appeals[who].state != APPEAL_ASKED)
		return INCIDENT_NO_APPEAL;
	return incident->decided_by.n == by.n ? INCIDENT_OTHER_PERSON_NEEDED : INCIDENT_OK;
}

enum appellant incident_appeal_waiting(const struct incident *incident)
{
	const struct incident_appeal *visitors = &incident->appeals[APPELLANT_VISITOR];
	const struct incident_appeal *prisoners = &incident->appeals[APPELLANT_PRISONER];
	if (visitors->state != APPEAL_ASKED)
		return prisoners->state == APPEAL_ASKED ? APPELLANT_PRISONER : APPELLANT_NONE;
	bool later =
	    prisoners->state != APPEAL_ASKED || visitors->asked_at.s <= prisoners->asked_at.s;
	return later ? APPELLANT_VISITOR : APPELLANT_PRISONER;
}

static bool has_appeal(const struct incident *incident, enum appeal state)
{
	return incident->appeals[APPELLANT_VISITOR].state == state ||
	       incident->appeals[APPELLANT_PRISONER].state == state;
}

enum appeal incident_appeals(const struct incident *incident)
{
	static const enum appeal FIRST[] = { APPEAL_ASKED, APPEAL_ALLOWED, APPEAL_REFUSED };
	for (size_t i = 0; i < ARRAY_LEN(FIRST); i++)
		if (has_appeal(incident, FIRST[i]))
			return FIRST[i];
	return APPEAL_NO;
}

bool incident_appeal_allowed(const struct incident *incident)
{
	return has_appeal(incident, APPEAL_ALLOWED);
}

bool incident_appeal_lifts(const struct incident *incident, enum appellant who)
{
	if (!incident->restriction.n)
		return false;
	return who == APPELLANT_PRISONER || incident->restriction_on == RESTRICTION_ON_PAIR;
}

bool incident_eased_by_other(const struct incident *incident, enum appellant who)
{
	enum appellant other = who == APPELLANT_PRISONER ? APPELLANT_VISITOR : APPELLANT_PRISONER;
	return incident->appeals[other].state == APPEAL_ALLOWED &&
	       (incident->counts_pause || incident_appeal_lifts(incident, other));
}

/* ---- authorisations ---- */

const char *authorisation_state_name(enum authorisation_state state)
{
	return STATES[state < AUTHORISATION_STATE_COUNT ? state : AUTHORISATION_REFUSED];
}

bool authorisation_state_of(struct str name, enum authorisation_state *out)
{
	unsigned i = place(STATES, AUTHORISATION_STATE_COUNT, name);
	if (i < AUTHORISATION_STATE_COUNT)
		*out = (enum authorisation_state)i;
	return i < AUTHORISATION_STATE_COUNT;
}

bool authorisation_holds(const struct authorisation *a, struct wall now)
{
	return a->state == AUTHORISATION_GRANTED && now.s < a->until.s && now.s < a->review_at.s;
}

bool authorisation_may_decide(const struct authorisation *a, enum authorisation_state next,
			      struct account_id by)
{
	if (a->requested_by.n == by.n)
		return false;
	if (a->state == AUTHORISATION_REQUESTED)
		return next == AUTHORISATION_GRANTED || next == AUTHORISATION_REFUSED;
	/* A review is a grant again. */
	return a->state == AUTHORISATION_GRANTED &&
	       (next == AUTHORISATION_GRANTED || next == AUTHORISATION_REVOKED);
}
