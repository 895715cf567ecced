#include "domain/ask.h"

#include "base/assert.h"

enum {
	DAY_S = 24 * 60 * 60,
};

static const char *const STATES[ASK_STATE_COUNT] = {
	[ASK_STAFF] = "STAFF",     [ASK_OPEN] = "OPEN",     [ASK_DECLINED] = "DECLINED",
	[ASK_REFUSED] = "REFUSED", [ASK_BOOKED] = "BOOKED", [ASK_LAPSED] = "LAPSED",
};

static const char *const CONTACT_STATES[CONTACT_ASK_STATE_COUNT] = {
	[CONTACT_ASK_OPEN] = "OPEN",
	[CONTACT_ASK_INVITED] = "INVITED",
	[CONTACT_ASK_REFUSED] = "REFUSED",
};

const char *ask_state_name(enum ask_state state)
{
	return STATES[state < ASK_STATE_COUNT ? state : ASK_LAPSED];
}

bool ask_state_of(struct str name, enum ask_state *out)
{
	for (unsigned i = 0; i < ASK_STATE_COUNT; i++) {
		if (str_is(name, STATES[i])) {
			*out = (enum ask_state)i;
			return true;
		}
	}
	return false;
}

const char *asking_name(enum asking asking)
{
	static const char *const NAMES[ASKING_COUNT] = {
		[ASKING_OK] = "OK",
		[ASKING_OFF] = "OFF",
		[ASKING_UNKNOWN] = "UNKNOWN",
		[ASKING_STANDS] = "STANDS",
	};
	return NAMES[asking < ASKING_COUNT ? asking : ASKING_OFF];
}

enum asking ask_decide(const struct asking_facts *facts, const struct policy *policy,
		       struct wall now, enum ask_state *begins)
{
	int64_t asks = policy->values[POLICY_PRISONER_ASKS];
	int64_t pause_s = policy->values[POLICY_PRISONER_ASK_DAYS] * DAY_S;
	if (asks == PRISONER_ASKS_OFF)
		return ASKING_OFF;
	if (!facts->approved)
		return ASKING_UNKNOWN;
	if (facts->asked_before && now.s < facts->asked_at.s + pause_s)
		return ASKING_STANDS;
	*begins = asks == PRISONER_ASKS_STAFF ? ASK_STAFF : ASK_OPEN;
	if (facts->no_asks)
		*begins = ASK_DECLINED;
	return ASKING_OK;
}

enum ask_state ask_told(enum ask_state state)
{
	return state == ASK_DECLINED || state == ASK_LAPSED ? ASK_OPEN : state;
}

const char *contact_ask_state_name(enum contact_ask_state state)
{
	return CONTACT_STATES[state < CONTACT_ASK_STATE_COUNT ? state : CONTACT_ASK_REFUSED];
}

bool contact_ask_state_of(struct str name, enum contact_ask_state *out)
{
	for (unsigned i = 0; i < CONTACT_ASK_STATE_COUNT; i++) {
		if (str_is(name, CONTACT_STATES[i])) {
			*out = (enum contact_ask_state)i;
			return true;
		}
	}
	return false;
}
