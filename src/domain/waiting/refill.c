#include "domain/waiting/refill.h"

#include "base/assert.h"

enum {
	HOUR_S = 3600,
	MINUTE_S = 60,
};

static const char *const STATES[OFFER_STATE_COUNT] = {
	[OFFER_OPEN] = "OPEN",       [OFFER_ACCEPTED] = "ACCEPTED", [OFFER_DECLINED] = "DECLINED",
	[OFFER_EXPIRED] = "EXPIRED", [OFFER_GONE] = "GONE",
};

const char *offer_state_name(enum offer_state state)
{
	return STATES[state < OFFER_STATE_COUNT ? state : 0];
}

bool offer_state_of(struct str name, enum offer_state *out)
{
	for (unsigned i = 0; i < OFFER_STATE_COUNT; i++) {
		if (str_is(name, STATES[i])) {
			*out = (enum offer_state)i;
			return true;
		}
	}
	return false;
}

enum offer_state offer_after(const struct waiting_offer *offer, struct wall now)
{
	bool over = offer->state == OFFER_OPEN && now.s >= offer->answer_until.s;
	return over ? OFFER_EXPIRED : offer->state;
}

enum offer_state offer_answered(const struct waiting_offer *offer, enum offer_answer answer,
				bool time_is_free, struct wall now)
{
	enum offer_state state = offer_after(offer, now);
	if (state != OFFER_OPEN)
		return state;
	if (answer == ANSWER_DECLINE)
		return OFFER_DECLINED;
	return time_is_free ? OFFER_ACCEPTED : OFFER_GONE;
}

/* ---- how ---- */

/* The moment from which people are asked; the next morning where it is night now. */
static struct wall office_opens(const struct policy *policy, struct wall now)
{
	struct local_time local = local_of(now);
	struct wall opens;
	bool evening = local.minute >= policy->values[POLICY_OFFER_UNTIL_MINUTE];
	struct date day = evening ? date_add_days(local.date, 1) : local.date;
	(void)local_to_wall(day, (int)policy->values[POLICY_OFFER_FROM_MINUTE], &opens);
	return opens.s > now.s ? opens : now;
}

static struct wall earlier(struct wall a, struct wall b)
{
	return a.s < b.s ? a : b;
}

struct refill_round refill_round_of(const struct policy *policy, struct wall start, struct wall now)
{
	const int64_t *v = policy->values;
	int64_t ahead_s = start.s - now.s;
	struct wall last = wall_add_s(start, -v[POLICY_OFFER_LAST_MINUTES] * MINUTE_S);
	struct refill_round round = { .again = { INT64_MAX } };
	if (now.s >= last.s)
		return round;
	struct wall opens = office_opens(policy, now);
	bool parallel = ahead_s < v[POLICY_OFFER_PARALLEL_HOURS] * HOUR_S;
	if (opens.s > now.s && !parallel) {
		round.again = opens;
		return round;
	}
	bool far = ahead_s > v[POLICY_OFFER_FAR_HOURS] * HOUR_S;
	int64_t window = v[far ? POLICY_OFFER_ANSWER_MINUTES : POLICY_OFFER_SHORT_MINUTES];
	round.at_once = parallel ? (int)v[POLICY_OFFER_PARALLEL_MAX] : 1;
	round.keeps = !parallel;
	round.answer_until = earlier(wall_add_s(now, window * MINUTE_S), last);
	return round;
}

/* ---- whom ---- */

/* It brings them earlier by at least the days that make a change worth the trouble. */
static bool gains(const struct refill_candidate *c, const struct policy *policy, struct wall start)
{
	if (!c->booked.s)
		return true;
	if (start.s >= c->booked.s)
		return false;
	int64_t days = date_to_days(local_date(c->booked)) - date_to_days(local_date(start));
	return days >= policy->values[POLICY_OFFER_GAIN_DAYS];
}

bool refill_may_ask(const struct refill_candidate *c, const struct policy *policy,
		    struct wall start, int minutes, struct wall now)
{
	bool soon = start.s - now.s < policy->values[POLICY_OFFER_PARALLEL_HOURS] * HOUR_S;
	if (c->cannot || c->asked_before || c->need.minutes > minutes)
		return false;
	if (c->need.kind == VISIT_SOCIAL && soon && !c->short_notice)
		return false;
	return c->offers_today < policy->values[POLICY_OFFERS_DAY] && gains(c, policy, start);
}

/* What the order is by: class, who has nothing yet, slack, age. */
struct rank_key {
	int64_t by[4];
};

static struct rank_key key_of(const struct refill_candidate *c, const struct policy *policy,
			      struct date today)
{
	return (struct rank_key){ { (int64_t)waiting_class_on(&c->need, policy, today),
				    c->booked.s != 0, waiting_slack(&c->need, policy, today),
				    c->need.asked_at.s } };
}

static bool goes_before(const struct rank_key *a, const struct rank_key *b)
{
	for (size_t i = 0; i < ARRAY_LEN(a->by); i++)
		if (a->by[i] != b->by[i])
			return a->by[i] < b->by[i];
	return false;
}

size_t refill_rank(const struct refill_candidate *candidates, size_t count,
		   const struct policy *policy, struct wall start, int minutes, struct wall now,
		   size_t *order, size_t max)
{
	struct date today = local_date(now);
	struct rank_key keys[REFILL_RANK_MAX];
	size_t n = 0;
	max = max < REFILL_RANK_MAX ? max : REFILL_RANK_MAX;
	for (size_t i = 0; i < count; i++) {
		if (!refill_may_ask(&candidates[i], policy, start, minutes, now))
			continue;
		struct rank_key key = key_of(&candidates[i], policy, today);
		size_t at = n;
		while (at > 0 && goes_before(&key, &keys[at - 1]))
			at--;
		if (at == max)
			continue;
		for (size_t j = n < max ? n : max - 1; j > at; j--) {
			order[j] = order[j - 1];
			keys[j] = keys[j - 1];
		}
		order[at] = i;
		keys[at] = key;
		n += n < max;
	}
	return n;
}
