#include "web/staff_reviews.h"

#include "base/assert.h"
#include "service/review.h"
#include "web/confirm.h"
#include "web/view.h"

static const char *const FILTERS[REVIEW_STATE_COUNT] = {
	[REVIEW_OPEN] = "open",
	[REVIEW_ACKNOWLEDGED] = "stays",
	[REVIEW_UNFLAGGED] = "gone",
};

static enum review_state asked_state(const struct page *page)
{
	for (unsigned i = 0; i < REVIEW_STATE_COUNT; i++)
		if (str_is(request_query(page->request, "state"), FILTERS[i]))
			return (enum review_state)i;
	return REVIEW_OPEN;
}

static json_t *issue_of(const struct page *page, const struct review *review)
{
	return json_string(
	    page_word(page, arena_printf(page->arena, "times.rules.%s", review->issue)));
}

static json_t *event_of(const struct page *page, const struct review *review)
{
	return json_string(page_word(
	    page, arena_printf(page->arena, "times.events.%s", review_event_name(review->event))));
}

/* Why it is decided: what a person wrote, or what the service found. */
static json_t *reason_of(const struct page *page, const struct review *review)
{
	const char *word =
	    page_word(page, arena_printf(page->arena, "times.gone.%.*s", STR_FMT(review->reason)));
	bool found = review->state == REVIEW_UNFLAGGED && word[0] != '\0';
	return found ? json_string(word) : page_str(review->reason);
}

static json_t *line_of(const struct page *page, const struct review *review)
{
	return json_pack("{s:o, s:s, s:o, s:o, s:s, s:o, s:o, s:o, s:b, s:o}", "id",
			 page_id(review->id.n), "reference", review->reference.text, "when",
			 page_time(page, review->start), "prisoner",
			 page_str(review->prisoner_name), "number", review->prisoner_number.text,
			 "issue", issue_of(page, review), "event", event_of(page, review), "due",
			 page_time(page, review->due_at), "late",
			 review->state == REVIEW_OPEN && review->due_at.s <= page->service->now.s,
			 "reason", reason_of(page, review));
}

static json_t *filters_of(const struct page *page, enum review_state state)
{
	json_t *filters = json_array();
	for (unsigned i = 0; i < REVIEW_STATE_COUNT; i++)
		json_array_append_new(
		    filters,
		    json_pack(
			"{s:s, s:s, s:b}", "text",
			page_word(page, arena_printf(page->arena, "times.review.%s", FILTERS[i])),
			"href", arena_printf(page->arena, "/staff/reviews?state=%s", FILTERS[i]),
			"here", i == (unsigned)state));
	return filters;
}

static void list(struct page *page)
{
	struct review_list reviews;
	enum review_state state = asked_state(page);
	enum err err = reviews_find(page->service, &page->actor, page->arena, staff_prison(page),
				    state, &reviews);
	if (err != OK)
		return page_failed(page, err);
	json_t *lines = json_array();
	for (size_t i = 0; i < reviews.count; i++)
		json_array_append_new(lines, line_of(page, &reviews.list[i]));
	json_t *view = json_pack("{s:o, s:b}", "filters", filters_of(page, state), "open",
				 state == REVIEW_OPEN);
	view_list(view, "lines", lines);
	view_here(view, "reviews");
	page_render(page, 200, "staff/reviews", view);
}

enum {
	WHO_DECIDES = WHO_CLERK | WHO_GOVERNOR
};

static bool may_decide(const struct page *page, const struct review *review)
{
	return review->state == REVIEW_OPEN && page_is_for(page, WHO_DECIDES);
}

static void show(struct page *page, struct form *form)
{
	struct review_id id = { page_param_id(page, 0) };
	struct review review;
	enum err err = review_find(page->service, &page->actor, page->arena, id, &review);
	if (err != OK)
		return page_failed(page, err);
	json_t *rows = json_array();
	view_row(page, rows, "times.review.visit", view_when(page, review.start));
	view_row(page, rows, "times.confirm.prisoner", page_str(review.prisoner_name));
	view_row(page, rows, "times.confirm.why", issue_of(page, &review));
	view_row(page, rows, "times.review.event", event_of(page, &review));
	view_row(page, rows, "times.review.due", view_when(page, review.due_at));
	if (!str_empty(review.reason))
		view_row(page, rows, "times.rule.reason", reason_of(page, &review));
	json_t *view = json_pack("{s:s, s:o, s:s, s:o, s:b}", "back", "/staff/reviews", "id",
				 page_id(id.n), "reference", review.reference.text, "rows", rows,
				 "may_decide", may_decide(page, &review));
	view_here(view, "reviews");
	page_render_form(page, form, "staff/review", view);
}

static void review(struct page *page)
{
	show(page, page_form(page, "review"));
}

static void decide(struct page *page)
{
	struct form *form = page_form(page, "review");
	struct review_id id = { page_param_id(page, 0) };
	struct str reason = staff_reason(form);
	if (!form_ok(form))
		return show(page, form);
	enum err err = review_acknowledge(page->service, &page->actor, id, reason);
	if (err == ERR_CONFLICT) {
		form_mistake(form, "reason", "conflict");
		return show(page, form);
	}
	if (err != OK)
		return page_failed(page, err);
	page_redirect(page, "/staff/reviews?done=review_kept");
}

static const struct route rows[] = {
	{ METHOD_GET, "/staff/reviews", WHO_PRISON, .handler = list },
	{ METHOD_GET, "/staff/reviews/{review}", WHO_PRISON, .handler = review },
	{ METHOD_POST, "/staff/reviews/{review}", WHO_DECIDES, BODY_FORM, .handler = decide },
};

const struct route_group staff_reviews_routes = { rows, ARRAY_LEN(rows) };
