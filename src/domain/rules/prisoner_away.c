#include "domain/rules/rules.h"

static bool broken(const struct booking_facts *f)
{
	switch (f->prisoner.custody) {
	case CUSTODY_IN:
		return false;
	case CUSTODY_COURT: /* back in the evening; another day is another matter */
		return date_compare(local_date(f->start), local_date(f->now)) == 0;
	case CUSTODY_HOSPITAL:
	case CUSTODY_ABSENT:
	case CUSTODY_MOVING:
	case CUSTODY_RELEASED:
	case CUSTODY_MERGED:
	case CUSTODY_COUNT:
		break;
	}
	return true;
}

const struct booking_rule rule_prisoner_away = {
	.code = BOOKING_PRISONER_AWAY,
	.name = "PRISONER_AWAY",
	.staff = "The prisoner is not in prison, or is out of it for now.",
	.family_key = "booking.no_times",
	.flags = RULE_ON_PEOPLE,
	.broken = broken,
};
