#include "web/staff_reviews.h"

#include "base/assert.h"
#include "service/booking.h"
#include "service/review.h"
#include "web/confirm.h"
#include "web/live.h"
#include "web/queue.h"
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

static const char *event_word(const struct page *page, const struct review *review)
{
	return page_word(
	    page, arena_printf(page->arena, "times.events.%s", review_event_name(review->event)));
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
	return json_pack(
	    "{s:o, s:s, s:o, s:o, s:s, s:o, s:o, s:o, s:b, s:o}", "id", page_id(review->id.n),
	    "reference", review->reference.text, "when", page_time(page, review->start), "prisoner",
	    page_str(review->prisoner_name), "number", review->prisoner_number.text, "issue",
	    issue_of(page, review), "event", json_string(event_word(page, review)), "due",
	    page_time(page, review->due_at), "late",
	    review->state == REVIEW_OPEN && review->due_at.s <= page->service->now.s, "reason",
	    reason_of(page, review));
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

enum {
	WHO_DECIDES = WHO_CLERK | WHO_GOVERNOR
};

static void take(struct queue *queue, const struct review *review)
{
	const struct page *page = queue->page;
	json_t *line;
	struct queue_line asked = {
		.it = review,
		.key = arena_printf(page->arena, "%lld", (long long)review->id.n),
		.name = review->prisoner_name,
		.number = review->prisoner_number,
		.when = review->start,
		.cause_count = 1,
		.causes = { { review_event_name(review->event), event_word(page, review) } },
		.settled = review->state != REVIEW_OPEN,
	};
	if (queue_takes(queue, &asked, &line))
		json_object_update_new(line, line_of(page, review));
}

static enum err load_those(struct queue *queue, enum review_state state)
{
	struct page *page = queue->page;
	struct review_list reviews;
	enum err err = reviews_find(page->service, &page->actor, page->arena, staff_prison(page),
				    state, &reviews);
	for (size_t i = 0; err == OK && i < reviews.count; i++)
		take(queue, &reviews.list[i]);
	return err;
}

static enum err load(struct queue *queue)
{
	return load_those(queue, REVIEW_OPEN);
}

static void show_those(struct queue *queue, struct form *form, enum review_state state)
{
	struct page *page = queue->page;
	json_t *view =
	    json_pack("{s:o, s:s}", "filters", filters_of(page, state), "state", FILTERS[state]);
	queue_render(queue, form, page_is_for(page, WHO_DECIDES), "staff/reviews", view);
}

static void show_list(struct queue *queue, struct form *form)
{
	show_those(queue, form, REVIEW_OPEN);
}

static json_t *stop_of(const struct queue *queue, const char *word)
{
	return json_string(page_word(queue->page, word));
}

/* A visit with several reviews is over for all of them when it is cancelled for one. */
static enum err decide_one(struct queue *queue, const void *it, int decision, struct str reason,
			   json_t *stops)
{
	struct page *page = queue->page;
	const struct review *review = it;
	struct review now;
	enum err err = review_find(page->service, &page->actor, page->arena, review->id, &now);
	if (err != OK || now.state != REVIEW_OPEN)
		return err;
	err = decision == 0 ? review_acknowledge(page->service, &page->actor, review->id, reason)
			    : visit_cancel(page->service, &page->actor, review->reference, reason);
	if (err == OK)
		live_changed(page, review->reference);
	if (err != ERR_CONFLICT)
		return err;
	json_array_append_new(stops, stop_of(queue, "queue.stops.begun"));
	return OK;
}

static const struct queue_kind KIND = {
	.list = "/staff/reviews",
	.here = "reviews",
	.form = "queue_reviews",
	.words = "queue.reviews",
	.done = "reviews_decided",
	.decisions = "queue.reviews.decisions",
	.names = { "keep", "cancel", NULL },
	.load = load,
	.decide = decide_one,
	.show = show_list,
};

static void list(struct page *page)
{
	struct queue queue;
	enum review_state state = asked_state(page);
	queue_open(page, &KIND, &queue);
	enum err err = load_those(&queue, state);
	if (err == OK)
		show_those(&queue, page_form(page, KIND.form), state);
	else
		page_failed(page, err);
	queue_close(&queue);
}

static void chosen(struct page *page)
{
	queue_chosen(page, &KIND);
}

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
	view_row(page, rows, "times.review.event", json_string(event_word(page, &review)));
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
	struct review review;
	if (!form_ok(form))
		return show(page, form);
	enum err err = review_find(page->service, &page->actor, page->arena, id, &review);
	if (err == OK)
		err = review_acknowledge(page->service, &page->actor, id, reason);
	if (err == ERR_CONFLICT) {
		form_mistake(form, "reason", "conflict");
		return show(page, form);
	}
	if (err != OK)
		return page_failed(page, err);
	live_changed(page, review.reference);
	page_redirect(page, "/staff/reviews?done=review_kept");
}

static const struct route rows[] = {
	{ METHOD_GET, "/staff/reviews", WHO_PRISON, .handler = list },
	{ METHOD_POST, "/staff/reviews/chosen", WHO_DECIDES, BODY_FORM, .handler = chosen },
	{ METHOD_GET, "/staff/reviews/{review}", WHO_PRISON, .handler = review },
	{ METHOD_POST, "/staff/reviews/{review}", WHO_DECIDES, BODY_FORM, .handler = decide },
};

const struct route_group staff_reviews_routes = { rows, ARRAY_LEN(rows) };
