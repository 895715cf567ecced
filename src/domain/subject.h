/*
 * subject.h - somebody whose data the service holds, and when it lets go of them.
 *
 * Pure.  What is counted (the ledger, the log, visits without names) stays; names,
 * addresses, words and photos go, when nothing that the prison must keep hangs on them.
 */
#ifndef PVL_DOMAIN_SUBJECT_H
#define PVL_DOMAIN_SUBJECT_H

#include "base/clock.h"
#include "base/id.h"
#include "base/str.h"

enum subject_kind {
	SUBJECT_ACCOUNT, /* a visitor who books, with the people that they added */
	SUBJECT_PRISONER,
};

struct subject {
	enum subject_kind kind;
	int64_t id; /* of the account or the prisoner */
};

/* What stands in the way of forgetting an account. */
struct erasure_facts {
	int64_t visits;     /* that are ahead, asked for or running */
	int64_t waiting;    /* requests without a time */
	int64_t recordings; /* that are kept, of their visits */
	int64_t incidents;  /* not decided, or with an appeal that is not */
	int64_t restrictions;
	int64_t professional; /* a lawyer, as far as staff have not ended that */
	int64_t staff;
};

/* The same of a prisoner, who is forgotten without asking, so long after the release. */
struct prisoner_erasure_facts {
	struct wall released;   /* 0: is in prison */
	int64_t visits;         /* that are ahead, asked for or running */
	int64_t recordings;     /* that are kept, of their visits */
	int64_t incidents;      /* not decided, or with an appeal that is not */
	int64_t restrictions;   /* that stand: a no-contact order protects somebody */
	int64_t authorisations; /* to monitor, not decided or in force */
};

enum erasure {
	ERASURE_OK,
	ERASURE_VISITS, /* cancel them first */
	ERASURE_WAITS,  /* withdraw them first */
	ERASURE_KEPT, /* the prison must keep it for now; which of the reasons it is is not told */
	ERASURE_COUNT,
};

const char *erasure_name(enum erasure erasure); /* "VISITS" */
enum erasure erasure_allowed(const struct erasure_facts *facts);
/* keep_days: of POLICY_PRISONER_KEEP_DAYS. */
enum erasure prisoner_erasure_allowed(const struct prisoner_erasure_facts *facts, int64_t keep_days,
				      struct wall now);

#endif
