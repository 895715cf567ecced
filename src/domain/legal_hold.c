#include "domain/legal_hold.h"

enum {
	DAY_S = 86400,
};

static const char *const STATES[LEGAL_HOLD_STATE_COUNT] = {
	[LEGAL_HOLD_ASKED] = "ASKED",
	[LEGAL_HOLD_HELD] = "HELD",
	[LEGAL_HOLD_REFUSED] = "REFUSED",
	[LEGAL_HOLD_ENDED] = "ENDED",
};

static const char *const ANSWERS[LEGAL_HOLD_ANSWER_COUNT] = {
	[LEGAL_HOLD_OK] = "OK",
	[LEGAL_HOLD_GONE] = "GONE",
	[LEGAL_HOLD_STANDS] = "STANDS",
	[LEGAL_HOLD_NO_WORDS] = "NO_WORDS",
	[LEGAL_HOLD_PAST] = "PAST",
	[LEGAL_HOLD_FAR] = "FAR",
	[LEGAL_HOLD_SAME_HUMAN] = "SAME_HUMAN",
	[LEGAL_HOLD_SAME_LINE] = "SAME_LINE",
	[LEGAL_HOLD_DECIDED] = "DECIDED",
};

const char *legal_hold_state_name(enum legal_hold_state state)
{
	return STATES[state < LEGAL_HOLD_STATE_COUNT ? state : LEGAL_HOLD_REFUSED];
}

bool legal_hold_state_of(struct str name, enum legal_hold_state *out)
{
	for (unsigned i = 0; i < LEGAL_HOLD_STATE_COUNT; i++) {
		if (!str_is(name, STATES[i]))
			continue;
		*out = (enum legal_hold_state)i;
		return true;
	}
	return false;
}

const char *legal_hold_answer_name(enum legal_hold_answer answer)
{
	return ANSWERS[answer < LEGAL_HOLD_ANSWER_COUNT ? answer : LEGAL_HOLD_DECIDED];
}

enum legal_hold_answer legal_hold_may_last(struct wall review_at, struct wall now, int64_t max_days)
{
	if (review_at.s <= now.s)
		return LEGAL_HOLD_PAST;
	return review_at.s > now.s + max_days * DAY_S ? LEGAL_HOLD_FAR : LEGAL_HOLD_OK;
}

static enum legal_hold_answer second_of(const struct legal_hold *hold,
					const struct decider *decider)
{
	struct first_person first = { hold->asked_by, hold->asked_name, hold->asked_as };
	enum playback_answer answer = playback_second_person(&first, decider);
	if (answer == PLAYBACK_OK)
		return LEGAL_HOLD_OK;
	return answer == PLAYBACK_SAME_LINE ? LEGAL_HOLD_SAME_LINE : LEGAL_HOLD_SAME_HUMAN;
}

enum legal_hold_answer legal_hold_may_decide(const struct legal_hold *hold,
					     const struct decider *decider)
{
	return hold->state == LEGAL_HOLD_ASKED ? second_of(hold, decider) : LEGAL_HOLD_DECIDED;
}

/* Whoever agreed may look again: what counts is that it is not the one who wanted it. */
enum legal_hold_answer legal_hold_may_review(const struct legal_hold *hold,
					     const struct decider *decider)
{
	enum legal_hold_answer answer = second_of(hold, decider);
	if (hold->state != LEGAL_HOLD_HELD)
		return LEGAL_HOLD_DECIDED;
	return answer == LEGAL_HOLD_SAME_HUMAN ? answer : LEGAL_HOLD_OK;
}

bool legal_hold_is_due(const struct legal_hold *hold, struct wall now)
{
	return hold->state == LEGAL_HOLD_HELD &&
	       now.s >= hold->review_at.s - LEGAL_HOLD_SOON_DAYS * DAY_S;
}
