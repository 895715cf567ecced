#include "web/offer_page.h"

#include "base/assert.h"
#include "service/refill.h"
#include "web/link_proof.h"
#include "web/live.h"
#include "web/view.h"

static const struct actor SYSTEM = { .role = ROLE_SYSTEM };

static const char *deed(const struct page *page, int64_t offer, struct account_id account)
{
	return arena_printf(page->arena, "offer %lld %lld", (long long)offer, (long long)account.n);
}

const char *offer_link_path(const struct page *page, const struct message *m)
{
	return arena_printf(page->arena, "/offers/%lld/%s", (long long)m->object,
			    link_proof(page, deed(page, m->object, m->account)));
}

/* The offer that the address proves; false after answering that there is none. */
static bool find_offer(struct page *page, struct offer_view *out)
{
	struct offer_id id = { page_param_id(page, 0) };
	if (id.n && refill_find(page->service, &SYSTEM, page->arena, id, out) == OK &&
	    link_proof_holds(page, deed(page, id.n, out->offer.booker), page_param(page, 1)))
		return true;
	page_not_found(page);
	return false;
}

static json_t *rows_of(const struct page *page, const struct offer_view *view)
{
	const struct offer_row *offer = &view->offer;
	json_t *rows = json_array();
	view_row(page, rows, "family.rows.when", view_when(page, offer->offer.start));
	view_row(
	    page, rows, "family.rows.length",
	    view_word(page, "family.rows.minutes", json_pack("{s:i}", "minutes", offer->minutes)));
	view_row(page, rows, "family.rows.prison",
		 page_prison_name(page, view->waiting.prison, view->prison_name));
	if (offer->offer.state == OFFER_OPEN)
		view_row(page, rows, "waiting.rows.answer_by",
			 view_when(page, offer->offer.answer_until));
	if (offer->offer.state == OFFER_ACCEPTED && view->waiting.reference.text[0])
		view_row(page, rows, "family.rows.reference",
			 view_reference(view->waiting.reference));
	else if (view->waiting.start.s)
		view_row(page, rows, "waiting.rows.booked", view_when(page, view->waiting.start));
	return rows;
}

static void show(struct page *page, const struct offer_view *offer)
{
	const char *state = offer_state_name(offer->offer.offer.state);
	const char *heading =
	    page_word(page, arena_printf(page->arena, "waiting.offers.%s.heading", state));
	const char *text =
	    page_word(page, arena_printf(page->arena, "waiting.offers.%s.text", state));
	bool open = offer->offer.offer.state == OFFER_OPEN;
	if (open && !offer->offer.keeps)
		text = page_word(page, "waiting.offers.first_has_it");
	json_t *view =
	    json_pack("{s:s, s:s, s:s, s:o, s:b, s:b, s:s}", "title", heading, "heading", heading,
		      "text", text, "rows", rows_of(page, offer), "open", open, "booked",
		      open && offer->waiting.state == WAITING_BOOKED, "action",
		      arena_printf(page->arena, "/offers/%lld/%.*s", (long long)offer->offer.id.n,
				   STR_FMT(page_param(page, 1))));
	page_render(page, 200, "waiting/offer", view);
}

static void look(struct page *page)
{
	struct offer_view offer;
	if (find_offer(page, &offer))
		show(page, &offer);
}

static void answer(struct page *page)
{
	struct form *form = page_form(page, "offer");
	struct offer_view offer;
	enum offer_state state;
	if (!find_offer(page, &offer))
		return;
	bool accepts = form_ticked(form, "answer", "accept");
	if (!accepts && !form_ticked(form, "answer", "decline"))
		return show(page, &offer);
	struct actor booker = { .role = ROLE_FAMILY, .account = offer.offer.booker };
	enum err err = refill_answer(page->service, &booker, offer.offer.id,
				     accepts ? ANSWER_ACCEPT : ANSWER_DECLINE, &state);
	if (err != OK)
		return page_failed(page, err);
	page->actor = booker;
	if (state == OFFER_ACCEPTED && offer.waiting.reference.text[0])
		live_changed(page, offer.waiting.reference);
	page_redirect(page, "/offers/%lld/%.*s", (long long)offer.offer.id.n,
		      STR_FMT(page_param(page, 1)));
}

static const struct route rows[] = {
	{ METHOD_GET, "/offers/{offer}/{proof}", WHO_ANYONE, .handler = look },
	{ METHOD_POST, "/offers/{offer}/{proof}", WHO_ANYONE, BODY_FORM, .handler = answer },
};

const struct route_group offer_routes = { rows, ARRAY_LEN(rows) };
