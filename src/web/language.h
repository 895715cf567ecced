/*
 * language.h - in which language somebody reads: the choice, and where it is kept.
 *
 * Signed in: account.language; the toggle is a form and changes the account.
 * Not signed in: a plain cookie, set by a link that works without script; without
 * one, Welsh if the browser asks for Welsh first, else English.  Who signs in after
 * choosing takes the choice along; the cookie ends then, so that the next person at
 * a shared device does not inherit it.  Signing out leaves the pages as they were
 * ("cy-left"), which no account takes over.
 */
#ifndef PVL_WEB_LANGUAGE_H
#define PVL_WEB_LANGUAGE_H

#include "web/page.h"

/* Of somebody who is not signed in. */
enum language language_of_guest(const struct request *request, bool api);
/* At the sign-in: the choice made before it becomes the account's. */
MUST_USE enum err language_take_along(struct page *page);
/* At the sign-out. */
void language_leave(struct page *page);
/* "language" of a view: {next, en, cy}; nothing where the page has no address of its own to come back to. */
void language_view(const struct page *page, json_t *view);
/* The same where another address is to be opened after the choice. */
void language_view_at(const struct page *page, json_t *view, const char *here);

/* Whether text is a path of ours with its query, so that a redirect leads nowhere else. */
bool is_own_path(struct str text);

extern const struct route_group language_routes;

#endif
