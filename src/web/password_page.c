#include "web/password_page.h"

#include <string.h>

#include "base/assert.h"
#include "web/view.h"

enum {
	PASSWORD_MIN = 10,
	PASSWORD_MAX = 200,
	GONE = 404,
	TOO_MANY_TRIES = 429,
};

const char *password_link_path(struct arena *arena, const struct password_link *link)
{
	return arena_printf(arena, "/password/%lld/%lld/%s", (long long)link->account.n,
			    (long long)link->until.s, link->proof);
}

/* ---- asking for a link ---- */

static void ask_form(struct page *page)
{
	page_render_form(page, page_form(page, "password_forgotten"), "accounts/forgotten",
			 json_pack("{s:s}", "back", "/sign-in"));
}

static void ask(struct page *page)
{
	struct form *form = page_form(page, "password_forgotten");
	struct str email = form_email(form, "email");
	if (!form_ok(form))
		return ask_form(page);
	if (!page_may_try_sign_in(page, email)) {
		form_mistake(form, "email", "too_often");
		ask_form(page);
		page->response->status = TOO_MANY_TRIES;
		return;
	}
	enum err err = password_forgotten(page->service, email);
	if (err != OK)
		return page_failed(page, err);
	page_render(page, 200, "accounts/sent", NULL);
}

/* ---- choosing one ---- */

/* False after answering that the link leads nowhere. */
static bool read_link(struct page *page, struct password_link *out, struct account *whose)
{
	struct str proof = page_param(page, 2);
	struct password_link link = { .account = { page_param_id(page, 0) },
				      .until = { .s = page_param_id(page, 1) } };
	enum err err = ERR_NOT_FOUND;
	if (link.account.n && link.until.s && proof.len == PASSWORD_PROOF_LEN) {
		memcpy(link.proof, proof.at, proof.len);
		err = password_link_find(page->service, page->arena, &link, whose);
	}
	*out = link;
	if (err == ERR_NOT_FOUND)
		page_render(page, GONE, "accounts/gone", NULL);
	else if (err != OK)
		page_failed(page, err);
	return err == OK;
}

static void choose_form(struct page *page, const struct password_link *link)
{
	page_render_form(page, page_form(page, "password_new"), "accounts/choose",
			 json_pack("{s:s}", "action", password_link_path(page->arena, link)));
}

static void choose_show(struct page *page)
{
	struct password_link link;
	struct account whose;
	if (read_link(page, &link, &whose))
		choose_form(page, &link);
}

static void hashed(struct page *page)
{
	const struct password_link *link = page->state;
	struct account whose;
	enum err err = password_set(page->service, page->arena, link, str_from(page->hash), &whose);
	if (err == ERR_NOT_FOUND) /* used in another window meanwhile */
		return page_render(page, GONE, "accounts/gone", NULL);
	if (err != OK)
		return page_failed(page, err);
	page_redirect(page, "%s?done=password", whose.staff ? "/staff/sign-in" : "/sign-in");
}

static void choose(struct page *page)
{
	struct password_link *link = arena_new(page->arena, 1, sizeof(*link));
	struct account whose;
	struct form *form = page_form(page, "password_new");
	struct str password = form_secret(form, "password", PASSWORD_MIN, PASSWORD_MAX);
	if (!read_link(page, link, &whose))
		return;
	if (form_ok(form) && str_equal_nocase(password, whose.email))
		form_mistake(form, "password", "address");
	if (!form_ok(form))
		return choose_form(page, link);
	page_hash(page, password, hashed, link);
}

static const struct route rows[] = {
	{ METHOD_GET, "/password/forgotten", WHO_ANYONE, .handler = ask_form },
	{ METHOD_POST, "/password/forgotten", WHO_ANYONE, BODY_FORM, .handler = ask },
	{ METHOD_GET, "/password/{account}/{until}/{proof}", WHO_ANYONE, .handler = choose_show },
	{ METHOD_POST, "/password/{account}/{until}/{proof}", WHO_ANYONE, BODY_FORM,
	  .handler = choose },
};

const struct route_group password_routes = { rows, ARRAY_LEN(rows) };
