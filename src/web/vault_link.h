/*
 * vault_link.h - pvl-vault as pvl-web sees it: leaves of the audit log out, signed heads in.
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

struct vault_state {
	bool up;
	bool refused;         /* the log is not the one that was signed */
	uint64_t signed_size; /* leaves under the newest head that this pvl-web got */
};
struct vault_state vault_link_state(const struct vault_link *link);

#endif
