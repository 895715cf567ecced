#include "web/waiting_page.h"

#include <string.h>

#include "base/assert.h"
#include "service/waiting.h"
#include "web/offer_page.h"
#include "web/standby_page.h"
#include "web/view.h"

enum {
	MINUTES_MAX = 24 * 60,
};

/* ---- what one wishes ---- */

/* In the order of enum waiting_hours. */
static const char *const HOURS[] = { "any", "morning", "afternoon", "evening", NULL };

static json_t *named(const struct page *page, const char *group, const char *name)
{
	return json_string(
	    page_word(page, arena_printf(page->arena, "waiting.%s.%s", group, name)));
}

static void offer_wishes(struct page *page, struct form *form, enum visit_kind kind)
{
	json_t *hours = json_array(), *ways = json_array();
	for (size_t i = 0; HOURS[i]; i++)
		json_array_append_new(hours, view_choice(json_string(HOURS[i]),
							 named(page, "hours", HOURS[i]), NULL));
	json_array_append_new(ways, view_choice(json_string("automatic"),
						named(page, "ways", "automatic"),
						named(page, "ways", "automatic_hint")));
	if (kind == VISIT_SOCIAL)
		json_array_append_new(
		    ways, view_choice(json_string("short"), named(page, "ways", "short"), NULL));
	form_options(form, "hours", hours);
	form_options(form, "ways", ways);
}

static void show_wish(struct page *page, struct form *form, const struct waiting_wish *wish)
{
	form_default(form, "hours", str_from(HOURS[waiting_hours_of(wish)]));
	form_default(
	    form, "ways",
	    str_from(arena_printf(page->arena, "%s%s%s", wish->automatic ? "automatic" : "",
				  wish->automatic && wish->short_notice ? "," : "",
				  wish->short_notice ? "short" : "")));
}

static struct waiting_wish read_wish(struct form *form)
{
	int hours = form_choice(form, "hours", HOURS);
	struct waiting_wish wish = { .automatic = form_ticked(form, "ways", "automatic"),
				     .short_notice = form_ticked(form, "ways", "short") };
	waiting_hours_set(&wish, hours < 0 ? WAITING_HOURS_ANY : (enum waiting_hours)hours);
	return wish;
}

/* ---- the list ---- */

static json_t *card_of(struct page *page, const struct waiting_line *line)
{
	const struct waiting *w = &line->waiting;
	json_t *card = json_pack("{s:o, s:o, s:o, s:b, s:s}", "id", page_id(w->id), "prisoner",
				 page_str(w->prisoner_name), "asked",
				 page_date(page, local_date(w->need.asked_at)), "booked",
				 w->state == WAITING_BOOKED, "reference", w->reference.text);
	json_object_set_new(card, "when", w->start.s ? view_when(page, w->start) : json_string(""));
	if (line->has_standby) {
		struct message m = { .object = line->standby.id.n,
				     .account = line->standby.booker };
		bool agreed = line->standby.standby.state == STANDBY_AGREED;
		json_object_set_new(
		    card, "standby",
		    json_pack("{s:s, s:o, s:b, s:o}", "href", standby_link_path(page, &m), "start",
			      view_when(page, line->standby.standby.start), "agreed", agreed,
			      "answer_by", view_when(page, line->standby.standby.answer_until)));
	}
	if (!line->has_offer)
		return card;
	struct message m = { .object = line->offer.id.n, .account = line->offer.booker };
	json_object_set_new(card, "offer",
			    json_pack("{s:s, s:o, s:o}", "href", offer_link_path(page, &m),
				      "offered", view_when(page, line->offer.offer.start),
				      "answer_by",
				      view_when(page, line->offer.offer.answer_until)));
	return card;
}

enum err waiting_cards(struct page *page, json_t **out)
{
	struct waiting_lines lines = { 0 };
	enum err err = waiting_mine(page->service, &page->actor, page->arena, &lines);
	*out = json_array();
	for (size_t i = 0; err == OK && i < lines.count; i++)
		json_array_append_new(*out, card_of(page, &lines.list[i]));
	return err;
}

static void list(struct page *page)
{
	json_t *cards = NULL, *view = json_object();
	enum err err = waiting_cards(page, &cards);
	view_list(view, "waiting", cards);
	if (err != OK) {
		json_decref(view);
		return page_failed(page, err);
	}
	json_object_set_new(view, "back", json_string("/home"));
	page_render(page, 200, "waiting/list", view);
}

/* ---- one's wish, changed ---- */

static bool find_own(struct page *page, struct waiting *out)
{
	enum err err =
	    waiting_find(page->service, &page->actor, page->arena, page_param_id(page, 0), out);
	if (err == OK && out->state == WAITING_ENDED)
		err = ERR_NOT_FOUND;
	if (err != OK)
		page_failed(page, err);
	return err == OK;
}

static void show_change(struct page *page, struct form *form, const struct waiting *w)
{
	json_t *view = json_pack("{s:s, s:o, s:o, s:o}", "back", "/waiting", "id", page_id(w->id),
				 "prisoner", page_str(w->prisoner_name), "asked",
				 page_date(page, local_date(w->need.asked_at)));
	offer_wishes(page, form, w->need.kind);
	page_render_form(page, form, "waiting/change", view);
}

static void change_form(struct page *page)
{
	struct form *form = page_form(page, "waiting");
	struct waiting w = { 0 };
	if (!find_own(page, &w))
		return;
	show_wish(page, form, &w.wish);
	show_change(page, form, &w);
}

static void change(struct page *page)
{
	struct form *form = page_form(page, "waiting");
	struct waiting w = { 0 };
	struct waiting_wish wish = read_wish(form);
	if (!find_own(page, &w))
		return;
	if (!form_ok(form))
		return show_change(page, form, &w);
	enum err err = waiting_wish_set(page->service, &page->actor, w.id, &wish);
	if (err != OK)
		return page_failed(page, err);
	page_redirect(page, "/waiting?done=waiting_changed");
}

static void leave(struct page *page)
{
	enum err err = waiting_leave(page->service, &page->actor, page_param_id(page, 0));
	if (err != OK && err != ERR_CONFLICT)
		return page_failed(page, err);
	page_redirect(page, "/waiting?done=waiting_left");
}

/* ---- an earlier time than that of a visit ---- */

static bool find_visit(struct page *page, struct visit *out)
{
	struct reference reference;
	enum err err = ERR_NOT_FOUND;
	if (page_param_reference(page, 0, &reference))
		err = visit_find(page->service, &page->actor, page->arena, reference, out);
	if (err == OK && out->booker.n != page->actor.account.n)
		err = ERR_NOT_FOUND;
	if (err != OK)
		page_failed(page, err);
	return err == OK;
}

static void show_earlier(struct page *page, struct form *form, const struct visit *visit)
{
	json_t *view = json_pack("{s:o, s:s, s:o, s:o}", "back",
				 json_sprintf("/visits/%s", visit->reference.text), "reference",
				 visit->reference.text, "prisoner", page_str(visit->prisoner_name),
				 "when", view_when(page, visit->start));
	offer_wishes(page, form, visit->kind);
	page_render_form(page, form, "waiting/earlier", view);
}

static void earlier_form(struct page *page)
{
	struct form *form = page_form(page, "waiting");
	struct visit visit = { 0 };
	if (!find_visit(page, &visit))
		return;
	form_default(form, "hours", STR("any"));
	show_earlier(page, form, &visit);
}

static void earlier(struct page *page)
{
	struct form *form = page_form(page, "waiting");
	struct waiting_wish wish = read_wish(form);
	struct visit visit = { 0 };
	enum waiting_answer answer;
	int64_t id;
	if (!find_visit(page, &visit))
		return;
	if (!form_ok(form))
		return show_earlier(page, form, &visit);
	enum err err =
	    waiting_earlier(page->service, &page->actor, visit.reference, &wish, &answer, &id);
	if (err != OK)
		return page_failed(page, err);
	if (answer == WAITING_FINE)
		return page_redirect(page, "/waiting?done=waiting_earlier");
	form_mistake(form, "hours", "not_booked");
	show_earlier(page, form, &visit);
}

/* ---- a family, without a time ---- */

struct party {
	struct visit_request request;
	struct offer offer; /* the lengths that the sessions hold */
};

/* "12/34-56": the prisoner and the people of the path, as the pages of booking name them. */
static bool read_party(struct page *page, struct visit_request *out)
{
	struct str rest = page_param(page, 1);
	*out =
	    (struct visit_request){ .kind = VISIT_SOCIAL, .prisoner = { page_param_id(page, 0) } };
	while (!str_empty(rest)) {
		uint64_t id = 0;
		if (out->person_count == PARTY_MAX ||
		    !str_u64(str_cut(&rest, '-'), INT64_MAX, &id) || !id)
			return false;
		out->persons[out->person_count++].n = (int64_t)id;
	}
	return out->prisoner.n && out->person_count;
}

static bool find_party(struct page *page, struct party *out)
{
	struct offer_query query = { .kind = VISIT_SOCIAL, .days = OFFER_DAYS_MAX };
	enum err err = ERR_NOT_FOUND;
	if (read_party(page, &out->request)) {
		query.prisoner = out->request.prisoner;
		query.person_count = out->request.person_count;
		memcpy(query.persons, out->request.persons, sizeof query.persons);
		err = offer_times(page->service, &page->actor, page->arena, &query, &out->offer);
	}
	if (err != OK)
		page_failed(page, err);
	return err == OK;
}

static void show_new(struct page *page, struct form *form, const struct party *party)
{
	const struct offer *offer = &party->offer;
	json_t *lengths = json_array();
	for (size_t i = 0; i < offer->length_count; i++)
		json_array_append_new(lengths, view_choice(json_sprintf("%d", offer->lengths[i]),
							   view_word(page, "family.rows.minutes",
								     json_pack("{s:i}", "minutes",
									       offer->lengths[i])),
							   NULL));
	form_options(form, "minutes", lengths);
	offer_wishes(page, form, VISIT_SOCIAL);
	const char *path =
	    arena_printf(page->arena, "%lld/%.*s", (long long)party->request.prisoner.n,
			 STR_FMT(page_param(page, 1)));
	json_t *view =
	    json_pack("{s:s, s:s, s:o, s:b}", "back", arena_printf(page->arena, "/book/%s", path),
		      "path", path, "prisoner", page_str(offer->prisoner.name), "has_lengths",
		      offer->length_count > 0);
	page_render_form(page, form, "waiting/new", view);
}

static void new_form(struct page *page)
{
	struct form *form = page_form(page, "waiting");
	struct party party = { 0 };
	if (!find_party(page, &party))
		return;
	form_default(form, "hours", STR("any"));
	if (party.offer.length_count)
		form_default(form, "minutes",
			     str_from(arena_printf(page->arena, "%d", party.offer.lengths[0])));
	show_new(page, form, &party);
}

/* One of the lengths that are shown. */
static int read_minutes(struct form *form, const struct offer *offer)
{
	uint64_t minutes = 0;
	(void)str_u64(form_raw(form, "minutes"), MINUTES_MAX, &minutes);
	for (size_t i = 0; i < offer->length_count; i++)
		if (offer->lengths[i] == (int)minutes)
			return (int)minutes;
	form_mistake(form, "minutes", "missing");
	return 0;
}

static void new (struct page *page)
{
	static const char *const MISTAKES[WAITING_ANSWER_COUNT] = {
		[WAITING_NOT_PARTY] = "not_party",
		[WAITING_TOO_MANY] = "too_many",
		[WAITING_ALREADY] = "already",
		[WAITING_NOT_BOOKED] = "not_booked",
	};
	struct form *form = page_form(page, "waiting");
	struct waiting_wish wish = read_wish(form);
	struct party party = { 0 };
	enum waiting_answer answer;
	struct verdict verdict;
	int64_t id;
	if (!find_party(page, &party))
		return;
	party.request.minutes = read_minutes(form, &party.offer);
	if (!form_ok(form))
		return show_new(page, form, &party);
	enum err err =
	    waiting_ask(page->service, &page->actor, &party.request, &wish, &answer, &verdict, &id);
	if (err != OK)
		return page_failed(page, err);
	if (answer == WAITING_FINE)
		return page_redirect(page, "/waiting?done=waiting_asked");
	form_mistake(form, "hours", MISTAKES[answer]);
	show_new(page, form, &party);
}

static const struct route rows[] = {
	{ METHOD_GET, "/waiting", WHO_FAMILY, .handler = list },
	{ METHOD_GET, "/waiting/{waiting}", WHO_FAMILY, .handler = change_form },
	{ METHOD_POST, "/waiting/{waiting}", WHO_FAMILY, BODY_FORM, .handler = change },
	{ METHOD_POST, "/waiting/{waiting}/leave", WHO_FAMILY, BODY_FORM, .handler = leave },
	{ METHOD_GET, "/waiting/new/{prisoner}/{party}", WHO_FAMILY, .handler = new_form },
	{ METHOD_POST, "/waiting/new/{prisoner}/{party}", WHO_FAMILY, BODY_FORM, .handler = new },
	{ METHOD_GET, "/visits/{reference}/earlier", WHO_FAMILY, .handler = earlier_form },
	{ METHOD_POST, "/visits/{reference}/earlier", WHO_FAMILY, BODY_FORM, .handler = earlier },
};

const struct route_group waiting_routes = { rows, ARRAY_LEN(rows) };
