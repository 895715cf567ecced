/*
 * staff_accounts.h - who works here and what each may do: listed, given and taken by
 * administrators.
 */
#ifndef PVL_WEB_STAFF_ACCOUNTS_H
#define PVL_WEB_STAFF_ACCOUNTS_H

#include "web/page.h"

extern const struct route_group staff_accounts_routes;

#endif
