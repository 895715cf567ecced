#include "web/staff_approvals.h"

#include <stdlib.h>

#include "base/assert.h"
#include "service/approval.h"
#include "service/identity.h"
#include "service/look.h"
#include "service/reach.h"
#include "web/adjustment_page.h"
#include "web/identity_page.h"
#include "web/queue.h"
#include "web/relationship.h"
#include "web/view.h"

enum {
	WHO_DECIDES = WHO_CONTACTS | WHO_GOVERNOR,
};

enum {
	REASON_MAX_CHARACTERS = 400,
	DECIDED_SHOWN = 20,
};

/* ---- the list ---- */

static json_t *case_line(const struct page *page, const struct contact_case *c)
{
	const struct contact *contact = &c->contact;
	json_t *line = json_pack(
	    "{s:o, s:o, s:o, s:o, s:s, s:o}", "id", page_id(contact->id.n), "person",
	    page_str(contact->person.name), "born", view_date(page, contact->person.born),
	    "prisoner", page_str(contact->prisoner.name), "number", contact->prisoner.number.text,
	    "relationship", relationship_of(page, contact));
	json_object_set_new(line, "tag", view_contact_tag(page, contact->state));
	json_object_set_new(line, "asked", page_time(page, contact->requested_at));
	json_object_set_new(line, "decided", page_time(page, contact->decided_at));
	return line;
}

static json_t *case_lines(const struct page *page, const struct contact_case_list *cases,
			  size_t max)
{
	json_t *lines = json_array();
	for (size_t i = 0; i < cases->count && i < max; i++)
		json_array_append_new(lines, case_line(page, &cases->list[i]));
	return lines;
}

/* Somebody who waits, with what decides where they stand in the list. */
struct pending {
	const struct contact_case *c;
	struct identity_case identity;
	bool waits; /* for photos that are to be sent */
};

/* What staff can decide now first, the one that is due first before all; then who has to send photos. */
static int by_due(const void *a, const void *b)
{
	const struct pending *x = a, *y = b;
	if (x->waits != y->waits)
		return x->waits ? 1 : -1;
	if (x->identity.due.s != y->identity.due.s)
		return x->identity.due.s < y->identity.due.s ? -1 : 1;
	return x->c < y->c ? -1 : x->c > y->c;
}

static const char *standing_of(const struct page *page, const struct pending *p)
{
	if (p->waits)
		return "waits";
	return p->identity.due.s <= page->service->now.s ? "overdue" : "ready";
}

static void take(struct queue *queue, const struct pending *p)
{
	struct page *page = queue->page;
	const struct contact *contact = &p->c->contact;
	const char *standing = standing_of(page, p);
	json_t *line;
	struct queue_line asked = {
		.it = p,
		.key = arena_printf(page->arena, "%lld", (long long)contact->id.n),
		.name = contact->prisoner.name,
		.number = contact->prisoner.number,
		.visitor = contact->person.name,
		.when = contact->requested_at,
		.cause_count = 1,
		.causes = { { standing,
			      page_word(page, arena_printf(page->arena, "queue.approvals.%s",
							   standing)) } },
	};
	if (!queue_takes(queue, &asked, &line))
		return;
	json_object_update_new(line, case_line(page, p->c));
	identity_show_case(page, contact, &p->identity, line);
}

static enum err load(struct queue *queue)
{
	struct page *page = queue->page;
	struct contact_case_list cases = { 0 };
	enum err err = contacts_pending(page->service, &page->actor, page->arena, &cases);
	size_t count = cases.count;
	struct pending *all = arena_new(page->arena, count + 1, sizeof *all);
	struct identity_case *found = arena_new(page->arena, count + 1, sizeof *found);
	const struct contact **contacts = arena_new(page->arena, count + 1, sizeof *contacts);
	for (size_t i = 0; i < count; i++)
		contacts[i] = &cases.list[i].contact;
	if (err == OK)
		err = identity_cases_find(page->service, &page->actor, page->arena, contacts, count,
					  found);
	if (err != OK)
		return err;
	for (size_t i = 0; i < count; i++)
		all[i] = (struct pending){ .c = &cases.list[i],
					   .identity = found[i],
					   .waits = identity_case_waits(contacts[i], &found[i]) };
	qsort(all, count, sizeof *all, by_due);
	for (size_t i = 0; i < count; i++)
		take(queue, &all[i]);
	return OK;
}

static void show_list(struct queue *queue, struct form *form)
{
	struct page *page = queue->page;
	struct contact_case_list decided = { 0 };
	json_t *view = json_object();
	enum err err = contacts_decided(page->service, &page->actor, page->arena, &decided);
	if (err == OK)
		err = adjustments_add_waiting(page, view);
	view_list(view, "decided", case_lines(page, &decided, DECIDED_SHOWN));
	if (err == OK)
		return queue_render(queue, form, page_is_for(page, WHO_DECIDES), "staff/approvals",
				    view);
	json_decref(view);
	page_failed(page, err);
}

static enum err stop(const struct page *page, json_t *stops, const char *name)
{
	const char *path = arena_printf(page->arena, "queue.stops.%s", name);
	json_array_append_new(stops, json_string(page_word(page, path)));
	return OK;
}

/* Photos that were sent are looked at one by one before anybody is approved by them. */
static enum err decide_one(struct queue *queue, const void *it, int decision, struct str reason,
			   json_t *stops)
{
	struct page *page = queue->page;
	const struct pending *p = it;
	bool approves = decision == 0, missing = false;
	struct contact_decision d = { .to = approves ? CONTACT_APPROVED : CONTACT_REJECTED,
				      .reason = reason,
				      .why = approves ? CONTACT_WHY_NONE : CONTACT_WHY_DECISION };
	if (approves && p->identity.visible)
		return stop(page, stops, "photos");
	enum err err =
	    contact_decide_by(page->service, &page->actor, p->c->contact.id, &d, &missing);
	if (err == OK && missing)
		return stop(page, stops, "no_photos");
	if (err == ERR_CONFLICT)
		return stop(page, stops, "changed");
	if (err == ERR_DENIED) /* the role may: an order keeps these two apart */
		return stop(page, stops, "apart");
	return err;
}

static const struct queue_kind KIND = {
	.list = "/staff/approvals",
	.here = "approvals",
	.form = "queue_approvals",
	.words = "queue.approvals",
	.done = "approvals_decided",
	.decisions = "staff.approval",
	.names = { "approve", "reject", NULL },
	.reason_from = 1,
	.load = load,
	.decide = decide_one,
	.show = show_list,
};

static void approvals(struct page *page)
{
	queue_list(page, &KIND);
}

static void chosen(struct page *page)
{
	queue_chosen(page, &KIND);
}

/* ---- one of them ---- */

static json_t *born_and_age(const struct page *page, struct date born)
{
	int age = date_age(born, local_date(page->service->now));
	return view_word(page, "staff.approval.rows.age",
			 json_pack("{s:o, s:i}", "born", view_date(page, born), "age", age));
}

/* What the prison's own list says. */
static json_t *listed_lines(const struct page *page, const struct contact_case *c)
{
	json_t *lines = json_array();
	json_array_append_new(
	    lines, json_string(page_word(page, c->listed_approved ? "staff.approval.listed_yes"
								  : "staff.approval.listed_no")));
	json_array_append_new(lines, page_str(c->listed_as));
	return lines;
}

/* Of a visitor without e-mail staff keep number and address. */
static void add_booker_link(const struct page *page, const struct contact_case *c, json_t *rows)
{
	struct account account;
	long long id = (long long)c->contact.id.n;
	if (!page_is_for(page, WHO_WAYS))
		return;
	if (str_empty(c->booker_email)) {
		view_row_change(page, rows, "/staff/approvals/%lld/reach", id);
		view_row_change_word(page, rows, "reach.visitor.change");
	} else if (visitor_email_find(page->service, &page->actor, page->arena, c->contact.id,
				      &account) == OK) {
		view_row_change(page, rows, "/staff/approvals/%lld/no-email", id);
		view_row_change_word(page, rows, "reach.no_email.link");
	}
}

static json_t *case_rows(const struct page *page, const struct contact_case *c)
{
	const struct contact *contact = &c->contact;
	json_t *rows = json_array(), *booker = json_array(), *prisoner = json_array();
	json_array_append_new(booker, page_str(c->booker_name));
	if (str_empty(c->booker_email))
		json_array_append_new(booker,
				      json_string(page_word(page, "reach.visitor.no_email")));
	else
		json_array_append_new(booker, page_str(c->booker_email));
	json_array_append_new(prisoner, page_str(contact->prisoner.name));
	json_array_append_new(prisoner, json_string(contact->prisoner.number.text));
	view_row(page, rows, "staff.approval.rows.visitor", page_str(contact->person.name));
	view_row(page, rows, "staff.approval.rows.born", born_and_age(page, contact->person.born));
	view_row_lines(page, rows, "staff.approval.rows.prisoner", prisoner);
	view_row(page, rows, "staff.approval.rows.relationship", relationship_of(page, contact));
	if (c->listed)
		view_row_lines(page, rows, "staff.approval.rows.listed", listed_lines(page, c));
	view_row_lines(page, rows, "staff.approval.rows.booker", booker);
	add_booker_link(page, c, rows);
	view_row(page, rows, "staff.approval.rows.asked", view_when(page, contact->requested_at));
	if (contact->decided_at.s != 0)
		view_row(page, rows, "staff.approval.rows.decided",
			 view_when(page, contact->decided_at));
	if (!str_empty(contact->reason))
		view_row(page, rows, "staff.approval.rows.reason", page_str(contact->reason));
	return rows;
}

/* The decisions that are possible from here. */
static json_t *decisions(const struct page *page, enum contact_state from)
{
	json_t *items = json_array();
	if (contact_may_become(from, CONTACT_APPROVED))
		json_array_append_new(
		    items,
		    view_choice(json_string("approve"),
				json_string(page_word(page, "staff.approval.approve")), NULL));
	if (contact_may_become(from, CONTACT_REJECTED))
		json_array_append_new(
		    items,
		    view_choice(json_string("reject"),
				json_string(page_word(page, "staff.approval.reject")), NULL));
	return items;
}

static json_t *whys(const struct page *page)
{
	json_t *items = json_array();
	for (unsigned i = CONTACT_WHY_NONE + 1; i < CONTACT_WHY_COUNT; i++) {
		const char *name = contact_why_name((enum contact_why)i);
		const char *word =
		    page_word(page, arena_printf(page->arena, "identity.whys_staff.%s", name));
		json_array_append_new(items,
				      view_choice(json_string(name), json_string(word), NULL));
	}
	return items;
}

static json_t *seen(const struct page *page)
{
	json_t *items = json_array();
	json_array_append_new(
	    items, view_choice(json_string("yes"),
			       json_string(page_word(page, "identity.staff.seen")), NULL));
	return items;
}

/* ---- what stands before it, and who decides ---- */

/* "Contacts authoriser, Duty governor"; empty: nobody here. */
static const char *roles_text(const struct page *page, unsigned roles)
{
	const char *text = "";
	for (unsigned i = 0; i < ROLE_COUNT; i++) {
		if (!(roles >> i & 1U) || !role_is_staff((enum role)i))
			continue;
		const char *path =
		    arena_printf(page->arena, "staff.roles.%s", role_name((enum role)i));
		text = arena_printf(page->arena, "%s%s%s", text, *text ? ", " : "",
				    page_word(page, path));
	}
	return text;
}

static json_t *before(const struct page *page, const char *path, unsigned roles)
{
	return json_pack("{s:s, s:s}", "text", page_word(page, path), "who",
			 roles_text(page, roles));
}

static json_t *stops_shown(const struct page *page, unsigned stops)
{
	json_t *list = json_array();
	for (unsigned i = CONTACT_STOP_STATE + 1; i < CONTACT_STOP_COUNT; i++) {
		enum contact_stop stop = (enum contact_stop)i;
		const char *path =
		    arena_printf(page->arena, "staff.before.stops.%s", contact_stop_name(stop));
		if (stops & CONTACT_STOP_BIT(stop))
			json_array_append_new(list,
					      before(page, path, contact_stop_deciders(stop)));
	}
	return list;
}

/* What is told of an order already stands among the stops. */
static json_t *visits_shown(const struct page *page, struct verdict verdict)
{
	json_t *list = json_array();
	for (unsigned i = BOOKING_OK + 1; i < BOOKING_COUNT; i++) {
		enum booking issue = (enum booking)i;
		const char *path = arena_printf(page->arena, "times.rules.%s", booking_name(issue));
		if (issue != BOOKING_NO_CONTACT && verdict_has(verdict, issue))
			json_array_append_new(list,
					      before(page, path, contact_visit_deciders(issue)));
	}
	return list;
}

/* Of a request; of what is decided, who may decide anew alone. */
static enum err add_outlook(struct page *page, const struct contact *contact, json_t *view)
{
	struct contact_outlook outlook;
	enum err err =
	    contact_outlook_find(page->service, &page->actor, page->arena, contact, &outlook);
	if (err != OK)
		return err;
	bool open = !(outlook.stops & CONTACT_STOP_BIT(CONTACT_STOP_STATE));
	json_object_set_new(view, "undecided", json_boolean(open));
	json_object_set_new(view, "reads", json_boolean(!page_is_for(page, WHO_DECIDES)));
	json_object_set_new(view, "deciders", json_string(roles_text(page, contact_deciders())));
	view_list(view, "stops", open ? stops_shown(page, outlook.stops) : json_array());
	view_list(view, "later", visits_shown(page, outlook.visits));
	return OK;
}

static void approval(struct page *page)
{
	struct form *form = page_form(page, "approval");
	struct contact_id id = { page_param_id(page, 0) };
	struct contact_case c;
	enum err err = contact_find(page->service, &page->actor, page->arena, id, &c);
	if (err == OK && page->request->method == METHOD_GET)
		err = visitor_looked_at(page->service, &page->actor, c.contact.person.id, 1);
	if (err != OK)
		return page_failed(page, err);
	json_t *items = decisions(page, c.contact.state);
	bool open = page_is_for(page, WHO_DECIDES) && json_array_size(items) > 0;
	json_t *view = json_pack("{s:s, s:o, s:o, s:o, s:o, s:b}", "back", "/staff/approvals", "id",
				 page_id(id.n), "person", page_str(c.contact.person.name), "tag",
				 view_contact_tag(page, c.contact.state), "rows",
				 case_rows(page, &c), "may_decide", open);
	form_options(form, "decision", items);
	form_options(form, "why", whys(page));
	form_options(form, "seen", seen(page));
	form_default(form, "relationship", c.contact.relationship_code);
	err = relationship_options(page, form, "relationship");
	if (err == OK)
		err = adjustments_add_of(page, id, view);
	if (err == OK)
		err = identity_add_case(page, &c.contact, view);
	if (err == OK)
		err = add_outlook(page, &c.contact, view);
	if (err != OK) {
		json_decref(view);
		return page_failed(page, err);
	}
	view_here(view, "approvals");
	page_render_form(page, form, "staff/approval", view);
}

static void decide(struct page *page)
{
	static const char *const words[] = { "approve", "reject", NULL };
	static const enum contact_state states[] = { CONTACT_APPROVED, CONTACT_REJECTED };
	struct form *form = page_form(page, "approval");
	struct contact_id id = { page_param_id(page, 0) };
	int choice = form_choice(form, "decision", words);
	struct str reason = form_lines(form, "reason", 0, REASON_MAX_CHARACTERS);
	enum contact_why why = CONTACT_WHY_NONE;
	if (choice == 1 &&
	    (!contact_why_of(form_raw(form, "why"), &why) || why == CONTACT_WHY_NONE))
		form_mistake(form, "why", "missing");
	if (choice == 1 && str_empty(reason))
		form_mistake(form, "reason", "missing");
	if (reason.len > REASON_MAX)
		form_mistake(form, "reason", "too_long");
	if (!form_ok(form))
		return approval(page);
	struct contact_decision decision = { .to = states[choice],
					     .reason = reason,
					     .why = why,
					     .identity_seen = form_ticked(form, "seen", "yes"),
					     .relationship_code = form_raw(form, "relationship") };
	bool identity_missing;
	enum err err =
	    contact_decide_by(page->service, &page->actor, id, &decision, &identity_missing);
	if (err == OK && identity_missing) {
		form_mistake(form, "seen", "missing");
		return approval(page);
	}
	if (err == ERR_CONFLICT) {
		form_mistake(form, "decision", "conflict");
		return approval(page);
	}
	if (err == ERR_BAD) {
		form_mistake(form, "relationship", "unknown");
		return approval(page);
	}
	if (err == ERR_DENIED) { /* the role may: an order keeps these two apart */
		form_mistake(form, "decision", "barred");
		return approval(page);
	}
	if (err != OK)
		return page_failed(page, err);
	page_redirect(page, "/staff/approvals?done=%s", choice == 0 ? "approved" : "rejected");
}

static const struct route rows[] = {
	{ METHOD_GET, "/staff/approvals", WHO_PRISON, .handler = approvals },
	{ METHOD_POST, "/staff/approvals/chosen", WHO_DECIDES, BODY_FORM, .handler = chosen },
	{ METHOD_GET, "/staff/approvals/{contact}", WHO_PRISON, .handler = approval },
	{ METHOD_POST, "/staff/approvals/{contact}", WHO_DECIDES, BODY_FORM, .handler = decide },
};

const struct route_group staff_approvals_routes = { rows, ARRAY_LEN(rows) };
