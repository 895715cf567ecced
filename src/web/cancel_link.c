#include "web/cancel_link.h"

#include "base/assert.h"
#include "service/booking.h"
#include "web/link_proof.h"
#include "web/live.h"
#include "web/view.h"

static const struct actor SYSTEM = { .role = ROLE_SYSTEM };

static const char *deed(const struct page *page, struct reference reference, int64_t visit,
			struct account_id account)
{
	return arena_printf(page->arena, "cancel %s %lld %lld", reference.text, (long long)visit,
			    (long long)account.n);
}

const char *cancel_link_path(const struct page *page, const struct message *m)
{
	return arena_printf(page->arena, "/cancel/%s/%s", m->reference.text,
			    link_proof(page, deed(page, m->reference, m->object, m->account)));
}

/* The visit that the address proves; false after answering that there is none. */
static bool find_visit(struct page *page, struct visit *out)
{
	struct reference reference;
	if (page_param_reference(page, 0, &reference) &&
	    visit_find(page->service, &SYSTEM, page->arena, reference, out) == OK &&
	    link_proof_holds(page, deed(page, reference, out->id.n, out->booker),
			     page_param(page, 1)))
		return true;
	page_not_found(page);
	return false;
}

/* No name: the message may have been passed on. */
static json_t *rows_of(const struct page *page, const struct visit *visit)
{
	json_t *rows = json_array();
	view_row(page, rows, "family.rows.when", view_when(page, visit->start));
	view_row(page, rows, "family.rows.prison",
		 page_prison_name(page, visit->prison, visit->prison_name));
	view_row(page, rows, "family.rows.reference", view_reference(visit->reference));
	return rows;
}

static void show(struct page *page, int status, const struct visit *visit)
{
	bool cancelled = visit->state == VISIT_CANCELLED;
	bool open = visit->state == VISIT_BOOKED || visit->state == VISIT_REQUESTED;
	bool ahead = open && page->service->now.s < visit->start.s;
	page_render(page, status, "messages/cancel",
		    json_pack("{s:o, s:b, s:b, s:b, s:s++}", "rows", rows_of(page, visit), "ahead",
			      ahead, "cancelled", cancelled, "late", !ahead && !cancelled, "action",
			      "/cancel/", visit->reference.text,
			      arena_printf(page->arena, "/%.*s", STR_FMT(page_param(page, 1)))));
}

static void ask(struct page *page)
{
	struct visit visit;
	if (find_visit(page, &visit))
		show(page, 200, &visit);
}

static void cancel(struct page *page)
{
	struct visit visit;
	if (!find_visit(page, &visit))
		return;
	struct actor booker = { .role = ROLE_FAMILY, .account = visit.booker };
	enum err err = visit_cancel(page->service, &booker, visit.reference, STR(""));
	if (err != OK && err != ERR_CONFLICT)
		return page_failed(page, err);
	page->actor = booker;
	if (err == OK)
		live_changed(page, visit.reference);
	if (visit_find(page->service, &SYSTEM, page->arena, visit.reference, &visit) != OK)
		return page_failed(page, ERR_DB);
	if (err == ERR_CONFLICT && visit.state != VISIT_CANCELLED)
		return show(page, 409, &visit);
	page_redirect(page, "/cancel/%s/%.*s", visit.reference.text, STR_FMT(page_param(page, 1)));
}

static const struct route rows[] = {
	{ METHOD_GET, "/cancel/{reference}/{proof}", WHO_ANYONE, .handler = ask },
	{ METHOD_POST, "/cancel/{reference}/{proof}", WHO_ANYONE, BODY_FORM, .handler = cancel },
};

const struct route_group cancel_link_routes = { rows, ARRAY_LEN(rows) };
