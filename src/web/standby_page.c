#include "web/standby_page.h"

#include "base/assert.h"
#include "service/standby.h"
#include "web/link_proof.h"
#include "web/view.h"

static const struct actor SYSTEM = { .role = ROLE_SYSTEM };

static const char *deed(const struct page *page, int64_t standby, struct account_id account)
{
	return arena_printf(page->arena, "standby %lld %lld", (long long)standby,
			    (long long)account.n);
}

const char *standby_link_path(const struct page *page, const struct message *m)
{
	return arena_printf(page->arena, "/standby/%lld/%s", (long long)m->object,
			    link_proof(page, deed(page, m->object, m->account)));
}

/* The one that the address proves; false after answering that there is none. */
static bool find_standby(struct page *page, struct standby_view *out)
{
	struct standby_id id = { page_param_id(page, 0) };
	if (id.n && standby_find(page->service, &SYSTEM, page->arena, id, out) == OK &&
	    link_proof_holds(page, deed(page, id.n, out->row.booker), page_param(page, 1)))
		return true;
	page_not_found(page);
	return false;
}

static json_t *rows_of(const struct page *page, const struct standby_view *view)
{
	const struct standby *standby = &view->row.standby;
	bool open = standby->state == STANDBY_ASKED || standby->state == STANDBY_AGREED;
	json_t *rows = json_array();
	view_row(page, rows, "waiting.standby.rows.start", view_when(page, standby->start));
	if (open)
		view_row(page, rows, "waiting.standby.rows.known_by",
			 view_when(page, view->known_at));
	if (view->minutes)
		view_row(page, rows, "family.rows.length",
			 view_word(page, "family.rows.minutes",
				   json_pack("{s:i}", "minutes", view->minutes)));
	view_row(page, rows, "family.rows.prison",
		 page_prison_name(page, view->row.prison, view->prison_name));
	if (standby->state == STANDBY_ASKED)
		view_row(page, rows, "waiting.rows.answer_by",
			 view_when(page, standby->answer_until));
	if (view->reference.text[0])
		view_row(page, rows, "family.rows.reference", view_reference(view->reference));
	return rows;
}

static void show(struct page *page, const struct standby_view *standby)
{
	enum standby_state is = standby->row.standby.state;
	const char *state = standby_state_name(is);
	const char *heading =
	    page_word(page, arena_printf(page->arena, "waiting.standby.%s.heading", state));
	const char *text =
	    page_word(page, arena_printf(page->arena, "waiting.standby.%s.text", state));
	json_t *view =
	    json_pack("{s:s, s:s, s:s, s:o, s:b, s:b, s:b, s:s, s:s}", "title", heading, "heading",
		      heading, "text", text, "rows", rows_of(page, standby), "asked",
		      is == STANDBY_ASKED, "agreed", is == STANDBY_AGREED, "called",
		      is == STANDBY_CALLED, "reference", standby->reference.text, "action",
		      arena_printf(page->arena, "/standby/%lld/%.*s", (long long)standby->row.id.n,
				   STR_FMT(page_param(page, 1))));
	page_render(page, 200, "waiting/standby", view);
}

static void look(struct page *page)
{
	struct standby_view standby;
	if (find_standby(page, &standby))
		show(page, &standby);
}

static void answer(struct page *page)
{
	struct form *form = page_form(page, "standby");
	struct standby_view standby;
	enum standby_state state;
	if (!find_standby(page, &standby))
		return;
	bool accepts = form_ticked(form, "answer", "accept");
	if (!accepts && !form_ticked(form, "answer", "decline"))
		return show(page, &standby);
	struct actor booker = { .role = ROLE_FAMILY, .account = standby.row.booker };
	enum err err = standby_answer(page->service, &booker, standby.row.id,
				      accepts ? ANSWER_ACCEPT : ANSWER_DECLINE, &state);
	if (err != OK)
		return page_failed(page, err);
	page->actor = booker;
	page_redirect(page, "/standby/%lld/%.*s", (long long)standby.row.id.n,
		      STR_FMT(page_param(page, 1)));
}

static const struct route rows[] = {
	{ METHOD_GET, "/standby/{standby}/{proof}", WHO_ANYONE, .handler = look },
	{ METHOD_POST, "/standby/{standby}/{proof}", WHO_ANYONE, BODY_FORM, .handler = answer },
};

const struct route_group standby_routes = { rows, ARRAY_LEN(rows) };
