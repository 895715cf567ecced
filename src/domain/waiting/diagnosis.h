/*
 * diagnosis.h - where a prison's minutes of a week went, and what would help.
 *
 *	offered = used + no-show + late cancel + not produced + blocked + outage
 *		+ never offered + idle
 *
 * The largest waste is named with its remedy.  Where none is large and the
 * load is above nine tenths of what can be used, hours are missing: the answer
 * says how many.
 */
#ifndef PVL_DOMAIN_WAITING_DIAGNOSIS_H
#define PVL_DOMAIN_WAITING_DIAGNOSIS_H

#include "domain/policy.h"

enum diagnosis_term {
	TERM_USED,
	TERM_NO_SHOW,       /* the lawyer or family did not come */
	TERM_LATE_CANCEL,   /* called off too late to be used again */
	TERM_NOT_PRODUCED,  /* the prisoner did not come */
	TERM_BLOCKED,       /* a place or day was closed */
	TERM_OUTAGE,        /* our equipment or the line */
	TERM_NEVER_OFFERED, /* of the prison's hours, in no session */
	TERM_IDLE,
	TERM_COUNT,
};

const char *diagnosis_term_name(enum diagnosis_term term); /* "NO_SHOW" */

enum diagnosis_remedy {
	REMEDY_NONE,      /* all is well */
	REMEDY_REMINDERS, /* and one-tap cancel, refill, standby */
	REMEDY_ESCORT,    /* production lists, wing acknowledgement, escort times */
	REMEDY_TEMPLATE,  /* protected legal hours, Saturdays */
	REMEDY_LINE,      /* what readiness says of the line */
	REMEDY_RELEASE,   /* idle time beside a queue: release rules, fences, lengths */
	REMEDY_CAPACITY,  /* add hours */
	REMEDY_COUNT,
};

const char *diagnosis_remedy_name(enum diagnosis_remedy remedy); /* "REMINDERS" */

struct diagnosis_week {
	int64_t minutes[TERM_COUNT];
	int64_t queued_minutes; /* asked for, and still without a time at the end of the week */
	int64_t asked_minutes;  /* asked for in the week */
};

struct diagnosis {
	int64_t offered;             /* the sum of all terms */
	enum diagnosis_term largest; /* waste; TERM_USED: there is none */
	enum diagnosis_remedy remedy;
	int load_percent;    /* asked for, of what can be used when the waste is taken off */
	int64_t add_minutes; /* a week, so that the load is nine tenths; 0 unless CAPACITY */
};

struct diagnosis diagnosis_of(const struct diagnosis_week *week);

#endif
