/*
 * password_page.h - a forgotten password, and the page on which one is chosen by a link.
 *
 * Opening the link changes nothing (mail filters open links).  Whoever asks for one is told the
 * same, whether or not the address has an account.
 */
#ifndef PVL_WEB_PASSWORD_PAGE_H
#define PVL_WEB_PASSWORD_PAGE_H

#include "service/password.h"
#include "web/page.h"

/* "/password/<account>/<until>/<proof>", in the arena. */
const char *password_link_path(struct arena *arena, const struct password_link *link);

extern const struct route_group password_routes;

#endif
