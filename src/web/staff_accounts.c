#include "web/staff_accounts.h"

#include "base/assert.h"
#include "service/staff.h"
#include "web/confirm.h"
#include "web/language.h"
#include "web/view.h"
#include "web/viewings.h"
#include "web/web.h"

enum {
	NAME_MAX_CHARACTERS = 100,
};

static const char LIST[] = "/staff/accounts";

static const char *role_word(const struct page *page, enum role role)
{
	return page_word(page, arena_printf(page->arena, "staff.roles.%s", role_name(role)));
}

/* ---- the list ---- */

static bool may_give(const struct page *page)
{
	enum role roles[ROLE_COUNT];
	return staff_roles_to_give(&page->actor, staff_prison(page), roles) > 0;
}

/* One line for each person; their roles stand in it. */
static json_t *people_of(const struct page *page, const struct store_staff *staff)
{
	json_t *people = json_array(), *roles = NULL;
	for (size_t i = 0; i < staff->count; i++) {
		const struct staff_member *m = &staff->list[i];
		if (i == 0 || staff->list[i - 1].account.id.n != m->account.id.n) {
			roles = json_array();
			json_array_append_new(
			    people,
			    json_pack("{s:o, s:o, s:o, s:o, s:b}", "id", page_id(m->account.id.n),
				      "name", page_str(m->account.name), "email",
				      page_str(m->account.email), "roles", roles, "self",
				      (int)(m->account.id.n == page->actor.account.n)));
		}
		json_array_append_new(roles,
				      json_pack("{s:s, s:s, s:o}", "role", role_name(m->role.role),
						"text", role_word(page, m->role.role), "since",
						view_date(page, local_date(m->granted))));
	}
	return people;
}

/* Where a national role looks; its own prison stands above every page of the others. */
static json_t *place_of(const json_t *prisons, struct prison_code prison)
{
	const json_t *one;
	size_t i;
	json_array_foreach(prisons, i, one)
	{
		if (str_is(str_from(prison.text), json_string_value(json_object_get(one, "code"))))
			return json_incref(json_object_get(one, "name"));
	}
	return json_string("");
}

static void list(struct page *page)
{
	struct store_staff staff = { 0 };
	struct prison_code prison = staff_prison(page);
	enum err err = staff_find(page->service, &page->actor, page->arena, prison, &staff);
	if (err != OK)
		return page_failed(page, err);
	json_t *prisons = NULL;
	bool everywhere = role_is_national(page->actor.role);
	if (everywhere)
		err = staff_prisons(page, &prisons);
	if (err != OK)
		return page_failed(page, err);
	json_t *view = json_pack("{s:b, s:s, s:s, s:b, s:b}", "may", (int)may_give(page), "query",
				 staff_prison_query(page), "prison", prison.text, "national",
				 (int)prison_code_empty(prison), "full",
				 (int)(staff.count == STORE_STAFF_MAX));
	json_object_set_new(view, "place", place_of(prisons, prison));
	if (everywhere)
		view_list(view, "prisons", prisons);
	view_list(view, "people", people_of(page, &staff));
	view_here(view, "accounts");
	page_render(page, 200, "accounts/staff", view);
}

/* ---- somebody new ---- */

/* The names of what may be given, NULL-terminated, as form_choice wants them. */
static const char **role_values(const struct page *page)
{
	enum role roles[ROLE_COUNT];
	size_t count = staff_roles_to_give(&page->actor, staff_prison(page), roles);
	const char **values = arena_new(page->arena, count + 1, sizeof(*values));
	for (size_t i = 0; i < count; i++)
		values[i] = role_name(roles[i]);
	values[count] = NULL;
	return values;
}

static void add_form(struct page *page)
{
	struct form *form = page_form(page, "staff_new");
	const char **values = role_values(page);
	json_t *items = json_array();
	for (size_t i = 0; values[i] != NULL; i++) {
		const char *hint = arena_printf(page->arena, "accounts.role_hints.%s", values[i]);
		enum role role;
		ASSERT(role_of(str_from(values[i]), &role));
		json_array_append_new(items, view_choice(json_string(values[i]),
							 json_string(role_word(page, role)),
							 json_string(page_word(page, hint))));
	}
	form_options(form, "role", items);
	json_t *view = json_pack("{s:s, s:s, s:s}", "query", staff_prison_query(page), "back",
				 arena_printf(page->arena, "%s%s", LIST, staff_prison_query(page)),
				 "prison", staff_prison(page).text);
	view_here(view, "accounts");
	page_render_form(page, form, "accounts/staff-new", view);
}

static void add(struct page *page)
{
	static const char *const DONE[] = { [STAFF_NEW] = "staff_new",
					    [STAFF_KNOWN] = "staff_known",
					    [STAFF_HAS_ROLE] = "staff_has_role" };
	struct form *form = page_form(page, "staff_new");
	const char **values = role_values(page);
	struct staff_new new = { .language = language_of(str_from(page->lang)) };
	new.name = form_text(form, "name", NAME_MAX_CHARACTERS);
	new.email = form_email(form, "email");
	int role = form_choice(form, "role", values);
	enum staff_added added;
	struct account_id account;
	if (!str_empty(new.name) && !name_acceptable(new.name))
		form_mistake(form, "name", "bad");
	if (!form_ok(form))
		return add_form(page);
	new.role.prison = staff_prison(page);
	ASSERT(role_of(str_from(values[role]), &new.role.role));
	enum err err = staff_add(page->service, &page->actor, &new, &added, &account);
	if (err == ERR_DENIED) /* only their own address is left to refuse */
		form_mistake(form, "email", "own");
	else if (err != OK)
		return page_failed(page, err);
	else if (added == STAFF_IS_VISITOR)
		form_mistake(form, "email", "visitor");
	if (!form_ok(form))
		return add_form(page);
	staff_done(page, LIST, DONE[added]);
}

/* ---- taking a role, sending a link ---- */

static void end(struct page *page)
{
	struct form *form = page_form(page, "staff_end");
	struct staff_role role = { .prison = staff_prison(page) };
	if (!role_of(form_raw(form, "role"), &role.role))
		return page_not_found(page);
	struct account_id account = { page_param_id(page, 0) };
	enum err err = staff_role_revoke(page->service, &page->actor, account, role);
	if (err != OK)
		return page_failed(page, err);
	viewings_look_now(page->web->viewings);
	staff_done(page, LIST, "staff_end");
}

static void link_again(struct page *page)
{
	struct account_id account = { page_param_id(page, 0) };
	enum err err = staff_link_send(page->service, &page->actor, account);
	if (err != OK)
		return page_failed(page, err);
	staff_done(page, LIST, "staff_link");
}

enum {
	WHO_GIVES = WHO_ADMIN | WHO_HQ_ADMIN,
};

static const struct route rows[] = {
	{ METHOD_GET, "/staff/accounts", WHO_GIVES | WHO_INSPECTOR, .handler = list },
	{ METHOD_GET, "/staff/accounts/new", WHO_GIVES, .handler = add_form },
	{ METHOD_POST, "/staff/accounts/new", WHO_GIVES, BODY_FORM, .handler = add },
	{ METHOD_POST, "/staff/accounts/{account}/end", WHO_GIVES, BODY_FORM, .handler = end },
	{ METHOD_POST, "/staff/accounts/{account}/link", WHO_GIVES, BODY_FORM,
	  .handler = link_again },
};

const struct route_group staff_accounts_routes = { rows, ARRAY_LEN(rows) };
