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
 *		struct str reference = page_param(page, 0);
 *		if (!form_ok(form))
 *			return page_render_form(page, form, "family/cancel", NULL);
 *		switch (visit_cancel(page->service, page->session.account, reference, why)) {
 *		case CANCEL_OK:
 *			return page_redirect(page, "/visits/%s", …);
 *		case CANCEL_TOO_LATE:
 *			form_mistake(form, "why", "too_late");
 *			return page_render_form(page, form, "family/cancel", NULL);
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
 *   page_flash() shows one sentence (a key of the words) on the next page.
 * - The view is a json_t; page_render() takes it over and adds
 *     t        the words in the person's language (front/words/<lang>/<area>.json → t.<area>.…)
 *     form     of page_render_form
 *     session  {family|staff|terminal: true, name, prison, prison_name, clerk: true, …}
 *     assets   {govuk_frontend_min_css, …}: addresses with their hash
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

#include "base/log.h"
#include "base/random.h"
#include "web/form.h"
#include "web/request.h"
#include "web/response.h"
#include "web/route.h"
#include "web/session.h"

struct service; /* service/service.h: the use-cases, store and clock inside */
struct web;     /* web.h: the server's own parts */

struct page_hash_result {
	bool ok;          /* page_hash_check: it matched; page_hash: it was made */
	const char *text; /* page_hash: what to store */
};

struct page {
	const struct request *request;
	struct response *response;
	struct arena *arena; /* of this request */
	struct service *service;
	struct web *web;
	struct random *random;
	struct log *log;
	const struct route *route;
	struct session session;
	const char *lang; /* "en" or "cy" */
	struct str params[ROUTE_PARAMS_MAX];
	void *state;                  /* what page_later() was given */
	struct page_hash_result hash; /* in the then() of page_hash… */
};

/* What {…} of the path matched: plain characters, bounded by the path's length. */
struct str page_param(const struct page *page, size_t i);
/* The same as an id in decimal; 0 if it is none. */
int64_t page_param_id(const struct page *page, size_t i);

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
/* An error: problem+json for /api, else a page.  detail: one sentence, not personal. */
void page_problem(struct page *page, int status, const char *type, const char *detail);
void page_not_found(struct page *page);
void page_no_content(struct page *page);
/* key: a word of t.flash, shown once on the next page that is rendered for this session. */
void page_flash(struct page *page, const char *key);

/* Signed in from now on: a new cookie, a new CSRF token; the old session's row is gone. */
void page_sign_in(struct page *page, enum session_kind kind, struct account_id account);
void page_sign_in_terminal(struct page *page, struct terminal_id terminal);
void page_sign_out(struct page *page);
/* One try for this account name (lower-cased e-mail or staff name) from this peer: false when too many
   were made; then answer as if the password were wrong, with status 429. */
bool page_may_try_sign_in(struct page *page, struct str name);

/* Argon2id outside of the loop.  then(page) runs in a later turn, with page->hash set and page->state = state
   (from page->arena).  When too many wait, the answer is 503 by itself. */
void page_hash(struct page *page, struct str password, page_handler *then, void *state);
/* stored NULL or empty: spends the same time and says no (no hint whether an account exists). */
void page_hash_check(struct page *page, struct str password, const char *stored, page_handler *then,
		     void *state);

/* A word of ours by its path, "family.titles.home"; "" if there is none. */
const char *page_word(const struct page *page, const char *path);

#endif
