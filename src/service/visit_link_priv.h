/*
 * visit_link_priv.h - the link by which whoever has no e-mail joins; part of a use-case, writes no leaf.
 */
#ifndef PVL_SERVICE_VISIT_LINK_PRIV_H
#define PVL_SERVICE_VISIT_LINK_PRIV_H

#include "domain/visit.h"
#include "service/service.h"

/* For the main visitor, where the booker has no e-mail; nothing otherwise, or where it stands already. */
MUST_USE enum err visit_link_grant(struct service *, const struct visit *);

#endif
