#include "rtc/core.h"

#include "base/assert.h"

void core_drop(struct core *core, enum media_drop drop)
{
	core->totals.dropped++;
	core->totals.dropped_by[drop]++;
}

void core_report(struct core *core, const struct media_message *message)
{
	if (core->reports_taken == core->reports_len) {
		core->reports_taken = 0;
		core->reports_len = 0;
	}
	/* Sized for the most that one input can cause: a driver that drains never comes here. */
	ASSERT(core->reports_len < core->reports_max);
	core->reports[core->reports_len++] = *message;
}

bool core_source_may(struct core *core, const struct address *from)
{
	struct address host = *from;
	host.port = 0;
	host.via = 0;
	uint16_t *counter = &core->sources[address_key(&host, core->secret) % CORE_SOURCES];
	if (*counter >= CORE_SOURCE_MAX)
		return false;
	(*counter)++;
	return true;
}

/* Rounded up, so that what is near in time is met in one tick. */
static struct mono on_grid(struct mono at)
{
	if (at.us > INT64_MAX - CORE_GRID_US)
		return MONO_NEVER;
	int64_t steps = (at.us + CORE_GRID_US - 1) / CORE_GRID_US;
	return (struct mono){ .us = steps * CORE_GRID_US };
}

static void set_due(struct core *core, struct mono *due, struct mono at)
{
	struct mono before = *due;
	*due = on_grid(at);
	core->earliest = mono_min(core->earliest, *due);
	core->put_off = core->put_off || (before.us == core->earliest.us && due->us > before.us);
}

void core_member_due(struct core *core, uint32_t member, struct mono at)
{
	if (member >= core->members_end)
		core->members_end = member + 1;
	set_due(core, &core->member_due[member], at);
}

void core_visit_due(struct core *core, uint32_t visit, struct mono at)
{
	if (visit >= core->visits_end)
		core->visits_end = visit + 1;
	set_due(core, &core->visit_due[visit], at);
}

static uint32_t find(const struct map *map, int64_t id)
{
	uint32_t at = CORE_NOBODY;
	if (!map_get(map, (uint64_t)id, &at))
		return CORE_NOBODY;
	return at;
}

uint32_t core_find_visit(const struct core *core, struct visit_id id)
{
	return find(&core->visit_ids, id.n);
}

uint32_t core_find_member(const struct core *core, struct peer_id id)
{
	return find(&core->peer_ids, id.n);
}
