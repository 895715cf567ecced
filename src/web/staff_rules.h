/*
 * staff_rules.h - the rules of a prison as staff see and change them, one parameter a page.
 */
#ifndef PVL_WEB_STAFF_RULES_H
#define PVL_WEB_STAFF_RULES_H

#include "domain/policy.h"
#include "web/page.h"

extern const struct route_group staff_rules_routes;

/* A parameter's value in words: "2 days", "On", "8pm". */
json_t *policy_value_text(const struct page *page, enum policy_name name, int64_t value);

#endif
