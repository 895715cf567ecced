#include "web/page.h"

#include <string.h>

#include "base/assert.h"
#include "service/booking.h"
#include "service/prison.h"
#include "web/assets.h"
#include "web/language.h"
#include "web/staff_menu.h"
#include "web/web.h"
#include "web/words.h"

enum {
	WAIT_HASH_MS = 20000,
	WAIT_PICTURE_MS = 45000, /* longer than the decoder waits */
};

struct str page_param(const struct page *page, size_t i)
{
	ASSERT(i < ROUTE_PARAMS_MAX);
	return page->params[i];
}

int64_t page_param_id(const struct page *page, size_t i)
{
	uint64_t id = 0;
	return str_u64(page_param(page, i), INT64_MAX, &id) ? (int64_t)id : 0;
}

bool page_param_reference(const struct page *page, size_t i, struct reference *out)
{
	return reference_of(page_param(page, i), out);
}

bool page_visit(struct page *page, struct visit *out)
{
	struct reference reference;
	if (!page_param_reference(page, 0, &reference)) {
		page_not_found(page);
		return false;
	}
	enum err err = visit_find(page->service, &page->actor, page->arena, reference, out);
	if (err != OK)
		page_failed(page, err);
	return err == OK;
}

json_t *page_id(int64_t id)
{
	char text[24];
	snprintf(text, sizeof(text), "%lld", (long long)id);
	return json_string(text);
}

json_t *page_telephone(const struct telephone *telephone)
{
	char shown[TELEPHONE_TEXT];
	char link[TELEPHONE_TEXT];
	if (telephone->number == 0)
		return json_null();
	telephone_shown(telephone, shown);
	telephone_link(telephone, link);
	json_t *code = telephone->code != 0 ? page_id(telephone->code) : json_null();
	return json_pack("{s:s, s:s, s:o}", "number", shown, "link", link, "code", code);
}

json_t *page_str(struct str s)
{
	json_t *value = json_stringn(s.at != NULL ? s.at : "", s.len);
	return value != NULL ? value : json_string("");
}

struct form *page_form(struct page *page, const char *name)
{
	if (page->form == NULL)
		page->form = form_new(page->request, name);
	return page->form;
}

const json_t *page_body_json(struct page *page)
{
	struct bytes body = page->request->body;
	if (page->body == NULL)
		page->body =
		    json_loadb((const char *)body.at, body.len, JSON_REJECT_DUPLICATES, NULL);
	if (json_is_object(page->body))
		return page->body;
	page_problem(page, 400, "bad-json", "The body is not a JSON object.");
	return NULL;
}

/* ---- time ---- */

static const char *number_word(const struct page *page, const char *area, int number)
{
	return page_word(page, arena_printf(page->arena, "common.date.%s.%d", area, number));
}

const char *page_clock(const struct page *page, int minute)
{
	int hour = minute / 60, rest = minute % 60;
	int shown = hour % 12 == 0 ? 12 : hour % 12;
	const char *half = page_word(page, hour < 12 ? "common.date.am" : "common.date.pm");
	if (minute == 0 || minute == 24 * 60)
		return page_word(page, "common.date.midnight");
	if (minute == 720)
		return page_word(page, "common.date.midday");
	if (rest == 0)
		return arena_printf(page->arena, "%d%s", shown, half);
	return arena_printf(page->arena, "%d:%02d%s", shown, rest, half);
}

static const char *iso_text(struct arena *arena, struct wall at)
{
	struct date date = date_of_days(at.s / 86400);
	int s = (int)(at.s % 86400);
	return arena_printf(arena, "%04d-%02d-%02dT%02d:%02d:%02dZ", date.year, date.month,
			    date.day, s / 3600, s / 60 % 60, s % 60);
}

/* "23 November 2026", in both languages in this order. */
static const char *date_text(const struct page *page, struct date date)
{
	return arena_printf(page->arena, "%d %s %d", date.day,
			    number_word(page, "months", date.month), date.year);
}

static const char *short_date_text(const struct page *page, struct date date)
{
	return arena_printf(page->arena, "%s %d %s",
			    number_word(page, "weekdays_short", date_weekday(date)), date.day,
			    number_word(page, "months_short", date.month));
}

json_t *page_date(const struct page *page, struct date date)
{
	return json_string(date_text(page, date));
}

json_t *page_time(const struct page *page, struct wall at)
{
	struct local_time local = local_of(at);
	char day[DATE_TEXT_ROOM];
	date_write(local.date, day);
	return json_pack("{s:s, s:s++, s:s, s:s, s:s}", "iso", iso_text(page->arena, at), "date",
			 number_word(page, "weekdays", date_weekday(local.date)), " ",
			 date_text(page, local.date), "short", short_date_text(page, local.date),
			 "time", page_clock(page, local.minute), "day", day);
}

/* ---- answers ---- */

const json_t *page_words(const struct page *page)
{
	const json_t *welsh = page->web->words[LANGUAGE_CY];
	bool cy = strcmp(page->lang, "cy") == 0 && welsh != NULL;
	return cy ? welsh : page->web->words[LANGUAGE_EN];
}

const char *page_word(const struct page *page, const char *path)
{
	const char *found = words_find(page_words(page), path);
	return found != NULL ? found : "";
}

static void set_borrowed(json_t *object, const char *key, const json_t *value)
{
	json_object_set(object, key, (json_t *)(uintptr_t)value);
}

json_t *page_prison_name(const struct page *page, struct prison_code code, struct str english)
{
	struct prison prison;
	if (strcmp(page->lang, "cy") != 0 || prison_code_empty(code) ||
	    prison_find(page->service, page->arena, code, &prison) != OK ||
	    str_empty(prison.name_cy))
		return page_str(english);
	return page_str(prison.name_cy);
}

static json_t *me_view(const struct page *page)
{
	const struct account_session *session = &page->account;
	const char *role = role_name(page->actor.role);
	json_t *me = json_object();
	json_object_set_new(me, "name", page_str(session->account.name));
	json_object_set_new(me, "role", json_string(role));
	json_object_set_new(me, "prison", json_string(session->actor.prison.text));
	json_object_set_new(me, "prison_name",
			    page_prison_name(page, session->actor.prison, session->prison_name));
	json_object_set_new(me, role_is_staff(page->actor.role) ? "staff" : role, json_true());
	json_object_set_new(me, "is", json_pack("{s:b}", role, 1));
	json_object_set_new(me, "many_roles", json_boolean(session->role_count > 1));
	return me;
}

static const char *title_of(const struct page *page, const char *template)
{
	const char *last = strrchr(template, '/');
	struct str area = str_from(template);
	area = str_cut(&area, '/');
	return page_word(page, arena_printf(page->arena, "%.*s.titles.%s", STR_FMT(area),
					    last != NULL ? last + 1 : template));
}

static void add_done(const struct page *page, json_t *view)
{
	struct str done = request_query(page->request, "done");
	const json_t *sentences = json_object_get(page_words(page), "done");
	const json_t *sentence =
	    done.len > 0 ? json_object_getn(sentences, done.at, done.len) : NULL;
	if (sentence != NULL)
		set_borrowed(view, "done", sentence);
}

static void add_common(struct page *page, const char *template, json_t *view)
{
	struct str path = page->request->path;
	set_borrowed(view, "t", page_words(page));
	if (page->web->assets != NULL)
		set_borrowed(view, "assets", assets_view(page->web->assets));
	if (page->actor.role != ROLE_NOBODY)
		json_object_set_new(view, "me", me_view(page));
	if (role_is_staff(page->actor.role))
		staff_menu_add(page, view);
	json_object_set_new(view, "csrf", json_string(page->csrf));
	json_object_set_new(view, "lang", json_string(page->lang));
	json_object_set_new(view, "path", page_str(path));
	language_view(page, view);
	json_object_set_new(view, "lab", json_boolean(page->web->config.lab));
	if (json_object_get(view, "title") == NULL)
		json_object_set_new(view, "title", json_string(title_of(page, template)));
	add_done(page, view);
}

/* The name in "{{! layout: public }}" on the first line; "public" if it says nothing. */
static const char *layout_of(const struct page *page, const char *template)
{
	const struct template_text *text = templates_find(&page->web->templates, template);
	if (text == NULL)
		return NULL;
	struct str rest = str_of(text->text, text->len);
	struct str line = str_line(&rest);
	if (!str_starts(line, "{{! layout:"))
		return "layout/public";
	line = str_of(line.at + 11, line.len - 11);
	struct str name = str_trim(str_cut(&line, '}'));
	return arena_printf(page->arena, "layout/%.*s", STR_FMT(name));
}

static enum err render_both(struct page *page, const char *template, json_t *view)
{
	struct buf inside = buf_of(RESPONSE_BODY_MAX);
	const char *layout = layout_of(page, template);
	enum err err = layout == NULL ? ERR_NOT_FOUND : OK;
	if (err == OK)
		err = template_render(&page->web->templates, template, view, &inside);
	if (err == OK) {
		json_object_set_new(view, "content", page_str(buf_view(&inside)));
		buf_reset(&page->response->body);
		err = template_render(&page->web->templates, layout, view, &page->response->body);
	}
	buf_clear(&inside);
	return err;
}

void page_render(struct page *page, int status, const char *template, json_t *view)
{
	if (view == NULL)
		view = json_object();
	add_common(page, template, view);
	enum err err = render_both(page, template, view);
	json_decref(view);
	page->response->status = status;
	page->response->content_type = "text/html; charset=utf-8";
	if (err == OK)
		return;
	log_event(page->web->log, LOG_ERROR, "template", LOG_WORD("err", err_name(err)),
		  LOG_WORD("name", template));
	buf_reset(&page->response->body);
	buf_text(&page->response->body, page_word(page, "problem.plain.not_shown"));
	page->response->status = 500;
	page->response->content_type = "text/plain; charset=utf-8";
}

void page_render_form(struct page *page, struct form *form, const char *template, json_t *view)
{
	const json_t *words =
	    json_object_get(json_object_get(page_words(page), "forms"), form_name(form));
	if (view == NULL)
		view = json_object();
	json_object_set_new(view, "form", form_view(form, words));
	page_render(page, form_ok(form) ? 200 : 422, template, view);
}

void page_redirect(struct page *page, const char *format, ...)
{
	va_list list;
	char text[2048];
	va_start(list, format);
	vsnprintf(text, sizeof(text), format, list);
	va_end(list);
	page->response->status = 303;
	response_header(page->response, "Location", arena_text(page->arena, str_from(text)));
}

void page_json(struct page *page, int status, json_t *value)
{
	char *text = json_dumps(value, JSON_COMPACT);
	json_decref(value);
	page->response->status = text != NULL ? status : 500;
	page->response->content_type = "application/json";
	buf_reset(&page->response->body);
	buf_text(&page->response->body, text != NULL ? text : "{}");
	free(text);
}

void page_file(struct page *page, const char *content_type, const char *name, struct str body)
{
	page->response->status = 200;
	page->response->content_type = content_type;
	response_header(page->response, "Content-Disposition",
			arena_printf(page->arena, "attachment; filename=\"%s\"", name));
	buf_reset(&page->response->body);
	buf_str(&page->response->body, body);
}

/* What has no words of its own is said in those of its status, or of 500. */
static const char *problem_word(struct page *page, const char *area, int status, const char *type)
{
	const char *word = page_word(page, arena_printf(page->arena, "problem.%s.%s", area, type));
	if (*word == '\0')
		word = page_word(page, arena_printf(page->arena, "problem.%s.s%d", area, status));
	return *word != '\0' ? word
			     : page_word(page, arena_printf(page->arena, "problem.%s.s500", area));
}

static bool answers_programs(const struct page *page)
{
	if (page->route != NULL)
		return (page->route->flags & ROUTE_API) != 0;
	return str_starts(page->request->path, "/api/") || str_starts(page->request->path, "/lab/");
}

void page_problem_with(struct page *page, int status, const char *type, const char *detail,
		       json_t *more)
{
	const char *title = problem_word(page, "titles", status, type);
	const char *sentence = problem_word(page, "sentences", status, type);
	if (status == 503 || status == 429)
		response_header(page->response, "Retry-After", "2");
	if (!answers_programs(page)) {
		json_decref(more);
		return page_render(page, status, "error/problem",
				   json_pack("{s:s, s:s, s:i}", "title", title, "detail", sentence,
					     "status", status));
	}
	json_t *problem =
	    json_pack("{s:s+, s:s, s:i, s:s, s:s}", "type", "/problems/", type, "title", title,
		      "status", status, "detail", detail, "userMessage", sentence);
	json_object_update(problem, more);
	json_decref(more);
	page_json(page, status, problem);
	page->response->content_type = "application/problem+json";
}

void page_problem(struct page *page, int status, const char *type, const char *detail)
{
	page_problem_with(page, status, type, detail, NULL);
}

void page_not_found(struct page *page)
{
	page_problem(page, 404, "not-found",
		     "If you typed the web address, check it is correct. If you pasted it, check "
		     "you copied all of it.");
}

void page_failed(struct page *page, enum err err)
{
	switch (err) {
	case ERR_NOT_FOUND:
		return page_not_found(page);
	case ERR_DENIED:
		return page_problem(page, 403, "denied", "Your role does not allow this.");
	case ERR_CONFLICT:
		return page_problem(page, 409, "conflict",
				    "Somebody else changed this a moment ago. Look at it again.");
	case ERR_LIMIT:
		return page_problem(page, 409, "limit", "No more of these can be added.");
	case ERR_BAD:
	case ERR_SHORT:
		return page_problem(page, 400, "bad", "What was sent cannot be used.");
	case ERR_AGAIN: /* others write for too long */
	case ERR_DB:    /* lost for now; logged where it happened */
		return page_problem(page, 503, "database", "Try again in a moment.");
	case OK:
	case ERR_TIMEOUT:
	case ERR_CLOSED:
	case ERR_SYS:
	case ERR_CRYPTO:
		break;
	}
	log_event(page->web->log, LOG_ERROR, "page_failed", LOG_WORD("err", err_name(err)),
		  LOG_WORD("path", page->route != NULL ? page->route->path : "none"));
	page_problem(page, 500, "failed", "Nothing was changed. Try again in a moment.");
}

void page_no_content(struct page *page)
{
	page->response->status = 204;
}

/* ---- who ---- */

bool page_sign_in(struct page *page, struct account_id account)
{
	struct session_started started;
	struct account_session session;
	enum err err =
	    str_empty(page->token) ? OK : account_session_end(page->service, page->token);
	if (err == OK || err == ERR_NOT_FOUND)
		err = account_session_start(page->service, account, &started);
	if (err == OK)
		err = account_session_find(page->service, page->arena, str_from(started.token),
					   &session);
	if (err != OK) {
		page_failed(page, err);
		return false;
	}
	page->account = session;
	page->actor = session.actor;
	page->token = arena_str(page->arena, str_from(started.token));
	page->csrf = arena_text(page->arena, str_from(started.csrf));
	page->lang = language_code(session.account.language);
	session_cookie_set(page, page->token.at, role_is_staff(session.actor.role));
	err = language_take_along(page);
	if (err != OK)
		page_failed(page, err);
	return err == OK;
}

bool page_is_for(const struct page *page, uint32_t who)
{
	return (who & WHO_BIT(page->actor.role)) != 0;
}

bool page_sign_out(struct page *page)
{
	enum err err =
	    str_empty(page->token) ? OK : account_session_end(page->service, page->token);
	if (err != OK && err != ERR_NOT_FOUND) {
		page_failed(page, err);
		return false;
	}
	session_cookie_set(page, NULL, false);
	language_leave(page);
	return true;
}

bool page_may_try_sign_in(struct page *page, struct str name)
{
	struct limits *limits = page->web->limits;
	char email[EMAIL_MAX + 1];
	struct str key = email_normalise(name, email) ? str_from(email) : name;
	struct mono now = page->request->now;
	/* All are asked, so that a try counts everywhere. */
	bool all = limits_take_name(limits, LIMIT_SIGN_IN_ALL, STR("all"), now);
	bool near = limits_take_address(limits, LIMIT_SIGN_IN_PREFIX, &page->request->peer, now);
	bool one = limits_take_name(limits, LIMIT_SIGN_IN_ACCOUNT, key, now);
	if (all && near && one)
		return true;
	page->web->counts.limited++;
	return false;
}

bool page_may_make_account(struct page *page)
{
	struct limits *limits = page->web->limits;
	struct mono now = page->request->now;
	if (limits_take_address(limits, LIMIT_ACCOUNT_PREFIX, &page->request->peer, now) &&
	    limits_take_name(limits, LIMIT_ACCOUNT_ALL, STR("all"), now))
		return true;
	page->web->counts.limited++;
	return false;
}

/* ---- later ---- */

void page_later(struct page *page, enum exchange_wait wait, uint64_t job, int64_t ms,
		page_handler *then, void *state)
{
	struct exchange *x = page->exchange;
	page->response->kind = RESPONSE_LATER;
	page->state = state;
	x->wait = wait;
	x->job = job;
	x->deadline = mono_add_ms(page->request->now, ms);
	x->then = then;
}

static void hash_started(struct page *page, enum err err, uint64_t job, page_handler *then,
			 void *state)
{
	if (err == OK)
		return page_later(page, WAIT_HASH, job, WAIT_HASH_MS, then, state);
	page->web->counts.limited++;
	page_problem(page, 503, "busy", "Many people are signing in. Try again in a moment.");
}

void page_hash(struct page *page, struct str password, page_handler *then, void *state)
{
	uint64_t job = ++page->web->jobs;
	struct bytes secret = bytes_of(password.at, password.len);
	struct hasher *hasher = page->web->hasher;
	enum err err =
	    hasher == NULL ? ERR_CLOSED : hasher_make(hasher, job, secret, page->request->now);
	hash_started(page, err, job, then, state);
}

void page_hash_check(struct page *page, struct str password, const char *stored, page_handler *then,
		     void *state)
{
	uint64_t job = ++page->web->jobs;
	struct bytes secret = bytes_of(password.at, password.len);
	struct hasher *hasher = page->web->hasher;
	enum err err = hasher == NULL ? ERR_CLOSED
				      : hasher_check(hasher, job, secret, str_from(stored),
						     page->request->now);
	hash_started(page, err, job, then, state);
}

void page_picture(struct page *page, struct bytes photo, page_handler *then, void *state)
{
	uint64_t job = ++page->web->jobs;
	struct bytes account = bytes_of(&page->actor.account.n, sizeof(page->actor.account.n));
	bool may =
	    limits_take_name(page->web->limits, LIMIT_PICTURE_ACCOUNT,
			     str_of((const char *)account.at, account.len), page->request->now);
	if (!may) {
		page->web->counts.limited++;
		return page_problem(page, 429, "pictures", "Too many photos in a short time.");
	}
	enum err err = page->web->decoder == NULL
			   ? ERR_CLOSED
			   : decoder_submit(page->web->decoder, job, photo, page->request->now);
	if (err == OK)
		return page_later(page, WAIT_PICTURE, job, WAIT_PICTURE_MS, then, state);
	page->web->counts.limited++;
	page_problem(page, 503, "busy", "Many people are sending photos. Try again in a moment.");
}

static void send_paper(struct page *page)
{
	struct bytes pdf = page->paper;
	if (pdf.len == 0)
		return page_problem(page, 500, "paper", "The document could not be made.");
	page_file(page, "application/pdf", page->state, str_of((const char *)pdf.at, pdf.len));
}

void page_paper(struct page *page, struct str document, const char *name)
{
	uint64_t job = ++page->web->jobs;
	struct bytes account = bytes_of(&page->actor.account.n, sizeof(page->actor.account.n));
	if (!limits_take_name(page->web->limits, LIMIT_PAPER_ACCOUNT,
			      str_of((const char *)account.at, account.len), page->request->now)) {
		page->web->counts.limited++;
		return page_problem(page, 429, "papers", "Too many documents in a short time.");
	}
	struct bytes text = bytes_of(document.at, document.len);
	enum err err = page->web->paper == NULL
			   ? ERR_CLOSED
			   : decoder_submit(page->web->paper, job, text, page->request->now);
	if (err == OK)
		return page_later(page, WAIT_PAPER, job, WAIT_PICTURE_MS, send_paper,
				  arena_text(page->arena, str_from(name)));
	page->web->counts.limited++;
	page_problem(page, 503, "papers_busy",
		     "Many documents are being made. Try again in a moment.");
}

void page_events(struct page *page, struct event_reader *reader)
{
	if (reader == NULL)
		return page_problem(page, 404, "not-found", "No such stream: join again.");
	page->response->kind = RESPONSE_EVENTS;
	page->response->status = 200;
	page->response->content_type = "text/event-stream";
	page->response->events = reader;
	response_header(page->response, "X-Accel-Buffering", "no");
}

void page_image(struct page *page, struct bytes jpeg)
{
	page->response->status = 200;
	page->response->content_type = "image/jpeg";
	buf_reset(&page->response->body);
	buf_put(&page->response->body, jpeg.at, jpeg.len);
}
