/*
 * cancellation.h - how a visit was called off: whose doing it was, and which
 * way the word came.  The codes are those of the prison service.
 */
#ifndef PVL_DOMAIN_CANCELLATION_H
#define PVL_DOMAIN_CANCELLATION_H

#include "base/str.h"

enum cancel_outcome {
	CANCEL_ADMINISTRATIVE,
	CANCEL_ADMINISTRATIVE_ERROR,
	CANCEL_BATCH,
	CANCEL_BY_BOOKER,
	CANCEL_DETAILS_CHANGED,
	CANCEL_BY_ESTABLISHMENT,
	CANCEL_NO_ORDER,
	CANCEL_BY_PRISONER,
	CANCEL_PRISONER_REFUSED,
	CANCEL_SUPERSEDED,
	CANCEL_BY_VISITOR,
	CANCEL_VISITOR_FAILED_CHECKS,
	CANCEL_ORDER_CANCELLED,
	CANCEL_OUTCOME_COUNT,
};

const char *cancel_outcome_name(enum cancel_outcome outcome); /* "ESTABLISHMENT_CANCELLED" */
bool cancel_outcome_of(struct str name, enum cancel_outcome *out);
/* What a family may say of a visit that it booked. */
bool cancel_outcome_is_bookers(enum cancel_outcome outcome);

enum cancel_method {
	CANCEL_METHOD_WEBSITE,
	CANCEL_METHOD_PHONE,
	CANCEL_METHOD_EMAIL,
	CANCEL_METHOD_IN_PERSON,
	CANCEL_METHOD_BY_PRISONER,
	CANCEL_METHOD_NOT_KNOWN,
	CANCEL_METHOD_COUNT,
};

const char *cancel_method_name(enum cancel_method method); /* "PHONE" */
bool cancel_method_of(struct str name, enum cancel_method *out);

struct cancellation {
	enum cancel_outcome outcome;
	enum cancel_method method;
};

#endif
