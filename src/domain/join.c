#include "domain/join.h"

static const struct {
	const char *name;
	const char *sentence;
} ANSWERS[JOINING_COUNT] = {
	[JOINING_OK] = { "OK", "You can join." },
	[JOINING_TOO_EARLY] = { "TOO_EARLY", "It is too early: the waiting room is not open yet." },
	[JOINING_TOO_LATE] = { "TOO_LATE", "The time to join this visit has passed." },
	[JOINING_OVER] = { "OVER", "This visit is over." },
	[JOINING_REFUSED] = { "REFUSED", "The prison did not admit you to this visit." },
	[JOINING_NOT_ADMITTED] = { "NOT_ADMITTED", "An officer will admit you in a moment." },
	[JOINING_ELSEWHERE] = { "ELSEWHERE", "You are in this visit at another visitor's device." },
};

const char *joining_name(enum joining joining)
{
	return ANSWERS[joining < JOINING_COUNT ? joining : JOINING_OVER].name;
}

const char *joining_sentence(enum joining joining)
{
	return ANSWERS[joining < JOINING_COUNT ? joining : JOINING_OVER].sentence;
}

/* Seconds that are added at the end for those that were lost. */
static int64_t added_s(const struct visit *visit, const struct policy *policy)
{
	int64_t most = 60 * policy->values[POLICY_LOST_ADDED_MINUTES];
	int64_t lost = lost_made_up_s(&visit->lost);
	return lost < most ? lost : most;
}

struct visit_window visit_window_of(const struct visit *visit, const struct policy *policy)
{
	const int64_t *minutes = policy->values;
	struct wall end = visit_slot_end(visit);
	return (struct visit_window){
		.lobby_opens = wall_add_s(visit->start, -60 * minutes[POLICY_LOBBY_MINUTES]),
		.start = visit->start,
		.join_until = wall_add_s(visit->start, 60 * minutes[POLICY_JOIN_MINUTES]),
		.slot_end = end,
		.grace_end =
		    wall_add_s(end, 60 * minutes[POLICY_GRACE_MINUTES] + added_s(visit, policy)),
	};
}

enum joining visit_joining(const struct visit *visit, const struct policy *policy, struct wall now)
{
	struct visit_window window = visit_window_of(visit, policy);
	if (visit_is_over(visit->state) || now.s >= window.grace_end.s)
		return JOINING_OVER;
	if (visit->state == VISIT_REQUESTED || now.s < window.lobby_opens.s)
		return JOINING_TOO_EARLY;
	if (visit->state != VISIT_LIVE && now.s > window.join_until.s)
		return JOINING_TOO_LATE;
	return JOINING_OK;
}

struct wall visit_must_end(const struct visit *visit, const struct policy *policy,
			   struct wall next_use)
{
	struct visit_window window = visit_window_of(visit, policy);
	if (next_use.s && next_use.s < window.grace_end.s)
		return next_use.s > window.slot_end.s ? next_use : window.slot_end;
	return window.grace_end;
}

int visit_counted_minutes(int used_s, int booked_minutes)
{
	int begun = (used_s + 59) / 60;
	return begun < booked_minutes ? begun : booked_minutes;
}
