#include "web/lab_clock.h"

#include "base/assert.h"
#include "web/api_priv.h"
#include "web/web.h"

enum {
	AHEAD_MAX_S = 400 * 24 * 60 * 60,
};

static void put_forward(struct page *page)
{
	const json_t *body = page_body_json(page);
	struct api_faults faults = { 0 };
	struct web *web = page->web;
	if (body == NULL)
		return;
	int ahead_s = api_integer(&faults, body, "ahead_s", (int)web->lab_ahead_s, AHEAD_MAX_S);
	if (!api_good(page, &faults))
		return;
	int64_t more_s = ahead_s - web->lab_ahead_s;
	web->lab_ahead_s = ahead_s;
	page_json(page, 200,
		  json_pack("{s:o}", "now", api_when(wall_add_s(page->service->now, more_s))));
}

static const struct route rows[] = {
	{ METHOD_POST, "/lab/clock", WHO_LAB, BODY_JSON, 256, ROUTE_API, put_forward },
};
const struct route_group lab_clock_routes = { rows, ARRAY_LEN(rows) };
