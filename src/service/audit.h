/*
 * audit.h - reading the log of everything that changed, and proving it whole.
 *
 * Roles: inspector, HQ admin, operator (all), duty governor (own prison).
 */
#ifndef PVL_SERVICE_AUDIT_H
#define PVL_SERVICE_AUDIT_H

#include "domain/audit.h"
#include "domain/reference.h"
#include "service/service.h"

struct audit_query {
	struct prison_code prison; /* empty: all that the actor may see */
	int64_t before_seq;        /* 0: from the newest */
	int limit;                 /* 1 … AUDIT_PAGE_MAX */
};

enum {
	AUDIT_PAGE_MAX = 200,
};

struct audit_list {
	size_t count;
	struct audit_record *list; /* newest first */
};

MUST_USE enum err audit_list_find(struct service *, const struct actor *, struct arena *,
				  const struct audit_query *, struct audit_list *out);

/* What happened to a visit, oldest first: staff of its prison, inspector. */
MUST_USE enum err visit_history_find(struct service *, const struct actor *, struct arena *,
				     struct reference, struct audit_list *out);

struct audit_verdict {
	int64_t leaves;
	int64_t first_bad; /* seq of the first leaf that does not verify; 0: none */
	uint8_t root[32];  /* Merkle tree head over all leaves (RFC 9162 section 2.1.1) */
};

/* Hashes every leaf again; ERR_CRYPTO (and *out filled) if one does not verify. */
MUST_USE enum err audit_verify(struct service *, struct audit_verdict *out);

#endif
