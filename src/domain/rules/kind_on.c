#include "domain/rules/rules.h"

static bool broken(const struct booking_facts *f)
{
	static const enum policy_name SWITCHES[VISIT_KIND_COUNT] = {
		[VISIT_SOCIAL] = POLICY_SOCIAL_ON,
		[VISIT_LEGAL] = POLICY_LEGAL_ON,
		[VISIT_OFFICIAL] = POLICY_OFFICIAL_ON,
	};
	return !f->policy.values[SWITCHES[f->kind]];
}

const struct booking_rule rule_kind_on = {
	.code = BOOKING_KIND_OFF,
	.name = "KIND_OFF",
	.staff = "The prison does not hold visits of this kind by video.",
	.family_key = "booking.kind_off",
	.flags = RULE_OF_PARTY | RULE_OF_VISIT,
	.broken = broken,
};
