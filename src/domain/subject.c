#include "domain/subject.h"

enum {
	DAY_S = 86400,
};

static const char *const ERASURES[ERASURE_COUNT] = {
	[ERASURE_OK] = "OK",
	[ERASURE_VISITS] = "VISITS",
	[ERASURE_WAITS] = "WAITS",
	[ERASURE_KEPT] = "KEPT",
};

const char *erasure_name(enum erasure erasure)
{
	return ERASURES[erasure < ERASURE_COUNT ? erasure : ERASURE_KEPT];
}

enum erasure erasure_allowed(const struct erasure_facts *f)
{
	if (f->visits > 0)
		return ERASURE_VISITS;
	if (f->waiting > 0)
		return ERASURE_WAITS;
	bool kept = f->recordings > 0 || f->incidents > 0 || f->restrictions > 0 ||
		    f->professional > 0 || f->staff > 0;
	return kept ? ERASURE_KEPT : ERASURE_OK;
}

enum erasure prisoner_erasure_allowed(const struct prisoner_erasure_facts *f, int64_t keep_days,
				      struct wall now)
{
	bool over = f->released.s != 0 && f->released.s <= now.s - keep_days * DAY_S;
	if (!over)
		return ERASURE_KEPT;
	if (f->visits > 0)
		return ERASURE_VISITS;
	bool kept =
	    f->recordings > 0 || f->incidents > 0 || f->restrictions > 0 || f->authorisations > 0;
	return kept ? ERASURE_KEPT : ERASURE_OK;
}
