/*
 * hint.h - what a machine found odd in a picture, and what officers say of that.
 *
 * A hint is never a verdict: nothing follows from it but that an officer may look.
 * How often it is wrong is counted from their answers alone.
 */
#ifndef PVL_DOMAIN_HINT_H
#define PVL_DOMAIN_HINT_H

#include "base/clock.h"
#include "base/id.h"
#include "base/str.h"
#include "domain/policy.h"
#include "domain/prison.h"
#include "domain/reference.h"
#include "domain/visit.h"

ID_TYPE(hint_id);

enum hint_answer {
	HINT_OPEN,
	HINT_RIGHT,
	HINT_WRONG,
	HINT_ANSWER_COUNT,
};

const char *hint_answer_name(enum hint_answer answer); /* "RIGHT"; "" while open */
bool hint_answer_of(struct str name, enum hint_answer *out);

enum {
	HINT_WHAT_ROOM = 16,
	HINT_AGAIN_S = 300,          /* the same of the same picture within that time is one hint */
	HINT_COUNTED_S = 90 * 86400, /* so far back officers' answers are counted; then it goes */
};

struct hint {
	struct hint_id id;
	struct visit_id visit;
	int seat;
	char what[HINT_WHAT_ROOM]; /* hint_kind_name() */
	struct wall made_at;
	enum hint_answer answer;
	struct wall answered_at;
	struct account_id answered_by;
	/* Of the visit; filled when read. */
	struct reference reference;
	struct prison_code prison;
	struct str prisoner_name;
};

struct hint_count {
	char what[HINT_WHAT_ROOM];
	int64_t made;
	int64_t right;
	int64_t wrong;
};

/* Whether pictures of such a visit are looked at by these rules: of a legal or official one never. */
bool hints_wanted(enum visit_kind kind, const struct policy *policy);
/* So many faces are in order at a seat: the prisoner's, or those of all who visit. */
unsigned hint_faces_expected(const struct visit *, int seat);
/* Of a hundred hints that were answered, so many were wrong; -1: none was. */
int hint_wrong_percent(const struct hint_count *count);

#endif
