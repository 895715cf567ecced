#include "web/sign_in.h"

#include <string.h>

#include "base/assert.h"
#include "service/people.h"
#include "web/language.h"
#include "web/view.h"

enum {
	NAME_MAX_CHARACTERS = 100,
	PASSWORD_MIN = 10,
	PASSWORD_MAX = 200,
	TOO_MANY_TRIES = 429
};

/* ---- a new account ---- */

struct newcomer {
	struct str name;
	struct str email;
	struct date born;
};

static void account_form(struct page *page)
{
	json_t *view = json_pack("{s:s}", "back", "/");
	page_render_form(page, page_form(page, "account_new"), "family/account-new", view);
}

/* The holder of an account is a person who may be on a call. */
static enum err add_holder(struct page *page, struct account_id account,
			   const struct newcomer *newcomer)
{
	struct actor holder = { .account = account, .role = ROLE_FAMILY };
	struct person_new person = { .name = newcomer->name, .born = newcomer->born };
	struct person_id id;
	return person_add(page->service, &holder, &person, &id);
}

static void account_hashed(struct page *page)
{
	const struct newcomer *newcomer = page->state;
	struct account_new new = {
		.email = newcomer->email,
		.name = newcomer->name,
		.password_hash = str_from(page->hash),
		.language = language_of(str_from(page->lang)),
	};
	struct account_id account;
	enum err err = account_create(page->service, &new, &account);
	if (err == OK && account.n != 0)
		err = add_holder(page, account, newcomer);
	if (err != OK)
		return page_failed(page, err);
	page_redirect(page, "/sign-in?done=account");
}

static void account_make(struct page *page)
{
	struct form *form = page_form(page, "account_new");
	struct newcomer *newcomer = arena_new(page->arena, 1, sizeof(*newcomer));
	newcomer->name = form_text(form, "name", NAME_MAX_CHARACTERS);
	bool dated = form_date(form, "born", &newcomer->born);
	newcomer->email = form_email(form, "email");
	struct str password = form_secret(form, "password", PASSWORD_MIN, PASSWORD_MAX);
	if (dated && date_compare(newcomer->born, local_date(page->service->now)) >= 0)
		form_mistake(form, "born", "future");
	if (!str_empty(newcomer->name) && !name_acceptable(newcomer->name))
		form_mistake(form, "name", "too_long");
	if (!form_ok(form))
		return account_form(page);
	if (!page_may_make_account(page))
		return page_problem(page, TOO_MANY_TRIES, "too-many",
				    "Many accounts were made from your network. Wait a few "
				    "minutes, then try again.");
	page_hash(page, password, account_hashed, newcomer);
}

/* ---- signing in ---- */

/* The two doors differ in their looks alone: the account says what somebody is. */
struct door {
	const char *form;
	const char *template;
};

static const struct door family_door = { "sign_in", "family/sign-in" };
static const struct door staff_door = { "staff_sign_in", "staff/sign-in" };

struct attempt {
	const struct door *door;
	struct str next; /* where they were going; empty: home */
	struct sign_in_candidate candidate;
};

static const char *home_of(enum role role)
{
	return role_is_staff(role) ? "/staff" : "/home";
}

/* Where they were going when they were sent to the door. */
static struct str next_of(struct page *page, const struct door *door)
{
	struct str next = page->request->method == METHOD_GET
			      ? request_query(page->request, "next")
			      : form_raw(page_form(page, door->form), "next");
	return is_own_path(next) ? next : STR("");
}

static void show_door(struct page *page, const struct door *door)
{
	json_t *view = json_pack("{s:o}", "next", page_str(next_of(page, door)));
	page_render_form(page, page_form(page, door->form), door->template, view);
}

static void refuse(struct page *page, const struct door *door)
{
	form_mistake(page_form(page, door->form), "email", "wrong");
	show_door(page, door);
}

static void enter(struct page *page, const struct attempt *attempt)
{
	if (!page_sign_in(page, attempt->candidate.account))
		return;
	struct str home = str_from(home_of(page->actor.role));
	page_redirect(page, "%.*s", STR_FMT(str_empty(attempt->next) ? home : attempt->next));
}

static void password_checked(struct page *page)
{
	const struct attempt *attempt = page->state;
	if (page->hash_matches && attempt->candidate.account.n != 0)
		return enter(page, attempt);
	enum err err = account_sign_in_failed(page->service, attempt->candidate.account);
	if (err != OK)
		return page_failed(page, err);
	refuse(page, attempt->door);
}

static void try_door(struct page *page, const struct door *door)
{
	struct form *form = page_form(page, door->form);
	struct str email = form_email(form, "email");
	struct str password = form_secret(form, "password", 1, PASSWORD_MAX);
	struct attempt *attempt = arena_new(page->arena, 1, sizeof(*attempt));
	if (!form_ok(form))
		return show_door(page, door);
	if (!page_may_try_sign_in(page, email)) {
		refuse(page, door);
		page->response->status = TOO_MANY_TRIES;
		return;
	}
	attempt->door = door;
	attempt->next = next_of(page, door);
	enum err err = account_find_for_sign_in(page->service, email, &attempt->candidate);
	if (err != OK)
		return page_failed(page, err);
	page_hash_check(page, password, attempt->candidate.password_hash, password_checked,
			attempt);
}

static void family_door_show(struct page *page)
{
	if (page->actor.role == ROLE_FAMILY)
		return page_redirect(page, "/home");
	show_door(page, &family_door);
}

static void family_door_try(struct page *page)
{
	try_door(page, &family_door);
}

static void staff_door_show(struct page *page)
{
	if (role_is_staff(page->actor.role))
		return page_redirect(page, "/staff");
	show_door(page, &staff_door);
}

static void staff_door_try(struct page *page)
{
	try_door(page, &staff_door);
}

static void leave(struct page *page)
{
	bool staff = role_is_staff(page->actor.role);
	if (page_sign_out(page))
		page_redirect(page, staff ? "/staff/sign-in?done=signed_out" : "/?done=signed_out");
}

/* ---- the role of staff who have several ---- */

static json_t *role_choice(const struct page *page, size_t i)
{
	const struct staff_role *role = &page->account.roles[i];
	const char *word = arena_printf(page->arena, "staff.roles.%s", role_name(role->role));
	return view_choice(json_sprintf("%zu", i), json_string(page_word(page, word)),
			   json_string(role->prison.text));
}

static void role_form(struct page *page)
{
	struct form *form = page_form(page, "role");
	json_t *items = json_array();
	for (size_t i = 0; i < page->account.role_count; i++)
		json_array_append_new(items, role_choice(page, i));
	form_options(form, "role", items);
	page_render_form(page, form, "staff/role", NULL);
}

static void role_choose(struct page *page)
{
	struct form *form = page_form(page, "role");
	uint64_t i = 0;
	if (!str_u64(form_raw(form, "role"), STAFF_ROLES_MAX, &i) ||
	    i >= page->account.role_count) {
		form_mistake(form, "role", "missing");
		return role_form(page);
	}
	enum err err =
	    account_session_choose_role(page->service, page->token, page->account.roles[i]);
	if (err != OK)
		return page_failed(page, err);
	page_redirect(page, "/staff");
}

static const struct route rows[] = {
	{ METHOD_GET, "/account/new", WHO_ANYONE, .handler = account_form },
	{ METHOD_POST, "/account/new", WHO_ANYONE, BODY_FORM, .handler = account_make },
	{ METHOD_GET, "/sign-in", WHO_ANYONE, .handler = family_door_show },
	{ METHOD_POST, "/sign-in", WHO_ANYONE, BODY_FORM, .handler = family_door_try },
	{ METHOD_GET, "/staff/sign-in", WHO_ANYONE, .handler = staff_door_show },
	{ METHOD_POST, "/staff/sign-in", WHO_ANYONE, BODY_FORM, .handler = staff_door_try },
	{ METHOD_POST, "/sign-out", WHO_FAMILY | WHO_STAFF, BODY_FORM, .handler = leave },
	{ METHOD_POST, "/staff/sign-out", WHO_STAFF, BODY_FORM, .handler = leave },
	{ METHOD_GET, "/staff/role", WHO_STAFF, .handler = role_form },
	{ METHOD_POST, "/staff/role", WHO_STAFF, BODY_FORM, .handler = role_choose },
};

const struct route_group sign_in_routes = { rows, ARRAY_LEN(rows) };
