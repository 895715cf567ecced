#include "web/family.h"

#include "base/assert.h"
#include "service/device.h"
#include "service/live.h"
#include "service/people.h"
#include "service/professional.h"
#include "web/ask_page.h"
#include "web/identity_page.h"
#include "web/relationship.h"
#include "web/view.h"
#include "web/waiting_page.h"

enum {
	NAME_MAX_CHARACTERS = 100,
	NUMBER_MAX_CHARACTERS = 20,
	PAST_SHOWN_MAX = 20
};

/* ---- home ---- */

static bool may_enter(const struct visit *visit, const struct visit_window *window, struct wall now)
{
	if (visit->state == VISIT_LIVE)
		return true;
	return !visit_is_over(visit->state) && visit->state != VISIT_REQUESTED &&
	       window->lobby_opens.s <= now.s && now.s <= window->join_until.s;
}

static json_t *visit_card(struct page *page, const struct visit *visit)
{
	struct visit_window window;
	bool joinable = visit_times(page->service, &page->actor, visit->reference, &window) == OK &&
			may_enter(visit, &window, page->service->now);
	return json_pack("{s:s, s:o, s:o, s:o, s:o, s:b}", "reference", visit->reference.text,
			 "when", page_time(page, visit->start), "prisoner",
			 page_str(visit->prisoner_name), "prison",
			 page_prison_name(page, visit->prison, visit->prison_name), "tag",
			 view_visit_tag(page, visit->state), "joinable", joinable);
}

/* On a booking of somebody else: when, whom, and the way in. */
static json_t *invited_card(struct page *page, const struct visit *visit)
{
	struct join join;
	bool joinable = join_authorise(page->service, &page->actor, page->arena, visit->reference,
				       &join) == OK &&
			join.answer == JOINING_OK;
	return json_pack("{s:s, s:o, s:o, s:o, s:b}", "reference", visit->reference.text, "when",
			 page_time(page, visit->start), "prisoner", page_str(visit->prisoner_name),
			 "prison", page_prison_name(page, visit->prison, visit->prison_name),
			 "joinable", (int)joinable);
}

static enum err add_invited(struct page *page, json_t *view)
{
	struct visit_list visits;
	json_t *invited = json_array();
	enum err err = visits_invited(page->service, &page->actor, page->arena, &visits);
	for (size_t i = 0; err == OK && i < visits.count; i++)
		json_array_append_new(invited, invited_card(page, &visits.list[i]));
	view_list(view, "invited", invited);
	return err;
}

static bool any_joinable(const json_t *cards)
{
	for (size_t i = 0; i < json_array_size(cards); i++)
		if (json_is_true(json_object_get(json_array_get(cards, i), "joinable")))
			return true;
	return false;
}

static enum err add_visits(struct page *page, json_t *view)
{
	struct visit_list visits;
	json_t *upcoming = json_array(), *past = json_array();
	enum err err = visits_mine(page->service, &page->actor, page->arena, &visits);
	for (size_t i = 0; err == OK && i < visits.count; i++) {
		const struct visit *visit = &visits.list[i];
		if (!visit_is_over(visit->state)) /* latest first; shown soonest first */
			json_array_insert_new(upcoming, 0, visit_card(page, visit));
		else if (json_array_size(past) < PAST_SHOWN_MAX)
			json_array_append_new(past, visit_card(page, visit));
	}
	json_object_set_new(view, "can_enter", json_boolean(any_joinable(upcoming)));
	view_list(view, "upcoming", upcoming);
	view_list(view, "past", past);
	return err;
}

static json_t *contact_line(const struct page *page, const struct contact *contact)
{
	bool rejected = contact->state == CONTACT_REJECTED;
	enum contact_why why =
	    contact->why == CONTACT_WHY_NONE ? CONTACT_WHY_DECISION : contact->why;
	const char *told = arena_printf(page->arena, "identity.whys.%s", contact_why_name(why));
	json_t *note = identity_note(page, contact);
	return json_pack("{s:o, s:o, s:o, s:s, s:b, s:o}", "id", page_id(contact->id.n), "name",
			 page_str(contact->person.name), "tag",
			 view_contact_tag(page, contact->state), "refused",
			 rejected ? page_word(page, told) : "", "may_ask", (int)!rejected,
			 "identity", note != NULL ? note : json_null());
}

/* One prisoner and the contacts from first on that are theirs; *first moves behind them. */
static json_t *prisoner_card(struct page *page, const struct contact_list *contacts, bool lawyer,
			     size_t *first)
{
	const struct prisoner *prisoner = &contacts->list[*first].prisoner;
	json_t *people = json_array();
	bool approved = false;
	for (; *first < contacts->count; ++*first) {
		const struct contact *contact = &contacts->list[*first];
		if (contact->prisoner.id.n != prisoner->id.n)
			break;
		approved = approved || contact->state == CONTACT_APPROVED;
		json_array_append_new(people, contact_line(page, contact));
	}
	json_t *card = json_pack("{s:o, s:o, s:o, s:b}", "id", page_id(prisoner->id.n), "name",
				 page_str(prisoner->name), "people", people, "bookable", approved);
	struct allowance_view allowance;
	if (approved && !lawyer && /* a legal visit takes nothing of it */
	    allowance_find(page->service, &page->actor, page->arena, prisoner->id, &allowance) ==
		OK)
		json_object_set_new(card, "allowance", json_integer(allowance.left));
	return card;
}

static enum err add_people(struct page *page, bool lawyer, json_t *view)
{
	struct contact_list contacts;
	json_t *prisoners = json_array();
	bool can_book = false;
	enum err err = contacts_mine(page->service, &page->actor, page->arena, &contacts);
	for (size_t i = 0; err == OK && i < contacts.count;) {
		json_t *card = prisoner_card(page, &contacts, lawyer, &i);
		can_book = can_book || json_is_true(json_object_get(card, "bookable"));
		json_array_append_new(prisoners, card);
	}
	view_list(view, "prisoners", prisoners);
	json_object_set_new(view, "can_book", json_boolean(can_book));
	return err;
}

static enum err add_asks(struct page *page, json_t *view)
{
	json_t *cards = NULL;
	enum err err = ask_cards(page, &cards);
	view_list(view, "asks", cards);
	return err;
}

static enum err add_waiting(struct page *page, json_t *view)
{
	json_t *cards = NULL;
	enum err err = waiting_cards(page, &cards);
	view_list(view, "waiting", cards);
	return err;
}

static enum err find_lawyer(struct page *page, bool *out)
{
	struct professional mine = { 0 };
	enum err err = professional_mine(page->service, &page->actor, page->arena, &mine);
	*out = err == OK && mine.state == PROFESSIONAL_VERIFIED;
	return err == ERR_NOT_FOUND ? OK : err;
}

static void home(struct page *page)
{
	json_t *view = json_object();
	bool lawyer = false;
	enum err err = find_lawyer(page, &lawyer);
	json_object_set_new(view, "lawyer", json_boolean(lawyer));
	if (err == OK)
		err = add_visits(page, view);
	if (err == OK)
		err = add_invited(page, view);
	if (err == OK)
		err = add_people(page, lawyer, view);
	if (err == OK)
		err = add_asks(page, view);
	if (err == OK)
		err = add_waiting(page, view);
	if (err == OK) {
		view_here(view, "home");
		return page_render(page, 200, "family/home", view);
	}
	json_decref(view);
	page_failed(page, err);
}

/* ---- asking to be approved ---- */

/* A mistake beside the field, for every answer that is not a request made. */
static bool asked(struct form *form, const char *field, enum contact_answer answer)
{
	switch (answer) {
	case CONTACT_ANSWER_ASKED:
	case CONTACT_ANSWER_KNOWN:
		return true;
	case CONTACT_ANSWER_NO_MATCH:
		form_mistake(form, field, "no_match");
		return false;
	case CONTACT_ANSWER_TRY_TOMORROW:
		form_mistake(form, field, "try_tomorrow");
		return false;
	case CONTACT_ANSWER_TOO_MANY:
	case CONTACT_ANSWER_COUNT:
		break;
	}
	form_mistake(form, field, "too_many");
	return false;
}

/* The holder of the account among the people it books for. */
static enum err find_holder(struct page *page, struct person_id *out)
{
	struct person_list people;
	enum err err = persons_mine(page->service, &page->actor, page->arena, &people);
	if (err != OK)
		return err;
	if (people.count == 0)
		return ERR_NOT_FOUND;
	*out = people.list[0].id;
	for (size_t i = 0; i < people.count; i++) {
		if (str_equal(people.list[i].name, page->account.account.name)) {
			*out = people.list[i].id;
			break;
		}
	}
	return OK;
}

static void check_born(struct page *page, struct form *form, bool given, struct date born)
{
	if (given && date_compare(born, local_date(page->service->now)) > 0)
		form_mistake(form, "born", "future");
}

static void prisoner_form(struct page *page)
{
	struct form *form = page_form(page, "prisoner_new");
	enum err err = relationship_options(page, form, "relationship");
	if (err != OK)
		return page_failed(page, err);
	page_render_form(page, form, "family/prisoner-new", json_pack("{s:s}", "back", "/home"));
}

static void prisoner_ask(struct page *page)
{
	struct form *form = page_form(page, "prisoner_new");
	struct contact_request request = {
		.prisoner_number = form_text(form, "number", NUMBER_MAX_CHARACTERS),
		.prisoner_name = form_text(form, "name", NAME_MAX_CHARACTERS),
	};
	bool dated = form_date(form, "born", &request.prisoner_born);
	enum err err =
	    relationship_read(page, form, &request.relationship_code, &request.relationship);
	if (err != OK)
		return page_failed(page, err);
	struct prisoner_number number;
	enum contact_answer answer;
	struct contact_id id;
	check_born(page, form, dated, request.prisoner_born);
	if (!str_empty(request.prisoner_number) &&
	    !prisoner_number_of(request.prisoner_number, &number))
		form_mistake(form, "number", "bad");
	if (!form_ok(form))
		return prisoner_form(page);
	err = find_holder(page, &request.person);
	if (err == OK)
		err = contact_request(page->service, &page->actor, &request, &answer, &id);
	if (err != OK)
		return page_failed(page, err);
	if (!asked(form, "number", answer))
		return prisoner_form(page);
	page_redirect(page, "/home?done=prisoner");
}

/* ---- other visitors ---- */

/* A prisoner whom somebody of this account has asked to visit. */
static enum err find_prisoner(struct page *page, struct prisoner_id id, struct prisoner *out)
{
	struct contact_list contacts;
	enum err err = contacts_mine(page->service, &page->actor, page->arena, &contacts);
	if (err != OK)
		return err;
	for (size_t i = 0; i < contacts.count; i++) {
		if (contacts.list[i].prisoner.id.n == id.n) {
			*out = contacts.list[i].prisoner;
			return OK;
		}
	}
	return ERR_NOT_FOUND;
}

/* The person of that name and date of birth, added if there is none yet. */
static enum err find_or_add(struct page *page, const struct person_new *person,
			    struct person_id *out)
{
	struct person_list people;
	enum err err = persons_mine(page->service, &page->actor, page->arena, &people);
	for (size_t i = 0; err == OK && i < people.count; i++) {
		if (str_equal_nocase(people.list[i].name, person->name) &&
		    date_compare(people.list[i].born, person->born) == 0) {
			*out = people.list[i].id;
			return OK;
		}
	}
	return err == OK ? person_add(page->service, &page->actor, person, out) : err;
}

static void visitor_form(struct page *page, const struct prisoner *prisoner)
{
	struct form *form = page_form(page, "visitor_new");
	enum err err = relationship_options(page, form, "relationship");
	if (err != OK)
		return page_failed(page, err);
	part_options(page, form, "part");
	json_t *view = json_pack("{s:s, s:o, s:o}", "back", "/home", "prisoner_id",
				 page_id(prisoner->id.n), "prisoner", page_str(prisoner->name));
	page_render_form(page, form, "family/visitor-new", view);
}

static void visitor_new(struct page *page)
{
	struct prisoner prisoner;
	uint64_t id = 0;
	enum err err = ERR_NOT_FOUND;
	if (str_u64(request_query(page->request, "prisoner"), INT64_MAX, &id))
		err = find_prisoner(page, (struct prisoner_id){ (int64_t)id }, &prisoner);
	if (err != OK)
		return page_failed(page, err);
	visitor_form(page, &prisoner);
}

static void visitor_ask(struct page *page)
{
	struct form *form = page_form(page, "visitor_new");
	struct prisoner prisoner;
	uint64_t number = 0;
	if (!str_u64(form_raw(form, "prisoner"), INT64_MAX, &number))
		return page_not_found(page);
	enum err err = find_prisoner(page, (struct prisoner_id){ (int64_t)number }, &prisoner);
	if (err != OK)
		return page_failed(page, err);
	struct person_new person = { .name = form_text(form, "name", NAME_MAX_CHARACTERS) };
	check_born(page, form, form_date(form, "born", &person.born), person.born);
	struct contact_request request = {
		.prisoner_number = str_from(prisoner.number.text),
		.prisoner_name = prisoner.name,
		.prisoner_born = prisoner.born,
	};
	(void)contact_part_of(form_raw(form, "part"), &request.part);
	err = relationship_read(page, form, &request.relationship_code, &request.relationship);
	if (err != OK)
		return page_failed(page, err);
	if (!str_empty(person.name) && !name_acceptable(person.name))
		form_mistake(form, "name", "too_long");
	if (!form_ok(form))
		return visitor_form(page, &prisoner);
	enum contact_answer answer;
	struct contact_id id;
	err = find_or_add(page, &person, &request.person);
	if (err == ERR_LIMIT) {
		form_mistake(form, "name", "limit");
		return visitor_form(page, &prisoner);
	}
	if (err == OK)
		err = contact_request(page->service, &page->actor, &request, &answer, &id);
	if (err != OK)
		return page_failed(page, err);
	if (!asked(form, "name", answer))
		return visitor_form(page, &prisoner);
	page_redirect(page, "/home?done=visitor");
}

static const struct route rows[] = {
	{ METHOD_GET, "/home", WHO_FAMILY, .handler = home },
	{ METHOD_GET, "/prisoners/new", WHO_FAMILY, .handler = prisoner_form },
	{ METHOD_POST, "/prisoners/new", WHO_FAMILY, BODY_FORM, .handler = prisoner_ask },
	{ METHOD_GET, "/people/new", WHO_FAMILY, .handler = visitor_new },
	{ METHOD_POST, "/people/new", WHO_FAMILY, BODY_FORM, .handler = visitor_ask },
};

const struct route_group family_routes = { rows, ARRAY_LEN(rows) };
