#include "domain/adjustment.h"

#include "base/assert.h"

static const char *const KINDS[] = {
	[ADJUSTMENT_SIGN] = "SIGN",
	[ADJUSTMENT_LONGER] = "LONGER",
	[ADJUSTMENT_OTHER] = "OTHER",
};
_Static_assert(ARRAY_LEN(KINDS) == ADJUSTMENT_KIND_COUNT, "a name for each");

static const char *const STATES[] = {
	[ADJUSTMENT_ASKED] = "ASKED",
	[ADJUSTMENT_AGREED] = "AGREED",
	[ADJUSTMENT_REFUSED] = "REFUSED",
	[ADJUSTMENT_WITHDRAWN] = "WITHDRAWN",
};
_Static_assert(ARRAY_LEN(STATES) == ADJUSTMENT_STATE_COUNT, "a name for each");

const char *adjustment_kind_name(enum adjustment_kind kind)
{
	return kind < ADJUSTMENT_KIND_COUNT ? KINDS[kind] : "";
}

bool adjustment_kind_of(struct str name, enum adjustment_kind *out)
{
	for (unsigned i = 0; i < ADJUSTMENT_KIND_COUNT; i++) {
		if (str_is(name, KINDS[i])) {
			*out = (enum adjustment_kind)i;
			return true;
		}
	}
	return false;
}

const char *adjustment_state_name(enum adjustment_state state)
{
	return state < ADJUSTMENT_STATE_COUNT ? STATES[state] : "";
}

bool adjustment_state_of(struct str name, enum adjustment_state *out)
{
	for (unsigned i = 0; i < ADJUSTMENT_STATE_COUNT; i++) {
		if (str_is(name, STATES[i])) {
			*out = (enum adjustment_state)i;
			return true;
		}
	}
	return false;
}

bool adjustment_may_become(enum adjustment_state from, enum adjustment_state to)
{
	switch (from) {
	case ADJUSTMENT_ASKED:
		return to != ADJUSTMENT_ASKED && to < ADJUSTMENT_STATE_COUNT;
	case ADJUSTMENT_AGREED:
		return to == ADJUSTMENT_REFUSED || to == ADJUSTMENT_WITHDRAWN;
	case ADJUSTMENT_REFUSED:
	case ADJUSTMENT_WITHDRAWN:
	case ADJUSTMENT_STATE_COUNT:
		break;
	}
	return false;
}

bool adjustment_words_acceptable(enum adjustment_kind kind, struct str words)
{
	if (kind == ADJUSTMENT_OTHER && str_empty(str_trim(words)))
		return false;
	return words.len <= ADJUSTMENT_WORDS_MAX && str_is_utf8(words);
}

bool adjustment_minutes_acceptable(int minutes)
{
	return minutes > 0 && minutes <= ADJUSTMENT_MINUTES_MAX && minutes % 5 == 0;
}
