#include "domain/professional.h"

static const char *const PROFESSIONS[PROFESSION_COUNT] = {
	[PROFESSION_SOLICITOR] = "SOLICITOR",
	[PROFESSION_BARRISTER] = "BARRISTER",
	[PROFESSION_LEGAL_EXECUTIVE] = "LEGAL_EXECUTIVE",
	[PROFESSION_CLERK] = "CLERK",
	[PROFESSION_INTERPRETER] = "INTERPRETER",
};

static const char *const STATES[PROFESSIONAL_STATE_COUNT] = {
	[PROFESSIONAL_ASKED] = "ASKED",       [PROFESSIONAL_SEEN] = "SEEN",
	[PROFESSIONAL_VERIFIED] = "VERIFIED", [PROFESSIONAL_REFUSED] = "REFUSED",
	[PROFESSIONAL_REVOKED] = "REVOKED",
};

const char *profession_name(enum profession profession)
{
	return PROFESSIONS[profession < PROFESSION_COUNT ? profession : 0];
}

bool profession_of(struct str name, enum profession *out)
{
	for (unsigned i = 0; i < PROFESSION_COUNT; i++) {
		if (str_is(name, PROFESSIONS[i])) {
			*out = (enum profession)i;
			return true;
		}
	}
	return false;
}

const char *professional_state_name(enum professional_state state)
{
	return STATES[state < PROFESSIONAL_STATE_COUNT ? state : 0];
}

bool professional_state_of(struct str name, enum professional_state *out)
{
	for (unsigned i = 0; i < PROFESSIONAL_STATE_COUNT; i++) {
		if (str_is(name, STATES[i])) {
			*out = (enum professional_state)i;
			return true;
		}
	}
	return false;
}

enum approval_answer professional_approve(struct professional *p, struct account_id by,
					  struct wall now)
{
	if (p->state == PROFESSIONAL_ASKED) {
		p->first_by = by;
		p->first_at = now;
		p->state = PROFESSIONAL_SEEN;
		return APPROVAL_GIVEN;
	}
	if (p->state != PROFESSIONAL_SEEN)
		return APPROVAL_NOT_OPEN;
	if (p->first_by.n == by.n)
		return APPROVAL_SAME;
	p->second_by = by;
	p->second_at = now;
	p->state = PROFESSIONAL_VERIFIED;
	return APPROVAL_COMPLETE;
}

bool professional_end(struct professional *p, struct account_id by, struct str reason,
		      struct wall now)
{
	if (p->state == PROFESSIONAL_REFUSED || p->state == PROFESSIONAL_REVOKED)
		return false;
	p->state = p->state == PROFESSIONAL_VERIFIED ? PROFESSIONAL_REVOKED : PROFESSIONAL_REFUSED;
	p->ended_by = by;
	p->ended_at = now;
	p->reason = reason;
	return true;
}
