/*
 * ice.h - the ICE-lite end of one peer (RFC 8445 2.5, 7.3; RFC 7675).
 *
 * The browser checks and nominates; we answer.  A check counts only if its
 * username is ours:theirs, its MESSAGE-INTEGRITY is by our password and its
 * FINGERPRINT is right; everything else is met with silence, so nobody learns
 * or gains anything from us without the password of a live peer.
 *
 * A tuple (the peer's address) is validated by its first good check and may
 * carry DTLS and SRTP from then on, nominated or not.  At most ICE_TUPLES_MAX
 * are kept; the one longest without a check makes room.
 *
 * Where we send: to the selected tuple.  It is
 *	- the first validated one, until a nomination;
 *	- the nominated one (USE-CANDIDATE): at once, but if authenticated media came
 *	  on the present one within 2 s, only when such media comes on the new one too;
 *	- any validated one on which authenticated media comes while the selected
 *	  one has been silent for more than 2 s (Wi-Fi to 4G);
 *	- any validated one that is checked while the selected one is not (15 s).
 * Media decides because a check can be captured and sent again from elsewhere,
 * SRTP cannot.  For the same reason a transaction counts only from the address
 * where it was first seen, and for 40 s (the last ICE_RECENT are remembered).
 *
 * Timers: consent, from the last good check of the selected tuple: 15 s warn,
 * 30 s stop sending.  A later good check on any tuple brings it back.
 *
 * Role conflict: we are lite, so always controlled; RFC 8445 7.3.1.1 (487) is for
 * full agents.  USE-CANDIDATE from a peer that says it is controlled counts nothing.
 */
#ifndef PVL_RTC_ICE_H
#define PVL_RTC_ICE_H

#include "base/address.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/random.h"

enum {
	ICE_TUPLES_MAX = 4,
	ICE_UFRAG_LEN = 8,          /* ours: 48 bits, drawn */
	ICE_PWD_LEN = 24,           /* ours: 144 bits, drawn */
	ICE_REMOTE_UFRAG_MAX = 256, /* RFC 8839 5.4 */
	ICE_REPLY_MAX = 128,        /* room for any answer of ours */
	ICE_WARN_MS = 15000,
	ICE_STOP_MS = 30000,
	ICE_SILENT_MS = 2000,
	ICE_RECENT = 64,
};

/* For our SDP; both end with NUL. */
struct ice_credentials {
	char ufrag[ICE_UFRAG_LEN + 1];
	char pwd[ICE_PWD_LEN + 1];
};

enum ice_state {
	ICE_NEW,       /* no good check yet */
	ICE_CONNECTED, /* may send to the selected tuple */
	ICE_WARNED,    /* the same, but 15 s without a check: tell the visit */
	ICE_STOPPED,   /* 30 s: must not send until a check comes */
};

/* What a datagram changed; the caller keeps a map from tuples to peers. */
struct ice_result {
	bool valid;    /* a good check; the next three can only be set then */
	bool added;    /* its tuple is new */
	bool selected; /* ice_selected() gives another tuple now */
	bool dropped;  /* this tuple made room: forget it */
	struct address dropped_tuple;
	size_t reply_len; /* of the answer to send back to where the datagram came from; 0: none */
};

struct ice;

/* remote_ufrag: 1 … ICE_REMOTE_UFRAG_MAX bytes, else NULL is returned; copied. */
struct ice *ice_new(struct random *random, struct bytes remote_ufrag);
void ice_free(struct ice *ice);

const struct ice_credentials *ice_local(const struct ice *ice);

/* New credentials, the old ones never work again.  Known tuples carry media until one of the new
 * generation is nominated.  False as for ice_new: nothing changed. */
bool ice_restart(struct ice *ice, struct random *random, struct bytes remote_ufrag);

/* The local ufrag a STUN datagram claims, to find its peer by; nothing is verified yet.
 * False unless it is a binding request with a username. */
bool ice_peek_ufrag(struct bytes datagram, struct bytes *ufrag);

/* A STUN datagram; reply has ICE_REPLY_MAX bytes. */
struct ice_result ice_input(struct ice *ice, struct bytes datagram, const struct address *from,
			    struct mono now, uint8_t *reply);

/* Authenticated SRTP or SRTCP came from a validated tuple; true if the selected tuple changed. */
bool ice_heard(struct ice *ice, const struct address *from, struct mono now);

/* May DTLS and SRTP be taken from there? */
bool ice_is_validated(const struct ice *ice, const struct address *from);

/* Where to send; false: nowhere (ICE_NEW, ICE_STOPPED). */
bool ice_selected(const struct ice *ice, struct address *tuple);
/* A tuple that cannot be used any more, a TCP connection that was closed.  If it was the selected
 * one, that checked last takes its place; if there is none, the next good check brings one, and
 * consent runs out meanwhile. */
void ice_forget(struct ice *ice, const struct address *tuple, struct mono now);
/* All validated tuples, to forget them when the peer goes; returns how many. */
size_t ice_tuples(const struct ice *ice, struct address tuples[ICE_TUPLES_MAX]);

enum ice_state ice_state(const struct ice *ice);
/* Consent runs out; true if the state is another now. */
bool ice_tick(struct ice *ice, struct mono now);
struct mono ice_next(const struct ice *ice);

#endif
