/*
 * account.h - who can sign in, and the people for whom they book.
 */
#ifndef PVL_DOMAIN_ACCOUNT_H
#define PVL_DOMAIN_ACCOUNT_H

#include "domain/local_time.h"
#include "domain/prison.h"
#include "domain/role.h"

enum language {
	LANGUAGE_EN,
	LANGUAGE_CY,
};

const char *language_code(enum language language); /* "en", "cy" */
enum language language_of(struct str code);        /* English unless "cy" */

enum {
	EMAIL_MAX = 254, /* RFC 5321 section 4.5.3.1.3 */
	NAME_MAX_BYTES = 120,
};

struct account {
	struct account_id id;
	bool staff;
	struct str email; /* normalised; empty: whoever has none, and so cannot sign in */
	struct str name;
	enum language language;
};

/* A role held by a staff account; prison empty for national roles. */
struct staff_role {
	enum role role;
	struct prison_code prison;
};

/*
 * Trimmed, lower-cased, at most EMAIL_MAX: one @ with something before it and
 * a dotted name after it.  Whether mail arrives there is another matter.
 */
bool email_normalise(struct str text, char out[EMAIL_MAX + 1]);
/* Not empty, valid UTF-8, no control characters, at most NAME_MAX_BYTES. */
bool name_acceptable(struct str name);

/* One who may take part in visits; kept by the account that books for them. */
struct person {
	struct person_id id;
	struct account_id booker;
	struct str name;
	struct date born;
};

#endif
