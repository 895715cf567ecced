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
#include "domain/prison.h"
#include "domain/role.h"

enum subject_kind {
	SUBJECT_ACCOUNT, /* a visitor who books, with the people that they added */
	SUBJECT_PRISONER,
};

struct subject {
	enum subject_kind kind;
	int64_t id; /* of the account or the prisoner */
};

/* For whom staff make a copy of somebody's data. */
enum copy_recipient {
	COPY_FOR_THEMSELVES, /* without a name: it is theirs */
	COPY_FOR_REPRESENTATIVE,
	COPY_FOR_SOLICITOR,
	COPY_FOR_REGULATOR,
	COPY_FOR_COURT,
	COPY_FOR_SOMEBODY_ELSE,
	COPY_RECIPIENT_COUNT,
};

enum copy_format {
	COPY_HTML,
	COPY_JSON,
	COPY_FORMAT_COUNT,
};

enum {
	COPY_NAME_MAX = 200, /* bytes */
	COPY_HASH_LEN = 32,
};

const char *copy_recipient_name(enum copy_recipient recipient); /* "REPRESENTATIVE" */
bool copy_recipient_of(struct str name, enum copy_recipient *out);
const char *copy_format_name(enum copy_format format); /* "HTML" */
bool copy_format_of(struct str name, enum copy_format *out);
/* Everybody but themselves is named, in at most COPY_NAME_MAX bytes of UTF-8. */
bool copy_recipient_acceptable(enum copy_recipient recipient, struct str name);

/* A copy that left the service. */
struct data_copy {
	int64_t id;
	struct subject subject;
	struct str number; /* of a prisoner; empty: of a visitor */
	struct str name;
	struct prison_code prison; /* where the prisoner was then; of a visitor none */
	enum copy_recipient recipient;
	struct str recipient_name;
	enum copy_format format;
	int64_t bytes;
	uint8_t hash[COPY_HASH_LEN]; /* SHA-256 of the file */
	struct account_id by;
	struct str by_name;
	enum role as;
	struct wall at;
	int64_t seq; /* of its leaf */
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
