/*
 * page.h - how a page is written.
 *
 * A page is a row in the table of its file, a handler, a template, and words.
 *
 *	// family.c
 *	static void family_cancel(struct page *page)
 *	{
 *		struct form *form = page_form(page, "cancel");
 *		struct str why = form_text_optional(form, "why", 200);
 *		struct reference reference;
 *		if (!page_param_reference(page, 0, &reference))
 *			return page_not_found(page);
 *		if (!form_ok(form))
 *			return page_render_form(page, form, "family/cancel", NULL);
 *		switch (visit_cancel(page->service, &page->actor, reference, why)) {
 *		case OK:
 *			return page_redirect(page, "/visits?done=cancelled");
 *		case ERR_CONFLICT:
 *			form_mistake(form, "why", "too_late");
 *			return page_render_form(page, form, "family/cancel", NULL);
 *		default:
 *			return page_not_found(page);
 *		}
 *	}
 *
 *	static const struct route rows[] = {
 *		{ METHOD_POST, "/visits/{reference}/cancel", WHO_FAMILY, BODY_FORM, .handler = family_cancel },
 *	};
 *	const struct route_group family_routes = { rows, ARRAY_LEN(rows) };    // and a line in routes.c
 *
 * - The handler runs inside the turn's one transaction, in its own savepoint.
 *   Nothing has left when it returns: the answer goes after the commit.  An
 *   answer of 500 or more rolls the savepoint back.  No I/O, no waiting.
 * - Who may call it is the row's business, WHAT they may see is the use-case's.
 *   A thing that is not theirs: page_not_found().
 * - Fields: form.h.  CSRF is checked before the handler runs; every form has {{> components/csrf}}.
 * - After a POST: page_redirect() (303), or the form again with its mistakes (422).
 *   "?done=cancelled" in the redirect shows the word t.done.cancelled in a banner on top of the next page
 *   (words: "done": {"cancelled": "…"} beside "forms"; keys that do not exist show nothing).
 * - The view is a json_t; page_render() takes it over and adds
 *     t        the words in the person's language (front/words/<lang>/<area>.json → t.<area>.…)
 *     form     of page_render_form
 *     me       {family|staff: true, name, role: "visits_clerk", prison, prison_name, is: {visits_clerk: true}}
 *              only when somebody is signed in
 *     assets   {govuk_frontend_min_css, …}: addresses with their hash
 *     language of the toggle (language.h)
 *     csrf, lang, path, title (t.<area>.titles.<template's last part>, unless the view has one)
 * - A template is the inside of <main>; it names its layout in its first line:
 *     {{! layout: public }}   or   staff, terminal, visit (bare, for the call), print
 *   No inline script or style: the CSP refuses them.  Scripts of a page: view "scripts": ["visit"]
 *   gives <script type="module" src="…/visit.js">; JSON for it goes into data-… attributes.
 * - Slow things: page_hash() for passwords; then() is called in a later turn.
 * - What changes a visit that may be running: live_changed(page, visit) (live.h), after the commit
 *   media, clocks and event streams follow.
 */
#ifndef PVL_WEB_PAGE_H
#define PVL_WEB_PAGE_H

#include <jansson.h>

#include "domain/reference.h"
#include "domain/telephone.h"
#include "domain/visit.h"
#include "picture/picture.h"
#include "service/account.h"
#include "web/form.h"
#include "web/request.h"
#include "web/response.h"
#include "web/route.h"

struct exchange; /* exchange.h */
struct web;      /* web.h: the server's own parts */

struct page {
	const struct request *request;
	struct response *response;
	struct arena *arena;     /* of this request */
	struct service *service; /* first argument of every use-case; its clock is this turn's */
	struct web *web;
	const struct route *route;
	struct actor actor; /* second argument: role ROLE_NOBODY if nobody is signed in */
	struct account_session account; /* of whoever is signed in */
	bool by_key;      /* a machine asks: nobody is signed in, and a cookie counts for nothing */
	struct str token; /* their cookie's value; empty: not signed in */
	const char *csrf;
	const char *lang; /* "en" or "cy" */
	struct str params[ROUTE_PARAMS_MAX];
	struct exchange *exchange;
	struct form *form;
	json_t *body; /* of page_body_json */
	void *state;  /* in a then(): what page_hash… was given */
	/* in a then() of page_hash_check: */
	bool hash_matches;
	/* in a then() of page_hash: what to store */
	const char *hash;
	/* in a then() of page_picture: */
	enum picture_verdict verdict;
	struct bytes picture; /* a JPEG, while then() runs; of PICTURE_OK */
	/* likewise of page_paper: the PDF; empty: there is none */
	struct bytes paper;
	/* in a then() of WAIT_OBJECT: */
	bool object_absent; /* the object store has no such segment */
};

/* What {…} of the path matched: plain characters, bounded by the path's length. */
struct str page_param(const struct page *page, size_t i);
/* The same as an id in decimal; 0 if it is none. */
int64_t page_param_id(const struct page *page, size_t i);
bool page_param_reference(const struct page *page, size_t i, struct reference *out);
/* The visit of a path whose first parameter is its reference; false after answering. */
bool page_visit(struct page *page, struct visit *out);
/* For links, hidden fields and views: an id in decimal as a JSON text (JavaScript's numbers are too short). */
json_t *page_id(int64_t id);
/* Text for a view; borrowed text is copied. */
json_t *page_str(struct str s);
/* {"number":"0330 123 4567","link":"+443301234567","code":"4711"}, code null where none is needed; null without a number. */
json_t *page_telephone(const struct telephone *telephone);
/* {"iso":"2026-11-23T14:00:00Z","date":"Monday 23 November 2026","short":"Mon 23 Nov","time":"2:00pm",
   "day":"2026-11-23"} in Europe/London and the page's language. */
json_t *page_time(const struct page *page, struct wall at);
/* GOV.UK style, of minutes after midnight: 2pm, 2:30pm, midday, midnight. */
const char *page_clock(const struct page *page, int minute);
/* "23 November 2026". */
json_t *page_date(const struct page *page, struct date date);

/* A prison's name in the page's language; english where it has none in Welsh. */
json_t *page_prison_name(const struct page *page, struct prison_code code, struct str english);

/* The body as a form; for GET an empty one. */
struct form *page_form(struct page *page, const char *name);
/* The body as a JSON object, borrowed until the answer; NULL after answering 400 or 415. */
const json_t *page_body_json(struct page *page);

/* HTML with the layout; takes the view (NULL: empty). */
void page_render(struct page *page, int status, const char *template, json_t *view);
/* The same with the form in it; 422 if it has mistakes, else 200. */
void page_render_form(struct page *page, struct form *form, const char *template, json_t *view);
__attribute__((format(printf, 2, 3))) void page_redirect(struct page *page, const char *format,
							 ...);
/* Takes the value. */
void page_json(struct page *page, int status, json_t *value);
/* A file to keep: name is a literal such as "visit.ics". */
void page_file(struct page *page, const char *content_type, const char *name, struct str body);
/*
 * An error: problem+json for /api, else a page.  detail is for those who write programs: one English
 * sentence, not personal.  People read t.problem.<type> (without such a word t.problem.s<status>), in
 * their language, on the page or as userMessage.
 */
void page_problem(struct page *page, int status, const char *type, const char *detail);
/* The same with members of its own; takes more.  For /api. */
void page_problem_with(struct page *page, int status, const char *type, const char *detail,
		       json_t *more);
void page_not_found(struct page *page);
void page_no_content(struct page *page);
/* What a use-case said when it was neither OK nor a rule's no: 404, 403, 409 or 500. */
void page_failed(struct page *page, enum err err);

/* Whether the reader has one of these roles.  What a page offers asks by the set of the row that it leads to. */
bool page_is_for(const struct page *page, uint32_t who);
/* A new session and its cookie from now on; the old session ends.  False: answered 500. */
bool page_sign_in(struct page *page, struct account_id account);
/* False: it failed, and the answer says so. */
bool page_sign_out(struct page *page);
/* One try for this name (e-mail as typed) from this peer: false when too many were made; then show the same
   mistake as for a wrong password, and response->status 429. */
bool page_may_try_sign_in(struct page *page, struct str name);
/* One new account from this peer; false: too many were made. */
bool page_may_make_account(struct page *page);

/* Argon2id outside of the loop.  then(page) runs in a later turn, with page->hash set and page->state = state
   (from page->arena).  When too many wait, the answer is 503 by itself. */
void page_hash(struct page *page, struct str password, page_handler *then, void *state);
/* stored NULL or empty: spends the same time and says no (no hint whether an account exists). */
void page_hash_check(struct page *page, struct str password, const char *stored, page_handler *then,
		     void *state);

/* A photo made anew outside of the loop (picture/picture.h); copied.  then(page) runs in a later turn, whatever the
   verdict.  When too many wait, or the account sends too many, the answer says so by itself. */
void page_picture(struct page *page, struct bytes photo, page_handler *then, void *state);
/* A document (paper/document.h) made into a PDF outside of the loop; copied.  The answer is the file under that
   name, a literal such as "slip.pdf", or says by itself that too many wait. */
void page_paper(struct page *page, struct str document, const char *name);
/* An event stream (events.h), which is taken; NULL: 404. */
struct event_reader;
void page_events(struct page *page, struct event_reader *reader);
/* A JPEG, to be shown on a page. */
void page_image(struct page *page, struct bytes jpeg);

/* A word of ours by its path, "family.titles.home"; "" if there is none. */
const char *page_word(const struct page *page, const char *path);
/* All words of the page's language, borrowed. */
const json_t *page_words(const struct page *page);

#endif
