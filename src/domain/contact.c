#include "domain/contact.h"

static const char *const NAMES[CONTACT_STATE_COUNT] = {
	[CONTACT_REQUESTED] = "REQUESTED",
	[CONTACT_APPROVED] = "APPROVED",
	[CONTACT_REJECTED] = "REJECTED",
};

const char *contact_state_name(enum contact_state state)
{
	return NAMES[state < CONTACT_STATE_COUNT ? state : CONTACT_REQUESTED];
}

bool contact_state_of(struct str name, enum contact_state *out)
{
	for (unsigned i = 0; i < CONTACT_STATE_COUNT; i++) {
		if (str_is(name, NAMES[i])) {
			*out = (enum contact_state)i;
			return true;
		}
	}
	return false;
}

bool contact_may_become(enum contact_state from, enum contact_state to)
{
	switch (from) {
	case CONTACT_REQUESTED:
		return to == CONTACT_APPROVED || to == CONTACT_REJECTED;
	case CONTACT_APPROVED:
		return to == CONTACT_REJECTED;
	case CONTACT_REJECTED:
		return to == CONTACT_REQUESTED;
	case CONTACT_STATE_COUNT:
		break;
	}
	return false;
}

static const char *const STOPS[CONTACT_STOP_COUNT] = {
	[CONTACT_STOP_STATE] = "STATE",
	[CONTACT_STOP_BARRED] = "BARRED",
	[CONTACT_STOP_IDENTITY] = "IDENTITY",
};

const char *contact_stop_name(enum contact_stop stop)
{
	return STOPS[stop < CONTACT_STOP_COUNT ? stop : CONTACT_STOP_STATE];
}

unsigned contact_stops(const struct contact_facts *facts, enum contact_state to)
{
	unsigned stops = 0;
	if (!contact_may_become(facts->from, to))
		stops |= CONTACT_STOP_BIT(CONTACT_STOP_STATE);
	if (to != CONTACT_APPROVED)
		return stops;
	if (facts->barred)
		stops |= CONTACT_STOP_BIT(CONTACT_STOP_BARRED);
	if (!facts->identity_covered && !facts->identity_seen)
		stops |= CONTACT_STOP_BIT(CONTACT_STOP_IDENTITY);
	return stops;
}

static const char *const WHYS[CONTACT_WHY_COUNT] = {
	[CONTACT_WHY_NONE] = "",
	[CONTACT_WHY_IDENTITY] = "IDENTITY",
	[CONTACT_WHY_RELATIONSHIP] = "RELATIONSHIP",
	[CONTACT_WHY_DETAILS] = "DETAILS",
	[CONTACT_WHY_DECISION] = "DECISION",
};

const char *contact_why_name(enum contact_why why)
{
	return WHYS[why < CONTACT_WHY_COUNT ? why : CONTACT_WHY_NONE];
}

bool contact_why_of(struct str name, enum contact_why *out)
{
	for (unsigned i = 0; i < CONTACT_WHY_COUNT; i++) {
		if (str_is(name, WHYS[i])) {
			*out = (enum contact_why)i;
			return true;
		}
	}
	return false;
}

static const char *const PARTS[PART_COUNT] = {
	[PART_VISITOR] = "VISITOR",
	[PART_SUPPORTER] = "SUPPORTER",
	[PART_INTERPRETER] = "INTERPRETER",
};

const char *contact_part_name(enum contact_part part)
{
	return PARTS[part < PART_COUNT ? part : PART_VISITOR];
}

bool contact_part_of(struct str name, enum contact_part *out)
{
	for (unsigned i = 0; i < PART_COUNT; i++) {
		if (str_is(name, PARTS[i])) {
			*out = (enum contact_part)i;
			return true;
		}
	}
	return false;
}

bool relationship_acceptable(struct str text)
{
	return str_trim(text).len && text.len <= RELATIONSHIP_MAX && str_is_utf8(text) &&
	       !str_has_control(text);
}
