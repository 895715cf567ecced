/*
 * vault_link.h - pvl-vault as pvl-web sees it: leaves of the audit log out, signed heads in; and the
 * keys of recordings that two people agreed to have seen.
 *
 * A head is signed a minute after the last one at the latest, after a thousand
 * leaves, and at once after what audit_verb_is_urgent() names; only what is
 * committed is told.  Without pvl-vault the service goes on, and signs later.
 *
 * When pvl-vault has seen more leaves than the database holds, the log is not
 * the one that was signed (an old copy was put back, or leaves were taken out):
 * nothing is signed any more, and /health and the log say so.
 */
#ifndef PVL_WEB_VAULT_LINK_H
#define PVL_WEB_VAULT_LINK_H

#include "base/log.h"
#include "domain/playback.h"
#include "ipc/vault.h"
#include "service/service.h"
#include "sys/loop.h"

struct vault_link;

struct vault_link *vault_link_new(struct loop *loop, struct log *log);
void vault_link_free(struct vault_link *link);
/* The control socket of a pvl-vault, now the link's; replaces an earlier one. */
void vault_link_take(struct vault_link *link, int fd);

/* Reads its answers and asks what is due; within the turn's transaction, before anything is written. */
void vault_link_turn(struct vault_link *link, struct service *service, struct mono now);
/* When the next turn is needed. */
struct mono vault_link_next(const struct vault_link *link, const struct service *service);

enum {
	VAULT_LINK_KEYS_MAX = 64, /* that wait for pvl-vault */
	VAULT_LINK_OPENINGS_MAX = 32,
};

/* The key of that segment is wanted by who may see it (service/playback.h): pvl-vault is shown the
 * three leaves, as soon as it has seen them itself.  False: too many wait, or there is no pvl-vault. */
bool vault_link_want_key(struct vault_link *link, const struct access *access,
			 const struct segment_row *segment);

struct vault_key {
	bool ok;
	struct access_id access;
	struct segment_id segment;
	struct visit_id visit;
	struct wall until; /* the end of the viewing */
	uint8_t key[VAULT_KEY_LEN];
};

/* What came, or was refused; false: no more. */
bool vault_link_next_key(struct vault_link *link, struct vault_key *out);

struct vault_state {
	bool up;
	bool refused;         /* the log is not the one that was signed */
	uint64_t signed_size; /* leaves under the newest head that this pvl-web got */
};
struct vault_state vault_link_state(const struct vault_link *link);

#endif
