#include "domain/subject.h"

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
