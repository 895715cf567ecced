/*
 * sign_in.h - accounts of families, and the doors of families and staff.
 *
 * No answer tells whether an address has an account: creating one answers the
 * same way for a known address, and a wrong password is the same as no account.
 */
#ifndef PVL_WEB_SIGN_IN_H
#define PVL_WEB_SIGN_IN_H

#include "web/route.h"

extern const struct route_group sign_in_routes;

#endif
