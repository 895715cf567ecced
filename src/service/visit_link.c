#include "service/visit_link.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "service/code_priv.h"
#include "service/device_priv.h"
#include "service/token_priv.h"
#include "service/visit_link_priv.h"
#include "store/account.h"
#include "store/secret.h"
#include "store/visit.h"
#include "store/visit_link.h"
#include "store/web_session.h"

/* ---- for whom ---- */

/* The booker's visit, and whose device is theirs. */
static enum err load_own(struct service *service, const struct actor *actor, struct arena *arena,
			 struct reference reference, struct visit *visit, size_t *holder)
{
	if (actor->role != ROLE_FAMILY)
		return ERR_DENIED;
	enum err err = visit_load(service, actor, arena, reference, visit);
	return err == OK ? device_holder_find(service, actor, arena, visit, holder) : err;
}

static const struct visit_link *link_for(const struct visit_links *links, struct person_id person)
{
	for (size_t i = 0; i < links->count; i++)
		if (links->list[i].person.n == person.n)
			return &links->list[i];
	return NULL;
}

enum err visit_link_places_find(struct service *service, const struct actor *actor,
				struct arena *arena, const struct visit *visit,
				struct visit_link_places *out)
{
	struct visit_links links = { 0 };
	struct visit_link_places places = { 0 };
	size_t holder;
	if (actor->role != ROLE_FAMILY || actor->account.n != visit->booker.n)
		return ERR_DENIED;
	enum err err = device_holder_find(service, actor, arena, visit, &holder);
	if (err == OK)
		err = store_visit_link_list(service->store, visit->id, &links);
	for (size_t i = 0; i < visit->visitor_count && err == OK; i++) {
		if (i == holder || !visit->visitors[i].adult)
			continue;
		const struct visit_link *link = link_for(&links, visit->visitors[i].person);
		places.list[places.count++] = (struct visit_link_place){
			.visitor = i, .linked = link, .used = link && link->used_at.s
		};
	}
	if (err == OK)
		*out = places;
	return err;
}

static enum err audit_link(struct service *service, const struct actor *actor,
			   const struct visit *visit, enum audit_verb verb, struct person_id person)
{
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = verb,
						 .object = AUDIT_ON_VISIT,
						 .object_id = visit->id.n,
						 .amount = person.n,
						 .prison = visit->prison });
}

/* ---- making and taking back ---- */

/* Writes no leaf; nothing if there is none. */
static enum err withdraw(struct service *service, struct visit *visit, struct person_id person)
{
	struct visit_links links = { 0 };
	enum err err = store_visit_link_list(service->store, visit->id, &links);
	const struct visit_link *link = err == OK ? link_for(&links, person) : NULL;
	if (!link)
		return err;
	err = store_visit_link_delete(service->store, link->id);
	service->sessions_ended++;
	if (err == OK && link->used_at.s)
		err = device_reset(service, visit, visit_visitor_find(visit, person));
	return err;
}

static enum err plant(struct service *service, const struct actor *actor, const struct visit *visit,
		      struct person_id person, char code[LINK_CODE_LEN + 1])
{
	uint8_t digest[TOKEN_DIGEST_LEN];
	struct visit_link link = {
		.id = { random_id(service->random) },
		.visit = visit->id,
		.person = person,
		.made_by = actor->account,
		.made_at = service->now,
	};
	code_new(service->random, code, LINK_CODE_LEN);
	token_digest(str_from(code), digest);
	return store_visit_link_insert(service->store, &link, bytes_of(digest, sizeof digest));
}

static enum err make(struct service *service, const struct actor *actor, struct arena *arena,
		     struct reference reference, struct person_id person,
		     char code[LINK_CODE_LEN + 1])
{
	struct visit *visit = arena_new(arena, 1, sizeof *visit);
	size_t holder;
	enum err err = load_own(service, actor, arena, reference, visit, &holder);
	if (err != OK)
		return err;
	size_t at = visit_visitor_find(visit, person);
	if (at == visit->visitor_count || at == holder || !visit->visitors[at].adult)
		return ERR_BAD;
	if (visit_is_over(visit->state))
		return ERR_CONFLICT;
	err = withdraw(service, visit, person);
	if (err == OK)
		err = plant(service, actor, visit, person, code);
	return err == OK ? audit_link(service, actor, visit, AUDIT_LINK_MAKE, person) : err;
}

enum err visit_link_make(struct service *service, const struct actor *actor,
			 struct reference reference, struct person_id person,
			 char code[LINK_CODE_LEN + 1])
{
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = make(service, actor, &arena, reference, person, code);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

static enum err revoke(struct service *service, const struct actor *actor, struct arena *arena,
		       struct reference reference, struct person_id person)
{
	struct visit *visit = arena_new(arena, 1, sizeof *visit);
	struct visit_links links = { 0 };
	size_t holder;
	enum err err = load_own(service, actor, arena, reference, visit, &holder);
	if (err == OK)
		err = store_visit_link_list(service->store, visit->id, &links);
	if (err == OK && !link_for(&links, person))
		err = ERR_NOT_FOUND;
	if (err == OK)
		err = withdraw(service, visit, person);
	return err == OK ? audit_link(service, actor, visit, AUDIT_LINK_REVOKE, person) : err;
}

enum err visit_link_revoke(struct service *service, const struct actor *actor,
			   struct reference reference, struct person_id person)
{
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = revoke(service, actor, &arena, reference, person);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

/* ---- whoever has no e-mail ---- */

static size_t main_visitor(const struct visit *visit)
{
	size_t i = 0;
	while (i < visit->visitor_count && !visit->visitors[i].lead)
		i++;
	return i;
}

/* The same for the same visit and visitor, moved or not: it need not be kept to be told again. */
static enum err derive(struct service *service, struct reference reference, struct person_id person,
		       char code[LINK_CODE_LEN + 1])
{
	uint8_t key[STORE_SECRET_LEN], mac[crypto_auth_hmacsha256_BYTES];
	char text[64];
	enum err err = store_secret_share(service->store, service->random, "visit link", key);
	if (err != OK)
		return err;
	(void)snprintf(text, sizeof text, "%s %lld", reference.text, (long long)person.n);
	crypto_auth_hmacsha256(mac, (const uint8_t *)text, strlen(text), key);
	code_of_bytes(mac, code, LINK_CODE_LEN);
	return OK;
}

static enum err grant(struct service *service, const struct visit *visit, struct person_id person)
{
	char code[LINK_CODE_LEN + 1];
	uint8_t digest[TOKEN_DIGEST_LEN];
	struct visit_links links = { 0 };
	struct visit_link link = { .id = { random_id(service->random) },
				   .visit = visit->id,
				   .person = person,
				   .made_by = visit->booker,
				   .made_at = service->now };
	enum err err = store_visit_link_list(service->store, visit->id, &links);
	if (err != OK || link_for(&links, person))
		return err;
	err = derive(service, visit->reference, person, code);
	token_digest(str_from(code), digest);
	return err == OK
		   ? store_visit_link_insert(service->store, &link, bytes_of(digest, sizeof digest))
		   : err;
}

enum err visit_link_grant(struct service *service, const struct visit *visit)
{
	struct arena arena;
	struct account booker = { 0 };
	size_t lead = main_visitor(visit);
	arena_init(&arena);
	enum err err = store_account_find(service->store, &arena, visit->booker, &booker);
	bool needed = err == OK && str_empty(booker.email) && lead < visit->visitor_count;
	arena_clear(&arena);
	return needed ? grant(service, visit, visit->visitors[lead].person) : err;
}

enum err visit_link_code_tell(struct service *service, const struct actor *actor,
			      struct arena *arena, struct reference reference,
			      char code[LINK_CODE_LEN + 1])
{
	struct visit *visit = arena_new(arena, 1, sizeof *visit);
	struct visit_links links = { 0 };
	if (actor->role != ROLE_SYSTEM)
		return ERR_DENIED;
	enum err err = store_visit_find(service->store, arena, reference, visit);
	if (err == OK)
		err = store_visit_link_list(service->store, visit->id, &links);
	if (err != OK)
		return err;
	size_t lead = main_visitor(visit);
	if (lead == visit->visitor_count || !link_for(&links, visit->visitors[lead].person))
		return ERR_NOT_FOUND;
	return derive(service, reference, visit->visitors[lead].person, code);
}

/* ---- using ---- */

static enum err find_by_code(struct service *service, struct arena *arena, struct str typed,
			     struct visit_link *link, struct visit *visit)
{
	char code[LINK_CODE_LEN + 1];
	uint8_t digest[TOKEN_DIGEST_LEN];
	if (!code_normal(typed, code, LINK_CODE_LEN))
		return ERR_NOT_FOUND;
	token_digest(str_from(code), digest);
	enum err err =
	    store_visit_link_find_by_code(service->store, bytes_of(digest, sizeof digest), link);
	if (err == OK)
		err = store_visit_find_by_id(service->store, arena, link->visit, visit);
	return err == OK && visit_is_over(visit->state) ? ERR_NOT_FOUND : err;
}

static enum err begin_session(struct service *service, const struct visit_link *link,
			      struct session_started *started)
{
	struct session_seed seed = { .link = link->id, .role = { .role = ROLE_GUEST } };
	enum err err = store_web_session_delete_guests(service->store, link->id);
	service->sessions_ended++;
	if (err == OK)
		err = session_seed_plant(service, &seed, started);
	return err == OK ? store_visit_link_used(service->store, link->id, service->now) : err;
}

static enum err use_link(struct service *service, struct arena *arena, struct str typed,
			 struct visit_link_bearer *out)
{
	struct visit_link link = { 0 };
	struct visit *visit = arena_new(arena, 1, sizeof *visit);
	enum err err = find_by_code(service, arena, typed, &link, visit);
	if (err != OK)
		return err;
	out->reference = visit->reference;
	out->visitor = visit_visitor_find(visit, link.person);
	err = device_reset(service, visit, out->visitor);
	if (err == OK)
		err = begin_session(service, &link, &out->session);
	if (err != OK)
		return err;
	struct actor actor = { .role = ROLE_GUEST, .visit = link.visit, .person = link.person };
	return audit_link(service, &actor, visit, AUDIT_LINK_USE, link.person);
}

enum err visit_link_use(struct service *service, struct str typed, struct visit_link_bearer *out)
{
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = use_link(service, &arena, typed, out);
	arena_clear(&arena);
	return use_case_end(&use, err);
}
