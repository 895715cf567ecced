/*
 * service_name.h - what one of several services on one database is called.
 */
#ifndef PVL_BASE_SERVICE_NAME_H
#define PVL_BASE_SERVICE_NAME_H

#include "base/str.h"

enum {
	SERVICE_NAME_MAX = 32, /* a-z, 0-9 and '-': it stands in addresses */
};

struct service_name {
	char text[SERVICE_NAME_MAX + 1];
};

bool service_name_of(struct str text, struct service_name *out);
bool service_name_equal(const struct service_name *a, const struct service_name *b);

#endif
