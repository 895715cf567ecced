#include "web/api.h"

#include "base/assert.h"
#include "service/approval.h"
#include "service/listing.h"
#include "service/people.h"
#include "web/api_priv.h"
#include "web/relationship.h"

#define WHO_SEES    (WHO_PRISON | WHO_INSPECTOR)
#define WHO_DECIDES (WHO_CONTACTS | WHO_GOVERNOR)

/* ---- visitors of a family ---- */

static json_t *person(const struct person *p)
{
	return json_pack("{s:o, s:o, s:o}", "visitorId", page_id(p->id.n), "visitorName",
			 page_str(p->name), "visitorDateOfBirth", api_day(p->born));
}

static void persons(struct page *page)
{
	struct person_list mine = { 0 };
	enum err err = persons_mine(page->service, &page->actor, page->arena, &mine);
	if (err != OK)
		return page_failed(page, err);
	json_t *list = json_array();
	for (size_t i = 0; i < mine.count; i++)
		json_array_append_new(list, person(&mine.list[i]));
	page_json(page, 200, list);
}

/* Of that name (however it is spaced) and birth; NULL: nobody yet. */
static const struct person *same_person(const struct person_list *mine,
					const struct person_new *new)
{
	for (size_t i = 0; i < mine->count; i++)
		if (date_compare(mine->list[i].born, new->born) == 0 &&
		    prisoner_name_matches(mine->list[i].name, new->name))
			return &mine->list[i];
	return NULL;
}

static bool read_person(struct page *page, struct person_new *out)
{
	const json_t *body = page_body_json(page);
	struct api_faults faults = { 0 };
	if (body == NULL)
		return false;
	out->name = api_text(&faults, body, "visitorName", true);
	out->born = api_date(&faults, body, "visitorDateOfBirth");
	return api_good(page, &faults);
}

/* Asked twice, they are registered once. */
static void register_person(struct page *page)
{
	struct person_new new;
	struct person_list mine = { 0 };
	struct person_id id;
	if (!read_person(page, &new))
		return;
	enum err err = persons_mine(page->service, &page->actor, page->arena, &mine);
	const struct person *known = err == OK ? same_person(&mine, &new) : NULL;
	if (known != NULL)
		return page_json(page, 200, person(known));
	if (err == OK)
		err = person_add(page->service, &page->actor, &new, &id);
	if (err == ERR_BAD)
		return page_problem(page, 400, "bad-request",
				    "Nobody living can have that name or date of birth.");
	if (err == ERR_LIMIT)
		return page_problem(page, 409, "too-many-people",
				    "The account has as many visitors as it may have.");
	if (err != OK)
		return page_failed(page, err);
	page_json(page, 201,
		  person(&(struct person){ .id = id, .name = new.name, .born = new.born }));
}

/* ---- whom they visit ---- */

/* "S" social, "O" official, as other systems have it; "" where nobody chose a code. */
static const char *type_of(const struct contact *contact)
{
	if (str_empty(contact->relationship_code))
		return "";
	return contact->official ? "O" : "S";
}

static json_t *contact(struct page *page, const struct contact *c)
{
	return json_pack(
	    "{s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:s, s:s, s:s}", "contactId", page_id(c->id.n),
	    "visitorId", page_id(c->person.id.n), "visitorName", page_str(c->person.name),
	    "prisonerId", c->prisoner.number.text, "prisonerName", page_str(c->prisoner.name),
	    "relationship", relationship_view(page, c->relationship_code, c->relationship),
	    "relationshipCode", page_str(c->relationship_code), "relationshipType", type_of(c),
	    "part", contact_part_name(c->part), "status", contact_state_name(c->state));
}

static void contacts(struct page *page)
{
	struct contact_list mine = { 0 };
	enum err err = contacts_mine(page->service, &page->actor, page->arena, &mine);
	if (err != OK)
		return page_failed(page, err);
	json_t *list = json_array();
	for (size_t i = 0; i < mine.count; i++)
		json_array_append_new(list, contact(page, &mine.list[i]));
	page_json(page, 200, list);
}

static bool read_contact(struct page *page, struct contact_request *out)
{
	const json_t *body = page_body_json(page);
	struct api_faults faults = { 0 };
	uint64_t person = 0;
	if (body == NULL)
		return false;
	struct str id = api_text(&faults, body, "visitorId", true);
	struct str part = api_text(&faults, body, "part", false);
	*out = (struct contact_request){
		.prisoner_number = api_text(&faults, body, "prisonerId", true),
		.prisoner_name = api_text(&faults, body, "prisonerName", true),
		.prisoner_born = api_date(&faults, body, "prisonerDateOfBirth"),
		.relationship_code = api_text(&faults, body, "relationshipCode", false),
		.relationship = api_text(&faults, body, "relationship", false),
	};
	if (!str_empty(id) && !str_u64(id, INT64_MAX, &person))
		api_fault(&faults, "visitorId", "The number of one of your visitors is needed.");
	if (!str_empty(part) && !contact_part_of(part, &out->part))
		api_fault(&faults, "part", "VISITOR, SUPPORTER or INTERPRETER.");
	if (str_empty(out->relationship_code) && str_empty(out->relationship))
		api_fault(&faults, "relationship", "A relationship is needed, or its code.");
	out->person.n = (int64_t)person;
	return api_good(page, &faults);
}

/* 201: it waits for staff.  200 says what else became of it, a mismatch too: that one is counted. */
static void answer_request(struct page *page, enum contact_answer answer, struct contact_id id)
{
	struct contact_list mine = { 0 };
	bool stands = answer == CONTACT_ANSWER_ASKED || answer == CONTACT_ANSWER_KNOWN;
	json_t *out = json_pack("{s:s}", "answer", contact_answer_name(answer));
	enum err err = OK;
	if (stands)
		err = contacts_mine(page->service, &page->actor, page->arena, &mine);
	for (size_t i = 0; i < mine.count; i++)
		if (mine.list[i].id.n == id.n)
			json_object_set_new(out, "contact", contact(page, &mine.list[i]));
	if (err == OK)
		return page_json(page, answer == CONTACT_ANSWER_ASKED ? 201 : 200, out);
	json_decref(out);
	page_failed(page, err);
}

static void request_contact(struct page *page)
{
	struct contact_request request;
	enum contact_answer answer = CONTACT_ANSWER_NO_MATCH;
	struct contact_id id = { 0 };
	if (!read_contact(page, &request))
		return;
	enum err err = contact_request(page->service, &page->actor, &request, &answer, &id);
	if (err == ERR_BAD)
		return page_problem(page, 400, "bad-request",
				    "prisonerId must be like A1234BC, relationshipCode one that "
				    "the service knows, relationship at most 40 bytes of text.");
	if (err != OK)
		return page_failed(page, err);
	answer_request(page, answer, id);
}

/* ---- staff decide ---- */

static void pending(struct page *page)
{
	struct prison_code prison;
	struct contact_case_list found = { 0 };
	if (!api_prison(page, &prison))
		return;
	struct actor there = page->actor;
	there.prison = prison;
	enum err err = contacts_pending(page->service, &there, page->arena, &found);
	if (err != OK)
		return page_failed(page, err);
	json_t *list = json_array();
	for (size_t i = 0; i < found.count; i++) {
		const struct contact *c = &found.list[i].contact;
		json_t *item = contact(page, c);
		json_object_set_new(item, "visitorDateOfBirth", api_day(c->person.born));
		json_object_set_new(item, "requestedAt", api_when(c->requested_at));
		json_array_append_new(list, item);
	}
	api_answer_list(page, AUDIT_LIST_CONTACT_REQUESTS, prison, list);
}

static bool read_decision(struct page *page, struct contact_decision *out)
{
	const json_t *body = page_body_json(page);
	struct api_faults faults = { 0 };
	bool rejects = out->to == CONTACT_REJECTED;
	if (body == NULL)
		return false;
	out->reason = api_text(&faults, body, "reason", rejects);
	if (rejects) {
		struct str why = api_text(&faults, body, "why", false);
		out->why = CONTACT_WHY_DECISION;
		if (!str_empty(why) && !contact_why_of(why, &out->why))
			api_fault(&faults, "why", "IDENTITY, RELATIONSHIP, DETAILS or DECISION.");
	} else {
		out->identity_seen = api_flag(&faults, body, "identitySeen");
		out->relationship_code = api_text(&faults, body, "relationshipCode", false);
	}
	return api_good(page, &faults);
}

static void decide(struct page *page, enum contact_state to)
{
	struct contact_id id = { page_param_id(page, 0) };
	struct contact_decision decision = { .to = to };
	struct contact_case after;
	bool missing = false;
	if (!read_decision(page, &decision))
		return;
	enum err err = contact_decide_by(page->service, &page->actor, id, &decision, &missing);
	if (err == OK && missing)
		return page_problem(page, 409, "identity-missing",
				    "The prison's rules ask for proof of identity: none was sent. "
				    "Set identitySeen where somebody has seen it.");
	if (err == OK)
		err = contact_find(page->service, &page->actor, page->arena, id, &after);
	if (err != OK)
		return page_failed(page, err);
	page_json(page, 200, contact(page, &after.contact));
}

static void approve(struct page *page)
{
	decide(page, CONTACT_APPROVED);
}

static void reject(struct page *page)
{
	decide(page, CONTACT_REJECTED);
}

/* ---- the prison's own list ---- */

static bool read_listing(struct page *page, struct listing *out)
{
	const json_t *body = page_body_json(page);
	struct api_faults faults = { 0 };
	if (body == NULL)
		return false;
	out->name = api_text(&faults, body, "visitorName", true);
	out->born = api_date(&faults, body, "visitorDateOfBirth");
	out->relationship = api_text(&faults, body, "relationship", true);
	out->approved = api_flag(&faults, body, "approved");
	return api_good(page, &faults);
}

static void list_contact(struct page *page)
{
	struct prisoner prisoner;
	struct listing says = { 0 };
	enum listing_change change = LISTING_SAME;
	if (!api_prisoner(page, &prisoner) || !read_listing(page, &says))
		return;
	says.prisoner = prisoner.id;
	enum err err = listing_set(page->service, &page->actor, page->arena, &says, &change);
	if (err == ERR_BAD)
		return page_problem(page, 400, "bad-request",
				    "Nobody living can have that name or date of birth, or the "
				    "relationship has more than 40 bytes.");
	if (err != OK)
		return page_failed(page, err);
	page_json(page, change == LISTING_NEW ? 201 : 200,
		  json_pack("{s:s, s:o, s:o, s:b}", "prisonerId", prisoner.number.text,
			    "visitorName", page_str(says.name), "visitorDateOfBirth",
			    api_day(says.born), "approved", says.approved));
}

static const struct route rows[] = {
	{ METHOD_GET, "/api/v1/persons", WHO_FAMILY, .flags = ROUTE_API, .handler = persons },
	{ METHOD_POST, "/api/v1/persons", WHO_FAMILY, BODY_JSON, 4096, ROUTE_API, register_person },
	{ METHOD_GET, "/api/v1/contacts", WHO_FAMILY, .flags = ROUTE_API, .handler = contacts },
	{ METHOD_POST, "/api/v1/contacts", WHO_FAMILY, BODY_JSON, 4096, ROUTE_API,
	  request_contact },
	{ METHOD_GET, "/api/v1/contacts/requests/{prison}", WHO_SEES,
	  .flags = ROUTE_API | ROUTE_LOOK_LIST, .handler = pending },
	{ METHOD_PUT, "/api/v1/contacts/{contact}/approve", WHO_DECIDES, BODY_JSON, 4096, ROUTE_API,
	  approve },
	{ METHOD_PUT, "/api/v1/contacts/{contact}/reject", WHO_DECIDES, BODY_JSON, 4096, ROUTE_API,
	  reject },
	{ METHOD_PUT, "/api/v1/prisoners/{prisoner}/contacts", WHO_DECIDES, BODY_JSON, 4096,
	  ROUTE_API, list_contact },
};
const struct route_group api_people_routes = { rows, ARRAY_LEN(rows) };
