#include "domain/recording.h"

static const char *const STATES[SEGMENT_STATE_COUNT] = {
	[SEGMENT_OPEN] = "OPEN",
	[SEGMENT_WHOLE] = "WHOLE",
	[SEGMENT_CUT] = "CUT",
};

const char *segment_state_name(enum segment_state state)
{
	return STATES[state < SEGMENT_STATE_COUNT ? state : SEGMENT_CUT];
}

bool segment_state_of(struct str name, enum segment_state *out)
{
	for (unsigned i = 0; i < SEGMENT_STATE_COUNT; i++) {
		if (!str_is(name, STATES[i]))
			continue;
		*out = (enum segment_state)i;
		return true;
	}
	return false;
}

bool recording_wanted(enum visit_kind kind, const struct policy *policy)
{
	return kind == VISIT_SOCIAL && policy->values[POLICY_RECORDING_ON] != 0;
}
