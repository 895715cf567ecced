#include "web/visit_say.h"

#include "base/assert.h"
#include "service/oversight.h"
#include "web/live.h"
#include "web/web.h"
#include "web/whip.h"

enum {
	SAY_MAX = 4096, /* bytes of a body */
};

/* The one thing that the body says, or NULL. */
static const json_t *only(const json_t *body, const char *name)
{
	return json_object_size(body) == 1 ? json_object_get(body, name) : NULL;
}

static bool wish_of(const json_t *body, struct visit_act *wish)
{
	const json_t *warning = only(body, "acknowledge");
	const json_t *report = only(body, "report");
	uint64_t id = 0;
	if (json_is_string(warning) &&
	    str_u64(str_from(json_string_value(warning)), INT64_MAX, &id)) {
		*wish = (struct visit_act){ .act = ACT_ACKNOWLEDGE, .amount = (int64_t)id };
		return true;
	}
	if (json_is_string(report)) {
		*wish = (struct visit_act){ .act = ACT_REPORT,
					    .words = str_from(json_string_value(report)) };
		return true;
	}
	const json_t *not_private = only(body, "not_private");
	*wish = (struct visit_act){ .act = ACT_NOT_PRIVATE };
	return not_private != NULL && json_is_true(not_private);
}

/* Staff have stopped watching; false: that is not what the body says. */
static bool take_leave(struct page *page, const struct whip_seat *seat, const json_t *left)
{
	if (!json_is_true(left))
		return false;
	if (live_stop_watching(page->web->live, seat->visit, seat->end))
		page_no_content(page);
	else
		page_problem(page, 409, "not-here", "Who takes part leaves by DELETE.");
	return true;
}

static void do_it(struct page *page, struct reference reference, const struct actor *actor,
		  const struct visit_act *wish)
{
	enum act_answer answer;
	enum err err = visit_do(page->service, actor, reference, wish, &answer);
	if (err != OK)
		return page_failed(page, err);
	if (answer == ACT_TOO_MANY)
		return page_problem(page, 429, "said-enough",
				    "This was said too often in this visit.");
	if (answer != ACT_OK && answer != ACT_SO_ALREADY)
		return page_problem(page, 409, "not-here", act_answer_name(answer));
	live_reread(page->web->live, reference);
	page_no_content(page);
}

static void say(struct page *page)
{
	struct whip_seat seat;
	struct visit_act wish;
	if (!whip_find_seat(page, &seat))
		return;
	const json_t *body = page_body_json(page);
	if (body == NULL)
		return;
	const json_t *seen = only(body, "seen");
	if (json_is_integer(seen) && json_integer_value(seen) >= 0 &&
	    json_integer_value(seen) <= UINT32_MAX) {
		live_seen(seat.visit, seat.end, (uint32_t)json_integer_value(seen));
		return page_no_content(page);
	}
	const json_t *data = only(body, "data");
	if (json_is_string(data) &&
	    live_wants(page->web->live, seat.visit, seat.end, str_from(json_string_value(data))))
		return page_no_content(page);
	if (take_leave(page, &seat, only(body, "left")))
		return;
	if (!wish_of(body, &wish))
		return page_problem(
		    page, 422, "nothing-said",
		    "Send one of seen, data, acknowledge, report, not_private, left.");
	do_it(page, seat.reference, live_actor(seat.visit, seat.end), &wish);
}

static const struct route rows[] = {
	{ METHOD_POST, "/api/v1/visits/{reference}/say", WHO_PROOF, BODY_JSON, SAY_MAX, ROUTE_API,
	  say },
};

const struct route_group visit_say_routes = { rows, ARRAY_LEN(rows) };
