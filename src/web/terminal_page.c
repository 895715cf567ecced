#include "web/terminal_page.h"

#include "base/assert.h"
#include "web/page.h"

static void show(struct page *page)
{
	page_render(page, 200, "terminal/home", NULL);
}

static const struct route rows[] = {
	{ METHOD_GET, "/terminal", WHO_ANYONE, .handler = show },
};

const struct route_group terminal_page_routes = { rows, ARRAY_LEN(rows) };
