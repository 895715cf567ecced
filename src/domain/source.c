#include "domain/source.h"

static const char *const SOURCES[SOURCE_COUNT] = {
	[SOURCE_ALERTS] = "ALERTS",
	[SOURCE_RESTRICTIONS] = "RESTRICTIONS",
	[SOURCE_NON_ASSOCIATIONS] = "NON_ASSOCIATIONS",
};

static const char *const STATUSES[SOURCE_STATUS_COUNT] = {
	[SOURCE_KEPT_HERE] = "KEPT_HERE",
	[SOURCE_UP] = "UP",
	[SOURCE_DOWN] = "DOWN",
};

const char *source_name(enum source source)
{
	return SOURCES[source < SOURCE_COUNT ? source : SOURCE_ALERTS];
}

bool source_of(struct str name, enum source *out)
{
	for (unsigned i = 0; i < SOURCE_COUNT; i++) {
		if (str_is(name, SOURCES[i])) {
			*out = (enum source)i;
			return true;
		}
	}
	return false;
}

const char *source_status_name(enum source_status status)
{
	return STATUSES[status < SOURCE_STATUS_COUNT ? status : SOURCE_DOWN];
}

bool source_status_of(struct str name, enum source_status *out)
{
	for (unsigned i = 0; i < SOURCE_STATUS_COUNT; i++) {
		if (str_is(name, STATUSES[i])) {
			*out = (enum source_status)i;
			return true;
		}
	}
	return false;
}

bool source_trusted(const struct source_state *state, int64_t stale_hours, struct wall now)
{
	if (state->status != SOURCE_UP)
		return state->status == SOURCE_KEPT_HERE;
	return state->good_at.s && now.s - state->good_at.s <= stale_hours * 3600;
}
