/*
 * public_page.h - pages for everybody: the start, the prisons and their rules, device check, help.
 */
#ifndef PVL_WEB_PUBLIC_PAGE_H
#define PVL_WEB_PUBLIC_PAGE_H

#include "service/prison.h"
#include "web/route.h"

extern const struct route_group public_routes;

/* Whether everybody is told of that parameter of a prison. */
bool public_rule_is_told(enum policy_name name);
/* Whether a row of policy_rows_find() is to come: before it begins it is not in force. */
bool public_change_comes(const struct policy_history *rows, const struct policy_row *row,
			 struct wall now);

#endif
