/*
 * incident.h - something happened in a visit: what it was, what came of it, and the appeals.
 *
 *	open → decided (NONE, WARNING, RESTRICTION, SECURITY_REPORT)
 *	of each of the two sides: asked → refused | allowed
 *
 * What weighs most (a restriction, a security report, counting the time of a pause) is decided by
 * the duty governor, and never by who opened it; an appeal by somebody who did not decide it.
 * Each side may appeal once, and each appeal is decided on its own.
 */
#ifndef PVL_DOMAIN_INCIDENT_H
#define PVL_DOMAIN_INCIDENT_H

#include "domain/restriction.h"
#include "domain/role.h"
#include "domain/visit.h"

enum incident_type {
	INCIDENT_THIRD_PERSON,
	INCIDENT_CONDUCT,
	INCIDENT_THREAT,
	INCIDENT_DRESS,
	INCIDENT_RECORDING,
	INCIDENT_SELF_HARM,
	INCIDENT_CHILD,
	INCIDENT_OTHER,
	INCIDENT_TYPE_COUNT,
};

enum severity {
	SEVERITY_LOW,
	SEVERITY_MEDIUM,
	SEVERITY_HIGH,
	SEVERITY_COUNT,
};

enum incident_outcome {
	OUTCOME_OPEN, /* nobody has decided */
	OUTCOME_NONE,
	OUTCOME_WARNING,
	OUTCOME_RESTRICTION,
	OUTCOME_SECURITY_REPORT,
	INCIDENT_OUTCOME_COUNT,
};

enum appeal {
	APPEAL_NO,
	APPEAL_ASKED,
	APPEAL_REFUSED,
	APPEAL_ALLOWED,
	APPEAL_COUNT,
};

/* Who may appeal: whoever booked the visit, and the prisoner at a terminal. */
enum appellant {
	APPELLANT_NONE,
	APPELLANT_VISITOR,
	APPELLANT_PRISONER,
	APPELLANT_COUNT,
};

struct incident_appeal {
	enum appeal state;
	struct str words;
	struct wall asked_at;
	struct str reason;
	struct wall decided_at;
	struct account_id decided_by; /* 0: nobody yet */
};

const char *incident_type_name(enum incident_type type); /* "THIRD_PERSON" */
bool incident_type_of(struct str name, enum incident_type *out);
const char *severity_name(enum severity severity); /* "LOW" */
bool severity_of(struct str name, enum severity *out);
const char *incident_outcome_name(enum incident_outcome outcome); /* "NONE"; "" while open */
bool incident_outcome_of(struct str name, enum incident_outcome *out);
const char *appeal_name(enum appeal appeal); /* "ASKED"; "" */
bool appeal_of(struct str name, enum appeal *out);
const char *appellant_name(enum appellant appellant); /* "PRISONER"; "" */
bool appellant_of(struct str name, enum appellant *out);

struct incident {
	struct incident_id id;
	struct visit_id visit;
	struct reference reference;
	struct prison_code prison;
	struct prisoner_id prisoner;
	struct str prisoner_name;
	struct account_id booker;
	enum incident_type type;
	enum severity severity;
	struct str evidence;
	struct wall seen_at; /* when it happened */
	struct wall opened_at;
	struct account_id opened_by;
	struct str opened_name;
	enum incident_outcome outcome;
	bool counts_pause;
	int charged_minutes; /* taken for the pause after the visit's account was settled */
	struct str follow_up;
	struct restriction_id restriction;  /* that the decision entered; 0: none */
	enum restriction_on restriction_on; /* on whom that one is */
	struct str told;                    /* what the booker reads; empty: nothing may be said */
	struct str told_prisoner;           /* what the prisoner reads; so too */
	struct wall decided_at;
	struct account_id decided_by; /* 0: nobody yet */
	struct str decided_name;
	struct incident_appeal appeals[APPELLANT_COUNT]; /* of APPELLANT_NONE: none */
};

/* What OUTCOME_RESTRICTION enters, from today on. */
struct incident_restriction {
	bool given;
	enum restriction_code code;
	struct person_id
	    person;     /* one of the visit's visitors, with the prisoner; 0: the prisoner */
	struct date to; /* the last day; year 0: until it is ended */
};

struct incident_decision {
	enum incident_outcome outcome;
	bool counts_pause;
	struct str follow_up;
	struct str told;
	struct str told_prisoner;
	struct incident_restriction restriction;
};

enum incident_answer {
	INCIDENT_OK,
	INCIDENT_DECIDED_ALREADY,
	INCIDENT_GOVERNOR_NEEDED,
	INCIDENT_OTHER_PERSON_NEEDED,
	INCIDENT_TELL_NEEDED,          /* a warning or a restriction that nobody is told of */
	INCIDENT_TELL_PRISONER_NEEDED, /* a restriction that only they could appeal against */
	INCIDENT_NOT_UPHELD,           /* the pause counts only for what is upheld */
	INCIDENT_RESTRICTION_NEEDED,   /* which, and for whom */
	INCIDENT_RESTRICTION_BAD, /* of a kind that does not fit, over already, of somebody not there */
	INCIDENT_NO_APPEAL,       /* nothing to appeal against, or they did so already */
	INCIDENT_APPEAL_LATE,     /* the time for it is over */
	INCIDENT_ANSWER_COUNT,
};

const char *incident_answer_name(enum incident_answer answer); /* "GOVERNOR_NEEDED" */

/* When something may have been seen in a visit: from when the lobby was entered to its end, or now. */
bool incident_time_fits(const struct visit *, struct wall seen_at, struct wall now);

enum incident_answer incident_may_decide(const struct incident *, const struct incident_decision *,
					 enum role, struct account_id);
/* What they were told of it; empty: nothing. */
struct str incident_told_to(const struct incident *, enum appellant);
/* Until when they may appeal; 0: they were told nothing, or there is nothing to appeal against. */
struct wall incident_appeal_until(const struct incident *, enum appellant, int64_t appeal_days);
/* Once each; appeal_days: of the prison's rules. */
enum incident_answer incident_may_appeal(const struct incident *, enum appellant,
					 int64_t appeal_days, struct wall now);
enum incident_answer incident_may_decide_appeal(const struct incident *, enum appellant,
						struct account_id);
/* Whose appeal waits, the older first; APPELLANT_NONE: nobody's. */
enum appellant incident_appeal_waiting(const struct incident *);
/* How the appeals stand together: one that waits, else one that was allowed, else a refused one. */
enum appeal incident_appeals(const struct incident *);
bool incident_appeal_allowed(const struct incident *); /* of anybody */
/* Whether the restriction ends by their appeal: one on the prisoner alone by the prisoner's, one
 * on the two of them by either's. */
bool incident_appeal_lifts(const struct incident *, enum appellant);
/* Whether what the decision took, a restriction or time, came back by the other side's appeal. */
bool incident_eased_by_other(const struct incident *, enum appellant);

/* ---- authorisations ---- */

enum authorisation_state {
	AUTHORISATION_REQUESTED,
	AUTHORISATION_GRANTED,
	AUTHORISATION_REFUSED,
	AUTHORISATION_REVOKED,
	AUTHORISATION_STATE_COUNT,
};

const char *authorisation_state_name(enum authorisation_state state); /* "GRANTED" */
bool authorisation_state_of(struct str name, enum authorisation_state *out);

enum {
	AUTHORISATION_WORDS_MIN = 20, /* characters of either text */
	AUTHORISATION_WORDS_MAX = 500,
};

struct authorisation {
	struct authorisation_id id;
	struct prison_code prison;
	struct prisoner_id prisoner;
	struct str prisoner_name;
	struct prisoner_number prisoner_number;
	struct str necessity;
	struct str proportionality;
	struct wall requested_at;
	struct account_id requested_by;
	struct str requested_name;
	struct wall until;
	struct wall review_at;
	enum authorisation_state state;
	struct str reason;
	struct wall decided_at;
	struct account_id decided_by;
	struct str decided_name;
};

/* Granted, not expired, and not overdue for its review. */
bool authorisation_holds(const struct authorisation *, struct wall now);
/* Whether that account may grant, refuse, review or revoke it: never who asked for it. */
bool authorisation_may_decide(const struct authorisation *, enum authorisation_state next,
			      struct account_id);

#endif
