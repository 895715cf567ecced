#include "web/identity_page.h"

#include <string.h>

#include "base/assert.h"
#include "service/approval.h"
#include "service/identity.h"
#include "web/view.h"

enum {
	WHO_DECIDES = WHO_CONTACTS | WHO_GOVERNOR,
	WHO_ADMITS = WHO_CLERK | WHO_MONITOR | WHO_GOVERNOR,
	PHOTO_BODY_MAX =
	    ROUTE_BODY_MAX, /* so that a photo that is a little too heavy is told so on its page */
};

static const struct {
	const char *name; /* in addresses and names of forms */
	const char *form;
	const char *template;
} photos[IDENTITY_PICTURE_COUNT] = {
	[IDENTITY_DOCUMENT] = { "document", "identity_document", "identity/document" },
	[IDENTITY_PORTRAIT] = { "portrait", "identity_portrait", "identity/portrait" },
};

/* ---- words ---- */

const char *identity_problem_word(const struct page *page, enum identity_problem problem)
{
	return page_word(page, arena_printf(page->arena, "identity.problems.%s",
					    identity_problem_name(problem)));
}

static const char *document_word(const struct page *page, enum identity_document document)
{
	return page_word(page, arena_printf(page->arena, "identity.documents.%s",
					    identity_document_name(document)));
}

static json_t *due_text(const struct page *page, struct wall due)
{
	return page_date(page, date_add_days(local_date(due), -1)); /* its last day */
}

/* ---- the family: where things stand ---- */

static struct person_id person_of(const struct page *page)
{
	return (struct person_id){ page_param_id(page, 0) };
}

/* One of the actor's, of whom something is asked or was sent; false after answering. */
static bool find_mine(struct page *page, struct identity_mine *out)
{
	enum err err =
	    identity_mine_find(page->service, &page->actor, page->arena, person_of(page), out);
	if (err == OK && !out->wanted && !out->begun)
		err = ERR_NOT_FOUND;
	if (err != OK)
		page_failed(page, err);
	return err == OK;
}

static json_t *task(const struct page *page, const struct identity_mine *mine,
		    enum identity_picture picture)
{
	const struct identity *identity = &mine->identity;
	bool held = mine->begun && (identity->held & IDENTITY_BIT(picture)) != 0;
	bool again = mine->begun && (identity->asked & IDENTITY_BIT(picture)) != 0;
	bool takes = mine->wanted && (!mine->begun || identity_takes(identity, picture));
	const char *name = photos[picture].name;
	json_t *tag = again  ? view_tag(page, "identity.tags.again", "orange")
		      : held ? view_tag(page, "identity.tags.added", "green")
			     : view_tag(page, "identity.tags.missing", "grey");
	bool shown = held && identity->state != IDENTITY_VERIFIED &&
		     identity->state != IDENTITY_REJECTED && identity->state != IDENTITY_EXPIRED;
	return json_pack("{s:s, s:s, s:o, s:b, s:b, s:s}", "name", name, "label",
			 page_word(page, arena_printf(page->arena, "identity.tasks.%s", name)),
			 "tag", tag, "takes", takes, "shown", shown, "problem",
			 again ? identity_problem_word(page, identity->problem) : "");
}

static const char *stage(const struct identity_mine *mine)
{
	if (!mine->begun)
		return "draft";
	switch (mine->identity.state) {
	case IDENTITY_SENT:
		return "sent";
	case IDENTITY_ASKED_AGAIN:
		return "asked_again";
	case IDENTITY_VERIFIED:
		return "verified";
	case IDENTITY_REJECTED:
		return mine->wanted ? "draft" : "rejected";
	case IDENTITY_EXPIRED:
		return mine->wanted ? "draft" : "expired";
	case IDENTITY_DRAFT:
	case IDENTITY_STATE_COUNT:
		break;
	}
	return "draft";
}

static void overview(struct page *page)
{
	struct identity_mine mine;
	if (!find_mine(page, &mine))
		return;
	json_t *tasks = json_array();
	for (unsigned i = 0; i < IDENTITY_PICTURE_COUNT; i++)
		json_array_append_new(tasks, task(page, &mine, (enum identity_picture)i));
	const char *at = stage(&mine);
	json_t *view = json_pack(
	    "{s:s, s:o, s:o, s:o, s:{s:b}, s:b, s:s}", "back", "/home", "id",
	    page_id(mine.person.id.n), "person", page_str(mine.person.name), "tasks", tasks, "at",
	    at, 1, "complete", mine.begun && mine.wanted && identity_complete(&mine.identity),
	    "lead", page_word(page, arena_printf(page->arena, "identity.leads.%s", at)));
	page_render(page, 200, "identity/overview", view);
}

static void send_in(struct page *page)
{
	enum err err = identity_send(page->service, &page->actor, person_of(page));
	if (err ==
	    ERR_CONFLICT) /* sent from another window, or a picture is missing: the page says which */
		return page_redirect(page, "/people/%lld/identity", (long long)person_of(page).n);
	if (err != OK)
		return page_failed(page, err);
	page_redirect(page, "/people/%lld/identity?done=identity_sent",
		      (long long)person_of(page).n);
}

/* ---- the family: one photo ---- */

static void photo_options(const struct page *page, struct form *form)
{
	json_t *items = json_array();
	for (unsigned i = 0; i < IDENTITY_DOCUMENT_COUNT; i++) {
		enum identity_document document = (enum identity_document)i;
		json_array_append_new(
		    items, view_choice(json_string(identity_document_name(document)),
				       json_string(document_word(page, document)), NULL));
	}
	form_options(form, "kind", items);
}

static void photo_show(struct page *page, enum identity_picture picture,
		       const struct identity_mine *mine)
{
	struct form *form = page_form(page, photos[picture].form);
	if (picture == IDENTITY_DOCUMENT)
		photo_options(page, form);
	if (picture == IDENTITY_DOCUMENT && mine->begun)
		form_default(form, "kind",
			     str_from(identity_document_name(mine->identity.document)));
	bool again = mine->begun && (mine->identity.asked & IDENTITY_BIT(picture)) != 0;
	json_t *view =
	    json_pack("{s:o, s:o, s:o, s:s}", "back",
		      json_sprintf("/people/%lld/identity", (long long)mine->person.id.n), "id",
		      page_id(mine->person.id.n), "person", page_str(mine->person.name), "problem",
		      again ? identity_problem_word(page, mine->identity.problem) : "");
	page_render_form(page, form, photos[picture].template, view);
}

static void photo_form(struct page *page, enum identity_picture picture)
{
	struct identity_mine mine;
	if (!find_mine(page, &mine))
		return;
	if (!mine.wanted || (mine.begun && !identity_takes(&mine.identity, picture)))
		return page_redirect(page, "/people/%lld/identity", (long long)mine.person.id.n);
	photo_show(page, picture, &mine);
}

static void document_form(struct page *page)
{
	photo_form(page, IDENTITY_DOCUMENT);
}

static void portrait_form(struct page *page)
{
	photo_form(page, IDENTITY_PORTRAIT);
}

/* Between the two turns of an upload. */
struct photo {
	enum identity_picture picture;
	enum identity_document document;
};

static const char *mistake_of(enum picture_verdict verdict)
{
	switch (verdict) {
	case PICTURE_OTHER_KIND:
		return "other_kind";
	case PICTURE_TOO_LARGE:
		return "too_large";
	case PICTURE_TOO_SMALL:
		return "too_small";
	case PICTURE_OK:
	case PICTURE_BROKEN:
	case PICTURE_GAVE_UP:
		break;
	}
	return "broken";
}

static void photo_made(struct page *page)
{
	const struct photo *photo = page->state;
	struct form *form = page_form(page, photos[photo->picture].form);
	struct identity_mine mine;
	if (!find_mine(page, &mine))
		return;
	if (page->verdict != PICTURE_OK) {
		form_mistake(form, "photo", mistake_of(page->verdict));
		return photo_show(page, photo->picture, &mine);
	}
	struct identity_upload upload = { .person = mine.person.id,
					  .picture = photo->picture,
					  .document = photo->document,
					  .jpeg = page->picture };
	enum err err = identity_put(page->service, &page->actor, &upload);
	if (err == ERR_CONFLICT || err == ERR_DENIED) /* decided, or sent, meanwhile */
		return page_redirect(page, "/people/%lld/identity", (long long)mine.person.id.n);
	if (err != OK)
		return page_failed(page, err);
	bool sent = identity_mine_find(page->service, &page->actor, page->arena, mine.person.id,
				       &mine) == OK &&
		    mine.identity.state == IDENTITY_SENT;
	page_redirect(page, "/people/%lld/identity?done=%s", (long long)mine.person.id.n,
		      sent ? "identity_sent" : "identity_added");
}

/* From the camera or from the device: two fields, one photo. */
static struct str sent_photo(const struct form *form)
{
	struct str taken = form_raw(form, "photo");
	return str_empty(taken) ? form_raw(form, "photo_kept") : taken;
}

static void photo_take(struct page *page, enum identity_picture picture)
{
	static const char *const kinds[] = { "PASSPORT", "DRIVING_LICENCE", "PHOTO_CARD", NULL };
	struct form *form = page_form(page, photos[picture].form);
	struct photo *photo = arena_new(page->arena, 1, sizeof(*photo));
	struct identity_mine mine;
	int kind = picture == IDENTITY_DOCUMENT ? form_choice(form, "kind", kinds) : 0;
	struct str file = sent_photo(form);
	if (!find_mine(page, &mine))
		return;
	if (str_empty(file))
		form_mistake(form, "photo", "missing");
	if (file.len > PICTURE_UPLOAD_MAX)
		form_mistake(form, "photo", "too_heavy");
	if (!form_ok(form))
		return photo_show(page, picture, &mine);
	*photo = (struct photo){ .picture = picture, .document = (enum identity_document)kind };
	page_picture(page, bytes_of(file.at, file.len), photo_made, photo);
}

static void document_take(struct page *page)
{
	photo_take(page, IDENTITY_DOCUMENT);
}

static void portrait_take(struct page *page)
{
	photo_take(page, IDENTITY_PORTRAIT);
}

/* ---- photos to look at ---- */

static bool picture_of(struct str name, enum identity_picture *out)
{
	for (unsigned i = 0; i < IDENTITY_PICTURE_COUNT; i++) {
		if (str_is(name, photos[i].name)) {
			*out = (enum identity_picture)i;
			return true;
		}
	}
	return false;
}

/* A photo that was sealed with another key is as good as lost. */
static void answer_image(struct page *page, enum err err, struct bytes jpeg)
{
	if (err == ERR_CRYPTO)
		err = ERR_NOT_FOUND;
	if (err != OK)
		return page_failed(page, err);
	page_image(page, jpeg);
}

static void own_image(struct page *page)
{
	enum identity_picture picture;
	struct bytes jpeg = { 0 };
	if (!picture_of(page_param(page, 1), &picture))
		return page_not_found(page);
	answer_image(page,
		     identity_own_picture(page->service, &page->actor, page->arena, person_of(page),
					  picture, &jpeg),
		     jpeg);
}

static void case_image(struct page *page)
{
	struct contact_id id = { page_param_id(page, 0) };
	enum identity_picture picture;
	struct bytes jpeg = { 0 };
	if (!picture_of(page_param(page, 1), &picture))
		return page_not_found(page);
	answer_image(page,
		     identity_look(page->service, &page->actor, page->arena, id, picture, &jpeg),
		     jpeg);
}

static void visit_image(struct page *page)
{
	struct reference reference;
	struct person_id person = { page_param_id(page, 1) };
	struct bytes jpeg = { 0 };
	if (!page_param_reference(page, 0, &reference))
		return page_not_found(page);
	answer_image(page,
		     identity_look_at_visit(page->service, &page->actor, page->arena, reference,
					    person, &jpeg),
		     jpeg);
}

/* ---- staff ---- */

static json_t *case_photos(const struct page *page, const struct identity_case *c)
{
	json_t *out = json_array();
	for (unsigned i = 0; i < IDENTITY_PICTURE_COUNT; i++)
		if (c->visible && (c->identity.held & IDENTITY_BIT(i)) != 0)
			json_array_append_new(
			    out,
			    json_pack("{s:s, s:s}", "name", photos[i].name, "label",
				      page_word(page, arena_printf(page->arena, "identity.staff.%s",
								   photos[i].name))));
	return out;
}

static const char *case_state(const struct identity_case *c)
{
	if (!c->begun)
		return c->needed ? "none" : "not_needed";
	return identity_state_name(c->identity.state);
}

bool identity_case_waits(const struct contact *contact, const struct identity_case *c)
{
	enum identity_state state = c->identity.state;
	return contact->state == CONTACT_REQUESTED && c->needed &&
	       (!c->begun || state == IDENTITY_DRAFT || state == IDENTITY_ASKED_AGAIN ||
		state == IDENTITY_EXPIRED || state == IDENTITY_REJECTED);
}

enum err identity_add_case(struct page *page, const struct contact *contact, json_t *view)
{
	struct identity_case c;
	enum err err = identity_case_find(page->service, &page->actor, contact, &c);
	if (err == OK)
		identity_show_case(page, contact, &c, view);
	return err;
}

void identity_show_case(const struct page *page, const struct contact *contact,
			const struct identity_case *c, json_t *view)
{
	bool open = contact->state == CONTACT_REQUESTED;
	bool waits = identity_case_waits(contact, c);
	json_object_set_new(
	    view, "identity",
	    json_pack(
		"{s:s, s:s, s:s, s:b, s:b}", "sentence",
		page_word(page, arena_printf(page->arena, "identity.states.%s", case_state(c))),
		"document", c->visible ? document_word(page, c->identity.document) : "", "problem",
		c->begun && c->identity.asked ? identity_problem_word(page, c->identity.problem)
					      : "",
		"may_ask_again", c->visible && page_is_for(page, WHO_DECIDES), "seen_needed",
		waits));
	json_object_set_new(view, "waits", json_boolean(waits));
	json_object_set_new(view, "photos_sent",
			    json_boolean(open && c->begun && c->identity.state == IDENTITY_SENT));
	json_object_set_new(view, "due", due_text(page, c->due));
	json_object_set_new(view, "due_s", json_integer(c->due.s));
	json_object_set_new(view, "overdue",
			    json_boolean(open && !waits && c->due.s <= page->service->now.s));
	view_list(view, "photos", case_photos(page, c));
}

enum err identity_add_portrait(struct page *page, struct person_id person, const char *reference,
			       json_t *visitor)
{
	bool kept = false;
	enum err err = identity_portrait_kept(page->service, person, &kept);
	if (err == OK && kept)
		json_object_set_new(
		    visitor, "portrait",
		    json_sprintf("/staff/visits/%s/portrait/%lld", reference, (long long)person.n));
	return err;
}

static void again_show(struct page *page, struct form *form, const struct contact_id id)
{
	json_t *which = json_array(), *problems = json_array();
	for (unsigned i = 0; i < IDENTITY_PICTURE_COUNT; i++)
		json_array_append_new(
		    which, view_choice(json_string(photos[i].name),
				       json_string(page_word(page, arena_printf(page->arena,
										"identity.staff.%s",
										photos[i].name))),
				       NULL));
	for (unsigned i = IDENTITY_FINE + 1; i < IDENTITY_PROBLEM_COUNT; i++) {
		enum identity_problem problem = (enum identity_problem)i;
		json_array_append_new(
		    problems, view_choice(json_string(identity_problem_name(problem)),
					  json_string(identity_problem_word(page, problem)), NULL));
	}
	form_options(form, "which", which);
	form_options(form, "problem", problems);
	json_t *view =
	    json_pack("{s:o, s:o}", "back", json_sprintf("/staff/approvals/%lld", (long long)id.n),
		      "id", page_id(id.n));
	view_here(view, "approvals");
	page_render_form(page, form, "identity/again", view);
}

/* The case, while pictures lie there to be looked at; false after answering. */
static bool find_open_case(struct page *page, struct contact_id id)
{
	struct contact_case found;
	struct identity_case c;
	enum err err = contact_find(page->service, &page->actor, page->arena, id, &found);
	if (err == OK)
		err = identity_case_find(page->service, &page->actor, &found.contact, &c);
	if (err != OK) {
		page_failed(page, err);
		return false;
	}
	if (!c.visible)
		page_redirect(page, "/staff/approvals/%lld", (long long)id.n);
	return c.visible;
}

static void again_form(struct page *page)
{
	struct contact_id id = { page_param_id(page, 0) };
	if (find_open_case(page, id))
		again_show(page, page_form(page, "identity_again"), id);
}

static void again(struct page *page)
{
	struct form *form = page_form(page, "identity_again");
	struct contact_id id = { page_param_id(page, 0) };
	enum identity_problem problem = IDENTITY_FINE;
	unsigned pictures = 0;
	for (unsigned i = 0; i < IDENTITY_PICTURE_COUNT; i++)
		if (form_ticked(form, "which", photos[i].name))
			pictures |= IDENTITY_BIT(i);
	if (pictures == 0)
		form_mistake(form, "which", "missing");
	if (!identity_problem_of(form_raw(form, "problem"), &problem) || problem == IDENTITY_FINE)
		form_mistake(form, "problem", "missing");
	if (!find_open_case(page, id))
		return;
	if (!form_ok(form))
		return again_show(page, form, id);
	enum err err = identity_ask_again(page->service, &page->actor, id, pictures, problem);
	if (err != OK)
		return page_failed(page, err);
	page_redirect(page, "/staff/approvals?done=identity_again");
}

/* ---- beside a request, on the family's page ---- */

json_t *identity_note(const struct page *page, const struct contact *contact)
{
	struct identity_mine mine;
	if (contact->state != CONTACT_REQUESTED ||
	    identity_mine_find(page->service, &page->actor, page->arena, contact->person.id,
			       &mine) != OK)
		return NULL;
	struct identity_case c;
	if (identity_case_find(page->service, &page->actor, contact, &c) != OK)
		return NULL;
	const char *at = mine.wanted ? stage(&mine) : "none";
	bool theirs = strcmp(at, "draft") == 0 || strcmp(at, "asked_again") == 0;
	json_t *text =
	    theirs
		? json_string(page_word(page, arena_printf(page->arena, "identity.notes.%s", at)))
		: view_word(page, "identity.notes.answer",
			    json_pack("{s:o}", "due", due_text(page, c.due)));
	json_t *note = json_pack("{s:o, s:b}", "text", text, "theirs", theirs);
	if (mine.wanted && (theirs || strcmp(at, "sent") == 0))
		json_object_set_new(
		    note, "href",
		    json_sprintf("/people/%lld/identity", (long long)contact->person.id.n));
	return note;
}

static const struct route rows[] = {
	{ METHOD_GET, "/people/{person}/identity", WHO_FAMILY, .handler = overview },
	{ METHOD_POST, "/people/{person}/identity", WHO_FAMILY, BODY_FORM, .handler = send_in },
	{ METHOD_GET, "/people/{person}/identity/document", WHO_FAMILY, .handler = document_form },
	{ METHOD_POST, "/people/{person}/identity/document", WHO_FAMILY, BODY_FORM, PHOTO_BODY_MAX,
	  .handler = document_take },
	{ METHOD_GET, "/people/{person}/identity/portrait", WHO_FAMILY, .handler = portrait_form },
	{ METHOD_POST, "/people/{person}/identity/portrait", WHO_FAMILY, BODY_FORM, PHOTO_BODY_MAX,
	  .handler = portrait_take },
	{ METHOD_GET, "/people/{person}/identity/{picture}/photo", WHO_FAMILY,
	  .handler = own_image },
	{ METHOD_GET, "/staff/approvals/{contact}/again", WHO_DECIDES, .handler = again_form },
	{ METHOD_POST, "/staff/approvals/{contact}/again", WHO_DECIDES, BODY_FORM,
	  .handler = again },
	{ METHOD_GET, "/staff/approvals/{contact}/photo/{picture}", WHO_DECIDES,
	  .handler = case_image },
	{ METHOD_GET, "/staff/visits/{reference}/portrait/{person}", WHO_ADMITS,
	  .handler = visit_image },
};

const struct route_group identity_routes = { rows, ARRAY_LEN(rows) };
