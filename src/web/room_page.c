#include "web/room_page.h"

#include "base/assert.h"
#include "service/device.h"
#include "service/live.h"
#include "service/recording.h"
#include "web/live.h"
#include "web/view.h"

/* Who may join from this device; false after answering. */
static bool find_join(struct page *page, struct join *join)
{
	struct reference reference;
	if (!page_param_reference(page, 0, &reference)) {
		page_not_found(page);
		return false;
	}
	enum err err = join_authorise(page->service, &page->actor, page->arena, reference, join);
	if (err != OK)
		page_failed(page, err);
	return err == OK;
}

static bool is_booker(const struct page *page, const struct join *join)
{
	return page->actor.role == ROLE_FAMILY && page->actor.account.n == join->visit.booker.n;
}

static json_t *room_view(const struct page *page, const struct join *join)
{
	bool booker = is_booker(page, join);
	json_t *view =
	    json_pack("{s:s, s:o, s:b}", "reference", join->visit.reference.text, "prisoner",
		      page_str(join->visit.prisoner_name), "booker", (int)booker);
	if (booker)
		json_object_set_new(view, "back",
				    json_sprintf("/visits/%s", join->visit.reference.text));
	else if (page->actor.role == ROLE_FAMILY)
		json_object_set_new(view, "back", json_string("/home"));
	return view;
}

static void closed(struct page *page, const struct join *join)
{
	json_t *view = room_view(page, join);
	const char *word =
	    arena_printf(page->arena, "family.joining.%s", joining_name(join->answer));
	json_object_set_new(view, "why", json_string(page_word(page, word)));
	page_render(page, 409, "family/room-closed", view);
}

/* ---- who sits here ---- */

static bool sits_here(const struct join *join, size_t i)
{
	const struct visit *visit = &join->visit;
	bool all = !visit->visitors[join->holder].sits_with.n && device_count(visit) == 1;
	return i == join->holder || device_seats(visit, join->holder, i) || all;
}

static bool has_chosen(const struct join *join)
{
	return join->visit.visitors[join->holder].sits_with.n != 0;
}

/* Somebody may sit here who may also come from a device of their own. */
static bool must_choose(const struct join *join)
{
	const struct visit *visit = &join->visit;
	if (has_chosen(join) || device_count(visit) == 1)
		return false;
	for (size_t i = 0; i < visit->visitor_count; i++)
		if (device_may_take(visit, join->holder, i))
			return true;
	return false;
}

static json_t *names_here(const struct join *join)
{
	json_t *names = json_array();
	for (size_t i = 0; i < join->visit.visitor_count; i++)
		if (sits_here(join, i))
			json_array_append_new(names, page_str(join->visit.visitors[i].name));
	return names;
}

static void room(struct page *page)
{
	struct join join;
	if (!find_join(page, &join))
		return;
	if (join.answer != JOINING_OK)
		return closed(page, &join);
	if (must_choose(&join))
		return page_redirect(page, "/visits/%s/room/people", join.visit.reference.text);
	json_t *view = room_view(page, &join);
	json_object_set_new(view, "telephone", page_telephone(&join.telephone));
	bool may_change =
	    join.visit.visitor_count > 1 && !device_has_admitted(&join.visit, join.holder);
	bool recorded = false;
	enum err err =
	    recording_is_wanted(page->service, join.visit.kind, join.visit.prison, &recorded);
	if (err != OK)
		return page_failed(page, err);
	json_object_set_new(view, "recorded", json_boolean(recorded));
	json_object_set_new(view, "here", names_here(&join));
	json_object_set_new(view, "may_change", json_boolean(may_change));
	page_render(page, 200, "family/room", view);
}

/* Who may be ticked, and the names of those who sit at another device. */
static void add_choices(struct page *page, struct form *form, json_t *view, const struct join *join)
{
	const struct visit *visit = &join->visit;
	json_t *items = json_array(), *elsewhere = json_array();
	char *chosen = arena_new(page->arena, 256, 1);
	for (size_t i = 0; i < visit->visitor_count; i++) {
		const struct visit_visitor *visitor = &visit->visitors[i];
		if (i == join->holder)
			continue;
		if (!device_may_take(visit, join->holder, i)) {
			json_array_append_new(elsewhere, page_str(visitor->name));
			continue;
		}
		const char *hint =
		    page_word(page, visitor->adult ? "places.people.adult" : "places.people.child");
		json_array_append_new(items,
				      view_choice(page_id(visitor->person.n),
						  page_str(visitor->name), json_string(hint)));
		/* Children are with whoever booked, unless somebody says otherwise. */
		bool likely =
		    device_count(visit) == 1 || (is_booker(page, join) && !visitor->adult);
		bool tick = has_chosen(join) ? sits_here(join, i) : likely;
		if (tick) {
			size_t len = strlen(chosen);
			snprintf(chosen + len, 256 - len, "%s%lld", len > 0 ? "," : "",
				 (long long)visitor->person.n);
		}
	}
	if (form_ok(form))
		form_default(form, "who", str_from(chosen));
	form_options(form, "who", items);
	view_list(view, "elsewhere", elsewhere);
}

static void people_form(struct page *page)
{
	struct form *form = page_form(page, "people");
	struct join join;
	if (!find_join(page, &join))
		return;
	if (join.answer != JOINING_OK)
		return closed(page, &join);
	if (form_ok(form) && device_has_admitted(&join.visit, join.holder))
		return page_redirect(page, "/visits/%s/room", join.visit.reference.text);
	json_t *view = room_view(page, &join);
	add_choices(page, form, view, &join);
	json_object_set_new(view, "own", page_str(join.visit.visitors[join.holder].name));
	page_render_form(page, form, "places/people", view);
}

static bool read_choice(struct form *form, struct device_choice *out)
{
	struct str ids[PARTY_MAX];
	*out = (struct device_choice){ .count = form_all(form, "who", ids, PARTY_MAX) };
	for (size_t i = 0; i < out->count; i++) {
		uint64_t id;
		if (!str_u64(ids[i], INT64_MAX, &id)) {
			form_mistake(form, "who", "unknown");
			return false;
		}
		out->with[i] = (struct person_id){ (int64_t)id };
	}
	return form_ok(form);
}

static void people(struct page *page)
{
	struct form *form = page_form(page, "people");
	struct device_choice choice;
	struct reference reference;
	if (!page_param_reference(page, 0, &reference))
		return page_not_found(page);
	if (!read_choice(form, &choice))
		return people_form(page);
	enum err err = device_choose(page->service, &page->actor, reference, &choice);
	if (err == ERR_CONFLICT || err == ERR_BAD) {
		form_mistake(form, "who", err == ERR_BAD ? "unknown" : "elsewhere");
		return people_form(page);
	}
	if (err != OK)
		return page_failed(page, err);
	live_changed(page, reference);
	page_redirect(page, "/visits/%s/room", reference.text);
}

#define WHO_VISITS (WHO_FAMILY | WHO_GUEST)

static const struct route rows[] = {
	{ METHOD_GET, "/visits/{reference}/room", WHO_VISITS, .handler = room },
	{ METHOD_GET, "/visits/{reference}/room/people", WHO_VISITS, .handler = people_form },
	{ METHOD_POST, "/visits/{reference}/room/people", WHO_VISITS, BODY_FORM,
	  .handler = people },
};

const struct route_group room_routes = { rows, ARRAY_LEN(rows) };
