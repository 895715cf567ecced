#include "web/ask_page.h"

#include <string.h>

#include "base/assert.h"
#include "service/ask.h"
#include "service/pin.h"
#include "service/safeguard.h"
#include "web/queue.h"
#include "web/view.h"

enum {
	WHO_ASK_DECIDES = WHO_CLERK | WHO_CONTACTS | WHO_GOVERNOR,
	WHO_PIN = WHO_CLERK | WHO_ADMIN | WHO_GOVERNOR,
};

enum {
	REASON_CHARACTERS = 400,
};

/* ---- the family ---- */

static json_t *ask_card(struct page *page, const struct visit_ask *ask)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o}", "id", page_id(ask->id.n), "prisoner",
			 page_str(ask->prisoner_name), "prisoner_id", page_id(ask->prisoner.n),
			 "visitor", page_str(ask->person_name), "asked",
			 page_date(page, local_date(ask->asked_at)));
}

enum err ask_cards(struct page *page, json_t **out)
{
	struct visit_ask_list asks = { 0 };
	json_t *cards = json_array();
	enum err err = asks_mine(page->service, &page->actor, page->arena, &asks);
	for (size_t i = 0; i < asks.count && err == OK; i++)
		json_array_append_new(cards, ask_card(page, &asks.list[i]));
	*out = cards;
	return err;
}

static const char *const ANSWERS[] = { "now", "never", NULL };

static void decline_show(struct page *page, struct form *form)
{
	struct visit_ask ask;
	json_t *items = json_array();
	enum err err = ask_mine_find(page->service, &page->actor, page->arena,
				     (struct ask_id){ page_param_id(page, 0) }, &ask);
	for (size_t i = 0; ANSWERS[i]; i++) {
		const char *word = arena_printf(page->arena, "asks.answers.%s", ANSWERS[i]);
		json_array_append_new(items, view_choice(json_string(ANSWERS[i]),
							 json_string(page_word(page, word)), NULL));
	}
	form_options(form, "answer", items);
	if (err != OK)
		return page_failed(page, err);
	json_t *view = ask_card(page, &ask);
	json_object_set_new(view, "back", json_string("/home"));
	page_render_form(page, form, "asks/decline", view);
}

static void decline(struct page *page)
{
	decline_show(page, page_form(page, "ask_decline"));
}

static void declined(struct page *page)
{
	struct form *form = page_form(page, "ask_decline");
	int answer = form_choice(form, "answer", ANSWERS);
	if (!form_ok(form))
		return decline_show(page, form);
	enum err err = ask_decline(page->service, &page->actor,
				   (struct ask_id){ page_param_id(page, 0) }, answer == 1);
	if (err != OK)
		return page_failed(page, err);
	page_redirect(page, "/home?done=%s", answer == 1 ? "asks_stopped" : "ask_declined");
}

/* ---- staff: what waits ---- */

static const char *const DECISIONS[] = { "yes", "no", NULL };

/* Of either kind, as the list has it. */
struct listed {
	bool visit; /* else a contact */
	struct ask_id id;
};

static void take(struct queue *queue, struct listed ask, struct queue_line line)
{
	const struct page *page = queue->page;
	const char *kind = ask.visit ? "visit" : "contact";
	struct listed *it = arena_new(page->arena, 1, sizeof *it);
	json_t *view;
	*it = ask;
	line.it = it;
	line.key = arena_printf(page->arena, "%s%lld", kind, (long long)ask.id.n);
	line.cause_count = 1;
	line.causes[0] = (struct queue_cause){
		kind, page_word(page, arena_printf(page->arena, "asks.kinds.%s", kind))
	};
	if (!queue_takes(queue, &line, &view))
		return;
	json_object_set_new(view, "kind", json_string(kind));
	json_object_set_new(view, "id", page_id(ask.id.n));
}

static void take_visit(struct queue *queue, const struct visit_ask *a)
{
	take(queue, (struct listed){ true, a->id },
	     (struct queue_line){ .name = a->prisoner_name,
				  .number = a->prisoner_number,
				  .visitor = a->person_name,
				  .when = a->asked_at });
}

static void take_contact(struct queue *queue, const struct contact_ask *a)
{
	take(queue, (struct listed){ false, a->id },
	     (struct queue_line){ .name = a->prisoner_name,
				  .number = a->prisoner_number,
				  .visitor = a->name,
				  .when = a->asked_at });
}

/* Both kinds together, the oldest first. */
static enum err load(struct queue *queue)
{
	struct page *page = queue->page;
	struct asks_waiting w = { 0 };
	size_t v = 0, c = 0;
	enum err err = asks_waiting(page->service, &page->actor, page->arena, &w);
	while (err == OK && (v < w.visits.count || c < w.contacts.count)) {
		bool visit = c == w.contacts.count ||
			     (v < w.visits.count &&
			      w.visits.list[v].asked_at.s <= w.contacts.list[c].asked_at.s);
		if (visit)
			take_visit(queue, &w.visits.list[v++]);
		else
			take_contact(queue, &w.contacts.list[c++]);
	}
	return err;
}

static void show_list(struct queue *queue, struct form *form)
{
	queue_render(queue, form, page_is_for(queue->page, WHO_ASK_DECIDES), "asks/waiting",
		     json_object());
}

static enum err decide_ask(struct page *page, struct listed ask, bool yes, struct str reason)
{
	return ask.visit ? visit_ask_decide(page->service, &page->actor, ask.id, yes, reason)
			 : contact_ask_decide(page->service, &page->actor, ask.id, yes, reason);
}

static enum err decide_one(struct queue *queue, const void *it, int decision, struct str reason,
			   json_t *stops)
{
	const struct listed *ask = it;
	struct page *page = queue->page;
	enum err err = decide_ask(page, *ask, decision == 0, reason);
	if (err != ERR_CONFLICT && err != ERR_DENIED)
		return err;
	const char *why = err == ERR_CONFLICT ? "queue.stops.changed" : "queue.stops.apart";
	json_array_append_new(stops, json_string(page_word(page, why)));
	return OK;
}

static const struct queue_kind KIND = {
	.list = "/staff/asks",
	.here = "asks",
	.form = "queue_asks",
	.words = "queue.asks",
	.done = "asks_decided",
	.decisions = "queue.asks.decisions",
	.names = { "yes", "no", NULL },
	.reason_from = 1,
	.load = load,
	.decide = decide_one,
	.show = show_list,
};

static void waiting(struct page *page)
{
	queue_list(page, &KIND);
}

static void chosen(struct page *page)
{
	queue_chosen(page, &KIND);
}

/* ---- staff: one of them ---- */

struct subject {
	bool visit; /* else a contact */
	bool open;
	struct ask_id id;
	struct str prisoner_name;
	struct prisoner_number number;
	struct str visitor;
	struct str relationship; /* of a contact */
	struct wall asked_at;
};

static enum err find_visit_ask(struct page *page, struct subject *out)
{
	struct visit_ask ask;
	enum err err = visit_ask_find(page->service, &page->actor, page->arena, out->id, &ask);
	if (err != OK)
		return err;
	out->open = ask.state == ASK_STAFF && page->service->now.s < ask.lapses_at.s;
	out->prisoner_name = ask.prisoner_name;
	out->number = ask.prisoner_number;
	out->visitor = ask.person_name;
	out->asked_at = ask.asked_at;
	return OK;
}

static enum err find_contact_ask(struct page *page, struct subject *out)
{
	struct contact_ask ask;
	enum err err = contact_ask_find(page->service, &page->actor, page->arena, out->id, &ask);
	if (err != OK)
		return err;
	out->open = ask.state == CONTACT_ASK_OPEN;
	out->prisoner_name = ask.prisoner_name;
	out->number = ask.prisoner_number;
	out->visitor = ask.name;
	out->relationship = ask.relationship;
	out->asked_at = ask.asked_at;
	return OK;
}

/* False after answering. */
static bool find_subject(struct page *page, struct subject *out)
{
	struct str kind = page_param(page, 0);
	*out = (struct subject){ .visit = str_is(kind, "visit"), .id = { page_param_id(page, 1) } };
	enum err err = ERR_NOT_FOUND;
	if (out->visit)
		err = find_visit_ask(page, out);
	else if (str_is(kind, "contact"))
		err = find_contact_ask(page, out);
	if (err != OK)
		page_failed(page, err);
	return err == OK;
}

static json_t *subject_rows(struct page *page, const struct subject *s)
{
	json_t *rows = json_array();
	view_row(page, rows, "asks.rows.prisoner", page_str(s->prisoner_name));
	view_row(page, rows, "asks.rows.number", json_string(s->number.text));
	view_row(page, rows, "asks.rows.visitor", page_str(s->visitor));
	if (!s->visit)
		view_row(page, rows, "asks.rows.relationship", page_str(s->relationship));
	view_row(page, rows, "asks.rows.asked", view_when(page, s->asked_at));
	return rows;
}

static void subject_show(struct page *page, struct form *form, const struct subject *s)
{
	json_t *items = json_array();
	for (size_t i = 0; DECISIONS[i]; i++) {
		const char *word = arena_printf(
		    page->arena, s->visit ? "asks.visit.%s" : "asks.contact.%s", DECISIONS[i]);
		json_array_append_new(items, view_choice(json_string(DECISIONS[i]),
							 json_string(page_word(page, word)), NULL));
	}
	form_options(form, "decision", items);
	const char *heading =
	    page_word(page, s->visit ? "asks.visit.heading" : "asks.contact.heading");
	bool decides = s->open && page_is_for(page, WHO_ASK_DECIDES);
	json_t *view = json_pack("{s:s, s:s, s:s, s:o, s:b, s:b, s:s}", "heading", heading, "title",
				 heading, "back", "/staff/asks", "rows", subject_rows(page, s),
				 "open", (int)s->open, "may_decide", (int)decides, "action",
				 arena_text(page->arena, page->request->path));
	view_here(view, "asks");
	page_render_form(page, form, "asks/one", view);
}

static void subject(struct page *page)
{
	struct subject s;
	struct form *form = page_form(page, "ask_decide");
	if (find_subject(page, &s))
		subject_show(page, form, &s);
}

static void subject_decided(struct page *page)
{
	struct subject s;
	struct form *form = page_form(page, "ask_decide");
	int decision = form_choice(form, "decision", DECISIONS);
	struct str reason = form_lines(form, "reason", decision == 1 ? 1 : 0, REASON_CHARACTERS);
	if (reason.len > REASON_MAX)
		form_mistake(form, "reason", "too_long");
	if (!find_subject(page, &s))
		return;
	if (!form_ok(form))
		return subject_show(page, form, &s);
	enum err err = decide_ask(page, (struct listed){ s.visit, s.id }, decision == 0, reason);
	if (err == ERR_CONFLICT)
		form_mistake(form, "decision", "conflict");
	else if (err == ERR_DENIED)
		form_mistake(form, "decision", "denied");
	else if (err != OK)
		return page_failed(page, err);
	if (!form_ok(form))
		return subject_show(page, form, &s);
	page_redirect(page, "/staff/asks?done=ask_decided");
}

/* ---- staff: a prisoner's PIN ---- */

struct pin_new {
	struct prisoner_number number;
	struct str name;
	char pin[PIN_LEN + 1];
};

static bool find_prisoner(struct page *page, struct prisoner *out)
{
	struct prisoner_number number;
	struct safeguards s;
	enum err err = ERR_NOT_FOUND;
	if (prisoner_number_of(page_param(page, 0), &number))
		err = safeguards_find(page->service, &page->actor, page->arena, number, &s);
	if (err == OK)
		*out = s.prisoner;
	else
		page_failed(page, err);
	return err == OK;
}

static json_t *pin_view(struct page *page, struct prisoner_number number, struct str name)
{
	const char *back = arena_printf(page->arena, "/staff/people/%s", number.text);
	json_t *view = json_pack("{s:s, s:s, s:o}", "back", back, "number", number.text, "name",
				 page_str(name));
	view_here(view, "people");
	return view;
}

static void pin(struct page *page)
{
	struct prisoner prisoner;
	struct pin_overview overview = { 0 };
	if (!find_prisoner(page, &prisoner))
		return;
	enum err err =
	    pin_find(page->service, &page->actor, page->arena, prisoner.number, &overview);
	if (err != OK)
		return page_failed(page, err);
	json_t *view = pin_view(page, prisoner.number, prisoner.name);
	json_object_set_new(view, "set", json_boolean(overview.set));
	json_object_set_new(view, "since", view_when(page, overview.set_at));
	json_object_set_new(view, "paused", json_boolean(overview.state == PIN_PAUSED));
	json_object_set_new(view, "closed", json_boolean(overview.state == PIN_CLOSED));
	page_render(page, 200, "asks/pin", view);
}

/* Shown once, on this answer alone. */
static void pin_hashed(struct page *page)
{
	const struct pin_new *new = page->state;
	enum err err = pin_set(page->service, &page->actor, new->number, str_from(page->hash));
	if (err != OK)
		return page_failed(page, err);
	json_t *view = pin_view(page, new->number, new->name);
	json_object_set_new(view, "pin", json_sprintf("%.3s %s", new->pin, new->pin + PIN_LEN / 2));
	page_render(page, 200, "asks/pin-made", view);
}

static void pin_made(struct page *page)
{
	struct prisoner prisoner;
	struct pin_new *new = arena_new(page->arena, 1, sizeof *new);
	if (!find_prisoner(page, &prisoner))
		return;
	new->number = prisoner.number;
	new->name = prisoner.name;
	pin_make(page->service, new->pin);
	page_hash(page, str_from(new->pin), pin_hashed, new);
}

static const struct route rows[] = {
	{ METHOD_GET, "/asks/{ask}", WHO_FAMILY, .handler = decline },
	{ METHOD_POST, "/asks/{ask}", WHO_FAMILY, BODY_FORM, .handler = declined },
	{ METHOD_GET, "/staff/asks", WHO_PRISON, .handler = waiting },
	{ METHOD_POST, "/staff/asks/chosen", WHO_ASK_DECIDES, BODY_FORM, .handler = chosen },
	{ METHOD_GET, "/staff/asks/{kind}/{ask}", WHO_PRISON, .handler = subject },
	{ METHOD_POST, "/staff/asks/{kind}/{ask}", WHO_ASK_DECIDES, BODY_FORM,
	  .handler = subject_decided },
	{ METHOD_GET, "/staff/people/{number}/pin", WHO_PIN, .handler = pin },
	{ METHOD_POST, "/staff/people/{number}/pin", WHO_PIN, BODY_FORM, .handler = pin_made },
};

const struct route_group ask_routes = { rows, ARRAY_LEN(rows) };
