/*
 * staff_menu.h - the pages of staff in groups: MoJ's primary navigation, and beside the page that is
 * shown those of its group (sub navigation).  Without script; each sees what their role may see.
 */
#ifndef PVL_WEB_STAFF_MENU_H
#define PVL_WEB_STAFF_MENU_H

#include <jansson.h>

#include "web/page.h"

/*
 * "menu": the groups, each as {href, text, current}, and "submenu": the items of the current one,
 * where there are several, as {href, text, current}.  Which is current: view_here() of the view.
 */
void staff_menu_add(const struct page *page, json_t *view);
/* The first page of all that the role may see: where its day begins. */
const char *staff_menu_first(const struct page *page);

#endif
