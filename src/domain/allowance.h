/*
 * allowance.h - the free video minutes of a prisoner in a month, as a ledger.
 *
 * A month is a local one.  Its minutes are given (MONTH) with the first visit
 * booked in it, at the rule of that moment; a booking takes, a cancellation
 * gives back, and so does the part of a visit that nobody could use.  The
 * balance is the sum: nothing else is kept.
 */
#ifndef PVL_DOMAIN_ALLOWANCE_H
#define PVL_DOMAIN_ALLOWANCE_H

#include "domain/visit.h"

enum allowance_reason {
	ALLOWANCE_MONTH,
	ALLOWANCE_BOOKED,
	ALLOWANCE_CANCELLED,
	ALLOWANCE_UNUSED,
	ALLOWANCE_ADJUSTED, /* by hand, see enum adjust_reason */
	ALLOWANCE_MERGED,   /* from another number of the same person */
	ALLOWANCE_REASON_COUNT,
};

/* Why somebody changed an allowance by hand (VoBalancesAdjustmentValidator, and Prison Rules r35(3)). */
enum adjust_reason {
	ADJUST_NONE, /* nobody did */
	ADJUST_GOVERNOR,
	ADJUST_TRANSFER,
	ADJUST_CORRECTIVE,
	ADJUST_PIN_PHONE_CREDIT, /* orders exchanged for credit on the telephone */
	ADJUST_EXTRA_VISIT,      /* the governor allows one more, for welfare: r35(3) */
	ADJUST_OTHER,
	ADJUST_REASON_COUNT,
};

const char *
adjust_reason_name(enum adjust_reason reason); /* "EXTRA_VISIT_RULE_35_3"; "" for none */
bool adjust_reason_of(struct str name, enum adjust_reason *out);

const char *allowance_reason_name(enum allowance_reason reason); /* "MONTH" */
bool allowance_reason_of(struct str name, enum allowance_reason *out);

struct allowance_entry {
	int64_t id;
	struct prisoner_id prisoner;
	int64_t month; /* local_month() of the visit's start */
	int minutes;   /* + given, - taken */
	enum allowance_reason reason;
	enum adjust_reason adjust;  /* for ADJUSTED */
	struct visit_id visit;      /* 0: none */
	struct reference reference; /* of that visit; filled when read */
	struct account_id actor;    /* 0: the service */
	struct wall at;
};

struct allowance_balance {
	bool given; /* the month's minutes are in the ledger */
	int64_t minutes;
};

/* What is left of a month; before it is given, what its rule would give counts. */
struct allowance_balance allowance_sum(const struct allowance_entry *entries, size_t count,
				       int64_t month_minutes);

/*
 * What a visit costs in the end.  A visitor who did not come has used the
 * visit; whatever the prison, its line or our service caused costs nothing.
 */
int allowance_charged(enum visit_end end, int used_s, int booked_minutes);

#endif
