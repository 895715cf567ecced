#include "web/book_page.h"

#include <string.h>

#include "base/assert.h"
#include "service/hold.h"
#include "service/people.h"
#include "service/prison.h"
#include "service/recording.h"
#include "web/times.h"
#include "web/view.h"

enum {
	ID_TEXT_MAX = 20,
	TIME_TEXT_MAX = 40
};

/* What the path says was chosen. */
struct choice {
	struct prisoner_id prisoner;
	size_t party_count;
	struct person_id party[PARTY_MAX];
	struct wall start;
	int minutes;
};

static bool read_prisoner(const struct page *page, struct choice *out)
{
	out->prisoner.n = page_param_id(page, 0);
	return out->prisoner.n != 0;
}

static bool has_person(const struct choice *choice, int64_t id)
{
	for (size_t i = 0; i < choice->party_count; i++)
		if (choice->party[i].n == id)
			return true;
	return false;
}

static bool add_person(struct choice *choice, struct str text)
{
	uint64_t id = 0;
	if (choice->party_count == PARTY_MAX || !str_u64(text, INT64_MAX, &id) || id == 0)
		return false;
	if (has_person(choice, (int64_t)id))
		return false;
	choice->party[choice->party_count++].n = (int64_t)id;
	return true;
}

static bool read_party(const struct page *page, struct choice *out)
{
	struct str rest = page_param(page, 1);
	do {
		if (!add_person(out, str_cut(&rest, '-')))
			return false;
	} while (!str_empty(rest));
	return true;
}

static bool read_time(struct str text, struct choice *out)
{
	return times_read(text, &out->start, &out->minutes);
}

/* ---- whom ---- */

static json_t *bookable(const struct contact_list *contacts)
{
	json_t *items = json_array();
	int64_t last = 0;
	for (size_t i = 0; i < contacts->count; i++) {
		const struct contact *contact = &contacts->list[i];
		if (contact->state != CONTACT_APPROVED || contact->prisoner.id.n == last)
			continue;
		last = contact->prisoner.id.n;
		json_array_append_new(
		    items, view_choice(page_id(last), page_str(contact->prisoner.name), NULL));
	}
	return items;
}

static void whom(struct page *page)
{
	struct form *form = page_form(page, "book");
	struct contact_list contacts;
	enum err err = contacts_mine(page->service, &page->actor, page->arena, &contacts);
	if (err != OK)
		return page_failed(page, err);
	json_t *items = bookable(&contacts);
	json_t *view =
	    json_pack("{s:s, s:b}", "back", "/home", "has_choices", json_array_size(items) > 0);
	form_options(form, "prisoner", items);
	view_here(view, "book");
	page_render_form(page, form, "family/book", view);
}

static void whom_chosen(struct page *page)
{
	struct form *form = page_form(page, "book");
	int64_t prisoner = form_id(form, "prisoner");
	if (!form_ok(form))
		return whom(page);
	page_redirect(page, "/book/%lld", (long long)prisoner);
}

/* ---- who comes ---- */

static json_t *person_choice(const struct page *page, const struct contact *contact, int64_t adult)
{
	int age = date_age(contact->person.born, local_date(page->service->now));
	json_t *hint = NULL;
	if (age < adult)
		hint = view_word(page, "family.book_who.child", json_pack("{s:i}", "age", age));
	return view_choice(page_id(contact->person.id.n), page_str(contact->person.name), hint);
}

struct party_choices {
	json_t *items;
	struct str prisoner;
	bool some_wait;
};

/* The people approved for the prisoner; ERR_NOT_FOUND if there are none. */
static enum err find_choices(struct page *page, struct prisoner_id prisoner,
			     struct party_choices *out)
{
	struct contact_list contacts;
	struct policy policy;
	enum err err = contacts_mine(page->service, &page->actor, page->arena, &contacts);
	if (err != OK)
		return err;
	*out = (struct party_choices){ .items = json_array() };
	for (size_t i = 0; i < contacts.count; i++) {
		const struct contact *contact = &contacts.list[i];
		if (contact->prisoner.id.n != prisoner.n)
			continue;
		out->prisoner = contact->prisoner.name;
		if (contact->state != CONTACT_APPROVED) {
			out->some_wait = true;
			continue;
		}
		err = policy_find(page->service, contact->prisoner.prison, &policy);
		if (err != OK)
			break;
		json_array_append_new(
		    out->items, person_choice(page, contact, policy.values[POLICY_ADULT_AGE]));
	}
	if (err == OK && json_array_size(out->items) == 0)
		err = ERR_NOT_FOUND;
	if (err != OK)
		json_decref(out->items);
	return err;
}

static void who(struct page *page)
{
	struct form *form = page_form(page, "book_who");
	struct choice choice = { 0 };
	struct party_choices choices;
	if (!read_prisoner(page, &choice))
		return page_not_found(page);
	enum err err = find_choices(page, choice.prisoner, &choices);
	if (err != OK)
		return page_failed(page, err);
	json_t *view = json_pack("{s:s, s:o, s:o, s:b}", "back", "/book", "prisoner",
				 page_str(choices.prisoner), "prisoner_id",
				 page_id(choice.prisoner.n), "has_waiting", choices.some_wait);
	form_options(form, "who", choices.items);
	view_here(view, "book");
	page_render_form(page, form, "family/book-who", view);
}

static bool is_offered(const json_t *items, struct person_id person)
{
	char text[ID_TEXT_MAX + 1];
	snprintf(text, sizeof(text), "%lld", (long long)person.n);
	for (size_t i = 0; i < json_array_size(items); i++)
		if (strcmp(json_string_value(json_object_get(json_array_get(items, i), "value")),
			   text) == 0)
			return true;
	return false;
}

static struct offer_query query_of(const struct choice *choice, struct date from, int days)
{
	struct offer_query query = { .prisoner = choice->prisoner,
				     .person_count = choice->party_count,
				     .from = from,
				     .days = days };
	memcpy(query.persons, choice->party, sizeof(query.persons));
	return query;
}

/* The rules about the people alone, as mistakes of the field. */
static enum err check_party(struct page *page, struct form *form, const struct choice *choice)
{
	struct offer offer;
	struct offer_query query = query_of(choice, local_date(page->service->now), 1);
	enum err err = offer_times(page->service, &page->actor, page->arena, &query, &offer);
	if (err != OK)
		return err;
	if (offer.party == BOOKING_NO_ADULT)
		form_mistake(form, "who", "adult");
	else if (offer.party == BOOKING_PARTY_TOO_LARGE)
		form_mistake(form, "who", "party");
	else if (offer.party != BOOKING_OK)
		form_mistake(form, "who", "unknown");
	return OK;
}

static void read_ticked(struct page *page, struct form *form, struct choice *choice)
{
	struct str ids[PARTY_MAX];
	struct party_choices choices;
	size_t len = form_all(form, "who", ids, PARTY_MAX);
	if (len == 0)
		form_mistake(form, "who", "missing");
	if (!form_ok(form))
		return;
	if (find_choices(page, choice->prisoner, &choices) != OK)
		return form_mistake(form, "who", "unknown");
	for (size_t i = 0; i < len; i++)
		if (!add_person(choice, ids[i]) ||
		    !is_offered(choices.items, choice->party[choice->party_count - 1]))
			form_mistake(form, "who", "unknown");
	json_decref(choices.items);
}

/* "1-2-3"; out holds PARTY_MAX ids. */
static const char *party_text(struct page *page, const struct choice *choice)
{
	const char *text = "";
	for (size_t i = 0; i < choice->party_count; i++)
		text = arena_printf(page->arena, "%s%s%lld", text, i > 0 ? "-" : "",
				    (long long)choice->party[i].n);
	return text;
}

static void who_chosen(struct page *page)
{
	struct form *form = page_form(page, "book_who");
	struct choice choice = { 0 };
	if (!read_prisoner(page, &choice))
		return page_not_found(page);
	read_ticked(page, form, &choice);
	if (form_ok(form)) {
		enum err err = check_party(page, form, &choice);
		if (err != OK)
			return page_failed(page, err);
	}
	if (!form_ok(form))
		return who(page);
	page_redirect(page, "/book/%lld/%s", (long long)choice.prisoner.n,
		      party_text(page, &choice));
}

/* ---- when ---- */

/* answer: what stood against it, or BOOKING_OK. */
static void check_show(struct page *page, const struct choice *choice, enum booking answer);

/* "November 2026" */
static json_t *month_of(const struct page *page, struct date date)
{
	json_t *day = view_date(page, date);
	struct str rest = str_from(json_string_value(day));
	(void)str_cut(&rest, ' ');
	json_t *out = page_str(rest);
	json_decref(day);
	return out;
}

static void when_show(struct page *page, const struct choice *choice, struct form *form)
{
	struct prisoner_id prisoner = choice->prisoner;
	struct offer_query query = query_of(choice, local_date(page->service->now), 1);
	struct offer offer;
	json_t *view = json_object();
	enum err err = times_show(page, form, &query, view, &offer);
	if (err != OK) {
		json_decref(view);
		return page_failed(page, err);
	}
	json_object_set_new(view, "back", json_sprintf("/book/%lld", (long long)prisoner.n));
	json_object_set_new(view, "prisoner", page_str(offer.prisoner.name));
	json_object_set_new(view, "prisoner_id", page_id(prisoner.n));
	json_object_set_new(view, "party", json_string(party_text(page, choice)));
	json_object_set_new(view, "allowance", json_integer(offer.allowance_left));
	json_object_set_new(view, "month", month_of(page, query.from));
	if (offer.longer_minutes)
		json_object_set_new(view, "longer",
				    view_word(page, "adjust.booking",
					      json_pack("{s:i}", "minutes", offer.longer_minutes)));
	view_here(view, "book");
	page_render_form(page, form, "family/book-time", view);
}

static void when(struct page *page)
{
	struct choice choice = { 0 };
	if (!read_prisoner(page, &choice) || !read_party(page, &choice))
		return page_not_found(page);
	when_show(page, &choice, page_form(page, "book_time"));
}

static struct visit_request request_of(const struct choice *choice)
{
	struct visit_request request = { .kind = VISIT_SOCIAL,
					 .prisoner = choice->prisoner,
					 .person_count = choice->party_count,
					 .start = choice->start,
					 .minutes = choice->minutes };
	memcpy(request.persons, choice->party, sizeof(request.persons));
	return request;
}

/* The time is kept while the answers are checked; false after answering. */
static bool hold(struct page *page, const struct choice *choice)
{
	struct visit_request request = request_of(choice);
	struct verdict verdict;
	struct wall until;
	enum err err = visit_hold(page->service, &page->actor, &request, &verdict, &until);
	if (err != OK)
		page_failed(page, err);
	else if (!verdict_clean(verdict))
		check_show(page, choice, verdict_first(verdict));
	return err == OK && verdict_clean(verdict);
}

static void when_chosen(struct page *page)
{
	struct form *form = page_form(page, "book_time");
	struct choice choice = { 0 };
	struct str time = form_text(form, "time", TIME_TEXT_MAX);
	if (!read_prisoner(page, &choice) || !read_party(page, &choice))
		return page_not_found(page);
	if (form_ok(form) && !read_time(time, &choice))
		form_mistake(form, "time", "missing");
	if (!form_ok(form))
		return when_show(page, &choice, form);
	if (!hold(page, &choice))
		return;
	page_redirect(page, "/book/%lld/%s/%lld-%d", (long long)choice.prisoner.n,
		      party_text(page, &choice), (long long)choice.start.s, choice.minutes);
}

/* ---- check and book ---- */

static json_t *party_names(struct page *page, const struct choice *choice)
{
	struct person_list people;
	json_t *names = json_array();
	if (persons_mine(page->service, &page->actor, page->arena, &people) != OK)
		return names;
	for (size_t i = 0; i < people.count; i++)
		if (has_person(choice, people.list[i].id.n))
			json_array_append_new(names, page_str(people.list[i].name));
	return names;
}

static json_t *check_rows(struct page *page, const struct choice *choice, const struct offer *offer)
{
	json_t *rows = json_array();
	long long prisoner = (long long)choice->prisoner.n;
	view_row(page, rows, "family.rows.prisoner", page_str(offer->prisoner.name));
	view_row_change(page, rows, "/book");
	view_row(page, rows, "family.rows.prison",
		 page_prison_name(page, offer->prisoner.prison, offer->prison_name));
	view_row_lines(page, rows, "family.rows.visitors", party_names(page, choice));
	view_row_change(page, rows, "/book/%lld", prisoner);
	view_row(page, rows, "family.rows.when", view_when(page, choice->start));
	view_row_change(page, rows, "/book/%lld/%s", prisoner, party_text(page, choice));
	view_row(
	    page, rows, "family.rows.length",
	    view_word(page, "family.rows.minutes", json_pack("{s:i}", "minutes", choice->minutes)));
	return rows;
}

static void check_show(struct page *page, const struct choice *choice, enum booking answer)
{
	struct offer offer;
	struct offer_query query = query_of(choice, local_date(choice->start), 1);
	enum err err = offer_times(page->service, &page->actor, page->arena, &query, &offer);
	if (err != OK)
		return page_failed(page, err);
	const char *party = party_text(page, choice);
	const char *times =
	    arena_printf(page->arena, "/book/%lld/%s", (long long)choice->prisoner.n, party);
	json_t *view =
	    json_pack("{s:s, s:o, s:s, s:o, s:o}", "back", times, "prisoner_id",
		      page_id(choice->prisoner.n), "party", party, "start",
		      page_str(page_param(page, 2)), "rows", check_rows(page, choice, &offer));
	struct application held;
	if (visit_hold_find(page->service, &page->actor, choice->prisoner, &held) == OK &&
	    held.start.s == choice->start.s)
		json_object_set_new(view, "held", page_time(page, held.hold_until));
	if (answer != BOOKING_OK) {
		const char *word =
		    arena_printf(page->arena, "family.%s", booking_family_key(answer));
		json_object_set_new(
		    view, "problem",
		    json_pack("{s:s, s:s}", "text", page_word(page, word), "href", times));
	}
	bool recorded = false;
	(void)!recording_is_wanted(page->service, VISIT_SOCIAL, offer.prisoner.prison, &recorded);
	json_object_set_new(view, "recorded", json_boolean(recorded));
	view_here(view, "book");
	page_render(page, answer == BOOKING_OK ? 200 : 409, "family/book-check", view);
}

static bool read_all(struct page *page, struct choice *choice)
{
	*choice = (struct choice){ 0 };
	return read_prisoner(page, choice) && read_party(page, choice) &&
	       read_time(page_param(page, 2), choice);
}

static void check(struct page *page)
{
	struct choice choice;
	if (!read_all(page, &choice))
		return page_not_found(page);
	check_show(page, &choice, BOOKING_OK);
}

static void book(struct page *page)
{
	struct choice choice;
	struct verdict verdict;
	struct reference reference;
	if (!read_all(page, &choice))
		return page_not_found(page);
	struct visit_request request = request_of(&choice);
	enum err err = visit_book(page->service, &page->actor, &request, &verdict, &reference);
	if (err != OK)
		return page_failed(page, err);
	if (!verdict_clean(verdict))
		return check_show(page, &choice, verdict_first(verdict));
	page_redirect(page, "/visits/%s/booked", reference.text);
}

static const struct route rows[] = {
	{ METHOD_GET, "/book", WHO_FAMILY, .handler = whom },
	{ METHOD_POST, "/book", WHO_FAMILY, BODY_FORM, .handler = whom_chosen },
	{ METHOD_GET, "/book/{prisoner}", WHO_FAMILY, .handler = who },
	{ METHOD_POST, "/book/{prisoner}", WHO_FAMILY, BODY_FORM, .handler = who_chosen },
	{ METHOD_GET, "/book/{prisoner}/{party}", WHO_FAMILY, .handler = when },
	{ METHOD_POST, "/book/{prisoner}/{party}", WHO_FAMILY, BODY_FORM, .handler = when_chosen },
	{ METHOD_GET, "/book/{prisoner}/{party}/{time}", WHO_FAMILY, .handler = check },
	{ METHOD_POST, "/book/{prisoner}/{party}/{time}", WHO_FAMILY, BODY_FORM, .handler = book },
};

const struct route_group book_routes = { rows, ARRAY_LEN(rows) };
