#include "service/staff.h"

#include "service/account_priv.h"
#include "service/password_priv.h"
#include "service/service_priv.h"
#include "service/token_priv.h"
#include "store/web_session.h"

enum {
	NATIONAL = MAY(ROLE_SYSTEM) | MAY(ROLE_HQ_ADMIN),
	MAY_SEE = NATIONAL | MAY(ROLE_PRISON_ADMIN) | MAY(ROLE_INSPECTOR),
};

static bool role_fits(struct staff_role role)
{
	return role_is_staff(role.role) &&
	       role_is_national(role.role) == prison_code_empty(role.prison);
}

static bool may_give(const struct actor *actor, struct staff_role role)
{
	if (actor_is_one_of(actor, NATIONAL))
		return true;
	return actor->role == ROLE_PRISON_ADMIN && !role_is_national(role.role) &&
	       prison_code_equal(actor->prison, role.prison);
}

static enum err check(const struct actor *actor, struct account_id id, struct staff_role role)
{
	if (!may_give(actor, role) || (actor->account.n && actor->account.n == id.n))
		return ERR_DENIED;
	return role_fits(role) ? OK : ERR_BAD;
}

size_t staff_roles_to_give(const struct actor *actor, struct prison_code prison,
			   enum role out[ROLE_COUNT])
{
	size_t count = 0;
	for (unsigned i = 0; i < ROLE_COUNT; i++) {
		struct staff_role role = { .role = (enum role)i, .prison = prison };
		if (role_fits(role) && may_give(actor, role))
			out[count++] = role.role;
	}
	return count;
}

enum err staff_account_create(struct service *service, const struct actor *actor,
			      const struct account_new *new, struct account_id *out)
{
	if (!actor_is_one_of(actor, NATIONAL))
		return ERR_DENIED;
	return account_make(service, actor, new, true, out);
}

/* ---- giving and taking ---- */

static enum err staff_load(struct service *service, struct account_id id)
{
	struct account account = { 0 };
	struct arena arena;
	arena_init(&arena);
	enum err err = store_account_find(service->store, &arena, id, &account);
	arena_clear(&arena);
	return err == OK && !account.staff ? ERR_NOT_FOUND : err;
}

static enum err leaf(struct service *service, const struct actor *actor, enum audit_verb verb,
		     struct account_id id, struct staff_role role)
{
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = verb,
						 .object = AUDIT_ON_ACCOUNT,
						 .object_id = id.n,
						 .amount = role.role,
						 .prison = role.prison });
}

/* fresh: the account was just made, and its owner needs a password. */
static enum err grant(struct service *service, const struct actor *actor, struct account_id id,
		      struct staff_role role, bool fresh)
{
	struct use_case use;
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = staff_load(service, id);
	if (err == OK)
		err = store_role_insert(service->store, id, role, service->now);
	if (err == OK && fresh)
		err = password_link_send(service, id, MESSAGE_STAFF_ACCOUNT, PASSWORD_FIRST_S);
	if (err == OK)
		err = leaf(service, actor, AUDIT_ROLE_GRANT, id, role);
	return use_case_end(&use, err);
}

enum err staff_role_grant(struct service *service, const struct actor *actor, struct account_id id,
			  struct staff_role role)
{
	enum err err = check(actor, id, role);
	return err == OK ? grant(service, actor, id, role, false) : err;
}

enum err staff_role_revoke(struct service *service, const struct actor *actor, struct account_id id,
			   struct staff_role role)
{
	struct use_case use;
	enum err err = check(actor, id, role);
	if (err != OK)
		return err;
	err = use_case_begin(service, &use);
	if (err == OK)
		err = store_role_delete(service->store, id, role);
	if (err == OK)
		err = store_web_session_delete_account(service->store, id);
	service->sessions_ended++;
	if (err == OK)
		err = leaf(service, actor, AUDIT_ROLE_REVOKE, id, role);
	return use_case_end(&use, err);
}

/* ---- somebody new ---- */

/* Whose the address is already. */
static enum err owner_find(struct service *service, struct str email, struct account *out)
{
	struct sign_in_candidate candidate;
	struct arena arena;
	struct account account = { 0 };
	enum err err = account_find_for_sign_in(service, email, &candidate);
	if (err != OK || !candidate.account.n)
		return err;
	arena_init(&arena);
	err = store_account_find(service->store, &arena, candidate.account, &account);
	*out = (struct account){ .id = account.id, .staff = account.staff };
	arena_clear(&arena);
	return err;
}

static enum err add_known(struct service *service, const struct actor *actor,
			  const struct account *known, struct staff_role role,
			  enum staff_added *out)
{
	*out = STAFF_IS_VISITOR;
	if (!known->staff)
		return OK;
	enum err err = staff_role_grant(service, actor, known->id, role);
	*out = err == ERR_CONFLICT ? STAFF_HAS_ROLE : STAFF_KNOWN;
	return err == ERR_CONFLICT ? OK : err;
}

/* Two changes, each with its leaf; both or none. */
static enum err add_new(struct service *service, const struct actor *actor,
			const struct staff_new *new, struct account_id *out)
{
	struct account_new account = { .email = new->email,
				       .name = new->name,
				       .password_hash = str_from(NOBODYS_HASH),
				       .language = new->language };
	struct account_id id = { 0 };
	enum err err = store_enter(service->store);
	if (err != OK)
		return err;
	err = account_make(service, actor, &account, true, &id);
	if (err == OK)
		err = grant(service, actor, id, new->role, true);
	enum err left = store_leave(service->store, err == OK);
	*out = id;
	return err == OK ? left : err;
}

enum err staff_add(struct service *service, const struct actor *actor, const struct staff_new *new,
		   enum staff_added *out, struct account_id *account)
{
	struct account known = { 0 };
	enum err err = check(actor, (struct account_id){ 0 }, new->role);
	if (err == OK)
		err = owner_find(service, new->email, &known);
	if (err != OK)
		return err;
	*account = known.id;
	if (known.id.n)
		return add_known(service, actor, &known, new->role, out);
	*out = STAFF_NEW;
	return add_new(service, actor, new, account);
}

static enum err holds_of(struct service *service, const struct actor *actor, struct account_id id)
{
	struct store_roles roles = { 0 };
	struct arena arena;
	bool any = false;
	arena_init(&arena);
	enum err err = store_role_list(service->store, &arena, id, &roles);
	for (size_t i = 0; i < roles.count && err == OK; i++)
		any |= may_give(actor, roles.list[i]);
	arena_clear(&arena);
	return err == OK && !any ? ERR_NOT_FOUND : err;
}

enum err staff_link_send(struct service *service, const struct actor *actor, struct account_id id)
{
	struct use_case use;
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = holds_of(service, actor, id);
	if (err == OK)
		err = password_link_send(service, id, MESSAGE_STAFF_ACCOUNT, PASSWORD_FIRST_S);
	if (err == OK)
		err = leaf(service, actor, AUDIT_PASSWORD_LINK, id, (struct staff_role){ 0 });
	return use_case_end(&use, err);
}

enum err staff_role_stands(struct service *service, struct account_id account,
			   struct staff_role role, bool *out)
{
	struct store_roles roles = { 0 };
	struct arena arena;
	bool held = false;
	arena_init(&arena);
	enum err err = store_role_list(service->store, &arena, account, &roles);
	for (size_t i = 0; err == OK && i < roles.count; i++)
		held |= roles.list[i].role == role.role &&
			prison_code_equal(roles.list[i].prison, role.prison);
	arena_clear(&arena);
	if (err == OK)
		*out = held;
	return err;
}

enum err staff_find(struct service *service, const struct actor *actor, struct arena *arena,
		    struct prison_code prison, struct store_staff *out)
{
	if (!actor_is_one_of(actor, MAY_SEE))
		return ERR_DENIED;
	if (actor->role == ROLE_PRISON_ADMIN && !prison_code_equal(actor->prison, prison))
		return ERR_DENIED;
	return store_staff_list(service->store, arena, prison, out);
}
