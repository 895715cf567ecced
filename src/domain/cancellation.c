#include "domain/cancellation.h"

static const char *const OUTCOMES[CANCEL_OUTCOME_COUNT] = {
	[CANCEL_ADMINISTRATIVE] = "ADMINISTRATIVE_CANCELLATION",
	[CANCEL_ADMINISTRATIVE_ERROR] = "ADMINISTRATIVE_ERROR",
	[CANCEL_BATCH] = "BATCH_CANCELLATION",
	[CANCEL_BY_BOOKER] = "BOOKER_CANCELLED",
	[CANCEL_DETAILS_CHANGED] = "DETAILS_CHANGED_AFTER_BOOKING",
	[CANCEL_BY_ESTABLISHMENT] = "ESTABLISHMENT_CANCELLED",
	[CANCEL_NO_ORDER] = "NO_VISITING_ORDER",
	[CANCEL_BY_PRISONER] = "PRISONER_CANCELLED",
	[CANCEL_PRISONER_REFUSED] = "PRISONER_REFUSED_TO_ATTEND",
	[CANCEL_SUPERSEDED] = "SUPERSEDED_CANCELLATION",
	[CANCEL_BY_VISITOR] = "VISITOR_CANCELLED",
	[CANCEL_VISITOR_FAILED_CHECKS] = "VISITOR_FAILED_SECURITY_CHECKS",
	[CANCEL_ORDER_CANCELLED] = "VISIT_ORDER_CANCELLED",
};

static const char *const METHODS[CANCEL_METHOD_COUNT] = {
	[CANCEL_METHOD_WEBSITE] = "WEBSITE",
	[CANCEL_METHOD_PHONE] = "PHONE",
	[CANCEL_METHOD_EMAIL] = "EMAIL",
	[CANCEL_METHOD_IN_PERSON] = "IN_PERSON",
	[CANCEL_METHOD_BY_PRISONER] = "BY_PRISONER",
	[CANCEL_METHOD_NOT_KNOWN] = "NOT_KNOWN",
};

const char *cancel_outcome_name(enum cancel_outcome outcome)
{
	return outcome < CANCEL_OUTCOME_COUNT ? OUTCOMES[outcome] : "";
}

bool cancel_outcome_of(struct str name, enum cancel_outcome *out)
{
	for (unsigned i = 0; i < CANCEL_OUTCOME_COUNT; i++) {
		if (str_is(name, OUTCOMES[i])) {
			*out = (enum cancel_outcome)i;
			return true;
		}
	}
	return false;
}

bool cancel_outcome_is_bookers(enum cancel_outcome outcome)
{
	return outcome == CANCEL_BY_BOOKER || outcome == CANCEL_BY_VISITOR;
}

const char *cancel_method_name(enum cancel_method method)
{
	return method < CANCEL_METHOD_COUNT ? METHODS[method] : "";
}

bool cancel_method_of(struct str name, enum cancel_method *out)
{
	for (unsigned i = 0; i < CANCEL_METHOD_COUNT; i++) {
		if (str_is(name, METHODS[i])) {
			*out = (enum cancel_method)i;
			return true;
		}
	}
	return false;
}
