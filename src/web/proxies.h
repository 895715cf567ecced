/*
 * proxies.h - who really asks, where proxies of the operator's stand before the service.
 *
 * Only a connection from one of them is believed, and only what it added itself
 * (X-Forwarded-For, the entry at the right; X-Forwarded-Proto): whoever else
 * sends these headers is taken for the address that the connection comes from.
 */
#ifndef PVL_WEB_PROXIES_H
#define PVL_WEB_PROXIES_H

#include "base/address.h"

enum {
	PROXIES_MAX = 8,
};

struct proxies {
	size_t len;
	struct address list[PROXIES_MAX]; /* their ports do not count */
};

/* An IP address more; false: it is none, or there are PROXIES_MAX. */
bool proxies_add(struct proxies *, struct str address);
bool proxies_know(const struct proxies *, const struct address *);

/*
 * The address of whoever asks.  forwarded: all X-Forwarded-For lines in their order, joined by
 * commas.  Of a chain of ours the first at the right that is none of ours; where that is no
 * address (RFC 7239 "unknown", nonsense), the proxy that said so.
 */
struct address proxies_asker(const struct proxies *, const struct address *connection,
			     struct str forwarded);

#endif
