#include "base/assert.h"
#include "web/assets.h"
#include "web/status.h"
#include "web/web.h"
#include "web/whip.h"

/* Every route there is: a line for each file of pages. */
static const struct route_group *const groups[] = {
	&asset_routes,
	&status_routes,
	&whip_routes,
};

const struct route_group *const *web_routes(size_t *len)
{
	*len = ARRAY_LEN(groups);
	return groups;
}
