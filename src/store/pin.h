/*
 * pin.h - the PINs of prisoners, and who is signed in at which terminal.
 */
#ifndef PVL_STORE_PIN_H
#define PVL_STORE_PIN_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/id.h"
#include "store/store.h"

struct store_pin {
	struct str hash;
	struct wall set_at;
	int64_t failures;
	struct wall failed_at;
};

MUST_USE enum err store_pin_find(struct store *, struct arena *, struct prisoner_id,
				 struct store_pin *out);
/* Takes the place of an earlier one, and of its failures. */
MUST_USE enum err store_pin_set(struct store *, struct prisoner_id, struct str hash,
				struct account_id by, struct wall now);
/* failures 0: a right one. */
MUST_USE enum err store_pin_tried(struct store *, struct prisoner_id, int64_t failures,
				  struct wall now);

struct prisoner_session {
	struct bytes token; /* SHA-256 */
	struct prisoner_id prisoner;
	struct terminal_id terminal;
	struct wall seen;
	struct wall expires;
};

/* Ends what stood at that terminal, and of that prisoner elsewhere. */
MUST_USE enum err store_prisoner_session_put(struct store *, const struct prisoner_session *);
/* .token stays as it was given. */
MUST_USE enum err store_prisoner_session_find(struct store *, struct bytes token,
					      struct prisoner_session *out);
MUST_USE enum err store_prisoner_session_touch(struct store *, struct bytes token, struct wall now);
MUST_USE enum err store_prisoner_session_end(struct store *, struct bytes token);
/* Wherever they are; none is fine. */
MUST_USE enum err store_prisoner_session_end_of(struct store *, struct prisoner_id);

#endif
