/*
 * sample.h - an estate of invented people in prisons with real names, so that
 * a newcomer can try everything at once.
 */
#ifndef PVL_SERVICE_SAMPLE_H
#define PVL_SERVICE_SAMPLE_H

#include "domain/visit.h"
#include "service/account.h"

enum {
	SAMPLE_SIGN_INS_MAX = 24,
};

struct sample_sign_in {
	struct str who;   /* "Visits clerk, Wandsworth" */
	struct str email; /* the password is the caller's */
	enum role role;
};

struct sample {
	size_t count;
	struct sample_sign_in sign_ins[SAMPLE_SIGN_INS_MAX];
	struct reference joinable; /* a visit whose lobby is open now, of the first family */
	struct wall joinable_start;
	struct terminal_id terminal; /* where its prisoner sits */
	char enrol_code[9];          /* for that terminal; fresh at each start */
};

/*
 * Fills an empty database; in a filled one it only makes sure that a visit can
 * be joined now and that the terminal has a fresh code.  password_hash is used
 * for every sample account.  The database must be open for writing.
 */
MUST_USE enum err sample_fill(struct service *, struct arena *, struct str password_hash,
			      struct sample *out);

#endif
