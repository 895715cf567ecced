#include "domain/non_association.h"

static const char *const REASONS[NON_ASSOCIATION_REASON_COUNT] = {
	[NON_ASSOCIATION_BULLYING] = "BULLYING",
	[NON_ASSOCIATION_GANG] = "GANG_RELATED",
	[NON_ASSOCIATION_ORGANISED_CRIME] = "ORGANISED_CRIME",
	[NON_ASSOCIATION_LEGAL_REQUEST] = "LEGAL_REQUEST",
	[NON_ASSOCIATION_THREAT] = "THREAT",
	[NON_ASSOCIATION_VIOLENCE] = "VIOLENCE",
	[NON_ASSOCIATION_OTHER] = "OTHER",
};

static const char *const SCOPES[NON_ASSOCIATION_SCOPE_COUNT] = {
	[NON_ASSOCIATION_CELL] = "CELL",
	[NON_ASSOCIATION_LANDING] = "LANDING",
	[NON_ASSOCIATION_WING] = "WING",
};

const char *non_association_reason_name(enum non_association_reason reason)
{
	return REASONS[reason < NON_ASSOCIATION_REASON_COUNT ? reason : NON_ASSOCIATION_OTHER];
}

bool non_association_reason_of(struct str name, enum non_association_reason *out)
{
	for (unsigned i = 0; i < NON_ASSOCIATION_REASON_COUNT; i++) {
		if (str_is(name, REASONS[i])) {
			*out = (enum non_association_reason)i;
			return true;
		}
	}
	return false;
}

const char *non_association_scope_name(enum non_association_scope scope)
{
	return SCOPES[scope < NON_ASSOCIATION_SCOPE_COUNT ? scope : NON_ASSOCIATION_WING];
}

bool non_association_scope_of(struct str name, enum non_association_scope *out)
{
	for (unsigned i = 0; i < NON_ASSOCIATION_SCOPE_COUNT; i++) {
		if (str_is(name, SCOPES[i])) {
			*out = (enum non_association_scope)i;
			return true;
		}
	}
	return false;
}

struct prisoner_id non_association_other(const struct non_association *pair, struct prisoner_id one)
{
	if (pair->a.n == one.n)
		return pair->b;
	return pair->b.n == one.n ? pair->a : (struct prisoner_id){ 0 };
}

void non_association_order(struct prisoner_id *a, struct prisoner_id *b)
{
	if (a->n <= b->n)
		return;
	struct prisoner_id swap = *a;
	*a = *b;
	*b = swap;
}
