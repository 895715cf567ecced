/*
 * mailbox_page.h - what would have been sent, for the demo: messages that no
 * provider takes, as their readers would see them.  Only with --mailbox or --lab,
 * and only for loopback.
 */
#ifndef PVL_WEB_MAILBOX_PAGE_H
#define PVL_WEB_MAILBOX_PAGE_H

#include "web/route.h"

extern const struct route_group mailbox_routes;

#endif
