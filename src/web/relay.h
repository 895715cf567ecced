/*
 * relay.h - a TURN server beside us (coturn), for browsers whose network lets through nothing but TLS.
 *
 * It knows none of our people: who comes with a user name and password that we made may use it until
 * the time in the name (draft-uberti-behave-turn-rest-00; coturn calls it use-auth-secret).  It passes
 * on what is encrypted between browser and pvl-media, and can read nothing of it.
 */
#ifndef PVL_WEB_RELAY_H
#define PVL_WEB_RELAY_H

#include <stddef.h>

#include "base/clock.h"
#include "base/str.h"
#include "ipc/supervisor.h"

enum {
	RELAY_URLS_MAX = 4,
	RELAY_NAME_ROOM = 48,
	RELAY_PASSWORD_ROOM = 29, /* 20 bytes in base64 */
};

struct relay {
	size_t urls_len; /* 0: there is none */
	const char *urls[RELAY_URLS_MAX];
	char secret[TURN_SECRET_MAX + 1];
};

struct relay_pass {
	char name[RELAY_NAME_ROOM];
	char password[RELAY_PASSWORD_ROOM];
};

/* For the same seat the same name, apart from the time: coturn's user-quota counts by it.  It does not tell whose seat. */
struct relay_pass relay_pass_for(const struct relay *relay, struct str seat, struct wall until);

/* The secret as its file holds it: one line of printable characters.  False: too short, too long, or something else. */
bool relay_set_secret(struct relay *relay, struct str text);

#endif
