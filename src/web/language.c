#include "web/language.h"

#include <string.h>

#include "base/assert.h"
#include "web/urlencoded.h"
#include "web/web.h"

enum {
	PATH_MAX_BYTES = 400
};

static const char cookie[] = "pvl-language";
static const char left[] = "-left";

static void cookie_set(struct page *page, const char *value)
{
	const char *age = *value != '\0' ? "31536000" : "0";
	response_header(page->response, "Set-Cookie",
			arena_printf(page->arena,
				     "%s=%s; Path=/; HttpOnly; SameSite=Lax; Max-Age=%s%s", cookie,
				     value, age, page->request->tls ? "; Secure" : ""));
}

enum language language_of_guest(const struct request *request, bool api)
{
	struct str asked = request->headers[HEADER_ACCEPT_LANGUAGE];
	struct str chosen = request_cookie(request, cookie);
	/* Scripts say in which language their page is. */
	if (api || str_empty(chosen))
		return str_starts(asked, "cy") ? LANGUAGE_CY : LANGUAGE_EN;
	return str_starts(chosen, "cy") ? LANGUAGE_CY : LANGUAGE_EN;
}

enum err language_take_along(struct page *page)
{
	struct str chosen = request_cookie(page->request, cookie);
	if (!str_is(chosen, "en") && !str_is(chosen, "cy"))
		return OK;
	enum language language = language_of(chosen);
	enum err err = account_choose_language(page->service, &page->actor, language);
	if (err != OK)
		return err;
	page->account.account.language = language;
	page->lang = language_code(language);
	cookie_set(page, "");
	return OK;
}

void language_leave(struct page *page)
{
	cookie_set(page, arena_printf(page->arena, "%s%s", page->lang, left));
}

/* ---- the toggle ---- */

bool is_own_path(struct str text)
{
	static const char signs[] = "/-._~?=&%+,";
	if (!str_starts(text, "/") || str_starts(text, "//") || text.len > PATH_MAX_BYTES)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			     (c >= '0' && c <= '9') || (c != '\0' && strchr(signs, c) != NULL);
		if (!plain)
			return false;
	}
	return true;
}

static bool can_be_opened(struct str path)
{
	size_t len;
	const struct route_group *const *groups = web_routes(&len);
	return route_find(groups, len, METHOD_GET, path).route != NULL;
}

void language_view_at(const struct page *page, json_t *view, const char *here)
{
	bool welsh = strcmp(page->lang, "cy") == 0;
	json_object_set_new(view, "language",
			    json_pack("{s:s, s:s, s:b, s:b}", "here", here, "next",
				      urlencoded_encode(page->arena, str_from(here)), "en", !welsh,
				      "cy", welsh));
}

static const char *own_address(const struct page *page)
{
	const struct request *request = page->request;
	if (request->method != METHOD_GET || str_empty(request->query))
		return arena_text(page->arena, request->path);
	return arena_printf(page->arena, "%.*s?%.*s", STR_FMT(request->path),
			    STR_FMT(request->query));
}

void language_view(const struct page *page, json_t *view)
{
	const char *here = own_address(page);
	if (page->route != NULL && json_object_get(view, "language") == NULL &&
	    is_own_path(str_from(here)) && can_be_opened(page->request->path))
		language_view_at(page, view, here);
}

static void go_back(struct page *page, struct str next)
{
	if (!is_own_path(next))
		next = STR("/");
	page_redirect(page, "%.*s", STR_FMT(next));
}

/* A link: it changes nothing but a cookie of the reader's own. */
static void guest_chooses(struct page *page)
{
	struct str code = page_param(page, 0);
	if (!str_is(code, "en") && !str_is(code, "cy"))
		return page_not_found(page);
	cookie_set(page, language_code(language_of(code)));
	go_back(page, request_query(page->request, "next"));
}

static void account_chooses(struct page *page)
{
	struct form *form = page_form(page, "language");
	struct str code = form_raw(form, "language");
	if (!str_is(code, "en") && !str_is(code, "cy"))
		return page_failed(page, ERR_BAD);
	enum err err = account_choose_language(page->service, &page->actor, language_of(code));
	if (err != OK)
		return page_failed(page, err);
	go_back(page, form_raw(form, "next"));
}

static const struct route rows[] = {
	{ METHOD_GET, "/language/{code}", WHO_ANYONE, .handler = guest_chooses },
	{ METHOD_POST, "/language", WHO_FAMILY | WHO_STAFF, BODY_FORM, .handler = account_chooses },
};

const struct route_group language_routes = { rows, ARRAY_LEN(rows) };
