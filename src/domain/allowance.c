#include "domain/allowance.h"

#include "domain/join.h"

static const char *const NAMES[ALLOWANCE_REASON_COUNT] = {
	[ALLOWANCE_MONTH] = "MONTH",         [ALLOWANCE_BOOKED] = "BOOKED",
	[ALLOWANCE_CANCELLED] = "CANCELLED", [ALLOWANCE_UNUSED] = "UNUSED",
	[ALLOWANCE_ADJUSTED] = "ADJUSTED",   [ALLOWANCE_MERGED] = "MERGED",
};

static const char *const ADJUST_NAMES[ADJUST_REASON_COUNT] = {
	[ADJUST_NONE] = "",
	[ADJUST_GOVERNOR] = "GOVERNOR_ADJUSTMENT",
	[ADJUST_TRANSFER] = "BALANCE_TRANSFER_FROM_PREVIOUS_PRISON",
	[ADJUST_CORRECTIVE] = "CORRECTIVE_ACTION",
	[ADJUST_PIN_PHONE_CREDIT] = "EXCHANGE_FOR_PIN_PHONE_CREDIT",
	[ADJUST_EXTRA_VISIT] = "EXTRA_VISIT_RULE_35_3",
	[ADJUST_OTHER] = "OTHER",
};

const char *allowance_reason_name(enum allowance_reason reason)
{
	return NAMES[reason < ALLOWANCE_REASON_COUNT ? reason : ALLOWANCE_MONTH];
}

bool allowance_reason_of(struct str name, enum allowance_reason *out)
{
	for (unsigned i = 0; i < ALLOWANCE_REASON_COUNT; i++) {
		if (str_is(name, NAMES[i])) {
			*out = (enum allowance_reason)i;
			return true;
		}
	}
	return false;
}

const char *adjust_reason_name(enum adjust_reason reason)
{
	return ADJUST_NAMES[reason < ADJUST_REASON_COUNT ? reason : ADJUST_NONE];
}

bool adjust_reason_of(struct str name, enum adjust_reason *out)
{
	for (unsigned i = 0; i < ADJUST_REASON_COUNT; i++) {
		if (str_is(name, ADJUST_NAMES[i])) {
			*out = (enum adjust_reason)i;
			return true;
		}
	}
	return false;
}

struct allowance_balance allowance_sum(const struct allowance_entry *entries, size_t count,
				       int64_t month_minutes)
{
	struct allowance_balance balance = { 0 };
	for (size_t i = 0; i < count; i++) {
		balance.minutes += entries[i].minutes;
		balance.given |= entries[i].reason == ALLOWANCE_MONTH;
	}
	if (!balance.given)
		balance.minutes += month_minutes;
	return balance;
}

int allowance_charged(enum visit_end end, int used_s, int booked_minutes)
{
	switch (end) {
	case END_VISITOR_ABSENT:
		return booked_minutes;
	case END_LEFT:
	case END_TIME:
	case END_STAFF:
	case END_FAULT:
		return visit_counted_minutes(used_s, booked_minutes);
	case END_NONE:
	case END_CANCELLED_BY_BOOKER:
	case END_CANCELLED_BY_PRISON:
	case END_PRISONER_ABSENT:
	case END_BOTH_ABSENT:
	case END_REFUSED:
	case END_MOVED:
	case END_REJECTED:
	case END_AUTO_REJECTED:
	case END_WITHDRAWN:
	case END_PRISONER_MOVED:
	case END_COUNT:
		break;
	}
	return 0;
}
