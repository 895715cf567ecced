/* staff_witnesses.h - who keeps heads of the audit log elsewhere, and what they have signed. */
#ifndef PVL_WEB_STAFF_WITNESSES_H
#define PVL_WEB_STAFF_WITNESSES_H

#include "web/route.h"

extern const struct route_group staff_witnesses_routes;

#endif
