#include "web/data_page.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "domain/local_time.h"
#include "service/prison.h"
#include "service/subject.h"
#include "web/confirm.h"
#include "web/link_proof.h"
#include "web/view.h"

enum {
	TYPED_MAX = 254,
	NAME_CHARACTERS = 100,
};

static const char *word(const struct page *page, const char *area, const char *name)
{
	return page_word(page, arena_printf(page->arena, "data.%s.%s", area, name));
}

/* ---- whose ---- */

static struct subject own(const struct page *page)
{
	return (struct subject){ SUBJECT_ACCOUNT, page->actor.account.n };
}

/* "account" or "prisoner" of the address, and an id. */
static struct subject named(const struct page *page)
{
	bool prisoner = str_is(page_param(page, 0), "prisoner");
	return (struct subject){ prisoner ? SUBJECT_PRISONER : SUBJECT_ACCOUNT,
				 page_param_id(page, 1) };
}

static bool is_staff(const struct page *page)
{
	return page->actor.role != ROLE_FAMILY;
}

static const char *path_of(const struct page *page, struct subject subject)
{
	if (!is_staff(page))
		return "/account/data";
	return arena_printf(page->arena, "/staff/data/%s/%lld",
			    subject.kind == SUBJECT_PRISONER ? "prisoner" : "account",
			    (long long)subject.id);
}

/* ---- for people ---- */

/* A code of the database in words where there are some, else as it stands. */
static json_t *code_shown(const struct page *page, struct str code)
{
	const char *text = arena_text(page->arena, code);
	const char *paths[] = {
		arena_printf(page->arena, "data.codes.%s", text),
		arena_printf(page->arena, "log.verbs.%s", text),
		arena_printf(page->arena, "log.objects.%s", text),
		arena_printf(page->arena, "hints.what.%s", text),
		arena_printf(page->arena, "messages.kind_names.%s", text),
		arena_printf(page->arena, "relationships.codes.%s", text),
	};
	for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
		if (*page_word(page, paths[i]) != '\0')
			return json_string(page_word(page, paths[i]));
	return page_str(code);
}

static json_t *value_shown(const struct page *page, enum subject_field_kind kind,
			   const struct subject_value *v)
{
	switch (kind) {
	case SUBJECT_TEXT:
		return page_str(v->text);
	case SUBJECT_CODE:
		return code_shown(page, v->text);
	case SUBJECT_NUMBER:
		return json_sprintf("%lld", (long long)v->number);
	case SUBJECT_TIME:
		return v->number != 0 ? view_when(page, (struct wall){ v->number })
				      : json_string("");
	case SUBJECT_DAY:
		return view_date(page, date_of_days(v->number));
	case SUBJECT_FLAG:
		return json_string(word(page, "flag", v->number != 0 ? "yes" : "no"));
	}
	return json_string("");
}

static json_t *row_shown(const struct page *page, const struct subject_section *s, size_t at)
{
	json_t *cells = json_array();
	for (size_t i = 0; i < s->fields_len; i++) {
		json_t *text = value_shown(page, s->fields[i].kind, &s->rows[at][i]);
		json_array_append_new(cells, json_pack("{s:s, s:o, s:b}", "label",
						       word(page, "fields", s->fields[i].name),
						       "text", text, "first", (int)(i == 0)));
	}
	return json_pack("{s:o}", "cells", cells);
}

static json_t *sections_shown(const struct page *page, const struct subject_data *data)
{
	json_t *sections = json_array();
	for (size_t i = 0; i < data->count; i++) {
		const struct subject_section *s = &data->sections[i];
		json_t *rows = json_array(), *heads = json_array();
		for (size_t n = 0; n < s->count; n++)
			json_array_append_new(rows, row_shown(page, s, n));
		for (size_t n = 0; n < s->fields_len; n++)
			json_array_append_new(heads,
					      json_string(word(page, "fields", s->fields[n].name)));
		json_t *section =
		    json_pack("{s:s, s:o, s:b}", "name", word(page, "sections", s->name), "heads",
			      heads, "full", (int)(s->count == SUBJECT_ROWS_MAX));
		view_list(section, "rows", rows);
		json_array_append_new(sections, section);
	}
	return sections;
}

static const char *look_word(const struct page *page, const struct subject_look *look)
{
	static const struct {
		enum audit_verb verb;
		const char *word;
	} LOOKS[] = {
		{ AUDIT_IDENTITY_LOOK, "identity_look" },
		{ AUDIT_RECORDING_OPEN, "recording_open" },
		{ AUDIT_RECORDING_EXPORT, "recording_export" },
		{ AUDIT_MONITOR_BEGIN, "monitor_begin" },
		{ AUDIT_DATA_COPY, "data_copy" },
		{ AUDIT_DATA_LOOK, "data_look" },
	};
	if (look->what == AUDIT_DATA_LOOK && look->reference.text[0] != '\0')
		return word(page, "looks", "visit_look");
	for (size_t i = 0; i < ARRAY_LEN(LOOKS); i++)
		if (look->what == LOOKS[i].verb)
			return word(page, "looks", LOOKS[i].word);
	return "";
}

static json_t *looks_shown(const struct page *page, const struct subject_looks *looks)
{
	json_t *lines = json_array();
	for (size_t i = 0; i < looks->count; i++) {
		const struct subject_look *l = &looks->list[i];
		const char *role = page_word(
		    page, arena_printf(page->arena, "staff.roles.%s", role_name(l->role)));
		bool self = l->role == ROLE_FAMILY;
		json_array_append_new(
		    lines, json_pack("{s:o, s:s, s:s, s:s, s:o}", "when", view_when(page, l->at),
				     "who", self ? word(page, "looks", "yourself") : role, "prison",
				     l->prison.text, "what", look_word(page, l), "reference",
				     view_reference(l->reference)));
	}
	return lines;
}

static json_t *view_of(const struct page *page, struct subject subject,
		       const struct subject_view *v)
{
	json_t *view = json_pack(
	    "{s:s, s:b, s:b, s:s}", "action", path_of(page, subject), "account",
	    (int)(subject.kind == SUBJECT_ACCOUNT), "may_erase", (int)(v->erasure == ERASURE_OK),
	    "why_not",
	    v->erasure == ERASURE_OK ? "" : word(page, "erase_no", erasure_name(v->erasure)));
	view_list(view, "sections", sections_shown(page, &v->data));
	view_list(view, "looks", looks_shown(page, &v->looks));
	json_object_set_new(view, "made", view_when(page, page->service->now));
	return view;
}

static void show(struct page *page, struct subject subject)
{
	struct subject_view *v = arena_new(page->arena, 1, sizeof *v);
	enum err err = is_staff(page)
			   ? subject_look(page->service, &page->actor, page->arena, subject, v)
			   : subject_find(page->service, &page->actor, page->arena, subject, v);
	if (err != OK)
		return page_failed(page, err);
	json_t *view = view_of(page, subject, v);
	json_object_set_new(view, "back", json_string(is_staff(page) ? "/staff/data" : "/home"));
	view_here(view, is_staff(page) ? "data" : "home");
	page_render(page, 200, is_staff(page) ? "data/staff" : "data/own", view);
}

/* ---- for machines ---- */

static json_t *iso(const struct page *page, int64_t s)
{
	if (s == 0)
		return json_null();
	json_t *time = page_time(page, (struct wall){ s });
	json_t *text = json_incref(json_object_get(time, "iso"));
	json_decref(time);
	return text;
}

static json_t *value_json(const struct page *page, enum subject_field_kind kind,
			  const struct subject_value *v)
{
	char day[DATE_TEXT_ROOM];
	switch (kind) {
	case SUBJECT_TEXT:
	case SUBJECT_CODE:
		return page_str(v->text);
	case SUBJECT_NUMBER:
		return json_integer((json_int_t)v->number);
	case SUBJECT_TIME:
		return iso(page, v->number);
	case SUBJECT_DAY:
		date_write(date_of_days(v->number), day);
		return json_string(day);
	case SUBJECT_FLAG:
		return json_boolean(v->number != 0);
	}
	return json_null();
}

static json_t *section_json(const struct page *page, const struct subject_section *s)
{
	json_t *rows = json_array();
	for (size_t n = 0; n < s->count; n++) {
		json_t *row = json_object();
		for (size_t i = 0; i < s->fields_len; i++)
			json_object_set_new(row, s->fields[i].name,
					    value_json(page, s->fields[i].kind, &s->rows[n][i]));
		json_array_append_new(rows, row);
	}
	return rows;
}

static json_t *copy_json(const struct page *page, struct subject subject,
			 const struct subject_view *v)
{
	json_t *data = json_object(), *looks = json_array();
	for (size_t i = 0; i < v->data.count; i++)
		json_object_set_new(data, v->data.sections[i].name,
				    section_json(page, &v->data.sections[i]));
	for (size_t i = 0; i < v->looks.count; i++) {
		const struct subject_look *l = &v->looks.list[i];
		json_array_append_new(
		    looks, json_pack("{s:o, s:s, s:s, s:s, s:s}", "at", iso(page, l->at.s), "role",
				     role_name(l->role), "prison", l->prison.text, "what",
				     audit_verb_name(l->what), "reference", l->reference.text));
	}
	return json_pack("{s:s, s:o, s:s, s:o, s:o, s:[s, s, s, s]}", "format",
			 "prison-video-link/subject-access/1", "made",
			 iso(page, page->service->now.s), "subject",
			 subject.kind == SUBJECT_PRISONER ? "prisoner" : "account", "data", data,
			 "looks", looks, "not_included", "alerts", "restrictions",
			 "non_associations", "notes_of_staff");
}

/* The answer is a file of everything. */
static void answer_copy(struct page *page, struct subject subject, bool json,
			const struct subject_view *v)
{
	if (!json) {
		page_render(page, 200, "data/copy", view_of(page, subject, v));
		if (page->response->status == 200)
			response_header(page->response, "Content-Disposition",
					"attachment; filename=\"my-data.html\"");
		return;
	}
	json_t *all = copy_json(page, subject, v);
	char *text = json_dumps(all, JSON_INDENT(1));
	json_decref(all);
	page_file(page, "application/json", "my-data.json", str_from(text != NULL ? text : "{}"));
	free(text);
}

static void copy(struct page *page, struct subject subject, bool json)
{
	struct subject_view *v = arena_new(page->arena, 1, sizeof *v);
	enum err err = subject_copy(page->service, &page->actor, page->arena, subject, v);
	if (err != OK)
		return page_failed(page, err);
	answer_copy(page, subject, json, v);
}

/* ---- their own ---- */

static void own_page(struct page *page)
{
	show(page, own(page));
}

static void own_html(struct page *page)
{
	copy(page, own(page), false);
}

static void own_json(struct page *page)
{
	copy(page, own(page), true);
}

/* ---- forgetting ---- */

static const char *deed(const struct page *page, int64_t seq)
{
	return arena_printf(page->arena, "erased %lld", (long long)seq);
}

static void erase(struct page *page, struct subject subject)
{
	struct form *form = page_form(page, "data_erase");
	enum erasure answer = ERASURE_KEPT;
	int64_t seq = 0;
	if (!form_ticked(form, "sure", "yes"))
		return show(page, subject);
	enum err err = account_erase(page->service, &page->actor, (struct account_id){ subject.id },
				     &answer, &seq);
	if (err != OK)
		return page_failed(page, err);
	if (answer != ERASURE_OK)
		return show(page, subject);
	page_redirect(page, "/erased/%lld/%s", (long long)seq, link_proof(page, deed(page, seq)));
}

static void own_erase(struct page *page)
{
	erase(page, own(page));
}

/* Whoever was forgotten has no account any more: the address itself shows that it is theirs. */
static void erased(struct page *page)
{
	int64_t seq = page_param_id(page, 0);
	struct audit_record record = { 0 };
	struct buf receipt = buf_of(16 << 10);
	if (!link_proof_holds(page, deed(page, seq), page_param(page, 1))) {
		buf_clear(&receipt);
		return page_not_found(page);
	}
	enum err err = erasure_receipt(page->service, seq, &record, &receipt);
	if (err == OK || err == ERR_AGAIN)
		page_render(page, 200, "data/erased",
			    json_pack("{s:I, s:o, s:I, s:s, s:b}", "number", (json_int_t)seq,
				      "when", view_when(page, record.at), "rows",
				      (json_int_t)record.amount, "receipt",
				      err == OK ? buf_cstr(&receipt) : "", "signed",
				      (int)(err == OK)));
	else
		page_failed(page, err);
	buf_clear(&receipt);
}

/* ---- by staff ---- */

static void search(struct page *page)
{
	struct str typed = str_trim(request_query(page->request, "q"));
	struct subject found;
	bool asked = !str_empty(typed) && typed.len <= TYPED_MAX && str_is_utf8(typed);
	enum err err = asked
			   ? subject_search(page->service, &page->actor, page->arena, typed, &found)
			   : ERR_NOT_FOUND;
	if (err == OK)
		return page_redirect(page, "%s", path_of(page, found));
	if (err != ERR_NOT_FOUND)
		return page_failed(page, err);
	json_t *view = json_pack("{s:o, s:b}", "typed", asked ? page_str(typed) : json_string(""),
				 "none", (int)asked);
	view_here(view, "data");
	page_render(page, 200, "data/search", view);
}

static void staff_page(struct page *page)
{
	show(page, named(page));
}

/* ---- a copy that staff hand out: for whom, before it is made ---- */

/* As form_choice wants them: each at its enum. */
struct copy_choices {
	const char *recipients[COPY_RECIPIENT_COUNT + 1];
	const char *formats[COPY_FORMAT_COUNT + 1];
};

static struct copy_choices copy_choices(void)
{
	struct copy_choices c = { 0 };
	for (unsigned i = 0; i < COPY_RECIPIENT_COUNT; i++)
		c.recipients[i] = copy_recipient_name((enum copy_recipient)i);
	for (unsigned i = 0; i < COPY_FORMAT_COUNT; i++)
		c.formats[i] = copy_format_name((enum copy_format)i);
	return c;
}

static json_t *choices(const struct page *page, const char *area, const char *const *names)
{
	json_t *items = json_array();
	for (size_t i = 0; names[i] != NULL; i++)
		json_array_append_new(items,
				      view_choice(json_string(names[i]),
						  json_string(word(page, area, names[i])), NULL));
	return items;
}

static void show_copy_form(struct page *page, struct form *form)
{
	const struct copy_choices c = copy_choices();
	const char *back = path_of(page, named(page));
	json_t *view =
	    json_pack("{s:s, s:o}", "back", back, "action", json_sprintf("%s/copy", back));
	form_options(form, "recipient", choices(page, "codes", c.recipients));
	form_options(form, "format", choices(page, "formats", c.formats));
	view_here(view, "data");
	page_render_form(page, form, "data/copy-new", view);
}

static void new_copy(struct page *page)
{
	struct subject_view *v = arena_new(page->arena, 1, sizeof *v);
	enum err err = subject_find(page->service, &page->actor, page->arena, named(page), v);
	if (err != OK)
		return page_failed(page, err);
	show_copy_form(page, page_form(page, "data_copy"));
}

static struct copy_new read_copy(struct form *form)
{
	struct copy_new new = { 0 };
	const struct copy_choices c = copy_choices();
	int recipient = form_choice(form, "recipient", c.recipients);
	int format = form_choice(form, "format", c.formats);
	new.recipient_name = form_text_optional(form, "name", NAME_CHARACTERS);
	if (new.recipient_name.len > COPY_NAME_MAX)
		form_mistake(form, "name", "too_long");
	if (!form_ok(form))
		return new;
	new.recipient = (enum copy_recipient)recipient;
	new.format = (enum copy_format)format;
	bool own = new.recipient == COPY_FOR_THEMSELVES;
	if (own != str_empty(new.recipient_name))
		form_mistake(form, "name", own ? "own" : "missing");
	return new;
}

/* It leaves only with its row in the register: what was made is taken back where that fails. */
static void make_copy(struct page *page)
{
	struct form *form = page_form(page, "data_copy");
	struct subject subject = named(page);
	struct subject_view *v = arena_new(page->arena, 1, sizeof *v);
	struct copy_new new = read_copy(form);
	enum err err = subject_find(page->service, &page->actor, page->arena, subject, v);
	if (err != OK)
		return page_failed(page, err);
	if (!form_ok(form))
		return show_copy_form(page, form);
	size_t headers = page->response->headers_len;
	answer_copy(page, subject, new.format == COPY_JSON, v);
	if (page->response->status != 200)
		return;
	struct bytes file = buf_bytes(&page->response->body);
	new.rows = subject_rows(&v->data);
	new.bytes = (int64_t)file.len;
	crypto_hash_sha256(new.hash, file.at, file.len);
	err = buf_ok(&page->response->body)
		  ? subject_hand_out(page->service, &page->actor, page->arena, subject, &new)
		  : ERR_LIMIT;
	if (err == OK)
		return;
	page->response->headers_len = headers;
	page_failed(page, err);
}

static void staff_erase(struct page *page)
{
	struct subject subject = named(page);
	if (subject.kind != SUBJECT_ACCOUNT)
		return page_not_found(page);
	erase(page, subject);
}

/* ---- clocks ---- */

static void clocks(struct page *page)
{
	struct retention found;
	enum err err = retention_find(page->service, &page->actor, staff_prison(page), &found);
	if (err != OK)
		return page_failed(page, err);
	json_t *kinds = json_array();
	for (size_t i = 0; i < found.count; i++) {
		const struct retention_kind *k = &found.kinds[i];
		bool ruled = k->rule < POLICY_COUNT;
		json_t *oldest =
		    k->oldest.s != 0 ? view_date(page, local_date(k->oldest)) : json_string("");
		json_array_append_new(kinds, json_pack("{s:s, s:s, s:b, s:I, s:I, s:o, s:I, s:b}",
						       "name", word(page, "kinds", k->name), "from",
						       word(page, "kept", k->name), "ruled",
						       (int)ruled, "days", (json_int_t)k->days,
						       "count", (json_int_t)k->count, "oldest",
						       oldest, "overdue", (json_int_t)k->overdue,
						       "late", (int)(k->overdue > 0)));
	}
	json_t *view = json_object();
	view_list(view, "kinds", kinds);
	view_here(view, "data");
	page_render(page, 200, "data/clocks", view);
}

enum {
	WHO_ANSWERS = WHO_ADMIN | WHO_HQ_ADMIN,
	WHO_FORGETS = WHO_HQ_ADMIN,
};

static const struct route rows[] = {
	{ METHOD_GET, "/account/data", WHO_FAMILY, .handler = own_page },
	{ METHOD_GET, "/account/data/copy.html", WHO_FAMILY, .handler = own_html },
	{ METHOD_GET, "/account/data/copy.json", WHO_FAMILY, .handler = own_json },
	{ METHOD_POST, "/account/data/erase", WHO_FAMILY, BODY_FORM, .handler = own_erase },
	{ METHOD_GET, "/erased/{number}/{proof}", WHO_ANYONE, .handler = erased },
	{ METHOD_GET, "/staff/retention", WHO_STAFF, .handler = clocks },
	{ METHOD_GET, "/staff/data", WHO_ANSWERS, .handler = search },
	{ METHOD_GET, "/staff/data/{kind}/{id}", WHO_ANSWERS, .handler = staff_page },
	{ METHOD_GET, "/staff/data/{kind}/{id}/copy", WHO_ANSWERS, .handler = new_copy },
	{ METHOD_POST, "/staff/data/{kind}/{id}/copy", WHO_ANSWERS, BODY_FORM,
	  .handler = make_copy },
	{ METHOD_POST, "/staff/data/{kind}/{id}/erase", WHO_FORGETS, BODY_FORM,
	  .handler = staff_erase },
};

const struct route_group data_page_routes = { rows, ARRAY_LEN(rows) };
