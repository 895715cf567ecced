#include "domain/identity.h"

#include "base/assert.h"

static const char *const STATES[IDENTITY_STATE_COUNT] = {
	[IDENTITY_DRAFT] = "DRAFT",
	[IDENTITY_SENT] = "SENT",
	[IDENTITY_ASKED_AGAIN] = "ASKED_AGAIN",
	[IDENTITY_VERIFIED] = "VERIFIED",
	[IDENTITY_REJECTED] = "REJECTED",
	[IDENTITY_EXPIRED] = "EXPIRED",
};

static const char *const PICTURES[IDENTITY_PICTURE_COUNT] = {
	[IDENTITY_DOCUMENT] = "DOCUMENT",
	[IDENTITY_PORTRAIT] = "PORTRAIT",
};

static const char *const DOCUMENTS[IDENTITY_DOCUMENT_COUNT] = {
	[IDENTITY_PASSPORT] = "PASSPORT",
	[IDENTITY_DRIVING_LICENCE] = "DRIVING_LICENCE",
	[IDENTITY_PHOTO_CARD] = "PHOTO_CARD",
};

static const char *const PROBLEMS[IDENTITY_PROBLEM_COUNT] = {
	[IDENTITY_FINE] = "",
	[IDENTITY_UNCLEAR] = "UNCLEAR",
	[IDENTITY_CUT_OFF] = "CUT_OFF",
	[IDENTITY_OUT_OF_DATE] = "OUT_OF_DATE",
	[IDENTITY_NOT_ACCEPTED] = "NOT_ACCEPTED",
	[IDENTITY_WRONG_PERSON] = "WRONG_PERSON",
	[IDENTITY_FACE_HIDDEN] = "FACE_HIDDEN",
};

static bool find(struct str name, const char *const *names, unsigned count, unsigned *out)
{
	for (unsigned i = 0; i < count; i++) {
		if (str_is(name, names[i])) {
			*out = i;
			return true;
		}
	}
	return false;
}

const char *identity_state_name(enum identity_state state)
{
	return STATES[state < IDENTITY_STATE_COUNT ? state : IDENTITY_DRAFT];
}

const char *identity_picture_name(enum identity_picture picture)
{
	return PICTURES[picture < IDENTITY_PICTURE_COUNT ? picture : IDENTITY_DOCUMENT];
}

const char *identity_document_name(enum identity_document document)
{
	return DOCUMENTS[document < IDENTITY_DOCUMENT_COUNT ? document : IDENTITY_PASSPORT];
}

const char *identity_problem_name(enum identity_problem problem)
{
	return PROBLEMS[problem < IDENTITY_PROBLEM_COUNT ? problem : IDENTITY_FINE];
}

bool identity_state_of(struct str name, enum identity_state *out)
{
	unsigned i = 0;
	bool found = find(name, STATES, IDENTITY_STATE_COUNT, &i);
	*out = found ? (enum identity_state)i : *out;
	return found;
}

bool identity_picture_of(struct str name, enum identity_picture *out)
{
	unsigned i = 0;
	bool found = find(name, PICTURES, IDENTITY_PICTURE_COUNT, &i);
	*out = found ? (enum identity_picture)i : *out;
	return found;
}

bool identity_document_of(struct str name, enum identity_document *out)
{
	unsigned i = 0;
	bool found = find(name, DOCUMENTS, IDENTITY_DOCUMENT_COUNT, &i);
	*out = found ? (enum identity_document)i : *out;
	return found;
}

bool identity_problem_of(struct str name, enum identity_problem *out)
{
	unsigned i = 0;
	bool found = find(name, PROBLEMS, IDENTITY_PROBLEM_COUNT, &i);
	*out = found ? (enum identity_problem)i : *out;
	return found;
}

bool identity_may_become(enum identity_state from, enum identity_state to)
{
	static const unsigned next[IDENTITY_STATE_COUNT] = {
		[IDENTITY_DRAFT] = 1U << IDENTITY_SENT,
		[IDENTITY_SENT] = 1U << IDENTITY_VERIFIED | 1U << IDENTITY_REJECTED |
				  1U << IDENTITY_ASKED_AGAIN | 1U << IDENTITY_EXPIRED,
		[IDENTITY_ASKED_AGAIN] = 1U << IDENTITY_SENT | 1U << IDENTITY_EXPIRED,
		[IDENTITY_VERIFIED] = 1U << IDENTITY_EXPIRED,
		[IDENTITY_REJECTED] = 1U << IDENTITY_DRAFT,
		[IDENTITY_EXPIRED] = 1U << IDENTITY_DRAFT,
	};
	return from < IDENTITY_STATE_COUNT && to < IDENTITY_STATE_COUNT &&
	       (next[from] & 1U << to) != 0;
}

bool identity_takes(const struct identity *identity, enum identity_picture picture)
{
	switch (identity->state) {
	case IDENTITY_DRAFT:
	case IDENTITY_REJECTED:
	case IDENTITY_EXPIRED:
		return true;
	case IDENTITY_ASKED_AGAIN:
		return (identity->asked & IDENTITY_BIT(picture)) != 0;
	case IDENTITY_SENT:
	case IDENTITY_VERIFIED:
	case IDENTITY_STATE_COUNT:
		break;
	}
	return false;
}

bool identity_complete(const struct identity *identity)
{
	return identity->state == IDENTITY_DRAFT && identity->held == IDENTITY_BOTH;
}

bool identity_needed(const struct policy *policy, struct date born, struct date today)
{
	return policy->values[POLICY_IDENTITY_NEEDED] != 0 &&
	       date_age(born, today) >= policy->values[POLICY_IDENTITY_AGE];
}

static enum policy_name keeps(enum identity_state state, enum identity_picture picture)
{
	switch (state) {
	case IDENTITY_SENT:
		return POLICY_IDENTITY_UNDECIDED_DAYS;
	case IDENTITY_VERIFIED:
		return picture == IDENTITY_PORTRAIT ? POLICY_IDENTITY_PORTRAIT_DAYS
						    : POLICY_IDENTITY_DOCUMENT_DAYS;
	case IDENTITY_REJECTED:
		return POLICY_IDENTITY_DOCUMENT_DAYS;
	case IDENTITY_DRAFT:
	case IDENTITY_ASKED_AGAIN:
	case IDENTITY_EXPIRED:
	case IDENTITY_STATE_COUNT:
		break;
	}
	return POLICY_IDENTITY_UNFINISHED_DAYS;
}

struct wall identity_keep_until(const struct policy *policy, enum identity_state state,
				enum identity_picture picture, struct wall now)
{
	return wall_add_s(now, policy->values[keeps(state, picture)] * 24 * 60 * 60);
}

struct wall answer_due(struct wall asked, int64_t working_days)
{
	struct date day = local_date(asked);
	while (working_days > 0) {
		day = date_add_days(day, 1);
		if (date_weekday(day) <= 5)
			working_days--;
	}
	return local_midnight(date_add_days(day, 1));
}
