/*
 * escort.h - escort lists by wing: acknowledged, and what became of them.
 */
#ifndef PVL_SERVICE_ESCORT_H
#define PVL_SERVICE_ESCORT_H

#include "domain/prison.h"
#include "service/service.h"
#include "store/escort.h"

struct escort_row {
	struct store_movement escort;
	struct wall pick_up;
	enum escort state;
	bool may_be_noted; /* as not produced */
};

struct escort_sheet {
	struct prison prison;
	struct date date;
	size_t count;
	struct escort_row
	    *rows; /* by wing, start and number; the words of what was noted for staff alone */
};

/*
 * Of a local day, whoever stands by then among them; wing empty: all.  Staff of the prison; inspectors
 * name one.
 */
MUST_USE enum err escort_sheet_find(struct service *, const struct actor *, struct arena *,
				    struct prison_code, struct date, struct str wing,
				    struct escort_sheet *out);
/* One visit's; staff of the prison, else ERR_NOT_FOUND. */
MUST_USE enum err escort_find(struct service *, const struct actor *, struct arena *,
			      struct reference, struct escort_row *out);

/*
 * Staff of the prison: the wing knows of all its visits of that day that are still
 * to begin.  One leaf for the list; *count: those that nobody had acknowledged.
 */
MUST_USE enum err escort_acknowledge(struct service *, const struct actor *, struct date,
				     struct str wing, size_t *count);

/*
 * Visits clerk, monitor, duty governor: the prisoner was not produced, and why.  A visit whose
 * time has come ends with it; one that is over as missed by the prisoner keeps its end and
 * gets the cause.  words may be empty, for OTHER they may not (ERR_BAD).
 * ERR_CONFLICT: its time has not come, or the prisoner was there.
 */
MUST_USE enum err escort_not_produced(struct service *, const struct actor *, struct reference,
				      enum not_produced, struct str words);

#endif
