/*
 * neighbours.h - what the pvl-web processes on one database tell each other.
 *
 * Each visit lives in one of them (homes.h;
 * docs/decisions/several-web-processes.md).  The others need little of it: that
 * something of it was changed on a page of theirs, and how it stands, for the
 * lists of staff.  Both travel with the database's own commits
 * (store_announce()); with SQLite there is nobody to tell.
 */
#ifndef PVL_WEB_NEIGHBOURS_H
#define PVL_WEB_NEIGHBOURS_H

#include <jansson.h>

#include "base/clock.h"
#include "base/log.h"
#include "domain/prison.h"
#include "domain/reference.h"
#include "store/store.h"

enum {
	NEIGHBOUR_VISITS_MAX = 2048, /* that live elsewhere and are known here */
	NEIGHBOUR_SILENCE_S = 30,    /* after that a visit elsewhere is forgotten */
	NEIGHBOUR_EVERY_S = 10,      /* so often the one who has it tells again */
};

struct neighbours;

/* ERR_DB: the database does not let us listen. */
MUST_USE enum err neighbours_open(struct store *store, struct log *log, struct neighbours **out);
void neighbours_close(struct neighbours *n);

/* In a turn's transaction; leaves with its commit. */
void neighbours_tell_changed(struct neighbours *n, struct reference reference);
/* Whoever has that seat of it is put out. */
void neighbours_tell_unseated(struct neighbours *n, struct reference reference, uint8_t end);
/* row: as staff see it; given away. */
void neighbours_tell_visit(struct neighbours *n, struct prison_code prison,
			   struct reference reference, json_t *row);

enum neighbour_news {
	NEIGHBOUR_NOTHING,
	NEIGHBOUR_CHANGED,  /* read it again */
	NEIGHBOUR_VISIT,    /* row is how it stands elsewhere */
	NEIGHBOUR_UNSEATED, /* end is put out of it */
};

struct neighbour_said {
	struct reference reference;
	struct prison_code prison;
	const json_t *row; /* borrowed until the next one */
	uint8_t end;
};

enum neighbour_news neighbours_next(struct neighbours *n, struct mono now,
				    struct neighbour_said *out);
/* Rows of a prison's visits that live elsewhere, appended to an array. */
void neighbours_add_rows(const struct neighbours *n, struct prison_code prison, json_t *rows);
/* Somebody has that seat of a visit that lives elsewhere. */
bool neighbours_has_seated(const struct neighbours *n, struct reference reference, uint8_t end);
/* It lives here now. */
void neighbours_forget(struct neighbours *n, struct reference reference);
/* Forgets those of which nothing was heard for long. */
void neighbours_tick(struct neighbours *n, struct mono now);

#endif
