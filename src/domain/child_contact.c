#include "domain/child_contact.h"

static const char *const LEVELS[CHILD_LEVEL_COUNT] = {
	[CHILD_REFUSED] = "REFUSED",
	[CHILD_SUPERVISED] = "PERMITTED_SUPERVISED",
	[CHILD_PERMITTED] = "PERMITTED",
};

const char *child_level_name(enum child_level level)
{
	return LEVELS[level < CHILD_LEVEL_COUNT ? level : CHILD_REFUSED];
}

bool child_level_of(struct str name, enum child_level *out)
{
	for (unsigned i = 0; i < CHILD_LEVEL_COUNT; i++) {
		if (str_is(name, LEVELS[i])) {
			*out = (enum child_level)i;
			return true;
		}
	}
	return false;
}

enum child_answer child_contact_on(const struct child_decision *latest, struct date day)
{
	if (!latest)
		return CHILD_ASK;
	if (latest->level == CHILD_REFUSED)
		return CHILD_MAY_NOT;
	if (date_compare(day, latest->review_on) >= 0)
		return CHILD_ASK;
	return latest->level == CHILD_SUPERVISED ? CHILD_MAY_WATCHED : CHILD_MAY;
}
