/*
 * kept.h - what all bookings at a prison read of it, read once a transaction.
 *
 * A turn of the loop is one transaction, and a month that opens brings many
 * bookings of the same prison into one.  What a layout was read from is not
 * asked for again while it cannot have changed:
 *
 *  - it is kept from store_will_write() on (with SQLite from the beginning),
 *    when nobody else writes, and forgotten as the transaction ends;
 *  - every statement of ours that writes one of its tables forgets it.  They
 *    are known by their text, so that no writer can leave that out;
 *  - undoing such a statement forgets it, too, and so does undoing the
 *    savepoint in which nobody else began to be kept from writing.
 *
 * The same holds for the question whether a rule was added (policy.h), and for how current the sources are (source.h).
 */
#ifndef PVL_STORE_KEPT_H
#define PVL_STORE_KEPT_H

#include "domain/prison.h"
#include "store/room.h"
#include "store/session_template.h"
#include "store/terminal.h"

/* A prison as it stands: where and when visits can be held there. */
struct layout {
	struct prison prison;
	struct store_session_templates templates;
	struct store_terminals terminals;
	struct store_rooms rooms;
	struct store_room_usages usages;
};

/*
 * The lists may be shared: read only, and good until the transaction ends
 * (outside of one as long as the arena).  The prison's own texts are the
 * arena's.  ERR_NOT_FOUND: no such prison.
 */
MUST_USE enum err store_layout_find(struct store *, struct arena *, struct prison_code,
				    struct layout *out);

#endif
