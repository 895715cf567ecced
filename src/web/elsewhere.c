#include "web/elsewhere.h"

#include "web/live.h"
#include "web/web.h"

#define MARK "service"

const char *elsewhere_mark(struct page *page, char sign)
{
	const struct service_name *name = homes_name(live_homes(page->web->live));
	return name != NULL ? arena_printf(page->arena, "%c" MARK "=%s", sign, name->text) : "";
}

/* The query without our mark, and '&' behind it. */
static struct str other_parameters(struct page *page)
{
	struct str rest = page->request->query;
	const char *kept = "";
	while (!str_empty(rest)) {
		struct str one = str_cut(&rest, '&');
		if (!str_empty(one) && !str_starts(one, MARK "="))
			kept = arena_printf(page->arena, "%s%.*s&", kept, STR_FMT(one));
	}
	return str_from(kept);
}

static void lead(struct page *page, const struct service_name *home)
{
	struct str others = other_parameters(page);
	page->response->status = 307;
	response_header(page->response, "Location",
			arena_printf(page->arena, "%.*s?%.*s" MARK "=%s",
				     STR_FMT(page->request->path), STR_FMT(others), home->text));
}

/* It was meant for another, and is here: that one does not answer, or the proxy does not know it. */
static bool went_astray(struct page *page, const struct service_name *home)
{
	struct str asked = request_query(page->request, MARK);
	return str_equal(asked, str_from(home->text));
}

bool elsewhere_led(struct page *page, struct reference reference)
{
	struct service_name home;
	if (!homes_elsewhere(live_homes(page->web->live), reference, &home))
		return false;
	if (!went_astray(page, &home)) {
		lead(page, &home);
		return true;
	}
	page_problem(page, 503, "elsewhere",
		     "The visit lives in another service, which does not answer. Try again.");
	return true;
}
