/*
 * keyring.h - the keys of segments that are being looked at, for as long as that is allowed; never on the disk.
 */
#ifndef PVL_WEB_KEYRING_H
#define PVL_WEB_KEYRING_H

#include "base/clock.h"
#include "base/id.h"
#include "ipc/vault.h"

enum {
	KEYRING_MAX = 1024, /* then the oldest make room */
};

struct keyring;

struct keyring *keyring_new(void);
void keyring_free(struct keyring *);
/* until: the end of the viewing. */
void keyring_put(struct keyring *, struct access_id, struct segment_id, struct visit_id,
		 const uint8_t key[VAULT_KEY_LEN], struct wall until);
bool keyring_find(const struct keyring *, struct access_id, struct segment_id, struct wall now,
		  uint8_t key[VAULT_KEY_LEN]);
/* Nobody looks at that visit any more. */
void keyring_drop(struct keyring *, struct visit_id);
/* That viewing has ended. */
void keyring_end(struct keyring *, struct access_id);
/* What is over is wiped. */
void keyring_tick(struct keyring *, struct wall now);

#endif
