#include "rtc/site.h"

#include "congestion/site_share.h"
#include "rtc/sender_tier.h"

enum {
	SITE_CALLS_MAX = 64,
	STRAIN_US = 1000000,
	PROBE_TURN_S = 2, /* each call that wants more has the line for so long */
	SHARE_LEAST_BPS = ESTIMATOR_START_BPS, /* the line may have more to give */
	START_LEAST_BPS = 20000,               /* sound alone */
	START_MOST_BPS = 300000,
};

/* The visits of one site, by place in the table. */
struct group {
	size_t len;
	struct visit *visits[SITE_CALLS_MAX];
	struct member *terminals[SITE_CALLS_MAX];
};

static bool shares_a_line(const struct visit *visit)
{
	return visit->used && visit->open.site != 0;
}

static struct member *terminal_of(struct core *core, const struct visit *visit)
{
	for (size_t end = 0; end < MEDIA_ENDS_MAX; end++) {
		const struct seat *seat = &visit->seats[end];
		if (seat->role == MEDIA_PRISONER && seat->now != CORE_NOBODY)
			return &core->members[seat->now];
	}
	return NULL;
}

/* With its terminal connected: the others do not use the line now. */
static void gather(struct core *core, uint32_t first, struct group *group)
{
	uint32_t site = core->visits[first].open.site;
	group->len = 0;
	for (uint32_t i = first; i < core->visits_end && group->len < SITE_CALLS_MAX; i++) {
		struct visit *visit = &core->visits[i];
		struct member *terminal = shares_a_line(visit) && visit->open.site == site
					      ? terminal_of(core, visit)
					      : NULL;
		if (!terminal)
			continue;
		group->visits[group->len] = visit;
		group->terminals[group->len++] = terminal;
	}
}

static bool is_first_of_site(const struct core *core, uint32_t at)
{
	for (uint32_t i = 0; i < at; i++)
		if (shares_a_line(&core->visits[i]) &&
		    core->visits[i].open.site == core->visits[at].open.site)
			return false;
	return true;
}

/* ---- the shares ---- */

/* How many ends send across the line: the prisoner up, every visitor down. */
static int32_t streams_of(const struct visit *visit, bool up)
{
	int32_t visitors = 0;
	for (size_t end = 0; end < MEDIA_ENDS_MAX; end++)
		visitors +=
		    visit->seats[end].role == MEDIA_VISITOR && visit->seats[end].now != CORE_NOBODY;
	return up || visitors == 0 ? 1 : visitors;
}

static bool is_strained(const struct group *group, bool up, struct mono now)
{
	for (size_t i = 0; i < group->len; i++) {
		const struct member *terminal = group->terminals[i];
		if (up && mono_diff_us(now, terminal->line_in.strain) < STRAIN_US &&
		    terminal->line_in.strain.us > 0)
			return true;
		if (!up && leg_is_known(&terminal->leg) &&
		    estimator_is_overused(terminal->leg.estimator, STRAIN_US, now))
			return true;
	}
	return false;
}

/* Of all calls together, in the last half second. */
static int64_t came_bps(const struct group *group, bool up)
{
	int64_t sum = 0;
	for (size_t i = 0; i < group->len; i++) {
		const struct member *terminal = group->terminals[i];
		if (up)
			sum += throughput_bps(&terminal->line_in.throughput);
		else if (leg_is_known(&terminal->leg))
			sum += estimator_throughput_bps(terminal->leg.estimator);
	}
	return sum;
}

static void share(struct core *core, struct group *group, bool up, bool full, int64_t came,
		  struct mono now)
{
	struct site_call calls[SITE_CALLS_MAX];
	struct visit *keeper = group->visits[0]; /* its budgets are those of the site */
	struct site_budget *budget = up ? &keeper->site_up : &keeper->site_down;
	site_budget_set(budget, up ? keeper->open.site_up_bps : keeper->open.site_down_bps);
	site_budget_second(budget, full, came, now);
	for (size_t i = 0; i < group->len; i++)
		calls[i] = (struct site_call){
			.legal = group->visits[i]->open.kind == MEDIA_LEGAL,
			.ladder = visit_ladder(group->visits[i]),
			.weight = group->visits[i]->open.weight,
			.streams = streams_of(group->visits[i], up),
			.most = sender_tier_other_lines(core, group->visits[i], up, now),
		};
	site_share(budget->now_bps, calls, group->len);
	for (size_t i = 0; i < group->len; i++) {
		struct visit *visit = group->visits[i];
		*(up ? &visit->up_most : &visit->down_most) = calls[i].gets;
		*(up ? &visit->site_up : &visit->site_down) = *budget;
	}
}

static void share_line(struct core *core, struct group *group, struct mono now)
{
	int64_t up = came_bps(group, true), down = came_bps(group, false);
	struct media_message message = {
		.type = MEDIA_LINE,
		.line = { .visit = group->visits[0]->open.visit,
			  .up_bps = (uint32_t)up,
			  .down_bps = (uint32_t)down,
			  .up_full = is_strained(group, true, now),
			  .down_full = is_strained(group, false, now) },
	};
	share(core, group, true, message.line.up_full, up, now);
	share(core, group, false, message.line.down_full, down, now);
	core_report(core, &message);
}

/* ---- whose turn it is to probe ---- */

static bool wants_more(const struct member *terminal)
{
	return leg_is_known(&terminal->leg) && ladder_wants_bps(&terminal->ladder) > 0;
}

static void pass_turn(struct group *group)
{
	size_t holder = group->len;
	for (size_t i = 0; i < group->len; i++)
		if (group->visits[i]->probes_s > 0)
			holder = i;
	if (holder < group->len && --group->visits[holder]->probes_s > 0)
		return;
	for (size_t step = 1; step <= group->len; step++) {
		size_t next = (holder + step) % group->len;
		if (!wants_more(group->terminals[next]))
			continue;
		group->visits[next]->probes_s = PROBE_TURN_S;
		return;
	}
}

void site_second(struct core *core, struct mono now)
{
	struct group group;
	for (uint32_t i = 0; i < core->visits_end; i++) {
		if (!shares_a_line(&core->visits[i]) || !is_first_of_site(core, i))
			continue;
		gather(core, i, &group);
		if (group.len == 0)
			continue;
		share_line(core, &group, now);
		pass_turn(&group);
		for (size_t k = 0; k < group.len; k++)
			sender_tier_tell(core, group.visits[k], now);
	}
}

/* ---- what others ask ---- */

static const struct visit *shared_visit(const struct core *core, const struct member *member)
{
	const struct visit *visit = &core->visits[member->visit];
	bool behind = shares_a_line(visit) && visit->seats[member->end].role == MEDIA_PRISONER;
	return behind ? visit : NULL;
}

bool site_may_probe(const struct core *core, const struct member *member)
{
	const struct visit *visit = shared_visit(core, member);
	return !visit || visit->open.site_down_bps == 0 || visit->probes_s > 0;
}

static int64_t within(int64_t bps, int64_t least, int64_t most)
{
	if (bps < least)
		return least;
	return bps < most ? bps : most;
}

/* An equal share of the prison's line; 0: it is not behind one, or nothing is known of that. */
static int64_t equal_share_bps(const struct core *core, const struct member *member)
{
	const struct visit *visit = shared_visit(core, member);
	int64_t calls = 0;
	for (uint32_t i = 0; visit && i < core->visits_end; i++)
		calls += shares_a_line(&core->visits[i]) &&
			 core->visits[i].open.site == visit->open.site;
	if (!visit || visit->open.site_down_bps == 0 || calls == 0)
		return 0;
	return within(visit->open.site_down_bps / calls, SHARE_LEAST_BPS, START_MOST_BPS);
}

int64_t site_start_bps(const struct core *core, const struct member *member)
{
	int64_t share_bps = equal_share_bps(core, member);
	if (member->known_bps == 0)
		return share_bps;
	int64_t most_bps = share_bps != 0 ? share_bps : START_MOST_BPS;
	return within(member->known_bps, START_LEAST_BPS, most_bps);
}

enum tier site_most(const struct visit *visit, const struct member *sender)
{
	bool up = visit->seats[sender->end].role == MEDIA_PRISONER;
	const struct site_budget *budget = up ? &visit->site_up : &visit->site_down;
	if (!shares_a_line(visit) || budget->full_bps == 0)
		return (enum tier)(TIER_COUNT - 1);
	return up ? visit->up_most : visit->down_most;
}
