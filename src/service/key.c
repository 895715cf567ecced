#include "service/key.h"

#include <string.h>

#include "service/service_priv.h"
#include "service/token_priv.h"
#include "store/account.h"
#include "store/prison.h"

enum {
	MAY_MANAGE = MAY(ROLE_HQ_ADMIN) | MAY(ROLE_OPERATOR) | MAY(ROLE_SYSTEM),
};

/* The machine's own account: an address at which no mail arrives, and no password that could match. */
static enum err add_account(struct service *service, const struct key_new *new,
			    struct account_id *out)
{
	struct arena arena;
	arena_init(&arena);
	struct account account = { .id = { random_id(service->random) },
				   .staff = true,
				   .name = new->name };
	account.email =
	    str_from(arena_printf(&arena, "key-%lld@machine.invalid", (long long)account.id.n));
	enum err err = store_account_insert(service->store, &account, STR(""), service->now);
	if (err == OK)
		err = store_role_insert(service->store, account.id, new->role, service->now);
	*out = account.id;
	arena_clear(&arena);
	return err;
}

static enum err check_prison(struct service *service, struct prison_code code)
{
	struct prison prison;
	struct arena arena;
	if (prison_code_empty(code))
		return OK;
	arena_init(&arena);
	enum err err = store_prison_find(service->store, &arena, code, &prison);
	arena_clear(&arena);
	return err;
}

static enum err create(struct service *service, const struct actor *actor,
		       const struct key_new *new, struct str text, struct api_key_id *out)
{
	uint8_t digest[TOKEN_DIGEST_LEN];
	struct api_key key = { .id = { random_id(service->random) },
			       .name = new->name,
			       .role = new->role,
			       .made_at = service->now,
			       .expires = new->expires };
	token_digest(text, digest);
	enum err err = check_prison(service, new->role.prison);
	if (err == OK)
		err = add_account(service, new, &key.account);
	if (err == OK)
		err = store_api_key_insert(service->store, &key, bytes_of(digest, sizeof digest));
	if (err != OK)
		return err;
	*out = key.id;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_KEY_CREATE,
						 .object = AUDIT_ON_KEY,
						 .object_id = key.id.n,
						 .amount = new->role.role,
						 .prison = new->role.prison,
						 .words = new->name });
}

enum err key_create(struct service *service, const struct actor *actor, const struct key_new *new,
		    char key[KEY_TEXT_LEN + 1], struct api_key_id *out)
{
	if (!actor_is_one_of(actor, MAY_MANAGE))
		return ERR_DENIED;
	if (!name_acceptable(new->name) || !role_is_staff(new->role.role) ||
	    role_is_national(new->role.role) != prison_code_empty(new->role.prison) ||
	    (new->expires.s &&new->expires.s <= service->now.s))
		return ERR_BAD;
	struct use_case use;
	memcpy(key, KEY_PREFIX, sizeof KEY_PREFIX - 1);
	token_new(service->random, key + sizeof KEY_PREFIX - 1);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = create(service, actor, new, str_of(key, KEY_TEXT_LEN), out);
	return use_case_end(&use, err);
}

enum err key_revoke(struct service *service, const struct actor *actor, struct api_key_id id,
		    struct str reason)
{
	if (!actor_is_one_of(actor, MAY_MANAGE))
		return ERR_DENIED;
	if (!reason_acceptable(reason))
		return ERR_BAD;
	struct use_case use;
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = store_api_key_revoke(service->store, id, service->now, reason);
	if (err == OK)
		err = audit_write(service, actor,
				  &(struct audit_what){ .verb = AUDIT_KEY_REVOKE,
							.object = AUDIT_ON_KEY,
							.object_id = id.n,
							.words = reason });
	return use_case_end(&use, err);
}

enum err keys_find(struct service *service, const struct actor *actor, struct arena *arena,
		   struct store_api_keys *out)
{
	if (!actor_is_one_of(actor, MAY_MANAGE))
		return ERR_DENIED;
	return store_api_key_list(service->store, arena, out);
}

enum err key_actor(struct service *service, struct arena *arena, struct str key,
		   struct api_key *out, struct actor *actor)
{
	uint8_t digest[TOKEN_DIGEST_LEN];
	if (key.len != KEY_TEXT_LEN || !str_starts(key, KEY_PREFIX))
		return ERR_NOT_FOUND;
	token_digest(key, digest);
	enum err err = store_api_key_find_good(service->store, arena,
					       bytes_of(digest, sizeof digest), service->now, out);
	if (err == OK)
		*actor = (struct actor){ .account = out->account,
					 .role = out->role.role,
					 .prison = out->role.prison,
					 .machine = true };
	return err;
}
