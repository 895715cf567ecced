/*
 * subject.h - the rights of whoever the service holds data of: a copy of them, who looked, and being forgotten.
 *
 * Visitors and lawyers ask for themselves, a lawyer's copy does not say whose lawyer they are;
 * headquarters' administrators ask for anybody, since people also write letters; a prison's
 * administrator for its prisoners.  What
 * protects others (alerts, restrictions, non-associations, what staff wrote
 * about incidents) is in no copy: a person decides about that.
 */
#ifndef PVL_SERVICE_SUBJECT_H
#define PVL_SERVICE_SUBJECT_H

#include "domain/subject.h"
#include "service/service.h"
#include "store/retention.h"
#include "store/subject.h"

struct subject_view {
	struct subject_data data;
	struct subject_looks looks;
	enum erasure erasure; /* of an account */
};

/* For their own page; writes nothing. */
MUST_USE enum err subject_find(struct service *, const struct actor *, struct arena *,
			       struct subject, struct subject_view *out);
/* The same for staff: one leaf, of which the person is told. */
MUST_USE enum err subject_look(struct service *, const struct actor *, struct arena *,
			       struct subject, struct subject_view *out);
/* The same, and it leaves the service: one leaf.  For themselves alone; staff say who gets it: */
MUST_USE enum err subject_copy(struct service *, const struct actor *, struct arena *,
			       struct subject, struct subject_view *out);

/* A file that was made of what subject_find() gave. */
struct copy_new {
	enum copy_recipient recipient;
	struct str recipient_name;
	enum copy_format format;
	int64_t rows, bytes;
	uint8_t hash[COPY_HASH_LEN];
};

/* It is given only once this stands: a row of the register of disclosures (register.h) and a leaf.
 * ERR_BAD: nobody is named, or somebody whose it is. */
MUST_USE enum err subject_hand_out(struct service *, const struct actor *, struct arena *,
				   struct subject, const struct copy_new *);
int64_t subject_rows(const struct subject_data *);
/* By the e-mail address of a visitor, or a prisoner's number; HQ_ADMIN, and for prisoners PRISON_ADMIN. */
MUST_USE enum err subject_search(struct service *, const struct actor *, struct arena *,
				 struct str typed, struct subject *out);

/* Names, addresses, words and photos go, for good, with one leaf whose number is *seq.  The visitor
 * themselves, or HQ_ADMIN. */
MUST_USE enum err account_erase(struct service *, const struct actor *, struct account_id,
				enum erasure *answer, int64_t *seq);
/* The next whose release is prisoner_keep_days ago is forgotten where nothing that the prison must
 * keep hangs on them, with one leaf; *after is whom it looked at, 0: all were.  SYSTEM alone. */
MUST_USE enum err prisoner_erase_due(struct service *, const struct actor *,
				     struct prisoner_id *after);
/* What that leaf proves: a receipt as audit_prove() gives it.  ERR_NOT_FOUND: it is no such leaf;
 * ERR_AGAIN: no head was signed since. */
MUST_USE enum err erasure_receipt(struct service *, int64_t seq, struct audit_record *out,
				  struct buf *receipt);

/* How long each kind of data is kept, and what there is of it; staff of the prison, headquarters, inspectors. */
MUST_USE enum err retention_find(struct service *, const struct actor *, struct prison_code,
				 struct retention *out);

#endif
