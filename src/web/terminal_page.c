#include "web/terminal_page.h"

#include "base/assert.h"
#include "web/language.h"

static void show(struct page *page)
{
	struct str language = request_query(page->request, "language");
	json_t *view = json_object();
	/* Of the prisoner whose visit is due: stronger than what was chosen at the device. */
	if (str_is(language, "en") || str_is(language, "cy"))
		page->lang = language_code(language_of(language));
	language_view_at(page, view, "/terminal");
	page_render(page, 200, "terminal/home", view);
}

static const struct route rows[] = {
	{ METHOD_GET, "/terminal", WHO_ANYONE, .handler = show },
};

const struct route_group terminal_page_routes = { rows, ARRAY_LEN(rows) };
