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
#include "tlog/checkpoint.h"
#include "tlog/note.h"
#include "tlog/proof.h"

struct audit_query {
	struct prison_code prison; /* empty: all that the actor may see */
	int64_t before_seq;        /* 0: from the newest */
	struct wall from, to;      /* from … before to; 0: no bound */
	const char *verbs;         /* the first word of their names, "visit"; NULL or "": all */
	int64_t object_id;         /* 0: about anything */
	struct account_id account; /* 0: done by anybody */
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

/*
 * What happened to a visit, at the times that it had before it was moved too,
 * oldest first: staff of its prison, inspector.
 */
MUST_USE enum err visit_history_find(struct service *, const struct actor *, struct arena *,
				     struct reference, struct audit_list *out);

/* What the log is held against, besides itself. */
struct audit_trust {
	size_t keys_len;
	const struct note_key
	    *keys;             /* of those who sign its heads; none: heads are not looked at */
	struct str checkpoint; /* a signed head that somebody kept elsewhere; empty: none */
};

enum audit_fault {
	AUDIT_NO_FAULT,
	AUDIT_LEAF_CHANGED, /* where: its seq */
	AUDIT_LEAF_MISSING, /* where: its seq */
	AUDIT_HEAD_FORGED,  /* where: its size; the signature is not that key's */
	AUDIT_HEAD_DIFFERS, /* where: its size; what was signed is not what stands here */
	AUDIT_LOG_SHORT,    /* where: the size that was once signed */
};

struct audit_verdict {
	int64_t leaves;
	int64_t heads; /* signed heads that are true of the leaves */
	enum audit_fault fault;
	int64_t where;
	uint8_t root[TLOG_HASH_LEN]; /* of the tree over all leaves (RFC 9162 section 2.1.1) */
};

/* Hashes every leaf again; ERR_CRYPTO (and *out filled): there is a fault.
 * ERR_BAD: the checkpoint given is none, or no key of trust has signed it. */
MUST_USE enum err audit_verify(struct service *, const struct audit_trust *,
			       struct audit_verdict *out);

enum audit_words {
	AUDIT_WORDS_NONE,
	AUDIT_WORDS_KEPT, /* given, and not asked about */
	AUDIT_WORDS_ERASED,
	AUDIT_WORDS_MATCH,
	AUDIT_WORDS_DIFFER,
};

/* One record, and what can be said about the words given with it; asked: empty, or what they are
 * thought to be.  ERR_NOT_FOUND. */
MUST_USE enum err audit_record_find(struct service *, int64_t seq, struct str asked,
				    struct audit_record *out, enum audit_words *words);

/* Where two copies of the log part. */
struct audit_difference {
	int64_t here, there; /* leaves */
	int64_t first;       /* the first that differs; 0: none that both have */
	struct audit_record ours, theirs;
};

MUST_USE enum err audit_compare(struct service *here, struct service *there,
				struct audit_difference *out);

/* The newest signed head; ERR_NOT_FOUND: none was signed. */
MUST_USE enum err audit_head_newest(struct service *, struct buf *out);

/* Proof that this leaf stands in the log, with the smallest signed head that covers it: of those that
 * witnesses in two places have seen, if there is one yet.
 * ERR_NOT_FOUND: no such leaf; ERR_AGAIN: no head was signed since; ERR_CRYPTO: the log is not what
 * was signed. */
MUST_USE enum err audit_prove(struct service *, int64_t seq, struct buf *out);

/* Proof that the first old_size leaves of the first size are the same as ever (RFC 9162 section
 * 2.1.4).  ERR_NOT_FOUND: the log never had these sizes. */
MUST_USE enum err audit_prove_growth(struct service *, uint64_t old_size, uint64_t size,
				     struct tlog_proof *out);

#endif
